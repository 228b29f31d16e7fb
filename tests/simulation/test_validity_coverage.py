"""Coverage of the intervals of loadings, AVE, HTMT and factor correlations for five-point items."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.moments import Resampling, moment_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.cfa import fit_cfa
from satmeter.numerics.cfa_robust import fit_cfa_robust
from satmeter.numerics.design import design_units
from satmeter.numerics.discriminant import average_variance, factor_correlations, htmt, structure
from satmeter.numerics.factor import one_factor
from satmeter.numerics.intervals import reliability_interval
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale
from satmeter.numerics.validity_intervals import expanded_percentile_interval, loading_interval

pytestmark = pytest.mark.slow

SAMPLES, REPLICATES = 1000, 400
BLOCKS = [(0, 1, 2), (3, 4, 5, 6)]
LOADINGS = np.array([0.8, 0.7, 0.6, 0.85, 0.75, 0.7, 0.65])
OWNER = np.array([0, 0, 0, 1, 1, 1, 1])


def ratings(rng, n, phi):
    latent = rng.normal(size=(n, 2)) @ np.linalg.cholesky(np.array([[1.0, phi], [phi, 1.0]])).T
    items = latent[:, OWNER] * LOADINGS + rng.normal(size=(n, 7)) * np.sqrt(1 - LOADINGS**2)
    return np.clip(np.round(3.5 + items), 1, 5)


def statistics(corr):
    """Return statistics of a stack of correlations, each (stack, figures)."""
    parts = [one_factor(corr[:, b][:, :, b], min_uniqueness=0.005).loadings for b in map(list, BLOCKS)]
    loadings = np.concatenate(parts, axis=-1)
    return {
        "loading": loadings,
        "cross_loading": structure(corr, BLOCKS, loadings)[:, [0, 1, 2, 3], [1, 1, 1, 0]],
        "htmt": htmt(corr, BLOCKS)[:, 0, 1:],
        "htmt2": htmt(corr, BLOCKS, mean="geometric")[:, 0, 1:],
        "factor_correlation": factor_correlations(corr, BLOCKS, loadings)[:, 0, 1:],
        "ave": average_variance(loadings, BLOCKS),
    }


def interval(name, values, df):
    if name == "ave":
        return reliability_interval(values[0], values[1:], df)
    return expanded_percentile_interval(values[1:], df)


def coverage(phi, n):
    """Return the share of intervals that hold the population's figure, mean over the figures of a kind."""
    population = np.corrcoef(ratings(np.random.default_rng(99), 1_000_000, phi).T)
    truth = {name: values[0] for name, values in statistics(population[None]).items()}
    rng = np.random.default_rng(n)
    held = {name: [] for name in truth}
    for _ in range(SAMPLES):
        design = design_units(n, None, None)
        draws = rao_wu_draws(design.stratum, REPLICATES, rng)
        resampling = Resampling(np.ones(n), design.unit, draws, rao_wu_scale(design.stratum), n - 1)
        stack = correlation_from(moment_stack(resampling, ratings(rng, n, phi)).covariance)
        for name, values in statistics(stack).items():
            low, high = interval(name, values, n - 1)
            held[name].append((low <= truth[name]) & (truth[name] <= high))
    found = {name: float(np.mean(values)) for name, values in held.items()}
    print(phi, n, {name: round(100 * value, 1) for name, value in found.items()})
    return found


@pytest.mark.parametrize("phi", [0.4, 0.85])
@pytest.mark.parametrize("n", [100, 300, 1000])
def test_intervals_hold_the_truth(phi, n):
    for name, share in coverage(phi, n).items():
        assert 0.935 <= share <= 0.965, (name, share)


def test_htmt_of_unrelated_constructs_is_too_high():
    """A mean of absolute correlations cannot reach 0; the factor correlation, which has a sign, is right."""
    found = coverage(0.0, 300)
    assert found["htmt"] < 0.2
    assert 0.925 <= found["factor_correlation"] <= 0.971


@pytest.mark.parametrize("n", [100, 300, 1000])
def test_loadings_of_the_confirmatory_model_hold_the_truth(n):
    """On Fisher's scale; estimate ± 1.96 standard errors does not with a hundred respondents."""
    population = np.corrcoef(ratings(np.random.default_rng(99), 1_000_000, 0.4).T)
    truth = fit_cfa(population, 1_000_000, BLOCKS).estimates.std_loadings
    rng = np.random.default_rng(n)
    held, plain = [], []
    for _ in range(SAMPLES):
        found = fit_cfa_robust(ratings(rng, n, 0.4), BLOCKS).estimates
        low, high = loading_interval(found.std_loadings, found.std_loadings_se)
        held.append((low <= truth) & (truth <= high))
        plain.append(np.abs(found.std_loadings - truth) <= 1.959964 * found.std_loadings_se)
    share, without = np.mean(held), np.mean(plain)
    print(n, share, without)
    assert 0.935 <= share <= 0.965, share
    if n == 100:
        assert without < 0.935
