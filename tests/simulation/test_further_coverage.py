"""Coverage of 95 % intervals: lower bounds of reliability, the first component, item shares, multinomial coefficients.

Samples of five-point answers; the truth is that of very many respondents. Bands as test_coverage.py. The means and
shares of stated importance are the intervals of a mean (test_coverage.py) and of LMG (test_importance_coverage.py).
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.measurement.coefficient_rows import Basis, corrected_centre, reliability_row
from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.composite import rho_a
from satmeter.numerics.discriminant import first_component_share
from satmeter.numerics.factor import one_factor
from satmeter.numerics.importance_interval import importance_interval
from satmeter.numerics.intervals import reliability_interval
from satmeter.numerics.lambdas import guttman_lambdas
from satmeter.numerics.multinomial_regression import fit_multinomial
from satmeter.numerics.owen import owen
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale
from satmeter.numerics.split_half import lambda4
from satmeter.numerics.tails import normal_quantile

pytestmark = pytest.mark.slow

RIGHT = 0.92  # a standard error from 200 replicates wavers by 5 %
CUTS = [-1.8, -1.0, -0.2, 0.8]
LOAD = np.array([0.8, 0.7, 0.65, 0.55, 0.75])


def resampled(rng, n, replicates):
    design = np.zeros(n, dtype=np.int64)
    draws = rao_wu_draws(design, replicates, rng)
    return Resampling(np.ones(n), np.arange(n), draws, rao_wu_scale(design), n - 1)


def coded(latent):
    return 1.0 + np.searchsorted(CUTS, latent)


def scale(rng, n):
    return coded(rng.normal(size=(n, 1)) * LOAD + rng.normal(size=(n, 5)) * np.sqrt(1 - LOAD**2))


def bounds(cov):
    found, corr = guttman_lambdas(cov), correlation_from(cov)
    return {
        "lambda1": found.lambda1,
        "lambda2": found.lambda2,
        "lambda4": lambda4(cov),
        "lambda5": found.lambda5,
        "lambda6": found.lambda6,
        "rho_a": rho_a(corr, one_factor(corr).loadings),
    }


@pytest.mark.parametrize(("n", "samples"), [(100, 400), (300, 300)])
def test_lower_bounds_of_reliability(n, samples):
    truth = bounds(np.cov(scale(np.random.default_rng(99), 1_000_000).T)[None])
    rng, hits = np.random.default_rng(n), dict.fromkeys(truth, 0)
    for _ in range(samples):
        cov = moment_stack(resampled(rng, n, 200), scale(rng, n)).covariance
        for name, values in bounds(cov).items():
            row = reliability_row(Basis("c", n, 5, n - 1, 0.95), name, values)
            hits[name] += row.conf_low <= truth[name][0] <= row.conf_high
    shares = {name: count / samples for name, count in hits.items()}
    # the best of ten splits makes the most of chance: docs/methods/split-half.md
    least = {"lambda4": 0.86} if n == 100 else {}
    assert all(least.get(name, RIGHT) <= share <= 0.985 for name, share in shares.items()), shares


def constructs(rng, n, common):
    factors = np.sqrt(common) * rng.normal(size=(n, 1)) + np.sqrt(1 - common) * rng.normal(size=(n, 4))
    return coded(0.7 * np.repeat(factors, 3, axis=1) + np.sqrt(0.51) * rng.normal(size=(n, 12)))


@pytest.mark.parametrize(("common", "least"), [(0.15, (0.82, 0.89)), (0.5, (0.88, 0.92))])
def test_first_component(common, least):
    """Constructs that hardly go together have components of nearly the same size: n = 100 does not tell them apart."""
    truth = first_component_share(np.corrcoef(constructs(np.random.default_rng(1), 400_000, common).T)[None])[0]
    for n, bound in zip((100, 300), least, strict=True):
        rng, hits, samples = np.random.default_rng(n), 0, 300
        for _ in range(samples):
            moments = moment_stack(resampled(rng, n, 150), constructs(rng, n, common))
            values = first_component_share(correlation_from(moments.covariance))
            low, high = reliability_interval(corrected_centre(values), values[1:], n - 1, 0.95)
            hits += min(low, values[0]) <= truth <= max(high, values[0])
        assert bound <= hits / samples <= 0.98, (n, hits / samples)


def drivers(rng, n):
    """Outcome and two constructs of three items; the last item of the second goes with nothing else."""
    factors = rng.normal(size=(n, 2)) @ np.array([[1.0, 0.4], [0.0, 0.917]])
    items = 0.8 * np.repeat(factors, 3, axis=1) + 0.6 * rng.normal(size=(n, 6))
    outcome = 0.5 * factors[:, 0] + 0.3 * factors[:, 1] + 0.7 * rng.normal(size=n)
    items[:, 5] = rng.normal(size=n)
    return np.column_stack([outcome, coded(items)])


@pytest.mark.parametrize(("n", "samples"), [(300, 300), (1000, 250)])
def test_item_shares(n, samples):
    groups = ((1, 2, 3), (4, 5, 6))
    truth = owen(np.cov(drivers(np.random.default_rng(98), 1_000_000).T)[None], 0, groups).items[0]
    rng, hits = np.random.default_rng(n), np.zeros(6)
    for _ in range(samples):
        values = owen(moment_stack(resampled(rng, n, 200), drivers(rng, n)).covariance, 0, groups).items
        low, high = importance_interval(values[0], values[1:], n - 7, 6)
        hits += (low <= truth) & (truth <= high)
    shares = hits / samples
    assert (shares[:5] >= 0.89).all(), shares
    assert shares[5] >= 0.85, shares  # an item without any part in it: shares cannot be negative
    assert (shares <= 0.985).all(), shares


COEFFICIENTS = np.array([[0.3, 0.8, -0.4], [-0.2, 0.0, 0.6]])


def chosen(rng, n):
    x = rng.normal(size=(n, 2)) @ np.array([[1.0, 0.4], [0.0, 0.917]])
    linear = np.column_stack([np.zeros(n), COEFFICIENTS[:, 0] + x @ COEFFICIENTS[:, 1:].T])
    chance = np.exp(linear) / np.exp(linear).sum(axis=1, keepdims=True)
    return x, (rng.random(n)[:, None] > np.cumsum(chance, axis=1)).sum(axis=1)


@pytest.mark.parametrize("n", [100, 300, 1000])
def test_multinomial_coefficients(n):
    rng, hits, samples = np.random.default_rng(n), np.zeros((2, 6)), 600
    reach = normal_quantile(0.975)
    for _ in range(samples):
        fit = fit_multinomial(*chosen(rng, n))
        for kind, covariance in enumerate((fit.covariance, fit.sandwich)):
            away = np.abs(fit.coefficients - COEFFICIENTS).ravel()
            hits[kind] += away <= reach * np.sqrt(np.diagonal(covariance))
    shares = hits / samples
    assert (shares >= 0.915).all(), shares
    assert (shares <= 0.975).all(), shares
