"""Dominance analysis: whether one driver adds more than another alone, on average, or in every company."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.importance import shapley, subset_sizes
from satmeter.numerics.importance_subsets import Groups, check_groups, subset_r2

MAX_DOMINANCE = 16
"""Drivers of one dominance analysis, which holds the whole table of subsets and compares all pairs in it."""

_TABLE_NUMBERS = 1 << 22
_EQUAL = 1e-12


@dataclass(frozen=True, slots=True)
class DominanceTables:
    """Dominance of drivers.

    Attributes
    ----------
    conditional
        shape (..., g, g): mean gain in R² when driver i joins subsets of s others, s = 0 … g − 1. Column 0 is R² of the
        driver alone, the last column what it adds to all others.
    complete
        shape (..., g, g): 1 where driver i adds at least as much as driver j to every subset of the others and more to
        one, 0 where j does so, 0.5 where neither does and on the diagonal.
    conditionally
        shape (..., g, g): the same comparison of the rows of `conditional`.
    general
        shape (..., g): mean of the rows of `conditional`, which is LMG.
    """

    conditional: FloatArray
    complete: FloatArray
    conditionally: FloatArray
    general: FloatArray


def dominance(cov: npt.ArrayLike, outcome: int, groups: Groups) -> DominanceTables:
    """Compare every pair of drivers by what they add to R².

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
    DominanceTables
        Complete dominance implies conditional, conditional implies general. Gains that differ by less than 1e-12 count
        as equal. The mean of `complete` over replicates is its reproducibility. NaN for a replicate in which
        the outcome is constant.

    Raises
    ------
    NumericsError
        N004, N005, N010 as ``lmg``; N081 above 16 drivers.

    Notes
    -----
    Azen and Budescu (2003), Psychological Methods 8, 129–148; Budescu (1993), Psychological Bulletin 114, 542–551.

    Examples
    --------
    >>> tables = dominance([[1.0, 0.3, 0.4], [0.3, 1.0, 0.0], [0.4, 0.0, 1.0]], 0, ((1,), (2,)))
    >>> tables.conditional.round(4).tolist(), tables.complete.tolist()
    ([[0.09, 0.09], [0.16, 0.16]], [[0.5, 0.0], [1.0, 0.5]])
    """
    stack = np.asarray(cov, dtype=np.float64)
    check_groups(groups, outcome, stack.shape[-1] if stack.ndim else 0)
    count = len(groups)
    if count > MAX_DOMINANCE:
        raise NumericsError(Problem("N081", got=str(count), params={"maximum": MAX_DOMINANCE}))
    lead = stack.shape[:-2]
    if not lead:
        return _tables(subset_r2(stack, outcome, groups), count)
    flat = stack.reshape(-1, *stack.shape[-2:])
    step = max(1, _TABLE_NUMBERS >> count)
    # the full sample goes along with every part, so that collinear columns are refused there and only there
    parts = [
        _tables(subset_r2(np.concatenate([flat[:1], flat[i : i + step]]), outcome, groups)[:, 1:], count)
        for i in range(0, len(flat), step)
    ]
    return DominanceTables(
        *(
            np.concatenate([getattr(part, name) for part in parts]).reshape(*lead, count, *rest)
            for name, rest in (
                ("conditional", (count,)),
                ("complete", (count,)),
                ("conditionally", (count,)),
                ("general", ()),
            )
        )
    )


def _tables(table: FloatArray, count: int) -> DominanceTables:
    conditional = conditional_dominance(table)
    return DominanceTables(conditional, _complete(table, count), _compare_rows(conditional), shapley(table))


def conditional_dominance(table: npt.ArrayLike) -> FloatArray:
    """Return the mean gain of every driver by the number of others that it joins.

    Parameters
    ----------
    table
        shape (2^g, ...), value of every subset, as for ``importance.shapley``.

    Returns
    -------
    array, shape (..., g, g)
        Driver i, joining s = 0 … g − 1 others.

    Raises
    ------
    NumericsError
        N080 when the first axis is not a power of two of at least 2.

    Examples
    --------
    >>> conditional_dominance([0.0, 0.16, 0.09, 0.25]).round(4).tolist()
    [[0.09, 0.09], [0.16, 0.16]]
    """
    values = np.asarray(table, dtype=np.float64)
    count = len(values).bit_length() - 1 if values.ndim else 0
    if count < 1 or len(values) != 2**count:
        raise NumericsError(Problem("N080", got=str(values.shape)))
    size = subset_sizes(count)
    by_size = np.argsort(size, kind="stable")
    pairs = np.array([comb(count - 1, s) for s in range(count)], dtype=np.float64)
    found = np.empty((count, count, *values.shape[1:]))
    for driver in range(count):
        bit = 1 << (count - 1 - driver)
        without = by_size[(by_size & bit) == 0]
        gain = values[without | bit] - values[without]
        starts = np.searchsorted(size[without], np.arange(count))
        found[driver] = np.add.reduceat(gain, starts, axis=0) / pairs.reshape(-1, *[1] * (values.ndim - 1))
    return np.moveaxis(found, (0, 1), (-2, -1))


def _complete(table: FloatArray, count: int) -> FloatArray:
    found = np.full((count, count, *table.shape[1:]), 0.5)
    subset = np.arange(len(table))
    for i in range(count):
        for j in range(i + 1, count):
            first, second = 1 << (count - 1 - i), 1 << (count - 1 - j)
            others = subset[(subset & (first | second)) == 0]
            found[i, j] = _verdict(table[others | first] - table[others | second])
            found[j, i] = 1 - found[i, j]
    found[:, :, np.isnan(table[-1])] = np.nan
    return np.moveaxis(found, (0, 1), (-2, -1))


def _compare_rows(conditional: FloatArray) -> FloatArray:
    difference = conditional[..., :, None, :] - conditional[..., None, :, :]
    found = _verdict(np.moveaxis(difference, -1, 0))
    return np.where(np.isnan(difference).any(axis=-1), np.nan, found)


def _verdict(difference: FloatArray) -> FloatArray:
    """Compare along axis 0: 1 never less and once more, 0 never more and once less, 0.5 otherwise."""
    more, less = (difference > _EQUAL).any(axis=0), (difference < -_EQUAL).any(axis=0)
    return np.where(more & ~less, 1.0, np.where(less & ~more, 0.0, 0.5))
