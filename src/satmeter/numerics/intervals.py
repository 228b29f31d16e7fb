"""Confidence intervals from standard errors, shares and replicates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level
from satmeter.numerics.tails import normal_quantile, t_quantile


def t_interval(
    estimate: npt.ArrayLike, std_error: npt.ArrayLike, df: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return estimate ± t quantile × standard error.

    Parameters
    ----------
    estimate, std_error, df
        Broadcast against one another; `df` may be infinite.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high
        NaN where the standard error is or `df` is not above 0.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Examples
    --------
    >>> low, high = t_interval(644.1694, 23.7790, 14)
    >>> round(float(low), 3), round(float(high), 3)
    (593.169, 695.17)
    """
    reach = t_quantile((1 + check_conf_level(conf_level)) / 2, df) * np.asarray(std_error, dtype=np.float64)
    centre = np.asarray(estimate, dtype=np.float64)
    return (centre - reach)[()], (centre + reach)[()]


def wilson_interval(
    share: npt.ArrayLike, n_eff: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's score interval of a share; it stays within 0–1 and keeps its level near the ends.

    Parameters
    ----------
    share
        Between 0 and 1.
    n_eff
        Sample size; for the mean of several shares the effective one, share·(1 − share)/standard error².
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high
        NaN where `n_eff` is not above 0.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Wilson (1927), JASA 22, 209–212, with n_eff for n: Kott and Carr (1997), Journal of Official Statistics
    13. Shares of designs with weights, strata or clusters have `korn_graubard_interval`.

    Examples
    --------
    >>> low, high = wilson_interval(2206 / 2688, 2688)
    >>> round(float(low), 5), round(float(high), 5)
    (0.80573, 0.83473)
    """
    p = np.asarray(share, dtype=np.float64)
    size = np.asarray(n_eff, dtype=np.float64)
    size = np.where(size > 0, size, np.nan)
    z2 = normal_quantile((1 + check_conf_level(conf_level)) / 2) ** 2
    centre = (p + z2 / (2 * size)) / (1 + z2 / size)
    reach = np.sqrt(z2 * (p * (1 - p) / size + z2 / (4 * size**2))) / (1 + z2 / size)
    return np.maximum(centre - reach, 0.0)[()], np.minimum(centre + reach, 1.0)[()]


def percentile_interval(replicates: npt.ArrayLike, conf_level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the interval between two quantiles of bootstrap replicates.

    Parameters
    ----------
    replicates
        shape (replicates, ...), without the full sample. NaN replicates are left out.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        NaN where fewer than half of the replicates exist: such an interval would describe lucky samples only.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> low, high = percentile_interval(np.arange(101.0), 0.9)
    >>> round(float(low), 3), round(float(high), 3)
    (5.0, 95.0)
    """
    tail = (1 - check_conf_level(conf_level)) / 2
    values = np.sort(np.asarray(replicates, dtype=np.float64), axis=0)
    return sorted_quantile(values, tail), sorted_quantile(values, 1 - tail)


def sorted_quantile(values: FloatArray, p: npt.ArrayLike) -> FloatArray:
    """Return quantiles over axis 0 of sorted values whose NaN stand last.

    Parameters
    ----------
    values
        shape (replicates, ...), sorted.
    p
        shape (...) or one number.

    Returns
    -------
    array, shape (...)
        Linear between values (Hyndman–Fan type 7). NaN where fewer than half of the replicates exist or `p` is NaN.

    Examples
    --------
    >>> import numpy as np
    >>> float(sorted_quantile(np.array([1.0, 2.0, 4.0]), 0.75))
    3.0
    """
    n = len(values)
    present = (~np.isnan(values)).sum(axis=0)
    enough = (present * 2 >= n) & (present >= 2) & np.isfinite(p)
    position = np.where(enough, np.asarray(p) * (present - 1), 0.0)
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, max(n - 1, 0))
    if n == 0:
        return np.full(values.shape[1:], np.nan)[()]
    low = np.take_along_axis(values, below[None], axis=0)[0]
    high = np.take_along_axis(values, np.where(below + 1 < present, above, below)[None], axis=0)[0]
    found = low + (high - low) * (position - below)
    return np.where(enough, found, np.nan)[()]


def replicate_se(replicates: npt.ArrayLike) -> FloatArray:
    """Return the standard deviation of bootstrap replicates, the bootstrap standard error.

    Parameters
    ----------
    replicates
        shape (replicates, ...), without the full sample. NaN replicates are left out.

    Returns
    -------
    array, shape (...)
        NaN where fewer than half of the replicates, or fewer than two, exist.

    Examples
    --------
    >>> round(float(replicate_se([1.0, 2.0, 3.0])), 4)
    1.0
    """
    values = np.asarray(replicates, dtype=np.float64)
    present = ~np.isnan(values)
    if len(values) > 1 and present.all():
        return np.asarray(values.std(axis=0, ddof=1), dtype=np.float64)[()]
    count = present.sum(axis=0)
    enough = (count * 2 >= len(values)) & (count >= 2)
    size = np.where(enough, count, np.nan)
    mean = np.where(present, values, 0.0).sum(axis=0) / size
    squares = np.where(present, (values - mean) ** 2, 0.0).sum(axis=0)
    return np.asarray(np.sqrt(squares / (size - 1)), dtype=np.float64)[()]


def reliability_interval(
    estimate: npt.ArrayLike, replicates: npt.ArrayLike, df: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of a reliability coefficient such as alpha or omega.

    Parameters
    ----------
    estimate
        shape (...), below 1.
    replicates
        shape (replicates, ...), bootstrap replicates without the full sample. NaN and values of 1 or more are left out.
    df
        Design degrees of freedom, units minus strata.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        Below 1 always, below 0 possibly. NaN where fewer than half of the replicates exist.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Estimate ± t × bootstrap standard error on the scale log(1 − coefficient), which makes the sampling distribution of
    alpha nearly normal (Bonett 2002, Journal of Educational and Behavioral Statistics 27, 335–340). Coverage was
    nearer to nominal than of percentile, bias-corrected percentile and Feldt intervals (docs/methods/intervals.md).

    Examples
    --------
    >>> import numpy as np
    >>> low, high = reliability_interval(0.8, np.linspace(0.7, 0.88, 19), 100)
    >>> round(float(low), 3), round(float(high), 3)
    (0.65, 0.886)
    """
    chance = (1 + check_conf_level(conf_level)) / 2
    values = np.asarray(replicates, dtype=np.float64)
    error = replicate_se(np.log(np.where(values < 1, 1 - values, np.nan)))
    centre = np.asarray(estimate, dtype=np.float64)
    middle = np.log(np.where(centre < 1, 1 - centre, np.nan))
    reach = t_quantile(chance, df) * error
    return (1 - np.exp(middle + reach))[()], (1 - np.exp(middle - reach))[()]


def r2_interval(
    estimate: npt.ArrayLike, replicates: npt.ArrayLike, df: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of R².

    Parameters
    ----------
    estimate
        shape (...), R² of the sample.
    replicates
        shape (replicates, ...), bootstrap replicates without the full sample. NaN replicates are left out.
    df
        Design degrees of freedom less the number of predictors.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        Within 0 and 1. NaN where fewer than half of the replicates exist.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    R² of a sample is too large on average, and R² of a replicate too large again; a percentile interval doubles the
    error. Here the bootstrap estimate of the bias is taken off the estimate, on Fisher's scale artanh R, and
    t × bootstrap standard error added on both sides (Efron and Tibshirani 1993, An Introduction to the Bootstrap, 10,
    13). Coverage: docs/methods/intervals.md.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = r2_interval(0.4, np.linspace(0.3, 0.5, 19), 100)
    >>> round(float(low), 3), round(float(high), 3)
    (0.273, 0.519)
    """
    chance = (1 + check_conf_level(conf_level)) / 2
    replicate = _fisher(replicates)
    sample = _fisher(estimate)
    error = replicate_se(replicate)
    present = ~np.isnan(replicate)
    mean = np.where(present, replicate, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    centre = 2 * sample - mean
    reach = t_quantile(chance, df) * error
    return _r2_from(centre - reach), _r2_from(centre + reach)


def _fisher(r2: npt.ArrayLike) -> FloatArray:
    value = np.asarray(r2, dtype=np.float64)
    inside = np.where(value < 1, np.maximum(value, 0.0), np.nan)
    return np.asarray(np.arctanh(np.sqrt(inside)), dtype=np.float64)


def _r2_from(fisher: FloatArray) -> FloatArray:
    return np.asarray(np.tanh(np.maximum(fisher, 0.0)) ** 2, dtype=np.float64)[()]
