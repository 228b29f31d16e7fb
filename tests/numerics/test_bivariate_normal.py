"""Bivariate normal probabilities against R pbivnorm, closed forms and the density."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.numerics.bivariate_normal import bivariate_normal_density, bivariate_normal_probability
from satmeter.numerics.tails import normal_probability


def test_probabilities_are_those_of_pbivnorm(reference):
    values = reference("polychoric")["values"]["probability"]
    for r, expected in zip(values["r"], values["p"], strict=True):
        found = bivariate_normal_probability(values["h"], values["k"], r)
        np.testing.assert_allclose(found, expected, atol=2e-13, err_msg=str(r))


@pytest.mark.parametrize("r", [-1.0, -0.97, -0.5, 0.0, 0.61, 0.9249, 0.9251, 0.9999, 1.0])
def test_at_the_medians_it_is_an_arc_sine(r):
    np.testing.assert_allclose(bivariate_normal_probability(0, 0, r), 0.25 + np.arcsin(r) / (2 * np.pi), atol=1e-14)


@settings(deadline=None)
@given(st.floats(-6, 6), st.floats(-6, 6), st.floats(-0.9999, 0.9999))
def test_reflection_symmetry_and_bounds(h, k, r):
    value = bivariate_normal_probability(h, k, r)
    below = normal_probability(np.array([h, k]))
    np.testing.assert_allclose(bivariate_normal_probability(k, h, r), value, atol=1e-14)
    np.testing.assert_allclose(below[0] - bivariate_normal_probability(h, -k, -r), value, atol=1e-13)
    np.testing.assert_allclose(bivariate_normal_probability(-h, -k, r), 1 - below.sum() + value, atol=1e-13)
    assert max(below.sum() - 1, 0) - 1e-14 <= value <= below.min() + 1e-14


@settings(deadline=None)
@given(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5), st.floats(-0.97, 0.97))
def test_the_density_is_the_slope_by_the_correlation(h, k, r):
    step = 1e-5
    rise = bivariate_normal_probability(h, k, r + step) - bivariate_normal_probability(h, k, r - step)
    np.testing.assert_allclose(rise / (2 * step), bivariate_normal_density(h, k, r), rtol=2e-5, atol=1e-8)


def test_infinite_limits():
    far = np.inf
    for r in (-0.95, -0.4, 0.4, 0.95):
        assert bivariate_normal_probability(-far, 0.3, r) == pytest.approx(0.0, abs=1e-15)
        np.testing.assert_allclose(bivariate_normal_probability([far, 0.3], [0.3, far], r), normal_probability(0.3))
        assert bivariate_normal_probability(far, far, r) == pytest.approx(1.0)
    assert bivariate_normal_density(far, 0.0, 0.5) == 0.0
    assert np.isnan(bivariate_normal_probability(0, 0, 1.5))
