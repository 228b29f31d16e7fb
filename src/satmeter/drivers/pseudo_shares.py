"""Importance in the models of single answers: Shapley shares of McFadden's R²."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from satmeter.drivers.importance import basis_of, lmg_rows
from satmeter.drivers.model import DriverRow
from satmeter.drivers.regression import Regression
from satmeter.drivers.response_data import ResponseData, outcome_item, response_data
from satmeter.drivers.response_models import MOST_POINTS
from satmeter.drivers.section import DeepInput, Section
from satmeter.errors import Note, NumericsError
from satmeter.moments import Resampling
from satmeter.numerics.importance import shapley
from satmeter.numerics.ordinal_subset_steps import null_loglik, stepped_loglik
from satmeter.numerics.ordinal_subsets import MAX_GROUPS, SubsetFits, fit_subsets, pseudo_r2

FloatArray = npt.NDArray[np.float64]

MOST_NUMBERS = 2_500_000_000
"""Models × respondents × parameters × replicates; beyond it fewer replicates are used."""

LEAST_REPLICATES = 25
"""Below it there are no intervals."""


def pseudo_share_sections(given: DeepInput) -> dict[str, Section]:
    """Return rows for `drivers`: what every driver adds to McFadden's R² of one item of the outcome.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Methods `shapley_ordinal` (the item's ordered categories) and `shapley_logistic` (its top two points, of at
        least four), of all orders in which drivers can enter; controls are in every model. Intervals as for LMG, from
        replicates that go one step from the sample's estimates.
    """
    rows: list[DriverRow] = []
    notes: list[Note] = []
    for found in given.regressions:
        study = given.study
        item = outcome_item(study, found.outcome)
        codes = study.questionnaire.scales[study.questionnaire.items[item].scale].codes
        count = sum(not p.control for p in found.predictors)
        if len(codes) > MOST_POINTS:
            continue  # said where the models are: D170
        if count > MAX_GROUPS:
            notes.append(Note("D193", found.outcome, {"k": count, "maximum": MAX_GROUPS}))
            continue
        data = response_data(study, found, item)
        models = {"ordinal": data.y}
        if len(codes) > 3:
            models["logistic"] = np.asarray(data.y >= codes[-2], dtype=np.float64)
        for model, answers in models.items():
            rows += _shares(given, found, data, (model, answers), notes)
    return {"drivers": Section(tuple(rows), tuple(notes))}


def _shares(
    given: DeepInput, found: Regression, data: ResponseData, explained: tuple[str, FloatArray], notes: list[Note]
) -> list[DriverRow]:
    model, answers = explained
    columns = {p.name: tuple(c - 1 for c in found.columns_of(p.name)) for p in found.predictors}
    drivers = tuple(p.name for p in found.predictors if not p.control)
    always = tuple(c for p in found.predictors if p.control for c in columns[p.name])
    groups = tuple(columns[name] for name in drivers)
    try:
        fits = fit_subsets(data.x, answers, groups, weights=data.weights, always=always)
    except NumericsError as error:
        notes.append(Note("D194", found.outcome, {"model": model, "code": error.problems[0].code}))
        return []
    basis = basis_of(given.study, data.used, len(found.terms))
    replicates = given.resampling.replicates if basis.df >= 1 else 0
    table = _table(given.resampling, data, fits, (found.outcome, model, replicates), notes)
    rows = lmg_rows(shapley(table), found.outcome, drivers, basis)
    return [replace(row, method=f"shapley_{model}") for row in rows]


def _table(
    resampling: Resampling, data: ResponseData, fits: SubsetFits, about: tuple[str, str, int], notes: list[Note]
) -> FloatArray:
    """Return McFadden's R² of all subsets, for the sample and as many replicates as the work allows."""
    outcome, model, replicates = about
    count = min(replicates, MOST_NUMBERS // (fits.places.size * len(fits.sample.order)))
    if count < min(LEAST_REPLICATES, replicates):
        count = 0
        notes.append(Note("D195", outcome, {"model": model}))
    elif count < replicates:
        notes.append(Note("D196", outcome, {"model": model, "n": count, "of": replicates}))
    factors, reach = resampling.first(count).tempered(resampling.units)
    weights = factors[1:] * data.weights
    loglik, null = stepped_loglik(fits, weights), null_loglik(fits, weights)
    table = pseudo_r2(loglik, data.n, null=null)
    return table if reach == 1 else table[:, :1] + (table - table[:, :1]) / reach
