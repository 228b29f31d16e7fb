"""Common method: what a marker variable leaves of the correlations between constructs."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import excludes_zero, figure_of
from satmeter.report.sections.items import item_text

MARKER_NOTES = ("M207", "M208")
"""Sentences of the results that say which correlations still differ from 0."""


def marker_part(edition: Edition) -> Part:
    """Return the marker's smallest correlation and the correlations that are left; nothing without a marker."""
    words, results = edition.words, edition.results
    rows = results.rows("validity")
    found = matching(rows, {"statistic": "marker_r"})
    if not found:
        return Part()
    smallest = estimate(found[0], results.label(str(found[0]["construct"])))
    items = [words.fill("sentence.marker_item", {"text": _text(edition, i)}) for i in _items(found[0])]
    fields = {"items": words.join(items), "construct": smallest.label, "r": figure_of(smallest)}
    sentences = [words.fill("sentence.marker", fields), *results.notes("validity", MARKER_NOTES.__contains__)]
    table = _square(edition, matching(rows, {"statistic": "marker_adjusted"}))
    return Part(
        words["heading.marker"], (words["sentence.marker_meaning"], *sentences), tables=(table,) if table else ()
    )


def _items(row: Row) -> list[str]:
    return [item for item in str(row["other"]).split(", ") if item]


def _text(edition: Edition, item: str) -> str:
    return f"{item} {item_text(edition, item)}"


def _square(edition: Edition, rows: Sequence[Row]) -> Table | None:
    """Return the adjusted correlations below a diagonal; in brackets those whose interval holds 0."""
    words, label = edition.words, edition.results.label
    names = list(dict.fromkeys(str(row[key]) for row in rows for key in ("construct", "other")))
    if not names:
        return None
    order = [str(c["id"]) for c in edition.results.constructs]
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    cells = {frozenset((str(row["construct"]), str(row["other"]))): row for row in rows}
    columns = (Column(words["column.construct"]), *(Column(str(j + 1), "right") for j in range(len(names) - 1)))
    lines = tuple(
        (f"{i + 1} {label(name)}", *(_cell(cells, name, other) if j < i else "" for j, other in enumerate(names[:-1])))
        for i, name in enumerate(names)
    )
    n = [row["n"] for row in rows if row.get("n")] or [None]
    span = count(n[0]) if len(set(n)) < 2 else words.fill("mark.span", {"low": count(min(n)), "high": count(max(n))})
    return Table(edition.caption("marker", "n", span), columns, lines)


def _cell(cells: dict[frozenset[str], Row], one: str, other: str) -> str:
    row = cells.get(frozenset((one, other)), {})
    value = decimal(row.get("estimate"), 2)
    return f"({value})" if row.get("estimate") is not None and not excludes_zero(row) else value
