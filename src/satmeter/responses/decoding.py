"""Columns of text turned into codes, with the reason of every cell that holds none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.errors import Note, Problem
from satmeter.questionnaire.model import Question, Questionnaire
from satmeter.responses.codebook import decoder_of
from satmeter.responses.model import Unknown
from satmeter.responses.table import first_few

_MOST = 0.5  # share of unknown answers above which a column is refused

ObjectArray = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Decoded:
    """One column in codes.

    Attributes
    ----------
    values
        shape (n,), float64 for scales and numbers, object otherwise.
    missing
        shape (n,), reason or ''.
    blank
        shape (n,), whether the cell was empty (not even a missing code).
    """

    values: npt.NDArray[np.float64] | ObjectArray
    missing: ObjectArray
    blank: npt.NDArray[np.bool_]
    unknown: tuple[Unknown, ...] = ()
    note: Note | None = None
    problem: Problem | None = None


def is_numeric(questionnaire: Questionnaire, variable: str) -> bool:
    """Tell whether the answers of a variable are numbers: items, checks and `number` questions."""
    question = questionnaire.questions.get(variable)
    return question is None or question.type == "number"


def decode_column(
    questionnaire: Questionnaire,
    variable: str,
    column: str,
    cells: list[str],
    lines: npt.NDArray[np.int64],
    *,
    file: str = "",
) -> Decoded:
    """Decode one column; every distinct text is looked up once.

    Parameters
    ----------
    column
        Name in the source, for messages.
    cells
        Text of every respondent.
    lines
        shape (n,), line of every respondent in the source.
    file
        Name of the source, for messages.

    Returns
    -------
    Decoded
        `problem` is R018 where more than half of the filled cells are not in the codebook; otherwise `note` is R104
        where any is not.
    """
    decode = decoder_of(questionnaire, variable)
    codes, texts = pd.factorize(np.asarray(cells, dtype=object))
    decoded = [decode(str(text)) for text in texts]
    if is_numeric(questionnaire, variable):
        numbers = np.array([np.nan if c.value is None else c.value for c in decoded], dtype=float)
        values: npt.NDArray[np.float64] | ObjectArray = numbers[codes]
    else:
        objects = np.empty(len(decoded), dtype=object)
        for i, cell in enumerate(decoded):
            objects[i] = cell.value  # one by one: numpy would take tuples for a second axis
        values = objects[codes]
    reasons = np.array([c.missing or ("no_answer" if c.unknown else "") for c in decoded], dtype=object)
    empty = np.array([c.blank for c in decoded], dtype=bool)
    strange = np.array([c.unknown is not None for c in decoded], dtype=bool)[codes]
    at = np.flatnonzero(strange)
    unknown = tuple(Unknown(variable, column, int(lines[i]), str(decoded[codes[i]].unknown)) for i in at)
    note, problem = _judge(questionnaire, variable, column, lines[at].tolist(), int((~empty[codes]).sum()), file)
    return Decoded(values, reasons[codes], empty[codes], unknown, note, problem)


def _judge(
    questionnaire: Questionnaire, variable: str, column: str, lines: list[int], filled: int, file: str
) -> tuple[Note | None, Problem | None]:
    if not lines:
        return None, None
    params: Mapping[str, str | int] = {
        "n": len(lines),
        "filled": filled,
        "rows": first_few(lines),
        "column": column,
        "expected": _expected(questionnaire, variable),
    }
    if len(lines) > _MOST * filled:
        return None, Problem("R018", file, lines[0], about=("column", column), params=params)
    return Note("R104", variable, params), None


def _expected(questionnaire: Questionnaire, variable: str) -> str:
    scale = questionnaire.scale_of(variable)
    if scale is not None:
        codes = [str(code) for code in scale.codes]
        codes = codes if len(codes) <= 11 else [codes[0], "…", codes[-1]]
    else:
        question = questionnaire.questions[variable]
        codes = [option.code for option in question.options[:12]] or [_form_of(question)]
    codes += [code.code for code in questionnaire.missing_of(variable)]
    return ", ".join(re.sub(r"^-(?=\d)", "\N{MINUS SIGN}", code) for code in codes)


def _form_of(question: Question) -> str:
    """Return what an answer looks like, in no language."""
    if question.type == "number":
        low = "-∞" if question.low is None else f"{question.low:.15g}"
        high = "∞" if question.high is None else f"{question.high:.15g}"
        return f"{low}–{high}".replace("-", "\N{MINUS SIGN}")
    return {"date": "YYYY-MM-DD", "consent": "yes, no"}.get(question.type, "…")
