"""Rows of answers to choice, multiple and number questions."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.errors import Note


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One figure of one question, or of a ratio of two, overall (`group_by` and `group` empty) or in one group.

    `share_cases` is the part of those who answered that chose the option, `share_answers` the option's part of all
    that was chosen (multiple questions only): 0–1. `mean`, `trimmed_mean`, `quantile25`, `median`, `quantile75` are in
    the units of the question, `ratio` in those of its two questions. `n` counts respondents with an answer.
    """

    question: str  # or the name of a ratio
    option: str  # code, empty for numbers
    statistic: str  # share_cases | share_answers | mean | median | trimmed_mean | quantile25 | quantile75 | ratio
    group_by: str
    group: str
    definition: dict[str, str]  # language to words
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    n: int
    n_eff: float | None
    deff: float | None


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Rows of all questions that the plan names, and what must be known about them."""

    rows: tuple[AnswerRow, ...] = ()
    notes: tuple[Note, ...] = ()
