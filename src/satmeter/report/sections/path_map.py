"""Importance and performance along the paths: points of the outcome over all routes, against the score."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, figure_of, item_label
from satmeter.report.sections.driver_names import outcomes_of, placed_label
from satmeter.report.sections.quadrant_map import Kind, placed_estimates, places_text, quadrant_figure, quadrant_table
from satmeter.report.sentences import points

MOST_ITEMS = 10


def _line(value: float | None) -> str:
    return decimal(value, 2)


EFFECTS = Kind(figure_of, _line, "points", "axis.path_importance", "path_importance", "path_lines")
"""Importance as points of the outcome, over all routes."""


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
    told = words.paragraph([words.fill("sentence.path_importance", fields), places_text(edition, constructs, EFFECTS)])
    drawn, listed = (edition.caption(key, "outcome", fields["outcome"]) for key in ("path_map", "path_map_table"))
    figure = quadrant_figure(edition, f"path-map-{outcome}", drawn, constructs, EFFECTS)
    tables = [quadrant_table(edition, listed, constructs, EFFECTS)]
    if items := [row for row in own if row["item"]]:
        tables.append(_item_table(edition, items, fields))
    return Part(words.fill("heading.path_map", fields), (told,), figure=figure, tables=tuple(tables))


def _item_table(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    ranked = sorted(rows, key=lambda r: -r["importance"])[:MOST_ITEMS]
    cells = tuple(
        (
            item_label(edition, str(row["item"])),
            placed_label(edition, str(row["driver"])),
            points(placed_estimates(edition, row)[0]),
            EFFECTS.importance(placed_estimates(edition, row)[1]),
            count(row["n"]),
        )
        for row in ranked
    )
    heads = ("performance", "path_importance", "n")
    caption = edition.words.fill("caption.path_map_items", fields | {"n": str(len(ranked)), "level": edition.level})
    return Table(caption, columns(edition, ("item_wording", "driver"), heads), cells)
