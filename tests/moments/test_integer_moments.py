"""Moments of whole-number answers against numpy, pandas and the moment stack."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.moments import Resampling, answer_moments, integer_moments, moment_stack
from satmeter.numerics.reliability import alpha


def sample_only(weights):
    n = len(weights)
    return Resampling(weights, np.arange(n), np.empty((0, n), dtype=np.uint16), np.ones(n), n - 1)


def answers_of(rng, n, p, *, missing, kind=np.int8, largest=5):
    table = rng.integers(0, largest + 1, (p, n)).astype(kind)
    table[rng.random((p, n)) < missing] = -1
    return table


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([np.int8, np.int16, np.int64]))
def test_complete_rows_are_those_of_the_moment_stack(seed, weighted, kind):
    rng = np.random.default_rng(seed)
    table = answers_of(rng, 60, 4, missing=0.05, kind=kind)
    weights = np.where(rng.random(60) < 0.1, 0.0, rng.uniform(0.2, 3, 60)) if weighted else np.ones(60)
    found = answer_moments(table, weights=weights if weighted else None)
    expected = moment_stack(sample_only(weights), np.where(table < 0, np.nan, table).T)
    assert (found.n == expected.n).all()
    np.testing.assert_allclose(found.mean, expected.mean[0], rtol=1e-12)
    np.testing.assert_allclose(found.covariance, expected.covariance[0], atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.booleans())
def test_every_pair_has_its_own_rows(seed, weighted):
    rng = np.random.default_rng(seed)
    table = answers_of(rng, 60, 4, missing=0.2)
    weights = np.where(rng.random(60) < 0.1, 0.0, rng.uniform(0.2, 3, 60))
    found = answer_moments(table, weights=weights if weighted else None, keep="pairwise")
    frame = pd.DataFrame(np.where(table < 0, np.nan, table).T)
    if not weighted:
        np.testing.assert_allclose(found.covariance, frame.cov(), atol=1e-12)
        np.testing.assert_allclose(found.mean, frame.mean(), rtol=1e-12)
        return
    np.testing.assert_allclose(
        found.mean, (frame.mul(weights, axis=0).sum() / frame.notna().mul(weights, axis=0).sum()), rtol=1e-12
    )
    for i in range(4):
        for j in range(4):
            pair = moment_stack(sample_only(weights), frame[[i, j]].to_numpy())
            assert found.n[i, j] == pair.n
            assert found.covariance[i, j] == pytest.approx(pair.covariance[0, 0, 1], abs=1e-12)


def test_without_missing_answers_both_ways_agree_to_the_last_digit():
    table = answers_of(np.random.default_rng(2), 20_000, 6, missing=0.0)
    one, other = answer_moments(table), answer_moments(table, keep="pairwise")
    assert (one.covariance == other.covariance).all()
    assert (one.mean == other.mean).all()
    assert (one.n == other.n).all()


@pytest.mark.parametrize("largest", [5, 10, 32, 33, 45, 46, 127])
def test_no_digit_is_lost(largest):
    """The greatest possible sums, over several chunks, equal those of integers."""
    n = 3 * integer_moments._CHUNK + 17
    table = np.full((3, n), largest, dtype=np.int8)
    table[1, ::2] -= 1
    table[2, ::3] = 0
    whole = table.astype(np.int64)
    sums, products = whole.sum(axis=1), whole @ whole.T
    exact = (products / n - np.outer(sums / n, sums / n)) * (n / (n - 1))
    for keep in ("complete", "pairwise"):
        found = answer_moments(table, keep=keep)
        assert (found.mean == sums / n).all()
        np.testing.assert_array_equal(found.covariance, exact)


def test_alpha_of_the_answers_is_that_of_the_rows():
    rng = np.random.default_rng(4)
    common = rng.normal(size=30_000)
    table = np.clip(np.round(3 + common + rng.normal(size=(8, 30_000))), 1, 5).astype(np.int8)
    assert alpha(answer_moments(table).covariance) == pytest.approx(alpha(np.cov(table)), rel=1e-12)


def test_too_few_rows_give_nan():
    found = answer_moments(np.array([[1, -1, 3], [-1, 2, 4]]))
    assert np.isnan(found.covariance).all()
    assert (found.mean == [3, 4]).all()
    pairwise = answer_moments(np.array([[1, -1], [-1, 2]]), keep="pairwise")
    assert np.isnan(pairwise.covariance).all()
    assert (pairwise.n == np.eye(2)).all()
    none = answer_moments(np.array([[-1, -1], [1, 2]]))
    assert np.isnan(none.mean).all()
    assert (none.n == 0).all()


@pytest.mark.parametrize("columns", [np.ones((2, 3)), np.ones(3, dtype=np.int8), [["a"]]])
def test_answers_must_be_a_table_of_whole_numbers(columns):
    with pytest.raises(NumericsError) as caught:
        answer_moments(columns)
    assert [problem.code for problem in caught.value.problems] == ["N010"]


def test_weights_must_fit():
    with pytest.raises(NumericsError) as caught:
        answer_moments(np.ones((2, 3), dtype=np.int8), weights=[1, 2])
    assert [problem.code for problem in caught.value.problems] == ["N010"]
    with pytest.raises(NumericsError) as caught:
        answer_moments(np.ones((2, 3), dtype=np.int8), weights=[1, 2, -1])
    assert [problem.code for problem in caught.value.problems] == ["N008"]
