"""Which items weaken their construct or hardly inform, most serious first."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.results import Row, matching

SEVERITY = {
    "negative_item_rest": "M212",
    "heywood": "M222",
    "low_item_rest": "M211",
    "alpha_rises": "M213",
    "low_loading": "M214",
    "dif": "M221",
    "cross_loading": "M215",
    "redundant": "M216",
    "many_missing": "M219",
    "floor": "M217",
    "ceiling": "M218",
    "skewed": "M220",
}
"""Finding to the code of its sentence: first what makes a score wrong, then what blurs it, then what informs little."""

MOST_SENTENCES = 3
"""More items with the same finding are told in one sentence."""

SHARES = ("many_missing", "floor", "ceiling")


def findings_part(edition: Edition) -> Part:
    """Return what is wrong with which item; that nothing is, where all were examined; nothing where none was."""
    words, results = edition.words, edition.results
    rows, notes = results.rows("lint"), results.notes("lint")
    if not rows and not notes and not results.rows("validity"):
        return Part()
    asked = count(len(results.rows("items")))
    if not rows and not notes:
        return Part(words["heading.item_findings"], (words.fill("sentence.no_item_findings", {"all": asked}),))
    named = len({str(row["item"]) for row in rows})
    lead = words.plural("sentence.item_findings", named, {"n": count(named), "all": asked})
    points: list[str] = []
    for finding in SEVERITY:
        points += _points(edition, finding, matching(rows, {"finding": finding}))
    known = set(SEVERITY.values())
    others = results.notes("lint", lambda code: code not in known)
    return Part(words["heading.item_findings"], (lead,), (*points, *others))


def _points(edition: Edition, finding: str, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the sentences of one finding: the results' own, or one for all items where they are many."""
    words = edition.words
    if len({str(row["item"]) for row in rows}) <= MOST_SENTENCES:
        return edition.results.notes("lint", SEVERITY[finding].__eq__)
    items = [
        words.fill("sentence.item_value", {"item": str(row["item"]), "value": _value(finding, row)}) for row in rows
    ]
    fields = {"n": count(len(rows)), "items": words["list.separator"].join(items)}
    return (words.fill(f"lint_finding.{finding}", fields),)


def _value(finding: str, row: Row) -> str:
    return percent(row.get("value")) if finding in SHARES else decimal(row.get("value"), 2)
