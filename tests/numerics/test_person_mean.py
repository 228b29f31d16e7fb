"""Scores of persons."""

import numpy as np
import pytest

from satmeter.numerics.person_mean import person_mean, points_of_100

NAN = np.nan


@pytest.mark.parametrize(
    ("row", "least", "expected"),
    [
        ([10, 20, NAN, NAN], 0.5, 15.0),
        ([10, NAN, NAN, NAN], 0.5, NAN),
        ([10, 20, 30, NAN], 1.0, NAN),
        ([10, NAN, NAN, NAN], 0.0, 10.0),
        ([NAN, NAN, NAN, NAN], 0.0, NAN),
    ],
)
def test_the_mean_of_what_is_answered_where_it_is_enough(row, least, expected):
    np.testing.assert_array_equal(person_mean([row], least), [expected])


def test_points():
    np.testing.assert_array_equal(points_of_100([[0, 10, NAN]], 0, 10), [[0, 100, NAN]])
