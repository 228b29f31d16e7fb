"""Regression of a single answer: its ordered categories, and whether it is in the top two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from satmeter.drivers.coefficient_rows import coefficient_rows
from satmeter.drivers.model import FitRow, RegressionRow
from satmeter.drivers.regression import Regression
from satmeter.drivers.response_data import ResponseData, outcome_item, response_data
from satmeter.drivers.section import DeepInput, Section, p_words
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.numerics.binary_regression import LogisticFit, fit_logistic
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.marginal_effects import AverageEffects, average_effects, index_values, top_values
from satmeter.numerics.ordinal_proportional import ProportionalOdds, brant_test
from satmeter.numerics.ordinal_regression import OrdinalFit, fit_ordinal
from satmeter.numerics.tails import t_tail

FloatArray = npt.NDArray[np.float64]

MOST_POINTS = 11
LEVEL = 0.05
"""Of Brant's test, below which drivers get an effect of their own at every boundary."""


@dataclass(frozen=True, slots=True)
class MarginalRow:
    """What goes with one point of a driver, on average over respondents.

    `measure`: `points` (of the item's expected score, 0–100) or `top2` (probability of the two highest answers).
    """

    outcome: str
    term: str
    model: str
    measure: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    p_value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class _Found:
    regression: tuple[RegressionRow, ...] = ()
    effects: tuple[MarginalRow, ...] = ()
    fit: tuple[FitRow, ...] = ()
    notes: tuple[Note, ...] = ()


def response_sections(given: DeepInput) -> dict[str, Section]:
    """Return ordinal and logistic regressions: rows for `regression`, `fit` and `marginal_effects`.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Models `ordinal` (proportional odds, or partly so where Brant's test fails: `ordinal_partial`) and `logistic`
        (top two of at least four points). Errors from the information in a simple random sample, by linearisation over
        the design in any other; tests and intervals, those of the marginal effects too, by t with the design's degrees
        of freedom less the parameters.
    """
    parts = [_outcome(given, found) for found in given.regressions]
    return {
        "regression": Section(tuple(r for p in parts for r in p.regression)),
        "fit": Section(tuple(r for p in parts for r in p.fit)),
        "marginal_effects": Section(
            tuple(r for p in parts for r in p.effects), tuple(n for p in parts for n in p.notes)
        ),
    }


def _outcome(given: DeepInput, found: Regression) -> _Found:
    study = given.study
    item = outcome_item(study, found.outcome)
    scale = study.questionnaire.scales[study.questionnaire.items[item].scale]
    if len(scale.codes) > MOST_POINTS:
        return _Found(notes=(Note("D170", found.outcome, {"item": item, "points": len(scale.codes)}),))
    data = response_data(study, found, item)
    level = study.plan.uncertainty.conf_level
    notes = [Note("D171", found.outcome, {"item": item})] if len(_items(given, found.outcome)) > 1 else []
    parts = [_ordinal(found.outcome, data, (scale.low, scale.high), scale.codes, level)]
    if len(scale.codes) > 3:
        parts.append(_logistic(found.outcome, data, scale.codes[-2], level))
    return _Found(
        tuple(r for p in parts for r in p.regression),
        tuple(r for p in parts for r in p.effects),
        tuple(r for p in parts for r in p.fit),
        (*notes, *(n for p in parts for n in p.notes)),
    )


def _items(given: DeepInput, outcome: str) -> tuple[str, ...]:
    return given.study.questionnaire.constructs[outcome].items


def _ordinal(outcome: str, data: ResponseData, ends: tuple[float, float], codes: Sequence[int], level: float) -> _Found:
    try:
        fit = fit_ordinal(data.x, data.y, weights=data.weights, strata=data.strata, cluster=data.cluster)
    except NumericsError as error:
        return _Found(notes=(_failure(outcome, "ordinal", error, data),))
    notes: list[Note] = []
    terms = _ordinal_terms(fit, data)
    rows = coefficient_rows(outcome, "ordinal", terms, fit.parameters, _covariance(fit, data, terms), fit, level)
    test, used = _proportional(outcome, data, notes), fit
    if test is not None and test.p_value < LEVEL:
        used = _partial(outcome, data, test, notes) or fit
        if used is not fit:
            terms = _ordinal_terms(used, data)
            rows += coefficient_rows(
                outcome, "ordinal_partial", terms, used.parameters, _covariance(used, data, terms), used, level
            )
    model = "ordinal" if used is fit else "ordinal_partial"
    effects = _effects(outcome, model, "points", used, data, index_values(used.categories, *ends), level)
    if len(codes) > 3:
        effects += _effects(outcome, model, "top2", used, data, top_values(used.categories, codes[-2]), level)
    figures = {"mcfadden_ordinal": fit.mcfadden, "nagelkerke_ordinal": fit.nagelkerke}
    figures |= {"mckelvey_zavoina_ordinal": fit.mckelvey_zavoina}
    if test is not None:
        figures["brant_p"] = test.p_value
    return _Found(tuple(rows), tuple(effects), _fit_rows(outcome, figures, data.n), tuple(notes))


def _proportional(outcome: str, data: ResponseData, notes: list[Note]) -> ProportionalOdds | None:
    if len(np.unique(data.y[data.used])) < 3:
        return None
    try:
        return brant_test(
            data.x, data.y, weights=data.weights, strata=data.strata, cluster=data.cluster, design=not data.simple
        )
    except NumericsError as error:
        code = "D215" if error.problems[0].code == "N044" else "D172"
        notes.append(Note(code, outcome))
        return None


def _partial(outcome: str, data: ResponseData, test: ProportionalOdds, notes: list[Note]) -> OrdinalFit | None:
    """Return the model in which the drivers that fail the test have an effect of their own at every boundary."""
    failing = tuple(int(j) for j in np.flatnonzero(test.p_by_predictor < LEVEL))
    if not failing:
        notes.append(Note("D212", outcome, {"p": p_words(test.p_value)}))
        return None
    names = ", ".join(data.terms[j] for j in failing)
    notes.append(Note("D173", outcome, {"p": p_words(test.p_value), "drivers": names}))
    try:
        return fit_ordinal(data.x, data.y, weights=data.weights, free=failing, strata=data.strata, cluster=data.cluster)
    except NumericsError:
        notes.append(Note("D174", outcome, {"drivers": names}))
        return None


def _ordinal_terms(fit: OrdinalFit, data: ResponseData) -> tuple[str, ...]:
    """Return the names of the parameters: drivers, boundaries, then the effects at every boundary."""
    edges = [f"{low:g}|{high:g}" for low, high in zip(fit.categories, fit.categories[1:], strict=False)]
    common = [term for j, term in enumerate(data.terms) if j not in fit.free]
    free = [f"{data.terms[j]} ({edge})" for j in fit.free for edge in edges]
    return (*common, *(f"({edge})" for edge in edges), *free)


def _covariance(fit: OrdinalFit | LogisticFit, data: ResponseData, terms: Sequence[str]) -> FloatArray:
    """Return the covariance of the parameters; under a design categories of one sampling unit have no variance."""
    if data.simple:
        return fit.covariance
    found = fit.sandwich.copy()
    names = [name for name, alone in zip(data.terms, data.alone[1:], strict=True) if alone]
    for j, term in enumerate(terms):
        constant = term.startswith("(")  # the intercept, or a boundary
        if (constant and data.alone[0]) or any(term == name or term.startswith(f"{name} (") for name in names):
            found[j, j] = np.nan
    return found


def _effects(
    outcome: str, model: str, measure: str, fit: OrdinalFit, data: ResponseData, values: FloatArray, level: float
) -> list[MarginalRow]:
    found: AverageEffects = average_effects(
        fit,
        data.x,
        values,
        weights=data.weights,
        dummies=data.dummies,
        strata=data.strata,
        cluster=data.cluster,
    )
    df = np.inf if data.simple else max(fit.df - len(fit.parameters) + 1, 0) or np.nan
    known = (found.std_error_sample > 0) & (data.simple | ~data.alone[1:])
    error = np.where(known, found.std_error_sample, np.nan)
    low, high = t_interval(found.effect, error, df, level)
    p = t_tail(found.effect / error, df)
    return [
        MarginalRow(
            outcome=outcome,
            term=term,
            model=model,
            measure=measure,
            estimate=plain(found.effect[j]),
            std_error=plain(error[j]),
            conf_low=plain(low[j]),
            conf_high=plain(high[j]),
            p_value=plain(p[j]),
            n=fit.n,
        )
        for j, term in enumerate(data.terms)
    ]


def _logistic(outcome: str, data: ResponseData, lowest: int, level: float) -> _Found:
    top = (data.y >= lowest).astype(np.float64)
    fitted = partial(fit_logistic, data.x, top, weights=data.weights, strata=data.strata, cluster=data.cluster)
    notes: list[Note] = []
    try:
        fit = fitted()
    except NumericsError as error:
        if error.problems[0].code != "N041":
            return _Found(notes=(_failure(outcome, "logistic", error, data),))
        notes.append(Note("D176", outcome, {"drivers": _columns(error, data)}))
        fit = fitted(method="firth")
    estimates = np.concatenate([[fit.intercept], fit.coefficients])
    terms = ("(intercept)", *data.terms)
    model = "logistic" if fit.method == "likelihood" else "logistic_firth"
    rows = coefficient_rows(outcome, model, terms, estimates, _covariance(fit, data, terms), fit, level)
    effects = _effects(outcome, model, "top2", fit.ordinal, data, np.array([0.0, 1.0]), level)
    figures = {"mcfadden_logistic": 1 - fit.loglik / fit.loglik_null}
    return _Found(tuple(rows), tuple(effects), _fit_rows(outcome, figures, data.n), tuple(notes))


def _fit_rows(outcome: str, figures: dict[str, float], n: int) -> tuple[FitRow, ...]:
    return tuple(FitRow(outcome, name, plain(value), None, None, None, n) for name, value in figures.items())


def _failure(outcome: str, model: str, error: NumericsError, data: ResponseData) -> Note:
    code = error.problems[0].code
    if code == "N041":
        return Note("D175", outcome, {"model": model, "drivers": _columns(error, data)})
    return Note("D177", outcome, {"model": model, "code": code})


def _columns(error: NumericsError, data: ResponseData) -> str:
    """Return the names of the columns that a problem of the numbers gives by number."""
    numbers = {int(n) for p in error.problems for n in re.findall(r"\d+", str(p.params.get("columns", "")))}
    return ", ".join(data.terms[j] for j in sorted(numbers) if j < len(data.terms)) or "–"
