"""What was ticked or written on a posted page, as it stands in the data, and what is wrong with it.

The rules are those of the form's own script (``form/js/answers.js``); a property test holds both together. Here come
only the checks that a script in a browser does not need: codes that the page never offered, two answers where one must
stand, characters that no file of answers can carry.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from satmeter.collection.steps import sheets_of
from satmeter.form.controls import raw_of
from satmeter.form.layout import Entry
from satmeter.form.model import FieldProblem, RawAnswer
from satmeter.questionnaire.model import Questionnaire

Cell = int | float | str | list[str] | None

_BLANKS = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_BLANK = re.compile(f"[{_BLANKS}]")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_WRITTEN = 20_000
_UNKNOWN = FieldProblem("live_error_unknown")
_TWO_ANSWERS = FieldProblem("live_error_two")


@dataclass(frozen=True, slots=True)
class Posted:
    """The answers of one page.

    Attributes
    ----------
    values
        Variable to cell, sound answers only; None where nothing is ticked or written.
    problems
        Variable to what is wrong with it. A required question without an answer has both: the value None and a problem.
    raw
        Variable to what was posted, for showing the page again as it was left.
    """

    values: dict[str, Cell]
    problems: dict[str, FieldProblem]
    raw: dict[str, RawAnswer]


@dataclass(frozen=True, slots=True)
class _Spot:
    """An entry of a page, and what most answers to it are: one of its codes, ticked."""

    entry: Entry
    field: str
    ticked: Mapping[str, tuple[Cell, RawAnswer]]


@lru_cache(maxsize=64)
def _spots(questionnaire: Questionnaire) -> tuple[tuple[_Spot, ...], ...]:
    """Return the entries of every page; made once."""
    return tuple(
        tuple(_Spot(entry, f"v.{entry.id}", _ticked(entry)) for entry in sheet.entries)
        for sheet in sheets_of(questionnaire)
    )


def _ticked(entry: Entry) -> dict[str, tuple[Cell, RawAnswer]]:
    """Return code to what it means when it alone is ticked; nothing where more can be ticked or written."""
    if entry.written or entry.kind == "multiple":
        return {}
    raws = {choice.code: RawAnswer((choice.code,)) for choice in (*entry.choices, *entry.missing)}
    return {code: (cell_of(entry, raw), raw) for code, raw in raws.items()}


def posted(
    questionnaire: Questionnaire, page: int, fields: Mapping[str, Sequence[str]], shown: Collection[str]
) -> Posted:
    """Read the answers of a posted page.

    Parameters
    ----------
    questionnaire
        The one under which the response was opened.
    page
        Its number, from 1.
    fields
        Name to values as posted: ``v.<id>`` codes or text, ``m.<id>`` the missing code of a written answer. All other
        names are passed over.
    shown
        Variables that the page showed; others are neither read nor missed.

    Returns
    -------
    Posted

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> power = read_questionnaire("power-utility")
    >>> member = power.pages[0].members[0]
    >>> posted(power, 1, {f"v.{member}": ["no such code"]}, [member]).problems[member].word
    'live_error_unknown'
    """
    found = Posted({}, {}, {})
    shown = frozenset(shown)
    for spot in _spots(questionnaire)[page - 1]:
        name = spot.entry.id
        if name not in shown:
            continue
        codes = fields.get(spot.field, ())
        known = spot.ticked.get(codes[0]) if len(codes) == 1 else None
        if known is None:
            _check(found, spot.entry, _posted_raw(spot.entry, fields))
        else:
            found.values[name], found.raw[name] = known
    return found


def saved(questionnaire: Questionnaire, page: int, cells: Mapping[str, object]) -> Posted:
    """Read answers that the page's script sends while the respondent goes on, as cells.

    Parameters
    ----------
    questionnaire, page
        As in `posted`.
    cells
        Variable to cell as decoded from JSON; names that are not of this page are passed over, cells of a wrong kind
        are a problem.
    """
    found = Posted({}, {}, {})
    for spot in _spots(questionnaire)[page - 1]:
        name = spot.entry.id
        if name in cells:
            raw = raw_of(spot.entry, cells[name])
            if raw is None:
                found.problems[name] = _UNKNOWN
            else:
                _check(found, spot.entry, raw)
    return found


def cell_of(entry: Entry, raw: RawAnswer) -> Cell:
    """Return the cell of the data; missing codes are kept as they are.

    Examples
    --------
    >>> cell_of(Entry("x", "number", 1), RawAnswer(text=" １２．５０ "))
    12.5
    """
    if entry.kind == "multiple":
        return list(raw.picked) or None
    if not raw.picked:
        return _written_cell(entry, raw.text) if entry.written else None
    rated = entry.kind in ("scale", "range") and any(choice.code == raw.picked[0] for choice in entry.choices)
    return int(raw.picked[0]) if rated else raw.picked[0]


def problem_of(entry: Entry, raw: RawAnswer) -> FieldProblem | None:
    """Return what is wrong with an answer whose codes were all offered; None for a sound one.

    Examples
    --------
    >>> problem_of(Entry("x", "number", 1, low=0), RawAnswer(text="-1"))
    FieldProblem(word='error_low', fields={'low': 0})
    """
    if raw.picked:
        return None
    text = raw.text.strip(_BLANKS)
    if entry.written and text:
        return _written_problem(entry, text)
    if not entry.required:
        return None
    if entry.kind == "consent":
        return FieldProblem("error_consent")
    return FieldProblem("error_write" if entry.written else "error_choose")


def _posted_raw(entry: Entry, fields: Mapping[str, Sequence[str]]) -> RawAnswer:
    values = tuple(fields.get(f"v.{entry.id}", ()))
    if not entry.written:
        return RawAnswer(values)
    text = (values[0] if values else "").replace("\r\n", "\n").replace("\r", "\n")
    return RawAnswer(tuple(fields.get(f"m.{entry.id}", ())), text)


def _check(found: Posted, entry: Entry, raw: RawAnswer) -> None:
    """Add one answer to what was found."""
    found.raw[entry.id] = raw
    raw = _in_order(entry, raw)
    problem = _forged(entry, raw)
    if problem is None:
        problem = problem_of(entry, raw)
        cell = cell_of(entry, raw)
        if problem is None or (cell is None and raw.text.strip(_BLANKS) == ""):
            found.values[entry.id] = cell
    if problem is not None:
        found.problems[entry.id] = problem


def _in_order(entry: Entry, raw: RawAnswer) -> RawAnswer:
    """Bring ticked codes into the order of the questionnaire, each once; unknown ones last."""
    if len(raw.picked) < 2:
        return raw
    offered = [choice.code for choice in (*entry.choices, *entry.missing)]
    place = {code: number for number, code in enumerate(offered)}
    unique = sorted(dict.fromkeys(raw.picked), key=lambda code: place.get(code, len(offered)))
    return RawAnswer(tuple(unique), raw.text)


def _forged(entry: Entry, raw: RawAnswer) -> FieldProblem | None:
    """Return what a page with its script could not have posted."""
    substantive = {choice.code for choice in entry.choices}
    missing = {choice.code for choice in entry.missing}
    if not set(raw.picked) <= substantive | missing or len(raw.text) > _LONGEST_WRITTEN:
        return _UNKNOWN
    has_text = bool(raw.text.strip(_BLANKS))
    gone = [code for code in raw.picked if code in missing]
    if (gone and (has_text or len(raw.picked) > 1)) or (entry.kind != "multiple" and len(raw.picked) > 1):
        return _TWO_ANSWERS
    return None


def _written_cell(entry: Entry, text: str) -> Cell:
    plain = text.strip(_BLANKS)
    if plain == "":
        return None
    if entry.kind == "number":
        return _parse_number(plain)
    if entry.kind == "date":
        return plain if _is_date(plain) else None
    return _UNFIT.sub("\ufffd", plain)


def _written_problem(entry: Entry, text: str) -> FieldProblem | None:
    if entry.kind == "number":
        return _number_problem(entry, text)
    if entry.kind == "date":
        return None if _is_date(text) else FieldProblem("error_date")
    too_long = entry.max_length is not None and len(text) > entry.max_length
    return FieldProblem("error_max", {"max": entry.max_length or 0}) if too_long else None


def _number_problem(entry: Entry, text: str) -> FieldProblem | None:
    value = _parse_number(text)
    if value is None:
        return FieldProblem("error_number")
    bounds = {name: bound for name, bound in (("low", entry.low), ("high", entry.high)) if bound is not None}
    if bounds.get("low", value) <= value <= bounds.get("high", value):
        return None
    word = "error_both" if len(bounds) == 2 else f"error_{next(iter(bounds))}"
    return FieldProblem(word, {name: bound_text(bound) for name, bound in bounds.items()})


def bound_text(bound: float) -> str | int:
    """Return a bound as the form shows it: whole numbers without a fraction.

    Examples
    --------
    >>> bound_text(80.0), bound_text(0.5)
    (80, '0.5')
    """
    return int(bound) if float(bound).is_integer() else repr(bound)


def _parse_number(text: str) -> int | float | None:
    """Read figures; full-width ones, as Chinese keyboards write them, are figures too."""
    plain = _BLANK.sub("", unicodedata.normalize("NFKC", text).replace("\u2212", "-"))
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain)
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _is_date(text: str) -> bool:
    parts = _DATE.fullmatch(text)
    if parts is None:
        return False
    year, month, day = map(int, parts.groups())
    try:
        datetime.date(year or 400, month, day)  # the year 0 is a leap year, as 400 is
    except ValueError:
        return False
    return True
