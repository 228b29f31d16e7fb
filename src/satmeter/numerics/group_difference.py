"""Two groups compared: Cohen's d from moments, and the test of the difference of their means under the design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, checked_weights
from satmeter.numerics.calibration_cells import CalibrationFrame
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.tails import t_tail


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """Difference of two means with its test.

    Attributes
    ----------
    estimate, std_error
        Mean of the first group less that of the second.
    statistic, df, p_value
        t = estimate / standard error; two-sided. NaN where the standard error is 0.
    """

    estimate: float
    std_error: float
    statistic: float
    df: float
    p_value: float


def cohens_d(mean: npt.ArrayLike, variance: npt.ArrayLike, share: npt.ArrayLike, n: int) -> FloatArray:
    """Return the difference of two means in pooled standard deviations.

    Parameters
    ----------
    mean, variance
        shape (..., 2), of the two groups; the variances have the sum of weights as divisor.
    share
        shape (..., 2), weight of every group as a part of both; unweighted n_g / n.
    n
        Respondents of both groups, above 2.

    Returns
    -------
    array, shape (...)
        First less second. NaN where nobody differs within the groups.

    Notes
    -----
    Pooled variance: n / (n − 2) · Σ share_g · variance_g, without weights ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n − 2).
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2.5.

    Examples
    --------
    >>> round(float(cohens_d([3.0, 2.0], [1.0, 1.0], [0.5, 0.5], 20)), 4)
    0.9487
    """
    means, spread, parts = (np.asarray(a, dtype=np.float64) for a in (mean, variance, share))
    pooled = (parts * spread).sum(axis=-1) * (n / (n - 2) if n > 2 else np.nan)
    difference = means[..., 0] - means[..., 1]
    return np.asarray(difference / np.sqrt(np.where(pooled > 0, pooled, np.nan)), dtype=np.float64)[()]


def mean_difference(
    values: npt.ArrayLike,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    calibration: CalibrationFrame | None = None,
) -> MeanDifference:
    """Test the difference of the means of two groups.

    Parameters
    ----------
    values
        shape (n,); NaN is no answer.
    first, second
        shape (n,), who belongs to the groups; nobody to both.
    weights, strata, cluster
        shape (n,), the design of the whole sample, or None.
    calibration
        What the weights were calibrated to.

    Returns
    -------
    MeanDifference

    Raises
    ------
    NumericsError
        N064 for a group with fewer than two answers of positive weight, N003 for a stratum with one unit, N008 for bad
        weights.

    Notes
    -----
    Without a design: Welch's t (R ``t.test``). With one: the linearised standard error of the difference of two
    domains, and as degrees of freedom units less strata of the two groups less 1 (R survey ``svyttest``).

    Examples
    --------
    >>> found = mean_difference([1, 2, 3, 4, 6, 8], [0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])
    >>> found.estimate, round(found.df, 3), round(found.p_value, 4)
    (4.0, 2.941, 0.0548)
    """
    y = np.asarray(values, dtype=np.float64)
    w = checked_weights(weights, len(y))
    rows = [np.asarray(group, dtype=bool) & ~np.isnan(y) & (w > 0) for group in (first, second)]
    sizes = [int(group.sum()) for group in rows]
    if min(sizes) < 2:
        raise NumericsError(Problem("N064", got=str(min(sizes))))
    means = [float(w[group] @ y[group] / w[group].sum()) for group in rows]
    if weights is None and strata is None and cluster is None:
        error, df = _welch(y, rows)
    else:
        error, df = _linearised(y, rows, means, (w, strata, cluster, calibration))
    estimate = means[0] - means[1]
    statistic = estimate / error if error > 0 else float("nan")
    return MeanDifference(estimate, error, statistic, df, float(t_tail(statistic, df)))


def _welch(y: FloatArray, rows: list[BoolArray]) -> tuple[float, float]:
    parts = np.array([y[group].var(ddof=1) / group.sum() for group in rows])
    below = float((parts**2 / (np.array([group.sum() for group in rows]) - 1)).sum())
    total = float(parts.sum())
    return float(np.sqrt(total)), total**2 / below if below > 0 else float("nan")


def _linearised(
    y: FloatArray,
    rows: list[BoolArray],
    means: list[float],
    design: tuple[FloatArray, npt.ArrayLike | None, npt.ArrayLike | None, CalibrationFrame | None],
) -> tuple[float, float]:
    """Return the standard error of a variable whose weighted mean has the influence of the difference."""
    w, strata, cluster, calibration = design
    both = rows[0] | rows[1]
    column = np.full(len(y), np.nan)
    for sign, group, mean in zip((1.0, -1.0), rows, means, strict=True):
        column[group] = sign * (y[group] - mean) * w[both].sum() / w[group].sum()
    found = mean_with_se(column, w, strata, cluster, calibration=calibration)
    return float(found.std_error), float(found.df) - 1
