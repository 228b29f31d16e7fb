"""Scores of persons: ratings on the way 0-100, and the mean of those that were answered."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray


def points_of_100(codes: npt.ArrayLike, low: float, high: float) -> FloatArray:
    """Return ratings as points of 0-100: the part of the scale's length that lies below them.

    Parameters
    ----------
    codes
        Any shape; NaN where unanswered.
    low, high
        Ends of the scale.

    Examples
    --------
    >>> points_of_100([1, 4, 5], 1, 5).tolist()
    [0.0, 75.0, 100.0]
    """
    return np.asarray(100.0 * (np.asarray(codes, dtype=np.float64) - low) / (high - low), dtype=np.float64)


def person_mean(values: npt.ArrayLike, min_answered: float) -> FloatArray:
    """Return the mean of what every person answered, where that is enough.

    Parameters
    ----------
    values
        shape (n, k), NaN where unanswered.
    min_answered
        Least part of the k columns, 0-1; at least one is always needed.

    Returns
    -------
    array, shape (n,)
        NaN where too few are answered.

    Examples
    --------
    >>> person_mean([[0.0, 100.0], [50.0, np.nan], [np.nan, np.nan]], 0.5).tolist()
    [50.0, 50.0, nan]
    """
    cells = np.asarray(values, dtype=np.float64)
    answered = (~np.isnan(cells)).sum(axis=1)
    enough = (answered >= min_answered * cells.shape[1] - 1e-9) & (answered > 0)
    return np.where(enough, np.nansum(cells, axis=1) / np.maximum(answered, 1), np.nan)
