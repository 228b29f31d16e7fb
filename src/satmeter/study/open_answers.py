"""Answers to text questions as the study needs them: the codes that coders gave, and whether words can be had."""

from __future__ import annotations

import re
from importlib.util import find_spec

import numpy as np
import pandas as pd

from satmeter.errors import Problem, StudyError
from satmeter.questionnaire.spec import listed, nearest
from satmeter.responses.model import Responses
from satmeter.study.masking import HAN
from satmeter.study.plan import Plan, Verbatim

_JOINED = re.compile(r"[;；┋|,，、]")


def coded_themes(plan: Plan, responses: Responses) -> dict[str, pd.DataFrame]:
    """Return what coders found: text question to a table with a column of booleans for every theme.

    Parameters
    ----------
    plan, responses
        Rows of the tables are those of the responses.

    Raises
    ------
    StudyError
        S079, the data have no such column; S075, cells that hold something else than codes of themes, by line.
    """
    return {v.question: _table(v, v.coded, responses, plan.file) for v in plan.verbatims if v.coded}


def _table(verbatim: Verbatim, column: str, responses: Responses, file: str) -> pd.DataFrame:
    about = ("column", column)
    columns = [str(name) for name in responses.other.columns]
    if column not in columns:
        near, named = nearest(column, columns), {"choices": listed(columns) or "–"}
        raise StudyError(Problem("S079", file, verbatim.line, about=about, suggestion=near, params=named))
    cells = responses.other[column].map(lambda cell: "" if cell is None else str(cell))
    found = [{code.strip() for code in _JOINED.split(cell)} - {""} for cell in cells]
    names = [theme.id for theme in verbatim.themes]
    unknown = np.array([not codes <= set(names) for codes in found], dtype=np.bool_)
    if unknown.any():
        lines = [str(line) for line in responses.row.to_numpy()[unknown].tolist()]
        params: dict[str, str | int] = {"n": len(lines), "rows": listed(lines, 5), "choices": listed(names)}
        raise StudyError(Problem("S075", file, verbatim.line, about=about, params=params))
    table = {name: np.array([name in codes for codes in found], dtype=np.bool_) for name in names}
    return pd.DataFrame(table, index=responses.frame.index)


def need_segmentation(plan: Plan, responses: Responses) -> None:
    """Complain before anything is computed where words of Chinese answers are wanted and nothing can cut them.

    Raises
    ------
    StudyError
        S077.
    """
    for verbatim in plan.verbatims:
        if verbatim.themes or find_spec("jieba") is not None:
            continue
        answers = responses.frame[verbatim.question].dropna()
        if any(re.search(f"[{HAN}]", str(answer)) for answer in answers):
            raise StudyError(Problem("S077", plan.file, verbatim.line, about=("key", f"verbatims.{verbatim.question}")))
