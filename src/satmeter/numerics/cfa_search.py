"""The minimum of the maximum-likelihood discrepancy by damped Fisher scoring, then Newton steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.cfa_build import oriented, start
from satmeter.numerics.cfa_model import FactorModel, Moments, discrepancy, gradient, hessian, information

_GRADIENT = 1e-9
_STEPS = 200
_SCORING = 6
_WORTH = 5e5
_DAMPING = 1e-3
_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the search ended.

    Attributes
    ----------
    x
        shape (q,), parameters.
    discrepancy
        Value of the criterion, not negative.
    covariance
        shape (q, q), inverse of the expected information of one respondent.
    steps
        Number of steps taken.
    """

    x: FloatArray
    discrepancy: float
    covariance: FloatArray
    steps: int


def minimise(model: FactorModel, moments: Moments, begin: FloatArray | None = None) -> Minimum:
    """Search the maximum-likelihood estimates.

    Parameters
    ----------
    model
        The model.
    moments
        Of items in comparable units (variances near 1).
    begin
        shape (q,), where to start; None starts from the first components.

    Returns
    -------
    Minimum
        With every component of the gradient below 1e-9.

    Raises
    ------
    NumericsError
        N033 when no minimum is found, N031 when the information at the minimum is singular: the data do not tell
        all parameters apart.
    """
    found = _search(model, moments, start(model, moments) if begin is None else begin)
    if found is None and begin is not None:
        found = _search(model, moments, start(model, moments))
    if found is None:
        raise NumericsError(Problem("N033", params={"steps": _STEPS}))
    x, steps = oriented(model, found[0]), found[1]
    info = information(model, moments, x)
    unit = np.sqrt(np.diagonal(info))
    if not (unit > 0).all() or _least_pivot(info / unit / unit[:, None]) < _SINGULAR:
        p = model.n_items
        count = model.n_groups * (p * (p + 1) // 2 + (p if model.mean_structure else 0))
        raise NumericsError(Problem("N031", params={"parameters": len(x), "moments": count}))
    return Minimum(
        x, max(discrepancy(model, moments, x), 0.0), np.asarray(np.linalg.inv(info), dtype=np.float64), steps
    )


def _search(model: FactorModel, moments: Moments, x: FloatArray) -> tuple[FloatArray, int] | None:
    value = discrepancy(model, moments, x)
    damping = 0.0
    # scoring is slow to end where the model fits badly; second derivatives cost q·G·p³, so large models wait longer
    patience = _SCORING + len(x) * model.n_groups * model.n_items**3 / _WORTH
    for step in range(_STEPS):
        slope = gradient(model, moments, x)
        if np.abs(slope).max() < _GRADIENT:
            return x, step
        move = _move(model, moments, x, slope, damping, newton=step >= patience)
        if move is None:
            damping = max(10 * damping, _DAMPING)
            continue
        new = x + move
        reached = discrepancy(model, moments, new)
        if reached <= value + 1e-13 * (1 + abs(value)):
            x, value = new, reached
            damping = damping / 10 if damping > _DAMPING / 10 else 0.0
        elif damping > 1e12:
            return None
        else:
            damping = max(10 * damping, _DAMPING)
    return None


def _move(
    model: FactorModel, moments: Moments, x: FloatArray, slope: FloatArray, damping: float, *, newton: bool
) -> FloatArray | None:
    """Return the damped step: with the second derivative where asked and positive definite, else with information."""
    if newton and damping == 0.0:
        curve = hessian(model, moments, x)
        if _least_pivot(curve) > 0:
            return np.asarray(-np.linalg.solve(curve, slope))
    curve = 2 * information(model, moments, x)
    curve[np.diag_indices(len(x))] *= 1 + damping
    try:
        return np.asarray(-np.linalg.solve(curve, slope))
    except np.linalg.LinAlgError:
        return None


def _least_pivot(matrix: FloatArray) -> float:
    """Return the least squared pivot of the Cholesky root; 0 where the matrix is not positive definite."""
    try:
        return float(np.diagonal(np.linalg.cholesky(matrix)).min() ** 2)
    except np.linalg.LinAlgError:
        return 0.0
