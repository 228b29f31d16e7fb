"""Sheets with a chart beside its table: scores of constructs, of groups, and shares of drivers, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE
from satmeter.report.formats.xlsx_model import LOW_BASE, NOT_AVAILABLE, Bars, Cell, Field, Sheet, Style
from satmeter.report.formats.xlsx_sections import make_field
from satmeter.report.results import Row, matching
from satmeter.report.sections.driver_names import outcomes_of, term_label

VALUE, LOW, HIGH, MINUS, PLUS = 1, 2, 3, 4, 5
"""Columns of a chart's table: the estimate, the ends of its interval, and the lengths of the error bars."""


def chart_sheets(edition: Edition) -> tuple[Sheet, ...]:
    """Return a sheet for every chart that there are numbers for."""
    sheets = (*_scores(edition), *_groups(edition), *_drivers(edition))
    return tuple(sheet for sheet in sheets if sheet.rows)


def _scores(edition: Edition) -> Iterator[Sheet]:
    results = edition.results
    rows = matching(results.rows("scores"), {"statistic": "mean_score", "group_by": ""})
    ordered = _highest_first(rows, "estimate")
    index = str(results.study.get("index_construct") or "")
    labels = [results.label(str(row["measure"])) for row in ordered]
    place = next((i for i, row in enumerate(ordered) if row["measure"] == index), None)
    bars = Bars(edition.words.fill("xlsx.axis_score", {"level": edition.level}), percent=False, highlight=place)
    yield _sheet(edition, "scores_chart", "", {}, labels, ordered, bars)


def _groups(edition: Edition) -> Iterator[Sheet]:
    results = edition.results
    index = str(results.study.get("index_construct") or "")
    rows = matching(results.rows("scores"), {"statistic": "mean_score", "measure": index})
    questions = tuple(dict.fromkeys(str(row["group_by"]) for row in rows if row["group_by"]))
    for number, question in enumerate(questions, 1):
        own = [row for row in matching(rows, {"group_by": question}) if row.get("estimate") is not None]
        labels = [results.option(question, str(row["group"])) for row in own]
        bars = Bars(edition.words.fill("xlsx.axis_score", {"level": edition.level}), percent=False)
        fields = {"name": results.label(question), "measure": results.label(index)}
        yield _sheet(edition, "groups_chart", _number(number, questions), fields, labels, own, bars)


def _drivers(edition: Edition) -> Iterator[Sheet]:
    rows = matching(edition.results.rows("drivers"), {"method": "lmg"})
    outcomes = outcomes_of(rows)
    for number, outcome in enumerate(outcomes, 1):
        own = _highest_first(matching(rows, {"outcome": outcome}), "share")
        labels = [term_label(edition, str(row["driver"])) for row in own]
        bars = Bars(edition.words.fill("xlsx.axis_share", {"level": edition.level}), percent=True)
        fields = {"name": edition.results.label(outcome)}
        yield _sheet(edition, "drivers_chart", _number(number, outcomes), fields, labels, own, bars)


def _number(number: int, among: Sequence[str]) -> str:
    return str(number) if len(among) > 1 else ""


def _highest_first(rows: Sequence[Row], key: str) -> list[Row]:
    return sorted((row for row in rows if row.get(key) is not None), key=lambda row: -float(row[key]))


def _sheet(
    edition: Edition,
    table: str,
    number: str,
    fields: Mapping[str, str],
    labels: Sequence[str],
    rows: Sequence[Row],
    bars: Bars,
) -> Sheet:
    words = edition.words
    holds = words.fill(f"xlsx_page_holds.{table}", fields)
    value, low, high = ("share", "share_low", "share_high") if bars.percent else ("estimate", "conf_low", "conf_high")
    style: Style = "share" if bars.percent else "score"
    cells = [
        (Cell(label), *_lengths(row, (value, low, high), style), Cell(int(row.get("n") or 0), "count"), _mark(row))
        for label, row in zip(labels, rows, strict=True)
    ]
    columns = [make_field(edition, "drivers", key) for key in ("name", value, low, high, "minus", "plus", "n", "mark")]
    named = tuple(Field(f.key, f.label, f.meaning) for f in columns)
    name = f"{words[f'xlsx_page.{table}']} {number}".strip()
    return Sheet(f"{table}_{number}".rstrip("_"), name, holds, holds, named, tuple(cells), chart=bars)


def _lengths(row: Row, keys: tuple[str, str, str], style: Style) -> tuple[Cell, ...]:
    """Return the estimate, its interval, and how far the interval reaches on either side."""
    value, low, high = (row.get(key) for key in keys)
    if value is None or low is None or high is None:
        absent = Cell(NOT_AVAILABLE, style)
        return (Cell(float(value or 0), style), *(absent for _ in range(4)))
    return tuple(Cell(float(number), style) for number in (value, low, high, value - low, high - value))


def _mark(row: Row) -> Cell:
    return Cell(LOW_BASE if int(row.get("n") or 0) < SMALL_BASE else str(row.get("symbol") or ""), "code")
