"""Coverage of the intervals of ordinal regression and of average marginal effects; false alarms of Brant's test."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.binary_regression import fit_logistic
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.marginal_effects import average_effects, index_values
from satmeter.numerics.ordinal_proportional import brant_test
from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_replicates import replicate_ordinal
from satmeter.numerics.tails import t_quantile

pytestmark = pytest.mark.slow

SAMPLES = 1000
BETA = np.array([0.03, 0.02, -0.5])
CUTS = np.array([-0.5, 0.6, 1.9, 3.4])  # answers 1 … 5: about 5, 7, 18, 31 and 39 per cent


def survey(rng, n):
    """Two correlated scores 0–100 and a group of a quarter; five-point answers."""
    scores = np.clip(60 + 20 * (rng.normal(size=(n, 2)) @ np.array([[1.0, 0.4], [0.0, 0.9]])), 0, 100)
    x = np.column_stack([scores, rng.random(n) < 0.25])
    return x, 1 + np.searchsorted(CUTS, x @ BETA + rng.logistic(size=n))


def clustered(rng, n):
    """The same in clusters of ten that share their mood and the group."""
    x, _ = survey(rng, n)
    cluster = np.arange(n) // 10
    x[:, 2] = (rng.random(n // 10) < 0.25)[cluster]
    mood = rng.normal(size=n // 10)[cluster] * 0.8
    return x, 1 + np.searchsorted(CUTS, x @ BETA + mood + rng.logistic(size=n)), cluster


def population_effects(rng, n=2_000_000):
    """Effects in index points at the true parameters, over the population of predictors."""
    x, _ = survey(rng, n)
    edge = CUTS - (x @ BETA)[:, None]
    chance = 1 / (1 + np.exp(-edge))
    slope = 25 * (chance * (1 - chance)).sum(axis=1).mean() * BETA
    without = CUTS - (x[:, :2] @ BETA[:2])[:, None]
    below, within = 1 / (1 + np.exp(-without)), 1 / (1 + np.exp(-(without - BETA[2])))
    return np.r_[slope[:2], 25 * (below - within).sum(axis=1).mean()]


def held(estimate, error, truth, df):
    return np.abs(estimate - truth) <= t_quantile(0.975, df) * error


@pytest.mark.parametrize("n", [100, 300, 1000])
def test_intervals_hold_the_truth(n):
    rng = np.random.default_rng(n)
    truth = population_effects(np.random.default_rng(1))
    counts = {"model": np.zeros(3), "sandwich": np.zeros(3), "effect": np.zeros(3)}
    for _ in range(SAMPLES):
        x, y = survey(rng, n)
        fit = fit_ordinal(x, y)
        df = n - len(fit.covariance)
        counts["model"] += held(fit.coefficients, np.sqrt(np.diag(fit.covariance))[:3], BETA, df)
        counts["sandwich"] += held(fit.coefficients, np.sqrt(np.diag(fit.sandwich))[:3], BETA, df)
        worth = index_values(fit.categories, 1, 5)
        found = average_effects(fit, x, worth, dummies=((2,),))
        counts["effect"] += held(found.effect, found.std_error_sample, truth, df)
    shares = {name: count / SAMPLES for name, count in counts.items()}
    low = 0.915 if n == 100 else 0.93  # few respondents: docs/methods/ordinal-regression.md
    for name, share in shares.items():
        assert ((low <= share) & (share <= 0.971)).all(), (name, shares)


@pytest.mark.parametrize("n", [100, 300])
def test_percentile_intervals_of_replicates_hold_the_truth(n):
    rng = np.random.default_rng(n + 1)
    hits, samples = np.zeros(3), 300
    for _ in range(samples):
        x, y = survey(rng, n)
        fit = fit_ordinal(x, y)
        weights = rng.multinomial(n - 1, np.ones(n) / n, size=200) * (n / (n - 1))
        replicates = replicate_ordinal(x, y, weights, fit)
        low, high = percentile_interval(replicates.coefficients)
        hits += (low <= BETA) & (high >= BETA)
    shares = hits / samples
    assert (shares >= 0.90).all(), shares
    assert (shares <= 0.985).all(), shares


def test_clustered_samples_need_the_clustered_sandwich():
    rng = np.random.default_rng(3)
    # what the model without the mood estimates: the coefficients are smaller in the mixture
    x, y, _ = clustered(np.random.default_rng(1), 400_000)
    aim = fit_ordinal(x, y).coefficients
    right, wrong = np.zeros(3), np.zeros(3)
    for _ in range(600):
        x, y, cluster = clustered(rng, 600)
        fit = fit_ordinal(x, y, cluster=cluster)
        right += held(fit.coefficients, np.sqrt(np.diag(fit.sandwich))[:3], aim, fit.df)
        wrong += held(fit.coefficients, np.sqrt(np.diag(fit.covariance))[:3], aim, 600)
    assert (right / 600 >= 0.915).all(), right
    assert (right / 600 <= 0.975).all(), right
    assert wrong[2] / 600 < 0.85, wrong  # the group is one of whole clusters


@pytest.mark.parametrize("method", ["likelihood", "firth"])
def test_logistic_intervals_and_bias(method):
    rng = np.random.default_rng(5)
    hits, mean, samples = np.zeros(3), np.zeros(3), 0
    for _ in range(SAMPLES):
        x, y = survey(rng, 200)
        if len(np.unique(y[x[:, 2] == 1] >= 4)) < 2:
            continue
        samples += 1
        fit = fit_logistic(x, y >= 4, method=method)
        hits += held(fit.coefficients, np.sqrt(np.diag(fit.covariance))[1:], BETA, 196)
        mean += fit.coefficients
    assert samples > 990
    assert (hits / samples >= 0.93).all(), hits
    assert (hits / samples <= 0.971).all(), hits
    bias = mean / samples / BETA - 1
    assert (np.abs(bias) < (0.05 if method == "firth" else 0.09)).all(), bias


@pytest.mark.parametrize("design", [False, True])
def test_brant_gives_false_alarms_as_often_as_it_should(design):
    rng = np.random.default_rng(2)
    p = []
    for _ in range(500):
        x, y = survey(rng, 500)
        p.append(brant_test(x, y, design=design).p_value)
    assert 0.03 <= (np.array(p) < 0.05).mean() <= 0.08
    assert 0.43 <= (np.array(p) < 0.5).mean() <= 0.57
