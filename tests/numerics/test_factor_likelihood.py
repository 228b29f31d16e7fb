"""One factor by maximum likelihood against factanal, lavaan and exact models."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.factor_likelihood import one_factor_likelihood

SCALES = ["image", "quality", "satisfaction", "attitude", "school", "agreeable", "agreeable_extravert", "fourteen"]


@pytest.mark.parametrize("name", SCALES)
def test_loadings_are_those_of_factanal_and_lavaan(reference, name):
    values = reference("splits")["values"][name]
    fit = one_factor_likelihood(correlation_from(values["covariance"]))
    assert fit.converged
    assert not fit.heywood
    for software, loadings in values["likelihood"].items():
        np.testing.assert_allclose(fit.loadings, loadings, atol=1e-5, err_msg=software)
    np.testing.assert_allclose(fit.uniqueness, 1 - fit.loadings**2, atol=1e-7)


def test_an_exact_model_is_found_whatever_the_signs():
    loadings = np.array([0.9, -0.4, 0.7, 0.6, 0.5])
    corr = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    np.testing.assert_allclose(one_factor_likelihood(corr).loadings, loadings, atol=1e-8)


def test_minimum_is_where_the_likelihood_is_flat():
    """Implied and sample matrix: diag(Σ⁻¹ (Σ − S) Σ⁻¹) = 0 at an interior solution."""
    rng = np.random.default_rng(6)
    corr = np.stack([np.corrcoef((rng.normal(size=(80, 1)) + rng.normal(size=(80, 6))).T) for _ in range(50)])
    fit = one_factor_likelihood(corr)
    assert fit.converged.all()
    implied = fit.loadings[:, :, None] * fit.loadings[:, None, :] + np.eye(6) * fit.uniqueness[:, None, :]
    inverse = np.linalg.inv(implied)
    slope = np.diagonal(inverse @ (implied - corr) @ inverse, axis1=1, axis2=2)
    np.testing.assert_allclose(slope[~fit.heywood], 0, atol=1e-6)


def test_heywood_case_is_held_at_the_bound(reference):
    values = reference("reliability")["values"]["ecsi"]["loyalty"]
    fit = one_factor_likelihood(correlation_from(values["covariance"]))
    assert fit.converged
    assert fit.heywood
    np.testing.assert_allclose(fit.loadings, [0.5430503, 0.1016099, 0.9974969], atol=2e-5)  # factanal, factr = 1
    np.testing.assert_allclose(fit.uniqueness.min(), 0.005, rtol=1e-6)


def test_matrices_that_cannot_be_fitted_are_nan_in_their_place():
    good = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    singular, constant = good.copy(), good.copy()
    singular[3], singular[:, 3] = singular[2], singular[:, 2]
    singular[3, 3] = 1
    constant[1] = constant[:, 1] = np.nan
    fit = one_factor_likelihood(np.stack([good, singular, constant]))
    np.testing.assert_array_equal(fit.converged, [True, False, False])
    np.testing.assert_allclose(fit.loadings[0], np.sqrt(0.5), atol=1e-8)
    assert np.isnan(fit.loadings[1:]).all()
    assert not fit.heywood[1:].any()


def test_two_items_are_refused():
    with pytest.raises(NumericsError) as caught:
        one_factor_likelihood(np.eye(2))
    assert caught.value.problems[0].code == "N001"
