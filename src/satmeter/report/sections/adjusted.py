"""Scores of units as they are and adjusted for who their respondents are, with the coefficients behind it."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, p_value
from satmeter.report.plots import Panel, PanelPlot
from satmeter.report.results import Row, estimate, hidden_symbol, matching
from satmeter.report.sections.cells import based, estimated, p_text


def adjusted_section(edition: Edition) -> Section:
    """Return raw and adjusted scores side by side, coefficients and checks; empty without adjustment."""
    rows = edition.results.rows("adjusted")
    if not rows:
        return Section()
    parts: list[Part] = []
    for question, measure in dict.fromkeys((str(row["group_by"]), str(row["measure"])) for row in rows):
        own = {"group_by": question, "measure": measure}
        parts.append(_scores(edition, question, measure, matching(rows, own)))
        parts.append(_model(edition, question, measure))
    return Section((edition.words["adjusted.reading"],), tuple(parts), edition.results.notes("adjusted"))


def _scores(edition: Edition, question: str, measure: str, rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    fields = {"question": results.label(question), "measure": results.label(measure), "level": edition.level}
    raw, adjusted = (matching(rows, {"method": method}) for method in ("raw", "adjusted"))
    heads = (
        words["column.n"],
        words.fill("adjusted.raw", fields),
        words.fill("adjusted.adjusted", fields),
        words["adjusted.shift"],
    )
    lines = []
    for row in raw:
        found = matching(adjusted, {"unit": str(row["unit"])})
        after = found[0] if found else {}
        shift = hidden_symbol(after) or decimal(after.get("shift"), 1)
        cells = (based(row), estimated(row, 1), estimated(after, 1), shift)
        lines.append((_unit(edition, question, row), *cells))
    columns = (Column(words["ranks.unit"]), *(Column(head, "right") for head in heads))
    return Part(
        words.fill("adjusted.title", fields),
        (_largest(edition, question, adjusted),),
        figure=_figure(edition, question, measure, raw, adjusted),
        tables=(Table(words.fill("adjusted.table", fields), columns, tuple(lines)),),
    )


def _unit(edition: Edition, question: str, row: Row) -> str:
    words, name = edition.words, edition.results.option(question, str(row["unit"]))
    small = words["list.open"] + words["mark.small"] + words["list.close"]
    return name + small if estimate(row, name).is_small else name


def _largest(edition: Edition, question: str, rows: Sequence[Row]) -> str:
    """Return by how much the adjustment moves the unit that it moves most."""
    moved = [row for row in rows if row.get("shift") is not None]
    if not moved:
        return edition.words["adjusted.absent"]
    most = max(moved, key=lambda row: abs(row["shift"]))
    fields = {"unit": edition.results.option(question, str(most["unit"])), "shift": decimal(most["shift"], 1)}
    return edition.words.fill("adjusted.largest", fields)


def _figure(
    edition: Edition, question: str, measure: str, raw: Sequence[Row], adjusted: Sequence[Row]
) -> Figure | None:
    words, results = edition.words, edition.results
    panels = tuple(
        Panel(
            words[f"adjusted.panel_{name}"],
            tuple(estimate(row, results.option(question, str(row["unit"]))) for row in rows),
        )
        for name, rows in (("raw", raw), ("adjusted", adjusted))
    )
    estimates = [e for panel in panels for e in panel.estimates]
    ends = [end for e in estimates for end in (e.value, e.low, e.high) if end is not None]
    if not ends:
        return None
    low, high = max(0.0, 10 * (min(ends) // 10)), min(100.0, -(-max(ends) // 10) * 10)
    told = [
        words.fill("adjusted.alt", {"panel": panel.title, "values": words.join(_told(edition, panel))})
        for panel in panels
    ]
    fields = {"question": results.label(question), "measure": results.label(measure), "level": edition.level}
    plot = PanelPlot(panels, words["adjusted.axis"], low, high)
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return edition.figure(f"adjusted-{question}-{measure}", words.fill("adjusted.caption", fields), alt, plot)


def _told(edition: Edition, panel: Panel) -> list[str]:
    return [
        edition.words.fill("sentence.listed", {"label": e.label, "value": decimal(e.value, 1)}) for e in panel.estimates
    ]


def _model(edition: Edition, question: str, measure: str) -> Part:
    """Return the coefficients, and whether they hold in all units."""
    words, results = edition.words, edition.results
    wanted = {"group_by": question, "measure": measure}
    rows, checks = (matching(results.rows(name), wanted) for name in ("case_mix", "case_mix_checks"))
    fields = {"measure": results.label(measure), "question": results.label(question), "level": edition.level}
    heads = (words.fill("adjusted.points", fields), words["column.p"], words["column.n"])
    cells = tuple(
        (_term(edition, row), estimated(row, 2), p_value(row.get("p_value")), count(row.get("n"))) for row in rows
    )
    columns = (Column(words["adjusted.term"]), *(Column(head, "right") for head in heads))
    table = Table(words.fill("adjusted.coefficients", fields), columns, cells)
    told = tuple(_checked(edition, row) for row in checks)
    return Part(words["adjusted.title_model"], (words["adjusted.model"],), told, tables=(table,) if cells else ())


def _term(edition: Edition, row: Row) -> str:
    """Return ``question: option`` for a choice question, else the question."""
    results, adjuster, term = edition.results, str(row["adjuster"]), str(row["term"])
    label = results.label(adjuster)
    if not term.endswith("]"):
        return label
    option = term[len(adjuster) + 1 : -1]
    return edition.words.tagged(label, results.option(adjuster, option) or ABSENT)


def _checked(edition: Edition, row: Row) -> str:
    p = row.get("p_adjusted")
    fields = {"adjuster": edition.results.label(str(row["adjuster"])), "p": p_text(float(p)) if p is not None else ""}
    differs = p is not None and p < 1 - edition.results.conf_level
    key = "unchecked" if p is None else "differs" if differs else "open"
    return edition.words.fill(f"adjusted.check_{key}", fields)
