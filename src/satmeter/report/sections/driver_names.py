"""Names of outcomes, drivers and regression terms, as a reader knows them."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.edition import Edition
from satmeter.report.results import Row


def outcomes_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the outcomes of some rows, each once, in their order."""
    return tuple(dict.fromkeys(str(row["outcome"]) for row in rows))


def term_label(edition: Edition, term: str) -> str:
    """Return a regression term in words: a driver, ``question: option``, or the intercept."""
    words, results = edition.words, edition.results
    if term == "(intercept)":
        return words["mark.intercept"]
    question, bracket, rest = term.partition("[")
    if bracket and rest.endswith("]"):
        return words.tagged(results.label(question), results.option(question, rest[:-1]))
    return results.label(term)


def placed_label(edition: Edition, driver: str) -> str:
    """Return a driver's label in the quadrant, where higher is better even for a cost."""
    label = edition.results.label(driver)
    if edition.results.role(driver) != "cost":
        return label
    words = edition.words
    return label + words["list.open"] + words["mark.turned"] + words["list.close"]
