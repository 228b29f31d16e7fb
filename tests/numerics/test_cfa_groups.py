"""Factor models of several groups against lavaan."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from satmeter.errors import NumericsError
from satmeter.numerics.cfa_build import Constraints
from satmeter.numerics.cfa_groups import fit_groups

CASES = ["hs_school", "bfi_gender", "bfi_education"]
LEVELS = {
    "configural": Constraints(),
    "metric": Constraints(loadings=True),
    "scalar": Constraints(loadings=True, intercepts=True),
    "strict": Constraints(loadings=True, intercepts=True, residuals=True),
}
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
    "srmr": "srmr",
    "aic": "aic",
    "bic": "bic",
}


def columns(case):
    ends = np.cumsum([0, *(len(items) for items in case["factors"].values())])
    return [tuple(range(a, b)) for a, b in pairwise(ends)]


def fitted(reference, name, constraints):
    case = reference("invariance")["values"][name]
    return case, fit_groups(case["covariance"], case["means"], case["n"], columns(case), constraints=constraints)


def same_fit(indices, measures):
    for ours, theirs in TO_LAVAAN.items():
        assert getattr(indices, ours) == pytest.approx(measures[theirs], rel=2e-6, abs=1e-6), ours


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", CASES)
def test_fit_equals_lavaan(reference, name, level):
    case, fit = fitted(reference, name, LEVELS[level])
    same_fit(fit.indices, case["measures"][level])


@pytest.mark.parametrize("level", ["configural", "scalar"])
@pytest.mark.parametrize("name", CASES)
def test_estimates_and_standard_errors_equal_lavaan(reference, name, level):
    case, fit = fitted(reference, name, LEVELS[level])
    for ours, theirs in zip(fit.estimates, case[level], strict=True):
        # lavaan starts each factor from its first item, which is a reversed one for agreeableness
        turned = np.array([np.sign(theirs["loadings"][items[0]] * ours.loadings[items[0]]) for items in columns(case)])
        of_item = np.repeat(turned, [len(items) for items in columns(case)])
        signs = {"loadings": of_item, "std_loadings": of_item, "factor_means": turned}
        for what, value in theirs.items():
            found = getattr(ours, what) * signs.get(what, 1.0)
            np.testing.assert_allclose(found, value, rtol=2e-4, atol=2e-5, err_msg=what)


def test_partial_model_equals_lavaan(reference):
    released = (("intercept", 2), ("intercept", 6))
    case, fit = fitted(reference, "hs_school", Constraints(loadings=True, intercepts=True, released=released))
    same_fit(fit.indices, case["partial"]["measures"])
    for what, value in case["partial"]["last"].items():
        np.testing.assert_allclose(getattr(fit.estimates[1], what), value, rtol=2e-4, atol=2e-5, err_msg=what)


def test_published_figures(reference):
    """Holzinger-Swineford by school in the project's research notes."""
    found = {level: fitted(reference, "hs_school", held)[1].indices for level, held in LEVELS.items()}
    assert [(round(i.chi2, 3), i.df, round(i.cfi, 4)) for i in found.values()] == [
        (115.851, 48, 0.9234),
        (124.044, 54, 0.9209),
        (164.103, 60, 0.8825),
        (181.511, 69, 0.8730),
    ]


def test_a_start_elsewhere_ends_at_the_same_place(reference):
    case, metric = fitted(reference, "hs_school", LEVELS["metric"])
    begin = metric.solution.model.matrices(metric.solution.x)
    args = case["covariance"], case["means"], case["n"], columns(case)
    warm = fit_groups(*args, constraints=LEVELS["scalar"], begin=begin)
    cold = fit_groups(*args, constraints=LEVELS["scalar"])
    assert warm.indices.chi2 == pytest.approx(cold.indices.chi2, rel=1e-10)


def test_bad_input_names_the_groups(reference):
    case = reference("invariance")["values"]["hs_school"]
    cov, means, factors = np.array(case["covariance"]), case["means"], columns(case)
    with pytest.raises(NumericsError, match="N035") as caught:
        fit_groups(cov[:1], means[:1], [156], factors)
    assert "至少需要两个组" in caught.value.text("zh-CN")
    with pytest.raises(NumericsError, match="N010"):
        fit_groups(cov, means[0], [156, 145], factors)
    broken = cov.copy()
    broken[1, 3] = broken[1, :, 3] = 0
    with pytest.raises(NumericsError) as caught:
        fit_groups(broken, means, [8, 145], factors)
    assert [(p.code, p.params["group"]) for p in caught.value.problems] == [("N034", 0), ("N032", 1)]


def test_a_negative_factor_variance_has_no_standardised_loadings_and_no_warning():
    one = np.kron(np.eye(2), np.full((3, 3), 0.3)) + 0.2 + 0.5 * np.eye(6)
    other = np.kron(np.diag([-0.2, 0.5]), np.ones((3, 3)))
    np.fill_diagonal(other, 1.0)
    fit = fit_groups(
        [one, other],
        np.zeros((2, 6)),
        [200, 200],
        [(0, 1, 2), (3, 4, 5)],
        constraints=Constraints(loadings=True),
    )
    found = fit.estimates[1]
    assert found.factor_cov[0, 0] == pytest.approx(-0.4, abs=1e-6)
    assert found.improper_factors
    assert np.isnan(found.std_loadings[:3]).all()
    assert found.std_loadings[3:] == pytest.approx(np.sqrt(0.5), abs=1e-6)
    assert np.isnan(found.factor_corr[0, 1])


def test_a_start_that_is_no_covariance_matrix_is_left_for_the_ordinary_one(reference):
    case, plain = fitted(reference, "hs_school", LEVELS["scalar"])
    solution = plain.solution
    begin = solution.model.matrices(solution.x)
    begin = replace(begin, residual_cov=-2 * begin.residual_cov)
    args = (case["covariance"], case["means"], case["n"], columns(case))
    again = fit_groups(*args, constraints=LEVELS["scalar"], begin=begin)
    assert again.indices.chi2 == pytest.approx(plain.indices.chi2, rel=1e-10)
