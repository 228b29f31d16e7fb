"""What respondents said in their own words: themes with intervals, words, and quotes without personal data."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE, Estimate
from satmeter.report.number_text import count, percent, percent_interval
from satmeter.report.plots import BarPlot
from satmeter.report.results import Row, estimate, hidden_symbol, matching
from satmeter.report.sections.cells import based
from satmeter.report.sentences import listing, share

REST = ("other", "none")
"""Themes of answers that belong to none."""

SIDE_BY_SIDE = 5
"""Most groups whose columns fit on a page."""


def verbatims_section(edition: Edition) -> Section:
    """Return themes, words and quotes of every question; nothing where the study did not ask for them."""
    results = edition.results
    rows = (*results.rows("verbatims"), *results.rows("words"))
    questions = dict.fromkeys(str(row["question"]) for row in rows)
    parts = [part for question in questions for part in _parts(edition, question)]
    return Section((), tuple(parts), results.notes("verbatims"))


def _parts(edition: Edition, question: str) -> tuple[Part, ...]:
    rows = matching(edition.results.rows("verbatims"), {"question": question})
    if not rows:
        return (_words_part(edition, question),)
    quoted = _quotes_part(edition, question)
    return (_themes_part(edition, question, rows), *((quoted,) if quoted.points else ()))


def _themes_part(edition: Edition, question: str, rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label(question)
    whole = matching(rows, {"group_by": ""})
    themes = [row for row in whole if row["theme"] not in REST]
    named = tuple(_estimate(edition, row) for row in themes)
    drawn = (*named, *(_estimate(edition, row) for row in whole if row["theme"] in REST and row.get("mentions")))
    sentences = [_leading(edition, named, whole), _rest(edition, whole)]
    sentences.append(words["verbatims.several"])
    alt = listing(words, drawn, as_share=True)
    caption = words.fill("verbatims.caption", {"question": label, "level": edition.level})
    figure = edition.figure(f"verbatims-{question}", caption, alt, BarPlot(drawn, words["verbatims.axis"]))
    groups = dict.fromkeys(str(row["group_by"]) for row in rows if row["group_by"])
    tables = (_table(edition, label, whole), *(_group_table(edition, label, by, rows) for by in groups))
    return Part(label, (words.paragraph(sentences),), figure=figure if drawn else None, tables=tables)


def _estimate(edition: Edition, row: Row) -> Estimate:
    return estimate(row, edition.results.theme(str(row["question"]), str(row["theme"])))


def _leading(edition: Edition, named: Sequence[Estimate], whole: Sequence[Row]) -> str:
    """Return which theme comes first, and whether the next one's interval leaves that open."""
    words = edition.words
    ranked = sorted((e for e in named if e.value), key=lambda e: -(e.value or 0.0))
    fields = {"n": count(whole[0].get("n"))}
    if not ranked:
        return words.fill("verbatims.none_found", fields)
    first, rivals = ranked[0], [e.label for e in ranked[1:] if ranked[0].overlaps(e)]
    fields |= {"first": first.label, "share": share(first)}
    if rivals:
        return words.fill("verbatims.open", fields | {"rivals": words.join(rivals)})
    return words.fill("verbatims.clear" if len(ranked) > 1 else "verbatims.only", fields)


def _rest(edition: Edition, whole: Sequence[Row]) -> str:
    shares = {str(row["theme"]): row for row in whole if row["theme"] in REST and row.get("mentions")}
    told = [
        edition.words.fill(f"verbatims.rest_{theme}", {"share": percent(row.get("estimate"))})
        for theme, row in shares.items()
    ]
    return edition.words.paragraph(told)


def _table(edition: Edition, question: str, whole: Sequence[Row]) -> Table:
    words = edition.words
    columns = (
        Column(words["verbatims.theme"]),
        Column(words["verbatims.mentions"], "right"),
        Column(words["verbatims.share"], "right"),
        Column(words.fill("column.interval", {"level": edition.level}), "right"),
        Column(words["column.n"], "right"),
    )
    cells = tuple(
        (
            edition.results.theme(str(row["question"]), str(row["theme"])),
            hidden_symbol(row) or count(row.get("mentions")),
            hidden_symbol(row) or percent(row.get("estimate"), 1),
            hidden_symbol(row) or percent_interval(row.get("conf_low"), row.get("conf_high"), 1),
            based(row),
        )
        for row in whole
    )
    return Table(words.fill("verbatims.table", {"question": question}), columns, cells)


def _group_table(edition: Edition, question: str, group_by: str, rows: Sequence[Row]) -> Table:
    """Return the shares of every theme by group; few groups stand side by side, many one under the other."""
    words, results = edition.words, edition.results
    own = matching(rows, {"group_by": group_by})
    themes = [
        results.theme(str(row["question"]), str(row["theme"])) for row in matching(own, {"group": own[0]["group"]})
    ]
    names, lines = [], []
    for group in dict.fromkeys(str(row["group"]) for row in own):
        shares = matching(own, {"group": group})
        n = int(shares[0].get("n") or 0)
        small = words["list.open"] + words["mark.small"] + words["list.close"] if 0 < n < SMALL_BASE else ""
        names.append(results.option(group_by, group) + small)
        lines.append((based(shares[0]), *(hidden_symbol(row) or share(estimate(row, "")) for row in shares)))
    heads = [words["column.n"], *themes]
    if len(names) <= SIDE_BY_SIDE:
        corner, across, down, cells = words["verbatims.theme"], names, heads, list(zip(*lines, strict=True))
    else:
        corner, across, down, cells = words["column.group"], heads, names, lines
    columns = (Column(corner), *(Column(name, "right") for name in across))
    fields = {"question": question, "group": results.label(group_by), "level": edition.level}
    table = tuple((name, *line) for name, line in zip(down, cells, strict=True))
    return Table(words.fill("verbatims.group_table", fields), columns, table)


def _words_part(edition: Edition, question: str) -> Part:
    words, label = edition.words, edition.results.label(question)
    rows = matching(edition.results.rows("words"), {"question": question})
    columns = (Column(words["verbatims.word"]), Column(words["verbatims.mentions"], "right"))
    cells = tuple((str(row["word"]), count(row.get("n"))) for row in rows)
    table = Table(words.fill("verbatims.word_table", {"question": label}), columns, cells)
    return Part(label, (words["verbatims.words"],), tables=(table,))


def _quotes_part(edition: Edition, question: str) -> Part:
    """Return a list of quotes, each with its theme and the id of the respondent."""
    words, results = edition.words, edition.results
    points = []
    for row in matching(results.rows("quotes"), {"question": question}):
        theme = results.theme(question, str(row["theme"]))
        said = words["verbatims.open_quote"] + str(row["text"]) + words["verbatims.close_quote"]
        by = words["list.open"] + str(row["respondent"]) + words["list.close"]
        points.append(words.tagged(theme, said + by))
    return Part(words["verbatims.quotes"], (words["verbatims.examples"],), points=tuple(points))
