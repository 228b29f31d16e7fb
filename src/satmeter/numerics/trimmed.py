"""Trimmed means as means of one linearised variable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights

_TIE = 1e-10


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A trimmed mean.

    Attributes
    ----------
    column
        shape (n,), a variable whose weighted mean is the trimmed mean and whose standard error is that of it.
    kept
        Rows that count, wholly or in part; one less is the most degrees of freedom that the error has.
    """

    column: FloatArray
    kept: int


def linearised_trimmed(values: npt.ArrayLike, weights: npt.ArrayLike | None, trim: float) -> Trimmed:
    """Return the mean without the lowest and highest part of the weight, in a form that has a standard error.

    Parameters
    ----------
    values
        shape (n,), at least one number.
    weights
        shape (n,), not negative, or None for equal ones.
    trim
        Part of all weight that is left out at either end, from 0 to below 0.5. A row on the line counts in part.

    Returns
    -------
    Trimmed

    Raises
    ------
    NumericsError
        N001 without values, N008 and N010 for weights that do not fit.

    Notes
    -----
    The error is that of the winsorised values over 1 − 2·trim: Tukey and McLaughlin (1963) Sankhyā A 25, 331–352; Yuen
    (1974) Biometrika 61, 165–170. Where n·trim is a whole number and weights are equal, the estimate is that of R
    ``mean(trim =)`` (tests/reference/scores.json).

    Examples
    --------
    >>> found = linearised_trimmed([1.0, 2.0, 3.0, 4.0, 90.0], None, 0.2)
    >>> found.column.round(3), round(float(found.column.mean()), 6), found.kept
    (array([1.333, 1.333, 3.   , 4.667, 4.667]), 3.0, 3)
    """
    x = np.asarray(values, dtype=np.float64)
    w = checked_weights(weights, len(x))
    if not len(x):
        raise NumericsError(Problem("N001", got="0", params={"minimum": 1}))
    order = np.argsort(x, kind="stable")
    ranked, weight = x[order], w[order]
    after = np.cumsum(weight)
    total = after[-1]
    before, slack = after - weight, _TIE * total
    low, high = trim * total, (1 - trim) * total
    counted = np.clip(np.minimum(after, high) - np.maximum(before, low), 0.0, None)
    inside = counted > slack
    mean = counted @ ranked / counted.sum()
    winsorised = np.clip(x, ranked[inside][0], ranked[inside][-1])
    column = mean + (winsorised - w @ winsorised / total) / (1 - 2 * trim)
    return Trimmed(column, int(inside.sum()))
