"""Covariance of regression coefficients in clustered, stratified and weighted samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.design import design_units
from satmeter.numerics.regression import check_independence, hc3_covariance

Correction = Literal["design", "cr1", "cr2"]


@dataclass(frozen=True, slots=True)
class RobustRegression:
    """A linear regression with the covariance that its sample asks for.

    Attributes
    ----------
    b
        shape (k + 1,), intercept first.
    covariance
        shape (k + 1, k + 1).
    df
        Degrees of freedom of t and F tests.
    """

    b: FloatArray
    covariance: FloatArray
    df: int


@dataclass(frozen=True, slots=True)
class _Fit:
    """design (n, k + 1) with a column of ones, weights with mean 1, (XᵀWX)⁻¹, coefficients and residuals."""

    design: FloatArray
    weights: FloatArray
    bread: FloatArray
    b: FloatArray
    residual: FloatArray


def _fit(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike | None) -> _Fit:
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if predictors.ndim != 2 or outcome.shape != predictors.shape[:1]:
        got = f"{predictors.shape}, {outcome.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(n, k), (n,)"}))
    n, k = predictors.shape
    w = checked_weights(weights, n)
    if np.isnan(predictors).any() or np.isnan(outcome).any():
        raise NumericsError(Problem("N009"))
    if n < k + 2:
        raise NumericsError(Problem("N006", got=str(n), params={"minimum": k + 2}))
    w = w * (n / w.sum())
    centred = predictors - w @ predictors / n
    spread = (centred * w[:, None]).T @ centred
    check_independence(np.pad(spread, ((0, 1), (0, 1)), constant_values=1.0), k, tuple(range(k)))
    design = np.column_stack([np.ones(n), predictors])
    bread = np.linalg.inv((design * w[:, None]).T @ design)
    b = bread @ (design.T @ (w * outcome))
    return _Fit(design, w, bread, b, outcome - design @ b)


def cluster_covariance(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    correction: Correction = "design",
) -> FloatArray:
    """Return the covariance of least-squares coefficients in a clustered sample.

    Parameters
    ----------
    x
        shape (n, k), predictors without a column of ones; the intercept is added.
    y
        shape (n,). Neither may hold missing values.
    weights
        shape (n,), probability weights on any scale; None means equal.
    strata, cluster
        shape (n,), integer codes, or None. Without `cluster` every respondent is a unit. Strata may be `SampledStrata`:
        "design" then has the finite population correction.
    correction
        "design": linearised design-based covariance, units within strata, n_h/(n_h − 1); "cr1": G/(G − 1) · (n − 1)/
        (n − k − 1) times the sandwich over units, strata unseen; "cr2": residuals of every unit corrected so that the
        covariance is unbiased under equal variances, better with few units; strata unseen.

    Returns
    -------
    array, shape (k + 1, k + 1)
        Intercept first.

    Raises
    ------
    NumericsError
        N003 for a stratum of one unit, N004, N005 for constant or collinear predictors, N006 for fewer than k + 2
        rows, N008 for bad weights, N009 for missing values, N010 for other shapes.

    Notes
    -----
    Binder (1983), International Statistical Review 51, 279–292: equal to R survey's ``svyglm``. CR1: Liang and Zeger
    (1986), as sandwich's ``vcovCL(type = "HC1")``. CR2: Bell and McCaffrey (2002), Pustejovsky and Tipton (2018),
    Journal of Business and Economic Statistics 36, 672–683, with equal variances as the working model whatever the
    weights, as clubSandwich's ``vcovCR(type = "CR2")``; a unit of m rows costs m³.

    Examples
    --------
    >>> x, y = [[0.0], [1.0], [2.0], [3.0], [4.0], [6.0]], [0.0, 1.0, 1.0, 3.0, 5.0, 4.0]
    >>> cluster_covariance(x, y, cluster=[0, 0, 1, 1, 2, 2]).round(4)
    array([[ 0.1283, -0.0276],
           [-0.0276,  0.006 ]])
    """
    fit = _fit(x, y, weights)
    n, columns = fit.design.shape
    seen = strata if correction == "design" else None
    units = design_units(n, seen, cluster)
    scores = fit.design * (fit.weights * fit.residual)[:, None]
    if correction == "cr2":
        scores = fit.design * (fit.weights * _corrected(fit, units.unit))[:, None]
    if correction == "design":
        sums, factor = units.centred(scores)
    else:
        summed = [np.bincount(units.unit, weights=s, minlength=units.n_units) for s in scores.T]
        sums, factor = np.stack(summed, axis=1).astype(np.float64), np.ones(units.n_units)
    if correction == "cr1":
        factor *= units.n_units / (units.n_units - 1) * (n - 1) / (n - columns)
    return np.asarray(fit.bread @ ((sums * factor[:, None]).T @ sums) @ fit.bread, dtype=np.float64)


def _corrected(fit: _Fit, unit: IntArray) -> FloatArray:
    """Return residuals times B^(−1/2) within every unit, B = (I − H)(I − H)ᵀ."""
    weighted = fit.design * fit.weights[:, None]
    heavy = fit.bread @ (weighted.T @ weighted) @ fit.bread
    found = np.empty_like(fit.residual)
    order = np.argsort(unit, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(unit))[:-1]):
        x, w = fit.design[rows], fit.weights[rows]
        hat = (x @ fit.bread @ x.T) * w
        spread = np.eye(len(rows)) - hat - hat.T + x @ heavy @ x.T
        values, vectors = np.linalg.eigh((spread + spread.T) / 2)
        root = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0.0)
        found[rows] = (vectors * root) @ (vectors.T @ fit.residual[rows])
    return found


def robust_regression(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> RobustRegression:
    """Regress with HC3 in a simple random sample and the design-based covariance in any other.

    Parameters
    ----------
    x, y, weights, strata, cluster
        As for `cluster_covariance`.

    Returns
    -------
    RobustRegression
        df: n − k − 1 with HC3, units − strata − k with the design.

    Raises
    ------
    NumericsError
        As `cluster_covariance`.

    Examples
    --------
    >>> fit = robust_regression([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 1.0, 3.0])
    >>> fit.b.round(3), fit.df
    (array([-0.1,  0.9]), 2)
    """
    fit = _fit(x, y, weights)
    n, columns = fit.design.shape
    if weights is None and strata is None and cluster is None:
        return RobustRegression(fit.b, hc3_covariance(x, y), n - columns)
    units = design_units(n, strata, cluster)
    df = units.n_units - len(units.units_per_stratum) - columns + 1
    return RobustRegression(fit.b, cluster_covariance(x, y, weights, strata, cluster), df)
