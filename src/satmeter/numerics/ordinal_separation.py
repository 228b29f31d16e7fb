"""Separation: predictors that tell categories apart without error, so that no finite coefficients exist."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.ordinal_likelihood import OrderedRows


def separating_direction(rows: OrderedRows) -> FloatArray:
    """Look for a direction in which the likelihood never falls.

    Parameters
    ----------
    rows
        The respondents, sorted; weights above 0 do not matter.

    Returns
    -------
    array, shape (p,)
        Between −1 and 1; zeros when the estimates are finite, else other than 0 where the parameter is infinite.

    Notes
    -----
    The linear programme of Konis (2007, thesis, Oxford) for binary outcomes, here for ordered ones: of all directions
    that raise nobody's lower edge and lower nobody's upper one, that which moves the edges most.

    Examples
    --------
    >>> rows = OrderedRows(np.array([[0.0], [1], [2], [3]]), np.ones((4, 1)), np.array([0, 2, 4]))
    >>> separating_direction(rows)
    array([1., 1.])
    """
    from scipy.optimize import linprog  # here: it costs 50 ms and is rarely needed

    moves = _edge_moves(rows)
    found = linprog(-moves.sum(axis=0), A_ub=-moves, b_ub=np.zeros(len(moves)), bounds=(-1, 1), method="highs")
    if found.x is None or moves.sum(axis=0) @ found.x < 1e-7:
        return np.zeros(rows.parameters)
    return np.where(np.abs(found.x) > 1e-7, found.x, 0.0)


def _edge_moves(rows: OrderedRows) -> FloatArray:
    """Row by row how the parameters lift the upper edge and sink the lower one, each distinct row once."""
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
