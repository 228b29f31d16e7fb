"""Everything about the drivers of one outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.drivers.importance import (
    MAX_DRIVERS,
    MAX_DRIVERS_WITH_INTERVALS,
    basis_of,
    correlation_row,
    figure_row,
    lmg_rows,
    lmg_stack,
)
from satmeter.drivers.model import DriverRow, FitRow, PriorityRow, RegressionRow
from satmeter.drivers.predictors import build_predictors
from satmeter.drivers.priorities import priority_rows
from satmeter.drivers.regression import Regression, find_problems, fit_rows, regress, regression_rows
from satmeter.errors import DriversError, Note
from satmeter.measurement.degrees import is_simple
from satmeter.moments import Resampling
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

COARSE_POINTS = 3
ENOUGH_COMPLETE = 0.8


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """Rows and notes of one outcome; the fields are those of `DriverResult`."""

    drivers: tuple[DriverRow, ...]
    regression: tuple[RegressionRow, ...]
    fit: tuple[FitRow, ...]
    priorities: tuple[PriorityRow, ...]
    notes: tuple[Note, ...]


def fit_outcome(study: Study, resampling: Resampling, outcome: str, predecessors: tuple[str, ...]) -> OutcomeResult:
    """Analyse the drivers of one outcome.

    Parameters
    ----------
    study, resampling
        The study and its replicates. The plan's controls enter the regression.
    outcome
        A construct.
    predecessors
        Constructs (as scores), choice questions (as dummies; the first option is the reference) and number questions.

    Returns
    -------
    OutcomeResult
        Correlation, b and beta for drivers of one column; LMG for all drivers, the dummies of a choice
        together. `b` has the interval of the regression row, the others have percentile intervals of the
        replicates; where the design leaves no degrees of freedom for the regression they have none.

    Raises
    ------
    DriversError
        D001 to D005, all that apply at once.
    """
    predictors, complete, notes = build_predictors(study, outcome, predecessors)
    problems = find_problems(study, outcome, predictors, complete)
    if problems:
        raise DriversError(problems)
    found = regress(study, resampling, outcome, predictors, complete)
    regression = regression_rows(study, found)
    shown = found if regression[0].df is not None else found.sample_only()
    importance, stack, importance_notes = _importance(study, shown)
    single = _single_rows(study, shown, regression)
    priorities, priority_notes = priority_rows(study, resampling, outcome, importance, stack)
    notes += _outcome_notes(study, found, regression)
    notes += _sign_notes(study, outcome, single)
    return OutcomeResult(
        drivers=tuple(single + importance),
        regression=tuple(regression),
        fit=tuple(fit_rows(study, found)),
        priorities=tuple(priorities),
        notes=tuple(notes + importance_notes + priority_notes),
    )


def _single_rows(study: Study, found: Regression, regression: list[RegressionRow]) -> list[DriverRow]:
    """Return correlation, beta and b of the drivers that are one column."""
    level, n = study.plan.uncertainty.conf_level, found.n
    rows = []
    for predictor in found.predictors:
        if predictor.control or predictor.kind == "choice":
            continue
        (column,) = found.columns_of(predictor.name)
        names = (found.outcome, predictor.name)
        own = regression[column]
        rows.append(correlation_row(found.moments.covariance, 0, column, names, n, level))
        rows.append(figure_row(names, "beta", found.fit.beta[:, column - 1], n, level))
        rows.append(
            DriverRow(
                outcome=found.outcome,
                driver=predictor.name,
                method="b",
                estimate=own.estimate,
                std_error=own.std_error,
                conf_low=own.conf_low,
                conf_high=own.conf_high,
                share=None,
                share_low=None,
                share_high=None,
                n=n,
            )
        )
    return rows


def _importance(study: Study, found: Regression) -> tuple[list[DriverRow], FloatArray, list[Note]]:
    """Return the LMG rows, their figures in sample and replicates, and notes."""
    drivers = [p.name for p in found.predictors if not p.control]
    controls = [p.name for p in found.predictors if p.control]
    notes = [Note("D115", found.outcome, {"controls": ", ".join(controls)})] if controls else []
    if len(drivers) > MAX_DRIVERS:
        return [], np.empty((1, 0)), [*notes, Note("D116", found.outcome, {"k": len(drivers), "maximum": MAX_DRIVERS})]
    cov = found.moments.covariance
    if len(drivers) > MAX_DRIVERS_WITH_INTERVALS:
        params = {"k": len(drivers), "maximum": MAX_DRIVERS_WITH_INTERVALS}
        notes.append(Note("D117", found.outcome, params))
        cov = cov[:1]
    groups = tuple(found.columns_of(name) for name in drivers)
    control_columns = tuple(c for name in controls for c in found.columns_of(name))
    values = lmg_stack(cov, 0, groups, control_columns)
    basis = basis_of(study, found.complete, len(found.terms))
    return lmg_rows(values, found.outcome, tuple(drivers), basis), values, notes


def _outcome_notes(study: Study, found: Regression, regression: list[RegressionRow]) -> list[Note]:
    notes = []
    questionnaire = study.questionnaire
    items = questionnaire.constructs[found.outcome].items
    if len(items) == 1:
        points = len(questionnaire.scales[questionnaire.items[items[0]].scale].codes)
        if points <= COARSE_POINTS:
            notes.append(Note("D113", found.outcome, {"points": points}))
    answered = int(np.asarray(study.construct_scores[found.outcome].notna()).sum())
    if found.n < answered and not is_simple(study):
        notes.append(Note("D217", found.outcome, {"dropped": answered - found.n, "answered": answered}))
    if found.n < ENOUGH_COMPLETE * answered:
        notes.append(Note("D119", found.outcome, {"n": found.n, "answered": answered}))
    if regression[0].df is None:
        notes.append(Note("D118", found.outcome, {"k": len(found.terms)}))
    else:
        unsure = ", ".join(row.term for row in regression if row.std_error is None)
        notes += [Note("D123", found.outcome, {"terms": unsure})] if unsure else []
    return notes


def _sign_notes(study: Study, outcome: str, rows: list[DriverRow]) -> list[Note]:
    """Return notes on signs: correlations against the role of the driver, weights against the correlation.

    Correlations whose interval holds zero have no sign to speak of and give no note.
    """
    notes = []
    constructs = study.questionnaire.constructs
    weights = {row.driver: row for row in rows if row.method == "b"}
    for row in rows:
        if row.method != "correlation" or not _has_sign(row):
            continue
        weight = weights[row.driver]
        name, r, b = row.driver, row.estimate or 0.0, weight.estimate or 0.0
        if name in constructs:
            expected = -1 if constructs[name].role == "cost" else 1
            if r * expected < 0:
                notes.append(Note("D112", name, {"outcome": outcome, "r": r}))
        if r * b < 0:
            notes.append(Note("D111" if _has_sign(weight) else "D114", name, {"outcome": outcome, "b": b, "r": r}))
    return notes


def _has_sign(row: DriverRow) -> bool:
    """Tell whether an interval lies on one side of zero."""
    return row.conf_low is not None and row.conf_high is not None and row.conf_low * row.conf_high > 0
