"""Whether a regression's form holds: collinearity, influence, straight lines, equal variances, prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from satmeter.drivers.regression import Regression
from satmeter.drivers.section import DeepInput, Design, Section, design_of, p_words
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.numerics.cross_validation import cross_validate
from satmeter.numerics.diagnostics_collinearity import condition_indices, driver_signs
from satmeter.numerics.diagnostics_influence import influence
from satmeter.numerics.diagnostics_linearity import linearity_test
from satmeter.numerics.diagnostics_residuals import breusch_pagan, reset_test, variance_test, white_test
from satmeter.numerics.diagnostics_wald import JointTest

FloatArray = npt.NDArray[np.float64]
Found = TypeVar("Found")

HIGH_CONDITION = 30.0
"""Condition index from which coefficients cannot be told apart (Belsley, Kuh and Welsch 1980)."""

LEVEL = 0.01
"""Below which a test of form is noted: with many tests one in twenty would be."""


@dataclass(frozen=True, slots=True)
class DiagnosticRow:
    """One figure about one regression, or (`term`) one of its drivers.

    `condition_index` (the largest), `cook_max`, `influential_share` (part of the respondents beyond 4/n), `r2_cv` and
    `rmse_cv` (out of sample); `variance` (equal variances), `reset` (form), `linearity` of a driver: F with p;
    `breusch_pagan` and `white` (equal variances, in a simple random sample only): χ² with p; `reversed`, `suppressor`:
    share of the replicates in which weight and correlation differ in sign, and in which the driver adds more than it
    explains alone.
    """

    outcome: str
    term: str
    statistic: str
    estimate: float | None
    df: float | None
    p_value: float | None
    n: int


def diagnosis_sections(given: DeepInput) -> dict[str, Section]:
    """Return the section `diagnostics`.

    Parameters
    ----------
    given
        Study, replicates and regressions.

    Returns
    -------
    dict
        Tests with HC3 errors in a simple random sample and the design's in any other. What fails is noted; a test that
        cannot be had, also for want of degrees of freedom, is left out.
    """
    rows: list[DiagnosticRow] = []
    notes: list[Note] = []
    for found in given.regressions:
        own = list(_outcome(given, found))
        rows += own
        notes += _notes(found.outcome, own)
    return {"diagnostics": Section(tuple(rows), tuple(notes))}


def _outcome(given: DeepInput, found: Regression) -> Iterator[DiagnosticRow]:
    study, n = given.study, found.n
    use = found.complete & (study.weights > 0)
    x, y, design = found.table[use, 1:], found.table[use, 0], design_of(study, use)

    def row(
        statistic: str, value: float, term: str = "", df: float | None = None, p: float | None = None
    ) -> DiagnosticRow:
        return DiagnosticRow(found.outcome, term, statistic, plain(value), df, plain(p), n)

    moments = found.moments
    indices = condition_indices(moments.covariance[0, 1:, 1:], moments.mean[0, 1:], n).index
    yield row("condition_index", float(indices[-1]))
    held = _attempt(partial(influence, x, y, design.weights))
    if held is not None:
        yield row("cook_max", float(np.nanmax(held.cooks_distance)))
        yield row("influential_share", float(np.mean(held.notable)))
    checked = _attempt(partial(cross_validate, x, y, *design, seed=study.plan.uncertainty.seed))
    if checked is not None:
        yield row("r2_cv", checked.r2)
        yield row("rmse_cv", checked.rmse)
    tests: dict[str, Callable[[], JointTest]] = {
        "variance": partial(variance_test, x, y, *design),
        "reset": partial(reset_test, x, y, *design),
    }
    for name, make in tests.items():
        test = _attempt(make)
        if test is not None and np.isfinite(test.p_value):
            yield row(name, test.f, df=float(test.df1), p=test.p_value)
    if all(part is None for part in design):
        for name, classical in (("breusch_pagan", breusch_pagan), ("white", white_test)):
            chi2 = _attempt(partial(classical, x, y))
            if chi2 is not None and np.isfinite(chi2.p_value):
                yield row(name, chi2.chi2, df=float(chi2.df), p=chi2.p_value)
    yield from _by_driver(found, x, y, design, row)


def _by_driver(
    found: Regression, x: FloatArray, y: FloatArray, design: Design, row: Callable[..., DiagnosticRow]
) -> Iterator[DiagnosticRow]:
    signs = driver_signs(found.moments.covariance, 0, tuple(range(1, 1 + len(found.terms))))
    replicated = len(found.moments.covariance) > 2
    for predictor in found.predictors:
        if predictor.control or predictor.kind == "choice":
            continue
        column = found.columns_of(predictor.name)[0] - 1
        bent = _attempt(partial(linearity_test, x, y, column, *design))
        if bent is not None and np.isfinite(bent.test.p_value):
            yield row("linearity", bent.test.f, predictor.name, float(bent.test.df1), bent.test.p_value)
        if replicated:
            yield row("reversed", float(signs.reversed[1:, column].mean()), predictor.name)
            yield row("suppressor", float(signs.suppressing[1:, column].mean()), predictor.name)


def _attempt(make: Callable[[], Found]) -> Found | None:
    try:
        return make()
    except NumericsError:
        return None


def _notes(outcome: str, rows: list[DiagnosticRow]) -> Iterator[Note]:
    by_name = {row.statistic: row for row in rows if not row.term}
    condition = by_name["condition_index"].estimate or 0.0
    if condition >= HIGH_CONDITION:
        yield Note("D180", outcome, {"index": f"{condition:.0f}"})
    for name, code in (("variance", "D181"), ("reset", "D182")):
        test = by_name.get(name)
        if test is not None and test.p_value is not None and test.p_value < LEVEL:
            yield Note(code, outcome, {"p": p_words(test.p_value)})
    bent = [r for r in rows if r.statistic == "linearity" and r.p_value is not None]
    adjusted = [r.term for r in bent if (r.p_value or 0.0) * len(bent) < LEVEL]
    if adjusted:
        yield Note("D183", outcome, {"drivers": ", ".join(adjusted)})
    suppressors = [r.term for r in rows if r.statistic == "suppressor" and (r.estimate or 0.0) >= 0.95]
    if suppressors:
        yield Note("D184", outcome, {"drivers": ", ".join(suppressors)})
