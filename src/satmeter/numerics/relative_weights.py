"""Johnson's relative weights: importance for any number of drivers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import TOLERANCE, FloatArray, correlation_from, square_stack
from satmeter.numerics.importance_subsets import check_groups
from satmeter.numerics.regression import check_independence


def relative_weights(cov: npt.ArrayLike, outcome: int, predictors: tuple[int, ...]) -> FloatArray:
    """Share R² out through the uncorrelated variables that are nearest to the drivers.

    Parameters
    ----------
    cov
        shape (..., p, p). Index 0 of the leading axes is the full sample.
    outcome
        Column number of the outcome.
    predictors
        Column numbers, one a driver. The dummies of a categorical driver have no place here: their weights depend on
        which category is the reference.

    Returns
    -------
    array, shape (..., k)
        In units of R², which they sum to; not negative. In a replicate a column that is constant adds nothing;
        where the outcome is constant everything is NaN.

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear columns in the full sample; N010 for column numbers that repeat.

    Notes
    -----
    Johnson (2000), Multivariate Behavioral Research 35, 1–19: with Λ the symmetric square root of the drivers'
    correlation matrix, the weights are Λ² (elementwise) times (Λ⁻¹r)². Near LMG as a rule, with no theory that says so;
    the cost grows with k³ instead of 2^k.

    Examples
    --------
    >>> relative_weights([[1.0, 0.3, 0.4], [0.3, 1.0, 0.0], [0.4, 0.0, 1.0]], 0, (1, 2)).round(4)
    array([0.09, 0.16])
    """
    stack = square_stack(cov)
    check_groups(tuple((column,) for column in predictors), outcome, stack.shape[-1])
    check_independence(stack, outcome, predictors)
    order = [*predictors, outcome]
    corr = correlation_from(stack[..., order, :][..., :, order]).reshape(-1, len(order), len(order))
    found = np.full((len(corr), len(predictors)), np.nan)
    usable = ~np.isnan(corr[:, -1, -1])
    kept = np.where(np.isnan(corr[usable]), 0.0, corr[usable])
    inner = kept[:, :-1, :-1]
    diagonal = np.arange(len(predictors))
    inner[:, diagonal, diagonal] = 1.0
    value, vector = np.linalg.eigh(inner)
    root = np.sqrt(np.maximum(value, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=value > TOLERANCE)
    turned = vector.transpose(0, 2, 1) @ kept[:, :-1, -1:]
    beta = vector @ (inverse[:, :, None] * turned)
    loading = (vector * root[:, None, :]) @ vector.transpose(0, 2, 1)
    found[usable] = (loading**2 @ beta**2)[:, :, 0]
    return found.reshape(*stack.shape[:-2], len(predictors))
