"""How well a regression predicts respondents that it has not seen: k-fold cross-validation on moments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import TOLERANCE, FloatArray, IntArray, checked_weights
from satmeter.numerics.design import design_units
from satmeter.numerics.regression import check_independence


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Out-of-sample fit.

    Attributes
    ----------
    r2
        Mean over repeats of 1 − squared errors of prediction over squared distances from the mean of the rows fitted.
        Below 0 when the regression predicts worse than a mean.
    r2_in_sample
        R² of the regression on all rows.
    rmse
        Root of the mean squared error of prediction, in points of the outcome, over all repeats.
    by_repeat
        shape (repeats,), R² of each repeat.
    """

    r2: float
    r2_in_sample: float
    rmse: float
    by_repeat: FloatArray


def cross_validate(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    folds: int = 10,
    repeats: int = 20,
    seed: int = 1,
) -> CrossValidation:
    """Predict every respondent from the others, part by part.

    Parameters
    ----------
    x, y
        shape (n, k) and (n,), complete.
    weights
        shape (n,), probability weights: of fitting and of judging.
    strata, cluster
        shape (n,), integer codes, or None. Clusters are never split; parts are drawn within strata.
    folds, repeats
        Parts, and how often the sample is cut anew.
    seed
        Of the cuts; the same seed gives the same figures.

    Returns
    -------
    CrossValidation

    Raises
    ------
    NumericsError
        N095 for fewer than 2 parts, more parts than units, or parts without which the predictors are collinear; N003,
        N004, N005, N008, N009 as `cluster_covariance.robust_regression`.

    Notes
    -----
    Stone (1974), Journal of the Royal Statistical Society B 36, 111–147. Moments of each part are formed once; a fit
    subtracts one part from the whole.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal((300, 3))
    >>> found = cross_validate(x, x[:, 0] + rng.standard_normal(300))
    >>> round(found.r2_in_sample, 2), round(found.r2, 2)
    (0.5, 0.49)
    """
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n, _ = predictors.shape
    w = checked_weights(weights, n)
    units = design_units(n, strata, cluster)
    check_folds(folds, units.n_units)
    rng = np.random.default_rng(seed)
    cuts = np.stack([deal(units.stratum, folds, rng)[units.unit] for _ in range(repeats)])
    return validated(predictors, outcome, w, cuts, folds)


def check_folds(folds: int, n_units: int) -> None:
    """Raise N095 for fewer than two parts or more parts than units."""
    if not 2 <= folds <= n_units:
        raise NumericsError(Problem("N095", got=str(folds), params={"folds": folds, "units": n_units}))


def deal(stratum: IntArray, folds: int, rng: np.random.Generator) -> IntArray:
    """Deal units into parts at random, as evenly as can be within strata and in all.

    Parameters
    ----------
    stratum
        shape (n_units,).
    folds
        Number of parts.
    rng
        Source of chance.

    Returns
    -------
    array, shape (n_units,)

    Examples
    --------
    >>> np.bincount(deal(np.zeros(7, dtype=np.int64), 3, np.random.default_rng(1)))
    array([3, 2, 2])
    """
    order = np.lexsort((rng.random(len(stratum)), stratum))
    part = np.empty(len(stratum), dtype=np.int64)
    part[order] = np.arange(len(stratum)) % folds
    return part


def validated(x: FloatArray, y: FloatArray, w: FloatArray, cuts: IntArray, folds: int) -> CrossValidation:
    """Return the out-of-sample fit for given cuts.

    Parameters
    ----------
    x, y, w
        shape (n, k), (n,), (n,).
    cuts
        shape (repeats, n), part of every row, 0 … folds − 1.
    folds
        Number of parts.

    Returns
    -------
    CrossValidation

    Raises
    ------
    NumericsError
        N004, N005, N009, N095.
    """
    if np.isnan(x).any() or np.isnan(y).any():
        raise NumericsError(Problem("N009"))
    n, k = x.shape
    total = w.sum()
    columns = np.column_stack([x, y])
    columns = columns - w @ columns / total
    outcome_mean = columns[:, k]
    weighted = columns * w[:, None]
    whole = weighted.T @ columns
    check_independence(whole, k, tuple(range(k)))
    scale = np.sqrt(np.diagonal(whole)[:k])
    b = np.linalg.solve(whole[:k, :k], whole[:k, k])
    squares = np.empty((len(cuts), 2))
    for repeat, cut in enumerate(cuts):
        second = np.stack([weighted[cut == f].T @ columns[cut == f] for f in range(folds)])
        first = np.stack([np.bincount(cut, weights=c, minlength=folds) for c in weighted.T], axis=1)
        size = np.bincount(cut, weights=w, minlength=folds)
        left = total - size
        centre = -first / left[:, None]
        inner = whole - second - left[:, None, None] * centre[:, :, None] * centre[:, None, :]
        if (np.linalg.eigvalsh(inner[:, :k, :k] / scale / scale[:, None])[:, 0] <= TOLERANCE).any():
            raise NumericsError(Problem("N095", got=str(folds), params={"folds": folds, "units": n}))
        slopes = np.linalg.solve(inner[:, :k, :k], inner[:, :k, k, None])[..., 0]
        # squares of the part about the point that the fit runs through
        about = second - first[:, :, None] * centre[:, None, :] - centre[:, :, None] * first[:, None, :]
        about += size[:, None, None] * centre[:, :, None] * centre[:, None, :]
        toward = np.concatenate([-slopes, np.ones((folds, 1))], axis=1)
        squares[repeat] = np.einsum("fi,fij,fj", toward, about, toward), about[:, k, k].sum()
    by_repeat = 1 - squares[:, 0] / squares[:, 1]
    in_sample = float(b @ whole[:k, k] / (w @ outcome_mean**2))
    return CrossValidation(float(by_repeat.mean()), in_sample, float(np.sqrt(squares[:, 0].mean() / total)), by_repeat)
