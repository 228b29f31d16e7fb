"""Means, standard deviations and correlations of very many samples straight from rows, replicate index last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights

_BLOCK = 4096
_SAMPLES = 2048
_NUMBERS = 4_000_000
_DUST = 1e-13
"""Part of a column's variance in the whole sample below which it is none."""


Factors = Callable[[slice], FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class UnitSums:
    """Weighted sums of 1, x and of all products of columns over the rows of every sampling unit.

    Attributes
    ----------
    sums
        shape (1 + p + p(p + 1)/2, n_units); columns were centred first.
    centre
        shape (p,), weighted means of the columns.
    n
        Rows.
    """

    sums: FloatArray
    centre: FloatArray
    n: int

    @property
    def p(self) -> int:
        """Number of columns."""
        return len(self.centre)


def unit_sums(
    rows: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    units: npt.ArrayLike | None = None,
    n_units: int | None = None,
) -> UnitSums:
    """Reduce rows to sums over sampling units.

    Parameters
    ----------
    rows
        shape (n, p), complete.
    weights
        shape (n,), probability weights; equal when left out.
    units
        shape (n,), unit of every row, 0 … n_units − 1; every row its own when left out.
    n_units
        Number of units, those without rows among them; when left out, as many as `units` name.

    Returns
    -------
    UnitSums

    Raises
    ------
    NumericsError
        N009 for missing values, N008 for weights that cannot be used.

    Examples
    --------
    >>> unit_sums([[1.0], [3.0]]).sums
    array([[ 1.,  1.],
           [-1.,  1.],
           [ 1.,  1.]])
    """
    table = np.asarray(rows, dtype=np.float64)
    if not np.isfinite(table).all():
        raise NumericsError(Problem("N009"))
    n, p = table.shape
    w = checked_weights(weights, n)
    centre = np.asarray(w @ table / w.sum(), dtype=np.float64)
    owner = None if units is None else np.asarray(units, dtype=np.int64)
    order = np.arange(n) if owner is None else np.argsort(owner, kind="stable")
    width = 1 + p + p * (p + 1) // 2
    count = n if owner is None else int(owner.max(initial=-1)) + 1
    sums = np.zeros((width, count if n_units is None else n_units))
    for start in range(0, n, _BLOCK):
        part = order[start : start + _BLOCK]
        terms = _terms(table[part] - centre, w[part])
        if owner is None:
            sums[:, start : start + len(part)] = terms
        else:
            edges = np.flatnonzero(np.diff(owner[part], prepend=-1))
            sums[:, owner[part][edges]] += np.add.reduceat(terms, edges, axis=1)
    return UnitSums(sums, centre, n)


def _terms(rows: FloatArray, weights: FloatArray) -> FloatArray:
    """Return 1, x and products of columns of every row, times its weight."""
    z = np.ascontiguousarray(rows.T)
    first, second = np.triu_indices(len(z))
    terms: FloatArray = np.concatenate([np.ones((1, z.shape[1])), z, z[first] * z[second]])
    terms *= weights
    return terms


@dataclass(frozen=True, slots=True, eq=False)
class SampleMoments:
    """Moments of very many samples. In memory the leading axis stands last, as `pls` needs it.

    Attributes
    ----------
    mean, sd
        shape (samples, p). The sd has the divisor n − 1 after scaling to mean weight 1; NaN for a column that does not
        vary in a sample.
    corr
        shape (samples, p, p), NaN in the rows and columns of such a column.
    """

    mean: FloatArray
    sd: FloatArray
    corr: FloatArray

    @property
    def covariance(self) -> FloatArray:
        """Covariances, shape (samples, p, p)."""
        return np.asarray(self.corr * self.sd[:, :, None] * self.sd[:, None, :], dtype=np.float64)


def sample_moments(units: UnitSums, factors: npt.ArrayLike | Factors) -> SampleMoments:
    """Return moments of samples that are made by factors on the weights of units.

    Parameters
    ----------
    units
        Of `unit_sums`.
    factors
        shape (samples, n_units): multipliers of a bootstrap, or whether a unit belongs to a group; ones are the sample
        itself. Or a function that returns the factors of a slice of the units.

    Returns
    -------
    SampleMoments

    Notes
    -----
    Sums of products are drawn again, never rows.

    Examples
    --------
    >>> units = unit_sums([[1.0, 0.0], [3.0, 1.0], [5.0, 1.0]])
    >>> sample_moments(units, [[1, 1, 1], [1, 1, 0]]).corr[:, 0, 1].round(4)
    array([0.866, 1.   ])
    """
    sums = _drawn(units, factors if callable(factors) else _columns(np.asarray(factors)))
    p, total = units.p, sums.shape[1]
    mean, sd, corr = np.empty((p, total)), np.empty((p, total)), np.empty((p, p, total))
    whole = units.sums.sum(axis=1)
    # rounding leaves dust on a column that is constant in a sample
    dust = _DUST * whole[1 + p + _diagonal(p)] / whole[0] + _DUST**2 * units.centre**2
    for start in range(0, total, _SAMPLES):
        part = slice(start, start + _SAMPLES)
        _fill(sums[:, part], dust[:, None], mean[:, part], sd[:, part], corr[..., part])
    mean += units.centre[:, None]
    sd *= np.sqrt(units.n / (units.n - 1) if units.n > 1 else np.nan)
    return SampleMoments(mean.T, sd.T, np.moveaxis(corr, -1, 0))


def _columns(table: npt.NDArray[np.generic]) -> Factors:
    """Return the function that takes the columns of some units out of a table of factors."""
    return lambda part: table[:, part].astype(np.float64, copy=False)


def _drawn(units: UnitSums, factors: Factors) -> FloatArray:
    """Return the sums of every sample, shape (1 + p + p(p + 1)/2, samples), by some of the units at a time."""
    samples = len(factors(slice(0, 1)))
    step = max(256, _NUMBERS // max(samples, 1))
    found = units.sums[:, :step] @ factors(slice(0, step)).T
    for start in range(step, units.sums.shape[1], step):
        part = slice(start, start + step)
        found += units.sums[:, part] @ factors(part).T
    return found


def _fill(sums: FloatArray, dust: FloatArray, mean: FloatArray, sd: FloatArray, corr: FloatArray) -> None:
    """Turn sums (1 + p + p(p + 1)/2, b) into means and deviations (p, b) and correlations (p, p, b)."""
    p = len(mean)
    share = 1 / np.where(sums[0] > 0, sums[0], np.nan)
    np.multiply(sums[1 : 1 + p], share, out=mean)
    variance = sums[1 + p + _diagonal(p)] * share - mean**2
    np.sqrt(np.where(variance > dust, variance, np.nan), out=sd)
    inverse = 1 / sd
    standard = mean * inverse
    place = 1 + p
    for i in range(p):
        row = corr[i, i:]
        np.multiply(sums[place : place + p - i], inverse[i:], out=row)
        row *= inverse[i] * share
        row -= standard[i] * standard[i:]
        row[0] = np.where(np.isnan(sd[i]), np.nan, 1.0)
        corr[i:, i] = row
        place += p - i


def _diagonal(p: int) -> IntArray:
    """Places of the squares among the products of `np.triu_indices`."""
    return np.cumsum([0, *range(p, 1, -1)])
