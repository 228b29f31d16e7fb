"""Adjusted scores of units: coverage, false differences, false interactions, and a weakest leaf that is none."""

import numpy as np
import pytest

from satmeter.moments import Resampling, cross_products
from satmeter.numerics.case_mix import adjust_units, unit_moments
from satmeter.numerics.intervals import replicate_se
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale
from satmeter.numerics.tails import t_quantile
from satmeter.numerics.tree_values import surely_lowest
from satmeter.numerics.unit_interactions import unit_interactions

pytestmark = pytest.mark.slow

UNITS, EACH, REPLICATES, SAMPLES = 6, 60, 200, 150
HIGHEST = 0.05 + 3 * (0.05 * 0.95 / SAMPLES) ** 0.5  # one of twenty, and what chance adds in so many samples
LIFT = 4.0  # by which the units' respondents differ in the number, a unit to the next


def drawn(rng, clustered, effect=(0.8, 12.0)):
    """Scores that depend on a number and a choice alone, of which the units have different mixtures."""
    unit = np.repeat(np.arange(UNITS), EACH)
    age = rng.normal(size=len(unit)) * 12 + LIFT * unit
    kind = (rng.random(len(unit)) < 0.25 + 0.1 * unit).astype(float)
    y = 30 + effect[0] * age + effect[1] * kind + rng.normal(size=len(unit)) * 15
    cluster = None
    if clustered:  # twenty clusters across the units
        cluster = np.arange(len(unit)) % 20
        y += rng.normal(size=20)[cluster] * 6
    return unit, np.column_stack([age, kind]), y, cluster


def resampled(rng, n, cluster):
    units = np.arange(n) if cluster is None else cluster
    stratum = np.zeros(units.max() + 1, dtype=np.int64)
    draws = rao_wu_draws(stratum, REPLICATES, rng)
    return Resampling(np.ones(n), units, draws, rao_wu_scale(stratum), len(stratum) - 1)


def adjusted(rng, unit, x, y, cluster):
    z = np.column_stack([np.ones(len(y)), y, x])
    resampling = resampled(rng, len(y), cluster)
    rows = [np.flatnonzero(unit == u) for u in range(UNITS)]
    return adjust_units([unit_moments(cross_products(resampling, index, z[index]), (0, 0)) for index in rows])


@pytest.mark.parametrize("clustered", [False, True])
def test_adjusted_scores_are_covered_and_equal_units_are_told_apart_in_one_of_twenty(clustered):
    rng = np.random.default_rng(20261122)
    truth = 30 + 0.8 * LIFT * (UNITS - 1) / 2 + 12 * (0.25 + 0.1 * (UNITS - 1) / 2)
    held, apart, raw_apart = [], [], []
    df, df_gap = (19, 18) if clustered else (EACH - 1, 2 * EACH - 2)
    for _ in range(SAMPLES):
        found = adjusted(rng, *drawn(rng, clustered))
        reach = t_quantile(0.975, df) * replicate_se(found.adjusted[1:])
        held += list(np.abs(found.adjusted[0] - truth) <= reach)
        for stack, alarms in ((found.adjusted, apart), (found.raw, raw_apart)):
            gap = stack[:, 0] - stack[:, 3]
            alarms.append(abs(gap[0]) > t_quantile(0.975, df_gap) * replicate_se(gap[1:]))
    assert 0.93 <= np.mean(held) <= 0.97
    assert np.mean(apart) <= HIGHEST
    assert np.mean(raw_apart) > 0.5  # who answers is all the difference there is


@pytest.mark.parametrize("clustered", [False, True])
def test_an_interaction_that_is_none_is_found_in_one_of_twenty(clustered):
    rng = np.random.default_rng(7)
    p = []
    for _ in range(SAMPLES):
        unit, x, y, cluster = drawn(rng, clustered)
        p.append(unit_interactions(x, y, unit, (1,), cluster=cluster).p_value)
    assert np.mean(np.array(p) < 0.05) <= HIGHEST


def test_one_of_equal_leaves_is_called_the_weakest_in_at_most_one_of_twenty():
    rng = np.random.default_rng(5)
    claims = {2: [], 5: []}
    for leaves, sure in claims.items():
        for _ in range(2 * SAMPLES):
            x = rng.normal(size=(80, leaves)) + rng.normal(size=(80, 1))
            sure.append(surely_lowest(x.mean(axis=0), np.cov(x, rowvar=False) / 80, 79))
    assert 0.01 <= np.mean(claims[2]) <= HIGHEST
    assert np.mean(claims[5]) <= HIGHEST
