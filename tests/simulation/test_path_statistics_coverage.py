"""Coverage of 95 % bootstrap intervals of what the path model is judged and used by, besides its effects.

Loadings, weights, R², reliability, AVE and HTMT; importance and performance in points; products of scores. The truth is
what the algorithm gives for the moments of the population.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.bca import bca_interval
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.path_index import construct_indices, importance_performance
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_moderation import interaction_columns, moderation
from satmeter.numerics.path_quality import outer_quality
from satmeter.numerics.path_replicates import sample_moments, unit_sums
from satmeter.numerics.path_weights import pls
from satmeter.numerics.resampling import rao_wu_multipliers

pytestmark = pytest.mark.slow

SAMPLES = 400
REPLICATES = 1000
CORRECTED = ("R²", "rho_A", "rho_C", "AVE")
"""What `satmeter run` gives bias-corrected intervals of; the others are percentiles."""
BLOCKS = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10)]
MODEL = path_model(BLOCKS, {1: (0,), 2: (0, 1), 3: (1, 2)})
PATHS = {(1, 0): 0.5, (2, 0): 0.3, (2, 1): 0.4, (3, 1): 0.2, (3, 2): 0.5}
LOADINGS = np.array([0.85, 0.75, 0.7, 0.8, 0.8, 0.7, 0.85, 0.8, 0.75, 0.9, 0.85])
MEAN, SD = np.linspace(40, 75, 11), np.linspace(15, 28, 11)
PAIRS = np.triu_indices(4, 1)

PRODUCT = path_model([(0, 1, 2), (3, 4, 5), (6, 7, 8)], {2: (0, 1)})
INSIDE, NOISE = 0.4, 0.7
"""Correlation of the two factors of the product; standard deviation of the items' errors."""


def population():
    """Correlations of items of four common factors."""
    between = np.eye(4)
    for k in range(1, 4):
        for i in range(k):
            value = sum(PATHS[k, j] * between[j, i] for j in range(k) if (k, j) in PATHS)
            between[k, i] = between[i, k] = value
    owner = np.repeat(range(4), [3, 3, 3, 2])
    corr = np.outer(LOADINGS, LOADINGS) * between[np.ix_(owner, owner)]
    np.fill_diagonal(corr, 1.0)
    return corr


def figures(mean, corr, covariance):
    fit = pls(corr, MODEL)
    outer = outer_quality(corr, fit, MODEL)
    indices = construct_indices(mean, covariance, fit, MODEL, low=0.0, high=100.0)
    found = importance_performance(indices, MODEL, 3)
    return {
        "loadings": fit.loadings,
        "weights": fit.weights,
        "R²": fit.r2[..., 1:],
        "rho_A": outer.rho_a,
        "rho_C": outer.rho_c,
        "AVE": outer.ave,
        "HTMT": outer.htmt[..., PAIRS[0], PAIRS[1]],
        "importance": found.importance,
        "performance": found.performance,
        "item importance": found.item_importance,
        "item performance": found.item_performance,
    }


def drawn(rows, rng):
    n = len(rows)
    factors = rao_wu_multipliers(None, None, REPLICATES, rng, n=n)
    return sample_moments(unit_sums(rows), np.vstack([np.ones(n), factors]))


@pytest.mark.parametrize("n", [300, 1000])
def test_loadings_quality_and_the_map(n):
    corr = population()
    root = np.linalg.cholesky(corr)
    truth = figures(MEAN, corr, corr * np.outer(SD, SD))
    rng = np.random.default_rng(n)
    held = {name: np.zeros(len(values)) for name, values in truth.items()}
    for _ in range(SAMPLES):
        moments = drawn(MEAN + SD * (rng.normal(size=(n, 11)) @ root.T), rng)
        for name, values in figures(moments.mean, moments.corr, moments.covariance).items():
            replicates = values[1:]
            low, high = bca_interval(values[0], replicates) if name in CORRECTED else percentile_interval(replicates)
            held[name] += (low <= truth[name]) & (truth[name] <= high)
    for name, count in held.items():
        share = count / SAMPLES
        print(n, name, share.round(4), share.mean().round(4))
        assert 0.93 <= share.mean() <= 0.97, (name, share)
        # 93–97 %, and a sampling error of 1.1 % of each share
        assert ((share >= 0.91) & (share <= 0.985)).all(), (name, share)


def crossed(n, slope, rng):
    first = rng.normal(size=n)
    second = INSIDE * first + np.sqrt(1 - INSIDE**2) * rng.normal(size=n)
    outcome = 0.4 * first + 0.3 * second + slope * (first * second - INSIDE) + 0.8 * rng.normal(size=n)
    scores = np.repeat(np.stack([first, second, outcome], axis=1), 3, axis=1)
    return interaction_columns(scores + NOISE * rng.normal(size=(n, 9)), PRODUCT.blocks[0], PRODUCT.blocks[1])


def product(mean, covariance):
    fit = pls(correlation_from(covariance[..., :9, :9]), PRODUCT)
    return moderation(mean, covariance, fit, PRODUCT, 2, (0, 1)).interaction


@pytest.mark.parametrize("slope", [0.0, 0.2])
@pytest.mark.parametrize("n", [300, 1000])
def test_products_of_scores(n, slope):
    parts = [crossed(200_000, slope, np.random.default_rng([9, j])) for j in range(8)]  # its own error is 0.0006
    truth = float(
        product(np.mean([p.mean(axis=0) for p in parts], axis=0), np.mean([np.cov(p.T) for p in parts], axis=0))
    )
    rng = np.random.default_rng([n, int(10 * slope)])
    held = 0
    for _ in range(SAMPLES):
        moments = drawn(crossed(n, slope, rng), rng)
        low, high = percentile_interval(product(moments.mean, moments.covariance)[1:])
        held += bool(low <= truth <= high)
    share = held / SAMPLES
    print(n, slope, round(truth, 4), share)
    assert 0.92 <= share <= 0.975, share
