"""Linear regression from moments, its sandwich covariance from rows, and what makes predictors unusable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import (
    TOLERANCE,
    FloatArray,
    checked_weights,
    correlation_from,
    square_stack,
)

_CLEARLY = 1e4 * TOLERANCE
"""Part of a column's variance that is its own, above which no closer look is needed."""


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A linear regression.

    Attributes
    ----------
    intercept
        shape (...).
    b
        shape (..., k), raw coefficients.
    beta
        shape (..., k), coefficients of the standardised variables.
    r2
        shape (...).
    """

    intercept: FloatArray
    b: FloatArray
    beta: FloatArray
    r2: FloatArray


@dataclass(frozen=True, slots=True)
class Dependence:
    """Columns that cannot be told apart in a regression.

    Attributes
    ----------
    constant
        Columns without variance.
    collinear
        Sets of columns of which the last is a linear combination of the others.
    """

    constant: tuple[int, ...]
    collinear: tuple[tuple[int, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.constant or self.collinear)


def find_dependence(cov: npt.ArrayLike, columns: tuple[int, ...]) -> Dependence:
    """Find constant and collinear columns.

    Parameters
    ----------
    cov
        shape (p, p), one covariance matrix.
    columns
        The predictors, as column numbers of `cov`.

    Returns
    -------
    Dependence
        In column numbers of `cov`; false when there is nothing to complain of. A column counts as a
        combination when less than 1e-10 of its variance is its own.

    Examples
    --------
    >>> find_dependence([[1, 1, 0], [1, 1, 0], [0, 0, 0]], (0, 1, 2))
    Dependence(constant=(2,), collinear=((0, 1),))
    """
    matrix = square_stack(cov)
    constant = tuple(j for j in columns if not matrix[j, j] > 0)
    if not constant and _clearly_independent(matrix[np.ix_(columns, columns)]):
        return Dependence((), ())
    kept: list[int] = []
    sets: list[tuple[int, ...]] = []
    for j in (j for j in columns if j not in constant):
        if not kept:
            kept.append(j)
            continue
        scale = np.sqrt(matrix[kept, kept])
        inner = matrix[np.ix_(kept, kept)] / np.outer(scale, scale)
        outer = matrix[kept, j] / scale / np.sqrt(matrix[j, j])
        part = np.linalg.solve(inner, outer)
        if 1 - outer @ part > TOLERANCE:
            kept.append(j)
        else:
            sets.append((*(i for i, size in zip(kept, part, strict=True) if abs(size) > 1e-6), j))
    return Dependence(constant, tuple(sets))


def _clearly_independent(matrix: FloatArray) -> bool:
    """Whether every column keeps far more of its variance than the tolerance when those before it are known."""
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return bool((root.diagonal() ** 2 > _CLEARLY * matrix.diagonal()).all())


def check_independence(cov: npt.ArrayLike, outcome: int, predictors: tuple[int, ...]) -> None:
    """Raise when the outcome is constant or predictors are constant or collinear in the full sample.

    Parameters
    ----------
    cov
        shape (..., p, p); the full sample is the first of the stack.
    outcome, predictors
        Column numbers.

    Raises
    ------
    NumericsError
        N004 naming the constant columns and N005 for every set of collinear ones, all at once.

    Examples
    --------
    >>> check_independence([[1.0, 0.5], [0.5, 1.0]], 0, (1,))
    """
    stack = square_stack(cov)
    first = stack.reshape(-1, *stack.shape[-2:])[0]
    found = find_dependence(first, predictors)
    constant = found.constant if first[outcome, outcome] > 0 else (outcome, *found.constant)
    problems = [Problem("N004", got=_names(constant), params={"columns": _names(constant)})] if constant else []
    problems += [Problem("N005", got=_names(group), params={"columns": _names(group)}) for group in found.collinear]
    if problems:
        raise NumericsError(problems)


def _names(columns: tuple[int, ...]) -> str:
    return ", ".join(str(column) for column in columns)


def least_squares(cov: npt.ArrayLike, mean: npt.ArrayLike, outcome: int, predictors: tuple[int, ...]) -> LeastSquares:
    """Regress one column on others, from their moments.

    Parameters
    ----------
    cov, mean
        shape (..., p, p) and (..., p). Index 0 of the leading axes is the full sample. Weights and missing
        values have been dealt with where the moments were made; with probability weights this is the
        pseudo-likelihood estimate.
    outcome, predictors
        Column numbers.

    Returns
    -------
    LeastSquares
        NaN for replicates in which the predictors are collinear or the outcome is constant.

    Raises
    ------
    NumericsError
        N004, N005 as `check_independence`, on the full sample.

    Examples
    --------
    >>> fit = least_squares([[4.0, 1.0], [1.0, 1.0]], [3.0, 1.0], 0, (1,))
    >>> float(fit.intercept), fit.b, fit.beta, float(fit.r2)
    (2.0, array([1.]), array([0.5]), 0.25)
    """
    stack = square_stack(cov)
    check_independence(stack, outcome, predictors)
    means = np.asarray(mean, dtype=np.float64)
    order = list(predictors)
    if not order:
        zero = np.zeros((*stack.shape[:-2], 0))
        return LeastSquares(means[..., outcome], zero, zero, np.zeros(stack.shape[:-2])[()])
    corr = correlation_from(stack)
    inner, outer = corr[..., order, :][..., :, order], corr[..., order, outcome]
    beta = _solve_or_nan(inner, outer)
    variance = np.diagonal(stack, axis1=-2, axis2=-1)
    sd = np.sqrt(np.maximum(variance, 0.0))
    predictor_sd = np.where(sd[..., order] > 0, sd[..., order], np.nan)
    b = beta * sd[..., [outcome]] / predictor_sd
    intercept = means[..., outcome] - (b * means[..., order]).sum(axis=-1)
    return LeastSquares(intercept[()], b, beta, (beta * outer).sum(axis=-1)[()])


def _solve_or_nan(inner: FloatArray, outer: FloatArray) -> FloatArray:
    """Solve a stack of correlation systems; NaN where a system is singular or not finite."""
    k = inner.shape[-1]
    flat, right = inner.reshape(-1, k, k), outer.reshape(-1, k)
    usable = np.asarray(np.isfinite(flat).all(axis=(1, 2)) & np.isfinite(right).all(axis=1))
    found = np.full(right.shape, np.nan)
    smallest = np.linalg.eigvalsh(flat[usable])[:, 0]
    usable[usable] = smallest > TOLERANCE
    found[usable] = np.linalg.solve(flat[usable], right[usable][:, :, None])[:, :, 0]
    return found.reshape(outer.shape)


def adjusted_r2(r2: npt.ArrayLike, n: float, n_predictors: int) -> FloatArray:
    """Return R² adjusted for the number of predictors, 1 − (1 − R²)(n − 1)/(n − k − 1).

    Parameters
    ----------
    r2
        Any shape.
    n
        Rows of the regression.
    n_predictors
        Number of columns k, dummies counted one by one.

    Returns
    -------
    array, shape of `r2`
        NaN where n − k − 1 is not above 0.

    Examples
    --------
    >>> round(float(adjusted_r2(0.5, 21, 4)), 3)
    0.375
    """
    df = n - n_predictors - 1
    value = np.asarray(r2, dtype=np.float64)
    return np.asarray(1 - (1 - value) * (n - 1) / df if df > 0 else np.full_like(value, np.nan))[()]


def vif(corr: npt.ArrayLike) -> FloatArray:
    """Return the variance inflation factor of every predictor.

    Parameters
    ----------
    corr
        shape (..., k, k), correlation (or covariance) of the predictors.

    Returns
    -------
    array, shape (..., k)
        Diagonal of the inverse correlation matrix; NaN where it is singular, 1 for a single predictor.

    Examples
    --------
    >>> vif([[1.0, 0.6], [0.6, 1.0]]).round(4)
    array([1.5625, 1.5625])
    """
    stack = correlation_from(square_stack(corr))
    k = stack.shape[-1]
    unit = np.broadcast_to(np.eye(k), stack.shape)
    columns = [_solve_or_nan(stack, unit[..., j])[..., j] for j in range(k)]
    return np.stack(columns, axis=-1)


def hc3_covariance(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> FloatArray:
    """Return the heteroscedasticity-consistent covariance HC3 of regression coefficients.

    Parameters
    ----------
    x
        shape (n, k), predictors without a column of ones; the intercept is added.
    y
        shape (n,). Neither may hold missing values.
    weights
        shape (n,), probability weights on any scale (not frequencies: expand those into rows). None means
        equal.

    Returns
    -------
    array, shape (k + 1, k + 1)
        Intercept first. Coefficients that depend on a row with leverage 1 (the only respondent of a
        category) are NaN: such a row shows no residual.

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear predictors, N006 for fewer than k + 2 rows, N008 for bad
        weights, N009 for missing values.

    Notes
    -----
    A Σ wᵢ² eᵢ² xᵢxᵢᵀ / (1 − hᵢ)² A with A = (XᵀWX)⁻¹ and hᵢ = wᵢ xᵢᵀAxᵢ: MacKinnon and White (1985), Journal
    of Econometrics 29, 305–325; with probability weights the linearised (sandwich) covariance. Equal to
    statsmodels ``WLS(...).fit(cov_type="HC3")``. Clusters are not seen: use replicates for a clustered
    sample.

    Examples
    --------
    >>> hc3_covariance([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 1.0, 3.0]).round(4)
    array([[ 0.1486, -0.1233],
           [-0.1233,  0.1808]])
    """
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n, k = predictors.shape
    if outcome.shape != (n,):
        raise NumericsError(Problem("N010", got=str(outcome.shape), params={"expected": f"({n},)"}))
    w = checked_weights(weights, n)
    if np.isnan(predictors).any() or np.isnan(outcome).any():
        raise NumericsError(Problem("N009"))
    if n < k + 2:
        raise NumericsError(Problem("N006", got=str(n), params={"minimum": k + 2}))
    centred = predictors - w @ predictors / w.sum()
    spread = (centred * w[:, None]).T @ centred
    check_independence(np.pad(spread, ((0, 1), (0, 1)), constant_values=1.0), k, tuple(range(k)))
    design = np.column_stack([np.ones(n), predictors])
    bread = np.linalg.inv((design * w[:, None]).T @ design)
    residual = outcome - design @ (bread @ (design.T @ (w * outcome)))
    influence = design @ bread * w[:, None]
    leverage = np.einsum("ij,ij->i", influence, design)
    alone = leverage > 1 - 1e-9
    scores = influence * np.where(alone, 0.0, residual / np.where(alone, 1.0, 1 - leverage))[:, None]
    found = scores.T @ scores
    lost = (np.abs(influence[alone]) > 1e-9 * np.abs(influence).max()).any(axis=0)
    found[lost, :] = np.nan
    found[:, lost] = np.nan
    return np.asarray(found, dtype=np.float64)
