"""Answers to choice, multiple and number questions: shares, means, quantiles and ratios, overall and by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.answer_columns import QUANTILES, AnswerColumn, AskedQuestions
from satmeter.measurement.answer_rows import AnswerFigures, AnswerRow
from satmeter.measurement.degrees import design_df
from satmeter.measurement.estimates import Estimates, estimate
from satmeter.measurement.plain import plain
from satmeter.measurement.scores import group_masks
from satmeter.moments import Resampling
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.quantiles import weighted_quantile, woodruff_interval
from satmeter.numerics.share_interval import design_factor, design_size
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

FAR_OUT = 3.0
"""Quartile ranges beyond a quartile from which an answer lies far from the others (Tukey 1977)."""
MUCH = 0.05
"""Part of the sum of all answers from which those far out are worth a note."""


def answer_figures(study: Study, resampling: Resampling) -> AnswerFigures:
    """Estimate what was answered to the questions that the plan names.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    AnswerFigures
        Overall first, then group by group, questions in the order of the plan, ratios last. Nothing without ``answers``
        in the plan; no rows of a question that nobody (in the group) answered.

    Notes
    -----
    Standard errors are those of `satmeter.measurement.estimates`, with the design behind them; shares of answers,
    ratios and trimmed means are linearised, quantiles have Woodruff's intervals (docs/methods/answers.md).
    """
    wanted = study.plan.answers
    if wanted is None:
        return AnswerFigures()
    asked = AskedQuestions(study, wanted)
    everybody = study.weights > 0
    groups = [(by, name, mask & everybody) for by in study.plan.groups for name, mask in group_masks(study, by)]
    rows: list[AnswerRow] = []
    notes: list[Note] = []
    for group_by, group, mask in [("", "", everybody), *groups]:
        columns = asked.columns(mask, group_by)
        if not group_by:
            notes += _empty_notes(asked, columns)
            notes += [note for q in asked.questions if q.type == "number" for note in _far_out(study, asked, q.id)]
        if columns:
            made = _rows(study, resampling, columns, (group_by, group), mask)
            notes += _no_error_note(made, f"{group_by}[{group}]" if group_by else "")
            rows += made
    return AnswerFigures(tuple(rows), tuple(notes))


def _rows(
    study: Study, resampling: Resampling, columns: Sequence[AnswerColumn], group: tuple[str, str], mask: BoolArray
) -> list[AnswerRow]:
    values = np.full((study.n, len(columns)), np.nan)
    values[mask] = np.column_stack([column.values for column in columns])
    quantities = [replace(column.quantity, columns=(j,)) for j, column in enumerate(columns)]
    found = estimate(study, resampling, values, quantities, rows=mask)
    rows = []
    for j, column in enumerate(columns):
        value, error, low, high, df = (
            float(part[j]) for part in (found.estimate, found.std_error, found.conf_low, found.conf_high, found.df)
        )
        if column.kept is not None:
            df = min(df, column.kept - 1.0)
            error = error if df > 0 else np.nan
            bounds = column.quantity.low, column.quantity.high
            low, high = (float(np.clip(end, *bounds)) for end in t_interval(value, error, df, _level(study)))
        if column.quantile is not None:
            value = column.quantile
            error, low, high = _quantile_interval(study, column, found, j, mask)
        rows.append(
            AnswerRow(
                question=column.question,
                option=column.option,
                statistic=column.statistic,
                group_by=group[0],
                group=group[1],
                definition=column.definition,
                estimate=plain(value),
                std_error=plain(error),
                conf_low=plain(low),
                conf_high=plain(high),
                df=plain(df),
                n=int(found.n[j]),
                n_eff=plain(found.n_eff[j]),
                deff=plain(found.deff[j]),
            )
        )
    return rows


def _level(study: Study) -> float:
    return study.plan.uncertainty.conf_level


def _quantile_interval(
    study: Study, column: AnswerColumn, found: Estimates, j: int, mask: BoolArray
) -> tuple[float, float, float]:
    """Return standard error and limits of a quantile, NaN where all answers are equal or one unit gave them all.

    Where no answer is above the quantile, or all units agree by chance, the share of those that are not above it has
    no error to go by, and the respondents stand in the place of its effective size. Where everybody of a finite
    population was asked, there is no error.
    """
    inside = ~np.isnan(column.values)
    answers, weights = np.asarray(column.answers)[inside], study.weights[mask][inside]
    n, df, level, error = float(found.n[j]), float(found.df[j]), _level(study), float(found.std_error[j])
    if study.fraction is not None and error == 0 and study.fraction[mask][inside].min() >= 1:
        value = float(column.quantile or 0.0)
        return 0.0, value, value
    if np.ptp(answers) == 0 or (np.isnan(error) and not found.constant[j]):
        return np.nan, np.nan, np.nan
    size = float(design_size(found.estimate[j], error, n, df, level))
    if np.isnan(size):
        answered = mask.copy()
        answered[mask] = inside
        df = design_df(study, answered)
        size = float(found.n_eff[j] * design_factor(n, df, level))
    else:
        size = min(size, _most(study, mask, inside))
    ends = woodruff_interval(answers, weights, [QUANTILES[column.statistic]], [size], df, level)
    length, low, high = (float(end[0]) for end in ends)
    return length, low, high


def _most(study: Study, mask: BoolArray, inside: BoolArray) -> float:
    """Return the largest size that may stand behind a quantile: the answers, in a finite population n/(1 − n/N)."""
    n = float(inside.sum())
    if study.fraction is None:
        return n
    fraction = study.fraction[mask][inside]
    stands = float((1 / np.maximum(fraction, np.finfo(np.float64).eps)).sum())
    return n / max(1 - n / stands, np.finfo(np.float64).eps)


def _empty_notes(asked: AskedQuestions, columns: Sequence[AnswerColumn]) -> list[Note]:
    """Return a note on every question that nobody answered and on every ratio that cannot be had."""
    there = {column.question for column in columns}
    notes = [Note("M252", question.id) for question in asked.questions if question.id not in there]
    return notes + [Note("M253", name) for name in asked.ratios if name not in there]


def _far_out(study: Study, asked: AskedQuestions, question: str) -> list[Note]:
    """Return a note on answers that lie far from the others and weigh much in the sum."""
    answers = asked.numbers(question)
    seen = ~np.isnan(answers) & (study.weights > 0)
    if not seen.any():
        return []
    x, weights = answers[seen], study.weights[seen]
    low, high = weighted_quantile(x, weights, [QUANTILES["quantile25"], QUANTILES["quantile75"]])
    far = (x < low - FAR_OUT * (high - low)) | (x > high + FAR_OUT * (high - low))
    size = weights * np.abs(x)
    if high <= low or not size.sum() > 0 or size[far].sum() < MUCH * size.sum():
        return []
    share = f"{100 * size[far].sum() / size.sum():.0f}%"
    return [Note("M251", question, {"n": int(far.sum()), "all": int(seen.sum()), "share": share})]


def _no_error_note(rows: Sequence[AnswerRow], about: str) -> list[Note]:
    """Return a note on the figures that several answered and that have no standard error all the same."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row.std_error is None and row.n > 1:
            names.setdefault(row.question, []).append(f"{row.statistic}[{row.option}]" if row.option else row.statistic)
    figures = ", ".join(f"{name} ({', '.join(statistics)})" for name, statistics in names.items())
    return [Note("M254", about, {"figures": figures})] if figures else []
