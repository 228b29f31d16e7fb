"""Moments by EM of the sample and of every replicate."""

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.moments import Resampling, em_stack, moment_stack
from satmeter.numerics.em_moments import em_moments
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale


def resampled(n, replicates=20, weights=None, units=None, seed=3):
    units = np.arange(n) if units is None else units
    stratum = np.zeros(int(units.max()) + 1, dtype=np.int64)
    draws = rao_wu_draws(stratum, replicates, np.random.default_rng(seed))
    base = np.ones(n) if weights is None else weights
    return Resampling(base, units, draws, rao_wu_scale(stratum), len(stratum) - 1)


def gappy(n=80, share=0.15, seed=1):
    rng = np.random.default_rng(seed)
    values = 50 + rng.normal(size=(n, 1)) + rng.normal(size=(n, 3))
    values[rng.random((n, 3)) < share] = np.nan
    return values


def test_complete_rows_give_the_moments_of_moment_stack():
    values = gappy(share=0)
    weights = np.random.default_rng(2).uniform(0.5, 2, 80)
    resampling = resampled(80, weights=weights)
    rows = np.arange(80) % 4 > 0
    expected, found = moment_stack(resampling, values, rows=rows), em_stack(resampling, values, rows=rows)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-12)
    np.testing.assert_allclose(found.total, expected.total, rtol=1e-12)
    assert (found.n, found.n_eff) == (expected.n, pytest.approx(expected.n_eff))


@pytest.mark.parametrize("clustered", [False, True])
def test_every_replicate_is_em_with_its_weights(clustered):
    values = gappy()
    values[7] = np.nan
    weights = np.random.default_rng(2).uniform(0.5, 2, 80)
    weights[11] = 0.0
    resampling = resampled(80, weights=weights, units=np.arange(80) // 4 if clustered else None)
    found = em_stack(resampling, values)
    assert found.n == int((~np.isnan(values)).any(axis=1).sum()) - 1
    own = resampling.multipliers()[:, resampling.units] * weights
    expected = em_moments(values, own)
    factor = found.n / (found.n - 1)
    np.testing.assert_allclose(found.covariance, expected.covariance * factor, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(found.mean, expected.mean, rtol=1e-7)


def test_many_units_are_taken_in_parts(monkeypatch):
    values, resampling = gappy(n=700), resampled(700)
    whole = em_stack(resampling, values)
    monkeypatch.setattr("satmeter.moments.row_products._CHUNK_NUMBERS", 1)
    np.testing.assert_allclose(em_stack(resampling, values).covariance, whole.covariance, rtol=1e-9)


def test_a_column_constant_in_a_replicate_has_no_variance():
    values = gappy(n=12, share=0)
    values[:, 2] = 3.0
    values[0, 2] = 4.0
    values[5, 1] = np.nan
    resampling = resampled(12, replicates=40)
    without = np.flatnonzero(resampling.draws[:, 0] == 0) + 1
    assert len(without)
    assert (em_stack(resampling, values).covariance[without, 2, 2] == 0).all()


def test_columns_that_nobody_answered_both():
    values = np.array([[1.0, np.nan], [2.0, np.nan], [np.nan, 3.0], [np.nan, 4.0]])
    with pytest.raises(NumericsError) as caught:
        em_stack(resampled(4), values)
    assert [p.code for p in caught.value.problems] == ["N057"]
