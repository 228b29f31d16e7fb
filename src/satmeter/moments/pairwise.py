"""Correlations of blocks of items, every two blocks over the respondents who answered all items of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.moments.model import FloatArray, IntArray, Resampling
from satmeter.moments.stack import Terms, replicate_sums

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PairwiseStack:
    """Correlations of the sample and of every replicate.

    Attributes
    ----------
    corr
        shape (1 + replicates, p, p). A column that is constant among a pair's respondents has NaN with all columns of
        the other block, itself included.
    n
        shape (m, m), respondents behind every two blocks.
    """

    corr: FloatArray
    n: IntArray


def pairwise_stack(resampling: Resampling, values: npt.ArrayLike, blocks: Sequence[Sequence[int]]) -> PairwiseStack:
    """Correlate columns in blocks, each two blocks over the rows that are complete in both.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    values
        shape (n, p), one row a respondent, NaN where missing.
    blocks
        Column numbers of each block; together all columns, each once.

    Returns
    -------
    PairwiseStack
        Every (block, block) part equals the correlations of `moment_stack` over the rows complete in the two. The whole
        need not be positive definite.

    Notes
    -----
    Weights are probability weights. All pairs of blocks are summed in one pass: beside the products of columns, sums
    and squares of every column within the rows of every block. Blocks with the same rows share them, so that without
    missing answers it costs what `moment_stack` costs, and twice that for twelve blocks of five items.

    Examples
    --------
    >>> resampling = Resampling(np.ones(4), np.arange(4), np.empty((0, 4), dtype=np.uint16), np.ones(4), 3)
    >>> found = pairwise_stack(resampling, [[1.0, 1], [2, 2], [3, 4], [4, np.nan]], [(0,), (1,)])
    >>> found.corr[0, 0, 1].round(4), found.n.tolist()
    (np.float64(0.982), [[4, 3], [3, 3]])
    """
    table = np.asarray(values, dtype=np.float64)
    usable = resampling.weights > 0
    seen = np.stack([~np.isnan(table[:, list(block)]).any(axis=1) & usable for block in blocks], axis=1)
    sets, set_of = np.unique(seen, axis=1, return_inverse=True)  # blocks with the same rows share their sums
    set_of = np.asarray(set_of).ravel()
    own = np.empty(table.shape[1], dtype=np.int64)
    for block, number in zip(blocks, set_of, strict=True):
        own[list(block)] = number
    index = np.flatnonzero(sets.any(axis=1))
    mask = sets[index].astype(np.float64)
    answered = np.where(mask[:, own] > 0, table[index], 0.0)
    weights = resampling.weights[index]
    centre = weights @ answered / np.maximum(weights @ mask[:, own], np.finfo(np.float64).tiny)
    sums = replicate_sums(resampling, index, _terms((answered - centre) * mask[:, own], mask, weights))
    n = np.asarray(seen.T.astype(np.int64) @ seen.astype(np.int64))
    shared = np.asarray(sets.T.astype(np.int64) @ sets.astype(np.int64))
    return PairwiseStack(_correlations(sums, own, shared, centre), n)


def _terms(z: FloatArray, mask: FloatArray, weights: FloatArray) -> Terms:
    """Return what is summed: counts of two sets, sums and squares of columns within sets, products of columns."""
    p, m = z.shape[1], mask.shape[1]
    first, second = np.triu_indices(p)

    def products(part: IntArray) -> FloatArray:
        block, rows = z[part], mask[part]
        parts = [rows[:, :, None] * rows[:, None, :], block[:, :, None] * rows[:, None, :]]
        parts.append((block**2)[:, :, None] * rows[:, None, :])
        flat = [array.reshape(len(block), -1) for array in parts]
        return np.concatenate([*flat, block[:, first] * block[:, second]], axis=1)

    def unit_sum(part: IntArray) -> FloatArray:
        block, rows = z[part], mask[part]
        weighted, counted = block * weights[part, None], rows * weights[part, None]
        parts = [rows.T @ counted, block.T @ counted, (block**2).T @ counted]
        return np.concatenate([*(array.ravel() for array in parts), (weighted.T @ block)[first, second]])

    return Terms(products, unit_sum, m * m + 2 * p * m + len(first))


def _correlations(sums: FloatArray, own: IntArray, shared: IntArray, centre: FloatArray) -> FloatArray:
    stack, p, m = len(sums), len(own), len(shared)
    ends = np.cumsum([m * m, p * m, p * m])
    counts, columns, squares, products = np.split(sums, ends, axis=1)
    total = counts.reshape(stack, m, m)
    total = np.where((total > 0) & (shared > 1), total, np.nan)[:, own]  # of a column's set and another set
    mean = columns.reshape(stack, p, m) / total
    variance = squares.reshape(stack, p, m) / total - mean**2
    # rounding leaves dust on a column that is constant in a replicate
    dust = 1e-13 * np.abs(variance[:1]) + 1e-24 * (centre**2)[:, None]
    scale = 1 / np.sqrt(np.where(variance > dust, variance, np.nan))
    by_other = scale[:, :, own]
    first, second = np.triu_indices(p)
    upper = products / total[:, first, own[second]] - mean[:, first, own[second]] * mean[:, second, own[first]]
    upper *= by_other[:, first, second] * by_other[:, second, first]
    corr = np.empty((stack, p, p))
    corr[:, first, second] = upper
    corr[:, second, first] = upper
    diagonal = np.arange(p)
    corr[:, diagonal, diagonal] = np.where(np.isnan(scale[:, diagonal, own]), np.nan, 1.0)
    return corr
