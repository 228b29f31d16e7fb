"""Logistic regression, Firth's penalised likelihood, and their replicates."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics import ordinal_newton
from satmeter.numerics.binary_regression import fit_logistic


def sample(seed, n=150, k=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k))
    y = (x @ np.linspace(0.2, 1, k) - 0.5 + rng.logistic(size=n) > 0).astype(int)
    return x, y, rng


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_equals_statsmodels(seed, k):
    x, y, _ = sample(seed, k=k)
    fit = fit_logistic(x, y)
    theirs = sm.Logit(y, sm.add_constant(x)).fit(disp=False, method="newton", tol=1e-12)
    np.testing.assert_allclose(np.r_[fit.intercept, fit.coefficients], theirs.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(fit.covariance, theirs.cov_params(), rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose([fit.loglik, fit.loglik_null], [theirs.llf, theirs.llnull], rtol=1e-8)
    np.testing.assert_allclose(fit.probability(x), theirs.predict(), rtol=1e-8)
    robust = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit(cov_type="HC0", tol=1e-12)
    np.testing.assert_allclose(fit.sandwich, robust.cov_params() * 150 / 149, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("method", ["likelihood", "firth"])
def test_turning_the_codes_turns_the_signs(method):
    x, y, rng = sample(1)
    w = rng.uniform(0.5, 2, 150)
    one, other = (fit_logistic(x, codes, weights=w, method=method) for codes in (y, 7 - 2 * y))
    assert other.categories.tolist() == [5, 7]
    np.testing.assert_allclose(other.coefficients, -one.coefficients, rtol=1e-6)
    np.testing.assert_allclose(other.intercept, -one.intercept, rtol=1e-6)
    np.testing.assert_allclose(other.sandwich, one.sandwich, rtol=1e-6)
    np.testing.assert_allclose(other.loglik, one.loglik, rtol=1e-9)
    np.testing.assert_allclose(other.loglik_null, one.loglik_null, rtol=1e-12)


def test_firth_of_one_share_adds_half_an_answer_to_each_side():
    fit = fit_logistic(np.zeros((10, 0)), [1, 1, 1, 0, 0, 0, 0, 0, 0, 0], method="firth")
    assert fit.intercept == pytest.approx(np.log(3.5 / 7.5), rel=1e-9)


def test_firth_of_a_table_adds_half_to_each_cell():
    """A saturated model: Firth's penalty is Jeffreys' prior, half an answer in each of the four cells."""
    x = np.repeat([0.0, 1.0], [10, 8])[:, None]
    y = np.repeat([0, 1, 1], [7, 3, 8])  # nobody says 0 where x is 1
    fit = fit_logistic(x, y, method="firth")
    low = np.log(3.5 / 7.5)
    np.testing.assert_allclose([fit.intercept, fit.coefficients[0]], [low, np.log(8.5 / 0.5) - low], rtol=1e-7)
    with pytest.raises(NumericsError) as caught:
        fit_logistic(x, y)
    assert caught.value.problems[0].code == "N041"


def test_frequencies_are_expanded_rows_under_firth_too():
    x, y, rng = sample(2, n=60)
    freq = rng.integers(0, 4, 60)
    rows = np.repeat(np.arange(60), freq)
    short, long = fit_logistic(x, y, weights=freq, method="firth"), fit_logistic(x[rows], y[rows], method="firth")
    np.testing.assert_allclose(short.coefficients, long.coefficients, rtol=1e-6)
    np.testing.assert_allclose(short.covariance, long.covariance, rtol=1e-6)
    np.testing.assert_allclose(short.loglik, long.loglik, rtol=1e-9)


def test_what_cannot_be_fitted_is_refused(monkeypatch):
    x, y, _ = sample(5)
    for call, code in [
        (lambda: fit_logistic(x, y + (x[:, 0] > 1)), "N010"),
        (lambda: fit_logistic(x, np.zeros(150), method="firth"), "N040"),
        (lambda: fit_logistic(x[:4], [0, 1, 0, 1], method="firth"), "N006"),
    ]:
        with pytest.raises(NumericsError) as caught:
            call()
        assert caught.value.problems[0].code == code
    monkeypatch.setattr(ordinal_newton, "_STEPS", 1)
    with pytest.raises(NumericsError) as caught:
        fit_logistic(x, y, method="firth")
    assert caught.value.problems[0].code == "N042"


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 100_000))
def test_firth_has_a_maximum_always(seed):
    """Few respondents, separated or not: the slope of the penalised likelihood is zero where it ends."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 40))
    x = np.column_stack([rng.normal(size=n), rng.integers(0, 2, n)]).astype(float)
    y = (x @ rng.normal(size=2) * 3 + rng.logistic(size=n) > 0).astype(int)
    if len(np.unique(y)) < 2 or x[:, 1].min() == x[:, 1].max():
        return
    fit = fit_logistic(x, y, method="firth")
    chance, design = fit.probability(x), np.column_stack([np.ones(n), x])
    leverage = chance * (1 - chance) * np.einsum("ni,ij,nj->n", design, fit.covariance, design)
    slope = design.T @ (y - chance + leverage * (0.5 - chance))
    np.testing.assert_allclose(slope * np.sqrt(np.diag(fit.covariance)), 0, atol=1e-5)
