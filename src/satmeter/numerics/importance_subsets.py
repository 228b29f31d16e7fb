"""R² of every subset of the drivers, by branching Schur complements, in blocks of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import TOLERANCE, FloatArray, square_stack
from satmeter.numerics.regression import check_independence

Groups = tuple[tuple[int, ...], ...]

MAX_GROUPS = 24
"""Drivers of one exact analysis; the time doubles with each."""

_WIDEST = 1 << 19
"""Numbers in the widest stack that is branched at once (4 MiB)."""

_SMALL = 1 << 14
"""Numbers in a stack up to which whole squares are branched: the half below the diagonal costs less than its calls."""


@dataclass(frozen=True, slots=True)
class SubsetBlock:
    """R² of the subsets that agree in the first drivers.

    Attributes
    ----------
    prefix
        Whether each of the first drivers is in the subsets.
    r2
        shape (2^(g − len(prefix)), b). Row numbers written in binary say which of the other drivers are in,
        the first of them as the highest bit.
    """

    prefix: tuple[bool, ...]
    r2: FloatArray


def subset_r2(cov: npt.ArrayLike, outcome: int, groups: Groups) -> FloatArray:
    """Return R² of the regressions on all subsets of the drivers.

    Parameters
    ----------
    cov
        shape (..., p, p). Index 0 of the leading axes is the full sample.
    outcome
        Column number of the outcome.
    groups
        One tuple of column numbers a driver.

    Returns
    -------
    array, shape (2^g, ...)
        Subset s holds driver i when bit g − 1 − i of s is set: 0 is the empty subset, 2^g − 1 the whole
        regression. In a replicate a column that is constant or a combination of others adds nothing; where
        the outcome is constant everything is NaN.

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear columns of the full sample; N007 above 24 drivers; N010 for
        groups that are empty or overlap.

    Examples
    --------
    >>> subset_r2([[1.0, 0.3, 0.4], [0.3, 1.0, 0.0], [0.4, 0.0, 1.0]], 0, ((1,), (2,))).round(4)
    array([0.  , 0.16, 0.09, 0.25])
    """
    stack = checked_stack(cov, outcome, groups)
    flat = stack.reshape(-1, *stack.shape[-2:])
    found = np.empty((2 ** len(groups), len(flat)))
    for part in replicate_parts(len(flat), groups):
        top = 0
        for block in r2_blocks(flat[part], outcome, groups):
            found[top : top + len(block.r2), part] = block.r2
            top += len(block.r2)
    return found.reshape(len(found), *stack.shape[:-2])


def checked_stack(cov: npt.ArrayLike, outcome: int, groups: Groups) -> FloatArray:
    """Return the matrices as a stack, after the checks that `subset_r2` promises.

    Parameters
    ----------
    cov, outcome, groups
        As for `subset_r2`.

    Returns
    -------
    array, shape (..., p, p)

    Raises
    ------
    NumericsError
        As `subset_r2`.

    Examples
    --------
    >>> checked_stack([[1.0, 0.3], [0.3, 1.0]], 0, ((1,),)).shape
    (2, 2)
    """
    stack = square_stack(cov)
    check_groups(groups, outcome, stack.shape[-1])
    if len(groups) > MAX_GROUPS:
        raise NumericsError(Problem("N007", got=str(len(groups)), params={"maximum": MAX_GROUPS}))
    check_independence(stack, outcome, tuple(column for group in groups for column in group))
    return stack


def check_groups(groups: Groups, outcome: int, p: int) -> None:
    """Raise when groups of columns are empty, overlap, hold the outcome or lie outside the matrix.

    Parameters
    ----------
    groups, outcome
        Column numbers.
    p
        Columns of the matrix.

    Raises
    ------
    NumericsError
        N010.

    Examples
    --------
    >>> check_groups(((1,), (2,)), 0, 3)
    """
    columns = tuple(column for group in groups for column in group)
    wrong = len(set(columns)) < len(columns) or outcome in columns or not all(groups) or not groups
    if wrong or not all(0 <= column < p for column in (*columns, outcome)):
        raise NumericsError(Problem("N010", got=str(groups), params={"expected": "(0, 1), (2,), …"}))


def replicate_parts(count: int, groups: Groups) -> list[slice]:
    """Cut a stack of matrices so that one part branches without a prefix where that is possible.

    Parameters
    ----------
    count
        Number of matrices.
    groups
        The drivers.

    Returns
    -------
    list of slices
        At most as many matrices in each as keep a stack at 4 MiB, and at least 16 where there are as many: shorter
        vectors cost more in calls than the cache saves.

    Examples
    --------
    >>> replicate_parts(1000, tuple((j,) for j in range(1, 13)))[0].stop
    85
    """
    step = max(16, _WIDEST // _largest_stack(tuple(len(group) for group in groups)))
    return [slice(i, min(i + step, count)) for i in range(0, count, step)]


def r2_blocks(flat: FloatArray, outcome: int, groups: Groups) -> Iterator[SubsetBlock]:
    """Yield R² of all subsets, block by block in the order of `subset_r2`.

    Parameters
    ----------
    flat
        shape (b, p, p), checked.
    outcome, groups
        As for `subset_r2`.

    Yields
    ------
    SubsetBlock
        All blocks are equally long. Besides one block only 2·len(prefix) small stacks are held, so memory does not grow
        with the number of drivers.

    Notes
    -----
    A stack holds the covariances that are left when the drivers decided on so far are swept out or left out,
    as rows of the upper triangle, subset and replicate on the last axis. Each driver doubles the stack (Schur
    complement) and shortens its rows. The first drivers are decided one by one, depth first, until a stack
    of the rest is small enough.

    Examples
    --------
    >>> blocks = r2_blocks(np.array([[[1.0, 0.3], [0.3, 1.0]]]), 0, ((1,),))
    >>> [block.r2[:, 0].round(2).tolist() for block in blocks]
    [[0.0, 0.09]]
    """
    sizes = tuple(len(group) for group in groups)
    deep = 0
    while deep < len(groups) - 1 and _largest_stack(sizes[deep:]) * len(flat) > _WIDEST:
        deep += 1
    # the rest backwards, so that every doubling adds the highest bit and appends
    together = groups[deep:][::-1]
    order = [*(c for group in (*groups[:deep], *together) for c in group), outcome]
    last = np.moveaxis(flat, 0, -1)
    variance = np.array([last[c, c] for c in order])
    rows = [np.ascontiguousarray(last[c][order[i:]]) for i, c in enumerate(order)]
    scale = np.where(variance[-1] > 0, variance[-1], np.nan)
    walk = _Walk(sizes[:deep], sizes[deep:][::-1], TOLERANCE * variance)
    for prefix, left in _decide(rows, walk, ()):
        r2 = left.reshape(-1, len(flat))
        np.divide(r2, scale, out=r2)
        np.subtract(1.0, r2, out=r2)
        yield SubsetBlock(prefix, r2)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Columns of the drivers decided one by one and of those branched together; least variance of every column."""

    one_by_one: tuple[int, ...]
    together: tuple[int, ...]
    floor: FloatArray


def _decide(
    rows: list[FloatArray], walk: _Walk, prefix: tuple[bool, ...]
) -> Iterator[tuple[tuple[bool, ...], FloatArray]]:
    if len(prefix) == len(walk.one_by_one):
        yield prefix, _branch_all(rows, walk)
        return
    size = walk.one_by_one[len(prefix)]
    yield from _decide(rows[size:], walk, (*prefix, False))
    for _ in range(size):
        rows = _sweep(rows, walk.floor[len(walk.floor) - len(rows)])
    yield from _decide(rows, walk, (*prefix, True))


def _branch_all(rows: list[FloatArray], walk: _Walk) -> FloatArray:
    """Double the stack for every driver; what is left is the outcome's residual variance, shape (2^g · b,)."""
    rows, sizes = _branch_small(rows, walk)
    for size in sizes:
        swept = rows
        for _ in range(size - 1):
            swept = _sweep(swept, walk.floor[len(walk.floor) - len(swept)])
        ratio = _ratio(swept[0], walk.floor[len(walk.floor) - len(swept)])
        doubled = []
        for i, (without, row) in enumerate(zip(rows[size:], swept[1:], strict=True)):
            both = np.empty((len(row), 2, row.shape[1]))
            both[:, 0] = without
            taken = np.multiply(swept[0][i + 1 :], ratio[i], out=both[:, 1])
            np.subtract(row, taken, out=taken)
            doubled.append(both.reshape(len(row), -1))
        rows = doubled
    left: FloatArray = rows[0][0]
    return left


def _branch_small(rows: list[FloatArray], walk: _Walk) -> tuple[list[FloatArray], tuple[int, ...]]:
    """Double the stack as whole squares while it is small; return its rows and the drivers that are left."""
    sizes = walk.together
    if not sizes or len(rows) ** 2 * rows[0].shape[1] > _SMALL:
        return rows, sizes
    square = np.zeros((len(rows), *rows[0].shape))
    for i, row in enumerate(rows):
        square[i, i:] = row
    while sizes and 2 * (len(square) - sizes[0]) ** 2 * square.shape[2] <= _SMALL:
        square, sizes = _doubled(square, sizes[0], walk.floor), sizes[1:]
    return [square[i, i:] for i in range(len(square))], sizes


def _doubled(square: FloatArray, size: int, floor: FloatArray) -> FloatArray:
    """Decide on the first driver of a stack of squares: left out in the first half, swept out in the second."""
    left, n = len(square) - size, square.shape[2]
    swept = square
    both = np.empty((left, left, 2, n))
    both[:, :, 0] = square[size:, size:]
    for step in range(size):
        first = swept[0]
        ratio = _ratio(first, floor[len(floor) - len(swept)])
        taken = both[:, :, 1] if step == size - 1 else np.empty((len(swept) - 1, len(swept) - 1, n))
        np.multiply(first[1:], ratio[:, None], out=taken)
        swept = np.subtract(swept[1:, 1:], taken, out=taken)
    return both.reshape(left, left, 2 * n)


def _sweep(rows: list[FloatArray], floor: FloatArray) -> list[FloatArray]:
    """Remove the first column and what it explains of the others."""
    ratio = _ratio(rows[0], floor)
    return [row - rows[0][i + 1 :] * ratio[i] for i, row in enumerate(rows[1:])]


def _ratio(first: FloatArray, floor: FloatArray) -> FloatArray:
    """Regression of every other column on the first; zero where the first has no variance of its own."""
    pivot = first[0].reshape(-1, len(floor))
    usable = pivot > floor
    inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=usable).reshape(-1)
    return np.asarray(first[1:] * inverse, dtype=np.float64)


def _largest_stack(sizes: tuple[int, ...]) -> int:
    """Numbers that the branching holds at its widest, for one matrix."""
    left, widest = sum(sizes) + 1, 1
    for step, size in enumerate(reversed(sizes)):
        left -= size
        widest = max(widest, 2 ** (step + 1) * left * (left + 1) // 2)
    return widest
