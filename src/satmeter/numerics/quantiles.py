"""Weighted quantiles and Woodruff's intervals of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.share_interval import korn_graubard_interval
from satmeter.numerics.tails import t_quantile

_TIE = 1e-10
"""Part of all weight within which a sum of weights is taken to reach a quantile exactly."""


def weighted_quantile(values: npt.ArrayLike, weights: npt.ArrayLike | None, p: npt.ArrayLike) -> FloatArray:
    """Return quantiles as they are taught: the value at which the sum of weights passes p.

    Parameters
    ----------
    values
        shape (n,), at least one number.
    weights
        shape (n,), not negative, or None for equal ones. Rows of weight 0 do not count.
    p
        Probabilities from 0 to 1, any shape.

    Returns
    -------
    array, shape of `p`
        Where the sum of weights reaches p exactly, the mean of the value there and the next one.

    Raises
    ------
    NumericsError
        N001 without values, N008 and N010 for weights that do not fit.

    Notes
    -----
    Definition 2 of Hyndman and Fan (1996) American Statistician 50, 361–365; equal to R survey 4.1
    ``svyquantile(qrule = "school")`` (tests/reference/scores.json).

    Examples
    --------
    >>> weighted_quantile([4.0, 1.0, 3.0, 2.0], None, [0.25, 0.5, 0.9])
    array([1.5, 2.5, 4. ])
    >>> float(weighted_quantile([1.0, 2.0, 3.0], [1.0, 1.0, 4.0], 0.5))
    3.0
    """
    x = np.asarray(values, dtype=np.float64)
    w = checked_weights(weights, len(x))
    x, w = x[w > 0], w[w > 0]
    if not len(x):
        raise NumericsError(Problem("N001", got="0", params={"minimum": 1}))
    order = np.argsort(x, kind="stable")
    x, reached = x[order], np.cumsum(w[order])
    aim = np.clip(np.asarray(p, dtype=np.float64), 0.0, 1.0) * reached[-1]
    slack = _TIE * reached[-1]
    place = np.minimum(np.searchsorted(reached, aim - slack), len(x) - 1)
    exact = (np.abs(reached[place] - aim) <= slack) & (np.asarray(p) > 0)
    after = np.where(exact, np.minimum(place + 1, len(x) - 1), place)
    return np.asarray((x[place] + x[after]) / 2, dtype=np.float64)[()]


def woodruff_interval(
    values: npt.ArrayLike,
    weights: npt.ArrayLike | None,
    p: npt.ArrayLike,
    size: npt.ArrayLike,
    df: npt.ArrayLike,
    conf_level: float = 0.95,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return intervals of quantiles: the values at the ends of the interval of a share.

    Parameters
    ----------
    values, weights
        As for `weighted_quantile`.
    p
        shape (q,), probabilities of the quantiles.
    size
        shape (q,), `design_size` of the share of values that are not above each quantile.
    df
        Degrees of freedom of those shares' standard errors, one number or shape (q,).
    conf_level
        Level of the two-sided intervals, in (0, 1).

    Returns
    -------
    std_error, conf_low, conf_high : array, shape (q,)
        The standard error is the length of the interval over twice the t quantile. NaN where there is no size.

    Raises
    ------
    NumericsError
        As `weighted_quantile`, and N002 for a level outside (0, 1).

    Notes
    -----
    Woodruff (1952) JASA 47, 635–646, with Korn and Graubard's interval of the share, which stays within 0–1, so that
    every quantile has one. R survey 4.1 ``svyquantile(qrule = "school", interval.type = "beta")`` is the same around
    the share that is found in place of `p` (tests/reference/scores.json); where many answers are equal that share lies
    far above `p`, and its interval misses the quantile (docs/methods/answers.md).

    Examples
    --------
    >>> error, low, high = woodruff_interval(range(1, 101), None, [0.5], [99], 99)
    >>> float(low[0]), float(high[0]), round(float(error[0]), 3)
    (40.0, 61.0, 5.292)
    """
    low, high = korn_graubard_interval(p, size, conf_level)
    known = np.isfinite(low)
    ends = weighted_quantile(values, weights, np.stack([np.where(known, low, 0.0), np.where(known, high, 1.0)]))
    low, high = (np.where(known, end, np.nan) for end in ends)
    reach = 2 * t_quantile((1 + conf_level) / 2, df)
    return np.asarray((high - low) / reach, dtype=np.float64), low, high
