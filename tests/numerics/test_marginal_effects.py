"""Average marginal effects: against differences, under designs, and in replicates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import NumericsError
from satmeter.numerics.binary_regression import fit_logistic
from satmeter.numerics.marginal_effects import average_effects, index_values, top_values
from satmeter.numerics.ordinal_regression import fit_ordinal


def survey(seed, n=200):
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=n), rng.random(n) < 0.4, rng.integers(0, 3, n) == 1, np.zeros(n)])
    x[:, 3] = (x[:, 2] == 0) & (rng.random(n) < 0.5)
    latent = x @ [0.8, -0.5, 0.7, 0.3] + rng.logistic(size=n)
    return x, np.searchsorted([-1.0, 0.0, 1.0], latent) + 1, rng


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from(["logit", "probit"]), st.sampled_from([(), (0,), (1, 2)]))
def test_effects_are_what_predictions_change_by(seed, link, free):
    x, y, rng = survey(seed)
    w = rng.uniform(0.5, 2, len(y))
    fit = fit_ordinal(x, y, weights=w, link=link, free=free)
    values = np.array([1.0, 2.0, 4.0, 5.0])

    def mean(at):
        return np.average(fit.probabilities(at) @ values, weights=w)

    h = 1e-5
    slopes = [(mean(x + h * step) - mean(x - h * step)) / (2 * h) for step in np.eye(4)]
    found = average_effects(fit, x, values, weights=w)
    np.testing.assert_allclose(found.effect, slopes, rtol=1e-6, atol=1e-8)
    blocks = average_effects(fit, x, values, weights=w, dummies=((1,), (2, 3)))
    base = x.copy()
    base[:, 2:] = 0
    moved = base.copy()
    moved[:, 3] = 1
    np.testing.assert_allclose(blocks.effect[3], mean(moved) - mean(base), rtol=1e-9)
    np.testing.assert_allclose(blocks.effect[0], slopes[0], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("dummies", [(), ((1,), (2, 3))])
def test_the_jacobian_is_the_derivative(link, dummies):
    from dataclasses import replace

    x, y, _ = survey(3)
    fit = fit_ordinal(x, y, link=link, free=(1,))
    found = average_effects(fit, x, (1, 2, 3, 4), dummies=dummies)

    def moved(step):
        at = fit.parameters + step
        coefficients = np.array([at[0], np.nan, at[1], at[2]])
        there = replace(fit, coefficients=coefficients, thresholds=at[3:6], free_coefficients=at[None, 6:])
        return average_effects(there, x, (1, 2, 3, 4), dummies=dummies).effect

    h = 1e-5
    slopes = np.stack([(moved(h * step) - moved(-h * step)) / (2 * h) for step in np.eye(9)], axis=1)
    np.testing.assert_allclose(found.jacobian, slopes, atol=1e-8)
    expected = np.sqrt(np.diag(slopes @ fit.covariance @ slopes.T))
    np.testing.assert_allclose(found.std_error, expected, rtol=1e-6)
    np.testing.assert_allclose(found.std_error_sandwich, np.sqrt(np.diag(slopes @ fit.sandwich @ slopes.T)), rtol=1e-6)


def test_index_points_and_shares_are_rescaled_ratings():
    x, y, _ = survey(4)
    fit = fit_ordinal(x, y)
    rating = average_effects(fit, x, (1, 2, 3, 4))
    points = average_effects(fit, x, index_values((1, 2, 3, 4), 1, 4))
    np.testing.assert_allclose(points.effect, rating.effect * 100 / 3, rtol=1e-12)
    np.testing.assert_allclose(points.std_error_sample, rating.std_error_sample * 100 / 3, rtol=1e-12)
    shares = sum(average_effects(fit, x, top_values(fit.categories, c)).effect for c in (2, 3, 4))
    np.testing.assert_allclose(shares, rating.effect, rtol=1e-12)  # a mean is the sum of shares at or above


def test_a_saturated_logistic_gives_differences_of_shares():
    x = np.repeat([0.0, 1.0], 50)[:, None]
    y = np.repeat([0, 1, 0, 1], [30, 20, 15, 35])
    found = average_effects(fit_logistic(x, y).ordinal, x, (0, 1), dummies=((0,),))
    assert found.effect[0] == pytest.approx(0.3, abs=1e-9)
    binomial = np.sqrt(0.4 * 0.6 / 50 + 0.7 * 0.3 / 50)
    assert found.std_error[0] == pytest.approx(binomial, rel=1e-8)
    assert found.std_error_sample[0] == pytest.approx(binomial * np.sqrt(100 / 99), rel=1e-8)


def test_spread_over_replicates_is_the_error_of_the_sample():
    x, y, rng = survey(6, n=400)
    fit = fit_ordinal(x, y)
    weights = rng.multinomial(400, np.ones(400) / 400, size=800).astype(float)
    values = (1, 2, 3, 4)
    replicates = np.array([average_effects(fit_ordinal(x, y, weights=w), x, values, weights=w).effect for w in weights])
    errors = average_effects(fit, x, values).std_error_sample
    np.testing.assert_allclose(replicates.std(axis=0), errors, rtol=0.12)


def test_what_does_not_belong_to_the_fit_is_refused():
    x, y, _ = survey(7)
    fit = fit_ordinal(x, y)
    for call in (
        lambda: average_effects(fit, x, (1, 2, 3)),
        lambda: average_effects(fit, x[:, :2], (1, 2, 3, 4)),
        lambda: average_effects(fit, x, (1, 2, 3, 4), dummies=((1,), (1, 2))),
    ):
        with pytest.raises(NumericsError) as caught:
            call()
        assert caught.value.problems[0].code == "N010"
