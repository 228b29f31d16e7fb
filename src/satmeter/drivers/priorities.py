"""Importance against performance: where an improvement goes along with most, and where nothing is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from satmeter.drivers.model import DriverRow, PriorityRow
from satmeter.errors import Note
from satmeter.measurement.estimates import estimate
from satmeter.measurement.plain import plain
from satmeter.measurement.quantity import Quantity
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.priority_plane import QUADRANTS, Cut, cut_line, priority_plane
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]


def priority_rows(
    study: Study, resampling: Resampling, outcome: str, importance: Sequence[DriverRow], stack: FloatArray
) -> tuple[list[PriorityRow], list[Note]]:
    """Place the drivers of one outcome in the importance–performance plane.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    outcome
        A construct.
    importance
        The LMG rows of its drivers.
    stack
        shape (b, n_drivers), their LMG figures, the full sample first.

    Returns
    -------
    rows
        One for every construct among the drivers. Performance is the mean score 0–100 of all respondents who have one;
        for a cost it is 100 less the mean score, so that higher is better for every driver. The lines are the means of
        the rows' importance and performance, or what `drivers.cut` says; on a line counts as high. `certain` is False
        when an interval is absent or holds its line. `probability` counts the replicates that put a driver into its
        quadrant, with the importance, performance and lines of each. `n` is the number of respondents in the
        regression.
    notes
        Drivers without a place, costs turned round, too few drivers.
    """
    constructs = study.questionnaire.constructs
    without = ", ".join(r.driver for r in importance if r.driver not in constructs)
    notes = [Note("D120", without, {"outcome": outcome})] if without else []
    placed = [r for r in importance if r.driver in constructs and r.share is not None]
    if len(placed) < 2:
        return [], [*notes, Note("D122", outcome)]
    costs = np.array([constructs[r.driver].role == "cost" for r in placed])
    if costs.any():
        notes.append(Note("D121", ", ".join(r.driver for r, cost in zip(placed, costs, strict=True) if cost)))
    scores = np.array([study.construct_scores[r.driver] for r in placed], dtype=np.float64).T
    quantities = [Quantity((j,), "mean", 0.0, 100.0) for j in range(len(placed))]
    turned = np.where(costs, 100 - scores, scores)
    found = estimate(study, resampling, turned, quantities)
    cut = study.plan.drivers.cut
    importance_line = float(cut_line([r.share or 0.0 for r in placed], cut if isinstance(cut, str) else "mean"))
    performance_line = float(cut_line(found.estimate, cut))
    means = mean_stack(resampling, turned, rows=study.weights > 0)[: len(stack)]
    total = stack.sum(axis=1, keepdims=True)
    columns = [j for j, r in enumerate(importance) if r in placed]
    shares = stack[:, columns] / np.where(total > 0, total, np.nan)
    probability = quadrant_probability(shares, means, cut)
    rows = []
    for j, row in enumerate(placed):
        performance, low, high = (plain(a[j]) for a in (found.estimate, found.conf_low, found.conf_high))
        certain = clear_of(row.share_low, row.share_high, importance_line) and clear_of(low, high, performance_line)
        rows.append(
            PriorityRow(
                outcome=outcome,
                driver=row.driver,
                importance=row.share,
                importance_low=row.share_low,
                importance_high=row.share_high,
                performance=performance,
                performance_low=low,
                performance_high=high,
                importance_line=importance_line,
                performance_line=performance_line,
                quadrant=quadrant(row.share, performance, importance_line, performance_line),
                certain=certain,
                probability=plain(probability[j]),
                n=row.n,
            )
        )
    return rows, notes


def quadrant(
    importance: float | None, performance: float | None, importance_line: float, performance_line: float
) -> str:
    """Name the quadrant of a point; a point on a line counts as high.

    Parameters
    ----------
    importance, performance
        The point.
    importance_line, performance_line
        Where high begins.

    Returns
    -------
    str
        `strength` (优势区), `improve` (修补区), `opportunity` (机会区) or `maintain` (维持区).

    Examples
    --------
    >>> quadrant(0.4, 60.0, 0.25, 70.0), quadrant(0.1, 80.0, 0.25, 70.0)
    ('improve', 'maintain')
    """
    important = importance is not None and importance >= importance_line
    good = performance is not None and performance >= performance_line
    if important:
        return "strength" if good else "improve"
    return "maintain" if good else "opportunity"


def quadrant_probability(importance: FloatArray, performance: FloatArray, cut: Cut) -> FloatArray:
    """Return the share of the replicates that put every driver into its quadrant.

    Parameters
    ----------
    importance, performance
        shape (1 + b, k), the full sample first.
    cut
        `drivers.cut`: a target is one of performance, importance is then parted at its mean.

    Returns
    -------
    array, shape (k,)
        NaN where fewer than two replicates, or fewer than half of them, exist.

    Examples
    --------
    >>> importance = np.array([[0.4, 0.1], [0.3, 0.2], [0.1, 0.4]])
    >>> quadrant_probability(importance, np.array([[60.0, 80.0]] * 3), "mean")
    array([0.5, 0.5])
    """
    if np.isnan(importance[0]).any() or np.isnan(performance[0]).any():
        return np.full(importance.shape[1], np.nan)
    importance_cut: Cut = cut if isinstance(cut, str) else "mean"
    plane = priority_plane(importance, performance, importance_cut=importance_cut, performance_cut=cut)
    own = [QUADRANTS.index(name) for name in plane.quadrant]
    return np.asarray(plane.probability[np.arange(len(own)), own])


def clear_of(low: float | None, high: float | None, line: float) -> bool:
    """Tell whether an interval lies wholly on one side of a line.

    Examples
    --------
    >>> clear_of(0.1, 0.3, 0.4), clear_of(0.1, 0.5, 0.4), clear_of(None, None, 0.4)
    (True, False, False)
    """
    return low is not None and high is not None and (low > line or high < line)
