"""Reliability of composites, of single scores and of differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.composite import (
    composite_reliability,
    difference_reliability,
    rho_a,
    standard_error_of_measurement,
)
from satmeter.numerics.factor import omega_total


def model(loadings):
    return np.outer(loadings, loadings) + np.diag(1 - loadings**2)


@settings(deadline=None)
@given(st.lists(st.floats(0.3, 0.95), min_size=3, max_size=8))
def test_an_exact_factor_gives_its_true_reliability(values):
    loadings = np.array(values)
    true = loadings.sum() ** 2 / model(loadings).sum()
    np.testing.assert_allclose(composite_reliability(loadings), true, rtol=1e-12)
    np.testing.assert_allclose(omega_total(model(loadings)), true, rtol=1e-6)
    composite = loadings @ model(loadings) @ loadings
    np.testing.assert_allclose(rho_a(model(loadings), 5 * loadings), (loadings @ loadings) ** 2 / composite, rtol=1e-9)


def test_composite_reliability_of_published_loadings():
    """Fornell and Larcker's formula by hand: (0.8 + 0.7 + 0.6)² = 4.41 and residuals 0.36 + 0.51 + 0.64 = 1.51."""
    np.testing.assert_allclose(composite_reliability([0.8, 0.7, 0.6]), 4.41 / 5.92, rtol=1e-14)
    np.testing.assert_allclose(
        composite_reliability([[0.8, 0.7, 0.6], [0.5, 0.5, 0.5]]), [4.41 / 5.92, 0.5], rtol=1e-14
    )


def test_a_heywood_case_has_no_composite_reliability():
    assert np.isnan(composite_reliability([1.02, 0.6, 0.5]))
    assert composite_reliability([1.0, 0.0]) == 0.5


def test_rho_a_wants_a_weight_for_every_item_and_variance():
    with pytest.raises(NumericsError) as caught:
        rho_a(np.eye(3), [1.0, 1.0])
    assert [problem.code for problem in caught.value.problems] == ["N012"]
    assert "3" in caught.value.text("zh-CN")
    assert np.isnan(rho_a(np.eye(3), [0.0, 0.0, 0.0]))
    assert np.isnan(rho_a(np.eye(3), [1.0, 0.0, 0.0]))  # one item only: nothing apart from the diagonal
    stack = np.stack([model(np.array([0.8, 0.7, 0.6])), np.eye(3)])
    np.testing.assert_allclose(rho_a(stack, [0.8, 0.7, 0.6])[1], 0.0, atol=1e-15)


def test_error_of_measurement():
    np.testing.assert_allclose(standard_error_of_measurement(15, [0.0, 0.91, 1.0]), [15, 4.5, 0], rtol=1e-12)
    assert np.isnan(standard_error_of_measurement(15, 1.2))


def test_reliability_of_a_difference_against_its_variances():
    rng = np.random.default_rng(4)
    for _ in range(20):
        true_1, true_2, error_1, error_2 = rng.uniform(0.2, 3, 4)
        shared = rng.uniform(-1, 1) * np.sqrt(true_1 * true_2)
        sd = np.sqrt([true_1 + error_1, true_2 + error_2])
        reliability = (true_1 / sd[0] ** 2, true_2 / sd[1] ** 2)
        true = true_1 + true_2 - 2 * shared
        found = difference_reliability(reliability, (sd[0], sd[1]), shared / sd[0] / sd[1])
        np.testing.assert_allclose(found, true / (true + error_1 + error_2), rtol=1e-12)


def test_reliability_of_a_difference_at_its_ends():
    np.testing.assert_allclose(difference_reliability((0.8, 0.8), (2, 2), 0.8), 0.0, atol=1e-15)
    np.testing.assert_allclose(difference_reliability((0.7, 0.7), (1, 1), [0.0, 0.9]), [0.7, -2.0], rtol=1e-12)
    assert np.isnan(difference_reliability((0.8, 0.8), (1, 1), 1.0))
