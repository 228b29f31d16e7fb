"""Columns that scores of units are adjusted for: choices as dummies, numbers as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Adjuster:
    """One question that respondents are compared by.

    Attributes
    ----------
    name
        The question.
    terms
        Its columns: ``question[option]`` for every option that occurs but the first, or the id of a number question.
    columns
        shape (n, terms), 0 where missing.
    answered
        shape (n,).
    reference
        The option that the others are compared with; '' for a number.
    """

    name: str
    terms: tuple[str, ...]
    columns: FloatArray
    answered: BoolArray
    reference: str


def adjusters_of(study: Study, names: Sequence[str], used: BoolArray) -> tuple[Adjuster, ...]:
    """Turn questions into columns.

    Parameters
    ----------
    study
        The study.
    names
        Choice and number questions.
    used
        shape (n,), respondents who enter; options that none of them chose have no column. Numbers are centred at their
        mean among these respondents, which changes no adjusted score.
    """
    return tuple(_adjuster(study, name, used) for name in names)


def _adjuster(study: Study, name: str, used: BoolArray) -> Adjuster:
    question = study.questionnaire.questions[name]
    answered = np.asarray(study.frame[name].notna(), dtype=np.bool_)
    if question.type == "number":
        values = np.asarray(study.frame[name], dtype=np.float64)
        there = answered & used
        centre = float(np.average(values[there], weights=study.weights[there])) if there.any() else 0.0
        return Adjuster(name, (name,), np.where(answered, values - centre, 0.0)[:, None], answered, "")
    answers = np.asarray(study.frame[name], dtype=object)
    occurring = set(answers[answered & used])
    options = [option.code for option in question.options if option.code in occurring]
    columns = np.array([answers == code for code in options[1:]], dtype=np.float64).reshape(-1, study.n).T
    terms = tuple(f"{name}[{code}]" for code in options[1:])
    return Adjuster(name, terms, columns, answered, options[0] if options else "")


def unit_filled(
    columns: FloatArray, answered: BoolArray, unit: npt.NDArray[np.int64], weights: FloatArray
) -> FloatArray:
    """Return the columns with the unit's mean where they were not answered, 0 where nobody of the unit answered.

    Parameters
    ----------
    columns
        shape (n, k).
    answered
        shape (n,).
    unit
        shape (n,), 0 … m − 1.
    weights
        shape (n,).

    Examples
    --------
    >>> x, seen = np.array([[1.0], [3.0], [0.0]]), np.array([True, True, False])
    >>> unit_filled(x, seen, np.zeros(3, dtype=np.int64), np.array([1.0, 3.0, 1.0])).ravel()
    array([1. , 3. , 2.5])
    """
    weight = weights * answered
    total = np.bincount(unit, weights=weight)
    sums = np.stack([np.bincount(unit, weights=weight * column) for column in columns.T], axis=1)
    mean = sums / np.where(total > 0, total, 1.0)[:, None]
    return np.asarray(np.where(answered[:, None], columns, mean[unit]), dtype=np.float64)
