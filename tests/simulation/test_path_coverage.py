"""Coverage of 95 % bootstrap intervals of direct, indirect and total effects of partial least squares.

Samples of normal items; the truth is what the algorithm gives for the population's own correlations, for composites
that are formed by their items exactly.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.bca import acceleration, bca_interval, delete_one_moments
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.path_effects import effects
from satmeter.numerics.path_model import path_model
from satmeter.numerics.path_replicates import sample_moments, unit_sums
from satmeter.numerics.path_weights import pls
from satmeter.numerics.resampling import rao_wu_multipliers

pytestmark = pytest.mark.slow

SAMPLES = 400
REPLICATES = 300
BLOCKS = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10)]
OWNER = np.repeat(range(4), [3, 3, 3, 2])
MODEL = path_model(BLOCKS, {1: (0,), 2: (0, 1), 3: (1, 2)})
WEIGHTS = np.array([0.6, 0.4, 0.3, 0.5, 0.5, 0.3, 0.4, 0.4, 0.4, 0.6, 0.6])
INSIDE = 0.5
PATHS = {(1, 0): 0.5, (2, 0): 0.3, (2, 1): 0.4, (3, 1): 0.0, (3, 2): 0.6}
EFFECTS = {"direct": list(PATHS), "indirect": [(2, 0), (3, 1)], "total": [(2, 0), (3, 0), (3, 1)]}


def population():
    """Correlations of items such that composites of them have just the planted paths."""
    between = np.eye(4)
    for k in range(1, 4):
        before = [j for j in range(k) if (k, j) in PATHS]
        for i in range(k):
            between[k, i] = between[i, k] = sum(PATHS[k, j] * between[j, i] for j in before)
    within = np.where(np.equal.outer(OWNER, OWNER), INSIDE, 0.0)
    np.fill_diagonal(within, 1.0)
    spread = WEIGHTS[:, None] * np.equal.outer(OWNER, range(4))
    spread = spread / np.sqrt(np.einsum("ik,ij,jk->k", spread, within, spread))
    loadings = (within @ spread)[range(11), OWNER]
    corr = np.outer(loadings, loadings) * between[np.ix_(OWNER, OWNER)]
    return np.where(within > 0, within, corr)


def picked(found):
    return np.stack([getattr(found, name)[..., k, j] for name in EFFECTS for k, j in EFFECTS[name]], axis=-1)


def test_composites_have_the_planted_paths():
    formed = path_model(BLOCKS, {1: (0,), 2: (0, 1), 3: (1, 2)}, modes=("B",) * 4)
    fit = pls(population(), formed)
    for (k, j), value in PATHS.items():
        assert fit.paths[k, j] == pytest.approx(value, abs=1e-8)
        assert pls(population(), MODEL).paths[k, j] == pytest.approx(value, abs=0.02)


@pytest.mark.parametrize("n", [300, 1000])
def test_coverage(n):
    corr = population()
    root = np.linalg.cholesky(corr)
    whole = pls(corr, MODEL)
    truth = picked(effects(whole.paths, MODEL))
    rng = np.random.default_rng(n)
    held = {"percentile": np.zeros(len(truth)), "bca": np.zeros(len(truth))}
    for _ in range(SAMPLES):
        rows = rng.normal(size=(n, 11)) @ root.T
        drawn = rao_wu_multipliers(None, None, REPLICATES, rng, n=n)
        found = pls(sample_moments(unit_sums(rows), np.vstack([np.ones(n), drawn])).corr, MODEL)
        without = pls(correlation_from(delete_one_moments(rows)[1]), MODEL, reference=found.loadings[0])
        values = picked(effects(found.paths, MODEL))
        skew = acceleration(picked(effects(without.paths, MODEL)))
        ends = {"percentile": percentile_interval(values[1:]), "bca": bca_interval(values[0], values[1:], skew)}
        for name, (low, high) in ends.items():
            held[name] += (low <= truth) & (truth <= high)
    for name, count in held.items():
        share = count / SAMPLES
        print(n, name, share)
        assert 0.935 <= share.mean() <= 0.965, (name, share)
        # 93–97 %, and a sampling error of 1.1 % of each share
        assert ((share >= 0.915) & (share <= 0.98)).all(), (name, share)
