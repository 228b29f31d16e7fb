"""Answers to questions as columns of numbers whose means are what is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from satmeter.measurement.answer_definitions import number_definition, ratio_definition, share_definition
from satmeter.measurement.definitions import Definition
from satmeter.measurement.quantity import Quantity
from satmeter.numerics.quantiles import weighted_quantile
from satmeter.numerics.ratio import linearised_ratio
from satmeter.numerics.trimmed import linearised_trimmed
from satmeter.questionnaire.model import Question
from satmeter.study.model import Study
from satmeter.study.plan import Answers
from satmeter.study.score_keys import answered_questions

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

QUANTILES = {"quantile25": 0.25, "median": 0.5, "quantile75": 0.75}
_FLAT = 1e-9
"""Part of their size within which the values of a linearised variable are taken as equal."""


@dataclass(frozen=True, eq=False)
class AnswerColumn:
    """One figure before it is estimated.

    Attributes
    ----------
    values
        shape (members,), NaN for those who do not count; its mean is the figure, or for a quantile the share of the
        answers that are not above it.
    quantity
        What the mean is taken as; its column number is set when columns are put side by side.
    kept
        Answers behind a trimmed mean; None for other figures.
    quantile, answers
        The quantile itself, and the answers that it is of, shape (members,); None for other figures.
    """

    question: str
    option: str
    statistic: str
    definition: Definition
    values: FloatArray
    quantity: Quantity
    kept: int | None = None
    quantile: float | None = None
    answers: FloatArray | None = None


class AskedQuestions:
    """The questions that a plan names, read once; their columns are made for one group after the other."""

    def __init__(self, study: Study, wanted: Answers) -> None:
        self._study, self._trim = study, wanted.trim
        asked = study.questionnaire.questions
        named = tuple(asked[name] for name in wanted.questions)
        self.questions = named or answered_questions(study.questionnaire)
        self._ratios = {name: (asked[a], asked[b]) for name, (a, b) in wanted.ratios.items()}
        self._options = {q.id: _chosen(study, q) for q in self.questions if q.type != "number"}

    @property
    def ratios(self) -> tuple[str, ...]:
        """Names of the ratios."""
        return tuple(self._ratios)

    def numbers(self, question: str) -> FloatArray:
        """Return the answers to a number question, shape (n,)."""
        return np.asarray(self._study.frame[question], dtype=np.float64)

    def columns(self, rows: BoolArray, group_by: str = "") -> list[AnswerColumn]:
        """Return the columns of the members of a group, shape (members,) each.

        Questions that nobody in it answered have none, and so has the question that makes the groups.
        """
        found: list[AnswerColumn] = []
        weights = self._study.weights[rows]
        for question in (q for q in self.questions if q.id != group_by):
            make = self._number if question.type == "number" else self._shares
            found += make(question, rows, weights)
        for name in self._ratios:
            found += self._ratio(name, rows, weights)
        return found

    def _shares(self, question: Question, rows: BoolArray, weights: FloatArray) -> Iterator[AnswerColumn]:
        chosen = self._options[question.id][rows]
        if np.isnan(chosen).all():
            return
        weighted = self._study.weighted
        meaning = share_definition("share_cases", question, weighted)
        for k, option in enumerate(question.options):
            quantity = Quantity((0,), "share", 0.0, 1.0)
            yield AnswerColumn(question.id, option.code, "share_cases", meaning, chosen[:, k], quantity)
        if question.type != "multiple":
            return
        meaning = share_definition("share_answers", question, weighted)
        count = np.repeat(chosen.sum(axis=1)[:, None], chosen.shape[1], axis=1)
        parts = linearised_ratio(chosen, count, weights)
        quantity = Quantity((0,), "part", 0.0, 1.0, each=float(np.nanmean(count[:, 0])))
        for k, option in enumerate(question.options):
            yield AnswerColumn(question.id, option.code, "share_answers", meaning, _levelled(parts[:, k]), quantity)

    def _number(self, question: Question, rows: BoolArray, weights: FloatArray) -> Iterator[AnswerColumn]:
        answers = self.numbers(question.id)[rows]
        inside = ~np.isnan(answers)
        if not inside.any():
            return
        low = -np.inf if question.low is None else question.low
        high = np.inf if question.high is None else question.high
        quantity, share = Quantity((0,), "mean", low, high), Quantity((0,), "mean", 0.0, 1.0)
        x, weights = answers[inside], weights[inside]

        def meaning(statistic: str) -> Definition:
            return number_definition(statistic, self._trim, self._study.weighted)

        yield AnswerColumn(question.id, "", "mean", meaning("mean"), answers, quantity)
        for name, value in zip(QUANTILES, weighted_quantile(x, weights, list(QUANTILES.values())), strict=True):
            below = np.where(inside, answers <= value, np.nan)
            about = (question.id, "", name, meaning(name))
            yield AnswerColumn(*about, below, share, quantile=float(value), answers=answers)
        trimmed = linearised_trimmed(x, weights, self._trim)
        column = np.full(len(answers), np.nan)
        column[inside] = _levelled(trimmed.column)
        yield AnswerColumn(question.id, "", "trimmed_mean", meaning("trimmed_mean"), column, quantity, trimmed.kept)

    def _ratio(self, name: str, rows: BoolArray, weights: FloatArray) -> Iterator[AnswerColumn]:
        over, under = self._ratios[name]
        column = _levelled(linearised_ratio(self.numbers(over.id)[rows], self.numbers(under.id)[rows], weights))
        if np.isnan(column).all():
            return
        meaning = ratio_definition(over, under, self._study.weighted)
        yield AnswerColumn(name, "", "ratio", meaning, column, Quantity((0,), "mean", -np.inf, np.inf))


def _chosen(study: Study, question: Question) -> FloatArray:
    """Return which options were chosen, shape (n, options), NaN in the rows of those who did not answer."""
    codes, answers = pd.factorize(study.frame[question.id])
    table = np.full((len(answers) + 1, len(question.options)), np.nan)  # the last row stands for the code −1: no answer
    for row, answer in enumerate(answers):
        given = answer if question.type == "multiple" else (answer,)
        table[row] = [option.code in given for option in question.options]
    return np.asarray(table[codes], dtype=np.float64)


def _levelled(column: FloatArray) -> FloatArray:
    """Return a column whose values are exactly equal where they differ by rounding only."""
    seen = column[~np.isnan(column)]
    if len(seen) and np.ptp(seen) <= _FLAT * np.abs(seen).max():
        return np.where(np.isnan(column), np.nan, seen[0])
    return column
