"""How weights were made: the margins before and after, and what the weights cost."""

from __future__ import annotations

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.results import hidden_symbol


def weight_parts(edition: Edition) -> tuple[Part, ...]:
    """Return the part on calibrated weights; nothing where weights were not calibrated."""
    words, results = edition.words, edition.results
    figures = {str(row["statistic"]): row for row in results.rows("weighting")}
    if not figures:
        return ()
    value = {name: row.get("estimate") for name, row in figures.items()}
    sentence = words.fill(
        "weights.sentence",
        {
            "margins": words.join([_margin(edition, name) for name in _names(edition)]),
            "minimum": decimal(value.get("minimum"), 2),
            "maximum": decimal(value.get("maximum"), 2),
            "cv": percent(value.get("cv")),
            "deff": decimal(value.get("deff"), 2),
            "n": count(figures["deff"].get("n")),
            "n_eff": count(value.get("n_eff")),
        },
    )
    return (Part(words["weights.title"], (sentence,), tables=(_table(edition),)),)


def _names(edition: Edition) -> list[str]:
    return list(dict.fromkeys(str(row["margin"]) for row in edition.results.rows("margins")))


def _margin(edition: Edition, name: str) -> str:
    return " × ".join(edition.results.label(part) for part in name.split("*"))


def _category(edition: Edition, margin: str, category: str) -> str:
    if not category:
        return edition.words["weights.unknown"]
    parts = zip(margin.split("*"), category.split("*"), strict=False)
    return " × ".join(edition.results.option(question, code) for question, code in parts)


def _table(edition: Edition) -> Table:
    words = edition.words
    rows = tuple(
        (
            _margin(edition, str(row["margin"])),
            _category(edition, str(row["margin"]), str(row["category"])),
            hidden_symbol(row) or count(row.get("n")),
            hidden_symbol(row) or percent(row.get("before"), 1),
            percent(row.get("after"), 1),
            percent(row.get("target"), 1),
        )
        for row in edition.results.rows("margins")
    )
    heads = [words[f"weights.{name}"] for name in ("margin", "category", "n", "before", "after", "target")]
    columns = tuple(Column(head, "left" if k < 2 else "right") for k, head in enumerate(heads))
    return Table(words["weights.caption"], columns, rows)
