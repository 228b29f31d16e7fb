"""Korn and Graubard's interval of a share from a design with weights, strata or clusters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level
from satmeter.numerics.special_functions import special
from satmeter.numerics.tails import t_quantile


def design_size(
    share: npt.ArrayLike, std_error: npt.ArrayLike, n: npt.ArrayLike, df: npt.ArrayLike, conf_level: float = 0.95
) -> FloatArray:
    """Return the simple random sample that would know as much of a share as the design does.

    Parameters
    ----------
    share, std_error
        Of the design; any shape.
    n
        Answers.
    df
        Degrees of freedom of the standard error.
    conf_level
        Level of the interval that the size is for, in (0, 1).

    Returns
    -------
    array
        share·(1 − share)/std_error² times the squared ratio of the t quantiles with n − 1 and `df` degrees of freedom.
        NaN without a standard error.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Examples
    --------
    >>> round(float(design_size(0.5, 0.05, 200, 20)), 2)
    89.37
    """
    p, error = np.asarray(share, dtype=np.float64), np.asarray(std_error, dtype=np.float64)
    worth = p * (1 - p) / np.where(error > 0, error, np.nan) ** 2
    return np.asarray(worth * design_factor(n, df, conf_level), dtype=np.float64)[()]


def design_factor(n: npt.ArrayLike, df: npt.ArrayLike, conf_level: float = 0.95) -> FloatArray:
    """Return the squared ratio of the t quantiles with n − 1 and `df` degrees of freedom; at most 1 where df < n.

    Examples
    --------
    >>> round(float(design_factor(200, 20)), 4)
    0.8937
    """
    chance = (1 + check_conf_level(conf_level)) / 2
    answers = np.asarray(n, dtype=np.float64) - 1
    return np.asarray((t_quantile(chance, answers) / t_quantile(chance, df)) ** 2, dtype=np.float64)[()]


def korn_graubard_interval(
    share: npt.ArrayLike, size: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of a share by quantiles of beta distributions; it stays within 0–1.

    Parameters
    ----------
    share
        Between 0 and 1.
    size
        Sample size; of a design that of `design_size`.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high
        The lower limit of a share of 0 is 0, the upper one of a share of 1 is 1. NaN where `size` is not above 0.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Korn and Graubard (1998) Survey Methodology 24, 193–201: the exact binomial limits of Clopper and Pearson with the
    effective sample size. Equal to R survey 4.1 ``svyciprop(method = "beta")`` (tests/reference/scores.json).

    Examples
    --------
    >>> low, high = korn_graubard_interval([0.0, 0.9], [30.0, 50.0])
    >>> low.round(4), high.round(4)
    (array([0.    , 0.7819]), array([0.1157, 0.9667]))
    """
    tail = (1 - check_conf_level(conf_level)) / 2
    size = np.asarray(size, dtype=np.float64)
    share, size = np.broadcast_arrays(np.asarray(share, dtype=np.float64), np.where(size > 0, size, np.nan))
    yes, no = share * size, (1 - share) * size
    low = special.betaincinv(np.where(yes > 0, yes, 1.0), no + 1, tail)
    high = special.betaincinv(yes + 1, np.where(no > 0, no, 1.0), 1 - tail)
    known = np.isfinite(size) & np.isfinite(share)
    low, high = np.where(yes > 0, low, 0.0), np.where(no > 0, high, 1.0)
    return np.where(known, low, np.nan)[()], np.where(known, high, np.nan)[()]
