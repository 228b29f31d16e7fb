"""Rows with missing cells by pattern: which variables were answered, and the sums of the rows of a pattern."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class PatternSums:
    """Weighted sums of the rows that answered the same variables.

    Attributes
    ----------
    observed
        shape (k, p), which variables the rows of a pattern answered; at least one each.
    products
        One array a pattern, shape (b, 1 + o, 1 + o): the weighted sum of z zᵀ, z = (1, answered variables − centre).
    centre
        shape (p,), taken off every variable so that the sums keep their digits.
    """

    observed: BoolArray
    products: tuple[FloatArray, ...]
    centre: FloatArray


def missing_patterns(values: FloatArray) -> tuple[BoolArray, tuple[IntArray, ...]]:
    """Group rows by which variables they answered.

    Parameters
    ----------
    values
        shape (n, p), NaN where missing.

    Returns
    -------
    observed
        shape (k, p); the pattern without any answer is left out.
    rows
        The row numbers of every pattern.

    Examples
    --------
    >>> observed, rows = missing_patterns(np.array([[1.0, np.nan], [2.0, 3.0], [4.0, np.nan], [np.nan, np.nan]]))
    >>> observed, [index.tolist() for index in rows]
    (array([[ True, False],
           [ True,  True]]), [[0, 2], [1]])
    """
    seen = ~np.isnan(values)
    patterns, place = np.unique(seen, axis=0, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    edges = np.searchsorted(place.ravel()[order], np.arange(len(patterns) + 1))
    kept = [k for k in range(len(patterns)) if patterns[k].any()]
    return np.asarray(patterns[kept], dtype=np.bool_), tuple(order[edges[k] : edges[k + 1]] for k in kept)


def augmented(block: FloatArray) -> FloatArray:
    """Put a column of ones before the columns of a block.

    Examples
    --------
    >>> augmented(np.array([[2.0], [3.0]]))
    array([[1., 2.],
           [1., 3.]])
    """
    return np.concatenate([np.ones((len(block), 1)), block], axis=1)


def never_together(observed: npt.ArrayLike) -> tuple[tuple[int, int], ...]:
    """Return the pairs of variables that no row answered both.

    Parameters
    ----------
    observed
        shape (k, p), patterns or rows.

    Examples
    --------
    >>> never_together([[True, True, False], [True, False, True]])
    ((1, 2),)
    """
    seen = np.asarray(observed, dtype=np.float64)
    first, second = np.nonzero(np.triu(seen.T @ seen == 0, 1))
    return tuple(zip(first.tolist(), second.tolist(), strict=True))
