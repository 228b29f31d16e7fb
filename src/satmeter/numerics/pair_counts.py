"""Weighted counts of the answers to every pair of items, in one pass over packed codes."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights

Codes = npt.NDArray[np.integer[Any]]

MOST_CATEGORIES = 20
_PACKED = 512
_CHUNK = 65_536
_MANY_ROWS = 50_000


def pair_counts(codes: npt.ArrayLike, n_categories: int, weights: npt.ArrayLike | None = None) -> FloatArray:
    """Count the answers to every pair of items.

    Parameters
    ----------
    codes
        shape (n, p), integers: place of the answer on the scale, 0 … n_categories − 1; −1 where missing.
    n_categories
        Number K of places of the longest scale, 2 to 20.
    weights
        shape (n,); None means equal weights.

    Returns
    -------
    array, shape (p, p, K, K)
        Entry (i, j, a, b): sum of the weights of those who gave place a to item i and place b to item j. Missing
        answers are left out pair by pair. The diagonal (i, i) holds the counts of item i on its own diagonal.

    Raises
    ------
    NumericsError
        N013 for codes that are not integers from −1 to K − 1 or another K; N008 for unusable weights.

    Notes
    -----
    The codes of several items are packed into one number, so that one count of a pair of packs gives the tables of
    all pairs of items between them.

    Examples
    --------
    >>> pair_counts([[0, 1], [1, 1], [1, -1]], 2)[0, 1]
    array([[0., 1.],
           [0., 1.]])
    """
    table: Codes = np.asarray(codes)
    _check(table, n_categories)
    w = None if weights is None else checked_weights(weights, len(table))
    n_items, base = table.shape[1], n_categories + 1
    in_pack = 1 if len(table) < _MANY_ROWS else max(1, int(np.log(_PACKED) / np.log(base)))
    packs = [range(start, min(start + in_pack, n_items)) for start in range(0, n_items, in_pack)]
    sums = _packed_sums(table, packs, base, w)
    counts = np.zeros((n_items, n_items, n_categories, n_categories))
    for (one, two), cube in sums.items():
        first, second = packs[one], packs[two]
        by_second = _single_items(cube, len(second), base)
        tables = _single_items(by_second.T, len(first), base)
        tables = tables.reshape(len(second), n_categories, len(first), n_categories).transpose(2, 0, 3, 1)
        counts[first.start : first.stop, second.start : second.stop] = tables
        counts[second.start : second.stop, first.start : first.stop] = tables.transpose(1, 0, 3, 2)
    return counts


def _packed_sums(
    table: Codes, packs: list[range], base: int, weights: FloatArray | None
) -> dict[tuple[int, int], FloatArray]:
    """Count the pairs of packed codes, a chunk of rows at a time so that the codes stay in the cache."""
    sizes = [base ** len(pack) for pack in packs]
    pairs = list(combinations_with_replacement(range(len(packs)), 2))
    sums = {(i, j): np.zeros(sizes[i] if i == j else sizes[i] * sizes[j]) for i, j in pairs}
    for start in range(0, len(table), _CHUNK):
        rows = table[start : start + _CHUNK]
        w = None if weights is None else weights[start : start + _CHUNK]
        packed = [_pack(rows, pack, base) for pack in packs]
        for i, j in pairs:
            code = packed[i] if i == j else packed[i] * sizes[j] + packed[j]
            sums[i, j] += np.bincount(code, w, minlength=len(sums[i, j]))
    return {(i, j): np.diag(s) if i == j else s.reshape(sizes[i], sizes[j]) for (i, j), s in sums.items()}


def _single_items(cube: FloatArray, n_items: int, base: int) -> FloatArray:
    """Reduce packed columns, (m, base ** n_items), to single items without the missing answers, (m, n_items · K)."""
    parts = []
    for item in range(n_items):
        shape = len(cube), base**item, base, base ** (n_items - 1 - item)
        parts.append(cube.reshape(shape).sum(axis=3).sum(axis=1)[:, 1:])
    return np.concatenate(parts, axis=1)


def _check(table: Codes, n_categories: int) -> None:
    integer = table.ndim == 2 and np.issubdtype(table.dtype, np.integer)
    fits = 2 <= n_categories <= MOST_CATEGORIES
    if not (integer and fits) or (table.size and (table.min() < -1 or table.max() >= n_categories)):
        got = f"{table.dtype} {table.shape}, {n_categories}"
        raise NumericsError(Problem("N013", got=got, params={"most": MOST_CATEGORIES}))


def _pack(table: Codes, pack: range, base: int) -> IntArray:
    code = np.zeros(len(table), dtype=np.int64)
    for item in pack:
        code *= base
        code += table[:, item].astype(np.int64) + 1
    return code
