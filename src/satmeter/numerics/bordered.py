"""Symmetric systems whose matrix is block diagonal but for a border: groups that share some parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray

Blocks = Sequence[IntArray]


@dataclass(frozen=True, slots=True)
class _Eliminated:
    """A matrix after elimination of its blocks.

    Attributes
    ----------
    border
        shape (s,), rows that are in no block.
    own, gains
        Each block, and the solution of (block) X = (its columns at the border).
    left
        shape (s, s), Schur complement of the blocks.
    """

    border: IntArray
    own: tuple[FloatArray, ...]
    gains: tuple[FloatArray, ...]
    left: FloatArray


def solve_bordered(matrix: FloatArray, right: FloatArray, blocks: Blocks, *, definite: bool = False) -> FloatArray:
    """Solve matrix @ x = right.

    Parameters
    ----------
    matrix
        shape (q, q), symmetric, zero between different blocks.
    right
        shape (q,).
    blocks
        Row numbers of each block; rows in none of them form the border.
    definite
        Whether the matrix must be positive definite.

    Returns
    -------
    array, shape (q,)

    Raises
    ------
    LinAlgError
        When it is singular, or not positive definite where it must be.

    Examples
    --------
    >>> matrix = np.array([[2.0, 0, 1], [0, 4, 1], [1, 1, 2]])
    >>> solve_bordered(matrix, np.array([3.0, 5, 4]), [np.array([0]), np.array([1])])
    array([1., 1., 1.])
    """
    parts = _eliminate(matrix, blocks)
    if definite:
        _roots(parts)
    firsts = [np.linalg.solve(own, right[block]) for own, block in zip(parts.own, blocks, strict=True)]
    rest = right[parts.border].copy()
    for block, gain in zip(blocks, parts.gains, strict=True):
        rest -= gain.T @ right[block]
    found = np.empty(len(matrix))
    found[parts.border] = last = np.linalg.solve(parts.left, rest)
    for block, first, gain in zip(blocks, firsts, parts.gains, strict=True):
        found[block] = first - gain @ last
    return found


def invert_bordered(matrix: FloatArray, blocks: Blocks) -> FloatArray:
    """Return the inverse, shape (q, q), as `solve_bordered` solves.

    Examples
    --------
    >>> matrix = np.array([[2.0, 0, 1], [0, 4, 1], [1, 1, 2]])
    >>> bool(np.allclose(invert_bordered(matrix, [np.array([0]), np.array([1])]) @ matrix, np.eye(3)))
    True
    """
    parts = _eliminate(matrix, blocks)
    left = np.linalg.inv(parts.left)
    found = np.empty_like(matrix)
    found[np.ix_(parts.border, parts.border)] = left
    spread = [gain @ left for gain in parts.gains]
    for i, (block, gain, own) in enumerate(zip(blocks, parts.gains, parts.own, strict=True)):
        found[np.ix_(block, parts.border)] = -spread[i]
        found[np.ix_(parts.border, block)] = -spread[i].T
        found[np.ix_(block, block)] = np.linalg.inv(own) + spread[i] @ gain.T
        for other, across in zip(blocks[:i], parts.gains[:i], strict=True):
            cell = spread[i] @ across.T
            found[np.ix_(block, other)] = cell
            found[np.ix_(other, block)] = cell.T
    return found


def least_pivot(matrix: FloatArray, blocks: Blocks) -> float:
    """Return the least squared pivot of the Cholesky root, blocks first; 0 where the matrix is not positive definite.

    Examples
    --------
    >>> round(least_pivot(np.array([[2.0, 1.0], [1.0, 1.0]]), [np.array([0])]), 6)
    0.5
    """
    try:
        roots = _roots(_eliminate(matrix, blocks))
    except np.linalg.LinAlgError:
        return 0.0
    return float(np.concatenate([np.diagonal(root) for root in roots]).min() ** 2)


def _roots(parts: _Eliminated) -> list[FloatArray]:
    """Return the Cholesky roots of blocks and complement; LinAlgError where the matrix is not positive definite."""
    return [np.asarray(np.linalg.cholesky(part), dtype=np.float64) for part in (*parts.own, parts.left)]


def _eliminate(matrix: FloatArray, blocks: Blocks) -> _Eliminated:
    inside = np.zeros(len(matrix), dtype=np.bool_)
    for block in blocks:
        inside[block] = True
    border = np.flatnonzero(~inside)
    own: list[FloatArray] = []
    gains: list[FloatArray] = []
    left = matrix[np.ix_(border, border)]
    for block in blocks:
        own.append(matrix[np.ix_(block, block)])
        beside = matrix[np.ix_(block, border)]
        gains.append(np.asarray(np.linalg.solve(own[-1], beside), dtype=np.float64))
        left = left - beside.T @ gains[-1]
    return _Eliminated(border, tuple(own), tuple(gains), left)
