"""Where to look first: the quadrant of importance and performance."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.plots import QuadrantPlot, QuadrantPoint
from satmeter.report.results import Row, matching
from satmeter.report.sections.conditions import condition_parts
from satmeter.report.sections.driver_names import outcomes_of, placed_label
from satmeter.report.sentences import points, quadrant_sentence, share

LEAST_DRIVERS = 3
"""Fewer drivers make no map: their lines are means, which part two drivers whatever they are."""

QUADRANTS = ("strength", "improve", "opportunity", "maintain")


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


def _priority_part(edition: Edition, outcome: str, rows: Sequence[Row]) -> Part:
    words = edition.words
    label = edition.results.label(outcome)
    uncertain = [placed_label(edition, str(row["driver"])) for row in rows if not row.get("certain")]
    certain = {
        quadrant: [
            placed_label(edition, str(r["driver"])) for r in rows if r.get("certain") and r["quadrant"] == quadrant
        ]
        for quadrant in QUADRANTS
    }
    lines = {
        "performance": decimal(rows[0].get("performance_line"), 1),
        "importance": percent(rows[0].get("importance_line"), 1),
    }
    few = len(rows) < LEAST_DRIVERS
    placed = words["sentence.too_few_to_map"] if few else quadrant_sentence(words, certain, uncertain)
    sentences = [placed, words.fill("sentence.lines", lines)]
    figure = None if few else _quadrant_figure(edition, outcome, rows)
    title = words.fill("heading.priorities_for", {"outcome": label})
    return Part(title, (words.paragraph(sentences),), figure=figure, tables=(_priority_table(edition, outcome, rows),))


def priority_estimates(edition: Edition, row: Row) -> tuple[Estimate, Estimate]:
    """Return performance (points) and importance (share) of one driver; a cost comes turned round and says so."""
    label, n = placed_label(edition, str(row["driver"])), int(row.get("n") or 0)
    performance = Estimate(label, row.get("performance"), row.get("performance_low"), row.get("performance_high"), n)
    importance = Estimate(label, row.get("importance"), row.get("importance_low"), row.get("importance_high"), n)
    return performance, importance


def _place(edition: Edition, row: Row) -> str:
    if not row.get("certain"):
        return edition.words["mark.uncertain"]
    return edition.words.name("quadrant", str(row["quadrant"]))


def crossing(edition: Edition, row: Row) -> str:
    """Return which interval holds its dividing line: `score`, `importance` or `both`; empty where none does."""
    performance, importance = priority_estimates(edition, row)
    score = settled(performance, row.get("performance_line"))
    weight = settled(importance, row.get("importance_line"))
    return {(True, True): "", (False, True): "score", (True, False): "importance"}.get((score, weight), "both")


def settled(value: Estimate, line: float | None) -> bool:
    """Tell whether an interval lies wholly on one side of a line.

    Examples
    --------
    >>> settled(Estimate("Price", 61.5, 58.9, 64.1), 70.3), settled(Estimate("Price", 61.5), 70.3)
    (True, False)
    """
    return line is not None and value.low is not None and value.high is not None and not value.low <= line <= value.high


def _quadrant_figure(edition: Edition, outcome: str, rows: Sequence[Row]) -> Figure | None:
    words = edition.words
    complete = [row for row in rows if row.get("performance") is not None and row.get("importance") is not None]
    if not complete or rows[0].get("performance_line") is None or rows[0].get("importance_line") is None:
        return None
    drawn, told = [], []
    for row in complete:
        performance, importance = priority_estimates(edition, row)
        drawn.append(QuadrantPoint(performance.label, performance, importance, bool(row.get("certain"))))
        fields = {"label": performance.label, "score": points(performance), "share": share(importance)}
        told.append(words.fill("sentence.point_alt", fields | {"place": _place(edition, row)}))
    plot = QuadrantPlot(
        points=tuple(drawn),
        performance_line=float(rows[0]["performance_line"]),
        importance_line=float(rows[0]["importance_line"]),
        x_axis=words["axis.performance"],
        y_axis=words["axis.importance"],
        quadrants=tuple(words[f"quadrant.{q}"] for q in ("improve", "strength", "opportunity", "maintain")),  # type: ignore[arg-type]
        uncertain_word=words["mark.uncertain"],
        certain_word=words["mark.certain"],
    )
    caption = edition.caption("priorities", "outcome", edition.results.label(outcome))
    return edition.figure(
        f"priorities-{outcome}", caption, words["list.semicolon"].join(told) + words["list.stop"], plot
    )


def _priority_table(edition: Edition, outcome: str, rows: Sequence[Row]) -> Table:
    words = edition.words
    columns = (
        Column(words["column.driver"]),
        Column(words["column.quadrant"]),
        Column(words["column.certain"]),
        Column(words["column.performance"], "right"),
        Column(words["column.importance"], "right"),
        Column(words["column.n"], "right"),
    )
    cells = []
    for row in sorted(rows, key=lambda r: -(r.get("importance") or 0.0)):
        performance, importance = priority_estimates(edition, row)
        cells.append(
            (
                performance.label,
                words.name("quadrant", str(row["quadrant"])),
                words[f"mark.open_{open_end}"] if (open_end := crossing(edition, row)) else words["mark.yes"],
                points(performance),
                share(importance),
                count(row.get("n")),
            )
        )
    caption = edition.caption("priority_table", "outcome", edition.results.label(outcome))
    return Table(caption, columns, tuple(cells))
