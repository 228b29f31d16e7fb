"""Tails against printed tables and scipy.stats."""

from __future__ import annotations

import numpy as np
from scipy import stats

from satmeter.numerics.tails import (
    chi_square_tail,
    f_quantile,
    f_tail,
    normal_probability,
    normal_quantile,
    t_quantile,
    t_tail,
)


def test_quantiles_equal_the_tables():
    np.testing.assert_allclose(t_quantile(0.975, [1, 5, 30, np.inf]), [12.7062, 2.5706, 2.0423, 1.9600], atol=5e-5)
    np.testing.assert_allclose(f_quantile(0.95, [1, 4], [10, 20]), [4.9646, 2.8661], atol=5e-5)
    np.testing.assert_allclose(normal_quantile([0.5, 0.95]), [0.0, 1.6449], atol=5e-5)


def test_tails_equal_scipy_stats():
    t = np.array([-40.0, -2.0, 0.0, 1.3, 8.0])
    np.testing.assert_allclose(t_tail(t, 7), 2 * stats.t.sf(np.abs(t), 7), rtol=1e-12)
    np.testing.assert_allclose(t_tail(t, np.inf), 2 * stats.norm.sf(np.abs(t)), rtol=1e-12)
    np.testing.assert_allclose(normal_probability(t), stats.norm.cdf(t), rtol=1e-12)


def test_no_degrees_of_freedom_is_nan():
    assert np.isnan(t_quantile(0.975, 0))
    assert np.isnan(t_tail([1.0], [0.0])).all()
    assert np.isnan(t_tail(np.nan, 4))


def test_tails_of_f_and_chi_square_equal_scipy_stats():
    value = np.array([0.0, 0.5, 1.0, 4.0, 60.0])
    np.testing.assert_allclose(f_tail(value, 3, 17), stats.f.sf(value, 3, 17), rtol=1e-12)
    np.testing.assert_allclose(f_tail(value, 3, np.inf), stats.chi2.sf(3 * value, 3), rtol=1e-12)
    np.testing.assert_allclose(chi_square_tail(value, 4), stats.chi2.sf(value, 4), rtol=1e-12)
    assert np.isnan(f_tail(1.0, 2, 0))
    assert np.isnan(chi_square_tail(1.0, 0))
