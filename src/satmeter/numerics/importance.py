"""Relative importance of drivers: R² shared out by the Shapley value (LMG)."""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import TOLERANCE, FloatArray, square_stack
from satmeter.numerics.regression import check_independence

MAX_GROUPS = 20
_CHUNK_NUMBERS = 400_000


def lmg(cov: npt.ArrayLike, outcome: int, groups: tuple[tuple[int, ...], ...]) -> FloatArray:
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
        between copies by chance; N007 above 20 drivers; N010 for groups that are empty or overlap.

    Notes
    -----
    Lindeman, Merenda and Gold (1980); the Shapley value of R², equal to general dominance (Budescu 1993,
    Psychological Bulletin 114, 542–551) and to R relaimpo's ``lmg``. R² of all 2^g subsets comes from
    branching Schur complements: each driver doubles the stack of residual covariance matrices, once with the
    driver swept out, once without.

    Examples
    --------
    >>> lmg([[1.0, 0.3, 0.4], [0.3, 1.0, 0.0], [0.4, 0.0, 1.0]], 0, ((1,), (2,))).round(4)
    array([0.09, 0.16])
    """
    stack = square_stack(cov)
    p = stack.shape[-1]
    columns = tuple(column for group in groups for column in group)
    _check_groups(groups, columns, outcome, p)
    check_independence(stack, outcome, columns)
    order = [*columns, outcome]
    flat = stack.reshape(-1, p, p)[:, order][:, :, order]
    sizes = tuple(len(group) for group in groups)
    step = max(1, _CHUNK_NUMBERS // _largest_stack(sizes))
    parts = [_shapley(_subset_r2(flat[i : i + step], sizes), len(groups)) for i in range(0, len(flat), step)]
    return np.concatenate(parts).reshape(*stack.shape[:-2], len(groups))


def _check_groups(groups: tuple[tuple[int, ...], ...], columns: tuple[int, ...], outcome: int, p: int) -> None:
    if len(groups) > MAX_GROUPS:
        raise NumericsError(Problem("N007", got=str(len(groups)), params={"maximum": MAX_GROUPS}))
    wrong = len(set(columns)) < len(columns) or outcome in columns or not all(groups) or not groups
    if wrong or not all(0 <= column < p for column in (*columns, outcome)):
        raise NumericsError(Problem("N010", got=str(groups), params={"expected": "(0, 1), (2,), …"}))


def _largest_stack(sizes: tuple[int, ...]) -> int:
    """Numbers that the branching holds at its widest, for one matrix."""
    left, widest = sum(sizes) + 1, 1
    for step, size in enumerate(sizes):
        left -= size
        widest = max(widest, 2 ** (step + 1) * left * left)
    return widest


def _subset_r2(cov: FloatArray, sizes: tuple[int, ...]) -> FloatArray:
    """R² of every subset of groups: shape (2^groups, b); bit of group i counts from the most significant."""
    variance = np.diagonal(cov, axis1=1, axis2=2).T
    outcome_variance = np.where(variance[-1] > 0, variance[-1], np.nan)
    # replicate last, so that every operation runs over a long vector
    branches = np.ascontiguousarray(np.moveaxis(cov, 0, -1))[None]
    floor = TOLERANCE * variance
    for size in sizes:
        swept = branches
        for column in range(size):
            swept = _sweep_first(swept, floor[column])
        floor = floor[size:]
        branches = np.stack([branches[:, size:, size:], swept], axis=1)
        branches = branches.reshape(-1, *branches.shape[2:])
    return np.asarray(1 - branches[:, 0, 0] / outcome_variance, dtype=np.float64)


def _sweep_first(branches: FloatArray, floor: FloatArray) -> FloatArray:
    """Remove the first column and what it explains of the others: (s, m, m, b) to (s, m − 1, m − 1, b)."""
    pivot = branches[:, 0, 0]
    usable = pivot > floor
    ratio = branches[:, 0, 1:] * np.where(usable, 1 / np.where(usable, pivot, 1.0), 0.0)[:, None]
    return np.asarray(branches[:, 1:, 1:] - branches[:, 0, 1:][:, :, None] * ratio[:, None], dtype=np.float64)


def _shapley(table: FloatArray, n_groups: int) -> FloatArray:
    """Shapley value of a table over subsets (2^g, b) as (b, g)."""
    subset = np.arange(2**n_groups)
    size = np.array([int(s).bit_count() for s in subset])
    gain = np.array([1 / (n_groups * comb(n_groups - 1, s)) for s in range(n_groups)])
    found = np.empty((table.shape[1], n_groups))
    for group in range(n_groups):
        member = (subset >> (n_groups - 1 - group)) & 1 == 1
        factor = np.where(member, gain[np.maximum(size - 1, 0)], -gain[np.minimum(size, n_groups - 1)])
        found[:, group] = factor @ table
    return found
