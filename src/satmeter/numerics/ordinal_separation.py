"""Separation: predictors that tell categories apart without error, so that no finite coefficients exist."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import OrderedRows


def separating_columns(moves: FloatArray, owner: IntArray) -> tuple[int, ...]:
    """Name the predictors by which categories are told apart without error.

    Parameters
    ----------
    moves
        shape (rows, p): how each parameter moves what makes a respondent's own category more likely, such as
        `edge_moves` of ordered categories. Weights above 0 do not matter.
    owner
        shape (p,), the predictor that each parameter belongs to, −1 for thresholds and intercepts.

    Returns
    -------
    tuple of column numbers
        A smallest set that separates, then another one among the columns left, and so on; empty when the estimates are
        finite.

    Notes
    -----
    The linear programme of Konis (2007, thesis, Oxford): of all directions that move nothing down, that which moves
    most up.

    Examples
    --------
    >>> rows = OrderedRows(np.array([[0.0, 2], [1, 5], [2, 3], [3, 4]]), np.ones((4, 1)), np.array([0, 2, 4]))
    >>> separating_columns(edge_moves(rows), np.array([0, 1, -1]))
    (0,)
    """
    found: list[int] = []
    left = sorted({int(column) for column in owner if column >= 0})
    while left and _separates(moves, owner, left):
        core = list(left)
        for column in left:
            fewer = [other for other in core if other != column]
            if _separates(moves, owner, fewer):
                core = fewer
        found += core
        left = [column for column in left if column not in core] if core else []
    return tuple(sorted(found))


def _separates(moves: FloatArray, owner: IntArray, columns: list[int]) -> bool:
    from scipy.optimize import linprog  # here: it costs 50 ms and is rarely needed

    part = moves[:, np.isin(owner, [-1, *columns])]
    total = part.sum(axis=0)
    found = linprog(-total, A_ub=-part, b_ub=np.zeros(len(part)), bounds=(-1, 1), method="highs")
    return found.x is not None and bool(total @ found.x > 1e-7)


def edge_moves(rows: OrderedRows) -> FloatArray:
    """Return how the parameters lift every row's upper edge and sink its lower one, each distinct row once.

    Parameters
    ----------
    rows
        The respondents, sorted.

    Returns
    -------
    array, shape (distinct edges, p)

    Examples
    --------
    >>> edge_moves(OrderedRows(np.array([[5.0], [1], [2], [3]]), np.ones((4, 1)), np.array([0, 2, 4])))
    array([[-5.,  1.],
           [-1.,  1.],
           [ 2., -1.],
           [ 3., -1.]])
    """
    c, m = rows.common.shape[1], rows.own.shape[1]
    parts = []
    for j in range(rows.boundaries + 1):
        span = slice(int(rows.first[j]), int(rows.first[j + 1]))
        for edge, sign in ((j, 1.0), (j - 1, -1.0)):
            if 0 <= edge < rows.boundaries:
                part = np.zeros((span.stop - span.start, rows.parameters))
                part[:, :c] = -sign * rows.common[span]
                part[:, c + edge * m : c + (edge + 1) * m] = sign * rows.own[span]
                parts.append(np.unique(part, axis=0))
    return np.concatenate(parts)
