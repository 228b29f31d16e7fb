"""What is typed from a sheet: numbers beside boxes become cells, and what cannot stand is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from satmeter.collection.answers import Cell, posted
from satmeter.collection.steps import sheets_of
from satmeter.form.controls import plain_number
from satmeter.form.layout import Entry
from satmeter.form.model import FieldProblem
from satmeter.form.paper_codes import paper_codes
from satmeter.questionnaire.model import Questionnaire

ILLEGIBLE = "?"
"""Typed for what cannot be read."""
MISSING = "/"
"""Typed before the number of a box that stands beside a written answer."""

_UNKNOWN = FieldProblem("live_error_unknown")


@dataclass(frozen=True, slots=True)
class Typed:
    """A sheet as it was keyed.

    Attributes
    ----------
    cells
        Variable to cell, every variable of the questionnaire; None where the sheet is blank or cannot be read.
    illegible
        Variables that cannot be read.
    problems
        Variable to what cannot stand; such a sheet is not stored.
    """

    cells: Mapping[str, Cell]
    illegible: frozenset[str]
    problems: Mapping[str, FieldProblem]


def typed(questionnaire: Questionnaire, fields: Mapping[str, Sequence[str]]) -> Typed:
    """Read what was typed.

    Parameters
    ----------
    questionnaire
        The sheet's.
    fields
        ``v.<id>`` to one text. For boxes the number beside the ticked one, several with blanks or commas between them;
        for written answers the text itself, or `MISSING` and the number of a box; `ILLEGIBLE`; empty for a blank.

    Returns
    -------
    Typed
        Nothing is required: a sheet of paper holds what it holds.
    """
    cells: dict[str, Cell] = {}
    illegible, problems = set(), {}
    for page, sheet in enumerate(sheets_of(questionnaire), start=1):
        for entry in sheet.entries:
            text = "".join(fields.get(f"v.{entry.id}", ())[:1]).strip()
            cells[entry.id] = None
            if text == ILLEGIBLE:
                illegible.add(entry.id)
            elif text:
                raw = _as_posted(entry, text)
                found = posted(questionnaire, page, raw, (entry.id,)) if raw else None
                problem = found.problems.get(entry.id) if found else _UNKNOWN
                if problem is not None:
                    problems[entry.id] = problem
                elif found:
                    cells[entry.id] = found.values[entry.id]
    return Typed(cells, frozenset(illegible), problems)


def as_typed(entry: Entry, cell: Any, *, illegible: bool = False) -> str:
    """Return what is typed for a cell.

    Examples
    --------
    >>> from satmeter.form.layout import Choice
    >>> both = Entry("x", "multiple", 1, (Choice("a"), Choice("b")))
    >>> as_typed(both, ["a", "b"]), as_typed(both, None), as_typed(both, None, illegible=True)
    ('1 2', '', '?')
    """
    if illegible:
        return ILLEGIBLE
    if cell is None:
        return ""
    numbers = {code: number for number, code in paper_codes(entry).items()}
    if entry.written:
        text = cell if isinstance(cell, str) else plain_number(cell)
        return MISSING + numbers[text] if text in numbers and isinstance(cell, str) else text
    codes = cell if isinstance(cell, list) else [cell]
    return " ".join(numbers.get(str(code), str(code)) for code in codes)


def hint_of(entry: Entry) -> str:
    """Return the numbers that can be typed for boxes, e.g. ``1–5 98``."""
    own = [number for number, code in paper_codes(entry).items() if code in {choice.code for choice in entry.choices}]
    rest = [number for number in paper_codes(entry) if number not in own]
    short = f"{own[0]}\N{EN DASH}{own[-1]}" if len(own) > 2 and _in_a_row(own) else " ".join(own)
    marked = [MISSING + number for number in rest] if entry.written else rest
    return " ".join([short, *marked]).strip()


def numbers_of(entry: Entry) -> str:
    """Return all that can be typed for boxes, for the page's script: numbers with blanks between them."""
    numbers = list(paper_codes(entry))
    return " ".join(MISSING + number for number in numbers) if entry.written else " ".join(numbers)


def _in_a_row(numbers: Sequence[str]) -> bool:
    return [int(number) for number in numbers] == list(range(int(numbers[0]), int(numbers[0]) + len(numbers)))


def _as_posted(entry: Entry, text: str) -> dict[str, list[str]]:
    """Return the fields that a page on the web would post; none where a number stands beside no box."""
    codes = paper_codes(entry)
    if not entry.written:
        numbers = text.replace(",", " ").replace("\N{FULLWIDTH COMMA}", " ").replace("、", " ").split()
        if any(number not in codes for number in numbers) or not numbers:
            return {}
        return {f"v.{entry.id}": [codes[number] for number in numbers]}
    if text.startswith(MISSING) and entry.missing:
        code = codes.get(text.removeprefix(MISSING).strip(), "")
        return {f"m.{entry.id}": [code]} if code else {}
    return {f"v.{entry.id}": [text]}
