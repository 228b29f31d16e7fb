"""Bursts and clockwork in times of arrival, and how often chance makes them."""

import numpy as np
import pytest

from satmeter.numerics.arrival_times import densest_window, evenest_hour


def test_too_few_in_every_hour():
    times = np.arange(50) * 3600.0
    assert densest_window(times) is None
    assert evenest_hour(times) is None
    assert densest_window([]) is None


def test_a_window_across_the_full_hour_is_seen_whole():
    times = np.concatenate([np.linspace(0, 7199, 24), 3600 + np.linspace(-50, 50, 15)])
    found = densest_window(times)
    assert found.count >= 15
    assert found.p_value < 1e-6
    assert 3540 <= found.begins <= 3560


@pytest.mark.parametrize("per_hour", [6, 20, 60])
def test_chance_alone_raises_neither_more_often_than_stated(per_hour):
    """200 streams of ten hours, at the level 0.05."""
    rng = np.random.default_rng(per_hour)
    streams = [np.sort(36000 * rng.random(rng.poisson(10 * per_hour))) for _ in range(200)]
    bursts = np.mean([densest_window(times).p_value < 0.05 for times in streams])
    even = [evenest_hour(times) for times in streams]
    assert bursts < 0.05 + 2.6 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean([found is not None and found.p_value < 0.05 for found in even]) < 0.05


def test_a_busy_morning_is_no_burst():
    rng = np.random.default_rng(1)
    raised = 0
    for _ in range(100):
        times = 86400 * (np.arange(10).repeat(60) + rng.beta(8, 8, 600))
        raised += densest_window(times).p_value < 0.01
    assert raised <= 4


def test_shaking_hands_do_not_hide_clockwork():
    rng = np.random.default_rng(2)
    times = 100.0 + 90.0 * np.arange(39) + 20 * rng.random(39)
    assert evenest_hour(times).p_value < 0.001


def test_two_at_the_very_same_moment_are_not_even():
    assert evenest_hour(np.repeat(np.arange(20) * 90.0, 2)).p_value == 1.0
