"""Respondents that move a regression: leverage, studentised residuals, Cook's distance, DFFITS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, checked_weights
from satmeter.numerics.regression import check_independence


@dataclass(frozen=True, slots=True)
class Influence:
    """Influence of every row; arrays have shape (n,), NaN where a row has leverage 1 or weight 0.

    Attributes
    ----------
    leverage
        Hat value, 0–1; they sum to k + 1.
    standardised, studentised
        Residual over its standard error, with the row and without it.
    cooks_distance
        How far all coefficients move without the row.
    dffits
        How far the row's own prediction moves, in standard errors.
    notable
        Whether Cook's distance is beyond 4/n: rows to look at, not to delete.
    """

    leverage: FloatArray
    standardised: FloatArray
    studentised: FloatArray
    cooks_distance: FloatArray
    dffits: FloatArray
    notable: BoolArray


def influence(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Influence:
    """Return the influence of every row on a regression.

    Parameters
    ----------
    x
        shape (n, k), predictors without a column of ones; the intercept is added.
    y
        shape (n,). Neither may hold missing values.
    weights
        shape (n,), on any scale; None means equal.

    Returns
    -------
    Influence

    Raises
    ------
    NumericsError
        N004, N005 for constant or collinear predictors, N006 for fewer than k + 3 rows, N008 for bad weights, N009 for
        missing values.

    Notes
    -----
    Belsley, Kuh and Welsch (1980), 2; Cook (1977), Technometrics 19, 15–18. With weights as R's ``influence.measures``
    of a weighted ``lm``: residuals times √w.

    Examples
    --------
    >>> found = influence([[0.0], [1.0], [2.0], [3.0], [10.0]], [0.0, 1.0, 2.0, 2.0, 0.0])
    >>> found.leverage.round(3), found.notable
    (array([0.363, 0.277, 0.223, 0.201, 0.936]), array([False, False, False, False,  True]))
    """
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n, k = predictors.shape
    w = checked_weights(weights, n)
    if np.isnan(predictors).any() or np.isnan(outcome).any():
        raise NumericsError(Problem("N009"))
    used = int((w > 0).sum())
    if used < k + 3:
        raise NumericsError(Problem("N006", got=str(used), params={"minimum": k + 3}))
    centre = w @ predictors / w.sum()
    gap = predictors - centre
    spread = (gap * w[:, None]).T @ gap
    check_independence(np.pad(spread, ((0, 1), (0, 1)), constant_values=1.0), k, tuple(range(k)))
    # centred columns keep the sums of squares well conditioned
    slopes = np.linalg.solve(spread, gap.T @ (w * outcome))
    residual = np.sqrt(w) * (outcome - w @ outcome / w.sum() - gap @ slopes)
    leverage = w / w.sum() + w * np.einsum("ij,ij->i", gap, np.linalg.solve(spread, gap.T).T)
    free = np.where((leverage < 1 - 1e-9) & (w > 0), 1 - leverage, np.nan)
    df = used - k - 1
    variance = residual @ residual / df
    without = (df * variance - residual**2 / free) / (df - 1)
    standardised = residual / np.sqrt(variance * free)
    studentised = residual / np.sqrt(np.where(without > 0, without, np.nan) * free)
    cooks = standardised**2 * leverage / free / (k + 1)
    return Influence(
        leverage, standardised, studentised, cooks, studentised * np.sqrt(leverage / free), np.asarray(cooks > 4 / used)
    )
