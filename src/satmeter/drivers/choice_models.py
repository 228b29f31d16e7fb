"""Regression of a choice: what goes with one option rather than another, where the study file asks for it."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from satmeter.drivers.coefficient_rows import coefficient_rows
from satmeter.drivers.model import FitRow, RegressionRow
from satmeter.drivers.predictors import Predictor, predictors_of
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note, NumericsError
from satmeter.measurement.degrees import is_simple
from satmeter.measurement.plain import plain
from satmeter.numerics.design import design_units
from satmeter.numerics.multinomial_regression import MultinomialFit, fit_multinomial
from satmeter.study.model import Study

LEAST_CHOSEN = 10
"""Respondents that an option needs to be explained."""


def choice_sections(given: DeepInput) -> dict[str, Section]:
    """Return multinomial logistic regressions: rows for `regression` and `fit`.

    Parameters
    ----------
    given
        Study, replicates and regressions; `drivers.multinomial` of the plan.

    Returns
    -------
    dict
        Model `multinomial`; `term` is ``driver|option``, log odds of the option against the first one that occurs.
        Controls are added. Errors as for the other models of single answers.
    """
    rows: list[RegressionRow] = []
    fits: list[FitRow] = []
    notes: list[Note] = []
    for question, names in given.study.plan.drivers.multinomial.items():
        found = _choice(given.study, question, names, notes)
        rows += found[0]
        fits += found[1]
    return {"regression": Section(tuple(rows), tuple(notes)), "fit": Section(tuple(fits))}


def _choice(
    study: Study, question: str, names: tuple[str, ...], notes: list[Note]
) -> tuple[list[RegressionRow], list[FitRow]]:
    answers = np.asarray(study.frame[question], dtype=object)
    answered = np.asarray(study.frame[question].notna(), dtype=np.bool_) & (study.weights > 0)
    _, complete, _ = predictors_of(study, question, names, answered)
    options = [option.code for option in study.questionnaire.questions[question].options]
    count = {code: int((complete & (answers == code)).sum()) for code in options}
    kept = [code for code in options if count[code] >= LEAST_CHOSEN]
    few = ", ".join(code for code in options if 0 < count[code] < LEAST_CHOSEN)
    if len(kept) < 2:
        notes.append(Note("D197", question, {"needed": LEAST_CHOSEN}))
        return [], []
    if few:
        notes.append(Note("D198", question, {"options": few, "needed": LEAST_CHOSEN}))
    place = {code: j for j, code in enumerate(kept)}
    chosen = np.array([place.get(answer, -1) for answer in answers], dtype=np.float64)
    predictors, complete, told = predictors_of(study, question, names, answered & (chosen >= 0))
    notes += told
    if not any(predictor.terms for predictor in predictors):
        notes.append(Note("D199", question, {"names": ", ".join(names)}))
        return [], []
    terms = [term for predictor in predictors for term in predictor.terms]
    try:
        fit = _fit(study, predictors, chosen, complete)
    except NumericsError as error:
        notes.append(_failure(question, error, terms))
        return [], []
    notes.append(Note("D202", question, {"reference": kept[0]}))
    labels = [f"{term}|{code}" for code in kept[1:] for term in ("(intercept)", *terms)]
    covariance = fit.covariance if is_simple(study) else _linearised(study, fit, predictors, chosen, complete)
    level = study.plan.uncertainty.conf_level
    rows = coefficient_rows(question, "multinomial", labels, fit.coefficients.ravel(), covariance, fit, level)
    mcfadden = plain(1 - fit.loglik / fit.loglik_null)
    return rows, [FitRow(question, "mcfadden_multinomial", mcfadden, None, None, None, fit.n)]


def _fit(
    study: Study, predictors: list[Predictor], chosen: npt.NDArray[np.float64], complete: npt.NDArray[np.bool_]
) -> MultinomialFit:
    """Fit with all respondents in the design and those used alone with a weight."""
    table = np.column_stack([predictor.columns for predictor in predictors])
    weights = np.where(complete, study.weights, 0.0)
    return fit_multinomial(
        np.where(complete[:, None], table, 0.0),
        np.where(complete, chosen, 0.0),
        weights=weights / (weights[complete].mean() if complete.any() else 1.0),
        strata=study.layers,
        cluster=study.cluster,
    )


def _linearised(
    study: Study,
    fit: MultinomialFit,
    predictors: list[Predictor],
    chosen: npt.NDArray[np.float64],
    complete: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Return the sandwich; what one sampling unit alone chose, or is a category of, has no variance."""
    units = design_units(study.n, study.layers, study.cluster).unit

    def lonely(rows: npt.NDArray[np.bool_]) -> bool:
        return len(np.unique(units[complete & rows])) == 1

    column = [False]
    for predictor in predictors:
        member = predictor.columns == 1
        if predictor.kind != "choice":
            column += [False] * len(predictor.terms)
            continue
        reference = lonely(~member.any(axis=1))
        column[0] |= reference
        column += [reference or lonely(own) for own in member.T]
    option = [lonely(chosen == code) for code in fit.categories]
    alone = np.array([[option[0] or own or one for one in column] for own in option[1:]]).ravel()
    found = fit.sandwich.copy()
    found[alone, alone] = np.nan
    return found


def _failure(question: str, error: NumericsError, terms: list[str]) -> Note:
    problem = error.problems[0]
    if problem.code == "N041":
        columns = sorted({int(n) for n in re.findall(r"\d+", str(problem.params.get("columns", "")))})
        drivers = ", ".join(terms[j] for j in columns if j < len(terms)) or "–"
        return Note("D200", question, {"drivers": drivers})
    return Note("D201", question, {"code": problem.code})
