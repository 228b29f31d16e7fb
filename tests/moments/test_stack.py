"""Moment stacks against the same sums written out row by row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.moments import Resampling, mean_stack, moment_stack
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale


def resampling_of(n, replicates=20, *, weights=None, units=None, seed=1):
    units = np.arange(n) if units is None else np.asarray(units)
    stratum = np.zeros(units.max() + 1, dtype=np.int64)
    draws = rao_wu_draws(stratum, replicates, np.random.default_rng(seed))
    return Resampling(
        np.ones(n) if weights is None else np.asarray(weights), units, draws, rao_wu_scale(stratum), len(stratum) - 1
    )


def written_out(resampling, values, rows):
    """Weighted mean and covariance of every replicate from numpy's own functions."""
    multipliers = resampling.multipliers()
    means, covariances = [], []
    n = rows.sum()
    for factor in multipliers:
        w = (factor[resampling.units] * resampling.weights)[rows]
        kept = values[rows]
        if w.sum() == 0:
            means.append(np.full(values.shape[1], np.nan))
            covariances.append(np.full((values.shape[1],) * 2, np.nan))
            continue
        means.append(np.average(kept, axis=0, weights=w))
        covariances.append(np.cov(kept.T, aweights=w, ddof=0).reshape((values.shape[1],) * 2) * n / (n - 1))
    return np.array(means), np.array(covariances)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_stack_equals_the_sums_written_out(seed, weighted, clustered):
    rng = np.random.default_rng(seed)
    n, p = 30, 4
    values = rng.normal(size=(n, p)) + 1000
    values[rng.random((n, p)) < 0.03] = np.nan
    units = rng.permutation(np.arange(n) % 8) if clustered else None
    resampling = resampling_of(n, weights=rng.uniform(0.2, 3, n) if weighted else None, units=units, seed=seed)
    asked = rng.random(n) < 0.9
    rows = asked & ~np.isnan(values).any(axis=1)
    found = moment_stack(resampling, values, rows=asked)
    mean, covariance = written_out(resampling, values, rows)
    np.testing.assert_allclose(found.mean, mean, rtol=1e-11)
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-9)
    assert found.n == rows.sum()
    w = resampling.weights[rows]
    assert found.n_eff == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert found.total[0] == pytest.approx(w.sum())


def test_the_full_sample_is_numpy_cov():
    values = np.random.default_rng(1).normal(size=(50, 3))
    found = moment_stack(resampling_of(50), values)
    np.testing.assert_allclose(found.covariance[0], np.cov(values.T), rtol=1e-12)
    assert (found.n, found.n_eff) == (50, 50.0)


@pytest.mark.parametrize("clustered", [False, True])
def test_chunks_do_not_change_the_numbers(monkeypatch, clustered):
    rng = np.random.default_rng(4)
    values = rng.normal(size=(1200, 3))
    values[5, 1] = np.nan
    units = np.sort(rng.integers(0, 300, 1200)) if clustered else None
    if clustered:
        units = np.unique(units, return_inverse=True)[1]
    resampling = resampling_of(1200, 10, units=units)
    whole, means = moment_stack(resampling, values), mean_stack(resampling, values)
    monkeypatch.setattr("satmeter.moments.stack._CHUNK_NUMBERS", 1)
    parts = moment_stack(resampling, values)
    np.testing.assert_allclose(parts.covariance, whole.covariance, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(mean_stack(resampling, values), means, rtol=1e-10, atol=1e-14)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_mean_stack_leaves_missing_cells_out_of_their_column_only(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(25, 3))
    values[rng.random((25, 3)) < 0.3] = np.nan
    resampling = resampling_of(25, weights=rng.uniform(0.5, 2, 25), seed=seed)
    found = mean_stack(resampling, values)
    for j in range(3):
        seen = ~np.isnan(values[:, j])
        for r, factor in enumerate(resampling.multipliers()):
            w = (factor * resampling.weights)[seen]
            expected = np.average(values[seen, j], weights=w) if w.sum() > 0 else np.nan
            np.testing.assert_allclose(found[r, j], expected, rtol=1e-11, atol=1e-14)


def test_a_column_that_is_constant_has_exactly_no_variance():
    values = np.column_stack([np.full(40, 7.1), np.random.default_rng(1).normal(size=40)])
    found = moment_stack(resampling_of(40, 50), values)
    assert (found.covariance[:, 0, 0] == 0).all()
    assert (found.covariance[:, 1, 1] > 0).all()
    rare = np.zeros((40, 1))
    rare[3] = 1.0  # constant in the replicates that do not draw row 3
    resampling = resampling_of(40, 50)
    drawn = resampling.draws[:, 3] > 0
    variance = moment_stack(resampling, rare).covariance[1:, 0, 0]
    np.testing.assert_array_equal(variance > 0, drawn)
    np.testing.assert_array_equal(variance[~drawn], 0.0)


@pytest.mark.parametrize("n_rows", [0, 1])
def test_too_few_rows_give_nan_and_no_warning(n_rows):
    values = np.ones((6, 2))
    rows = np.arange(6) < n_rows
    found = moment_stack(resampling_of(6), values, rows=rows)
    assert found.n == n_rows
    assert np.isnan(found.covariance).all()
    assert np.isnan(mean_stack(resampling_of(6), values, rows=rows)[0]).all() == (n_rows == 0)


def test_rows_of_weight_zero_are_not_counted():
    values = np.arange(8.0)[:, None]
    found = moment_stack(resampling_of(8, weights=[1, 1, 1, 1, 0, 0, 0, 0.0]), values)
    assert found.n == 4
    np.testing.assert_allclose(found.covariance[0, 0, 0], np.var([0, 1, 2, 3], ddof=1))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_scale_of_weights_and_order_of_rows_do_not_matter(seed, factor):
    rng = np.random.default_rng(seed)
    values, weights = rng.normal(size=(20, 3)), rng.uniform(0.2, 3, 20)
    one = resampling_of(20, weights=weights, seed=seed)
    first = moment_stack(one, values)
    order = rng.permutation(20)
    turned = Resampling(factor * weights[order], one.units[order], one.draws, one.scale, one.df)
    second = moment_stack(turned, values[order])
    np.testing.assert_allclose(second.mean, first.mean, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(second.covariance, first.covariance, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(second.total, factor * first.total, rtol=1e-10)


def test_frequency_weights_expanded_are_not_probability_weights():
    values, counts = np.array([[1.0], [2.0], [4.0]]), np.array([3, 1, 2])
    weighted = moment_stack(resampling_of(3, weights=counts), values)
    expanded = moment_stack(resampling_of(6), np.repeat(values, counts, axis=0))
    np.testing.assert_allclose(weighted.mean[0], expanded.mean[0])
    assert weighted.covariance[0, 0, 0] == pytest.approx(expanded.covariance[0, 0, 0] * (3 / 2) / (6 / 5))
    assert (weighted.n, expanded.n) == (3, 6)
