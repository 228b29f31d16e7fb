"""Intervals against closed forms; their coverage is tested in tests/simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from satmeter.errors import NumericsError
from satmeter.numerics.intervals import (
    percentile_interval,
    r2_interval,
    reliability_interval,
    replicate_se,
    t_interval,
    wilson_interval,
)


def test_t_interval_equals_r_confint(reference):
    values = reference("svymean")["values"]["apiclus1"]
    mean = values["mean"]
    np.testing.assert_allclose(t_interval(mean["estimate"], mean["std_error"], 14), values["interval"], rtol=1e-10)
    low, high = t_interval([1.0, 2.0], [0.5, np.nan], [np.inf, 3])
    np.testing.assert_allclose((low[0], high[0]), (1 - 0.5 * 1.959963984540054, 1 + 0.5 * 1.959963984540054))
    assert np.isnan(low[1])


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_equals_statsmodels(successes, more):
    n = successes + more
    expected = proportion_confint(successes, n, method="wilson")
    np.testing.assert_allclose(wilson_interval(successes / n, n), expected, atol=1e-12)


def test_wilson_at_the_ends():
    low, high = wilson_interval([0.0, 1.0], 10)
    assert low[0] == 0.0
    assert high[1] == 1.0
    assert high[0] == pytest.approx(0.27753, abs=1e-5)
    assert np.isnan(wilson_interval(0.5, 0)[0])


def test_percentiles_are_numpy_quantiles_with_missing_replicates_left_out():
    rng = np.random.default_rng(1)
    replicates = rng.normal(size=(201, 3))
    replicates[:60, 1] = np.nan
    replicates[:150, 2] = np.nan
    low, high = percentile_interval(replicates, 0.9)
    np.testing.assert_allclose(low[0], np.quantile(replicates[:, 0], 0.05))
    np.testing.assert_allclose(high[1], np.quantile(replicates[60:, 1], 0.95))
    assert np.isnan(low[2])
    assert np.isnan(high[2])
    np.testing.assert_allclose(
        replicate_se(replicates)[:2], [replicates[:, 0].std(ddof=1), replicates[60:, 1].std(ddof=1)]
    )
    assert np.isnan(replicate_se(replicates)[2])
    assert np.isnan(percentile_interval(np.empty((0, 2)))[0]).all()
    assert np.isnan(replicate_se(np.array([1.0])))


@given(st.floats(-0.9, 0.97), st.floats(0.02, 0.5), st.integers(3, 400))
def test_reliability_interval_holds_the_estimate_and_stays_below_one(estimate, spread, df):
    replicates = 1 - (1 - estimate) * np.exp(spread * np.linspace(-2, 2, 101))
    low, high = reliability_interval(estimate, replicates, df)
    assert low < estimate < high < 1


def test_reliability_interval_is_symmetric_in_the_log():
    replicates = 1 - np.exp(np.linspace(-2.0, -1.0, 21))
    low, high = reliability_interval(1 - np.exp(-1.5), replicates, np.inf)
    reach = 1.959963984540054 * np.linspace(-2.0, -1.0, 21).std(ddof=1)
    np.testing.assert_allclose((np.log(1 - low), np.log(1 - high)), (-1.5 + reach, -1.5 - reach), rtol=1e-12)
    assert np.isnan(reliability_interval(np.nan, replicates, 10)[0])
    assert np.isnan(reliability_interval(0.5, np.full(21, np.nan), 10)[1])


def test_r2_interval_takes_the_bias_off():
    z = np.arctanh(np.sqrt(0.4))
    replicates = np.tanh(z + np.linspace(-0.2, 0.3, 51)) ** 2
    low, high = r2_interval(0.4, replicates, np.inf)
    reach = 1.959963984540054 * np.linspace(-0.2, 0.3, 51).std(ddof=1)
    np.testing.assert_allclose((low, high), np.tanh([z - 0.05 - reach, z - 0.05 + reach]) ** 2, rtol=1e-10)
    low, high = r2_interval(0.001, np.linspace(0.0, 0.05, 51), 50)
    assert low == 0.0
    assert 0 < high < 0.1
    assert np.isnan(r2_interval(0.5, np.full(9, np.nan), 50)[0])


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.1, np.nan])
def test_levels_outside_zero_and_one_are_refused(level):
    for call in (
        lambda: t_interval(1.0, 1.0, 5, level),
        lambda: wilson_interval(0.5, 10, level),
        lambda: percentile_interval([1.0, 2.0], level),
        lambda: reliability_interval(0.5, [0.4, 0.6], 5, level),
        lambda: r2_interval(0.5, [0.4, 0.6], 5, level),
    ):
        with pytest.raises(NumericsError) as caught:
            call()
        assert caught.value.problems[0].code == "N002"
