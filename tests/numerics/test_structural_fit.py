"""Structural equation models against lavaan's sem, against known truth, and what is improper."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from satmeter.errors import NumericsError
from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.structural_fit import fit_structural
from satmeter.numerics.structural_model import discrepancy, gradient, hessian, information, start

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
CASES = ["democracy", "ecsi", "stated_reliability", "improper", "big_five"]


def factors_and_paths(case):
    names = list(case["factors"])
    ends = np.cumsum([0, *(len(items) for items in case["factors"].values())])
    factors = [tuple(range(a, b)) for a, b in pairwise(ends)]
    return factors, {names.index(y): tuple(names.index(x) for x in those) for y, those in case["model"].items()}


@pytest.fixture(scope="module")
def fitted(reference):
    found = {}
    for name in CASES:
        case = reference("structural")["values"][name]
        stated = {list(case["factors"]).index("complaints"): 0.8} if name == "stated_reliability" else None
        found[name] = case, fit_structural(case["covariance"], case["n"], *factors_and_paths(case), reliability=stated)
    return found


@pytest.mark.parametrize("name", CASES)
def test_fit_equals_lavaan(fitted, name):
    case, fit = fitted[name]
    for ours, theirs in TO_LAVAAN.items():
        value = case["measures"][theirs]
        np.testing.assert_allclose(getattr(fit.indices, ours), value, rtol=1e-6, atol=2e-7, err_msg=ours)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("part", ["measurement", "paths"])
def test_estimates_effects_and_standard_errors_equal_lavaan(reference, fitted, name, part):
    case, fit = fitted[name]
    rtol = reference("structural")["rtol"]
    for what, value in case[part].items():
        found, expected = getattr(getattr(fit, part), what), np.array(value, dtype=float)
        if name == "improper" and what.startswith("std_disturbances"):
            # lavaan divides a residual covariance by the root of a negative variance turned positive; here it is NaN
            found, expected = np.diagonal(found), np.diagonal(expected)
        if name == "improper" and what == "r2":  # beyond 1, which lavaan leaves out
            expected[-1] = 1 - case[part]["std_disturbances"][-1][-1]
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=2e-5, err_msg=what)
    np.testing.assert_allclose(fit.measurement.factor_corr, case["factor_corr"], rtol=rtol, atol=1e-5)


def test_published_figures(fitted):
    """Democracy (Bollen 1989) without residual covariances, as computed for the project's notes by lavaan."""
    _, fit = fitted["democracy"]
    assert (round(fit.indices.chi2, 3), fit.indices.df, fit.indices.n_parameters) == (72.462, 41, 25)
    assert fit.paths.r2[1:].round(3).tolist() == [0.201, 0.974]


@pytest.mark.parametrize("name", CASES)
def test_total_is_direct_and_indirect(fitted, name):
    paths = fitted[name][1].paths
    np.testing.assert_allclose(paths.total, paths.paths + paths.indirect, atol=1e-12)
    np.testing.assert_allclose(paths.std_total, paths.std_paths + paths.std_indirect, atol=1e-12)
    powers = sum(np.linalg.matrix_power(paths.std_paths, k) for k in range(1, len(paths.paths)))
    np.testing.assert_allclose(paths.std_total, powers, atol=1e-12)


def test_improper_solutions_are_flagged_and_not_clipped(fitted):
    case, fit = fitted["improper"]
    loyalty = list(case["factors"]).index("loyalty")
    assert not fit.admissible
    assert np.flatnonzero(fit.paths.improper_disturbances).tolist() == [loyalty]
    assert fit.paths.disturbances[loyalty, loyalty] < 0
    assert fit.paths.r2[loyalty] > 1
    assert all(fitted[name][1].admissible for name in CASES if name != "improper")


def test_a_model_that_leaves_no_correlation_out_is_the_factor_model(reference):
    case = reference("structural")["values"]["democracy"]
    factors = factors_and_paths(case)[0]
    full = fit_structural(case["covariance"], case["n"], factors, {1: (0,), 2: (0, 1)})
    plain = fit_cfa(case["covariance"], case["n"], factors)
    assert full.indices.chi2 == pytest.approx(plain.indices.chi2, rel=1e-9)
    np.testing.assert_allclose(full.measurement.factor_corr, plain.estimates.factor_corr, atol=1e-7)
    np.testing.assert_allclose(full.measurement.factor_corr_se, plain.estimates.factor_corr_se, atol=1e-7)
    np.testing.assert_allclose(full.measurement.std_loadings_se, plain.estimates.std_loadings_se, atol=1e-7)


def test_single_items_alone_are_path_analysis():
    """With every factor one item, the paths are least squares."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((200, 2)) @ [[1, 0.5], [0, 1]]
    m = x @ [0.5, 0.2] + rng.standard_normal(200)
    y = 0.4 * m + x @ [0.3, 0.0] + rng.standard_normal(200)
    data = np.column_stack([x, m, y])
    fit = fit_structural(np.cov(data.T), 200, [(0,), (1,), (2,), (3,)], {2: (0, 1), 3: (0, 1, 2)})
    for outcome in (2, 3):
        design = np.column_stack([np.ones(200), data[:, :outcome]])
        b, squares = np.linalg.lstsq(design, data[:, outcome], rcond=None)[:2]
        np.testing.assert_allclose(fit.paths.paths[outcome, :outcome], b[1:], atol=1e-9)
        error = np.sqrt(squares[0] / 200 * np.diag(np.linalg.inv(design.T @ design)))[1:]
        np.testing.assert_allclose(fit.paths.paths_se[outcome, :outcome], error, rtol=1e-6)
    assert fit.indices.df == 0
    assert fit.indices.chi2 == pytest.approx(0, abs=1e-8)


def test_derivatives_are_those_of_the_discrepancy(fitted):
    solution = fitted["democracy"][1].solution
    model, moments = solution.model, solution.moments
    x = start(model, moments) + np.random.default_rng(1).normal(0, 0.02, len(solution.x))
    numeric = optimize.approx_fprime(x, lambda z: discrepancy(model, moments, z), 1e-7)
    np.testing.assert_allclose(gradient(model, moments, x), numeric, atol=2e-6)
    curve = np.array(
        [optimize.approx_fprime(x, lambda z, j=j: gradient(model, moments, z)[j], 1e-7) for j in range(len(x))]
    )
    np.testing.assert_allclose(hessian(model, moments, x), curve, atol=2e-5)
    slopes = optimize.approx_fprime(x, model.factor_parameters, 1e-7)
    np.testing.assert_allclose(model.jacobian(x), slopes, atol=1e-6)
    assert np.abs(gradient(model, moments, solution.x)).max() < 1e-9
    np.testing.assert_allclose(solution.covariance @ information(model, moments, solution.x), np.eye(len(x)), atol=1e-8)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.floats(0.5, 0.9), min_size=9, max_size=9),
    st.floats(-0.6, 0.6),
    st.floats(-0.5, 0.5),
    st.floats(-0.5, 0.5),
)
def test_truth_is_found(loadings, a, b, c):
    phi = np.eye(3)
    phi[0, 1] = phi[1, 0] = a
    phi[0, 2] = phi[2, 0] = c + a * b
    phi[1, 2] = phi[2, 1] = b + a * c
    lam = np.zeros((9, 3))
    lam[np.arange(9), np.repeat(range(3), 3)] = loadings
    corr = lam @ phi @ lam.T
    np.fill_diagonal(corr, 1.0)
    fit = fit_structural(corr, 300, [(0, 1, 2), (3, 4, 5), (6, 7, 8)], {1: (0,), 2: (0, 1)})
    np.testing.assert_allclose(fit.measurement.std_loadings, loadings, atol=1e-5)
    expected = [[0, 0, 0], [a, 0, 0], [c, b, 0]]
    np.testing.assert_allclose(fit.paths.std_paths, expected, atol=1e-5)
    np.testing.assert_allclose(fit.paths.std_indirect[2, 0], a * b, atol=1e-5)
    assert fit.paths.r2[2] == pytest.approx(b * phi[1, 2] + c * phi[0, 2], abs=1e-5)


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(3)), st.lists(st.floats(0.01, 100), min_size=11, max_size=11))
def test_order_of_factors_and_units_of_items_change_nothing(reference, order, scale):
    case = reference("structural")["values"]["democracy"]
    factors, paths = factors_and_paths(case)
    cov = np.array(case["covariance"])
    plain = fit_structural(cov, 75, factors, paths)
    place = {old: new for new, old in enumerate(order)}
    turned = {place[y]: tuple(place[x] for x in those) for y, those in paths.items()}
    scale = np.array(scale)
    other = fit_structural(cov * scale * scale[:, None], 75, [factors[k] for k in order], turned)
    assert other.indices.chi2 == pytest.approx(plain.indices.chi2, rel=1e-9)
    grid = np.ix_(order, order)
    np.testing.assert_allclose(other.paths.std_total, plain.paths.std_total[grid], atol=1e-7)
    np.testing.assert_allclose(other.paths.std_total_se, plain.paths.std_total_se[grid], atol=1e-7)


def test_stated_reliability_raises_the_effect_of_a_single_item(reference):
    case = reference("structural")["values"]["stated_reliability"]
    factors, paths = factors_and_paths(case)
    complaints = list(case["factors"]).index("complaints")
    perfect, stated = (
        fit_structural(case["covariance"], case["n"], factors, paths, reliability=given_)
        for given_ in (None, {complaints: 0.8})
    )
    assert stated.indices.chi2 == pytest.approx(perfect.indices.chi2, rel=1e-6)
    ratio = stated.paths.std_paths[complaints, 0] / perfect.paths.std_paths[complaints, 0]
    assert ratio == pytest.approx(np.sqrt(1 / 0.8), rel=1e-3)
    assert stated.measurement.std_loadings[factors[complaints][0]] == pytest.approx(np.sqrt(0.8), abs=1e-9)


@pytest.mark.parametrize("stated", [{0: 0.8}, {1: 0.0}, {1: 1.2}, {7: 0.5}])
def test_reliability_that_cannot_be_stated(stated):
    with pytest.raises(NumericsError) as caught:
        fit_structural(np.eye(4) + 1, 100, [(0, 1, 2), (3,)], {1: (0,)}, reliability=stated)
    assert [problem.code for problem in caught.value.problems] == ["N092"]


def test_wrong_models_are_refused():
    cov = np.eye(4) + 1
    for paths, code in (({0: (1,), 1: (0,)}, "N090"), ({0: (5,)}, "N091")):
        with pytest.raises(NumericsError, match=code):
            fit_structural(cov, 100, [(0, 1, 2), (3,)], paths)
    with pytest.raises(NumericsError, match="N031"):
        fit_structural(np.kron(np.eye(2), np.eye(2) + 1), 100, [(0, 1), (2, 3)], {1: (0,)})
    with pytest.raises(NumericsError, match="N032"):
        fit_structural(np.ones((4, 4)), 100, [(0, 1, 2), (3,)], {1: (0,)})
    with pytest.raises(NumericsError, match="N010"):
        fit_structural(np.ones((1, 4, 4)), 100, [(0, 1, 2), (3,)], {1: (0,)})


def test_a_search_without_end_gives_no_numbers():
    cov = np.array([[1, 0.5, 0.5, 0], [0.5, 1, -0.5, 0], [0.5, -0.5, 1.5, 0], [0, 0, 0, 1.0]])
    with pytest.raises(NumericsError, match=r"N03[13]"):
        fit_structural(cov, 100, [(0, 1, 2), (3,)], {1: (0,)})


@pytest.mark.speed
@pytest.mark.parametrize("name", ["ecsi", "big_five"])
def test_a_model_of_24_or_25_items_takes_under_a_second(reference, name):
    case = reference("structural")["values"][name]
    factors, paths = factors_and_paths(case)
    taken = []
    for _ in range(3):
        begin = time.process_time()
        fit_structural(case["covariance"], case["n"], factors, paths)
        taken.append(time.process_time() - begin)
    assert min(taken) < 1.0
