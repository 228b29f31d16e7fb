"""Means of a domain and what is left of its rows, summed by first-stage unit: enough for every standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.design import DesignUnits
from satmeter.numerics.linearisation import MeanEstimate

_FEW = 128
"""Rows a unit from which a product for every unit costs less than a pass over all weighted rows."""

_RADIX = 1 << 15
_DUST = 1e-20


@dataclass(frozen=True, eq=False)
class DomainSums:
    """Some columns over the rows of a domain.

    Attributes
    ----------
    mean
        shape (p,), weighted; NaN without answers.
    unit
        shape (u,), first-stage units that have rows in the domain, ascending.
    mass
        shape (u, p), sum of weights of the rows with an answer; (u, 1) where nothing is missing.
    deviation
        shape (u, p), weighted sum of what the answers differ from the mean by.
    spread
        shape (p,), weighted sum of its square.
    count, square
        shape (p,), rows with an answer and the sum of their squared weights.
    """

    mean: FloatArray
    unit: IntArray
    mass: FloatArray
    deviation: FloatArray
    spread: FloatArray
    count: IntArray
    square: FloatArray

    @property
    def varies(self) -> bool:
        """Whether every column surely has different values; false where that has to be looked at."""
        total = self.mass.sum(axis=0)
        return bool((self.spread > _DUST * total * (1 + self.mean**2)).all())

    def replicate_means(self, multipliers: FloatArray) -> FloatArray:
        """Return the means under other weights, shape (b, p).

        Parameters
        ----------
        multipliers
            shape (b, u), factors on the weights of the units in `unit`.
        """
        total = multipliers @ self.mass
        moved = multipliers @ self.deviation
        moved /= np.where(total > 0, total, np.nan)
        moved += self.mean
        return moved


def linearised(domains: Sequence[DomainSums], units: DesignUnits) -> MeanEstimate:
    """Return the means of domains with design-based standard errors: what `mean_with_se` finds for each in turn.

    Parameters
    ----------
    domains
        Sums of the same columns over the rows of every domain.
    units
        The first-stage units of the whole sample, drawn with replacement.

    Returns
    -------
    MeanEstimate
        All arrays of shape (domains, p).

    Examples
    --------
    >>> from satmeter.numerics.design import design_units
    >>> rows = [[1.0], [2.0], [6.0], [7.0]]
    >>> found = linearised([domain_sums(rows, np.ones(4), np.arange(4), np.arange(4))], design_units(4, None, None))
    >>> found.std_error.round(4), found.df
    (array([[1.472]]), array([[3.]]))
    """
    mean, spread = np.stack([d.mean for d in domains]), np.stack([d.spread for d in domains])
    count, square = np.stack([d.count for d in domains]).astype(np.float64), np.stack([d.square for d in domains])
    total = np.stack([np.broadcast_to(d.mass.sum(axis=0), d.mean.shape) for d in domains])
    safe = np.where(total > 0, total, np.nan)
    held = np.array([len(d.unit) for d in domains])
    cell = np.concatenate([units.stratum[d.unit] + k * units.n_units for k, d in enumerate(domains)])
    order = np.argsort(cell, kind="stable")
    cell, domain = cell[order], np.repeat(np.arange(len(domains)), held)
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    here, owner = np.diff(starts, append=len(cell)), domain[starts]
    size = units.units_per_stratum[cell[starts] - owner * units.n_units].astype(np.float64)
    factor = size / np.maximum(size - 1, 1)
    z = np.concatenate([d.deviation for d in domains])[order] / safe[domain]
    centre = np.add.reduceat(z, starts, axis=0) / size[:, None] if len(starts) else z
    z -= np.repeat(centre, here, axis=0)
    # units of a stratum that lie outside the domain have sums of zero
    parts = np.repeat(factor, here)[:, None] * np.square(z)
    rest = (factor * (size - here))[:, None] * np.square(centre)
    used = np.concatenate([np.broadcast_to(d.mass > 0, d.deviation.shape) for d in domains])[order]
    layers = np.logical_or.reduceat(used, starts, axis=0) if len(starts) else used
    variance, df = np.full(mean.shape, np.nan), np.full(mean.shape, np.nan)
    full = np.flatnonzero(held)
    if len(full):
        first, layer = np.flatnonzero(np.diff(domain, prepend=-1)), np.flatnonzero(np.diff(owner, prepend=-1))
        variance[full] = np.add.reduceat(parts, first, axis=0) + np.add.reduceat(rest, layer, axis=0)
        df[full] = np.add.reduceat(used, first, axis=0, dtype=np.float64)
        df[full] -= np.add.reduceat(layers, layer, axis=0, dtype=np.float64)
    srs = spread / safe / np.where(count > 1, count - 1, np.nan)
    return MeanEstimate(
        mean,
        np.sqrt(variance),
        np.where(count > 0, df, np.nan),
        count,
        total**2 / np.where(count > 0, square, np.nan),
        variance / np.where(srs > 0, srs, np.nan),
    )


def domain_sums(values: npt.ArrayLike, weights: npt.ArrayLike, unit: npt.ArrayLike, rows: npt.ArrayLike) -> DomainSums:
    """Reduce the rows of a domain to sums by unit.

    Parameters
    ----------
    values
        shape (n, p), NaN where missing: left out of that column only.
    weights
        shape (n,), above 0 in the domain.
    unit
        shape (n,), first-stage unit of every row, 0 … n_units − 1.
    rows
        shape (m,), row numbers of the domain.

    Returns
    -------
    DomainSums

    Notes
    -----
    The rows are read once. A replicate's mean is the mean plus Σ m d / Σ m w over units with multipliers m, mass w and
    deviation d; the linearised error comes from the same d (Särndal, Swensson and Wretman 1992, 5.7). So neither
    needs a matrix of respondents × replicates.

    Examples
    --------
    >>> sums = domain_sums([[1.0], [2.0], [6.0], [9.0]], np.ones(4), [0, 1, 1, 2], [0, 1, 2])
    >>> sums.mean, sums.deviation[:, 0], sums.replicate_means(np.array([[1.0, 1.0], [0.0, 3.0]]))[:, 0]
    (array([3.]), array([-2.,  2.]), array([3., 4.]))
    """
    index, of_row = np.asarray(rows, dtype=np.int64), np.asarray(unit)
    of_row = of_row[index]
    small = of_row.max(initial=0) < _RADIX  # short integers are sorted by radix
    order = np.argsort(of_row.astype(np.int16) if small else of_row, kind="stable")
    index, of_row = index[order], of_row[order]
    starts = np.flatnonzero(np.diff(of_row, prepend=-1))
    y = np.asarray(values, dtype=np.float64).take(index, axis=0)
    w = np.asarray(weights, dtype=np.float64)[index]
    missing = np.isnan(y)
    whole = not missing.any()
    seen = np.ones((len(y), 1)) if whole else (~missing).astype(np.float64)
    if not whole:
        y[missing] = 0.0
    total = w @ seen
    mean = w @ y / np.where(total > 0, total, np.nan)
    y -= np.where(total > 0, mean, 0.0)
    if not whole:
        y[missing] = 0.0
    shape = (y.shape[1],)
    deviation = _by_unit(y, w, starts)
    return DomainSums(
        mean,
        of_row[starts].astype(np.int64, copy=False),
        _by_unit(seen, w, starts),
        deviation,
        w @ np.square(y, out=y),
        np.broadcast_to(seen.sum(axis=0).astype(np.int64), shape),
        np.broadcast_to(w**2 @ seen, shape),
    )


def _by_unit(columns: FloatArray, weights: FloatArray, starts: IntArray) -> FloatArray:
    """Sum weighted rows from each start to the next, shape (u, p)."""
    if len(starts) and (columns.shape[1] == 1 or len(columns) < _FEW * len(starts)):
        return np.add.reduceat(columns * weights[:, None], starts, axis=0)
    sums = np.empty((len(starts), columns.shape[1]))
    for u, (low, high) in enumerate(pairwise([*starts, len(columns)])):
        np.matmul(weights[low:high], columns[low:high], out=sums[u])
    return sums
