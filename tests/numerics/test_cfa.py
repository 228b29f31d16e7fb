"""Confirmatory factor analysis of one group against R lavaan, an independent minimiser, and known truth."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from satmeter.errors import NumericsError
from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.cfa_build import start
from satmeter.numerics.cfa_fit import rmsea_interval
from satmeter.numerics.cfa_model import FACTOR_COV, discrepancy, gradient
from satmeter.numerics.cfa_solution import estimates

CASES = ["hs", "mobi", "single_item_factor", "bfi", "neuroticism", "heywood"]
TO_LAVAAN = {
    "chi2": "chisq",
    "df": "df",
    "p_value": "pvalue",
    "baseline_chi2": "baseline_chisq",
    "baseline_df": "baseline_df",
    "cfi": "cfi",
    "tli": "tli",
    "rmsea": "rmsea",
    "rmsea_low": "rmsea_ci_lower",
    "rmsea_high": "rmsea_ci_upper",
    "rmsea_close_p": "rmsea_pvalue",
    "srmr": "srmr",
    "log_likelihood": "logl",
    "n_parameters": "npar",
    "aic": "aic",
    "bic": "bic",
    "n": "ntotal",
}
HS = ((0, 1, 2), (3, 4, 5), (6, 7, 8))


def columns(case):
    """Column numbers of each factor's items, which stand factor by factor."""
    ends = np.cumsum([0, *(len(items) for items in case["factors"].values())])
    return [tuple(range(a, b)) for a, b in pairwise(ends)]


def fitted(reference, name, **options):
    case = reference("cfa")["values"][name]
    return case, fit_cfa(case["covariance"], case["n"], columns(case), **options)


@pytest.mark.parametrize("name", CASES)
def test_fit_equals_lavaan(reference, name):
    case, fit = fitted(reference, name)
    for ours, theirs in TO_LAVAAN.items():
        value = case["measures"][theirs]
        expected = float("nan") if value is None else value
        found = getattr(fit.indices, ours)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=2e-7, equal_nan=True, err_msg=ours)


@pytest.mark.parametrize(
    ("name", "identification"),
    [(name, "marker") for name in CASES] + [(name, "unit_variance") for name in ("hs", "mobi", "neuroticism")],
)
def test_estimates_and_standard_errors_equal_lavaan(reference, name, identification):
    case, fit = fitted(reference, name, identification=identification)
    for what, value in case[identification].items():
        found = getattr(fit.estimates, what)
        np.testing.assert_allclose(found, value, rtol=1e-4, atol=5e-6, err_msg=what)


@pytest.mark.parametrize("name", ["hs", "mobi", "neuroticism"])
def test_residual_correlations_equal_lavaan(reference, name):
    case, fit = fitted(reference, name)
    np.testing.assert_allclose(fit.estimates.residual_corr, case["residual_corr"], atol=1e-5)


def test_published_figures(reference):
    """The lavaan tutorial (Rosseel 2012) and the project's research notes."""
    _, hs = fitted(reference, "hs")
    found = hs.indices
    assert (round(found.chi2, 4), found.df) == (85.3055, 24)
    assert [round(v, 5) for v in (found.cfi, found.tli, found.rmsea, found.srmr)] == [
        0.93056,
        0.89584,
        0.09212,
        0.06521,
    ]
    assert [round(v, 3) for v in (found.aic, found.bic)] == [7517.49, 7595.339]
    _, mobi = fitted(reference, "mobi")
    assert round(mobi.indices.chi2, 3) == 353.898
    assert [round(v, 4) for v in (mobi.indices.cfi, mobi.indices.tli, mobi.indices.rmsea)] == [0.8879, 0.8651, 0.0923]
    _, bfi = fitted(reference, "bfi")
    assert (round(bfi.indices.chi2, 3), bfi.indices.df, round(bfi.indices.cfi, 4)) == (4165.467, 265, 0.7824)


@pytest.mark.parametrize("name", ["hs", "mobi"])
def test_another_minimiser_finds_no_better_place(reference, name):
    case, fit = fitted(reference, name)
    model, moments = fit.solution.model, fit.solution.moments
    other = optimize.minimize(
        lambda x: discrepancy(model, moments, x),
        start(model, moments),
        jac=lambda x: gradient(model, moments, x),
        method="BFGS",
        options={"gtol": 1e-7},
    )
    assert other.fun == pytest.approx(fit.indices.chi2 / case["n"], abs=1e-11)
    np.testing.assert_allclose(other.x, fit.solution.x, atol=1e-5)
    assert np.abs(gradient(model, moments, fit.solution.x)).max() < 1e-9


def test_heywood_case_is_shown_and_not_clipped(reference):
    _, fit = fitted(reference, "heywood")
    assert fit.estimates.heywood.tolist() == [False, False, True]
    assert fit.estimates.residuals[2] < 0
    assert fit.estimates.std_loadings[2] == pytest.approx(1.0870, abs=1e-4)
    assert not fitted(reference, "hs")[1].estimates.heywood.any()


def test_factors_that_correlate_beyond_one_are_flagged():
    corr = np.full((6, 6), 0.5)
    corr[:3, :3] = corr[3:, 3:] = 0.4
    np.fill_diagonal(corr, 1.0)
    fit = fit_cfa(corr, 300, [(0, 1, 2), (3, 4, 5)])
    assert fit.estimates.improper_factors
    assert fit.estimates.factor_corr[0, 1] == pytest.approx(1.25, abs=1e-6)
    assert not fit.estimates.heywood.any()


def test_single_item_factor_is_its_item(reference):
    _, fit = fitted(reference, "single_item_factor")
    assert fit.estimates.std_loadings[-1] == 1.0
    assert fit.estimates.residuals[-1] == 0.0
    assert fit.estimates.residuals_se[-1] == 0.0


def population(loadings, correlation):
    """Correlations of items on two factors, the first half on the first."""
    half = len(loadings) // 2
    lam = np.zeros((len(loadings), 2))
    lam[:half, 0], lam[half:, 1] = loadings[:half], loadings[half:]
    corr = lam @ np.array([[1, correlation], [correlation, 1]]) @ lam.T
    np.fill_diagonal(corr, 1.0)
    return corr


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.4, 0.9), min_size=6, max_size=10), st.floats(-0.7, 0.7))
def test_truth_is_found(sizes, correlation):
    loadings = np.array(sizes[: len(sizes) // 2 * 2])
    half = len(loadings) // 2
    factors = [tuple(range(half)), tuple(range(half, len(loadings)))]
    fit = fit_cfa(population(loadings, correlation), 500, factors, identification="unit_variance")
    np.testing.assert_allclose(fit.estimates.std_loadings, loadings, atol=1e-6)
    assert fit.estimates.factor_corr[0, 1] == pytest.approx(correlation, abs=1e-6)
    assert fit.indices.chi2 == pytest.approx(0, abs=1e-7)


def test_a_factor_points_where_most_of_its_items_point():
    corr = population(np.array([-0.6, -0.7, 0.8, 0.7, 0.6, -0.5]), 0.4)
    fit = fit_cfa(corr, 200, [(0, 1, 2), (3, 4, 5)], identification="unit_variance")
    np.testing.assert_allclose(fit.estimates.std_loadings, [0.6, 0.7, -0.8, 0.7, 0.6, -0.5], atol=1e-6)
    assert fit.estimates.factor_corr[0, 1] == pytest.approx(-0.4, abs=1e-6)
    marker = fit_cfa(corr, 200, [(0, 1, 2), (3, 4, 5)])
    np.testing.assert_allclose(marker.estimates.std_loadings[:3], [0.6, 0.7, -0.8], atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(9)), st.lists(st.floats(0.01, 100), min_size=9, max_size=9))
def test_order_and_units_of_items_change_nothing_standardised(hs_covariance, order, scale):
    plain = fit_cfa(hs_covariance, 301, HS)
    order, scale = np.array(order), np.array(scale)
    back = np.argsort(order)
    other = fit_cfa(
        (hs_covariance * scale * scale[:, None])[np.ix_(order, order)],
        301,
        [tuple(int(back[i]) for i in items) for items in HS],
    )
    assert other.indices.chi2 == pytest.approx(plain.indices.chi2, rel=1e-9)
    np.testing.assert_allclose(other.estimates.std_loadings, plain.estimates.std_loadings[order], atol=1e-8)
    np.testing.assert_allclose(other.estimates.std_loadings_se, plain.estimates.std_loadings_se[order], atol=1e-8)
    np.testing.assert_allclose(other.estimates.factor_corr, plain.estimates.factor_corr, atol=1e-8)
    raw = other.estimates.residuals[back]
    np.testing.assert_allclose(raw, plain.estimates.residuals * scale**2, rtol=1e-7)


@pytest.fixture(scope="module")
def hs_covariance(reference):
    return np.array(reference("cfa")["values"]["hs"]["covariance"])


@settings(deadline=None, max_examples=10)
@given(st.integers(2, 50))
def test_more_respondents_scale_the_test_and_the_errors(hs_covariance, times):
    s = hs_covariance * 300 / 301
    one = fit_cfa(s * 301 / 300, 301, HS)
    many = fit_cfa(s * (301 * times) / (301 * times - 1), 301 * times, HS)
    assert many.indices.chi2 == pytest.approx(times * one.indices.chi2, rel=1e-9)
    np.testing.assert_allclose(many.estimates.loadings_se, one.estimates.loadings_se / np.sqrt(times), rtol=1e-6)


def test_interval_of_rmsea_covers_zero_when_the_fit_is_better_than_expected():
    assert rmsea_interval(10.0, 24, 300) == (0.0, 0.0)
    low, high = rmsea_interval(24.0, 24, 300)
    assert low == 0.0
    assert 0 < high < 0.06


def problems(call):
    with pytest.raises(NumericsError) as caught:
        call()
    return caught.value


def test_factors_must_name_every_item_once():
    corr = np.eye(4) * 0.5 + 0.5
    for factors in ([(0, 1), (2,)], [(0, 1), (1, 2, 3)], [(0, 1, 2, 3), ()], [(0, 1, 2, 4)]):
        error = problems(lambda factors=factors: fit_cfa(corr, 100, factors))
        assert [p.code for p in error.problems] == ["N030"]
    assert "0 to 3" in error.text("en")
    assert "第 0 至第 3 列" in error.text("zh-CN")


def test_models_that_are_not_identified_are_refused():
    error = problems(lambda: fit_cfa([[1, 0.5], [0.5, 1]], 100, [(0, 1)]))
    assert error.problems[0].code == "N031"
    assert "4 parameters, 3 moments" in error.text("en")
    apart = np.eye(4)
    apart[0, 1] = apart[1, 0] = apart[2, 3] = apart[3, 2] = 0.5
    error = problems(lambda: fit_cfa(apart, 100, [(0, 1), (2, 3)]))
    assert error.problems[0].code in {"N031", "N033"}


def test_constant_and_duplicate_items_are_named(hs_covariance):
    constant = hs_covariance.copy()
    constant[4] = constant[:, 4] = 0.0
    error = problems(lambda: fit_cfa(constant, 301, HS))
    assert error.problems[0].code == "N032"
    assert "columns 4" in error.text("en")
    order = [0, 1, 2, 3, 4, 5, 6, 7, 7]
    error = problems(lambda: fit_cfa(hs_covariance[np.ix_(order, order)], 301, HS))
    assert error.problems[0].code == "N032"
    assert re.search(r"\b7, 8\b", error.text("en"))


def test_too_few_respondents_and_missing_values(hs_covariance):
    error = problems(lambda: fit_cfa(hs_covariance, 9, HS))
    assert error.problems[0].code == "N034"
    assert "at least 10" in error.text("en")
    with pytest.raises(NumericsError, match="N009"):
        fit_cfa(np.full((9, 9), np.nan), 301, HS)
    with pytest.raises(NumericsError, match="N010"):
        fit_cfa(np.ones((2, 3, 3)), 301, [(0, 1, 2)])


def test_a_likelihood_without_maximum_is_an_error_and_not_a_number():
    """The product of the three correlations is negative: no loadings reproduce them (rows 121–150 of mobi CUEX)."""
    corr = [[1, 0.342, 0.295], [0.342, 1, -0.019], [0.295, -0.019, 1]]
    error = problems(lambda: fit_cfa(corr, 30, [(0, 1, 2)]))
    assert error.problems[0].code == "N033"
    assert "未收敛" in error.text("zh-CN")


def test_a_factor_of_negative_variance_has_no_standardised_loadings():
    """The matrices of such a solution, put together by hand: the search starts where variances are positive."""
    fit = fit_cfa([[1, 0.342, 0.295], [0.342, 1, 0.019], [0.295, 0.019, 1]], 100, [(0, 1, 2)])
    solution = fit.solution
    x = solution.x.copy()
    x[solution.model.free.kind == FACTOR_COV] = -0.01
    found = estimates(replace(solution, x=x), solution.covariance / 100)[0]
    assert np.isnan(found.std_loadings).all()
    assert found.improper_factors
    assert np.isfinite(found.loadings).all()
