"""What is disclosed with the results: the items of AAPOR and ESOMAR, outcome rates, and what is missing."""

from __future__ import annotations

from satmeter.record.disclosure import disclosure_rows
from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.results import Row
from satmeter.report.sections.outcome_rates import nonresponse_parts, response_parts


def told_rows(edition: Edition, standard: str = "aapor") -> tuple[Row, ...]:
    """Return the items of one standard; those of a document that was written before there were any are made of it."""
    rows = edition.results.rows("disclosure") or tuple(disclosure_rows(edition.results.document))
    return tuple(row for row in rows if row["standard"] == standard)


def missing_items(edition: Edition) -> tuple[str, ...]:
    """Return the names of what has to be told and is not."""
    return tuple(edition.words[f"told.{row['key']}"] for row in told_rows(edition) if not row["complete"])


def missing_sentence(edition: Edition) -> str:
    """Return which items are missing, or that none is."""
    words, missing = edition.words, missing_items(edition)
    fields = {"items": words["list.semicolon"].join(missing)}
    return words.plural("publication.missing", len(missing), fields) if missing else words["publication.complete"]


def disclosed_table(edition: Edition) -> Table:
    """Return what is told of every item of AAPOR's list, in its order; what is not told says so."""
    words = edition.words
    cells = tuple(
        (
            words.fill("told.numbered", {"number": str(row["number"]), "name": words[f"told.{row['key']}"]}),
            edition.results.text(row["text"]) or words["publication.absent"],
        )
        for row in told_rows(edition)
    )
    return Table(words["told.caption"], (Column(words["column.what"]), Column(words["column.value"])), cells)


def disclosure_section(edition: Edition) -> Section:
    """Return the block of disclosure: what is missing, every item, outcome rates, classes of non-response."""
    items = Part(tables=(disclosed_table(edition),))
    return Section(
        (missing_sentence(edition), edition.words["told.standard"]),
        (items, *response_parts(edition), *nonresponse_parts(edition)),
        edition.results.notes("disclosure"),
    )
