"""Quadrants with their certainty, and gains from closed gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.priority_plane import QUADRANTS, cut_line, gap_gain, priority_plane


def test_quadrants_by_hand():
    importance = np.array([[0.4, 0.3, 0.1, 0.2], [0.4, 0.1, 0.2, 0.3], [0.4, 0.3, 0.1, 0.2], [0.4, 0.3, 0.1, 0.2]])
    performance = np.array([[80, 60, 50, 70], [80, 60, 50, 70], [80, 60, 50, 70], [50, 60, 80, 70]], dtype=float)
    plane = priority_plane(importance, performance, performance_cut="median", conf_level=0.6)
    assert (plane.importance_line, plane.performance_line) == (0.25, 65.0)
    assert plane.quadrant == ("strength", "improve", "opportunity", "maintain")
    third = 1 / 3
    expected = [
        [2 * third, third, 0, 0],
        [0, 2 * third, third, 0],
        [0, 0, 2 * third, third],
        [third, 0, 0, 2 * third],
    ]
    np.testing.assert_allclose(plane.probability, expected)
    assert plane.certain.all()
    assert not priority_plane(importance, performance, performance_cut="median").certain.any()


def test_a_point_on_its_line_is_high_and_a_target_stands_still():
    plane = priority_plane([[0.2, 0.2]] * 3, [[70.0, 69.9], [71.0, 60.0], [75.0, 60.0]], performance_cut=70)
    assert plane.quadrant == ("strength", "improve")
    np.testing.assert_array_equal(plane.probability, [[1, 0, 0, 0], [0, 1, 0, 0]])
    with pytest.raises(NumericsError):
        cut_line([1.0, 2.0], "mode")


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from(["mean", "median", 0.5]))
def test_probabilities_are_shares_and_move_with_their_driver(seed, cut):
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(size=(2, 30, 5))
    plane = priority_plane(x, y, importance_cut=cut, performance_cut=cut)
    np.testing.assert_allclose(plane.probability.sum(axis=1), 1.0)
    order = rng.permutation(5)
    moved = priority_plane(x[:, order], y[:, order], importance_cut=cut, performance_cut=cut)
    np.testing.assert_array_equal(moved.probability, plane.probability[order])
    assert moved.quadrant == tuple(plane.quadrant[k] for k in order)
    assert set(plane.quadrant) <= set(QUADRANTS)


def test_failed_replicates_are_left_out_and_too_many_leave_nothing_certain():
    x = np.tile([0.4, 0.1], (5, 1))
    y = np.tile([80.0, 60.0], (5, 1))
    y[1, 0] = np.nan
    assert priority_plane(x, y).probability[0, 0] == 1.0
    y[2:4, 1] = np.nan
    lost = priority_plane(x, y)
    assert np.isnan(lost.probability).all()
    assert not lost.certain.any()
    assert lost.quadrant == ("strength", "opportunity")
    # without replicates there is a place, and no certainty
    assert not priority_plane(x[:1], y[:1]).certain.any()


def test_gains_by_hand():
    b = np.array([[0.4, 0.2, -0.1], [0.5, 0.2, -0.1], [0.6, 0.2, -0.1]])
    found = gap_gain(b[1], b, [70.0, 80.0, 50.0], [80.0, 75.0, 60.0])
    np.testing.assert_allclose(found.gap, [10, 0, 10])
    np.testing.assert_allclose(found.estimate, [5, 0, -1])
    np.testing.assert_allclose(found.std_error, [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(found.conf_low, [4.05, 0, -1])
    np.testing.assert_allclose(found.conf_high, [5.95, 0, -1])
    # the levels vary too: gaps of 8, 10 and 12
    wider = gap_gain(
        b[1], b, [70.0, 80.0, 50.0], [80.0, 75.0, 60.0], mean_replicates=[[72.0, 80, 50], [70, 80, 50], [68, 80, 50]]
    )
    np.testing.assert_allclose(wider.conf_high[0], 5 + 0.95 * 2.2)
    assert wider.std_error[0] > found.std_error[0]
    both = gap_gain(b[1], b, [70.0] * 3, [80.0] * 3, best_replicates=np.full((3, 3), 70.0))
    np.testing.assert_array_equal(both.conf_high, 0)


def test_shapes_that_do_not_agree_are_refused():
    for call in (
        lambda: priority_plane([[0.1, 0.2]], [[1.0]]),
        lambda: priority_plane([[np.nan, 0.2]], [[1.0, 2.0]]),
        lambda: gap_gain([0.1], [[0.1, 0.2]], [1.0], [2.0]),
        lambda: gap_gain([0.1], [[0.1], [0.2]], [1.0], [2.0], best_replicates=[[2.0]]),
    ):
        with pytest.raises(NumericsError) as caught:
            call()
        assert caught.value.problems[0].code == "N010"
    with pytest.raises(NumericsError) as caught:
        priority_plane([[0.1]], [[1.0]], conf_level=95)
    assert caught.value.problems[0].code == "N002"
