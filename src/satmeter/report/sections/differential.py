"""Differential item functioning: whether groups of equal standing on a construct answer its items differently."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, p_value
from satmeter.report.results import Row, matching
from satmeter.report.sections.items import item_text

LEVEL = 0.05
NOTABLE = ("B", "C")
"""Classes of moderate and large effects (Jodoin and Gierl 2001); A is negligible."""


def differential_parts(edition: Edition) -> tuple[Part, ...]:
    """Return, for every grouping question, which items work differently, with their tests; nothing without rows."""
    rows = edition.results.rows("dif")
    questions = dict.fromkeys(str(row["group_by"]) for row in rows)
    classes = edition.words["sentence.dif_classes"]
    return tuple(
        _part(edition, question, matching(rows, {"group_by": question}), "" if number else classes)
        for number, question in enumerate(questions)
    )


def beyond_chance(row: Row) -> bool:
    """Tell whether a test differs from chance after adjusting for the number of items."""
    p = row.get("p_adjusted")
    return p is not None and p < LEVEL


def works_differently(row: Row) -> bool:
    """Tell whether an item functions differently: beyond chance, and not negligibly."""
    return beyond_chance(row) and row.get("size") in NOTABLE


def _part(edition: Edition, question: str, rows: Sequence[Row], classes: str) -> Part:
    words, label = edition.words, edition.results.label(question)
    tests = matching(rows, {"kind": "total"})
    told = [row for row in tests if beyond_chance(row) or row.get("size") in NOTABLE]
    paragraphs = tuple(text for text in (words.paragraph(_sentences(edition, label, tests)), classes) if text)
    tables = (_table(edition, label, told, rows),) if told else ()
    return Part(words.fill("heading.dif", {"question": label}), paragraphs, tables=tables)


def _sentences(edition: Edition, label: str, tests: Sequence[Row]) -> list[str]:
    """Return how many items work differently; those that do so only negligibly, or not beyond chance, by name."""
    words = edition.words
    differing = [row for row in tests if works_differently(row)]
    slight = [row for row in tests if beyond_chance(row) and row.get("size") not in NOTABLE]
    unsure = [row for row in tests if not beyond_chance(row) and row.get("size") in NOTABLE]
    fields = {"question": label, "all": count(len(tests)), "n": count(len(differing))}
    if differing:
        sentences = [words.plural("sentence.dif_some", len(differing), fields | {"items": _listed(edition, differing)})]
    else:
        sentences = [words.fill("sentence.dif_none", fields)]
    for name, found in (("slight", slight), ("unsure", unsure)):
        if found:
            items = {"n": count(len(found)), "items": _listed(edition, found)}
            sentences.append(words.fill(f"sentence.dif_{name}", items))
    return sentences


def _listed(edition: Edition, rows: Sequence[Row]) -> str:
    words = edition.words
    items = [
        words.fill("sentence.dif_item", {"item": str(r["item"]), "size": str(r.get("size") or ABSENT)}) for r in rows
    ]
    return words["list.separator"].join(items)


def _table(edition: Edition, label: str, told: Sequence[Row], rows: Sequence[Row]) -> Table:
    words = edition.words
    heads = ("construct", "wording", "dif_kind", "chi2", "df", "p_adjusted", "r2_change", "dif_class")
    right = ("chi2", "df", "p_adjusted", "r2_change")
    columns: tuple[Column, ...] = (Column(words["column.item"]),)
    columns += tuple(Column(words[f"column.{head}"], "right" if head in right else "left") for head in heads)
    lines = []
    for row in told:
        item = str(row["item"])
        named = (item, edition.results.label(str(row["construct"])), item_text(edition, item))
        figures = (
            _kind(edition, matching(rows, {"item": item, "construct": str(row["construct"])})),
            decimal(row.get("statistic"), 1),
            count(row.get("df")),
            p_value(row.get("p_adjusted")),
            decimal(row.get("effect"), 3),
            str(row.get("size") or ABSENT),
        )
        lines.append((*named, *figures))
    return Table(edition.caption("dif", "question", label), columns, tuple(lines))


def _kind(edition: Edition, rows: Sequence[Row]) -> str:
    """Return whether the difference is the same at every standing; a dash where neither part is beyond chance."""
    for kind in ("nonuniform", "uniform"):
        if any(beyond_chance(row) for row in matching(rows, {"kind": kind})):
            return edition.words[f"dif_kind.{kind}"]
    return edition.words["dif_kind.total"]
