"""Differences of shares near 0 and 1: the published form, the design effect, false alarms, coverage."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.share_difference import shrunken_difference
from satmeter.numerics.tails import t_quantile, t_tail


def plain_error(a, b, n, m):
    return np.sqrt(a * (1 - a) / n + b * (1 - b) / m)


def test_agresti_and_caffos_interval():
    # R: x <- c(56, 48); n <- c(70, 80); q <- (x + 1)/(n + 2); diff(-q) ± 1.96 sqrt(sum(q(1 − q)/(n + 2)))
    centre, error = shrunken_difference(0.8, 0.6, 70, 80, plain_error(0.8, 0.6, 70, 80))
    assert centre == pytest.approx(57 / 72 - 49 / 82, rel=1e-12)
    low, high = centre - 1.959963984540054 * error, centre + 1.959963984540054 * error
    assert (float(low), float(high)) == pytest.approx((0.05245292664, 0.33575845548), rel=1e-9)


def test_a_design_effect_makes_the_samples_smaller():
    plain = plain_error(0.9, 0.7, 80, 120)
    clustered = shrunken_difference(0.9, 0.7, 80, 120, 2 * plain)
    quarter = shrunken_difference(0.9, 0.7, 20, 30, plain_error(0.9, 0.7, 20, 30))
    assert np.array(clustered) == pytest.approx(np.array(quarter), rel=1e-12)


def test_two_groups_that_answer_all_alike_say_nothing_of_the_spread():
    assert np.isnan(shrunken_difference([1.0, 1.0], [1.0, 0.0], 20, 30, 0.0)).all()


@pytest.mark.parametrize(("first", "second"), [(0.5, 0.5), (0.8, 0.8), (0.95, 0.95), (0.98, 0.98), (0.95, 0.8)])
@pytest.mark.parametrize("n", [10, 20, 40, 100])
def test_errors_stay_at_their_level_where_the_plain_test_fails(first, second, n):
    rng = np.random.default_rng(n)
    a, b = rng.binomial(n, first, 20_000) / n, rng.binomial(500, second, 20_000) / 500
    centre, error = shrunken_difference(a, b, np.full(20_000, n), 500, plain_error(a, b, n, 500))
    assert np.mean(np.abs(centre - (first - second)) / error > t_quantile(0.975, 500.0)) < 0.07
    if (first, second, n) == (0.95, 0.95, 20):
        with np.errstate(divide="ignore"):
            plain = t_tail((a - b) / plain_error(a, b, n, 500), np.full(20_000, 500.0))
        assert np.mean(plain < 0.05) > 0.35
