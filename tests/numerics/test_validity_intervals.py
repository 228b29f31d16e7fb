"""Intervals on Fisher's scale and expanded percentiles, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.validity_intervals import expanded_percentile_interval, loading_interval


def test_a_loading_has_fishers_interval():
    low, high = loading_interval(0.6, 0.07, 0.9)
    middle, reach = np.arctanh(0.6), 1.6448536 * 0.07 / (1 - 0.36)
    assert (low, high) == pytest.approx((np.tanh(middle - reach), np.tanh(middle + reach)), rel=1e-7)


def test_a_loading_of_a_correlation_has_the_textbook_interval():
    """Of a correlation from n normal pairs the error is (1 − r²)/√n."""
    n, r = 100, 0.5
    low, high = loading_interval(r, (1 - r**2) / np.sqrt(n))
    assert np.arctanh(high) - np.arctanh(low) == pytest.approx(2 * 1.959964 / 10, rel=1e-6)


@given(st.floats(-0.999, 0.999), st.floats(0.001, 0.5))
def test_fishers_interval_stays_inside_and_turns_with_the_sign(value, error):
    low, high = loading_interval(value, error)
    assert -1 <= low <= value <= high <= 1
    turned = loading_interval(-value, error)
    np.testing.assert_allclose(turned, (-high, -low), atol=1e-12)


def test_beyond_one_the_plain_interval_stands():
    low, high = loading_interval([-1.1, 1.0], [0.1, 0.1])
    np.testing.assert_allclose(low, [-1.1 - 0.1959964, 1 - 0.1959964], rtol=1e-7)
    np.testing.assert_allclose(high, [-1.1 + 0.1959964, 1 + 0.1959964], rtol=1e-7)
    assert np.isnan(loading_interval(np.nan, 0.1)).all()


def test_many_degrees_of_freedom_give_the_percentiles():
    """With p(B + 1) whole the quantile of type 6 is that replicate."""
    values = np.random.default_rng(1).normal(size=(999, 3))
    low, high = expanded_percentile_interval(values, np.inf)
    ordered = np.sort(values, axis=0)
    np.testing.assert_allclose(low, ordered[24], rtol=1e-10)
    np.testing.assert_allclose(high, ordered[974], rtol=1e-10)


def test_few_degrees_of_freedom_reach_as_far_as_t():
    """Normal replicates: the interval is mean ± t × standard deviation."""
    values = np.random.default_rng(2).normal(5, 2, size=400_000)
    low, high = expanded_percentile_interval(values, 9)
    assert (low, high) == pytest.approx((5 - 2.262157 * 2, 5 + 2.262157 * 2), abs=0.03)
    plain = percentile_interval(values)
    assert low < plain[0] < plain[1] < high


def test_replicates_that_do_not_exist():
    values = np.arange(100.0)[:, None] * np.ones(3)
    values[:40, 1] = np.nan
    values[:51, 2] = np.nan
    low, high = expanded_percentile_interval(values, np.inf, 0.8)
    np.testing.assert_allclose(low[:2], [0.1 * 101 - 1, 39 + 0.1 * 61], rtol=1e-9)
    assert high[1] == pytest.approx(39 + 0.9 * 61, rel=1e-9)
    assert np.isnan([low[2], high[2]]).all()
    assert np.isnan(expanded_percentile_interval(values, 0.0)).all()
    assert np.isnan(expanded_percentile_interval(np.ones((1, 2)), 5.0)).all()
    assert np.isnan(expanded_percentile_interval(np.ones((0, 2)), 5.0)).all()


def test_beyond_the_ends_the_outermost_replicates_stand():
    assert expanded_percentile_interval(np.arange(20.0), 3) == (0, 19)


@given(st.floats(0.2, 5), st.floats(-3, 3))
def test_a_change_of_unit_changes_the_interval_alike(slope, shift):
    values = np.random.default_rng(3).normal(size=200)
    low, high = expanded_percentile_interval(values, 30)
    moved = expanded_percentile_interval(slope * values + shift, 30)
    np.testing.assert_allclose(moved, (slope * low + shift, slope * high + shift), atol=1e-9)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_level(level):
    for work in (lambda: loading_interval(0.5, 0.1, level), lambda: expanded_percentile_interval([1.0, 2], 5, level)):
        with pytest.raises(NumericsError) as caught:
            work()
        assert caught.value.problems[0].code == "N002"
