"""Whole-number answers of many respondents to means and covariances, in one pass over columns of small integers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.moments.model import FloatArray
from satmeter.numerics.arguments import checked_weights

Integers = npt.NDArray[np.integer[Any]]
Counts = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
Sums = tuple[FloatArray, Counts]
Keep = Literal["complete", "pairwise"]

_CHUNK = 16_384
_HALF = _CHUNK // 2
"""Rows of a chunk when there are two columns an item."""
_PART = 16 * _CHUNK
"""Rows that one thread takes at a time; the sums of the parts are added in their order, whichever comes first."""
_THREADED = 1_000_000
"""Rows from which two threads share the work."""
_EXACT = 2**24
"""Whole numbers up to this are exact in 32 bits of floating point."""


@dataclass(frozen=True, eq=False)
class AnswerMoments:
    """Means and covariances of whole-number answers.

    Attributes
    ----------
    n
        shape (p, p), answers behind every covariance: the complete rows, or those that answered both.
    mean
        shape (p,), of the complete rows, or of all answers to the item.
    covariance
        shape (p, p), with the divisor of the n − 1 form after scaling to mean weight 1. NaN below two rows. Pairwise
        covariances need not form a positive definite matrix.
    """

    n: Counts
    mean: FloatArray
    covariance: FloatArray


def answer_moments(
    columns: npt.ArrayLike, *, weights: npt.ArrayLike | None = None, keep: Keep = "complete"
) -> AnswerMoments:
    """Reduce whole-number answers to means and covariances, of the sample alone.

    For big files: beyond the answers it needs a few megabytes however many respondents there are. `moment_stack` gives
    the same for the sample and all replicates.

    Parameters
    ----------
    columns
        shape (p, n), one row an item, integers of any type (int8 is fastest); negative where missing.
    weights
        shape (n,), probability weights; None means equal weights.
    keep
        "complete": respondents who answered every item. "pairwise": for every pair of items those who answered both,
        with the means of these.

    Returns
    -------
    AnswerMoments
        Respondents of weight 0 are not counted.

    Raises
    ------
    NumericsError
        N010 for answers that are not whole numbers or not a table, and for another number of weights; N008 for unusable
        weights.

    Notes
    -----
    Products are summed by matrix multiplication over chunks of rows, in 32 bits where that is exact: m rows of answers
    up to a sum to at most m·a², and every whole number up to 2²⁴ has an exact 32-bit form, so that with 16,384 rows no
    digit is lost for answers up to 32. Larger answers, and weighted ones, are summed in 64 bits.
    From a million rows on two threads share the work; the result is the same without them.

    Examples
    --------
    >>> answers = np.array([[5, 4, 2, 1], [4, 4, 1, -1]], dtype=np.int8)
    >>> found = answer_moments(answers)
    >>> round(float(found.covariance[0, 1]), 9), int(found.n[0, 1])
    (2.5, 3)
    >>> answer_moments(answers, keep="pairwise").mean
    array([3., 3.])
    """
    table: Integers = np.asarray(columns)
    if table.ndim != 2 or not np.issubdtype(table.dtype, np.integer):
        raise NumericsError(Problem("N010", got=f"{table.dtype} {table.shape}", params={"expected": "(p, n) integers"}))
    w = None if weights is None else checked_weights(weights, table.shape[1])
    return _pairwise(table, w) if keep == "pairwise" else _complete(table, w)


def _complete(table: Integers, weights: FloatArray | None) -> AnswerMoments:
    p = len(table)
    sums, rows = _summed(_complete_sums, table, weights)
    total = sums[p, p] if rows.any() else np.nan
    mean = sums[p, :p] / total
    spread = sums[:p, :p] / total - mean[:, None] * mean
    n = np.full((p, p), rows, dtype=np.int64)
    return AnswerMoments(n, mean, _widened(spread, n))


def _pairwise(table: Integers, weights: FloatArray | None) -> AnswerMoments:
    p = len(table)
    sums, n = _summed(_pairwise_sums, table, weights)
    total = np.where(sums[p:, p:] > 0, sums[p:, p:], np.nan)
    mean = sums[:p, p:] / total  # (i, j): of item i among those who answered i and j
    return AnswerMoments(n, np.diagonal(mean).copy(), _widened(sums[:p, :p] / total - mean * mean.T, n))


def _summed(work: Callable[[Integers, FloatArray | None], Sums], table: Integers, weights: FloatArray | None) -> Sums:
    """Add up what `work` finds in parts of the rows."""
    parts = [slice(start, start + _PART) for start in range(0, max(table.shape[1], 1), _PART)]
    cut = [(table[:, part], None if weights is None else weights[part]) for part in parts]
    if table.shape[1] < _THREADED:
        found = [work(*piece) for piece in cut]
    else:
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda piece: work(*piece), cut))
    return np.sum([sums for sums, _ in found], axis=0), np.sum([n for _, n in found], axis=0)


def _complete_sums(table: Integers, weights: FloatArray | None) -> Sums:
    """Return the sums of the products of all items and 1 over complete rows, and the number of these."""
    p, rows, space = len(table), 0, _Space(len(table) + 1, _CHUNK)
    sums = np.zeros((p + 1, p + 1))
    for part, root in _chunks(table, weights, _CHUNK):
        seen, largest = _complete_rows(part)
        block = space.block(part.shape[1], exact=root is None and _CHUNK * largest**2 <= _EXACT)
        factor = root if seen is None else seen if root is None else root * seen
        block[:p] = part
        block[p] = 1.0
        if factor is not None:
            block[: p + 1] *= factor
        rows += part.shape[1] if factor is None else int(np.count_nonzero(factor))
        sums += (block @ block.T)[: p + 1, : p + 1]
    return sums, np.asarray(rows)


def _pairwise_sums(table: Integers, weights: FloatArray | None) -> Sums:
    """Return the sums of the products of all items and of having answered them, and the rows of every pair."""
    p, space = len(table), _Space(2 * len(table), _HALF)
    sums = np.zeros((2 * p, 2 * p))
    bits = np.zeros((p, -(-table.shape[1] // _HALF) * _HALF // 8), dtype=np.uint8)
    for number, (part, root) in enumerate(_chunks(table, weights, _HALF)):
        seen, largest = (part >= 0).view(np.int8), int(part.max(initial=0))
        block = space.block(part.shape[1], exact=root is None and _HALF * largest**2 <= _EXACT)
        block[:p] = part * seen
        block[p : 2 * p] = seen
        if root is not None:
            block[: 2 * p] *= root
            packed = np.packbits(seen & (root > 0), axis=1)
            bits[:, number * _HALF // 8 :][:, : packed.shape[1]] = packed
        sums += (block @ block.T)[: 2 * p, : 2 * p]
    return sums, sums[p:, p:].astype(np.int64) if weights is None else _common(bits)


class _Space:
    """Room for the numbers of a chunk, in 32 bits and in 64; the rows that fill up the library's blocks stay 0."""

    def __init__(self, rows: int, columns: int) -> None:
        self._shape = rows + -rows % 4, columns
        self._found: dict[bool, npt.NDArray[np.floating[Any]]] = {}

    def block(self, columns: int, *, exact: bool) -> npt.NDArray[np.floating[Any]]:
        if exact not in self._found:
            self._found[exact] = np.zeros(self._shape, dtype=np.float32 if exact else np.float64)
        return self._found[exact][:, :columns]


def _chunks(table: Integers, weights: FloatArray | None, rows: int) -> Iterator[tuple[Integers, FloatArray | None]]:
    """Yield columns and the square roots of their weights."""
    for start in range(0, table.shape[1], rows):
        part = slice(start, start + rows)
        yield table[:, part], None if weights is None else np.sqrt(weights[part])


def _complete_rows(part: Integers) -> tuple[npt.NDArray[np.bool_] | None, int]:
    """Return the rows without a negative number, None for all of them, and the largest number."""
    unsigned = part.view(part.dtype.str.replace("i", "u"))  # a negative number is then beyond all others
    largest = int(unsigned.max(initial=0))
    if largest <= np.iinfo(part.dtype).max:
        return None, largest
    return part.min(axis=0) >= 0, int(part.max())


def _common(bits: Bits) -> Counts:
    """Count the bits that two rows share, for every two rows."""
    words = bits.view(np.uint64)
    n = np.empty((len(words), len(words)), dtype=np.int64)
    for i, row in enumerate(words):
        n[i, i:] = n[i:, i] = np.bitwise_count(words[i:] & row).sum(axis=1, dtype=np.int64)
    return n


def _widened(spread: FloatArray, n: Counts) -> FloatArray:
    """Put the divisor n − 1 in place of n; NaN below two rows."""
    return np.asarray(spread * np.where(n > 1, n / np.maximum(n - 1, 1), np.nan), dtype=np.float64)
