"""The minimum of the maximum-likelihood discrepancy by damped Fisher scoring, then Newton steps, group by group."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.bordered import Blocks, invert_bordered, least_pivot, solve_bordered
from satmeter.numerics.cfa_build import oriented, start
from satmeter.numerics.cfa_curvature import hessian
from satmeter.numerics.cfa_model import FactorModel, Moments, discrepancy, gradient, information

_GRADIENT = 1e-9
STEPS = 200
_SCORING = 4
_WORTH = 5e5
_DAMPING = 1e-3
_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is made small, as functions of the parameters, shape (q,).

    Attributes
    ----------
    value, slope, curve
        The discrepancy (infinite outside its domain), its gradient (q,) and its second derivative (q, q).
    information
        Expected information of one respondent, (q, q).
    patience
        Scoring steps before Newton steps are taken.
    blocks
        Sets of parameters between which there is no second derivative, as those that belong to one group alone.
    """

    value: Callable[[FloatArray], float]
    slope: Callable[[FloatArray], FloatArray]
    curve: Callable[[FloatArray], FloatArray]
    information: Callable[[FloatArray], FloatArray]
    patience: float
    blocks: Blocks = ()


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
    criterion = Criterion(
        partial(discrepancy, model, moments),
        partial(gradient, model, moments),
        partial(hessian, model, moments),
        partial(information, model, moments),
        _SCORING,
        _group_blocks(model),
    )
    found = descend(criterion, start(model, moments) if begin is None else begin)
    if found is None and begin is not None:
        found = descend(criterion, start(model, moments))
    if found is None:
        raise NumericsError(Problem("N033", params={"steps": STEPS}))
    x, steps = oriented(model, found[0]), found[1]
    p = model.n_items
    count = model.n_groups * (p * (p + 1) // 2 + (p if model.mean_structure else 0))
    covariance = inverse_information(criterion.information(x), count, criterion.blocks)
    return Minimum(x, max(criterion.value(x), 0.0), covariance, steps)


def patience(cost: float) -> float:
    """Return after how many scoring steps Newton steps are worth their cost, in multiplications of one."""
    return _SCORING + cost / _WORTH


def _group_blocks(model: FactorModel) -> Blocks:
    """Return for every group the parameters that stand in this group only; none where there is one group."""
    if model.n_groups == 1:
        return ()
    groups = np.zeros((model.n_groups, model.free.n_parameters), dtype=np.bool_)
    groups[model.free.group, model.free.parameter] = True
    alone = groups & (groups.sum(axis=0) == 1)
    return tuple(np.flatnonzero(row) for row in alone)


def inverse_information(info: FloatArray, n_moments: int, blocks: Blocks = ()) -> FloatArray:
    """Return the inverse of an information matrix.

    Raises
    ------
    NumericsError
        N031 when it is singular: the data do not tell all parameters apart.
    """
    unit = np.sqrt(np.diagonal(info))
    if not (unit > 0).all() or least_pivot(info / unit / unit[:, None], blocks) < _SINGULAR:
        raise NumericsError(Problem("N031", params={"parameters": len(info), "moments": n_moments}))
    return invert_bordered(info, blocks)


def descend(criterion: Criterion, x: FloatArray) -> tuple[FloatArray, int] | None:
    """Search from `x`; return the parameters and the number of steps, None when no minimum is found.

    Where `x` implies no covariance matrix, as estimates of one group may in another, there is nowhere to go from.
    """
    value = criterion.value(x)
    if not np.isfinite(value):
        return None
    damping = 0.0
    for step in range(STEPS):
        slope = criterion.slope(x)
        if np.abs(slope).max() < _GRADIENT:
            return x, step
        move = _move(criterion, x, slope, damping, newton=step >= criterion.patience)
        if move is None:
            damping = max(10 * damping, _DAMPING)
            continue
        new = x + move
        reached = criterion.value(new)
        if reached <= value + 1e-13 * (1 + abs(value)):
            x, value = new, reached
            damping = damping / 10 if damping > _DAMPING / 10 else 0.0
        elif damping > 1e12:
            return None
        else:
            damping = max(10 * damping, _DAMPING)
    return None


def _move(criterion: Criterion, x: FloatArray, slope: FloatArray, damping: float, *, newton: bool) -> FloatArray | None:
    """Return the damped step: with the second derivative where asked and positive definite, else with information."""
    if newton and damping == 0.0:
        with suppress(np.linalg.LinAlgError):
            return -solve_bordered(criterion.curve(x), slope, criterion.blocks, definite=True)
    curve = 2 * criterion.information(x)
    curve[np.diag_indices(len(x))] *= 1 + damping
    try:
        return -solve_bordered(curve, slope, criterion.blocks)
    except np.linalg.LinAlgError:
        return None
