"""Correlations of bootstrap and jackknife samples straight from rows, in chunks whose replicate index stands last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.design import design_units
from satmeter.numerics.resampling import Draws, rao_wu_draws, rao_wu_scale

_BLOCK = 4096
_GROUPS = 2000
_DUST = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class UnitSums:
    """Weighted sums of 1, x and of all products of columns over the rows of every sampling unit.

    Attributes
    ----------
    sums
        shape (1 + p + p(p + 1)/2, n_units); columns were centred at their weighted means first.
    stratum
        shape (n_units,).
    p
        Number of columns.
    """

    sums: FloatArray
    stratum: npt.NDArray[np.int64]
    p: int

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.stratum)

    @property
    def n_left_out(self) -> int:
        """Number of samples of the jackknife: units, or 2,000 groups of them."""
        return min(self.n_units, _GROUPS)


def unit_sums(
    rows: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> UnitSums:
    """Reduce rows to sums over sampling units.

    Parameters
    ----------
    rows
        shape (n, p), complete.
    weights
        shape (n,), probability weights; equal when left out.
    strata, cluster
        shape (n,), the design; respondents are the units when left out.

    Returns
    -------
    UnitSums

    Raises
    ------
    NumericsError
        N009 for missing values, N008 for weights that cannot be used, N003 for a stratum of one unit.

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
    design = design_units(n, strata, cluster)
    first, second = np.triu_indices(p)
    centred = (table - w @ table / w.sum()).T
    sums = np.zeros((1 + p + len(first), design.n_units))
    for start in range(0, n, _BLOCK):
        part = slice(start, start + _BLOCK)
        z = np.ascontiguousarray(centred[:, part])
        terms = np.concatenate([np.ones((1, z.shape[1])), z, z[first] * z[second]]) * w[part]
        if cluster is None:
            sums[:, part] = terms
        else:
            np.add.at(sums.T, design.unit[part], terms.T)
    return UnitSums(sums, design.stratum, p)


def put_in_order(units: UnitSums, columns: npt.ArrayLike) -> UnitSums:
    """Return the sums of the same rows with their columns in another order.

    Parameters
    ----------
    units
        Of `unit_sums`.
    columns
        shape (p,), old number of every new column.

    Returns
    -------
    UnitSums

    Examples
    --------
    >>> bool((put_in_order(unit_sums([[1.0, 5.0], [3.0, 4.0]]), [1, 0]).sums[1] == [0.5, -0.5]).all())
    True
    """
    order = np.asarray(columns, dtype=np.int64)
    first, second = np.triu_indices(units.p)
    place = np.empty((units.p, units.p), dtype=np.int64)
    place[first, second] = place[second, first] = np.arange(len(first))
    pairs = place[order[first], order[second]]
    taken = np.concatenate([[0], 1 + order, 1 + units.p + pairs])
    return UnitSums(units.sums[taken], units.stratum, units.p)


def draw_units(units: UnitSums, replicates: int, rng: np.random.Generator) -> Draws:
    """Draw the units of every stratum again, as `resampling.rao_wu_draws` does.

    Parameters
    ----------
    units
        Of `unit_sums`.
    replicates
        Number of bootstrap samples.
    rng
        Replicate r depends on its seed and r only.

    Returns
    -------
    array of small integers, shape (replicates, n_units)

    Examples
    --------
    >>> draw_units(unit_sums([[1.0], [3.0], [5.0]]), 4, np.random.default_rng(1)).shape
    (4, 3)
    """
    return rao_wu_draws(units.stratum, replicates, rng)


def bootstrap_correlations(units: UnitSums, draws: Draws, *, chunk: int = 2048) -> Iterator[FloatArray]:
    """Yield correlations of the full sample and of bootstrap samples.

    Parameters
    ----------
    units
        Of `unit_sums`.
    draws
        Of `draw_units`.
    chunk
        Largest number of matrices at once.

    Yields
    ------
    array, shape (p, p, b)
        The very first matrix is the full sample. NaN in the rows and columns of an item that does not vary.

    Examples
    --------
    >>> units = unit_sums([[1.0, 0.0], [3.0, 1.0], [5.0, 1.0]])
    >>> next(bootstrap_correlations(units, draw_units(units, 9, np.random.default_rng(1)))).shape
    (2, 2, 10)
    """
    scale = rao_wu_scale(units.stratum)
    whole = units.sums.sum(axis=1, keepdims=True)
    scaled = np.ascontiguousarray(units.sums * scale)
    for start in range(0, len(draws) + 1, chunk):
        stop = min(start + chunk, len(draws) + 1)
        part = draws[max(start - 1, 0) : stop - 1]
        sums = scaled @ part.astype(np.float64).T
        yield _correlations(np.hstack([whole, sums]) if start == 0 else sums, whole, units.p)


def jackknife_correlations(units: UnitSums, *, chunk: int = 2048) -> Iterator[FloatArray]:
    """Yield correlations without each sampling unit in turn, by taking its sums off the total.

    Parameters
    ----------
    units
        Of `unit_sums`. Above 2,000 units every k-th unit is put into one group, and groups are left out.
    chunk
        Largest number of matrices at once.

    Yields
    ------
    array, shape (p, p, b)

    Examples
    --------
    >>> next(jackknife_correlations(unit_sums([[1.0, 0.0], [3.0, 1.0], [5.0, 1.0]])))[0, 1]
    array([nan,  1.,  1.])
    """
    whole = units.sums.sum(axis=1, keepdims=True)
    sums, groups = units.sums, units.n_left_out
    if groups < units.n_units:
        sums = np.stack([sums[:, g::groups].sum(axis=1) for g in range(groups)], axis=1)
    for start in range(0, sums.shape[1], chunk):
        yield _correlations(whole - sums[:, start : start + chunk], whole, units.p)


def weighted_correlations(units: UnitSums, factors: npt.ArrayLike, *, chunk: int = 2048) -> Iterator[FloatArray]:
    """Yield correlations under any factors on the units, such as group membership.

    Parameters
    ----------
    units
        Of `unit_sums`.
    factors
        shape (samples, n_units).
    chunk
        Largest number of matrices at once.

    Yields
    ------
    array, shape (p, p, b)

    Examples
    --------
    >>> units = unit_sums([[1.0, 0.0], [3.0, 1.0], [5.0, 1.0]])
    >>> next(weighted_correlations(units, [[1, 1, 0], [1, 1, 1]]))[0, 1].round(4)
    array([1.   , 0.866])
    """
    table = np.asarray(factors)
    whole = units.sums.sum(axis=1, keepdims=True)
    for start in range(0, len(table), chunk):
        part = table[start : start + chunk].astype(np.float64)
        yield _correlations(units.sums @ part.T, whole, units.p)


def _correlations(sums: FloatArray, whole: FloatArray, p: int) -> FloatArray:
    """Turn sums (1 + p + p(p + 1)/2, b) into correlations (p, p, b)."""
    first, second = np.triu_indices(p)
    total = np.where(sums[0] > 0, sums[0], np.nan)
    mean = sums[1 : 1 + p] / total
    spread = sums[1 + p :] / total
    square = np.flatnonzero(first == second)
    variance = spread[square] - mean**2
    # rounding leaves dust on a column that is constant in a sample
    usual = whole[1 + p :][square] / whole[0]
    inverse_sd = 1 / np.sqrt(np.where(variance > _DUST * usual, variance, np.nan))
    mean *= inverse_sd
    found = np.empty((p, p, sums.shape[1]))
    place = 0
    for i in range(p):
        width = p - i
        row = spread[place : place + width] * inverse_sd[i:]
        row *= inverse_sd[i]
        row -= mean[i] * mean[i:]
        row[0] = np.where(np.isnan(row[0]), np.nan, 1.0)
        found[i, i:] = row
        found[i:, i] = row
        place += width
    return found
