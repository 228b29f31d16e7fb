"""The regression of one outcome on its drivers and controls: rows, fit, and the columns that make it impossible."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.drivers.model import FitRow, RegressionRow
from satmeter.drivers.predictors import Predictor
from satmeter.errors import Problem
from satmeter.measurement.degrees import design_df, is_simple
from satmeter.measurement.plain import plain
from satmeter.moments import MomentStack, Resampling, moment_stack
from satmeter.numerics.design import design_units
from satmeter.numerics.intervals import r2_interval, replicate_se, t_interval
from satmeter.numerics.regression import (
    LeastSquares,
    adjusted_r2,
    find_dependence,
    hc3_covariance,
    least_squares,
    vif,
)
from satmeter.numerics.tails import t_tail
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

SPARE_ROWS = 5
"""A regression with k columns needs more than k + 5 complete rows."""


@dataclass(frozen=True, eq=False)
class Regression:
    """A regression that could be computed.

    Attributes
    ----------
    outcome
        Name of the outcome.
    predictors
        Drivers, then controls.
    terms
        Names of the predictor columns.
    table
        shape (n, 1 + k), outcome and predictor columns of all respondents of the study.
    complete
        shape (n,), who is in the regression.
    moments
        Over these respondents; column 0 is the outcome.
    fit
        Stack of the full sample and the replicates.
    """

    outcome: str
    predictors: tuple[Predictor, ...]
    terms: tuple[str, ...]
    table: FloatArray
    complete: BoolArray
    moments: MomentStack
    fit: LeastSquares

    @property
    def n(self) -> int:
        """Respondents in the regression."""
        return self.moments.n

    def sample_only(self) -> Regression:
        """Return the same without replicates, so that nothing gets an error or an interval from them."""
        moments, fit = self.moments, self.fit
        return replace(
            self,
            moments=replace(moments, total=moments.total[:1], mean=moments.mean[:1], covariance=moments.covariance[:1]),
            fit=LeastSquares(fit.intercept[:1], fit.b[:1], fit.beta[:1], fit.r2[:1]),
        )

    def columns_of(self, name: str) -> tuple[int, ...]:
        """Return the column numbers of a predictor in the moments."""
        start = 1
        for predictor in self.predictors:
            if predictor.name == name:
                return tuple(range(start, start + len(predictor.terms)))
            start += len(predictor.terms)
        return ()


def find_problems(study: Study, outcome: str, predictors: list[Predictor], complete: BoolArray) -> list[Problem]:
    """Return what makes the regression impossible: no driver, too few rows, constant or collinear columns.

    Parameters
    ----------
    study
        The study.
    outcome
        A construct.
    predictors, complete
        From ``build_predictors``.

    Returns
    -------
    list of Problem
        D001 to D005, all that apply.
    """
    about = ("construct", outcome)
    if all(p.control for p in predictors):
        return [Problem("D005", about=about, params={"outcome": outcome})]
    k, n = sum(len(p.terms) for p in predictors), int(complete.sum())
    if n <= k + SPARE_ROWS:
        params: dict[str, str | int] = {"outcome": outcome, "n": n, "k": k, "needed": k + SPARE_ROWS}
        return [Problem("D003", about=about, got=str(n), params=params)]
    problems = []
    score = np.asarray(study.construct_scores[outcome], dtype=np.float64)[complete]
    if score.min() == score.max():
        problems.append(Problem("D004", about=about, params={"outcome": outcome}))
    constant = [p.name for p in predictors if not _varies(p.columns[complete])]
    if constant:
        names = ", ".join(constant)
        problems.append(Problem("D001", about=about, got=names, params={"outcome": outcome, "columns": names}))
    varied = [p for p in predictors if p.name not in constant]
    if varied:
        terms = [t for p in varied for t in p.terms]
        block = np.column_stack([p.columns[complete] for p in varied])
        centred = block - block.mean(axis=0)
        for group in find_dependence(centred.T @ centred, tuple(range(len(terms)))).collinear:
            names = ", ".join(terms[j] for j in group)
            problems.append(Problem("D002", about=about, got=names, params={"outcome": outcome, "columns": names}))
    return problems


def _varies(columns: FloatArray) -> bool:
    return columns.shape[1] > 0 and bool((columns.min(axis=0) < columns.max(axis=0)).any())


def regress(
    study: Study, resampling: Resampling, outcome: str, predictors: list[Predictor], complete: BoolArray
) -> Regression:
    """Fit the regression in the sample and in every replicate; `find_problems` has found none.

    Rows of a single sampling unit are the same in all replicates that hold it: those are left out.
    """
    score = np.asarray(study.construct_scores[outcome], dtype=np.float64)
    table = np.column_stack([score, *(p.columns for p in predictors)])
    moments = moment_stack(resampling, table, rows=complete)
    terms = tuple(t for p in predictors for t in p.terms)
    fit = least_squares(moments.covariance, moments.mean, 0, tuple(range(1, 1 + len(terms))))
    found = Regression(outcome, tuple(predictors), terms, table, complete, moments, fit)
    return found if design_df(study, complete) > 0 else found.sample_only()


def regression_rows(study: Study, found: Regression) -> list[RegressionRow]:
    """Return intercept and coefficients with tests.

    Parameters
    ----------
    study
        The study, whose design decides the kind of standard error.
    found
        The regression.

    Returns
    -------
    list of RegressionRow
        In a simple random sample HC3 standard errors and n − k − 1 degrees of freedom; with weights, strata or clusters
        the standard deviation over the replicates and the design's degrees of freedom less k. The coefficient of a
        category that one sampling unit alone belongs to has neither error nor test: that unit fits it exactly in every
        replicate, which would make it look certain.
    """
    level = study.plan.uncertainty.conf_level
    k = len(found.terms)
    estimates = np.concatenate([[found.fit.intercept[0]], found.fit.b[0]])
    if is_simple(study):
        rows = found.table[found.complete]
        covariance = hc3_covariance(rows[:, 1:], rows[:, 0])
        se, kind, df = np.sqrt(np.diagonal(covariance)), "HC3", design_df(study, found.complete) - k
    else:
        stack = np.column_stack([found.fit.intercept, found.fit.b])
        se, kind, df = replicate_se(stack[1:]), "replicate", design_df(study, found.complete) - k
    se = np.where(of_one_unit(study, found, found.complete), np.nan, se)
    usable = df if df >= 1 else np.nan
    low, high = t_interval(estimates, se, usable, level)
    statistic = estimates / np.where(se > 0, se, np.nan) if df >= 1 else np.full(k + 1, np.nan)
    p_value = t_tail(statistic, usable)
    inflation = [np.nan, *vif(found.moments.covariance[0, 1:, 1:])]
    beta = [np.nan, *found.fit.beta[0]]
    return [
        RegressionRow(
            outcome=found.outcome,
            term=term,
            model="ols",
            std_error_type=kind,
            estimate=plain(estimates[j]),
            std_error=plain(se[j]),
            conf_low=plain(low[j]),
            conf_high=plain(high[j]),
            statistic=plain(statistic[j]),
            df=plain(usable),
            p_value=plain(p_value[j]),
            beta=plain(beta[j]),
            vif=plain(inflation[j]),
            n=found.n,
        )
        for j, term in enumerate(("(intercept)", *found.terms))
    ]


def of_one_unit(study: Study, found: Regression, rows: BoolArray) -> BoolArray:
    """Tell which coefficients, the intercept first, compare with or are a category of one sampling unit.

    Parameters
    ----------
    study, found
        The study and one of its regressions.
    rows
        shape (n,), the respondents that are looked at.

    Returns
    -------
    array, shape (1 + k,)
    """
    units = design_units(study.n, study.layers, study.cluster).unit[rows]
    alone = np.zeros(1 + len(found.terms), dtype=np.bool_)
    for predictor in found.predictors:
        if predictor.kind != "choice":
            continue
        columns = list(found.columns_of(predictor.name))
        member = found.table[rows][:, columns] == 1
        for column, inside in zip(columns, member.T, strict=True):
            alone[column] |= len(np.unique(units[inside])) == 1
        if len(np.unique(units[~member.any(axis=1)])) == 1:
            alone[[0, *columns]] = True
    return alone


def fit_rows(study: Study, found: Regression) -> list[FitRow]:
    """Return R² and adjusted R²; the interval of the latter is that of R², adjusted at both ends."""
    level, k = study.plan.uncertainty.conf_level, len(found.terms)
    df = design_df(study, found.complete) - k
    bounds = np.array(r2_interval(found.fit.r2[0], found.fit.r2[1:], df, level))
    figures = {
        "r2": (found.fit.r2, bounds),
        "r2_adjusted": (adjusted_r2(found.fit.r2, found.n, k), adjusted_r2(bounds, found.n, k)),
    }
    return [
        FitRow(
            outcome=found.outcome,
            statistic=name,
            estimate=plain(values[0]),
            std_error=plain(replicate_se(values[1:])),
            conf_low=plain(low),
            conf_high=plain(high),
            n=found.n,
        )
        for name, (values, (low, high)) in figures.items()
    ]
