"""Regression diagnostics against R car, lmtest, sandwich and survey, and against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.diagnostic import het_breuschpagan, het_white, linear_reset
from statsmodels.stats.outliers_influence import OLSInfluence, variance_inflation_factor

from satmeter.errors import NumericsError
from satmeter.numerics.diagnostics_collinearity import condition_indices, driver_signs
from satmeter.numerics.diagnostics_influence import influence
from satmeter.numerics.diagnostics_linearity import linearity_test, natural_spline
from satmeter.numerics.diagnostics_residuals import breusch_pagan, reset_test, variance_test, white_test
from satmeter.numerics.diagnostics_wald import added_columns_test, wald_test
from satmeter.numerics.regression import vif

DESIGN = ("weights", "strata", "cluster")


@pytest.fixture(scope="module")
def case(reference):
    return reference("diagnostics")["values"]["prestige"], reference("diagnostics")["rtol"]


def equal(test, expected, rtol=1e-9):
    for what, value in expected.items():
        assert getattr(test, what) == pytest.approx(value, rel=rtol), what


def test_collinearity_equals_belsley_and_car(case, prestige):
    values, rtol = case
    x = prestige[:, 1:]
    found = condition_indices(np.cov(x.T), x.mean(axis=0), len(x))
    np.testing.assert_allclose(found.index, values["belsley"]["index"], rtol=rtol)
    np.testing.assert_allclose(found.proportions, values["belsley"]["proportions"], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(vif(np.corrcoef(x.T)), values["vif"], rtol=rtol)
    design = sm.add_constant(x)
    np.testing.assert_allclose(vif(np.cov(x.T)), [variance_inflation_factor(design, j) for j in (1, 2, 3)], rtol=rtol)


def test_condition_indices_of_a_stack_and_units():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((50, 3)) @ (np.eye(3) + 0.6) + 4
    cov, mean = np.cov(x.T), x.mean(axis=0)
    scale = np.array([1, 10, 0.01])
    found = condition_indices(np.stack([cov, cov * scale * scale[:, None]]), np.stack([mean, mean * scale]), 50)
    np.testing.assert_allclose(found.index[0], found.index[1], rtol=1e-9)
    np.testing.assert_allclose(found.proportions.sum(axis=-2), 1, rtol=1e-12)
    assert (found.index[:, 0] == 1).all()


@pytest.mark.parametrize("name", ["influence", "influence_weighted"])
def test_influence_equals_lm(case, prestige, name):
    values, rtol = case
    weights = np.resize([1, 2, 0.5], 102) if name == "influence_weighted" else None
    found = influence(prestige[:, 1:], prestige[:, 0], weights)
    for what, expected in values[name].items():
        np.testing.assert_allclose(getattr(found, what), expected, rtol=rtol, atol=1e-12, err_msg=what)
    np.testing.assert_array_equal(found.notable, found.cooks_distance > 4 / 102)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_influence_and_tests_equal_statsmodels(seed, k):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((60, k))
    y = x.sum(axis=1) + rng.standard_normal(60) * (1 + 0.5 * np.abs(x[:, 0]))
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    theirs, ours = OLSInfluence(fit), influence(x, y)
    np.testing.assert_allclose(ours.leverage, theirs.hat_matrix_diag, rtol=1e-9)
    np.testing.assert_allclose(ours.cooks_distance, theirs.cooks_distance[0], rtol=1e-8)
    np.testing.assert_allclose(ours.dffits, theirs.dffits[0], rtol=1e-8)
    equal(
        breusch_pagan(x, y),
        dict(zip(("chi2", "p_value"), het_breuschpagan(fit.resid, fit.model.exog)[:2], strict=True)),
    )
    equal(white_test(x, y), dict(zip(("chi2", "p_value"), het_white(fit.resid, fit.model.exog)[:2], strict=True)), 1e-7)
    reset = linear_reset(fit, power=3, test_type="fitted", use_f=True)
    equal(reset_test(x, y, covariance="classical"), {"f": float(reset.fvalue), "p_value": float(reset.pvalue)}, 1e-6)


def test_a_row_alone_in_its_category_has_no_residual():
    x = np.column_stack([np.arange(8.0), np.arange(8) == 5])
    found = influence(x, np.arange(8.0) ** 2)
    assert found.leverage[5] == pytest.approx(1)
    assert np.isnan(found.cooks_distance[5])
    assert not found.notable[5]
    assert np.isfinite(np.delete(found.dffits, 5)).all()


def test_variance_tests_equal_lmtest(case, prestige):
    values, rtol = case
    x, y = prestige[:, 1:], prestige[:, 0]
    equal(breusch_pagan(x, y, studentised=False), values["breusch_pagan"], rtol)
    equal(breusch_pagan(x, y), values["koenker"], rtol)
    equal(white_test(x, y), values["white"], rtol)


def test_squares_of_indicators_are_not_counted():
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.integers(0, 2, 100), rng.standard_normal(100)])
    assert white_test(x, rng.standard_normal(100)).df == 4


def test_variance_test_of_any_sample(people):
    x = np.column_stack([people["extraverted"], people["neurotic"]])
    design = [people[name] for name in DESIGN]
    assert variance_test(x, people["agreeable"], *design).p_value < 0.05
    assert variance_test(x, people["agreeable"]).df2 == 897
    assert variance_test(x, people["agreeable"], *design).df2 == 83 - 4 - 2


def test_reset_equals_lmtest_and_car(case, prestige):
    values, _ = case
    x, y = prestige[:, 1:], prestige[:, 0]
    equal(reset_test(x, y, covariance="classical"), values["reset_classical"], 1e-8)
    equal(reset_test(x, y), values["reset_robust"], 1e-7)


def test_splines_equal_ns_and_car(case, prestige):
    values, _ = case
    x, y = prestige[:, 1:], prestige[:, 0]
    for covariance, name in (("classical", "spline_classical"), ("robust", "spline_robust")):
        found = linearity_test(x, y, 1, covariance=covariance)
        assert found.kind == "spline"
        equal(found.test, values[name], 1e-8)


def test_categories_equal_anova_car_and_survey(reference, people):
    values = reference("diagnostics")["values"]["categories"]
    x = np.column_stack([people["extraverted"], people["age"], people["n1"]])
    y = people["agreeable"]
    design = [people[name] for name in DESIGN]
    for found, name in (
        (linearity_test(x, y, 2, covariance="classical"), "classical"),
        (linearity_test(x, y, 2), "robust"),
        (linearity_test(x, y, 2, *design), "design"),
    ):
        assert found.kind == "categories"
        equal(found.test, values[name], 1e-8)


def test_small_categories_join_their_neighbours():
    x = np.repeat([1.0, 2, 3, 4, 5], [30, 3, 30, 30, 4])
    y = np.random.default_rng(1).standard_normal(97)
    assert linearity_test(x[:, None], y, 0).test.df1 == 1
    assert linearity_test(x[:, None], y, 0, least=1).test.df1 == 3
    two = linearity_test((x > 2)[:, None], y, 0)
    assert two.kind == "none"
    assert np.isnan(two.test.p_value)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.integers(3, 6))
def test_a_natural_spline_is_straight_outside_and_smooth_inside(seed, k):
    knots = np.sort(np.random.default_rng(seed).uniform(0, 10, k))
    step = 1e-3
    for beyond in (knots[0] - 2, knots[-1] + 2):
        columns = natural_spline(beyond + np.array([-1.0, 0, 1]), knots)
        np.testing.assert_allclose(columns[0] - 2 * columns[1] + columns[2], 0, atol=1e-6 * (1 + np.abs(columns).max()))
    around = natural_spline(knots[1] + step * np.arange(-2, 3), knots)
    second = np.diff(around, 2, axis=0) / step**2
    assert np.abs(np.diff(second, axis=0)).max() < 0.2 * (1 + np.abs(second).max() / np.diff(knots).min())


def test_signs_of_drivers():
    corr = np.array([[1, 0.5, 0.2, 0.3], [0.5, 1, 0.8, 0.0], [0.2, 0.8, 1, 0.0], [0.3, 0.0, 0.0, 1]])
    found = driver_signs(np.stack([corr, np.eye(4)]), 0, (1, 2, 3))
    assert found.reversed.tolist() == [[False, True, False], [False] * 3]
    assert found.enlarged.tolist() == [[True, True, False], [False] * 3]
    assert found.suppressing.tolist() == [[True, True, False], [False] * 3]
    same = np.ones((3, 3))
    assert not driver_signs(same, 0, (1, 2)).reversed.any()


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=25)
def test_orthogonal_drivers_never_turn(seed):
    rng = np.random.default_rng(seed)
    r = rng.uniform(-0.5, 0.5, 3)
    corr = np.eye(4)
    corr[0, 1:] = corr[1:, 0] = r
    found = driver_signs(corr, 0, (1, 2, 3))
    assert not (found.reversed | found.enlarged | found.suppressing).any()


def test_joint_tests_that_cannot_be_had():
    assert np.isnan(wald_test([1.0, 2.0], np.ones((2, 2)), 10).f)
    assert np.isnan(wald_test([1.0], [[np.nan]], 10).p_value)
    x = np.arange(6.0)[:, None]
    with pytest.raises(NumericsError, match="N005"):
        added_columns_test(x, x[:, 0] ** 2, 2 * x, covariance="classical")
    with pytest.raises(NumericsError, match="N006"):
        added_columns_test(x[:3], x[:3, 0], x[:3] ** 2, covariance="classical")
    with pytest.raises(NumericsError, match="N006"):
        influence(x[:3], x[:3, 0])
    with pytest.raises(NumericsError, match="N009"):
        influence(np.where(x == 2, np.nan, x), x[:, 0])
