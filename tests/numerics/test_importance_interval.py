"""The interval of an importance share: the wider end of percentiles and of t on the square root."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.importance_interval import importance_interval
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.tails import t_quantile


def test_many_units_and_a_normal_root_give_both_intervals_at_once():
    root = 0.5 + 0.02 * np.random.default_rng(1).normal(size=200_000)
    low, high = importance_interval(0.25, root**2, np.inf, 4)
    np.testing.assert_allclose([low, high], [(0.5 - 0.02 * 1.95996) ** 2, (0.5 + 0.02 * 1.95996) ** 2], rtol=4e-3)


def test_ends_worked_out_by_hand():
    replicates = np.linspace(0.10, 0.30, 2001)
    low, high = importance_interval(0.2, replicates, 20, 4)
    # t(0.975, 20) = 2.085963; the normal tail below −2.085963·√1.2 is 0.011154
    below = 0.10 + 0.2 * 0.011154
    reach = 2.085963 * np.sqrt(replicates).std(ddof=1)
    assert low == pytest.approx(min(below, (np.sqrt(0.2) - reach) ** 2), abs=2e-6)
    assert high == pytest.approx(max(0.4 - below, (np.sqrt(0.2) + reach) ** 2), abs=2e-6)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(5, 500))
def test_both_intervals_are_inside(seed, df):
    values = np.random.default_rng(seed).gamma(2.0, 0.1, (200, 3))
    estimate = values.mean(axis=0)
    low, high = importance_interval(estimate, values, df, 3)
    inner_low, inner_high = percentile_interval(values)
    assert (low <= inner_low).all()
    assert (high >= inner_high).all()
    reach = t_quantile(0.975, df) * replicate_se(np.sqrt(values))
    assert (low <= np.maximum(np.sqrt(estimate) - reach, 0) ** 2).all()
    assert (high >= (np.sqrt(estimate) + reach) ** 2).all()
    assert (low >= 0).all()


def test_a_small_driver_reaches_zero_and_lost_replicates_leave_nothing():
    replicates = np.array([[0.001, np.nan], [0.004, np.nan], [0.009, 0.1], [0.002, np.nan]])
    low, high = importance_interval([0.0005, 0.1], replicates, 50, 2)
    assert low[0] == 0.0
    assert np.isnan(low[1])
    assert np.isnan(high[1])
    assert np.isnan(importance_interval([0.1], replicates[:, :1], 0, 2)).all()


def test_another_level_is_refused():
    with pytest.raises(NumericsError) as caught:
        importance_interval(0.1, [0.1, 0.2], 10, 1, 95)
    assert caught.value.problems[0].code == "N002"
