"""Replicates whose weights are calibrated anew, as the sample's were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from satmeter.moments.model import Adjustment, FloatArray, IntArray, Resampling
from satmeter.numerics.calibration_cells import CalibrationFrame

_CHUNK_NUMBERS = 4_000_000


def calibrated_again(resampling: Resampling, frame: CalibrationFrame) -> Resampling:
    """Return replicates of which each meets the margins that the sample's weights meet.

    Parameters
    ----------
    resampling
        Draws of units, and the sample's calibrated weights.
    frame
        What the weights were calibrated to.

    Returns
    -------
    Resampling
        Without the replicates that no weights, all of them positive, bring to the margins, such as one that lacks a
        category.

    Notes
    -----
    A replicate's base weights are calibrated like a sample's: Rao, Wu and Yue (1992), Survey Methodology 18, 209–217,
    section 5. Costs cells × replicates, never rows × replicates.
    """
    cells = frame.cells
    code = resampling.units * cells.size + cells.cell
    parts, units = np.unique(code, return_inverse=True)
    unit, cell = np.divmod(parts, cells.size)
    mass: FloatArray = np.bincount(units, weights=frame.base, minlength=len(parts)).astype(np.float64)
    sums = _cell_sums(resampling, unit, cell, mass, cells.size)
    found = frame.calibrated(sums)
    factors = found.factors[1:] / found.factors[0]
    usable = found.converged[1:] & ((found.factors[1:] > 0) | (sums[1:] <= 0)).all(axis=1)
    adjustment = Adjustment(unit, cell, factors[usable])
    coefficient = resampling.coefficient
    if coefficient is not None:  # what is left stands for what is left out
        coefficient = coefficient[usable] * (coefficient.sum() / max(coefficient[usable].sum(), np.finfo(float).tiny))
    return replace(
        resampling,
        units=units,
        draws=resampling.draws[usable],
        adjustment=adjustment,
        coefficient=coefficient,
        exact=None if resampling.exact is None else calibrated_again(resampling.exact, frame),
    )


def _cell_sums(resampling: Resampling, unit: IntArray, cell: IntArray, mass: FloatArray, size: int) -> FloatArray:
    """Sum base weights by cell, shape (1 + replicates, cells); the first is the sample's."""
    sums = np.zeros((1 + resampling.replicates, size))
    step = max(256, _CHUNK_NUMBERS // (1 + resampling.replicates))
    order = np.argsort(cell, kind="stable")
    for start in range(0, len(unit), step):
        part = order[start : start + step]
        weighted = resampling.multipliers(unit[part]) * mass[part]
        held, first = np.unique(cell[part], return_index=True)
        sums[:, held] += np.add.reduceat(weighted, first, axis=1)
    return sums
