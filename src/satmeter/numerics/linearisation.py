"""Means and their standard errors by Taylor linearisation over the real design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.calibration_cells import CalibrationFrame
from satmeter.numerics.design import DesignUnits, SampledStrata, design_units


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    """Weighted means with their standard errors.

    Attributes
    ----------
    estimate, std_error
        shape (p,), or numbers when one column was given.
    df
        shape (p,) or a number: units minus strata among the rows with an answer, for t intervals.
    n
        Rows with an answer.
    n_eff
        (sum w)² / sum w² over them (Kish).
    deff
        Variance over that of a simple random sample with the same rows; NaN where the variable is constant.
    """

    estimate: FloatArray
    std_error: FloatArray
    df: FloatArray
    n: FloatArray
    n_eff: FloatArray
    deff: FloatArray


def mean_with_se(
    values: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    calibration: CalibrationFrame | None = None,
) -> MeanEstimate:
    """Estimate weighted means with design-based standard errors.

    Parameters
    ----------
    values
        shape (n,) or (n, p). NaN means that the row does not belong to the column's domain: it is left out
        of the mean, and its unit stays in the variance, as in ``survey::svymean`` of a subset. A group's
        mean is therefore had by setting the other rows to NaN.
    weights
        shape (n,), probability weights on any scale; None means equal.
    strata, cluster
        shape (n,), integer codes, or None; strata may be `SampledStrata`, for the finite population correction.
    calibration
        What `weights` were calibrated to: its base weights, times factors, are the weights. The error is then that of
        the residuals, smaller the more the margins explain.

    Returns
    -------
    MeanEstimate
        NaN for a column without answers.

    Raises
    ------
    NumericsError
        N003 for a stratum with one unit, N008 for bad weights, N010 for other lengths.

    Notes
    -----
    z = w (y − ȳ) / Σw summed by unit; variance Σ_h (1 − f_h) n_h/(n_h − 1) Σ (z_hi − z̄_h)². Särndal, Swensson and
    Wretman (1992), Model Assisted Survey Sampling, 5.7; equals R survey 4.1 ``svymean``
    (tests/reference/svymean.json, design.json, calibration.json). The simple random sample that `deff` compares with is
    drawn without replacement where there are fractions, from as many as the rows stand for: Σ 1/f.

    Examples
    --------
    >>> mean = mean_with_se([1.0, 2.0, 3.0, 4.0])
    >>> float(mean.estimate), round(float(mean.std_error), 4), float(mean.df)
    (2.5, 0.6455, 3.0)
    """
    y = np.asarray(values, dtype=np.float64)
    columns = y[:, None] if y.ndim == 1 else y
    n = len(columns)
    w = checked_weights(weights, n)
    units = design_units(n, strata, cluster)
    seen = ~np.isnan(columns)
    filled = np.where(seen, columns, 0.0)
    total = w @ seen
    safe = np.where(total > 0, total, np.nan)
    estimate = w @ filled / safe
    influence = np.where(seen, filled - estimate, 0.0) / safe
    scores = (influence if calibration is None else calibration.residuals(influence)) * w[:, None]
    deviation, factor = units.centred(scores)
    variance = factor @ deviation**2
    used = seen & (w > 0)[:, None]
    n_seen = used.sum(axis=0).astype(np.float64)
    df = np.array([_degrees(used[:, j], units) for j in range(columns.shape[1])], dtype=np.float64)
    n_eff = total**2 / np.where(total > 0, (w**2) @ seen, np.nan)
    spread = np.where(seen, (filled - estimate) ** 2, 0.0)
    srs = (w @ spread) / safe / np.where(n_seen > 1, n_seen - 1, np.nan)
    if isinstance(strata, SampledStrata):
        srs = srs * _left(strata.fraction, used)
    deff = variance / np.where(srs > 0, srs, np.nan)
    found = (estimate, np.sqrt(variance), np.where(total > 0, df, np.nan), n_seen, n_eff, deff)
    if y.ndim == 1:
        return MeanEstimate(*(column[0] for column in found))
    return MeanEstimate(*found)


def _left(fraction: FloatArray, used: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the part of the population that is not in the sample, shape (p,); rows stand for 1/f respondents."""
    stands = np.where(fraction > 0, 1 / np.where(fraction > 0, fraction, 1.0), np.inf)
    whole = np.array([stands[rows].sum() for rows in used.T])
    return np.asarray(1 - used.sum(axis=0) / np.where(whole > 0, whole, np.nan), dtype=np.float64)


def _degrees(used: npt.NDArray[np.bool_], units: DesignUnits) -> int:
    present = np.unique(units.unit[used])
    return len(present) - len(np.unique(units.stratum[present]))
