"""Whole-number answers of many respondents to means and covariances, in one pass over columns of small integers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.moments.model import FloatArray
from satmeter.numerics.arguments import checked_weights

Integers = npt.NDArray[np.integer[Any]]
Keep = Literal["complete", "pairwise"]

_CHUNK = 8_192
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

    n: npt.NDArray[np.int64]
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
    up to a sum to at most m·a², and every whole number up to 2²⁴ has an exact 32-bit form, so that with 8,192 rows no
    digit is lost for answers up to 45. Larger answers, and weighted ones, are summed in 64 bits.

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
    p, kind = len(table), _kind(table, weights)
    if kind is np.float32 and table.shape[1] >= _THREADED:  # whole sums are the same in any order
        middle = table.shape[1] // 2
        with ThreadPoolExecutor(2) as pool:
            parts = list(pool.map(lambda part: _summed(part, None, kind), (table[:, :middle], table[:, middle:])))
    else:
        parts = [_summed(table, weights, kind)]
    sums = np.sum([part[0] for part in parts], axis=0)
    rows = sum(part[1] for part in parts)
    total = sums[p, p] if rows else np.nan
    mean = sums[p, :p] / total
    spread = sums[:p, :p] / total - mean[:, None] * mean
    n = np.full((p, p), rows, dtype=np.int64)
    return AnswerMoments(n, mean, _widened(spread, n))


def _summed(
    table: Integers, weights: FloatArray | None, kind: type[np.float32] | type[np.float64]
) -> tuple[FloatArray, int]:
    """Return the sums of the products of all items and 1 over complete rows, and the number of these."""
    p = len(table)
    sums, rows = np.zeros((p + 1, p + 1)), 0
    padded = p + 1 + (-(p + 1)) % 8  # the library's kernel works on blocks of rows
    space = np.zeros((padded, _CHUNK), dtype=kind)
    for part, share in _chunks(table, weights):
        seen = part.min(axis=0, initial=0) >= 0
        block = space[:, : part.shape[1]]
        block[:p] = part
        block[p] = 1.0
        root = None if share is None else np.sqrt(share)
        if root is not None:
            seen &= root > 0
            block[: p + 1] *= root
        if not seen.all():
            block[: p + 1] *= seen
        rows += int(np.count_nonzero(seen))
        sums += (block @ block.T)[: p + 1, : p + 1]
    return sums, rows


def _pairwise(table: Integers, weights: FloatArray | None) -> AnswerMoments:
    p = len(table)
    sums, counts = np.zeros((2 * p, 2 * p)), np.zeros((p, p))
    space = np.zeros((2 * p, _CHUNK), dtype=_kind(table, weights))
    for part, share in _chunks(table, weights):
        seen = (part >= 0).view(np.int8)
        block = space[:, : part.shape[1]]
        block[:p] = part
        block[p:] = seen
        block[:p] *= block[p:]
        if share is not None:
            counted = (seen & (share > 0)).astype(np.float32)
            counts += counted @ counted.T
            block *= np.sqrt(share)
        sums += block @ block.T
    total = np.where(sums[p:, p:] > 0, sums[p:, p:], np.nan)
    mean = sums[:p, p:] / total  # (i, j): of item i among those who answered i and j
    n = (sums[p:, p:] if weights is None else counts).astype(np.int64)
    return AnswerMoments(n, np.diagonal(mean).copy(), _widened(sums[:p, :p] / total - mean * mean.T, n))


def _chunks(table: Integers, weights: FloatArray | None) -> Iterator[tuple[Integers, FloatArray | None]]:
    for start in range(0, table.shape[1], _CHUNK):
        part = slice(start, start + _CHUNK)
        yield table[:, part], None if weights is None else weights[part]


def _kind(table: Integers, weights: FloatArray | None) -> type[np.float32] | type[np.float64]:
    """Return the narrowest numbers in which the sums of a chunk are exact."""
    largest = int(table.max(initial=1))
    return np.float32 if weights is None and _CHUNK * largest**2 <= _EXACT else np.float64


def _widened(spread: FloatArray, n: npt.NDArray[np.int64]) -> FloatArray:
    """Put the divisor n − 1 in place of n; NaN below two rows."""
    return np.asarray(spread * np.where(n > 1, n / np.maximum(n - 1, 1), np.nan), dtype=np.float64)
