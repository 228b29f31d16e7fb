"""Importance and performance along the paths: points of the outcome over all routes, against the score."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Figure, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count, decimal
from satmeter.report.plots import QuadrantPlot, QuadrantPoint
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, item_label, ranged
from satmeter.report.sections.driver_names import outcomes_of, placed_label
from satmeter.report.sections.priorities import LEAST_DRIVERS, QUADRANTS
from satmeter.report.sentences import points, quadrant_sentence

MOST_ITEMS = 10


def map_part(edition: Edition) -> Part:
    """Return the map for the construct of the index, else for the first outcome; an empty part without rows."""
    words, results = edition.words, edition.results
    rows = results.rows("path_importance")
    outcomes = outcomes_of(rows)
    index = str(results.study.get("index_construct") or "")
    outcome = index if index in outcomes else next(iter(outcomes), "")
    own = [r for r in matching(rows, {"outcome": outcome}) if r.get("importance") is not None]
    own = [row for row in own if row.get("performance") is not None]
    constructs = [row for row in own if not row["item"]]
    if not constructs:
        return Part()
    fields = {"outcome": results.label(outcome)}
    few = len(constructs) < LEAST_DRIVERS
    lines = {
        "performance": decimal(constructs[0].get("performance_line"), 1),
        "importance": decimal(constructs[0].get("importance_line"), 2),
    }
    placed = words["sentence.too_few_to_map"] if few else _placed_sentence(edition, constructs)
    told = words.paragraph(
        [words.fill("sentence.path_importance", fields), placed, words.fill("sentence.path_lines", lines)]
    )
    figure = None if few else _figure(edition, outcome, constructs)
    tables = [_table(edition, constructs, fields)]
    if items := [row for row in own if row["item"]]:
        tables.append(_item_table(edition, items, fields))
    return Part(words.fill("heading.path_map", fields), (told,), figure=figure, tables=tuple(tables))


def _placed_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    names = {str(row["driver"]): placed_label(edition, str(row["driver"])) for row in rows}
    certain = {
        quadrant: [names[str(r["driver"])] for r in rows if r.get("certain") and r["quadrant"] == quadrant]
        for quadrant in QUADRANTS
    }
    return quadrant_sentence(
        edition.words, certain, [names[str(row["driver"])] for row in rows if not row.get("certain")]
    )


def _estimates(edition: Edition, row: Row) -> tuple[Estimate, Estimate]:
    """Return performance (points 0–100) and importance (points of the outcome per point)."""
    label, n = placed_label(edition, str(row["driver"])), int(row["n"])
    return (
        Estimate(label, row.get("performance"), row.get("performance_low"), row.get("performance_high"), n),
        Estimate(label, row.get("importance"), row.get("importance_low"), row.get("importance_high"), n),
    )


def _figure(edition: Edition, outcome: str, rows: Sequence[Row]) -> Figure | None:
    words = edition.words
    drawn, told = [], []
    for row in rows:
        performance, importance = _estimates(edition, row)
        drawn.append(QuadrantPoint(performance.label, performance, importance, bool(row.get("certain"))))
        place = words.name("quadrant", str(row["quadrant"])) if row.get("certain") else words["mark.uncertain"]
        fields = {"label": performance.label, "score": points(performance), "share": _importance(row)}
        told.append(words.fill("sentence.point_alt", fields | {"place": place}))
    plot = QuadrantPlot(
        points=tuple(drawn),
        performance_line=float(rows[0]["performance_line"]),
        importance_line=float(rows[0]["importance_line"]),
        x_axis=words["axis.performance"],
        y_axis=words["axis.path_importance"],
        quadrants=tuple(words[f"quadrant.{q}"] for q in ("improve", "strength", "opportunity", "maintain")),  # type: ignore[arg-type]
        uncertain_word=words["mark.uncertain"],
        certain_word=words["mark.certain"],
        importance_unit="points",
    )
    caption = edition.caption("path_map", "outcome", edition.results.label(outcome))
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return edition.figure(f"path-map-{outcome}", caption, alt, plot)


def _importance(row: Row) -> str:
    return ranged(row.get("importance"), row.get("importance_low"), row.get("importance_high"))


def _table(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    words = edition.words
    cells = tuple(
        (
            placed_label(edition, str(row["driver"])),
            words.name("quadrant", str(row["quadrant"])),
            words["mark.yes"] if row.get("certain") else words["mark.no"],
            points(_estimates(edition, row)[0]),
            _importance(row),
            count(row["n"]),
        )
        for row in sorted(rows, key=lambda r: -r["importance"])
    )
    heads = ("performance", "path_importance", "n")
    caption = edition.caption("path_map_table", "outcome", fields["outcome"])
    return Table(caption, columns(edition, ("driver", "quadrant", "certain"), heads), cells)


def _item_table(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    ranked = sorted(rows, key=lambda r: -r["importance"])[:MOST_ITEMS]
    cells = tuple(
        (
            item_label(edition, str(row["item"])),
            placed_label(edition, str(row["driver"])),
            points(_estimates(edition, row)[0]),
            _importance(row),
            count(row["n"]),
        )
        for row in ranked
    )
    heads = ("performance", "path_importance", "n")
    caption = edition.words.fill("caption.path_map_items", fields | {"n": str(len(ranked)), "level": edition.level})
    return Table(caption, columns(edition, ("item_wording", "driver"), heads), cells)
