"""The make-up of the sample: options of choice questions, numbers, and how many answered the open ones."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, percent
from satmeter.report.results import Row, hidden_symbol
from satmeter.report.sections.cells import based


def sample_section(edition: Edition) -> Section:
    """Return one table a choice question with its base, one of all numbers, and the counts of open questions."""
    words, rows = edition.words, edition.results.rows("sample")
    asked = {str(row["question"]): row for row in edition.results.rows("questions")}
    names = list(dict.fromkeys(str(row["question"]) for row in rows))
    empty = [name for name in names if name in asked and not asked[name].get("n")]
    tables = [
        _option_table(edition, name, [row for row in rows if row["question"] == name], asked.get(name))
        for name in names
        if name not in empty
    ]
    paragraphs = [words["sentence.share_base"]] if tables else []
    empty += [name for name, row in asked.items() if row["type"] == "number" and not row.get("n")]
    if empty:
        named = words.join([f"“{edition.results.label(name)}”" for name in empty])
        paragraphs.append(words.fill("sentence.unanswered", {"questions": named}))
    tables += [*_number_table(edition, list(asked.values())), *_open_table(edition, list(asked.values()))]
    if not tables and not paragraphs:
        paragraphs = [words["sentence.no_sample"]]
    parts = tuple(Part(tables=(table,)) for table in tables)
    return Section(tuple(paragraphs), parts, edition.results.notes("sample"))


def _option_table(edition: Edition, question: str, rows: Sequence[Row], asked: Row | None) -> Table:
    words = edition.words
    weighted = bool(edition.results.study.get("weighted"))
    columns = [
        Column(words["column.option"]),
        Column(words["column.n"], "right"),
        Column(words["column.share"], "right"),
    ]
    if weighted:
        columns.append(Column(words["column.weighted_share"], "right"))
    lines = [
        (
            edition.results.option(question, str(row["option"])),
            based(row),
            hidden_symbol(row) or percent(row.get("share"), 1),
            hidden_symbol(row) or percent(row.get("weighted_share"), 1),
        )
        for row in rows
    ]
    lines += [(label, count(n), ABSENT, ABSENT) for label, n in _base(edition, asked)]
    multiple = asked is not None and asked["type"] == "multiple"
    caption = "sample_multiple" if multiple else "sample"
    cells = tuple(line[: len(columns)] for line in lines)
    return Table(edition.caption(caption, "question", edition.results.label(question)), tuple(columns), cells)


def _base(edition: Edition, asked: Row | None) -> list[tuple[str, int]]:
    """Return the base of a question, and who of the sample does not belong to it."""
    if asked is None:
        return []
    words, n, put = edition.words, int(asked["n"]), int(asked["asked"])
    skipped = int(edition.results.study.get("n") or put) - put
    lines = [(words["mark.answered"], n)]
    lines += [(words["column.no_answer"], put - n)] if put > n else []
    return lines + ([(words["mark.not_asked"], skipped)] if skipped > 0 else [])


def _number_table(edition: Edition, asked: Sequence[Row]) -> list[Table]:
    words = edition.words
    rows = [row for row in asked if row["type"] == "number" and row.get("mean") is not None]
    if not rows:
        return []
    keys = ("n", "no_answer", "mean", "sd", "median", "range")
    columns = (Column(words["column.question"]), *(Column(words[f"column.{key}"], "right") for key in keys))
    cells = tuple(
        (
            edition.results.label(str(row["question"])),
            count(row["n"]),
            count(row["asked"] - row["n"]),
            decimal(row["mean"], 1),
            decimal(row.get("sd"), 1),
            _plain(row.get("median")),
            str(row.get("symbol") or "") or f"{_plain(row.get('low'))}–{_plain(row.get('high'))}",
        )
        for row in rows
    )
    caption = "numbers_weighted" if edition.results.study.get("weighted") else "numbers"
    return [Table(edition.caption(caption), columns, cells)]


def _plain(value: float | None) -> str:
    """Return a typed number: whole where it is whole, else with one digit."""
    return decimal(value, 0 if value is not None and value == round(value) else 1)


def _open_table(edition: Edition, asked: Sequence[Row]) -> list[Table]:
    """Return how many answered each open or date question; what they wrote is not in the results."""
    words = edition.words
    rows = [row for row in asked if row["type"] in ("text", "date")]
    if not rows:
        return []
    columns = (
        Column(words["column.question"]),
        Column(words["column.n"], "right"),
        Column(words["column.no_answer"], "right"),
    )
    cells = tuple(
        (edition.results.label(str(row["question"])), count(row["n"]), count(row["asked"] - row["n"])) for row in rows
    )
    return [Table(edition.caption("open_questions"), columns, cells)]
