"""Funnel plots: which units lie further from the common score than chance would take them with their base."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal
from satmeter.report.results import Row, estimate, matching
from satmeter.report.unit_plots import ControlPlot, ControlPoint

LEAST_UNITS = 6
INNER, OUTER = 1.959964, 3.090232
"""Normal quantiles of 95 % and 99.8 % (Spiegelhalter 2005)."""

Side = Literal["above", "below", ""]


def control_parts(edition: Edition, question: str, measure: str) -> tuple[Part, ...]:
    """Return the funnel plot of ranked units with what it says; nothing for fewer than six, or without errors."""
    wanted = {"group_by": question, "measure": measure, "statistic": "mean_score"}
    rows = [row for row in matching(edition.results.rows("ranks"), wanted) if _complete(row)]
    centre = _centre(edition, measure)
    if len(rows) < LEAST_UNITS or centre is None or not edition.figures:
        return ()
    words, results = edition.words, edition.results
    spread = _spread(rows)
    points = tuple(
        ControlPoint(estimate(row, results.option(question, str(row["unit"]))), _side(row, centre, spread))
        for row in rows
    )
    beyond = [point.score.label for point in points if point.side]
    told = words.fill("control.outside", {"names": words.join(beyond)}) if beyond else words["control.none"]
    fields = {
        "measure": results.label(measure),
        "question": results.label(question),
        "centre": decimal(centre, 1),
    }
    limits = ((INNER, words["control.inner"]), (OUTER, words["control.outer"]))
    plot = ControlPlot(points, centre, spread, limits, words["control.x_axis"])
    names = {"names": words.join(beyond) or words["control.nobody"], "n": count(len(points) - len(beyond))}
    name = f"control-{question}-{measure}"
    figure = edition.figure(name, words.fill("control.caption", fields), words.fill("control.alt", names), plot)
    return (Part(paragraphs=(words.paragraph((told, words["control.reading"])),), figure=figure),)


def _complete(row: Row) -> bool:
    """Tell whether chance has a part in a unit's score: it has none where everybody was asked."""
    return row.get("estimate") is not None and bool(row.get("std_error")) and bool(row.get("n"))


def _centre(edition: Edition, measure: str) -> float | None:
    """Return the common score of all respondents."""
    wanted = {"measure": measure, "statistic": "mean_score", "group_by": "", "group": ""}
    found = matching(edition.results.rows("scores"), wanted)
    return found[0].get("estimate") if found else None


def _spread(rows: Sequence[Row]) -> float:
    """Return the standard deviation of one answer within units, from their standard errors: the design is in it."""
    total = sum(int(row["n"]) for row in rows)
    return math.sqrt(sum(int(row["n"]) * int(row["n"]) * row["std_error"] ** 2 for row in rows) / total)


def _side(row: Row, centre: float, spread: float) -> Side:
    away = (row["estimate"] - centre) / (spread / math.sqrt(row["n"]))
    return "above" if away > OUTER else "below" if away < -OUTER else ""
