"""Scores against their targets: met, not met or not settled, by the interval."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import estimated

MARKS = {"met": "▲", "not_met": "▼", "undecided": "○"}
MOST_NAMED = 8


def target_parts(edition: Edition) -> tuple[Part, ...]:
    """Return the sentences and the table of targets; nothing where there are none."""
    rows = matching(edition.results.rows("comparisons"), {"method": "target"})
    if not rows:
        return ()
    words = edition.words
    points = [_overall(edition, row) for row in matching(rows, {"group_by": ""})]
    for measure in dict.fromkeys(str(row["measure"]) for row in rows):
        own = [row for row in rows if row["measure"] == measure and row["group_by"]]
        for question in dict.fromkeys(str(row["group_by"]) for row in own):
            points.append(_by_group(edition, question, matching(own, {"group_by": question})))
    paragraph = words.fill("targets.reading", {"level": edition.level})
    return (Part(words["targets.title"], (paragraph,), tuple(points), tables=(_table(edition, rows),)),)


def _score(edition: Edition, row: Row) -> Row:
    """Return the row of the score that is held against a target."""
    wanted = {key: str(row[key]) for key in ("measure", "statistic", "group_by", "group")}
    found = matching(edition.results.rows("scores"), wanted)
    return found[0] if found else {}


def _overall(edition: Edition, row: Row) -> str:
    untested = row.get("conf_low") is None
    fields = {
        "mark": MARKS[str(row["verdict"])],
        "measure": edition.results.label(str(row["measure"])),
        "target": str(row["other"]),
        "score": estimated(_score(edition, row), 1),
        "distance": estimated(row, 1),
    }
    return edition.words.fill("targets.untested" if untested else f"targets.{row['verdict']}", fields)


def _by_group(edition: Edition, question: str, rows: Sequence[Row]) -> str:
    words, results = edition.words, edition.results
    names = {
        verdict: [results.option(question, str(row["group"])) for row in matching(rows, {"verdict": verdict})]
        for verdict in MARKS
    }
    fields = {verdict: count(len(found)) for verdict, found in names.items()}
    fields |= {
        "measure": results.label(str(rows[0]["measure"])),
        "question": results.label(question),
        "target": str(rows[0]["other"]),
        "n": count(len(rows)),
    }
    told = [words.fill("targets.groups", fields)]
    for verdict in ("not_met", "undecided"):
        if 0 < len(names[verdict]) <= MOST_NAMED:
            told.append(words.fill(f"targets.named_{verdict}", {"names": words.join(names[verdict])}))
    return words.paragraph(told)


def _table(edition: Edition, rows: Sequence[Row]) -> Table:
    words, results = edition.words, edition.results
    heads = (
        words["targets.target"],
        words.fill("column.estimate_interval", {"level": edition.level}),
        words.fill("targets.distance", {"level": edition.level}),
        words["column.n"],
    )
    cells = tuple(
        (
            results.label(str(row["measure"])),
            _who(edition, row),
            str(row["other"]),
            estimated(_score(edition, row), 1),
            estimated(row, 1),
            count(row.get("n")),
            f"{MARKS[str(row['verdict'])]} {_verdict(edition, row)}",
        )
        for row in rows
    )
    columns = (
        Column(words["column.measure"]),
        Column(words["column.group"]),
        *(Column(head, "right") for head in heads),
        Column(words["targets.verdict"]),
    )
    return Table(words["targets.caption"], columns, cells)


def _who(edition: Edition, row: Row) -> str:
    words, results = edition.words, edition.results
    if not row["group_by"]:
        return words["targets.everybody"]
    question = str(row["group_by"])
    return words.tagged(results.label(question), results.option(question, str(row["group"])))


def _verdict(edition: Edition, row: Row) -> str:
    return edition.words[f"targets.verdict_{row['verdict']}"]
