"""The array types of the room and the checks that several of its functions make of their arguments."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

TOLERANCE = 1e-10
"""Part of a column's variance, not explained by other columns, below which it counts as their linear combination."""


def square_stack(matrices: npt.ArrayLike, *, minimum: int = 1) -> FloatArray:
    """Return a stack of square matrices as float64.

    Parameters
    ----------
    matrices
        shape (..., p, p).
    minimum
        Least number of columns p that makes sense to the caller.

    Returns
    -------
    array, shape (..., p, p)

    Raises
    ------
    NumericsError
        N010 when the last two axes are not equally long; N001 when p is below `minimum`.

    Examples
    --------
    >>> square_stack([[1, 0.5], [0.5, 1]]).shape
    (2, 2)
    """
    stack = np.asarray(matrices, dtype=np.float64)
    if stack.ndim < 2 or stack.shape[-1] != stack.shape[-2]:
        raise NumericsError(Problem("N010", got=str(stack.shape), params={"expected": "(..., p, p)"}))
    if stack.shape[-1] < minimum:
        raise NumericsError(Problem("N001", got=str(stack.shape[-1]), params={"minimum": minimum}))
    return stack


def check_conf_level(conf_level: float) -> float:
    """Return the level of an interval if it lies between 0 and 1.

    Parameters
    ----------
    conf_level
        For example 0.95.

    Returns
    -------
    float

    Raises
    ------
    NumericsError
        N002 otherwise.

    Examples
    --------
    >>> check_conf_level(0.95)
    0.95
    """
    if not 0.0 < conf_level < 1.0:
        raise NumericsError(Problem("N002", got=str(conf_level)))
    return conf_level


def checked_weights(weights: npt.ArrayLike | None, n: int) -> FloatArray:
    """Return weights as float64, ones when there are none.

    Parameters
    ----------
    weights
        shape (n,), not negative, not all zero; None means equal weights.
    n
        Number of rows that they belong to.

    Returns
    -------
    array, shape (n,)

    Raises
    ------
    NumericsError
        N010 for another length, N008 for negative or non-finite weights or a sum of zero.

    Examples
    --------
    >>> checked_weights(None, 3)
    array([1., 1., 1.])
    """
    if weights is None:
        return np.ones(n)
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (n,):
        raise NumericsError(Problem("N010", got=str(values.shape), params={"expected": f"({n},)"}))
    if not np.isfinite(values).all() or (values < 0).any() or (n > 0 and values.sum() <= 0):
        raise NumericsError(Problem("N008"))
    return values


def correlation_from(cov: npt.ArrayLike) -> FloatArray:
    """Turn covariance matrices into correlation matrices.

    Parameters
    ----------
    cov
        shape (..., p, p).

    Returns
    -------
    array, shape (..., p, p)
        Rows and columns of a constant variable are NaN.

    Examples
    --------
    >>> correlation_from([[4.0, 1.0], [1.0, 1.0]])
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    stack = square_stack(cov)
    variance = np.diagonal(stack, axis1=-2, axis2=-1)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    corr = stack / (sd[..., :, None] * sd[..., None, :])
    p = stack.shape[-1]
    corr[..., np.arange(p), np.arange(p)] = np.where(np.isnan(sd), np.nan, 1.0)
    return np.asarray(corr, dtype=np.float64)
