"""Coverage of 95 % intervals: samples of half a finite population; statistics from replicate weights under clustering.

The figures stand in docs/methods/replicate-weights.md and docs/methods/resampling.md.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.moments import Resampling, mean_stack, moment_stack
from satmeter.numerics.design import SampledStrata, design_units
from satmeter.numerics.intervals import reliability_interval, t_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.regression import least_squares
from satmeter.numerics.reliability import alpha
from satmeter.numerics.replicate_weights import delete_one, mixing, replicate_set
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_floor, rao_wu_scale

pytestmark = pytest.mark.slow

TRIALS = 400
ERROR = np.sqrt(0.95 * 0.05 / TRIALS)  # of a simulated coverage: 1.1 points


def finite(rng, clustered):
    """A population in three strata of unlike size and level; half of the units of each are drawn."""
    units = np.array([40, 60, 100] if clustered else [120, 180, 300])
    stratum = np.repeat(np.arange(3), units)
    level = stratum * 0.8 + rng.normal(0, 0.7 if clustered else 0.0, len(stratum))
    size = rng.integers(3, 9, len(stratum)) if clustered else np.ones(len(stratum), dtype=np.int64)
    unit = np.repeat(np.arange(len(stratum)), size)
    y = level[unit] + rng.normal(size=len(unit))
    return y, unit, stratum, units


def drawn_half(rng, unit, stratum, units):
    kept = [rng.permutation(np.flatnonzero(stratum == h))[: count // 2] for h, count in enumerate(units)]
    return np.isin(unit, np.concatenate(kept))


@pytest.mark.parametrize("clustered", [False, True])
def test_half_of_a_finite_population(clustered):
    rng = np.random.default_rng(20261122)
    y, unit, stratum, units = finite(rng, clustered)
    truth = np.array([y.mean(), (y > 1).mean()])
    columns = np.stack([y, y > 1], axis=1).astype(np.float64)
    hits = np.zeros((3, 2))
    for trial in range(TRIALS):
        rows = drawn_half(rng, unit, stratum, units)
        layer, cluster = stratum[unit[rows]], unit[rows] if clustered else None
        share = np.full(rows.sum(), 0.5)
        layers = SampledStrata(layer, share)
        found = mean_with_se(columns[rows], None, layers, cluster)
        plain = mean_with_se(columns[rows], None, layer, cluster)
        design = design_units(len(share), layers, cluster)
        seed = np.random.default_rng(trial)
        draws = rao_wu_draws(design.stratum, 150, seed, fraction=design.fraction)
        scale, floor = (f(design.stratum, design.fraction) for f in (rao_wu_scale, rao_wu_floor))
        resampling = Resampling(np.ones(len(share)), design.unit, draws, scale, 1, floor=floor)
        replicate = resampling.std_error(mean_stack(resampling, columns[rows]))
        for k, error in enumerate((found.std_error, replicate, plain.std_error)):
            low, high = t_interval(found.estimate, error, found.df)
            hits[k] += (low <= truth) & (truth <= high)
    coverage = hits / TRIALS
    print(coverage.round(4).tolist())
    assert np.abs(coverage[:2] - 0.95).max() < 3.3 * ERROR
    assert coverage[2].min() > 0.985  # without the correction, intervals of half a population are far too wide


def answers(rng, clusters, size):
    """Five items of one construct and an outcome, with effects of clusters on both and on the slope's residual."""
    cluster = np.repeat(np.arange(clusters), size)
    factor = rng.normal(0, 0.7, clusters)[cluster] + rng.normal(size=len(cluster))
    items = 0.8 * factor[:, None] + rng.normal(0, 0.3, (clusters, 5))[cluster] + rng.normal(size=(len(cluster), 5))
    x = rng.normal(0, 0.8, clusters)[cluster] + rng.normal(size=len(cluster))
    y = 1 + 0.5 * x + rng.normal(0, 0.6, clusters)[cluster] + rng.normal(size=len(cluster))
    return items, np.stack([y, x], axis=1), cluster


def true_alpha():
    between = 0.64 * 0.49
    within = 0.64
    item = between + within + 0.09 + 1
    shared = between + within
    return 5 / 4 * (1 - 5 * item / (5 * item + 20 * shared))


@pytest.mark.parametrize("strata", [1, 15])
def test_alpha_and_slopes_from_jackknife_weights(strata):
    """Only weights are given, neither clusters nor strata; 45 clusters of 8, in 15 strata of three or in none."""
    rng = np.random.default_rng(42)
    hits = np.zeros(4)
    trials = 250
    for trial in range(trials):
        items, pair, cluster = answers(rng, 45, 8)
        factor, coefficient = delete_one(np.arange(45) % strata)
        weights = np.exp(rng.normal(0, 0.3, 45))[cluster]
        found = replicate_set(weights, weights * factor[:, cluster], "jk1" if strata == 1 else "jkn")
        np.testing.assert_allclose(found.coefficient, coefficient)
        assert (found.df, found.factor.shape[1]) == (45 - strata, 45)
        drawn = mixing(found, 150, np.random.default_rng(trial))
        ones = np.ones(45)
        resampling = Resampling(weights, found.unit, drawn, ones, found.df, mixture=found.factor - 1)
        reliability = alpha(moment_stack(resampling, items).covariance)
        low, high = reliability_interval(reliability[0], reliability[1:], found.df)
        hits[0] += low <= true_alpha() <= high
        moments = moment_stack(resampling, pair)
        slope = least_squares(moments.covariance, moments.mean, 0, (1,)).b[:, 0]
        intercept = least_squares(moments.covariance, moments.mean, 0, (1,)).intercept
        for k, (values, truth) in enumerate(((slope, 0.5), (intercept, 1.0)), start=1):
            low, high = t_interval(values[0], resampling.std_error(values), found.df - 1)
            hits[k] += low <= truth <= high
        naive = mean_with_se(pair[:, 0], weights)
        low, high = t_interval(naive.estimate, naive.std_error, naive.df)
        hits[3] += low <= 1.0 <= high
    coverage = hits / trials
    print(coverage.round(4).tolist())
    error = np.sqrt(0.95 * 0.05 / trials)
    assert np.abs(coverage[:3] - 0.95).max() < 3.3 * error
    assert coverage[3] < 0.82  # taken as a simple sample, intervals are far too narrow
