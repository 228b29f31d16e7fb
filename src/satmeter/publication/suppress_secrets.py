"""What of a document stays hidden, and why a row loses its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from satmeter.publication.suppress_cells import (
    Cell,
    Document,
    Facts,
    cells_of,
    mentions,
    newest_wave,
    rest_cells,
    rest_units,
    rows_of,
    silent_cells,
    silent_units,
    units_of,
)
from satmeter.publication.suppress_choice import complement
from satmeter.publication.suppress_protection import hidden_options, hidden_units, too_narrow
from satmeter.publication.suppress_relations import relations_of, unit_relations
from satmeter.study.policy import Policy

Reason = Literal["base", "complementary", "count", "response", "single"]

UNTOUCHED = ("disposition", "response", "contacts", "disclosure", "weighting", "quality", "wave_changes")
"""Sections that say how the study went; no limit of the policy is meant for them."""

COUNTED = ("sample", "questions", "margins", "distributions", "words", "quotes", *UNTOUCHED)
"""Sections whose `n` is not the base of a figure."""

RESPONSE_RATE = "rr1"


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everything that stays hidden.

    Attributes
    ----------
    cells
        Cell to the reason.
    groups
        Question and option of the groups of the study that are hidden as a whole, with the reason.
    options
        Question and option whose counts are hidden.
    few
        Questions of which an option is hidden, or was chosen by too few for a figure.
    themes
        Question and theme that too few named.
    refused
        Whether the response rate is too low for anything to be shown.
    newest
        The wave that the document is about.
    """

    cells: Mapping[Cell, Reason]
    groups: Mapping[tuple[str, str], Reason]
    options: frozenset[tuple[str, str]]
    few: frozenset[str]
    themes: frozenset[tuple[str, str]]
    refused: bool
    newest: str

    def of_cell(self, cell: Cell) -> Reason | None:
        """Return why a cell is hidden; None where it is not."""
        own = self.cells.get(cell)
        return own or (None if cell.wave else self.groups.get((cell.group_by, cell.group)))


def find_secrets(document: Document, policy: Policy, *, complementary: bool = True) -> Secrets:
    """Return what a policy hides of a document.

    Parameters
    ----------
    document, policy
        The results and the limits.
    complementary
        Whether to hide also what would tell a hidden figure.
    """
    cells = cells_of(document)
    units = units_of(document, cells)
    silent = silent_units(document, units, cells) if complementary else {}
    rests = rest_cells(document, cells) if complementary else {}
    few = {unit: n for unit, n in (silent | rest_units(cells, rests)).items() if policy.hides(n, None)}
    untold = silent_cells(cells, silent) | rests
    units |= few
    cells |= {cell: facts for cell, facts in untold.items() if cell.unit in few or policy.hides(facts.n)}
    rate = response_rate(document)
    refused = policy.min_response is not None and rate is not None and rate < policy.min_response
    small = {c for c, facts in cells.items() if policy.hides(facts.n, facts.n_eff)}
    groups = _groups(document, units, cells, policy, complementary=complementary)
    reasons: dict[Cell, Reason] = {c: groups[c.unit] for c in cells if c.unit in groups}
    reasons |= dict.fromkeys(small, "base")
    if complementary and reasons:
        base = {cell for cell, reason in reasons.items() if reason == "base"}
        reasons |= dict.fromkeys(_secondary(document, cells, units, set(reasons), base), "complementary")
    mine = {(by, group): reason for (wave, by, group), reason in groups.items() if group and not wave}
    options = hidden_options(document, policy, mine) if complementary else _small_options(document, policy, mine)
    rare = {
        (str(row["question"]), str(row["theme"]))
        for row in rows_of(document, "verbatims")
        if not row["group_by"] and row["mentions"] < policy.min_n
    }
    rarely = {question for question, _ in (*options, *mine)} | _few_chosen(document, policy)
    newest = newest_wave(document)
    return Secrets(reasons, mine, frozenset(options), frozenset(rarely), frozenset(rare), refused, newest)


def _few_chosen(document: Document, policy: Policy) -> set[str]:
    return {str(row["question"]) for row in rows_of(document, "sample") if 0 < (row.get("n") or 0) < policy.min_n}


def _small_options(document: Document, policy: Policy, groups: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    rows = rows_of(document, "sample")
    small = {(r["question"], r["option"]) for r in rows if 0 < (r.get("n") or 0) < policy.least_count}
    return {*small, *groups}


def _groups(
    document: Document,
    units: Mapping[tuple[str, str, str], float],
    cells: Mapping[Cell, Facts],
    policy: Policy,
    *,
    complementary: bool,
) -> dict[tuple[str, str, str], Reason]:
    """Return the groups that are hidden as a whole."""
    effective: dict[tuple[str, str, str], float] = {}
    for cell, facts in cells.items():
        if facts.n_eff < float("inf"):
            effective[cell.unit] = max(effective.get(cell.unit, 0.0), facts.n_eff)
    small = {
        Cell(*unit, "") for unit, n in units.items() if policy.hides(n, effective.get(unit)) or n < policy.least_count
    }
    gone = small
    if complementary and small:
        sizes = {Cell(*unit, ""): n for unit, n in units.items()}
        gone = hidden_units(sizes, unit_relations(document, units), policy, small)
    return {cell.unit: "base" if cell in small else "complementary" for cell in gone if cell.group_by}


def _secondary(
    document: Document,
    cells: Mapping[Cell, Facts],
    units: Mapping[tuple[str, str, str], float],
    gone: set[Cell],
    few: set[Cell],
) -> set[Cell]:
    """Return cells to hide besides, until no hidden one can be worked out, nor one of few bounded closely."""
    systems = relations_of(document, cells, units)
    cost = {cell: facts.n for cell, facts in cells.items()}
    hidden = set(gone)
    while True:
        hidden |= complement(hidden, systems, cost)
        narrow = next(too_narrow(few, hidden, systems[0], cells, document), None)
        if narrow is None:
            return hidden - gone
        shown = [c for c in narrow.terms if c not in hidden and c != narrow.everybody]
        hidden.add(min(shown, key=lambda c: (cost[c], c)))


def response_rate(document: Document) -> float | None:
    """Return AAPOR's RR1 of the study, of cases and not by design weight, 0–1; None where nobody knows it."""
    rows = [row for row in rows_of(document, "response") if not row.get("weighted")]
    rates = {row["statistic"]: row.get("estimate") for row in rows}
    return rates.get(RESPONSE_RATE)


def reason_of(section: str, row: Mapping[str, Any], policy: Policy, secrets: Secrets) -> Reason | None:
    """Return why a row loses numbers; None where it does not."""
    if section in UNTOUCHED:
        return None
    if section in ("sample", "margins", "questions"):
        return _reason_of_count(section, row, policy, secrets)
    if secrets.refused:
        return "response"
    if section in ("words", "quotes"):
        few = row.get("n") is not None and row["n"] < policy.min_n
        return "base" if few or (row["question"], row.get("theme")) in secrets.themes else None
    if section == "answers" and row.get("option") and (row["question"], row["option"]) in secrets.options:
        return "count"
    if str(row.get("term") or "").partition("[")[0] in secrets.few and "[" in str(row["term"]):
        return "count"
    if section == "comparisons" and row["method"] == "rest":
        nobody = Cell("", str(row["group_by"]), "", str(row["measure"]))
        if nobody in secrets.cells:
            return "complementary"
    own, change = mentions(section, row, secrets.newest)
    found = (secrets.of_cell(cell) for cell in (*own, *change))
    return next((reason for reason in found if reason), None) or _reason_of_base(section, row, policy)


def _reason_of_base(section: str, row: Mapping[str, Any], policy: Policy) -> Reason | None:
    if section in COUNTED:
        return None
    other = None if section == "waves" else row.get("n_other")
    return "base" if policy.hides(row.get("n"), row.get("n_eff")) or policy.hides(other) else None


def _reason_of_count(section: str, row: Mapping[str, Any], policy: Policy, secrets: Secrets) -> Reason | None:
    if section == "questions":
        return "single" if policy.min_n > 1 and row.get("low") is not None else None
    if section == "sample":
        return "count" if (row["question"], row["option"]) in secrets.options else None
    return "count" if _is_hidden_category(row, policy, secrets) else None


def _is_hidden_category(row: Mapping[str, Any], policy: Policy, secrets: Secrets) -> bool:
    questions, codes = str(row["margin"]).split("*"), str(row["category"]).split("*")
    parts = zip(questions, codes, strict=False)
    few = len(questions) > 1 and 0 < (row.get("n") or 0) < policy.least_count
    return few or any(part in secrets.options for part in parts)
