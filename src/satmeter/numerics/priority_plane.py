"""The importance–performance plane: quadrants with their certainty, and what closing a gap would go along with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, check_conf_level
from satmeter.numerics.intervals import percentile_interval, replicate_se

Cut = Literal["mean", "median"] | float

QUADRANTS = ("strength", "improve", "opportunity", "maintain")
"""High importance with high and low performance, low importance with low and high performance."""


@dataclass(frozen=True, slots=True)
class PriorityPlane:
    """Places of drivers in the plane.

    Attributes
    ----------
    importance_line, performance_line
        Where high begins, in the full sample.
    quadrant
        Name of the quadrant of every driver in the full sample, of `QUADRANTS`; a point on a line counts as high.
    probability
        shape (k, 4): share of the replicates in which a driver is in every quadrant, in the order of `QUADRANTS`.
    certain
        shape (k,): whether that share is at least the level for its own quadrant.
    """

    importance_line: float
    performance_line: float
    quadrant: tuple[str, ...]
    probability: FloatArray
    certain: BoolArray


@dataclass(frozen=True, slots=True)
class GapGain:
    """Points of the outcome that go along with closing gaps.

    Attributes
    ----------
    gap
        shape (k,): best less mean, not below 0.
    estimate
        shape (k,): coefficient times gap.
    std_error, conf_low, conf_high
        shape (k,), from the replicates.
    """

    gap: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray


def cut_line(values: npt.ArrayLike, cut: Cut) -> FloatArray:
    """Return the line that parts high from low.

    Parameters
    ----------
    values
        shape (..., k), one value a driver.
    cut
        ``mean`` or ``median`` of the drivers, or a target, which is the same in every replicate.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    NumericsError
        N010 for another word.

    Examples
    --------
    >>> cut_line([[1.0, 2.0, 6.0]], "mean"), cut_line([[1.0, 2.0, 6.0]], 4.0)
    (array([3.]), array([4.]))
    """
    table = np.asarray(values, dtype=np.float64)
    if cut == "mean":
        return np.asarray(table.mean(axis=-1), dtype=np.float64)
    if cut == "median":
        return np.asarray(np.median(table, axis=-1), dtype=np.float64)
    if isinstance(cut, str):
        raise NumericsError(Problem("N010", got=cut, params={"expected": "mean, median, 0.0 …"}))
    return np.full(table.shape[:-1], float(cut))


def priority_plane(
    importance: npt.ArrayLike,
    performance: npt.ArrayLike,
    *,
    importance_cut: Cut = "mean",
    performance_cut: Cut = "mean",
    conf_level: float = 0.95,
) -> PriorityPlane:
    """Place drivers by importance and performance, and count how often the replicates agree.

    Parameters
    ----------
    importance, performance
        shape (1 + B, k), the full sample first, row by row of the same replicates, so that what moves together is
        judged together. Higher performance is better; costs are turned round before.
    importance_cut, performance_cut
        As for `cut_line`. A mean or median moves with the drivers of every replicate.
    conf_level
        Share of the replicates from which a quadrant is certain.

    Returns
    -------
    PriorityPlane
        Replicates with NaN are left out; where fewer than half are left, or fewer than two, probabilities are NaN and
        nothing is certain.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1); N010 for shapes that do not agree or NaN in the full sample.

    Notes
    -----
    Martilla and James (1977), Journal of Marketing 41, 77–79. Two intervals that miss their lines are neither needed
    nor enough for certainty at the level: the share of replicates is of both axes and both lines at once.

    Examples
    --------
    >>> plane = priority_plane([[0.4, 0.1]] * 5, [[60.0, 80.0]] * 4 + [[80.0, 60.0]], performance_cut=70)
    >>> plane.quadrant, plane.probability[0].tolist()
    (('improve', 'maintain'), [0.25, 0.75, 0.0, 0.0])
    """
    level = check_conf_level(conf_level)
    x, y = np.asarray(importance, dtype=np.float64), np.asarray(performance, dtype=np.float64)
    if x.ndim != 2 or x.shape != y.shape or 0 in x.shape or np.isnan(x[0]).any() or np.isnan(y[0]).any():
        raise NumericsError(Problem("N010", got=f"{x.shape}, {y.shape}", params={"expected": "(1 + B, k)"}))
    usable: BoolArray = ~np.isnan(np.concatenate([x, y], axis=1)).any(axis=1)
    lines = cut_line(x, importance_cut), cut_line(y, performance_cut)
    important: BoolArray = np.asarray(x >= lines[0][:, None])
    good: BoolArray = np.asarray(y >= lines[1][:, None])
    place = np.where(important, np.where(good, 0, 1), np.where(good, 3, 2))
    replicates = place[1:][usable[1:]]
    if len(replicates) < 2 or 2 * len(replicates) < len(x) - 1:
        probability = np.full((x.shape[1], 4), np.nan)
    else:
        probability = (replicates[:, :, None] == np.arange(4)).mean(axis=0)
    own = np.take_along_axis(probability, place[0][:, None], axis=1)[:, 0]
    return PriorityPlane(
        float(lines[0][0]),
        float(lines[1][0]),
        tuple(QUADRANTS[q] for q in place[0]),
        np.asarray(probability, dtype=np.float64),
        np.asarray(own >= level),
    )


def gap_gain(
    b: npt.ArrayLike,
    b_replicates: npt.ArrayLike,
    mean: npt.ArrayLike,
    best: npt.ArrayLike,
    *,
    mean_replicates: npt.ArrayLike | None = None,
    best_replicates: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
) -> GapGain:
    """Return the points of the outcome that go along with bringing every driver to its best group's level.

    Parameters
    ----------
    b
        shape (k,), points of outcome that go with one point of the driver (a coefficient or a total effect).
    b_replicates
        shape (B, k).
    mean, best
        shape (k,), mean of the driver, and of the group in which it is highest.
    mean_replicates, best_replicates
        shape (B, k), of the same replicates; the best group stays the one of the full sample. None takes the level as a
        fixed target.
    conf_level
        Level of the percentile intervals, in (0, 1).

    Returns
    -------
    GapGain
        b · max(best − mean, 0). An association: nothing says that a driver that is raised raises the outcome. The best
        of several small groups looks better than it is; its replicates widen the interval, but do not take that off.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1); N010 for shapes that do not agree.

    Examples
    --------
    >>> found = gap_gain([0.5], [[0.4], [0.5], [0.6]], [70.0], [80.0])
    >>> found.estimate.tolist(), found.gap.tolist()
    ([5.0], [10.0])
    """
    centre, at, goal = (np.asarray(a, dtype=np.float64) for a in (b, mean, best))
    table = np.asarray(b_replicates, dtype=np.float64)
    moved = [
        np.asarray(level if replicates is None else replicates, dtype=np.float64)
        for level, replicates in ((at, mean_replicates), (goal, best_replicates))
    ]
    shapes = {centre.shape, at.shape, goal.shape, table.shape[1:], *(a.shape[-1:] for a in moved)}
    if len(shapes) != 1 or centre.ndim != 1 or any(a.ndim == 2 and len(a) != len(table) for a in moved):
        raise NumericsError(Problem("N010", got=str(sorted(shapes)), params={"expected": "(k,), (B, k)"}))
    gap = np.maximum(goal - at, 0.0)
    gains = table * np.maximum(moved[1] - moved[0], 0.0)
    low, high = percentile_interval(gains, conf_level)
    return GapGain(gap, centre * gap, replicate_se(gains), low, high)
