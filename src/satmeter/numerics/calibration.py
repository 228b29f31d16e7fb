"""Calibration of weights: the smallest change of the base weights that gives known totals, for many samples at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray

Distance = Literal["linear", "raking", "logit"]

STEPS = 100
_GAP = 1e-12
_HALVINGS = 40
_FLAT = 1e-4  # part of its slope that a row at a bound keeps: where all are at theirs, there must be a way back
_CHUNK_NUMBERS = 8_000_000


@dataclass(frozen=True, slots=True)
class Calibration:
    """Factors on the base weights.

    Attributes
    ----------
    factors
        shape (..., n), g: the calibrated weight is the base weight times g.
    converged
        shape (...), whether every total is met.
    gap
        shape (...), largest difference between a total and its target, relative to the target's size.
    steps
        Newton steps taken.
    """

    factors: FloatArray
    converged: BoolArray
    gap: FloatArray
    steps: int


def calibrate(
    columns: npt.ArrayLike,
    weights: npt.ArrayLike,
    totals: npt.ArrayLike,
    *,
    distance: Distance = "raking",
    bounds: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
) -> Calibration:
    """Find factors g with Σ d g x = totals that change the base weights d least.

    Parameters
    ----------
    columns
        shape (n, q), auxiliary variables of every row (or of every cell of equal rows). Columns that follow from
        others, such as the last category of a second margin, are allowed.
    weights
        shape (..., n), base weights d, not negative; leading axes are replicates.
    totals
        shape (q,), what Σ d g x must be.
    distance
        ``linear``: g = 1 + u, least squares (post-stratification where the columns are cells); ``raking``: g = exp(u);
        ``logit``: g stays within `bounds`, smoothly.
    bounds
        Least and largest g, each a number or shape (n,), low < 1 < high in most uses; linear and raking factors are cut
        off there. ``logit`` needs them, below and above 1.

    Returns
    -------
    Calibration
        A sample whose totals cannot be met has `converged` False; its factors are of the last step.

    Raises
    ------
    NumericsError
        N008 negative weights, N010 shapes, N100 totals that contradict each other, N101 bounds.

    Notes
    -----
    Deville and Särndal (1992) JASA 87, 376–382, cases 1, 2 and 6, solved by Newton's method for u = xᵀλ. Equal to
    ``survey::calibrate(calfun = …)`` (tests/reference/calibration.json).

    Examples
    --------
    >>> found = calibrate([[1, 1], [1, 0], [1, 0]], [1.0, 1.0, 1.0], [3.0, 2.0])
    >>> found.factors.round(6), bool(found.converged)
    (array([2. , 0.5, 0.5]), True)
    """
    x, d, aims = (np.asarray(a, dtype=np.float64) for a in (columns, weights, totals))
    if x.ndim != 2 or d.shape[-1:] != x.shape[:1] or aims.shape != x.shape[1:]:
        got = f"{x.shape}, {d.shape}, {aims.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(n, q), (..., n), (q,)"}))
    if not np.isfinite(d).all() or (d < 0).any():
        raise NumericsError(Problem("N008"))
    low, high = _bounds(bounds, distance, len(x))
    x, aims = _independent(x, aims)
    flat = d.reshape(-1, d.shape[-1])
    factors = np.ones_like(flat)
    gap = np.full(len(flat), np.inf)
    steps = 0
    link = _Link(distance, low, high)
    width = max(1, _CHUNK_NUMBERS // max(1, flat.shape[1]))
    for start in range(0, len(flat), width):
        part = slice(start, start + width)
        factors[part], gap[part], taken = _solve(x, flat[part], aims, link)
        steps = max(steps, taken)
    shape = d.shape[:-1]
    return Calibration(factors.reshape(d.shape), (gap < _GAP * 10).reshape(shape), gap.reshape(shape), steps)


@dataclass(frozen=True, slots=True)
class _Link:
    """g as a function of u, the slope that Newton steps use, and the integral of g, whose sum is made least."""

    distance: Distance
    low: FloatArray
    high: FloatArray

    def __call__(self, u: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        low, high = self.low, self.high
        if self.distance == "logit":
            rate = (high - low) / ((1 - low) * (high - 1))
            grown = np.exp(np.clip(rate * u, -700, 700))
            below = (high - 1) + (1 - low) * grown
            g = (low * (high - 1) + high * (1 - low) * grown) / below
            return g, (g - low) * (high - g) * rate / (high - low), low * u + (high - low) / rate * np.log(below)
        linear = self.distance == "linear"
        free = 1 + u if linear else np.exp(np.clip(u, -700, 700))
        g = np.clip(free, low, high)
        slope = np.ones_like(u) if linear else np.abs(g)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            edge = g - 1 if linear else np.log(g)  # the u that g belongs to
            beyond = np.where(free == g, 0.0, g * (u - edge))
        area = (g**2 / 2 if linear else g) + beyond
        return g, np.where((free > low) & (free < high), slope, _FLAT * slope), area


def _bounds(
    bounds: tuple[npt.ArrayLike, npt.ArrayLike] | None, distance: Distance, n: int
) -> tuple[FloatArray, FloatArray]:
    given = (-np.inf, np.inf) if bounds is None else bounds
    low, high = (np.broadcast_to(np.asarray(side, dtype=np.float64), (n,)) for side in given)
    closed = np.isfinite(low).all() and np.isfinite(high).all() and (low < 1).all() and (high > 1).all()
    if not (low < high).all() or (distance == "logit" and not closed):
        raise NumericsError(Problem("N101", got=f"{low.max()} … {high.min()}"))
    return low, high


def _independent(x: FloatArray, aims: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return columns, scaled, that do not follow from each other, with their totals.

    Raises
    ------
    NumericsError
        N100, when a column that follows from others has a total that does not.
    """
    from scipy.linalg import qr  # a tenth of a second that studies without margins need not wait for

    size = np.abs(x).max(axis=0, initial=0.0)
    scale = np.where(size > 0, size, 1.0)
    x, aims = x / scale, aims / scale
    triangle, order = qr(x, mode="r", pivoting=True)[0:2]
    diagonal = np.abs(np.diagonal(triangle))
    rank = int((diagonal > 1e-9 * max(diagonal.max(initial=0.0), 1e-300)).sum())
    kept, left = order[:rank], order[rank:]
    if len(left):
        mix = np.linalg.solve(triangle[:rank, :rank], triangle[:rank, rank:])
        gap = np.abs(aims[kept] @ mix - aims[left])
        if (gap > 1e-8 * (np.abs(aims).max() + 1e-300)).any():
            raise NumericsError(Problem("N100", got=str(int(left[gap.argmax()])), params={"gap": f"{gap.max():.6g}"}))
    return x[:, kept], aims[kept]


@dataclass(slots=True)
class _State:
    """Where the search for each sample stands."""

    place: FloatArray
    g: FloatArray
    slope: FloatArray
    miss: FloatArray
    gap: FloatArray
    value: FloatArray

    def take(self, rows: npt.NDArray[np.intp], other: _State, chosen: BoolArray) -> None:
        """Put the chosen rows of another state in the place of these rows."""
        for name in ("place", "g", "slope", "miss", "gap", "value"):
            getattr(self, name)[rows] = getattr(other, name)[chosen]


@dataclass(frozen=True, slots=True)
class _Problem:
    """Columns, totals and link of all samples."""

    x: FloatArray
    aims: FloatArray
    size: FloatArray
    link: _Link

    def at(self, place: FloatArray, d: FloatArray) -> _State:
        """Return the state at multipliers `place` for base weights `d`."""
        g, slope, area = self.link(place @ self.x.T)
        miss = (d * g) @ self.x - self.aims
        gap = np.abs(miss / self.size).max(axis=1, initial=0.0)
        return _State(place, g, slope, miss, gap, (d * area).sum(axis=1) - place @ self.aims)


def _solve(x: FloatArray, d: FloatArray, aims: FloatArray, link: _Link) -> tuple[FloatArray, FloatArray, int]:
    q = x.shape[1]
    curvature = _curvature(x, len(d))
    size = np.maximum(np.abs(aims), (d @ np.abs(x)).max(axis=0, initial=0.0) * 1e-3 + 1e-300)
    problem = _Problem(x, aims, size, link)
    state = problem.at(np.zeros((len(d), q)), d)
    steps = 0
    while steps < STEPS:
        rows = np.flatnonzero(state.gap > _GAP)
        if not len(rows):
            break
        curve = curvature(d[rows] * state.slope[rows])
        move = (np.linalg.pinv(curve, rcond=1e-12, hermitian=True) @ state.miss[rows, :, None])[..., 0]
        steps += 1
        if not _advance(problem, d, state, rows, move):
            break
    return state.g, state.gap, steps


def _curvature(x: FloatArray, samples: int) -> Callable[[FloatArray], FloatArray]:
    """Return what sums x xᵀ under weights of shape (samples, n); for many samples from products formed once."""
    if samples == 1:
        return lambda mass: ((x * mass[0][:, None]).T @ x)[None]
    q = x.shape[1]
    first, second = np.triu_indices(q)
    products = x[:, first] * x[:, second]
    place = np.empty((q, q), dtype=np.int64)
    place[first, second] = place[second, first] = np.arange(len(first))
    return lambda mass: (mass @ products)[:, place.ravel()].reshape(-1, q, q)


def _advance(problem: _Problem, d: FloatArray, state: _State, rows: npt.NDArray[np.intp], move: FloatArray) -> bool:
    """Take the step, halved where the convex sum does not fall; return whether any sample moved.

    Where rounding hides how the sum falls, the misses of the totals decide.
    """
    share, moved = 1.0, False
    promise = (move * state.miss[rows]).sum(axis=1)
    seen = promise > 1e-11 * np.abs(state.value[rows])
    for _ in range(_HALVINGS):
        trial = problem.at(state.place[rows] - share * move, d[rows])
        falls = trial.value <= state.value[rows] - 1e-4 * share * promise
        better = np.where(seen, falls, trial.gap < state.gap[rows])
        state.take(rows[better], trial, better)
        moved = moved or bool(better.any())
        rows, move, promise, seen = rows[~better], move[~better], promise[~better], seen[~better]
        if not len(rows):
            break
        share /= 2
    return moved
