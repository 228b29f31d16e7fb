"""Systems with a border against numpy's dense solutions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.numerics.bordered import invert_bordered, least_pivot, solve_bordered


def system(seed, sizes, border):
    """A positive definite matrix with zeros between blocks, rows in random order, and its blocks."""
    rng = np.random.default_rng(seed)
    q = sum(sizes) + border
    order = rng.permutation(q)
    ends = np.cumsum(sizes)
    blocks = [order[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    matrix = np.zeros((q, q))
    for block in blocks:
        rows = np.concatenate([block, order[sum(sizes) :]])
        part = rng.standard_normal((len(rows), len(rows) + 3))
        matrix[np.ix_(rows, rows)] += part @ part.T
    own = order[sum(sizes) :]
    matrix[np.ix_(own, own)] += np.eye(border)
    return matrix, blocks


@given(st.integers(0, 1000), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 4))
def test_solution_and_inverse_are_numpys(seed, sizes, border):
    matrix, blocks = system(seed, sizes, border)
    right = np.random.default_rng(seed).standard_normal(len(matrix))
    expected = np.linalg.inv(matrix)
    np.testing.assert_allclose(solve_bordered(matrix, right, blocks, definite=True), expected @ right, rtol=1e-6)
    np.testing.assert_allclose(invert_bordered(matrix, blocks), expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(solve_bordered(matrix, right, ()), expected @ right, rtol=1e-6)


def test_least_pivot_is_that_of_the_cholesky_root_in_this_order():
    matrix, blocks = system(3, [2, 3], 2)
    inside = np.concatenate(blocks)
    order = np.concatenate([inside, np.setdiff1d(np.arange(7), inside)])
    root = np.linalg.cholesky(matrix[np.ix_(order, order)])
    assert least_pivot(matrix, blocks) == pytest.approx(np.diagonal(root).min() ** 2)


def test_a_matrix_that_is_not_positive_definite_is_refused_only_where_it_must_be():
    matrix = np.array([[1.0, 0, 2], [0, 1, 0], [2, 0, 1]])
    blocks = [np.array([0]), np.array([1])]
    assert least_pivot(matrix, blocks) == 0
    np.testing.assert_allclose(matrix @ solve_bordered(matrix, np.ones(3), blocks), 1)
    with pytest.raises(np.linalg.LinAlgError):
        solve_bordered(matrix, np.ones(3), blocks, definite=True)
    with pytest.raises(np.linalg.LinAlgError):
        solve_bordered(np.ones((3, 3)), np.ones(3), ())
