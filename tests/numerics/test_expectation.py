"""What discretised answers should show, held against draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.numerics.expectation import hermite_coefficients, item_variance, mehler_covariance, point_shares
from satmeter.numerics.simulation import rate, scale_thresholds


@given(points=st.integers(2, 11), centre=st.floats(0.3, 0.8), spread=st.floats(0.1, 0.4))
def test_point_shares_are_a_distribution(points, centre, spread):
    shares = point_shares(scale_thresholds(points, centre, spread))
    assert len(shares) == points
    assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()


def test_rated_answers_have_the_expected_moments():
    rng = np.random.default_rng(7)
    n, r = 400_000, 0.6
    x = rng.standard_normal(n)
    y = r * x + np.sqrt(1 - r**2) * rng.standard_normal(n)
    cuts, other = scale_thresholds(5, 0.66, 0.22), scale_thresholds(11, 0.42, 0.22)
    a, b, c = rate(x, 0.8, cuts, rng), rate(x, 0.75, cuts, rng), rate(y, 0.85, other, rng)
    first, second, third = (hermite_coefficients(*pair) for pair in ((0.8, cuts), (0.75, cuts), (0.85, other)))
    assert a.mean() == pytest.approx(first[0], abs=0.01)
    assert a.var() == pytest.approx(item_variance(cuts), rel=0.01)
    assert np.bincount(c, minlength=11) / n == pytest.approx(point_shares(other), abs=0.003)
    assert np.cov(a, b)[0, 1] == pytest.approx(mehler_covariance(first, second, 1.0), abs=0.01)
    assert np.cov(a, c)[0, 1] == pytest.approx(mehler_covariance(first, third, r), abs=0.03)


def test_values_of_the_places_shift_and_stretch():
    cuts = scale_thresholds(4, 0.6, 0.2)
    plain, shifted = hermite_coefficients(0.8, cuts), hermite_coefficients(0.8, cuts, [10, 12, 14, 16])
    assert shifted[0] == pytest.approx(10 + 2 * plain[0])
    assert shifted[1:] == pytest.approx(2 * plain[1:])
    assert item_variance(cuts, [10, 12, 14, 16]) == pytest.approx(4 * item_variance(cuts))
