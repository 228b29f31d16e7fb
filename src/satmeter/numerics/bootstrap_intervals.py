"""Bootstrap intervals that correct for bias and skewness."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level
from satmeter.numerics.intervals import sorted_quantile
from satmeter.numerics.tails import normal_probability, normal_quantile


def bca_interval(
    estimate: npt.ArrayLike, replicates: npt.ArrayLike, jackknife: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the bias-corrected and accelerated bootstrap interval.

    Parameters
    ----------
    estimate
        shape (...).
    replicates
        shape (replicates, ...), bootstrap replicates without the full sample. NaN replicates are left out.
    jackknife
        shape (units, ...), the statistic without each sampling unit in turn. NaN are left out.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        NaN where fewer than half of the replicates exist, or all of them lie on one side of the estimate: then nothing
        is known of the bias. Where the jackknife does not vary, the acceleration is 0.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Efron (1987), Journal of the American Statistical Association 82, 171–185. Ties with the estimate count half.

    Examples
    --------
    >>> low, high = bca_interval(50.0, np.arange(101.0), np.array([49.0, 50.0, 51.0]), 0.9)
    >>> round(float(low), 2), round(float(high), 2)
    (5.0, 95.0)
    """
    tail = (1 - check_conf_level(conf_level)) / 2
    centre = np.asarray(estimate, dtype=np.float64)
    values = np.sort(np.asarray(replicates, dtype=np.float64), axis=0)
    present = (~np.isnan(values)).sum(axis=0)
    below = (values < centre).sum(axis=0) + (values == centre).sum(axis=0) / 2
    share = below / np.where(present > 0, present, np.nan)
    inside = (share > 0) & (share < 1)
    bias = normal_quantile(np.where(inside, share, 0.5))
    skew = _acceleration(np.asarray(jackknife, dtype=np.float64))

    def level(p: float) -> FloatArray:
        reach = bias + normal_quantile(p)
        scale = 1 - skew * reach
        moved = normal_probability(bias + reach / np.where(scale > 0, scale, np.nan))
        return np.where(inside, moved, np.nan)

    return sorted_quantile(values, level(tail)), sorted_quantile(values, level(1 - tail))


def _acceleration(jackknife: FloatArray) -> FloatArray:
    """Skewness of the jackknife's influence values over 6; 0 where they do not vary."""
    present = ~np.isnan(jackknife)
    count = np.maximum(present.sum(axis=0), 1)
    centre = np.where(present, jackknife, 0.0).sum(axis=0) / count
    away = np.where(present, centre - jackknife, 0.0)
    spread = (away**2).sum(axis=0)
    # rounding dust of a statistic that cannot vary is no skewness
    varies = spread > 1e-20 * count * (1 + centre**2)
    return np.asarray(
        np.where(varies, (away**3).sum(axis=0) / (6 * np.where(varies, spread, 1.0) ** 1.5), 0.0), dtype=np.float64
    )
