"""Replicates whose weights are calibrated anew: every one meets the margins, and none is left out without need."""

from __future__ import annotations

import numpy as np
import pytest

from satmeter.moments import Resampling
from satmeter.moments.calibrated import calibrated_again
from satmeter.numerics.calibration_cells import CalibrationFrame, indicator_columns, margin_cells
from satmeter.numerics.design import design_units
from satmeter.numerics.replicate_weights import delete_one
from satmeter.numerics.resampling import rao_wu_draws, rao_wu_scale

LEVELS = [3, 2]
SHARES = np.array([0.4, 0.35, 0.25, 0.4, 0.6])


def made(codes, base, totals, distance="raking", trim=None):
    n = len(base)
    cells = margin_cells([*codes, np.arange(n)] if trim else codes, [*LEVELS, n] if trim else LEVELS)
    low, high = np.full(cells.size, -np.inf), np.full(cells.size, np.inf)
    if trim:
        row = cells.codes[:, 2]
        low, high = trim[0] / base[row], trim[1] / base[row]
    columns = indicator_columns(cells.codes[:, :2], LEVELS)
    return CalibrationFrame(cells, columns, totals, base, distance, low, high)


@pytest.mark.parametrize("trim", [None, (0.3, 3.0)])
@pytest.mark.parametrize("clusters", [0, 25])
def test_every_replicate_meets_the_margins(clusters, trim):
    """Clusters cross the margins; base weights are all unequal; with `trim` every respondent is a cell."""
    rng = np.random.default_rng(8)
    n = 240
    codes = [rng.integers(0, 3, n), rng.integers(0, 2, n)]
    base = np.exp(rng.normal(0, 0.4, n))
    base /= base.mean()
    frame = made(codes, base, SHARES * n, trim=trim)
    weights = base * frame.sample().factors[frame.cells.cell]
    units = design_units(n, None, rng.integers(0, clusters, n) if clusters else None)
    draws = rao_wu_draws(units.stratum, 40, rng)
    plain = Resampling(weights, units.unit, draws, rao_wu_scale(units.stratum), units.n_units - 1)
    found = calibrated_again(plain, frame)
    assert found.replicates >= 38
    replicated = found.multipliers(found.units) * found.weights
    for code, start, levels in zip(codes, (0, 3), LEVELS, strict=True):
        sums = np.stack([replicated[:, code == k].sum(axis=1) for k in range(levels)], axis=1)
        aims = np.broadcast_to(SHARES[start : start + levels] * n, sums.shape)
        np.testing.assert_allclose(sums, aims, rtol=1e-9)


def test_a_negative_factor_of_a_cell_that_was_not_drawn_leaves_nothing_out():
    codes = [np.array([0, 0, 0, 0, 1, 1, 1, 2, 2]), np.array([0, 0, 1, 1, 0, 0, 1, 0, 1])]
    frame = made(codes, np.ones(9), np.array([2.3, 3.6, 3.1, 3.5, 5.5]), "linear")
    assert (frame.sample().factors > 0).all()
    draws = np.array([[2, 0, 0, 0, 0, 3, 1, 0, 2], [1, 1, 1, 1, 1, 1, 1, 1, 1]], dtype=np.uint16)
    weights = frame.sample().factors[frame.cells.cell]
    plain = Resampling(weights, np.arange(9), draws, np.full(9, 9 / 8), 8)
    alone = frame.calibrated(np.bincount(frame.cells.cell, weights=draws[0] * 9 / 8, minlength=frame.cells.size))
    empty = np.bincount(frame.cells.cell, weights=draws[0], minlength=frame.cells.size) == 0
    assert alone.converged
    assert (alone.factors[~empty] > 0).all()
    assert (alone.factors[empty] < 0).any()
    assert calibrated_again(plain, frame).replicates == 2


def test_a_jackknife_replicate_without_a_category_is_left_to_the_others():
    """Without its only respondent a category cannot be met; the coefficients of the other replicates stand for it."""
    codes = [np.array([0, 0, 0, 1, 1, 1, 1, 2]), np.array([0, 1, 0, 1, 0, 1, 0, 1])]
    n = 8
    frame = made(codes, np.ones(n), np.array([3.0, 4.0, 1.0, 4.0, 4.0]))
    weights = frame.sample().factors[frame.cells.cell]
    factor, coefficient = delete_one(np.zeros(n, dtype=np.int64))
    exact = Resampling(weights, np.arange(n), factor, np.ones(n), n - 1, coefficient=coefficient)
    draws = rao_wu_draws(np.zeros(n, dtype=np.int64), 50, np.random.default_rng(1))
    whole = Resampling(weights, np.arange(n), draws, np.full(n, 8 / 7), n - 1, exact=exact)
    found = calibrated_again(whole, frame)
    left = found.for_scores
    assert (left.replicates, found.replicates < 50) == (7, True)
    np.testing.assert_allclose(left.coefficient, 7 / 8 * 8 / 7)
    stack = left.multipliers(left.units) @ left.weights
    np.testing.assert_allclose(stack, n, rtol=1e-9)
    np.testing.assert_allclose(left.std_error(stack), 0.0, atol=1e-9)
