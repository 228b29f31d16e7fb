"""How surely one driver stands before another: orders and ranks over the replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray


@dataclass(frozen=True, slots=True)
class OrderProbability:
    """Orders of drivers over bootstrap replicates.

    Attributes
    ----------
    above
        shape (g, g): share of the replicates in which driver i is above driver j, ties as half; 0.5 on the diagonal.
    rank
        shape (g, g): share of the replicates in which driver i has rank r + 1, 1 for the largest. Drivers that tie
        share their ranks evenly. Rows and columns sum to 1.
    replicates
        Number of replicates without NaN, which are the ones counted.
    """

    above: FloatArray
    rank: FloatArray
    replicates: int


def order_probability(replicates: npt.ArrayLike) -> OrderProbability:
    """Return in what share of the replicates every driver is above every other, and every rank.

    Parameters
    ----------
    replicates
        shape (B, g), importance of every driver in every replicate, without the full sample. Replicates with NaN are
        left out.

    Returns
    -------
    OrderProbability
        NaN where fewer than half of the replicates, or fewer than two, exist.

    Raises
    ------
    NumericsError
        N010 for another shape.

    Notes
    -----
    Read as a probability under a flat prior on the drivers' importance (Efron and Tibshirani 1993, 16.4 and 24): of the
    pairs to which 0.9 is given, nine in ten are truly in that order, when nothing was known beforehand about how far
    apart they are. Where drivers are exactly equal the figure is anything between 0 and 1. Calibration:
    docs/methods/importance.md.

    Examples
    --------
    >>> found = order_probability([[0.3, 0.2], [0.4, 0.1], [0.2, 0.3], [0.3, 0.1]])
    >>> float(found.above[0, 1]), found.rank[0].tolist()
    (0.75, [0.75, 0.25])
    """
    values = np.asarray(replicates, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] < 1:
        raise NumericsError(Problem("N010", got=str(values.shape), params={"expected": "(B, g)"}))
    kept = values[~np.isnan(values).any(axis=1)]
    count, drivers = kept.shape
    if count < 2 or count * 2 < len(values):
        nothing = np.full((drivers, drivers), np.nan)
        return OrderProbability(nothing, nothing.copy(), count)
    greater = kept[:, :, None] > kept[:, None, :]
    equal = kept[:, :, None] == kept[:, None, :]
    above = greater.mean(axis=0) + 0.5 * equal.mean(axis=0)
    # a driver with a drivers above it and t tied with it, itself included, has ranks a + 1 … a + t
    before, tied = greater.sum(axis=1), equal.sum(axis=1)
    place = np.arange(drivers)
    in_place = (place >= before[:, :, None]) & (place < (before + tied)[:, :, None])
    rank = (in_place / tied[:, :, None]).mean(axis=0)
    return OrderProbability(above, np.asarray(rank, dtype=np.float64), count)
