"""Newton's method on a concave log-likelihood, for many weightings of the same respondents at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import Curve

LOST_INFORMATION = 1e-4
"""Part of a direction's information below which an estimate is suspected to run off to infinity."""

_LEAST_EACH = 1e-6

_STEPS = 80
_SLACK = 1e-10


@dataclass(frozen=True, eq=False)
class Summit:
    """Where the climbs ended.

    Attributes
    ----------
    parameters
        shape (b, p).
    loglik
        shape (b,).
    weakest
        shape (b,), smallest eigenvalue of the information there.
    converged
        shape (b,).
    """

    parameters: FloatArray
    loglik: FloatArray
    weakest: FloatArray
    converged: BoolArray


def climb(evaluate: Callable[[FloatArray, IntArray], Curve], start: FloatArray, tolerance: float) -> Summit:
    """Go up by Newton steps, halved where the likelihood would fall.

    Parameters
    ----------
    evaluate
        Gives the curve at parameters (m, p) of the climbs numbered (m,).
    start
        shape (b, p).
    tolerance
        A climb ends, after one more step, where the squared step in units of the standard error falls below it.

    Returns
    -------
    Summit

    Examples
    --------
    >>> def hill(at, which):
    ...     return Curve(-((at - 3) ** 2).sum(axis=1), -2 * (at - 3), np.full((len(at), 1, 1), 2.0))
    >>> climb(hill, np.zeros((1, 1)), 1e-9).parameters
    array([[3.]])
    """
    b = len(start)
    place, value = start.copy(), np.full(b, np.nan)
    weakest, converged = np.full(b, np.nan), np.zeros(b, dtype=np.bool_)
    left = np.arange(b)
    curve = evaluate(place, left)
    value[:] = curve.loglik
    step, gain, floor = _newton_step(curve)
    weakest[:] = floor
    size = np.ones(b)
    for _ in range(_STEPS):
        near = gain[left] < tolerance
        done = left[near]
        place[done] += step[done]
        value[done] += gain[done] / 2
        converged[done] = True
        left = left[~near]
        if not len(left):
            break
        trial = place[left] + size[left, None] * step[left]
        curve = evaluate(trial, left)
        better = curve.loglik >= value[left] - _SLACK * np.abs(value[left])
        size[left] = np.where(better, 1.0, size[left] / 2)
        up = left[better]
        place[up], value[up] = trial[better], curve.loglik[better]
        part = Curve(curve.loglik[better], curve.slope[better], curve.information[better])
        step[up], gain[up], weakest[up] = _newton_step(part)
    return Summit(place, value, weakest, converged)


def lost_information(before: float, n: float) -> float:
    """Return the information below which an estimate is suspected to run off to infinity.

    Parameters
    ----------
    before
        Smallest eigenvalue of the information at a place where nothing is infinite.
    n
        Sum of the weights; predictors have standard deviation 1.

    Returns
    -------
    float
        A ten-thousandth of what was there, or where there was nothing a millionth of a respondent's.

    Examples
    --------
    >>> lost_information(50.0, 100.0)
    0.005
    """
    return LOST_INFORMATION * before if before > _LEAST_EACH * n else _LEAST_EACH * n


def _newton_step(curve: Curve) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the step, the squared length of it in standard errors, and the smallest eigenvalue."""
    roots, axes = np.linalg.eigh(curve.information)
    floor = roots[:, 0] if roots.shape[1] else np.ones(len(roots))
    least = 1e-14 * np.maximum(roots[:, -1:], 1.0) if roots.shape[1] else roots
    along = np.einsum("bij,bi->bj", axes, curve.slope)
    move = np.where(roots > least, along / np.maximum(roots, np.maximum(least, 1e-300)), 0.0)
    step = np.einsum("bij,bj->bi", axes, move)
    return step, (along * move).sum(axis=1), floor
