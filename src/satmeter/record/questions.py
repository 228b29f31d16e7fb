"""Who was asked every question and who answered; statistics of the number questions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from satmeter.questionnaire.model import Question
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]


def question_rows(study: Study) -> list[dict[str, Any]]:
    """Return one row for every question: base, respondents asked, and the statistics of a number.

    Parameters
    ----------
    study
        The study; frequencies are expanded, so that counts are respondents.

    Returns
    -------
    list of dict
        `question`, `type`, `n` (who answered), `asked` (all who were not skipped), and for `number` questions `mean`,
        `sd` (weighted, divisor as for frequencies: Σw − 1 with weights of mean 1), `median` (weighted), `low`, `high`.
        The statistics are None for other types, for a question marked ``pii: yes``, and where nobody answered; `sd`
        needs two answers. No answer of a text or date question is in here, only their number.
    """
    return [_question_row(study, question) for question in study.questionnaire.questions.values()]


def sample_rows(study: Study) -> list[dict[str, Any]]:
    """Return who answered: every option of every choice and multiple question, as a part of those who answered it."""
    rows = []
    for question in study.questionnaire.questions.values():
        if question.type in ("choice", "multiple"):
            rows += _option_rows(study, question)
    return rows


def _question_row(study: Study, question: Question) -> dict[str, Any]:
    answers = study.frame[question.id]
    answered = np.asarray(answers.notna(), dtype=bool)
    skipped = np.asarray(study.missing[question.id] == "not_asked", dtype=bool)
    row: dict[str, Any] = {
        "question": question.id,
        "type": question.type,
        "n": int(answered.sum()),
        "asked": int((answered | ~skipped).sum()),
    }
    told = question.type == "number" and question.pii != "yes" and bool(answered.any())
    values = answers.to_numpy(dtype=np.float64)[answered] if told else np.array([], dtype=np.float64)
    return row | _statistics(values, study.weights[answered] if told else values)


def _statistics(values: FloatArray, weights: FloatArray) -> dict[str, float | None]:
    if not len(values):
        return dict.fromkeys(("mean", "sd", "median", "low", "high"))
    weights = weights / weights.mean()
    mean = float(np.average(values, weights=weights))
    squares = float((weights * (values - mean) ** 2).sum())
    return {
        "mean": mean,
        "sd": math.sqrt(squares / (len(values) - 1)) if len(values) > 1 else None,
        "median": weighted_median(values, weights),
        "low": float(values.min()),
        "high": float(values.max()),
    }


def weighted_median(values: FloatArray, weights: FloatArray) -> float:
    """Return the value that parts the weight in halves; where two values do, the middle between them.

    Parameters
    ----------
    values, weights
        shape (n,), n ≥ 1, without missing values; weights positive.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 9.0, 4.0]), np.ones(4))
    3.0
    >>> weighted_median(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 3.0]))
    9.0
    """
    order = np.argsort(values, kind="stable")
    ranked, below = values[order], np.cumsum(weights[order]) / weights.sum()
    first = int(np.searchsorted(below, 0.5 - 1e-12))
    if math.isclose(below[first], 0.5, abs_tol=1e-12) and first + 1 < len(ranked):
        return float((ranked[first] + ranked[first + 1]) / 2)
    return float(ranked[first])


def _option_rows(study: Study, question: Question) -> list[dict[str, Any]]:
    answers = study.frame[question.id]
    answered = np.asarray(answers.notna(), dtype=bool)
    base, weighted_base = int(answered.sum()), float(study.weights[answered].sum())
    rows = []
    for option in question.options:
        if question.type == "choice":
            chosen = np.asarray(answers == option.code, dtype=bool)
        else:
            chosen = np.array([isinstance(a, tuple) and option.code in a for a in answers], dtype=bool)
        n = int(chosen.sum())
        rows.append(
            {
                "question": question.id,
                "option": option.code,
                "n": n,
                "share": n / base if base else None,
                "weighted_share": float(study.weights[chosen].sum()) / weighted_base if weighted_base > 0 else None,
            }
        )
    return rows
