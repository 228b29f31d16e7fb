"""Bias-corrected and accelerated bootstrap intervals, and the delete-one moments that their acceleration comes from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level, checked_weights
from satmeter.numerics.design import design_units
from satmeter.numerics.intervals import sorted_quantile
from satmeter.numerics.path_replicates import unit_sums
from satmeter.numerics.tails import normal_probability, normal_quantile

_GROUPS = 2000


def delete_one_moments(
    values: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return weighted means and covariances of the sample without each of its units.

    Parameters
    ----------
    values
        shape (n, p), complete rows.
    weights
        shape (n,), probability weights on any scale; None means equal.
    strata, cluster
        shape (n,), integer codes, or None. Units are clusters within strata, or else respondents.

    Returns
    -------
    mean : array, shape (units, p)
        Above 2,000 units every 2,000th is put into one group, and groups are left out.
    covariance : array, shape (units, p, p)
        Divisor: sum of the weights that are left, with mean 1, less 1.

    Raises
    ------
    NumericsError
        N003 for a stratum with one unit, N008 for bad weights, N009 for missing values.

    Examples
    --------
    >>> mean, cov = delete_one_moments([[1.0], [2.0], [6.0]])
    >>> mean[:, 0], cov[:, 0, 0]
    (array([4. , 3.5, 1.5]), array([ 8. , 12.5,  0.5]))
    """
    data = np.asarray(values, dtype=np.float64)
    n, p = data.shape
    w = checked_weights(weights, n)
    unit = design_units(n, strata, cluster).unit % _GROUPS
    units = unit_sums(data, weights=w * (n / w.sum()), units=unit)
    left = units.sums.sum(axis=1, keepdims=True) - units.sums
    total = left[0]
    mean = left[1 : 1 + p] / total
    row, column = np.triu_indices(p)
    upper = (left[1 + p :] - total * mean[row] * mean[column]) / (total - 1)
    cov = np.empty((len(total), p, p))
    cov[:, row, column] = cov[:, column, row] = upper.T
    return mean.T + units.centre, cov


def acceleration(without_one: npt.ArrayLike) -> FloatArray:
    """Return the acceleration of a statistic, a sixth of the skewness of its jackknife.

    Parameters
    ----------
    without_one
        shape (units, ...), the statistic of the sample without each unit.

    Returns
    -------
    array, shape (...)
        0 where nothing varies.

    Examples
    --------
    >>> round(float(acceleration([4.0, 3.5, 1.5])), 4)
    0.0573
    """
    values = np.asarray(without_one, dtype=np.float64)
    gap = values.mean(axis=0) - values
    spread = (gap**2).sum(axis=0) ** 1.5
    return np.asarray((gap**3).sum(axis=0) / (6 * np.where(spread > 0, spread, 1.0)), dtype=np.float64)[()]


def bca_interval(
    estimate: npt.ArrayLike, replicates: npt.ArrayLike, accelerated: npt.ArrayLike = 0.0, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the bias-corrected and accelerated percentile interval.

    Parameters
    ----------
    estimate
        shape (...), of the sample.
    replicates
        shape (replicates, ...), without the full sample. NaN replicates are left out.
    accelerated
        shape (...), from `acceleration`; 0 gives the bias-corrected interval.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        NaN where fewer than half of the replicates exist or all lie on one side of the estimate.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Efron (1987), JASA 82, 171–185. Ties with the estimate count half. Quantiles are interpolated linearly (type 7),
    where R's boot interpolates on the normal scale: ends differ by less than the distance of two replicates.

    Examples
    --------
    >>> low, high = bca_interval(50.0, np.arange(101.0), 0.0, 0.9)
    >>> round(float(low), 3), round(float(high), 3)
    (5.0, 95.0)
    """
    level = check_conf_level(conf_level)
    centre, a = np.asarray(estimate, dtype=np.float64), np.asarray(accelerated, dtype=np.float64)
    values = np.sort(np.asarray(replicates, dtype=np.float64), axis=0)
    present = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    below = ((values < centre).sum(axis=0) + (values == centre).sum(axis=0) / 2) / present
    bias = normal_quantile(np.where((below > 0) & (below < 1), below, np.nan))

    def end(p: float) -> FloatArray:
        z = bias + normal_quantile(p)
        return sorted_quantile(values, normal_probability(bias + z / (1 - a * z)))

    return end((1 - level) / 2), end((1 + level) / 2)
