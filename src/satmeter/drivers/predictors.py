"""Columns of a regression: constructs as scores, choices as dummies, numbers as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Kind = Literal["construct", "choice", "number"]


@dataclass(frozen=True, eq=False)
class Predictor:
    """One driver or control of one outcome.

    Attributes
    ----------
    name
        Id of the construct or question.
    kind
        What it is.
    terms
        Names of its columns: the id, or ``question[option]`` for every option but the reference.
    columns
        shape (n, len(terms)), NaN where missing.
    control
        Whether it is a control: in the regression, but without a share of importance.
    reference
        The option that the others are compared with; '' unless it is a choice.
    """

    name: str
    kind: Kind
    terms: tuple[str, ...]
    columns: FloatArray
    control: bool
    reference: str = ""


def build_predictors(
    study: Study, outcome: str, names: tuple[str, ...]
) -> tuple[list[Predictor], BoolArray, list[Note]]:
    """Turn the predecessors of an outcome, and the plan's controls, into columns.

    Parameters
    ----------
    study
        The study.
    outcome
        A construct.
    names
        Its predecessors: constructs or questions.

    Returns
    -------
    predictors
        Drivers first, then controls.
    complete
        shape (n,), the respondents that have the outcome and all predictors.
    notes
        Predecessors that were left out (wrong type, answered by nobody), and the reference of every choice.
    """
    return predictors_of(study, outcome, names, ~np.isnan(np.asarray(study.construct_scores[outcome], np.float64)))


def predictors_of(
    study: Study, outcome: str, names: tuple[str, ...], answered: BoolArray
) -> tuple[list[Predictor], BoolArray, list[Note]]:
    """Turn names into columns, as ``build_predictors`` does, for any outcome that respondents `answered` (n,)."""
    controls = tuple(c for c in study.plan.controls if c != outcome)
    wanted = [n for n in dict.fromkeys(names) if n not in controls and n != outcome] + list(dict.fromkeys(controls))
    kinds: dict[str, Kind] = {}
    notes: list[Note] = []
    for name in wanted:
        kind, type_name = _kind(study, name)
        if kind is None:
            notes.append(Note("D107", name, {"outcome": outcome, "type": type_name}))
        else:
            kinds[name] = kind
    complete = np.array(answered, dtype=np.bool_)
    for name in tuple(kinds):
        own = _answered(study, name, kinds[name])
        if own.any():
            complete &= own
        else:
            notes.append(Note("D109", name, {"outcome": outcome}))
            del kinds[name]
    predictors = [_predictor(study, name, kind, complete, name in controls) for name, kind in kinds.items()]
    notes += [Note("D110", p.name, {"outcome": outcome, "reference": p.reference}) for p in predictors if p.reference]
    return predictors, complete, notes


def _kind(study: Study, name: str) -> tuple[Kind | None, str]:
    if name in study.questionnaire.constructs:
        return "construct", "construct"
    question = study.questionnaire.questions.get(name)
    if question is None:
        return None, "item" if name in study.questionnaire.items else "unknown"
    if question.type == "choice" or question.type == "number":
        return question.type, question.type
    return None, question.type


def _answered(study: Study, name: str, kind: Kind) -> BoolArray:
    values = study.construct_scores[name] if kind == "construct" else study.frame[name]
    return np.asarray(values.notna(), dtype=bool)


def _predictor(study: Study, name: str, kind: Kind, complete: BoolArray, control: bool) -> Predictor:
    if kind == "construct":
        column = np.asarray(study.construct_scores[name], dtype=np.float64)
        return Predictor(name, kind, (name,), column[:, None], control)
    if kind == "number":
        return Predictor(name, kind, (name,), np.asarray(study.frame[name], dtype=np.float64)[:, None], control)
    answers = np.asarray(study.frame[name], dtype=object)
    occurring = set(answers[complete])
    options = [o.code for o in study.questionnaire.questions[name].options if o.code in occurring]
    columns = np.array([answers == code for code in options[1:]], dtype=np.float64).reshape(-1, len(answers)).T
    columns[~_answered(study, name, kind)] = np.nan
    terms = tuple(f"{name}[{code}]" for code in options[1:])
    return Predictor(name, kind, terms, columns, control, options[0] if len(options) > 1 else "")
