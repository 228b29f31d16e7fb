"""Carry-over and drift in ratings of shuffled items."""

import numpy as np
import pytest

from satmeter.numerics.order_effects import order_effects


def shown(n, k, seed):
    rng = np.random.default_rng(seed)
    place = rng.permuted(np.tile(np.arange(k), (n, 1)), axis=1)
    person = rng.standard_normal((n, 1))
    return rng, place, 0.7 * person + 0.7 * rng.standard_normal((n, k)) + np.linspace(0, 2, k)


def carried(values, place, share):
    """Add a share of the rating before, as shown."""
    order = np.argsort(place, axis=1)
    moved = np.take_along_axis(values - values.mean(axis=0), order, axis=1)
    for step in range(1, values.shape[1]):
        moved[:, step] += share * moved[:, step - 1]
    result = np.empty_like(values)
    np.put_along_axis(result, order, moved, axis=1)
    return result


def test_carry_over_is_found():
    _, place, values = shown(2000, 8, 1)
    found = order_effects(carried(values, place, 0.2), place)
    assert found.carry_over_low > 0.05
    assert found.drift_low < 0 < found.drift_high


def test_drift_is_found_in_standard_deviations():
    _, place, values = shown(4000, 8, 2)
    found = order_effects(values - 0.3 * place / 7, place)
    assert found.drift == pytest.approx(-0.3, abs=0.06)


def test_intervals_hold_zero_as_often_as_they_say():
    held = np.zeros(2)
    for seed in range(150):
        _, place, values = shown(80, 6, seed)
        found = order_effects(values, place)
        held += [found.carry_over_low <= 0 <= found.carry_over_high, found.drift_low <= 0 <= found.drift_high]
    assert (held / 150 > 0.9).all()


def test_gaps_and_constant_items():
    rng, place, values = shown(300, 6, 3)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[:, 2] = 4.0
    found = order_effects(values, place)
    assert found.n < 300
    assert np.isfinite([found.carry_over, found.drift]).all()


@pytest.mark.parametrize("values", [np.zeros((0, 5)), np.full((5, 5), np.nan), np.zeros((5, 3))])
def test_nothing_to_look_at(values):
    found = order_effects(values, np.tile(np.arange(values.shape[1]), (len(values), 1)))
    assert np.isnan(found.carry_over)
