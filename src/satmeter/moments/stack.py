"""Rows to moments of the sample and of all replicates, by matrix products over chunks of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.moments.model import FloatArray, IntArray, MomentStack, Resampling

_CHUNK_NUMBERS = 4_000_000


def moment_stack(
    resampling: Resampling, values: npt.ArrayLike, *, rows: npt.NDArray[np.bool_] | None = None
) -> MomentStack:
    """Reduce rows to weighted first and second moments, for the sample and for every replicate.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    values
        shape (n, p), one row a respondent, NaN where missing.
    rows
        shape (n,), respondents to be used; all by default. Their units stay those of the whole sample, so
        that a group's numbers carry the uncertainty of a domain.

    Returns
    -------
    MomentStack
        Over the rows that are complete in all p columns. A replicate that drew none of them is NaN.

    Notes
    -----
    Weights are probability weights. The products of all column pairs are summed by unit first; a chunk of
    rows is held at a time, never the n × replicates matrix of weights.

    Examples
    --------
    >>> draws = np.array([[2, 0, 0], [0, 1, 1]], dtype=np.uint16)
    >>> resampling = Resampling(np.ones(3), np.arange(3), draws, np.full(3, 1.5), 2)
    >>> moments = moment_stack(resampling, np.array([[1.0], [2.0], [6.0]]))
    >>> moments.mean[:, 0], moments.covariance[0, 0, 0]
    (array([3., 1., 4.]), np.float64(7.0))
    """
    table = np.asarray(values, dtype=np.float64)
    usable = ~np.isnan(table).any(axis=1) & (resampling.weights > 0)
    index = np.flatnonzero(usable if rows is None else usable & rows)
    p = table.shape[1]
    kept, weights = table[index], resampling.weights[index]
    total_weight = weights.sum()
    centre = weights @ kept / total_weight if len(index) else np.zeros(p)
    first, second = np.triu_indices(p)

    def products(part: IntArray) -> FloatArray:
        z = kept[part] - centre
        return np.concatenate([np.ones((len(z), 1)), z, z[:, first] * z[:, second]], axis=1)

    def unit_sum(part: IntArray) -> FloatArray:
        w = weights[part]
        z = kept[part] - centre
        weighted = z * w[:, None]
        return np.concatenate([[w.sum()], weighted.sum(axis=0), (weighted.T @ z)[first, second]])

    sums = replicate_sums(resampling, index, Terms(products, unit_sum, 1 + p + len(first)))
    total = sums[:, 0]
    safe = np.where(total > 0, total, np.nan)
    shift = sums[:, 1 : 1 + p] / safe[:, None]
    n = len(index)
    place = np.empty((p, p), dtype=np.int64)
    place[first, second] = place[second, first] = np.arange(len(first))
    covariance = np.take(sums[:, 1 + p :] / safe[:, None], place.ravel(), axis=1).reshape(-1, p, p)
    covariance -= shift[:, :, None] * shift[:, None, :]
    covariance *= n / (n - 1) if n > 1 else np.nan
    # rounding leaves dust on a column that is constant in a replicate
    variance = np.einsum("bii->bi", covariance)
    dust = 1e-13 * np.abs(variance[:1]) + 1e-24 * centre**2
    variance[variance <= dust] = 0.0
    n_eff = float(total_weight**2 / (weights**2).sum()) if n else 0.0
    return MomentStack(total, shift + centre, covariance, n, n_eff)


def mean_stack(
    resampling: Resampling, values: npt.ArrayLike, *, rows: npt.NDArray[np.bool_] | None = None
) -> FloatArray:
    """Return weighted means of columns, for the sample and for every replicate.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    values
        shape (n, p), NaN where missing: left out of that column's mean only.
    rows
        shape (n,), respondents to be used; all by default.

    Returns
    -------
    array, shape (1 + replicates, p)
        NaN where a column has no answer.

    Examples
    --------
    >>> draws = np.array([[2, 0, 0], [0, 1, 1]], dtype=np.uint16)
    >>> resampling = Resampling(np.ones(3), np.arange(3), draws, np.full(3, 1.5), 2)
    >>> mean_stack(resampling, np.array([[1.0], [2.0], [np.nan]]))[:, 0]
    array([1.5, 1. , 2. ])
    """
    table = np.asarray(values, dtype=np.float64)
    usable = resampling.weights > 0
    index = np.flatnonzero(usable if rows is None else usable & rows)
    kept = table[index]
    p = table.shape[1]

    def products(part: IntArray) -> FloatArray:
        chunk = kept[part]
        seen = ~np.isnan(chunk)
        return np.concatenate([seen, np.where(seen, chunk, 0.0)], axis=1)

    def unit_sum(part: IntArray) -> FloatArray:
        return np.asarray(resampling.weights[index[part]] @ products(part), dtype=np.float64)

    sums = replicate_sums(resampling, index, Terms(products, unit_sum, 2 * p))
    total = sums[:, :p]
    return np.asarray(sums[:, p:] / np.where(total > 0, total, np.nan), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is summed over the rows of a replicate.

    Attributes
    ----------
    products
        Row numbers to the terms of every row, shape (rows, width), not weighted.
    unit_sum
        Row numbers to the weighted sum of their terms, shape (width,).
    width
        Number of terms.
    """

    products: Callable[[IntArray], FloatArray]
    unit_sum: Callable[[IntArray], FloatArray]
    width: int


def replicate_sums(resampling: Resampling, index: IntArray, terms: Terms) -> FloatArray:
    """Sum weighted terms over the rows of every replicate, shape (1 + replicates, width)."""
    found = np.zeros((1 + resampling.replicates, terms.width))
    step = max(256, _CHUNK_NUMBERS // max(terms.width, len(found)))
    units = resampling.units[index]
    if resampling.n_units < len(resampling.units):
        sums = _sums_by_unit(units, resampling.n_units, terms)
        for start in range(0, len(sums), step):
            part = slice(start, start + step)
            found += resampling.multipliers(part) @ sums[part]
        return found
    weights = resampling.weights[index]
    order = np.argsort(units, kind="stable")
    for start in range(0, resampling.n_units, step):
        part = slice(start, min(start + step, resampling.n_units))
        low, high = np.searchsorted(units[order], (part.start, part.stop))
        rows = order[low:high]
        placed = np.zeros((part.stop - part.start, terms.width))
        placed[units[rows] - start] = terms.products(rows) * weights[rows, None]
        found += resampling.multipliers(part) @ placed
    return found


def _sums_by_unit(units: IntArray, n_units: int, terms: Terms) -> FloatArray:
    """Sum terms over the rows of every unit, shape (n_units, width); a unit without rows has zeros."""
    sums = np.zeros((n_units, terms.width))
    order = np.argsort(units, kind="stable")
    edges = np.searchsorted(units[order], np.arange(n_units + 1))
    for unit in range(n_units):
        if edges[unit] < edges[unit + 1]:
            sums[unit] = terms.unit_sum(order[edges[unit] : edges[unit + 1]])
    return sums
