"""Test–retest: whether the same respondents, asked again, gave the same scores."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import estimated, figure_of
from satmeter.report.sentences import beside

RETEST = ("test_retest", "icc_agreement", "icc_consistency", "mean_change")

LIMITS = ((0.90, "excellent"), (0.75, "good"), (0.50, "moderate"))
"""ICC from here (Koo and Li 2016); below the last it is low."""

ICC_LIMITS = tuple(limit for limit, _ in LIMITS)


def retest_part(edition: Edition) -> Part:
    """Return a verdict for the scores of every construct and the table behind it; nothing without a second survey."""
    words = edition.words
    rows = [row for row in edition.results.rows("reliability") if row["coefficient"] in RETEST]
    agreements = [
        estimate(row, edition.results.label(str(row["construct"])))
        for row in matching(rows, {"coefficient": "icc_agreement"})
    ]
    known = sorted((e for e in agreements if e.value is not None), key=lambda e: e.value or 0.0)
    if not known:
        return Part()
    source = str(edition.results.provenance.get("retest_source") or "")
    read = words.fill("sentence.retest_source", {"source": source}) if source else ""
    paragraphs = (words.paragraph([_summary(edition, known), read]), words["sentence.retest_limits"])
    points = (*_graded(edition, known), *_moved(edition, rows))
    return Part(words["heading.retest"], paragraphs, points, tables=(_table(edition, rows),))


def grade(icc: float) -> str:
    """Return the class of an intraclass correlation.

    Examples
    --------
    >>> grade(0.9), grade(0.75), grade(0.6), grade(0.2)
    ('excellent', 'good', 'moderate', 'low')
    """
    return next((name for limit, name in LIMITS if icc >= limit), "low")


def _summary(edition: Edition, agreements: Sequence[Estimate]) -> str:
    words, lowest, highest = edition.words, agreements[0], agreements[-1]
    fields = {"n": count(max(e.n for e in agreements)), "low": beside(lowest, ICC_LIMITS), "low_label": lowest.label}
    fields |= {"high": beside(highest, ICC_LIMITS), "high_label": highest.label}
    return words.fill("sentence.retest_one" if len(agreements) == 1 else "sentence.retest", fields)


def _graded(edition: Edition, agreements: Sequence[Estimate]) -> tuple[str, ...]:
    """Return the constructs of every class; those whose interval reaches a lower class are named besides."""
    words = edition.words
    by_class = {
        name: [e.label for e in agreements if grade(e.value or 0.0) == name] for _, name in (*LIMITS, (0, "low"))
    }
    points = [
        words.fill("sentence.retest_class", {"grade": words[f"icc_grade.{name}"], "constructs": words.join(labels)})
        for name, labels in by_class.items()
        if labels
    ]
    open_ = [e.label for e in agreements if e.low is not None and grade(e.low) != grade(e.value or 0.0)]
    if open_:
        points.append(words.fill("sentence.retest_hedge", {"constructs": words.join(open_)}))
    return tuple(points)


def _moved(edition: Edition, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the constructs whose mean changed for certain, and by how much."""
    words = edition.words
    changes = [
        estimate(row, edition.results.label(str(row["construct"])))
        for row in matching(rows, {"coefficient": "mean_change"})
    ]
    moved = [e for e in changes if e.low is not None and e.high is not None and (e.low > 0 or e.high < 0)]
    listed = [words.fill("sentence.listed", {"label": e.label, "value": figure_of(e, 1)}) for e in moved]
    return (words.fill("sentence.retest_moved", {"changes": words["list.semicolon"].join(listed)}),) if listed else ()


def _table(edition: Edition, rows: Sequence[Row]) -> Table:
    words = edition.words
    columns: tuple[Column, ...] = (Column(words["column.construct"]), Column(words["column.pairs"], "right"))
    columns += tuple(Column(words.name("coefficient", name), "right") for name in RETEST)
    lines = []
    for construct in dict.fromkeys(str(row["construct"]) for row in rows):
        own = matching(rows, {"construct": construct})
        found = {name: next(iter(matching(own, {"coefficient": name})), {}) for name in RETEST}
        values = (estimated(found[name], 1 if name == "mean_change" else 2) for name in RETEST)
        lines.append((edition.results.label(construct), count(own[0].get("n")), *values))
    return Table(edition.caption("retest"), columns, tuple(lines))
