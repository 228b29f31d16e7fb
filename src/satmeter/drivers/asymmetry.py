"""Asymmetric drivers: what goes along with a low score and with a high one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.regression import Regression
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note, NumericsError
from satmeter.measurement.degrees import design_df, is_simple
from satmeter.measurement.plain import plain
from satmeter.moments import moment_stack
from satmeter.numerics.asymmetry import asymmetry_index, contrast_columns
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.regression import hc3_covariance, least_squares

FloatArray = npt.NDArray[np.float64]

LOW, HIGH = 50.0, 75.0
"""Scores of at most LOW are low (at best the middle of the scale), of at least HIGH high (the fourth point of five)."""

LEAST_PART = 20
"""Respondents needed who score low, who score high, and who score between."""


@dataclass(frozen=True, slots=True)
class AsymmetryRow:
    """One driver's penalty and reward, in points of the outcome against a score in the middle, others equal.

    `index` runs from −1 (penalty only) to 1 (reward only). `kind` is a hint: `basic`, `performance`, `excitement`, or
    `undecided` where the interval of the index holds more than one of them.
    """

    outcome: str
    driver: str
    penalty: float | None
    penalty_low: float | None
    penalty_high: float | None
    reward: float | None
    reward_low: float | None
    reward_high: float | None
    index: float | None
    index_low: float | None
    index_high: float | None
    kind: str
    n_low: int
    n_high: int
    n: int


def asymmetry_sections(given: DeepInput) -> dict[str, Section]:
    """Return the section `asymmetry`.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Drivers that are constructs, costs turned round (100 less the score), so that high is good for all. Two dummies
        a driver in one regression, with the controls. HC3 errors in a simple random sample, else from the replicates.
        Drivers with fewer than 20 respondents in one of the three parts have no row and are named; they are in the
        regression all the same, as they are in the ordinary one, and so are questions among the drivers.
    """
    rows: list[AsymmetryRow] = []
    notes: list[Note] = []
    for found in given.regressions:
        own, told = _outcome_rows(given, found)
        rows += own
        notes += told
    return {"asymmetry": Section(tuple(rows), tuple(notes))}


def turned_scores(given: DeepInput, found: Regression, names: list[str]) -> FloatArray:
    """Return the scores of some drivers, costs turned round; shape (n, k), all respondents."""
    constructs = given.study.questionnaire.constructs
    columns = []
    for name in names:
        column = found.table[:, found.columns_of(name)[0]]
        columns.append(100 - column if constructs[name].role == "cost" else column)
    return np.column_stack(columns) if columns else np.empty((len(found.table), 0))


def construct_drivers(found: Regression) -> list[str]:
    """Return the drivers of a regression that are constructs."""
    return [p.name for p in found.predictors if p.kind == "construct" and not p.control]


def _outcome_rows(given: DeepInput, found: Regression) -> tuple[list[AsymmetryRow], list[Note]]:
    names = construct_drivers(found)
    scores = turned_scores(given, found, names)
    counts = _counts(scores[found.complete])
    enough = counts.min(axis=1, initial=LEAST_PART) >= LEAST_PART
    short = [name for name, kept in zip(names, enough, strict=True) if not kept]
    notes = [Note("D133", found.outcome, {"drivers": ", ".join(short), "needed": LEAST_PART})] if short else []
    kept = [name for name, use in zip(names, enough, strict=True) if use]
    if not kept:
        return [], notes
    columns = [c for p in found.predictors if p.name not in kept for c in found.columns_of(p.name)]
    dummies = contrast_columns(scores[:, enough], LOW, HIGH)
    design = np.column_stack([dummies, found.table[:, columns]])
    df = design_df(given.study, found.complete) - design.shape[1]
    if df < 1:
        return [], [*notes, Note("D134", found.outcome, {"k": design.shape[1]})]
    try:
        b, covariance = _fit(given, found, design, 2 * len(kept))
    except NumericsError:
        return [], [*notes, Note("D135", found.outcome)]
    level = given.study.plan.uncertainty.conf_level
    penalty, reward = b[0::2], b[1::2]
    error = np.sqrt(np.einsum("kii->ki", covariance))
    ends = [t_interval(side, error[:, j], df, level) for j, side in enumerate((penalty, reward))]
    index = asymmetry_index(penalty, reward, covariance, df, level)
    rows = []
    for j, (name, count) in enumerate(zip(kept, counts[enough], strict=True)):
        rows.append(
            AsymmetryRow(
                outcome=found.outcome,
                driver=name,
                penalty=plain(penalty[j]),
                penalty_low=plain(ends[0][0][j]),
                penalty_high=plain(ends[0][1][j]),
                reward=plain(reward[j]),
                reward_low=plain(ends[1][0][j]),
                reward_high=plain(ends[1][1][j]),
                index=plain(index.index[j]),
                index_low=plain(index.conf_low[j]),
                index_high=plain(index.conf_high[j]),
                kind=index.factor[j],
                n_low=int(count[0]),
                n_high=int(count[2]),
                n=found.n,
            )
        )
    return rows, notes


def _counts(scores: FloatArray) -> npt.NDArray[np.int64]:
    """Return how many score low, between and high, shape (k, 3)."""
    low, high = (scores <= LOW).sum(axis=0), (scores >= HIGH).sum(axis=0)
    return np.column_stack([low, len(scores) - low - high, high]).astype(np.int64)


def _fit(given: DeepInput, found: Regression, design: FloatArray, n_terms: int) -> tuple[FloatArray, FloatArray]:
    """Return the coefficients of the dummies and, driver by driver, their covariance, shape (k, 2, 2)."""
    table = np.column_stack([found.table[:, 0], design])
    moments = moment_stack(given.resampling, table, rows=found.complete)
    terms = tuple(range(1, table.shape[1]))
    stack = least_squares(moments.covariance, moments.mean, 0, terms).b
    if is_simple(given.study):
        rows = table[found.complete]
        whole = hc3_covariance(rows[:, 1:], rows[:, 0])[1 : 1 + n_terms, 1 : 1 + n_terms]
    else:
        replicates = stack[1:, :n_terms]
        whole = np.cov(replicates[~np.isnan(replicates).any(axis=1)], rowvar=False)
    at = np.arange(n_terms).reshape(-1, 2)
    return stack[0, :n_terms], whole[at[:, :, None], at[:, None, :]]
