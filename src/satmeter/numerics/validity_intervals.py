"""Intervals of loadings, and of ratios of correlations from replicates, that keep their level in small samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level
from satmeter.numerics.tails import normal_probability, normal_quantile, t_quantile


def loading_interval(
    estimate: npt.ArrayLike, std_error: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of a standardised loading on Fisher's scale.

    Parameters
    ----------
    estimate, std_error
        shape (...), of a correlation between an item and its factor.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        Within −1 and 1. Where the estimate is not (a Heywood case), estimate ± normal quantile × standard error.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    artanh λ ± z × standard error / (1 − λ²). The plain interval covers too seldom in small samples, because estimates
    below a high loading have a large error and those above it a small one (docs/methods/validity.md).

    Examples
    --------
    >>> low, high = loading_interval([0.8, 1.02], [0.05, 0.05])
    >>> low.round(3), high.round(3)
    (array([0.679, 0.922]), array([0.879, 1.118]))
    """
    value, error = (np.asarray(x, dtype=np.float64) for x in (estimate, std_error))
    reach = normal_quantile((1 + check_conf_level(conf_level)) / 2) * error
    proper = np.abs(value) < 1
    inside = np.where(proper, value, 0.0)
    turned = np.arctanh(inside)
    wide = reach / (1 - inside**2)
    low = np.where(proper, np.tanh(turned - wide), value - reach)
    high = np.where(proper, np.tanh(turned + wide), value + reach)
    return low[()], high[()]


def expanded_percentile_interval(
    replicates: npt.ArrayLike, df: float, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the interval between two quantiles of bootstrap replicates, set further apart where df are few.

    Parameters
    ----------
    replicates
        shape (replicates, ...), without the full sample. NaN replicates are left out.
    df
        Design degrees of freedom, units minus strata.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        NaN where fewer than half of the replicates, or fewer than two, exist, or `df` is not above 0.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    The tail is that of the normal distribution beyond the quantile of t, as if the interval were estimate ± t ×
    standard error: Hesterberg (2015) The American Statistician 69, 371–386, without his factor √(n/(n − 1)), which
    Rao–Wu replicates hold already. Of B sorted replicates the quantile p stands at p(B + 1), so that the level does not
    hang on B (Hyndman and Fan 1996, type 6); beyond the ends the least and the greatest stand.

    Examples
    --------
    >>> low, high = expanded_percentile_interval(np.arange(1, 1000.0), 20)
    >>> round(float(low), 2), round(float(high), 2)
    (18.49, 981.51)
    """
    tail = normal_probability(t_quantile((1 - check_conf_level(conf_level)) / 2, df))
    values = np.sort(np.asarray(replicates, dtype=np.float64), axis=0)
    present = (~np.isnan(values)).sum(axis=0)
    enough = (present * 2 >= len(values)) & (present >= 2) & np.isfinite(tail)
    low, high = (_at(values, np.where(enough, present, 2), p) for p in (tail, 1 - tail))
    return np.where(enough, low, np.nan)[()], np.where(enough, high, np.nan)[()]


def _at(values: FloatArray, present: npt.NDArray[np.int64], p: npt.ArrayLike) -> FloatArray:
    """Return the quantile of type 6 over axis 0 of sorted values of which the first `present` exist."""
    if len(values) < 2:
        return np.full(values.shape[1:], np.nan)
    position = np.clip(np.nan_to_num(p) * (present + 1) - 1, 0, present - 1)
    below = np.minimum(np.floor(position).astype(np.int64), present - 2)
    first, second = (np.take_along_axis(values, place[None], axis=0)[0] for place in (below, below + 1))
    return np.asarray(first + (second - first) * (position - below), dtype=np.float64)
