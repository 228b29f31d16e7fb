"""Importance for a single answer: shares of the pseudo-R² of ordinal and logistic regression, beside LMG."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import count
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, shared
from satmeter.report.sentences import importance_sentence

ORDINAL, LOGISTIC = "shapley_ordinal", "shapley_logistic"


def answer_importance_part(edition: Edition, outcome: str) -> Part:
    """Return what every driver carries of the pseudo-R² of one answer; nothing where that was not computed.

    Parameters
    ----------
    edition
        Results and words.
    outcome
        The construct whose item is explained.
    """
    words, label = edition.words, edition.results.label
    rows = matching(edition.results.rows("drivers"), {"outcome": outcome})
    ordinal, logistic, lmg = (matching(rows, {"method": method}) for method in (ORDINAL, LOGISTIC, "lmg"))
    first = ordinal or logistic
    if not first:
        return Part()
    shares = tuple(_share(edition, row) for row in first)
    told = [
        words["sentence.answer_importance"],
        importance_sentence(words, words.fill("sentence.one_answer", {"outcome": label(outcome)}), shares),
        _beside_lmg(edition, first, lmg),
    ]
    title = words.fill("heading.answer_importance", {"outcome": label(outcome)})
    table = _table(edition, outcome, first, {"lmg": lmg, ORDINAL: ordinal, LOGISTIC: logistic})
    return Part(title, (words.paragraph(told),), tables=(table,))


def _share(edition: Edition, row: Row) -> Estimate:
    ends = (row.get("share"), row.get("share_low"), row.get("share_high"))
    return Estimate(edition.results.label(str(row["driver"])), *ends, int(row.get("n") or 0))


def _leader(rows: Sequence[Row]) -> str:
    known = [row for row in rows if row.get("share") is not None]
    return str(max(known, key=lambda row: row["share"])["driver"]) if len(known) > 1 else ""


def _beside_lmg(edition: Edition, rows: Sequence[Row], lmg: Sequence[Row]) -> str:
    """Return whether LMG of the score puts the same driver first."""
    here, there = _leader(rows), _leader(lmg)
    if not here or not there:
        return ""
    key = "answer_first_same" if here == there else "answer_first_other"
    return edition.words.fill(f"sentence.{key}", {"driver": edition.results.label(there)})


def _table(edition: Edition, outcome: str, rows: Sequence[Row], methods: dict[str, Sequence[Row]]) -> Table:
    by_driver = {method: {str(r["driver"]): r for r in own} for method, own in methods.items()}
    cells = tuple(
        (
            edition.results.label(str(row["driver"])),
            *(shared(by_driver[method].get(str(row["driver"]), {})) for method in methods),
            count(row.get("n")),
        )
        for row in sorted(rows, key=lambda r: -(r.get("share") or 0.0))
    )
    caption = edition.caption("answer_importance", "outcome", edition.results.label(outcome))
    return Table(caption, columns(edition, ("driver",), ("lmg_share", "ordinal_share", "logistic_share", "n")), cells)
