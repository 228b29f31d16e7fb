"""Where to look first: the quadrant of importance and performance."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Figure, Part, Section
from satmeter.report.edition import Edition
from satmeter.report.number_text import percent
from satmeter.report.results import Row, matching
from satmeter.report.sections.conditions import condition_parts
from satmeter.report.sections.driver_names import outcomes_of
from satmeter.report.sections.quadrant_map import Kind, places_text, quadrant_figure, quadrant_table
from satmeter.report.sentences import share


def _line(value: float | None) -> str:
    return percent(value, 1)


SHARES = Kind(share, _line, "share", "axis.importance", "importance", "lines")
"""Importance as share of the explained variance."""


def priorities_section(edition: Edition) -> Section:
    """Return, for every outcome, the quadrant figure, what it says, and its table."""
    words, results, rows = edition.words, edition.results, edition.results.rows("priorities")
    told = ("priorities", "asymmetry", "necessity", "potential")
    notes = tuple(note for section in told for note in results.notes(section))
    if not rows:
        return Section((words["sentence.no_priorities"],), (), notes)
    parts = [
        part
        for outcome in outcomes_of(rows)
        for part in (
            _priority_part(edition, outcome, matching(rows, {"outcome": outcome})),
            *condition_parts(edition, outcome),
        )
    ]
    return Section((), tuple(parts), notes)


def priority_map(edition: Edition, outcome: str) -> Figure | None:
    """Return the map of importance and performance for one outcome; None where there is none."""
    rows = matching(edition.results.rows("priorities"), {"outcome": outcome})
    return _map(edition, outcome, rows) if rows else None


def _map(edition: Edition, outcome: str, rows: Sequence[Row]) -> Figure | None:
    caption = edition.caption("priorities", "outcome", edition.results.label(outcome))
    return quadrant_figure(edition, f"priorities-{outcome}", caption, rows, SHARES)


def _priority_part(edition: Edition, outcome: str, rows: Sequence[Row]) -> Part:
    label = edition.results.label(outcome)
    listed = edition.caption("priority_table", "outcome", label)
    return Part(
        edition.words.fill("heading.priorities_for", {"outcome": label}),
        (places_text(edition, rows, SHARES),),
        figure=_map(edition, outcome, rows),
        tables=(quadrant_table(edition, listed, rows, SHARES),),
    )
