"""Importance against performance: where an improvement goes along with most, and where nothing is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from satmeter.drivers.model import DriverRow, PriorityRow
from satmeter.errors import Note
from satmeter.measurement.estimates import Quantity, estimate
from satmeter.measurement.plain import plain
from satmeter.moments import Resampling
from satmeter.numerics.priority_plane import cut_line
from satmeter.study.model import Study


def priority_rows(
    study: Study, resampling: Resampling, outcome: str, importance: Sequence[DriverRow]
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

    Returns
    -------
    rows
        One for every construct among the drivers. Performance is the mean score 0–100 of all respondents who have one;
        for a cost it is 100 less the mean score, so that higher is better for every driver. The lines are the means of
        the rows' importance and performance, or what `drivers.cut` says; on a line counts as high. `certain` is False
        when an interval is absent or holds its line. `n` is the number of respondents in the regression.
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
    found = estimate(study, resampling, np.where(costs, 100 - scores, scores), quantities)
    cut = study.plan.drivers.cut
    importance_line = float(cut_line([r.share or 0.0 for r in placed], cut if isinstance(cut, str) else "mean"))
    performance_line = float(cut_line(found.estimate, cut))
    rows = []
    for j, row in enumerate(placed):
        performance, low, high = (plain(a[j]) for a in (found.estimate, found.conf_low, found.conf_high))
        certain = _clear(row.share_low, row.share_high, importance_line) and _clear(low, high, performance_line)
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


def _clear(low: float | None, high: float | None, line: float) -> bool:
    """Tell whether an interval lies wholly on one side of a line."""
    return low is not None and high is not None and (low > line or high < line)
