"""What a cell may hold: codes and labels of one variable, in every language of the questionnaire."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from satmeter.questionnaire.model import MissingCode, Option, Question, Questionnaire, Scale
from satmeter.responses.wording import comparable

Value = float | str | tuple[str, ...]
UnknownKind = Literal["out_of_range", "unknown_label", "not_a_number", "not_a_date"]

_EMPTY = {"(空)", "(未填写)", "(empty)", "-2", "-2.0"}  # marks of survey platforms
_GUARDED = re.compile(r"'+[=+\-@\t\r]")  # the form's guard against formulas: one apostrophe too many
_BLANK = _EMPTY | {"na", "n/a", "#n/a", "nan", "null", "none", "."}  # of statistics programs; a text answer may say so
_SKIPPED = {"(跳过)", "(skipped)", "-3", "-3.0"}  # -3 and -2 are the numeric marks of wjx.cn
_CODED = re.compile(
    r"[(\[]?([+-]?\d+)(?:\.0*)?[)\]]?\s*(分|星|点|points?|stars?)?\s*[-—–_.、:=,]*\s*(.*)", re.IGNORECASE
)
_LETTER = re.compile(r"^[A-Za-z]\s*[.、．:：)）]\s*")
_OPEN_TEXT = re.compile(r"[〖┊].*$", re.DOTALL)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")
_SEPARATORS = ("┋", ";", "|", ",", "、", "\n")
_CONSENT = {
    "yes": ("yes", "y", "1", "true", "agree", "i agree", "是", "同意", "我同意"),
    "no": ("no", "n", "0", "false", "disagree", "i do not agree", "否", "不同意", "我不同意"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One decoded text: a value, or why it is missing (with the missing code, if any), or why it is not known."""

    value: Value | None = None
    missing: str = ""
    unknown: UnknownKind | None = None
    blank: bool = False
    code: str = field(default="", compare=False)


Decoder = Callable[[str], Cell]


def decoder_of(questionnaire: Questionnaire, variable: str) -> Decoder:
    """Return the function that decodes the cells of one variable.

    A text is tried as a missing code, as a code, as a label in any language, then as a code with its label
    (``4-同意``, ``4分``, ``A. 同意``); width, case and spaces do not matter, but an exact code goes first.

    Parameters
    ----------
    questionnaire
        Holds the variable.
    variable
        Id of an item, check or question.

    Returns
    -------
    callable
        Text to `Cell`. Blank cells have the reason ``no_answer``, cells marked as skipped ``not_asked``; so have the
        marks -2 and -3, unless they are codes of the variable.
    """
    missing = _missing_texts(questionnaire.missing_of(variable))
    scale = questionnaire.scale_of(variable)
    if scale is not None:
        read = _scale_reader(scale)
    else:
        question = questionnaire.questions[variable]
        read = {
            "choice": _choice_reader,
            "multiple": _multiple_reader,
            "number": _number_reader,
            "text": lambda _question: _as_written,
            "date": lambda _question: _date,
            "consent": _consent_reader,
        }[question.type](question)
    keeps_words = scale is None and questionnaire.questions[variable].type == "text"

    def decode(text: str) -> Cell:
        bare = unicodedata.normalize("NFKC", text).strip()
        if not bare:
            return Cell(missing="no_answer", blank=True)
        found = missing.get(bare) or missing.get(comparable(bare))
        if found:
            return Cell(missing=found.reason, code=found.code)
        cell = read(text if keeps_words else bare)
        if cell.unknown or keeps_words:
            if bare.casefold() in _SKIPPED:
                return Cell(missing="not_asked")
            if bare.casefold() in (_EMPTY if keeps_words else _BLANK):
                return Cell(missing="no_answer", blank=True)
        return cell

    return decode


def _missing_texts(codes: Iterable[MissingCode]) -> dict[str, MissingCode]:
    texts: dict[str, MissingCode] = {}
    for code in codes:
        texts[code.code] = code
    for code in codes:
        forms = [comparable(code.code), *(comparable(text) for _, text in code.label.by_language if text)]
        if re.fullmatch(r"[+-]?\d+", code.code):
            forms.append(f"{code.code}.0")
        for form in forms:
            texts.setdefault(form, code)
    return texts


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return text to code without the texts that stand for several codes."""
    found: dict[str, set[str]] = {}
    for text, code in pairs:
        found.setdefault(text, set()).add(code)
    return {text: next(iter(codes)) for text, codes in found.items() if len(codes) == 1}


def _scale_reader(scale: Scale) -> Decoder:
    codes = set(scale.codes)
    labels = _unique(
        (comparable(text), str(point.code)) for point in scale.points for _, text in point.label.by_language if text
    )

    def read(text: str) -> Cell:
        number = _number(text)
        if number is not None:
            return Cell(value=number) if number in codes else Cell(unknown="out_of_range")
        form = comparable(text)
        if form in labels:
            return Cell(value=float(labels[form]))
        coded = _CODED.fullmatch(form)
        if coded:
            code, rest = int(coded.group(1)), comparable(coded.group(3))
            if code in codes and (labels.get(rest) == str(code) or (not rest and coded.group(2))):
                return Cell(value=float(code))
        return Cell(unknown="unknown_label")

    return read


def option_finder(options: tuple[Option, ...]) -> Callable[[str], str | None]:
    """Return the function that finds the code of the option that a text names, None for no option."""
    exact = {option.code: option.code for option in options}
    folded = _unique((comparable(option.code), option.code) for option in options)
    labels = _unique(
        (comparable(text), option.code) for option in options for _, text in option.label.by_language if text
    )

    def find(text: str) -> str | None:
        for form in (text.strip(), comparable(text)):
            code = exact.get(form) or folded.get(form) or labels.get(form)
            if code:
                return code
        number = _number(text)
        if number is not None and number.is_integer() and str(int(number)) in exact:
            return str(int(number))
        bare = comparable(_LETTER.sub("", _OPEN_TEXT.sub("", text)).strip())
        if bare in labels:
            return labels[bare]
        head, _, rest = comparable(text).partition(" ") if " " in text else _parted(comparable(text))
        code = folded.get(head.rstrip(".-、:="))
        return code if code and labels.get(comparable(rest.lstrip(".-、:= "))) == code else None

    return find


def _parted(text: str) -> tuple[str, str, str]:
    found = re.match(r"([^.\-—、:=]+)([.\-—、:=]+)(.*)", text)
    return (found.group(1), found.group(2), found.group(3)) if found else (text, "", "")


def _choice_reader(question: Question) -> Decoder:
    find = option_finder(question.options)

    def read(text: str) -> Cell:
        code = find(text)
        return Cell(value=code) if code else Cell(unknown="unknown_label")

    return read


def _multiple_reader(question: Question) -> Decoder:
    find = option_finder(question.options)
    order = {option.code: i for i, option in enumerate(question.options)}

    def read(text: str) -> Cell:
        alone = find(text)
        if alone:
            return Cell(value=(alone,))
        for separator in _SEPARATORS:
            parts = [part for part in text.split(separator) if part.strip()]
            codes = [find(part) for part in parts]
            if len(parts) > (0 if separator in text else 1) and all(codes):
                return Cell(value=tuple(sorted({c for c in codes if c}, key=order.__getitem__)))
        return Cell(unknown="unknown_label")

    return read


def _number_reader(question: Question) -> Decoder:
    low = -math.inf if question.low is None else question.low
    high = math.inf if question.high is None else question.high

    def read(text: str) -> Cell:
        number = _number(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)
        if number is None:
            return Cell(unknown="not_a_number")
        return Cell(value=number) if low <= number <= high else Cell(unknown="out_of_range")

    return read


def _consent_reader(question: Question) -> Decoder:
    if question.options:
        return _choice_reader(question)
    words = {word: value for value, spellings in _CONSENT.items() for word in spellings}

    def read(text: str) -> Cell:
        value = words.get(comparable(text))
        return Cell(value=value) if value else Cell(unknown="unknown_label")

    return read


def guard_again(text: str) -> str:
    """Return a text that no spreadsheet guarded so that reading, which takes one guard away, leaves it as it is.

    Examples
    --------
    >>> guard_again("'=1"), guard_again("=1"), guard_again("4")
    ("''=1", '=1', '4')
    """
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Return a text without the apostrophe that keeps spreadsheets from taking it for a formula.

    Examples
    --------
    >>> unguarded("'=1"), unguarded("''=1"), unguarded("'t Hooft")
    ('=1', "'=1", "'t Hooft")
    """
    return text[1:] if _GUARDED.match(text) else text


def _as_written(text: str) -> Cell:
    return Cell(value=unguarded(text))


def _date(text: str) -> Cell:
    found = _DATE.fullmatch(text)
    if found:
        try:
            return Cell(value=datetime.date(*(int(part) for part in found.groups())).isoformat())
        except ValueError:
            pass
    return Cell(unknown="not_a_date")


def _number(text: str) -> float | None:
    """Return the finite number that a text spells in plain digits, else None."""
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
