"""Relative importance of drivers: R² shared out by the Shapley value (LMG)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from math import comb

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.importance_subsets import Groups, SubsetBlock, checked_stack, r2_blocks, replicate_parts


def lmg(cov: npt.ArrayLike, outcome: int, groups: Groups) -> FloatArray:
    """Share R² out over drivers: the mean gain in R² over all orders in which drivers can enter.

    Parameters
    ----------
    cov
        shape (..., p, p). Index 0 of the leading axes is the full sample.
    outcome
        Column number of the outcome.
    groups
        One tuple of column numbers a driver: one column, or the dummies of a categorical driver.

    Returns
    -------
    array, shape (..., n_groups)
        In units of R², which they sum to. In a replicate a column that is constant or a combination of
        columns that entered before adds nothing; where the outcome is constant everything is NaN.

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear columns in the full sample, since importance would be shared out
        between copies by chance; N007 above 24 drivers; N010 for groups that are empty or overlap.

    Notes
    -----
    Lindeman, Merenda and Gold (1980); the Shapley value of R², equal to general dominance (Budescu 1993,
    Psychological Bulletin 114, 542–551) and to R relaimpo's ``lmg``. R² of all 2^g subsets comes from
    branching Schur complements and is added up block by block, so that memory stays at a few megabytes a thread
    whatever the number of drivers. Parts of the stack run in threads; the result does not depend on how many.

    Examples
    --------
    >>> lmg([[1.0, 0.3, 0.4], [0.3, 1.0, 0.0], [0.4, 0.0, 1.0]], 0, ((1,), (2,))).round(4)
    array([0.09, 0.16])
    """
    stack = checked_stack(cov, outcome, groups)
    flat = stack.reshape(-1, *stack.shape[-2:])
    parts = replicate_parts(len(flat), groups)

    def share_out(part: slice) -> FloatArray:
        total = _Shares(len(groups), part.stop - part.start)
        for block in r2_blocks(flat[part], outcome, groups):
            total.add(block)
        return total.values()

    if len(parts) < 2:
        found = [share_out(part) for part in parts]
    else:
        with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
            found = list(pool.map(share_out, parts))
    return np.concatenate(found).reshape(*stack.shape[:-2], len(groups))


def shapley(table: npt.ArrayLike) -> FloatArray:
    """Share any value of subsets out over their members by the Shapley value.

    Parameters
    ----------
    table
        shape (2^g, ...): value of every subset of g drivers, for example R², a pseudo-R² or a log-likelihood. Subset s
        holds driver i when bit g − 1 − i of s is set, as in `subset_r2`.

    Returns
    -------
    array, shape (..., g)
        They sum to the value of the whole less the value of the empty subset.

    Raises
    ------
    NumericsError
        N080 when the first axis is not a power of two of at least 2.

    Notes
    -----
    Shapley (1953), A value for n-person games. Each driver's gain by joining a subset of s others has weight
    1 / (g·C(g − 1, s)).

    Examples
    --------
    >>> shapley([0.0, 0.16, 0.09, 0.25]).round(4)
    array([0.09, 0.16])
    """
    values = np.asarray(table, dtype=np.float64)
    n_drivers = len(values).bit_length() - 1 if values.ndim else 0
    if n_drivers < 1 or len(values) != 2**n_drivers:
        raise NumericsError(Problem("N080", got=str(values.shape)))
    total = _Shares(n_drivers, int(np.prod(values.shape[1:], dtype=np.int64)))
    total.add(SubsetBlock((), values.reshape(len(values), -1)))
    return total.values().reshape(*values.shape[1:], n_drivers)


def subset_sizes(n_drivers: int) -> npt.NDArray[np.int64]:
    """Return the number of members of every subset, shape (2^g,).

    Parameters
    ----------
    n_drivers
        g, possibly 0.

    Examples
    --------
    >>> subset_sizes(2)
    array([0, 1, 1, 2])
    """
    return np.bitwise_count(np.arange(2**n_drivers)).astype(np.int64)


def joining_weights(n_drivers: int) -> FloatArray:
    """Return the Shapley weight of a gain by joining s others, s = 0 … g − 1: 1/(g·C(g − 1, s)).

    Parameters
    ----------
    n_drivers
        g, at least 1.

    Examples
    --------
    >>> joining_weights(2)
    array([0.5, 0.5])
    """
    return np.array([1 / (n_drivers * comb(n_drivers - 1, s)) for s in range(n_drivers)])


class _Shares:
    """Shapley values, added up over blocks of the table of subsets.

    A driver's value is Σ (w(s − 1) + w(s)) over the subsets of s drivers that hold it, less Σ w(s) over all subsets;
    the first sum comes for all drivers from halving the table again and again.
    """

    def __init__(self, n_drivers: int, count: int) -> None:
        weights = joining_weights(n_drivers)
        self._out = np.append(weights, 0.0)
        self._both = self._out + np.append(0.0, weights)
        self._member = np.zeros((n_drivers, count))
        self._all = np.zeros(count)

    def add(self, block: SubsetBlock) -> None:
        high = len(block.prefix)
        size = subset_sizes(len(self._member) - high) + sum(block.prefix)
        self._all += np.einsum("s,sb->b", self._out[size], block.r2)
        weighted = self._both[size][:, None] * block.r2
        for driver in range(high, len(self._member)):
            half = len(weighted) // 2
            self._member[driver] += np.add.reduce(weighted[half:])
            weighted = weighted[:half] + weighted[half:]
        self._member[:high][list(block.prefix)] += weighted[0]

    def values(self) -> FloatArray:
        """Shape (count, g)."""
        return np.ascontiguousarray((self._member - self._all).T)
