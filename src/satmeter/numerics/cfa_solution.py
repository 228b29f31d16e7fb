"""What a fitted factor model says, in raw and in standardised units, with standard errors by the delta method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, correlation_from
from satmeter.numerics.cfa_build import cell_scale
from satmeter.numerics.cfa_model import (
    FACTOR_COV,
    FACTOR_MEAN,
    INTERCEPT,
    LOADING,
    RESIDUAL_COV,
    FactorModel,
    Moments,
)
from satmeter.numerics.regression import find_dependence


@dataclass(frozen=True, slots=True)
class Solution:
    """A model at its minimum, in units of standardised items.

    Attributes
    ----------
    model, moments
        The model and the moments of the standardised items.
    x
        shape (q,), parameters.
    covariance
        shape (q, q), inverse expected information of one respondent.
    sd, centre
        shape (p,). Raw item = centre + sd × standardised item.
    """

    model: FactorModel
    moments: Moments
    x: FloatArray
    covariance: FloatArray
    sd: FloatArray
    centre: FloatArray


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates of one group. Standard errors of what is fixed are 0.

    Attributes
    ----------
    loadings, loadings_se
        shape (p,), of each item on its factor.
    residuals, residuals_se
        shape (p,), residual variances.
    factor_cov, factor_cov_se
        shape (m, m).
    intercepts, intercepts_se, factor_means, factor_means_se
        shape (p,), (p,), (m,), (m,); zeros where the model has no means.
    std_loadings, std_loadings_se
        shape (p,), loadings when items and factors have variance 1; NaN where a factor's variance is negative.
    uniqueness, uniqueness_se
        shape (p,), residual variance as a part of the item's variance.
    factor_corr, factor_corr_se
        shape (m, m).
    implied_cov
        shape (p, p), divisor n.
    residual_corr
        shape (p, p), observed less implied correlations.
    heywood
        shape (p,), items whose residual variance is negative: the solution is improper and shown as it is.
    improper_factors
        Whether the covariance of the factors is not positive definite.
    """

    loadings: FloatArray
    loadings_se: FloatArray
    residuals: FloatArray
    residuals_se: FloatArray
    factor_cov: FloatArray
    factor_cov_se: FloatArray
    intercepts: FloatArray
    intercepts_se: FloatArray
    factor_means: FloatArray
    factor_means_se: FloatArray
    std_loadings: FloatArray
    std_loadings_se: FloatArray
    uniqueness: FloatArray
    uniqueness_se: FloatArray
    factor_corr: FloatArray
    factor_corr_se: FloatArray
    implied_cov: FloatArray
    residual_corr: FloatArray
    heywood: BoolArray
    improper_factors: bool


def check_moments(cov: FloatArray, means: FloatArray, n: FloatArray) -> Moments:
    """Return moments with divisor n of groups whose covariances (divisor n − 1) are positive definite.

    Raises
    ------
    NumericsError
        N032 for each group with a covariance that is not, N034 for each with no more respondents than items, N009
        for missing values.
    """
    if not (np.isfinite(cov).all() and np.isfinite(means).all()):
        raise NumericsError(Problem("N009"))
    p = cov.shape[-1]
    problems = []
    for group, (matrix, size) in enumerate(zip(cov, n, strict=True)):
        if size <= p:
            params = {"group": group, "minimum": p + 1}
            problems.append(Problem("N034", got=str(int(size)), params=params))
            continue
        columns = _dependent_columns(matrix)
        if columns:
            problems.append(Problem("N032", params={"group": group, "columns": columns}))
    if problems:
        raise NumericsError(problems)
    sizes = np.asarray(n, dtype=np.float64)
    return Moments(cov * ((sizes - 1) / sizes)[:, None, None], means, sizes)


def _dependent_columns(cov: FloatArray) -> str:
    """Name columns because of which the covariance is not positive definite; empty where it is."""
    variance = np.diagonal(cov)
    if (variance <= 0).any():
        return ", ".join(map(str, np.flatnonzero(variance <= 0)))
    if np.linalg.eigvalsh(correlation_from(cov))[0] > 1e-10:
        return ""
    found = find_dependence(cov, tuple(range(len(cov))))
    return ", ".join(map(str, found.constant or found.collinear or range(len(cov))))


def standardised(moments: Moments) -> tuple[Moments, FloatArray, FloatArray]:
    """Return the moments of items with mean 0 and variance 1 within groups, and standard deviations and centres."""
    sd = np.sqrt(moments.share @ np.diagonal(moments.cov, axis1=1, axis2=2))
    centre = moments.share @ moments.means
    scaled = Moments(moments.cov / (sd[:, None] * sd), (moments.means - centre) / sd, moments.n)
    return scaled, sd, centre


def estimates(solution: Solution, covariance: FloatArray) -> tuple[Estimates, ...]:
    """Return the estimates of every group.

    Parameters
    ----------
    solution
        The model at its minimum.
    covariance
        shape (q, q), sampling covariance of its parameters.

    Returns
    -------
    tuple of Estimates
    """
    return tuple(_group_estimates(solution, covariance, g) for g in range(solution.model.n_groups))


def _group_estimates(solution: Solution, covariance: FloatArray, group: int) -> Estimates:
    model, sd = solution.model, solution.sd
    found = model.matrices(solution.x)
    p, m = model.n_items, model.n_factors
    items, own = np.arange(p), model.factor_of
    error = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    shapes = {
        LOADING: (p, m),
        FACTOR_COV: (m, m),
        RESIDUAL_COV: (p, p),
        INTERCEPT: (p, 1),
        FACTOR_MEAN: (m, 1),
    }
    errors = {}
    for kind, shape in shapes.items():
        listed = model.free.of(kind, group)
        full = np.zeros(shape)
        full[listed.row, listed.column] = error[listed.parameter] * cell_scale(model, sd, listed)
        errors[kind] = full
    unit = _factor_unit(solution)
    std, std_se = _standardised(solution, covariance, group)
    factor_corr, factor_corr_se = _square(std[p:], m, 1.0), _square(std_se[p:], m, 0.0)
    implied = found.cov[group]
    residuals = np.diagonal(found.residual_cov[group]) * sd**2
    return Estimates(
        loadings=found.loadings[group, items, own] * sd / unit[own],
        loadings_se=errors[LOADING][items, own],
        residuals=residuals,
        residuals_se=np.diagonal(errors[RESIDUAL_COV]).copy(),
        factor_cov=found.factor_cov[group] * unit[:, None] * unit,
        factor_cov_se=np.maximum(errors[FACTOR_COV], errors[FACTOR_COV].T),
        intercepts=found.intercepts[group] * sd + solution.centre if model.mean_structure else np.zeros(p),
        intercepts_se=errors[INTERCEPT][:, 0],
        factor_means=found.factor_means[group] * unit,
        factor_means_se=errors[FACTOR_MEAN][:, 0],
        std_loadings=std[:p],
        std_loadings_se=std_se[:p],
        uniqueness=1 - std[:p] ** 2,
        uniqueness_se=2 * np.abs(std[:p]) * std_se[:p],
        factor_corr=factor_corr,
        factor_corr_se=factor_corr_se,
        implied_cov=implied * sd[:, None] * sd,
        residual_corr=correlation_from(solution.moments.cov[group]) - correlation_from(implied),
        heywood=np.asarray(residuals < 0),
        improper_factors=bool(np.linalg.eigvalsh(found.factor_cov[group])[0] <= 0),
    )


def _factor_unit(solution: Solution) -> FloatArray:
    """Return what a factor's unit is in raw units, by the factor's variance cell."""
    model = solution.model
    diagonal = np.arange(model.n_factors)
    variances = type(model.free)(
        np.full(model.n_factors, FACTOR_COV), np.zeros_like(diagonal), diagonal, diagonal, diagonal
    )
    return np.asarray(np.sqrt(cell_scale(model, solution.sd, variances)))


def _standardised(solution: Solution, covariance: FloatArray, group: int) -> tuple[FloatArray, FloatArray]:
    """Return standardised loadings and lower factor correlations with standard errors, all in one vector."""
    model = solution.model
    found = model.matrices(solution.x)
    p, own = model.n_items, model.factor_of
    items = np.arange(p)
    loading, residual = found.loadings[group, items, own], found.residual_cov[group, items, items]
    psi = found.factor_cov[group]
    factor_variance = np.where(np.diagonal(psi) > 0, np.diagonal(psi), np.nan)
    variance = loading**2 * factor_variance[own] + residual
    root = np.sqrt(factor_variance[own])
    std = loading * root / np.sqrt(variance)
    row, column = np.tril_indices(model.n_factors, -1)
    corr = psi[row, column] / np.sqrt(factor_variance[row] * factor_variance[column])
    pair = p + np.arange(len(row))
    slopes = np.zeros((len(solution.x), p + len(row)))

    part = model.free.of(LOADING, group)
    slopes[part.parameter, part.row] = (root * residual / variance**1.5)[part.row]
    part = model.free.of(RESIDUAL_COV, group)
    slopes[part.parameter, part.row] = (-loading * root / (2 * variance**1.5))[part.row]
    by_factor = loading * residual / (2 * root * variance**1.5)
    part = model.free.of(FACTOR_COV, group)
    for k, other, number in zip(part.row, part.column, part.parameter, strict=True):
        if k == other:
            slopes[number, :p] = np.where(own == k, by_factor, 0.0)
            involved = (row == k) | (column == k)
            slopes[number, pair[involved]] = -corr[involved] / (2 * factor_variance[k])
        else:
            slopes[number, pair[(row == k) & (column == other)]] = 1 / np.sqrt(
                factor_variance[k] * factor_variance[other]
            )
    touched = np.unique(model.free.parameter[model.free.group == group])  # the others have no slope here
    slopes = slopes[touched]
    spread = np.sum(slopes * (covariance[np.ix_(touched, touched)] @ slopes), axis=0)
    return np.concatenate([std, corr]), np.sqrt(np.maximum(spread, 0.0))


def _square(lower: FloatArray, m: int, diagonal: float) -> FloatArray:
    full = np.diag(np.full(m, diagonal))
    row, column = np.tril_indices(m, -1)
    full[row, column] = full[column, row] = lower
    return full
