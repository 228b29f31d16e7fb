"""The mean scores of all constructs by group, as a heat map with bases and with what is sure against the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from satmeter.report.context import Figure, Part
from satmeter.report.edition import Edition
from satmeter.report.group_plots import GroupCell, GroupHeatPlot, GroupRow
from satmeter.report.number_text import count, decimal
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import left_out
from satmeter.report.sections.differences import SIDES, compared

_SIDES: dict[str, Literal["above", "below", ""]] = {"higher": "above", "lower": "below"}


def heat_parts(edition: Edition, question: str) -> tuple[Part, ...]:
    """Return the heat map of a grouping; nothing below two groups or two constructs."""
    rows = matching(edition.results.rows("scores"), {"group_by": question, "statistic": "mean_score"})
    rows = tuple(row for row in rows if row["measure"] not in edition.results.items)
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    groups = list(dict.fromkeys(str(row["group"]) for row in rows))
    if len(measures) < 2 or len(groups) < 2 or not any(row.get("estimate") is not None for row in rows):
        return ()
    words = edition.words
    tested = matching(compared(edition, question, "rest"), {"statistic": "mean_score"})
    drawn = [_row(edition, question, g, measures, rows, tested) for g in groups]
    secret = left_out(edition, [cell.score for row in drawn for cell in row.cells if cell])
    figure = _figure(edition, question, measures, [row for row in map(_shown, drawn) if any(row.cells)])
    told = words.paragraph([_sentence(edition, tested), secret])
    return (Part(words["group_heat.title"], (told,), figure=figure),)


def _shown(row: GroupRow) -> GroupRow:
    """Return a row without the cells that are not published."""
    return replace(row, cells=tuple(None if cell is None or cell.score.hidden else cell for cell in row.cells))


def _row(
    edition: Edition, question: str, group: str, measures: Sequence[str], rows: Sequence[Row], tested: Sequence[Row]
) -> GroupRow:
    own, verdicts = matching(rows, {"group": group}), matching(tested, {"group": group})
    label = edition.results.option(question, group)
    scores = {str(row["measure"]): estimate(row, label) for row in own}
    sides = {str(row["measure"]): _SIDES.get(str(row["verdict"]), "") for row in verdicts}
    cells = tuple(GroupCell(scores[m], sides.get(m, "")) if m in scores else None for m in measures)
    return GroupRow(label, max(score.n for score in scores.values()), cells)


def _sentence(edition: Edition, tested: Sequence[Row]) -> str:
    words = edition.words
    told = [words["group_heat.reading"]]
    if not any(row.get("p_value") is not None for row in tested):
        return words.paragraph([*told, words["group_heat.untested"]])
    sure = sum(row["verdict"] in _SIDES for row in tested)
    fields = {"sure": count(sure), "n": count(len(tested))}
    return words.paragraph([*told, words.fill("group_heat.sure" if sure else "group_heat.none", fields)])


def _figure(edition: Edition, question: str, measures: Sequence[str], rows: Sequence[GroupRow]) -> Figure | None:
    words, results = edition.words, edition.results
    cells = [cell for row in rows for cell in row.cells if cell is not None]
    values = [cell.score.value for cell in cells if cell.score.value is not None]
    some = any(cell.side for cell in cells)
    plot = GroupHeatPlot(
        tuple(_column(edition, measure) for measure in measures),
        tuple(rows),
        math.floor(min(values)),
        math.ceil(max(values)),
        SIDES["higher"] + " " + words["group_heat.above"] if some else "",
        SIDES["lower"] + " " + words["group_heat.below"] if some else "",
        words["group_heat.small"] if any(cell.score.is_small for cell in cells) else "",
    )
    caption = words.fill("group_heat.caption", {"question": results.label(question)})
    return edition.figure(f"heat-{question}", caption, _alt(edition, plot), plot)


def _column(edition: Edition, measure: str) -> str:
    words, label = edition.words, edition.results.label(measure)
    if edition.results.role(measure) != "cost":
        return label
    return label + words["list.open"] + words["mark.cost"] + words["list.close"]


def _alt(edition: Edition, plot: GroupHeatPlot) -> str:
    words = edition.words
    told = []
    for row in plot.rows:
        values = [
            f"{name} {decimal(cell.score.value, 1)}{_side(plot, cell)}"
            for name, cell in zip(plot.columns, row.cells, strict=True)
            if cell
        ]
        told.append(words.fill("sentence.panel", {"title": row.label, "values": words.join(values)}))
    return words["list.semicolon"].join(told) + words["list.stop"]


def _side(plot: GroupHeatPlot, cell: GroupCell) -> str:
    word = {"above": plot.above_word, "below": plot.below_word, "": ""}[cell.side]
    return f" {word}" if word else ""
