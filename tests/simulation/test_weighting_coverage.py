"""Coverage of 95 % intervals of raked samples whose respondents answer with unequal readiness.

A thousand samples leave a binomial standard error of 0.007: an interval that is right lies within 0.929–0.971.
"""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.moments import Resampling, mean_stack
from satmeter.moments.calibrated import calibrated_again
from satmeter.numerics.calibration_cells import CalibrationFrame, indicator_columns, margin_cells
from satmeter.numerics.design import design_units
from satmeter.numerics.intervals import replicate_se, t_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

pytestmark = pytest.mark.slow

SAMPLES = 1000
RIGHT = (0.929, 0.971)
LEVELS = [3, 2]
SHARES = np.array([0.4, 0.4, 0.2, 0.5, 0.5])
READY = np.array([[0.5, 0.4], [0.3, 0.35], [0.25, 0.15]])


def drawn(rng, n, clusters):
    """Answers of n respondents (or of n in clusters) from a population in which margins matter, answered unevenly."""
    city, kind = rng.choice(3, 4 * n, p=SHARES[:3]), rng.integers(0, 2, 4 * n)
    answered = np.flatnonzero(rng.random(4 * n) < READY[city, kind])[:n]
    city, kind = city[answered], kind[answered]
    site = rng.integers(0, clusters, len(city)) if clusters else None
    common = 0 if site is None else 6 * rng.normal(size=clusters)[site]
    score = 60 + 8 * city - 6 * kind + common + 15 * rng.normal(size=len(city))
    return city, kind, site, score


def truth(threshold):
    grid = np.random.default_rng(0)
    city, kind = grid.choice(3, 2_000_000, p=SHARES[:3]), grid.integers(0, 2, 2_000_000)
    score = 60 + 8 * city - 6 * kind + grid.normal(size=2_000_000) * 15
    return score.mean(), (score > threshold).mean()


def intervals(rng, n, clusters, replicates):
    city, kind, site, score = drawn(rng, n, clusters)
    cells = margin_cells([city, kind], LEVELS)
    open_ = np.full(cells.size, np.inf)
    base = np.ones(len(city))
    columns = indicator_columns(cells.codes, LEVELS)
    frame = CalibrationFrame(cells, columns, SHARES * len(city), base, "raking", -open_, open_)
    weights = frame.sample().factors[cells.cell]
    y = np.stack([score, score > 80], axis=1).astype(float)
    linear = mean_with_se(y, weights, None, site, calibration=frame)
    units = design_units(len(city), None, site)
    draws = Resampling(
        weights,
        units.unit,
        rao_wu_draws(units.stratum, replicates, rng),
        rao_wu_scale(units.stratum),
        units.n_units - 1,
    )
    stack = mean_stack(calibrated_again(draws, frame), y)
    naive = mean_with_se(y, weights, None, site)
    errors = {
        "linearised": linear.std_error,
        "replicates": replicate_se(stack[1:]),
        "weights as given": naive.std_error,
    }
    return {name: t_interval(linear.estimate, error, linear.df, 0.95) for name, error in errors.items()}


@pytest.mark.parametrize(("n", "clusters"), [(150, 0), (600, 0), (600, 40)])
def test_raked_means_and_shares(n, clusters):
    rng = np.random.default_rng(n + clusters)
    mean, _ = truth(80)
    spread = 0 if not clusters else 6
    share = (np.random.default_rng(0).normal(size=2_000_000) * np.hypot(15, spread)) + _centres() > 80
    held: dict[str, list[np.ndarray]] = {}
    for _ in range(SAMPLES):
        for name, (low, high) in intervals(rng, n, clusters, 100).items():
            held.setdefault(name, []).append((low <= [mean, share.mean()]) & (high >= [mean, share.mean()]))
    found = {name: np.mean(hits, axis=0) for name, hits in held.items()}
    for name in ("linearised", "replicates"):
        assert (found[name] > RIGHT[0]).all(), found
        assert (found[name] < RIGHT[1]).all(), found
    if not clusters:
        assert found["weights as given"][0] > found["linearised"][0] + 0.01, found


def _centres():
    grid = np.random.default_rng(1)
    return 60 + 8 * grid.choice(3, 2_000_000, p=SHARES[:3]) - 6 * grid.integers(0, 2, 2_000_000)
