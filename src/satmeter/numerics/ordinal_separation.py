"""Separation: predictors that tell categories apart without error, so that no finite coefficients exist."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.ordinal_likelihood import OrderedRows


def separating_direction(moves: FloatArray) -> FloatArray:
    """Look for a direction in which the likelihood never falls.

    Parameters
    ----------
    moves
        shape (rows, p): how each parameter moves what makes a respondent's own category more likely, such as
        `edge_moves` of ordered categories. Weights above 0 do not matter.

    Returns
    -------
    array, shape (p,)
        Between −1 and 1; zeros when the estimates are finite, else other than 0 where the parameter is infinite.

    Notes
    -----
    The linear programme of Konis (2007, thesis, Oxford): of all directions that move nothing down, that which moves
    most up.

    Examples
    --------
    >>> rows = OrderedRows(np.array([[0.0], [1], [2], [3]]), np.ones((4, 1)), np.array([0, 2, 4]))
    >>> separating_direction(edge_moves(rows))
    array([1., 1.])
    """
    from scipy.optimize import linprog  # here: it costs 50 ms and is rarely needed

    total = moves.sum(axis=0)
    found = linprog(-total, A_ub=-moves, b_ub=np.zeros(len(moves)), bounds=(-1, 1), method="highs")
    if found.x is None or total @ found.x < 1e-7:
        return np.zeros(moves.shape[1])
    return np.where(np.abs(found.x) > 1e-7, found.x, 0.0)


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
