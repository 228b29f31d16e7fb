"""Means of a domain and what is left of its rows, summed by first-stage unit: enough for every standard error."""

from __future__ import annotations

from dataclasses import dataclass

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

    def linearised(self, units: DesignUnits) -> MeanEstimate:
        """Return the means with design-based standard errors: what `mean_with_se` finds for the whole sample.

        Parameters
        ----------
        units
            The first-stage units of the whole sample, drawn with replacement.
        """
        if not len(self.unit):
            nothing = np.full(len(self.mean), np.nan)
            return MeanEstimate(nothing, nothing, nothing, self.count.astype(np.float64), nothing, nothing)
        order = np.argsort(units.stratum[self.unit], kind="stable")
        stratum = units.stratum[self.unit[order]]
        starts = np.flatnonzero(np.diff(stratum, prepend=-1))
        here = np.diff(starts, append=len(stratum))
        size = units.units_per_stratum[stratum[starts]].astype(np.float64)
        factor = size / np.maximum(size - 1, 1)
        total = self.mass.sum(axis=0)
        z = self.deviation[order] / np.where(total > 0, total, np.nan)
        centre = np.add.reduceat(z, starts, axis=0) / size[:, None]
        z -= np.repeat(centre, here, axis=0)
        # units of a stratum that lie outside the domain have sums of zero
        variance = np.repeat(factor, here) @ np.square(z) + (factor * (size - here)) @ np.square(centre)
        used = self.mass[order] > 0
        df = used.sum(axis=0) - np.logical_or.reduceat(used, starts, axis=0).sum(axis=0)
        df = np.broadcast_to(df.astype(np.float64), self.mean.shape)
        several = np.where(self.count > 1, self.count - 1, np.nan)
        srs = self.spread / np.where(total > 0, total, np.nan) / several
        return MeanEstimate(
            self.mean,
            np.sqrt(variance),
            np.where(self.count > 0, df, np.nan),
            self.count.astype(np.float64),
            total**2 / np.where(self.count > 0, self.square, np.nan),
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
    return DomainSums(
        mean,
        of_row[starts].astype(np.int64, copy=False),
        _by_unit(seen, w, starts),
        _by_unit(y, w, starts),
        w @ np.square(y),
        np.broadcast_to(seen.sum(axis=0).astype(np.int64), shape),
        np.broadcast_to(w**2 @ seen, shape),
    )


def _by_unit(columns: FloatArray, weights: FloatArray, starts: IntArray) -> FloatArray:
    """Sum weighted rows from each start to the next, shape (u, p)."""
    if columns.shape[1] == 1 or len(columns) < _FEW * len(starts):
        return np.add.reduceat(columns * weights[:, None], starts, axis=0)
    sums = np.empty((len(starts), columns.shape[1]))
    for u, (low, high) in enumerate(zip(starts, [*starts[1:], len(columns)], strict=True)):
        np.matmul(weights[low:high], columns[low:high], out=sums[u])
    return sums
