"""How far predictors can be told apart, and coefficients whose sign or size other predictors have turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, correlation_from, square_stack
from satmeter.numerics.regression import vif


@dataclass(frozen=True, slots=True)
class ConditionIndices:
    """Belsley's diagnosis of collinearity.

    Attributes
    ----------
    index
        shape (..., k + 1), condition index of each dimension, ascending from 1. Above 30 is trouble, 10 to 30 is
        worth a look.
    proportions
        shape (..., k + 1, k + 1): of each coefficient (column; the intercept first) the part of its variance that comes
        from each dimension (row). Columns sum to 1. Two coefficients beyond 0.5 in a row of a high index are those
        that cannot be told apart.
    """

    index: FloatArray
    proportions: FloatArray


def condition_indices(cov: npt.ArrayLike, mean: npt.ArrayLike, n: int) -> ConditionIndices:
    """Return condition indices and variance-decomposition proportions.

    Parameters
    ----------
    cov, mean
        shape (..., k, k) and (..., k), moments of the predictors, covariance with divisor n − 1; weighted or not.
    n
        Rows.

    Returns
    -------
    ConditionIndices
        With the intercept, columns scaled to length 1 and not centred.

    Notes
    -----
    Belsley, Kuh and Welsch (1980), Regression Diagnostics, 3. The uncentred form also sees predictors that hardly vary
    beside their level; VIF does not.

    Examples
    --------
    >>> found = condition_indices([[1.0, 0.99], [0.99, 1.0]], [0.0, 0.0], 1_000_000)
    >>> found.index.round(2), found.proportions[:, 1].round(2)
    (array([ 1.  ,  1.41, 14.11]), array([0.01, 0.  , 0.99]))
    """
    stack, centre = square_stack(cov), np.asarray(mean, dtype=np.float64)
    k = stack.shape[-1]
    whole = np.ones((*stack.shape[:-2], k + 1, k + 1))
    whole[..., 0, 1:] = whole[..., 1:, 0] = centre
    whole[..., 1:, 1:] = stack * ((n - 1) / n) + centre[..., :, None] * centre[..., None, :]
    values, vectors = np.linalg.eigh(correlation_from(whole))
    values, vectors = np.maximum(values[..., ::-1], np.finfo(float).tiny), vectors[..., ::-1]
    parts = np.swapaxes(vectors, -1, -2) ** 2 / values[..., :, None]
    return ConditionIndices(np.sqrt(values[..., :1] / values), parts / parts.sum(axis=-2, keepdims=True))


@dataclass(frozen=True, slots=True)
class DriverSigns:
    """Coefficients that other drivers have turned; every array has shape (..., k).

    Attributes
    ----------
    reversed
        Weight and correlation have opposite signs: read the weight only together with the other drivers.
    enlarged
        The weight is further from 0 than the correlation: others take noise away from this driver.
    suppressing
        The driver adds more to R² beside the others than it has alone (semipartial² > r²): it works as a suppressor.
    """

    reversed: BoolArray
    enlarged: BoolArray
    suppressing: BoolArray


def driver_signs(corr: npt.ArrayLike, outcome: int, predictors: tuple[int, ...]) -> DriverSigns:
    """Find drivers whose weight and correlation do not go together.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations or covariances. Over a stack of replicates the mean of a flag is the
        probability of what it says.
    outcome, predictors
        Column numbers.

    Returns
    -------
    DriverSigns
        False everywhere where the predictors are collinear.

    Notes
    -----
    Conger (1974), Educational and Psychological Measurement 34, 35–46; Velicer (1978), the same 38, 953–958.

    Examples
    --------
    >>> found = driver_signs([[1, 0.5, 0.2], [0.5, 1, 0.8], [0.2, 0.8, 1]], 0, (1, 2))
    >>> found.reversed, found.enlarged, found.suppressing
    (array([False,  True]), array([ True,  True]), array([ True,  True]))
    """
    stack = correlation_from(square_stack(corr))
    order = list(predictors)
    inner, r = stack[..., order, :][..., :, order], stack[..., order, outcome]
    inflation = vif(inner)
    usable = np.asarray(np.isfinite(inflation).all(axis=-1, keepdims=True))
    safe = np.where(usable[..., None], inner, np.eye(len(order)))
    beta = np.linalg.solve(safe, r[..., None])[..., 0]
    return DriverSigns(
        np.asarray(usable & (beta * r < 0)),
        np.asarray(usable & (np.abs(beta) > np.abs(r) * (1 + 1e-12))),
        np.asarray(usable & (beta**2 / np.where(usable, inflation, 1.0) > r**2 * (1 + 1e-12))),
    )
