"""Counts of pairs of answers against counting them one by one."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics import pair_counts as module
from satmeter.numerics.pair_counts import pair_counts


def plainly(codes, k, weights):
    counts = np.zeros((codes.shape[1], codes.shape[1], k, k))
    for row, weight in zip(codes, weights, strict=True):
        for i, a in enumerate(row):
            for j, b in enumerate(row):
                if a >= 0 and b >= 0:
                    counts[i, j, a, b] += weight
    return counts


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("n_items", "k"), [(2, 2), (4, 5), (7, 3), (3, 11)])
def test_counts_are_those_of_counting(monkeypatch, packed, n_items, k):
    monkeypatch.setattr(module, "_MANY_ROWS", 10 if packed else 10**9)
    monkeypatch.setattr(module, "_CHUNK", 64)
    rng = np.random.default_rng(n_items)
    codes = rng.integers(-1, k, size=(200, n_items))
    weights = rng.uniform(0.1, 3, 200)
    np.testing.assert_allclose(pair_counts(codes, k, weights), plainly(codes, k, weights), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(pair_counts(codes.astype(np.int8), k), plainly(codes, k, np.ones(200)))


def test_margins_stand_on_the_diagonal_and_missing_answers_nowhere():
    codes = np.array([[0, 1], [2, -1], [-1, -1], [2, 0]])
    counts = pair_counts(codes, 3)
    np.testing.assert_array_equal(counts[0, 0], np.diag([1, 0, 2]))
    assert counts[0, 1].sum() == 2
    np.testing.assert_array_equal(counts[1, 0], counts[0, 1].T)


@pytest.mark.parametrize(
    ("codes", "k"), [([[0.5, 1]], 2), ([[0, 2]], 2), ([[0, -2]], 2), ([0, 1], 2), ([[0, 0]], 1), ([[0, 0]], 21)]
)
def test_codes_that_cannot_be_counted(codes, k):
    with pytest.raises(NumericsError) as caught:
        pair_counts(codes, k)
    assert [problem.code for problem in caught.value.problems] == ["N013"]
    assert "20" in caught.value.text("zh-CN")


def test_weights_that_are_none():
    with pytest.raises(NumericsError) as caught:
        pair_counts([[0, 1], [1, 0]], 2, [-1, 1])
    assert caught.value.problems[0].code == "N008"
