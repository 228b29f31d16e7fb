"""Multinomial logit against statsmodels, the logistic regression, and itself."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics import ordinal_newton
from satmeter.numerics.binary_regression import fit_logistic
from satmeter.numerics.multinomial_regression import fit_multinomial


def sample(seed, n=200, k=2, categories=4):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, k))
    utility = x @ rng.normal(size=(k, categories)) * 0.7 + rng.gumbel(size=(n, categories))
    return x, utility.argmax(axis=1), rng


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.integers(3, 5))
def test_equals_statsmodels(seed, categories):
    x, y, _ = sample(seed, categories=categories)
    fit = fit_multinomial(x, y)
    theirs = sm.MNLogit(y, sm.add_constant(x)).fit(disp=False, method="newton", tol=1e-10)
    np.testing.assert_allclose(fit.coefficients, theirs.params.T, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(fit.covariance, theirs.cov_params(), rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose([fit.loglik, fit.loglik_null], [theirs.llf, theirs.llnull], rtol=1e-9)
    np.testing.assert_allclose(fit.probabilities(x), theirs.predict(), rtol=1e-5)


def test_two_categories_are_a_logistic_regression():
    x, y, rng = sample(1, categories=2)
    w, group = rng.uniform(0.5, 2, 200), rng.integers(0, 20, 200)
    one = fit_multinomial(x, y, weights=w, cluster=group)
    other = fit_logistic(x, y, weights=w, cluster=group)
    np.testing.assert_allclose(one.coefficients[0], np.r_[other.intercept, other.coefficients], rtol=1e-8)
    np.testing.assert_allclose(one.sandwich, other.sandwich, rtol=1e-7)
    np.testing.assert_allclose(one.scores, other.scores, rtol=1e-7, atol=1e-9)
    assert one.df == other.df == 19


def test_scores_vanish_and_the_category_compared_with_does_not_matter():
    x, y, rng = sample(2)
    w = rng.uniform(0.5, 2, 200)
    fit = fit_multinomial(x, y, weights=w)
    np.testing.assert_allclose(w @ fit.scores, 0, atol=1e-8)
    turned = fit_multinomial(5 + 3 * x, (y + 1) % 4, weights=9 * w)
    np.testing.assert_allclose(turned.probabilities(5 + 3 * x), fit.probabilities(x)[:, [3, 0, 1, 2]], rtol=1e-7)
    np.testing.assert_allclose(turned.loglik, 9 * fit.loglik, rtol=1e-10)


def test_what_cannot_be_fitted_is_refused(monkeypatch):
    x, y, rng = sample(4)
    group = (rng.random(200) < 0.2).astype(float)
    separated = np.where(group == 1, 2, np.where(y == 2, 1, y))
    for call, code, columns in [
        (lambda: fit_multinomial(np.column_stack([x, group]), separated), "N041", "2"),
        (lambda: fit_multinomial(x, np.ones(200)), "N040", None),
        (lambda: fit_multinomial(x[:8], [0, 1, 2, 3, 0, 1, 2, 3]), "N006", None),
    ]:
        with pytest.raises(NumericsError) as caught:
            call()
        assert caught.value.problems[0].code == code
        assert caught.value.problems[0].params.get("columns") == columns
    monkeypatch.setattr(ordinal_newton, "_STEPS", 1)
    with pytest.raises(NumericsError) as caught:
        fit_multinomial(x, y)
    assert caught.value.problems[0].code == "N042"
