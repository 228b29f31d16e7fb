"""Guttman's lower bounds of reliability that need no search over splits: lambda 1, 2, 3, 5 and 6."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import TOLERANCE, FloatArray, correlation_from, square_stack


@dataclass(frozen=True, slots=True)
class GuttmanLambdas:
    """Guttman's bounds; lambda 4 is `satmeter.numerics.split_half.lambda4`.

    Attributes
    ----------
    lambda1, lambda2, lambda3, lambda5, lambda6
        shape (...). Always lambda1 ≤ lambda3 ≤ lambda2; lambda3 is Cronbach's alpha. NaN where an item or the sum of
        the items is constant; lambda6 also where an item is a linear combination of the others.
    """

    lambda1: FloatArray
    lambda2: FloatArray
    lambda3: FloatArray
    lambda5: FloatArray
    lambda6: FloatArray


def guttman_lambdas(cov: npt.ArrayLike) -> GuttmanLambdas:
    """Estimate Guttman's lambda 1, 2, 3, 5 and 6 of the sum of the items.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance of the items, reversed items reversed; the divisor does not matter. With a
        correlation matrix the bounds are those of the sum of the standardised items, which is what psych prints.
        Weights and missing values have been dealt with where the moments were made.

    Returns
    -------
    GuttmanLambdas

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    With V = 1ᵀS1, λ1 = 1 − tr S/V; λ2 = λ1 + √(p/(p−1)·Q)/V, Q the sum of the squared covariances off the diagonal;
    λ3 = p/(p−1)·λ1; λ5 = λ1 + 2√(max Qⱼ)/V, Qⱼ the part of Q in column j; λ6 = 1 − Σeⱼ²/V, eⱼ² the variance of item j
    that the other items do not explain. Guttman (1945), Psychometrika 10, 255–282.

    Examples
    --------
    >>> found = guttman_lambdas([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    >>> [round(float(x), 4) for x in (found.lambda1, found.lambda2, found.lambda3, found.lambda5, found.lambda6)]
    [0.4163, 0.6265, 0.6245, 0.6291, 0.5303]
    """
    stack = square_stack(cov, minimum=2)
    p = stack.shape[-1]
    first, squares, whole = _first_bound(stack)
    variance = np.diagonal(stack, axis1=-2, axis2=-1)
    unexplained = (variance * (1 - squared_multiple_correlations(stack))).sum(axis=-1)
    return GuttmanLambdas(
        lambda1=first[()],
        lambda2=lambda2(stack),
        lambda3=(p / (p - 1) * first)[()],
        lambda5=(first + 2 * np.sqrt(squares.max(axis=-1)) / whole)[()],
        lambda6=(1 - unexplained / whole)[()],
    )


def _first_bound(stack: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return lambda 1, the sums of squared covariances by column, and the variance of the sum (NaN: not usable)."""
    variance = np.diagonal(stack, axis1=-2, axis2=-1)
    total = stack.sum(axis=(-2, -1))
    whole = np.asarray(np.where((variance > 0).all(axis=-1) & (total > 0), total, np.nan))
    return 1 - variance.sum(axis=-1) / whole, (stack**2).sum(axis=-1) - variance**2, whole


def lambda2(cov: npt.ArrayLike) -> FloatArray:
    """Estimate Guttman's lambda 2; see `guttman_lambdas`.

    Examples
    --------
    >>> round(float(lambda2([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])), 4)
    0.6265
    """
    stack = square_stack(cov, minimum=2)
    p = stack.shape[-1]
    first, squares, whole = _first_bound(stack)
    return np.asarray(first + np.sqrt(p / (p - 1) * squares.sum(axis=-1)) / whole, dtype=np.float64)[()]


def squared_multiple_correlations(cov: npt.ArrayLike) -> FloatArray:
    """Return the share of every item's variance that the other items explain.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance or correlation.

    Returns
    -------
    array, shape (..., p)
        NaN for all items of a matrix that is singular, not positive definite, or has a constant item.

    Notes
    -----
    1 − 1/rʲʲ with rʲʲ the diagonal of the inverse correlation matrix.

    Examples
    --------
    >>> squared_multiple_correlations([[1.0, 0.5], [0.5, 1.0]])
    array([0.25, 0.25])
    """
    corr = correlation_from(square_stack(cov, minimum=2))
    known = np.asarray(np.isfinite(corr).all(axis=(-2, -1)))
    identity = np.eye(corr.shape[-1])
    safe = np.where(known[..., None, None], corr, identity)
    values, vectors = np.linalg.eigh(safe)
    regular = known & (values[..., 0] > TOLERANCE)
    inverse = (vectors**2 / np.where(regular[..., None], values, 1.0)[..., None, :]).sum(axis=-1)
    return np.where(regular[..., None], 1 - 1 / inverse, np.nan)
