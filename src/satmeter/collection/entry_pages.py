"""What the pages of keyers and leads show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from satmeter.collection.agents_file import Agent
from satmeter.collection.bodies import one
from satmeter.collection.entry_report import entries_of, keyer_rates, shown
from satmeter.collection.entry_store import differences, place_for
from satmeter.collection.entry_tables import KeyedSheet
from satmeter.collection.keying import hint_of, numbers_of
from satmeter.collection.staff_pages import staff_word
from satmeter.collection.steps import sheets_of
from satmeter.form.layout import Entry
from satmeter.form.model import FieldProblem
from satmeter.form.words import word
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.piping import split_pipes

_MOST_LISTED = 200
_OUTCOMES = ("first", "agreed", "differs")


def home_context(
    sheets: Sequence[KeyedSheet], agent: Agent, language: str, *, same_keyer: bool, done: str
) -> dict[str, Any]:
    """Return what the first page shows: counts, and the sheets that this keyer can key a second time."""
    waiting = [sheet.number for sheet in sheets if place_for(sheet, agent.id, same_keyer=same_keyer) == 2]
    return {
        "waiting": waiting[:_MOST_LISTED],
        "counts": [
            (staff_word("sheets_once", language), sum(len(sheet.keyings) == 1 for sheet in sheets)),
            (staff_word("sheets_differ", language), sum(_is_open(sheet) for sheet in sheets)),
            (staff_word("sheets_settled", language), sum(sheet.settled for sheet in sheets)),
        ],
        "done": staff_word(f"keyed_{done}", language) if done in _OUTCOMES else "",
    }


def keying_context(
    questionnaire: Questionnaire,
    fields: Mapping[str, Sequence[str]],
    problems: Mapping[str, FieldProblem],
    language: str,
    *,
    spoken: str,
) -> dict[str, Any]:
    """Return what the page of one sheet shows: a line for every question, as it stands on the sheet."""
    return {
        "pages": [
            (number, [_line(questionnaire, entry, fields, problems, language) for entry in sheet.entries])
            for number, sheet in enumerate(sheets_of(questionnaire), start=1)
        ],
        "spoken": questionnaire.languages,
        "chosen": spoken or questionnaire.language,
    }


def differences_context(sheets: Sequence[KeyedSheet], questionnaire: Questionnaire, language: str) -> dict[str, Any]:
    """Return what a lead sees: every sheet on which something is open, and the error rates."""
    entries = entries_of(questionnaire)
    return {
        "open_sheets": [_open_sheet(sheet, questionnaire, entries, language) for sheet in sheets if _is_open(sheet)],
        "rates": [
            (rate.agent, rate.sheets, rate.n, rate.errors, f"{100 * rate.rate:.2f}%", _interval(rate.interval))
            for rate in keyer_rates(sheets)
            if rate.n
        ],
    }


def _is_open(sheet: KeyedSheet) -> bool:
    return len(sheet.keyings) == 2 and not sheet.settled


def _open_sheet(
    sheet: KeyedSheet, questionnaire: Questionnaire, entries: Mapping[str, Entry], language: str
) -> dict[str, Any]:
    rows = []
    for difference in differences(sheet):
        name, entry = difference.variable, entries.get(difference.variable)
        rows.append(
            {
                "id": name,
                "number": entry.number if entry else "",
                "text": _wording(questionnaire, name, language),
                "first": shown(entry, difference.first),
                "second": shown(entry, difference.second),
                "hint": hint_of(entry) if entry else "",
            }
        )
    return {"number": sheet.number, "keyers": [keying.agent for keying in sheet.keyings], "rows": rows}


def _line(
    questionnaire: Questionnaire,
    entry: Entry,
    fields: Mapping[str, Sequence[str]],
    problems: Mapping[str, FieldProblem],
    language: str,
) -> dict[str, Any]:
    problem = problems.get(entry.id)
    return {
        "id": entry.id,
        "number": entry.number,
        "kind": entry.kind,
        "text": _wording(questionnaire, entry.id, language),
        "hint": hint_of(entry),
        "numbers": numbers_of(entry),
        "low": "" if entry.low is None else f"{entry.low:.15g}",
        "high": "" if entry.high is None else f"{entry.high:.15g}",
        "value": one(fields, f"v.{entry.id}"),
        "problem": _told(problem, language) if problem else "",
    }


def _told(problem: FieldProblem, language: str) -> str:
    if problem.word == "live_error_unknown":
        return staff_word("no_box", language)
    return word(problem.word, language, problem.fields)


def _wording(questionnaire: Questionnaire, name: str, language: str) -> str:
    for table in (questionnaire.items, questionnaire.questions, questionnaire.checks):
        if name in table:
            pieces = split_pipes(table[name].text.get(language))
            return "".join("[…]" if is_name else piece for is_name, piece in pieces)
    return name


def _interval(bounds: tuple[float, float]) -> str:
    return "–".join(f"{100 * bound:.2f}%" for bound in bounds)
