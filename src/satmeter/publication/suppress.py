"""The public document: results of which nothing is shown that the policy hides, nor anything that would tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from satmeter.errors import Note
from satmeter.publication.suppress_blank import (
    blanked,
    counted_anew,
    nameless,
    without_change,
    without_counts,
    without_error,
)
from satmeter.publication.suppress_cells import Document, mentions, rows_of, sections_of
from satmeter.publication.suppress_secrets import (
    COUNTED,
    UNTOUCHED,
    Reason,
    Secrets,
    find_secrets,
    reason_of,
    response_rate,
)
from satmeter.record.wording import NOTE_LANGUAGES
from satmeter.study.policy import Policy


@dataclass(frozen=True, slots=True)
class HiddenCell:
    """A row that loses numbers in public.

    Attributes
    ----------
    section, row
        Where it stands in the document that was given.
    reason
        `base`: too few respondents; `complementary`: something hidden could be worked out from it; `count`: it counts
        few respondents; `response`: the response rate is too low; `single`: it is one respondent's answer.
    """

    section: str
    row: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Public:
    """A document for everybody, and what was taken out of it."""

    document: dict[str, Any]
    hidden: tuple[HiddenCell, ...] = ()


def public_document(document: Document, policy: Policy | None, *, complementary: bool = True) -> Public:
    """Return what may be shown of a results document.

    Parameters
    ----------
    document
        From ``results_document`` or ``read_results``; it is not changed.
    policy
        The limits; None hides nothing. A sample that is not a probability sample (`study.sampling`) loses its errors,
        intervals, tests and ranks whatever the policy.
    complementary
        False leaves shown what is not itself below a limit. Only for showing why that is not enough.

    Returns
    -------
    Public
        Every row has a `symbol`: that of a hidden figure, whose numbers are then None, of a low base, or none. The
        sections' notes say what was hidden and why.

    Notes
    -----
    Bases, weights and the sums of the groups count as known to the reader. No hidden figure can be worked out from
    those that are shown by linear relations: totals over groups, constructs and their items, trees, groups that are
    made up of other groups, differences, changes between waves (docs/methods/disclosure-control.md).
    """
    rules = policy or Policy()
    secrets = find_secrets(document, rules, complementary=complementary)
    made: dict[str, Any] = dict(document)
    hidden: list[HiddenCell] = []
    for section in sections_of(document):
        rows = rows_of(document, section)
        reasons = [reason_of(section, row, rules, secrets) for row in rows]
        hidden += [HiddenCell(section, i, reason) for i, reason in enumerate(reasons) if reason]
        public = [_row(section, row, rules, secrets, reason) for row, reason in zip(rows, reasons, strict=True)]
        notes = _kept_notes(document[section].get("notes") or (), secrets)
        notes += _told(section, rules, reasons, low=any(row["symbol"] == rules.symbols["low"] for row in public))
        made[section] = {"rows": _arranged(section, public), "notes": notes}
    study = dict(document.get("study") or {})
    study["notes"] = _kept_notes(study.get("notes") or (), secrets) + _told_of_study(rules, document, secrets)
    made["study"] = study
    if study.get("sampling") == "nonprobability":
        _drop_errors(made)
    return Public(made, tuple(hidden))


def _row(
    section: str, row: Mapping[str, Any], policy: Policy, secrets: Secrets, reason: Reason | None
) -> dict[str, Any]:
    symbol = policy.symbols["suppressed"]
    if reason is None:
        low = section not in COUNTED and policy.flags(row.get("n"), row.get("n_eff"))
        return dict(row) | {"symbol": policy.symbols["low"] if low else ""}
    if section == "questions":
        return without_counts(row, symbol, ("low", "high"))
    if section == "margins":
        return without_counts(row, symbol, ("n", "before"))
    if (
        section == "waves"
        and reason != "response"
        and not any(secrets.of_cell(cell) for cell in mentions(section, row, secrets.newest).own)
    ):
        return without_change(row, symbol)
    return blanked(row, symbol)


def _arranged(section: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a section as they stand in public."""
    if section == "quality":
        return nameless(rows)
    if section in ("words", "quotes"):
        return [row for row in rows if not row["symbol"]]
    if section != "ranks":
        return rows
    tables: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        key = (row["group_by"], row.get("within"), row.get("stratum"), row["measure"], row["statistic"])
        tables.setdefault(key, []).append(row)
    return [row for table in tables.values() for row in _league(table)]


def _league(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a league table without what is hidden; one unit alone has no rank."""
    marks = {row["symbol"] for row in table if row["rank"] is None}
    shown = [row for row in table if row["rank"] is not None]
    return list(
        counted_anew([blanked(row, marks.copy().pop()) for row in table] if marks and len(shown) < 2 else table)
    )


def _kept_notes(notes: Iterable[Mapping[str, Any]], secrets: Secrets) -> list[dict[str, Any]]:
    """Return the notes that tell nothing of a hidden group: how few there are is a secret too."""
    about = {f"{by}[{group}]" for by, group in (*secrets.groups, *secrets.options)}
    return [dict(note) for note in notes if note.get("about") not in about]


def _told(section: str, policy: Policy, reasons: Sequence[Reason | None], *, low: bool) -> list[dict[str, Any]]:
    """Return a section's notes on what it does not show, and on what it marks."""
    params: dict[str, str | int | float] = {
        "symbol": policy.symbols["suppressed"],
        "n": policy.min_n,
        "least": policy.least_count,
    }
    codes = {"base": "P110", "complementary": "P111", "count": "P112", "single": "P113", "response": ""}
    found = [code for reason, code in codes.items() if code and reason in reasons]
    if section in ("words", "quotes"):
        found = ["P114"] if found else []
    marked = [Note("P118", "", {"symbol": policy.symbols["low"], "n": policy.flag_n})] if low else []
    return [public_note(note) for note in (*(Note(code, "", params) for code in found), *marked)]


def _told_of_study(policy: Policy, document: Document, secrets: Secrets) -> list[dict[str, Any]]:
    notes = []
    if policy.min_response is not None:
        limit = {"limit": f"{100 * policy.min_response:g}%"}
        if response_rate(document) is None:
            notes.append(Note("P115", "", limit))
        elif secrets.refused:
            notes.append(Note("P116", "", limit))
    if (document.get("study") or {}).get("sampling") == "nonprobability":
        notes.append(Note("P117"))
    return [public_note(note) for note in notes]


def public_note(note: Note) -> dict[str, Any]:
    """Return a note as it stands in a public document."""
    return {"code": note.code, "about": note.about} | {tag: note.text(tag) for tag in NOTE_LANGUAGES}


def _drop_errors(made: dict[str, Any]) -> None:
    """Take out errors, intervals, tests and ranks: they would say something of people that nobody drew."""
    for section in sections_of(made):
        if section not in UNTOUCHED:
            rows = [] if section == "ranks" else [without_error(row) for row in made[section]["rows"]]
            made[section] = {"rows": rows, "notes": made[section]["notes"]}
