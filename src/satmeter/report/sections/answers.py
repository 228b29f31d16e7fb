"""Answers to questions beside the scales: shares of cases and of answers, medians, means and ratios."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import (
    ABSENT,
    count,
    decimal,
    percent,
    percent_interval,
    true_minus,
    with_interval,
)
from satmeter.report.plots import BarPlot
from satmeter.report.results import Row, estimate, hidden_symbol, matching
from satmeter.report.sections.cells import based
from satmeter.report.sentences import share

NUMBERS = ("median", "quantile25", "quantile75", "mean", "trimmed_mean")
MOST_GROUPS = 8


def answers_section(edition: Edition) -> Section:
    """Return one part a question with options, one for all numbers, one for ratios; empty where nothing was asked."""
    rows = edition.results.rows("answers")
    if not rows:
        return Section()
    words = edition.words
    parts: list[Part] = []
    for question in dict.fromkeys(str(row["question"]) for row in rows if row["option"]):
        parts.append(_options(edition, question, matching(rows, {"question": question})))
    numbers = [row for row in rows if row["statistic"] in NUMBERS]
    if numbers:
        parts.append(_numbers(edition, numbers))
    ratios = matching(rows, {"statistic": "ratio"})
    if ratios:
        parts.append(_ratios(edition, ratios))
    return Section(
        (words.fill("given.reading", {"level": edition.level}),), tuple(parts), edition.results.notes("answers")
    )


def _options(edition: Edition, question: str, rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label(question)
    overall = matching(rows, {"group_by": "", "statistic": "share_cases"})
    answers = matching(rows, {"group_by": "", "statistic": "share_answers"})
    tables = [_option_table(edition, question, overall, answers)]
    for group_by in dict.fromkeys(str(row["group_by"]) for row in rows if row["group_by"]):
        found = matching(rows, {"group_by": group_by, "statistic": "share_cases"})
        tables.append(_option_groups(edition, question, group_by, found))
    told = [_first(edition, question, overall)] + ([words["given.several"]] if answers else [])
    return Part(label, (words.paragraph(told),), figure=_figure(edition, question, overall), tables=tuple(tables))


def _first(edition: Edition, question: str, rows: Sequence[Row]) -> str:
    """Return the option that most chose, and whether another may be chosen as often."""
    words = edition.words
    found = [estimate(row, edition.results.option(question, str(row["option"]))) for row in rows]
    found = sorted((e for e in found if e.value is not None), key=lambda e: -(e.value or 0.0))
    if not found:
        return ""
    fields = {"option": found[0].label, "share": share(found[0]), "n": count(found[0].n)}
    rivals = [e.label for e in found[1:] if e.overlaps(found[0])]
    key = "first_open" if rivals else "first"
    return words.fill(f"given.{key}", fields | {"rivals": words.join(rivals)})


def _figure(edition: Edition, question: str, rows: Sequence[Row]) -> Figure | None:
    words = edition.words
    found = [estimate(row, edition.results.option(question, str(row["option"]))) for row in rows]
    bars = tuple(sorted((e for e in found if e.value is not None), key=lambda e: -(e.value or 0.0)))
    if not bars:
        return None
    told = [words.fill("sentence.listed", {"label": e.label, "value": share(e)}) for e in bars]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    caption = words.fill("given.caption", {"question": edition.results.label(question), "level": edition.level})
    return edition.figure(f"answers-{question}", caption, alt, BarPlot(bars, words["given.axis"]))


def _percent(row: Row) -> str:
    if symbol := hidden_symbol(row):
        return symbol
    interval = percent_interval(row.get("conf_low"), row.get("conf_high"), 1)
    return with_interval(percent(row.get("estimate"), 1), interval)


def _option_table(edition: Edition, question: str, cases: Sequence[Row], answers: Sequence[Row]) -> Table:
    words, results = edition.words, edition.results
    heads = [words.fill("given.cases", {"level": edition.level})]
    heads += [words.fill("given.answers", {"level": edition.level})] if answers else []
    lines = []
    for row in cases:
        option = str(row["option"])
        beside = matching(answers, {"option": option})
        cells = [_percent(row)] + ([_percent(beside[0]) if beside else ABSENT] if answers else [])
        lines.append((results.option(question, option), *cells, based(row)))
    columns = (
        Column(words["given.option"]),
        *(Column(head, "right") for head in heads),
        Column(words["column.n"], "right"),
    )
    return Table(words.fill("given.table", {"question": results.label(question)}), columns, tuple(lines))


def _option_groups(edition: Edition, question: str, group_by: str, rows: Sequence[Row]) -> Table:
    """Return shares of cases, a line an option and a column a group; the other way round when groups are many."""
    words, results = edition.words, edition.results
    groups = list(dict.fromkeys(str(row["group"]) for row in rows))
    options = list(dict.fromkeys(str(row["option"]) for row in rows))
    fields = {"question": results.label(question), "group": results.label(group_by)}
    caption = words.fill("given.table_groups", fields)

    def cell(option: str, group: str) -> str:
        found = matching(rows, {"option": option, "group": group})
        return _percent(found[0]) if found else ABSENT

    def base(group: str) -> str:
        return based(max(matching(rows, {"group": group}), key=lambda row: int(row.get("n") or 0)))

    names = [results.option(group_by, group) for group in groups]
    if len(groups) <= MOST_GROUPS:
        columns = (Column(words["given.option"]), *(Column(name, "right") for name in names))
        lines = [(results.option(question, o), *(cell(o, g) for g in groups)) for o in options]
        lines.append((words["column.n"], *(base(g) for g in groups)))
        return Table(caption, columns, tuple(lines))
    heads = [words["column.n"], *(results.option(question, o) for o in options)]
    columns = (Column(words["column.group"]), *(Column(head, "right") for head in heads))
    rotated = [(name, base(g), *(cell(o, g) for o in options)) for name, g in zip(names, groups, strict=True)]
    return Table(caption, columns, tuple(rotated))


def _numbers(edition: Edition, rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    tables = [_number_table(edition, words["given.table_numbers"], matching(rows, {"group_by": ""}), "question")]
    for question, group_by in dict.fromkeys((str(r["question"]), str(r["group_by"])) for r in rows if r["group_by"]):
        fields = {"question": results.label(question), "group": results.label(group_by)}
        own = matching(rows, {"question": question, "group_by": group_by})
        tables.append(_number_table(edition, words.fill("given.table_groups", fields), own, "group"))
    return Part(words["given.title_numbers"], (words["given.numbers"],), tables=tuple(tables))


def _number_table(edition: Edition, caption: str, rows: Sequence[Row], by: str) -> Table:
    words, results = edition.words, edition.results
    lines = []
    for name in dict.fromkeys(str(row[by]) for row in rows):
        own = matching(rows, {by: name})
        found = {str(row["statistic"]): row for row in own}
        label = results.label(name) if by == "question" else results.option(str(own[0]["group_by"]), name)
        middle = found.get("median", {}).get("estimate")
        ends = (found.get(key, {}).get("estimate") for key in ("quantile25", "quantile75"))
        quartiles = hidden_symbol(own[0]) or " – ".join(number_text(end, middle) for end in ends)
        cells = (_ranged(found.get("median", {})), quartiles, _ranged(found.get("mean", {})))
        lines.append((label, *cells, _ranged(found.get("trimmed_mean", {})), based(own[0])))
    heads = [words[f"given.{key}"] for key in ("median", "quartiles", "mean", "trimmed")] + [words["column.n"]]
    first = words["column.what"] if by == "question" else words["column.group"]
    return Table(caption, (Column(first), *(Column(head, "right") for head in heads)), tuple(lines))


def number_text(value: float | None, beside: float | None = None) -> str:
    """Return a number of any size with about four figures; `beside` is the one whose digits it takes.

    Examples
    --------
    >>> number_text(12345.6), number_text(123.45), number_text(1.2345), number_text(9.87, 123.4), number_text(None)
    ('12,346', '123.5', '1.23', '9.9', '–')
    """
    size = abs(value or 0.0) if beside is None else abs(beside)
    if size >= 1000:
        return true_minus(count(value))
    return decimal(value, 1 if size >= 100 else 2)


def _ranged(row: Row) -> str:
    if symbol := hidden_symbol(row):
        return symbol
    value, low, high = (row.get(key) for key in ("estimate", "conf_low", "conf_high"))
    if low is None or high is None:
        return number_text(value)
    return f"{number_text(value)} [{number_text(low, value)}, {number_text(high, value)}]"


def _ratios(edition: Edition, rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    lines = []
    for row in rows:
        group = str(row["group_by"])
        who = words.tagged(results.label(group), results.option(group, str(row["group"]))) if group else ""
        definition = results.text(row.get("definition"))
        lines.append((str(row["question"]), who or words["targets.everybody"], _ranged(row), based(row), definition))
    columns = (
        Column(words["given.ratio"]),
        Column(words["column.group"]),
        Column(words.fill("column.estimate_interval", {"level": edition.level}), "right"),
        Column(words["column.n"], "right"),
        Column(words["given.definition"]),
    )
    return Part(words["given.title_ratios"], tables=(Table(words["given.table_ratios"], columns, tuple(lines)),))
