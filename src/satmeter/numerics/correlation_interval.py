"""The interval of a correlation from its replicates, on Fisher's scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level
from satmeter.numerics.intervals import replicate_se
from satmeter.numerics.tails import t_quantile


def correlation_interval(
    estimate: npt.ArrayLike, replicates: npt.ArrayLike, df: npt.ArrayLike, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return artanh r ± t × its bootstrap standard error, turned back.

    Parameters
    ----------
    estimate
        shape (...), between −1 and 1.
    replicates
        shape (replicates, ...), without the full sample. NaN and values of ±1 are left out.
    df
        Design degrees of freedom, units minus strata.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        Within −1 and 1. NaN where the estimate is ±1, or fewer than half of the replicates exist.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Fisher (1921), Metron 1, 3–32, with the replicates' standard error, which needs no normal variables. Covers better
    than percentiles where one of the variables is skewed (docs/methods/known-groups.md).

    Examples
    --------
    >>> low, high = correlation_interval(0.5, np.linspace(0.4, 0.6, 19), 100)
    >>> round(float(low), 3), round(float(high), 3)
    (0.365, 0.614)
    """
    chance = (1 + check_conf_level(conf_level)) / 2
    error = replicate_se(_fisher(replicates))
    centre = _fisher(estimate)
    reach = t_quantile(chance, df) * error
    return np.tanh(centre - reach)[()], np.tanh(centre + reach)[()]


def _fisher(r: npt.ArrayLike) -> FloatArray:
    value = np.asarray(r, dtype=np.float64)
    return np.asarray(np.arctanh(np.where(np.abs(value) < 1, value, np.nan)), dtype=np.float64)
