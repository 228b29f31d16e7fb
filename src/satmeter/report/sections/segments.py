"""For whom: whether what goes with an outcome differs between groups of customers."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, p_value
from satmeter.report.plots import Panel
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import estimated, p_text
from satmeter.report.sections.driver_names import outcomes_of
from satmeter.report.sections.panels import panels_around_zero

LEVEL = 0.05


def segments_section(edition: Edition) -> Section:
    """Return, for every outcome and grouping question, the weights by group; nothing where none were computed."""
    words, rows = edition.words, edition.results.rows("segments")
    notes = edition.results.notes("segments")
    if not rows:
        return Section((words["sentence.no_segments"],), (), notes) if notes else Section()
    parts = []
    for outcome in outcomes_of(rows):
        own = matching(rows, {"outcome": outcome})
        for question in dict.fromkeys(str(row["group_by"]) for row in own):
            parts.append(_part(edition, outcome, question, matching(own, {"group_by": question})))
    return Section((words["sentence.segments"],), tuple(parts), notes)


def _part(edition: Edition, outcome: str, question: str, rows: Sequence[Row]) -> Part:
    label = edition.results.label
    fields = {"outcome": label(outcome), "question": label(question), "level": edition.level}
    title = edition.words.fill("heading.segments_of", fields)
    figure = _figure(edition, outcome, question, rows, fields)
    return Part(title, (_sentence(edition, rows, fields),), figure=figure, tables=(_table(edition, rows, fields),))


def _sentence(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> str:
    """Return which drivers' weights differ between the groups by the test after Holm."""
    words = edition.words
    tests = [row for row in rows if not row["group"] and row.get("p_adjusted") is not None]
    if not tests:
        return words.fill("sentence.segments_untested", fields)
    told = [
        words.fill("sentence.test_p", {"test": edition.results.label(str(r["driver"])), "p": p_text(r["p_adjusted"])})
        for r in tests
        if r["p_adjusted"] < LEVEL
    ]
    if told:
        return words.fill("sentence.segments_differ", fields | {"drivers": words["list.semicolon"].join(told)})
    least = min(row["p_adjusted"] for row in tests)
    return words.fill("sentence.segments_alike", fields | {"p": p_value(least)})


def _groups(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row["group"]) for row in rows if row["group"]))


def _figure(
    edition: Edition, outcome: str, question: str, rows: Sequence[Row], fields: dict[str, str]
) -> Figure | None:
    words, results = edition.words, edition.results
    known = [row for row in rows if row["group"] and row.get("estimate") is not None]
    panels = tuple(
        Panel(
            results.label(driver),
            tuple(estimate(r, results.option(question, str(r["group"]))) for r in matching(known, {"driver": driver})),
        )
        for driver in dict.fromkeys(str(row["driver"]) for row in known)
    )
    name = f"segments-{outcome}-{question}"
    return panels_around_zero(edition, name, words.fill("caption.segments", fields), words["axis.weight"], panels)


def _table(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    words, results = edition.words, edition.results
    groups = _groups(rows)
    question = str(rows[0]["group_by"])
    heads = (*(results.option(question, group) for group in groups), words["column.p"], words["column.p_holm"])
    columns = (Column(words["column.driver"]), *(Column(head, "right") for head in heads))
    bases = {group: count(next(row["n"] for row in rows if row["group"] == group)) for group in groups}
    lines = [(words["column.n"], *(bases[group] for group in groups), "", "")]
    for driver in dict.fromkeys(str(row["driver"]) for row in rows):
        own = {str(row["group"]): row for row in matching(rows, {"driver": driver})}
        test = own.get("", {})
        cells = (estimated(own.get(group, {})) for group in groups)
        lines.append((results.label(driver), *cells, p_value(test.get("p_value")), p_value(test.get("p_adjusted"))))
    return Table(words.fill("caption.segment_table", fields), columns, tuple(lines))
