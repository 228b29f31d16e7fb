"""Confirmatory factor analysis of the questionnaire's own constructs: fit, loadings, factor correlations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, NumericsError, Problem
from satmeter.measurement.degrees import is_simple
from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import LoadingRow, ValidityRow
from satmeter.numerics.cfa_robust import RobustCfaFit, fit_cfa_robust
from satmeter.numerics.tails import normal_quantile
from satmeter.numerics.validity_intervals import loading_interval
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
Constructs = Mapping[str, tuple[str, ...]]

LEAST_COMPLETE = 100
"""Respondents who answered all items below which a factor model says little (Boomsma 1982): it is not fitted."""


@dataclass(frozen=True, slots=True)
class Confirmatory:
    """The confirmatory factor analysis of a study.

    Attributes
    ----------
    rows
        Fit, factor correlations and AVE of the model.
    loadings
        Standardised loadings.
    notes
        Why there is none, or what is wrong with it.
    """

    rows: tuple[ValidityRow, ...] = ()
    loadings: tuple[LoadingRow, ...] = ()
    notes: tuple[Note, ...] = ()


def confirm(study: Study, constructs: Constructs) -> Confirmatory:
    """Fit the model in which every item measures its own construct and nothing else.

    Parameters
    ----------
    study
        The study; its weights enter, its strata and clusters do not.
    constructs
        Construct to its items, at least two each.

    Returns
    -------
    Confirmatory
        Maximum likelihood over the respondents who answered all items, with Satorra–Bentler's correction of
        chi-square, and robust standard errors from the observed information (lavaan's MLR). A model that cannot be
        fitted leaves a note.
    """
    items = [item for names in constructs.values() for item in names]
    values, weights = complete_rows(study, items)
    needed = max(LEAST_COMPLETE, len(items) + 1)
    if len(values) < needed:
        return Confirmatory(notes=(Note("M147", "", {"n": len(values), "needed": needed}),))
    try:
        fit = fit_cfa_robust(values, factors_of(constructs), weights=weights)
        # errors from the observed information hold where the model fits badly, those behind the scaled test do not
        observed = fit_cfa_robust(values, factors_of(constructs), weights=weights, correction="yuan_bentler")
        fit = replace(fit, estimates=observed.estimates)
    except NumericsError as error:
        return Confirmatory(notes=(_failure(error.problems[0], items),))
    return Confirmatory(
        (*_fit_rows(fit), *_factor_rows(study, constructs, fit)),
        tuple(_loading_rows(study, constructs, fit)),
        tuple(_notes(study, items, fit)),
    )


def complete_rows(study: Study, items: list[str]) -> tuple[FloatArray, FloatArray]:
    """Return the answers and weights of the respondents who answered all of some items."""
    values = np.asarray(study.frame[items], dtype=np.float64)
    complete = np.asarray(~np.isnan(values).any(axis=1) & (study.weights > 0))
    return values[complete], study.weights[complete]


def factors_of(constructs: Constructs) -> tuple[tuple[int, ...], ...]:
    """Return the column numbers of every construct's items when all items stand one after another."""
    ends = np.cumsum([len(names) for names in constructs.values()])
    return tuple(
        tuple(range(end - len(names), end)) for names, end in zip(constructs.values(), ends.tolist(), strict=True)
    )


def _failure(problem: Problem, items: list[str]) -> Note:
    """Return the note that says why there is no model."""
    if problem.code == "N032":
        columns = re.findall(r"\d+", str(problem.params["columns"]))
        return Note("M145", "", {"items": ", ".join(items[int(column)] for column in columns)})
    return Note("M144")


def _notes(study: Study, items: list[str], fit: RobustCfaFit) -> Iterator[Note]:
    n, answered = fit.normal.indices.n, int((study.frame[items].notna().any(axis=1) & (study.weights > 0)).sum())
    if 2 * n < answered:
        yield Note("M141", "", {"n": n, "answered": answered})
    elif n < answered and not is_simple(study):
        yield Note("M236", "", {"n": n, "answered": answered, "dropped": answered - n})
    heywood = [item for item, negative in zip(items, fit.estimates.heywood, strict=True) if negative]
    if heywood:
        yield Note("M148", "", {"items": ", ".join(heywood)})
    if fit.estimates.improper_factors:
        yield Note("M149")
    if study.strata is not None or study.cluster is not None:
        yield Note("M150")


def _fit_rows(fit: RobustCfaFit) -> Iterator[ValidityRow]:
    """Return the fit; of the indices the normal ones and, where they differ, the robust ones."""
    plain_fit, scaled = fit.normal.indices, fit.scaled
    df = float(plain_fit.df)
    yield _row("chi2", plain_fit.chi2, plain_fit.n, df=df, p_value=plain_fit.p_value)
    if plain_fit.df:
        yield _row("chi2_scaled", scaled.chi2, plain_fit.n, df=df, p_value=scaled.p_value)
    yield _row("cfi", plain_fit.cfi, plain_fit.n)
    yield _row("cfi_robust", scaled.cfi, plain_fit.n)
    yield _row("tli", plain_fit.tli, plain_fit.n)
    yield _row("tli_robust", scaled.tli, plain_fit.n)
    yield _row("rmsea", plain_fit.rmsea, plain_fit.n, ends=(plain_fit.rmsea_low, plain_fit.rmsea_high))
    yield _row("rmsea_robust", scaled.rmsea, plain_fit.n, ends=(scaled.rmsea_low, scaled.rmsea_high))
    yield _row("srmr", plain_fit.srmr, plain_fit.n)
    yield _row("aic", plain_fit.aic, plain_fit.n)
    yield _row("bic", plain_fit.bic, plain_fit.n)


def _factor_rows(study: Study, constructs: Constructs, fit: RobustCfaFit) -> Iterator[ValidityRow]:
    found, names, n = fit.estimates, tuple(constructs), fit.normal.indices.n
    proper = not found.heywood.any()
    for name, block in zip(names, factors_of(constructs), strict=True):
        if proper:
            yield _row("ave_cfa", float((found.std_loadings[list(block)] ** 2).mean()), n, (name, ""))
    reach = _reach(study)
    for a, first in enumerate(names):
        for b in range(a + 1, len(names)):
            r, error = float(found.factor_corr[a, b]), float(found.factor_corr_se[a, b])
            ends = (r - reach * error, r + reach * error)
            yield _row("cfa_correlation", r, n, (first, names[b]), std_error=error, ends=ends)


def _loading_rows(study: Study, constructs: Constructs, fit: RobustCfaFit) -> Iterator[LoadingRow]:
    low, high = loading_interval(
        fit.estimates.std_loadings, fit.estimates.std_loadings_se, study.plan.uncertainty.conf_level
    )
    for (name, items), block in zip(constructs.items(), factors_of(constructs), strict=True):
        for item, column in zip(items, block, strict=True):
            value, error = float(fit.estimates.std_loadings[column]), float(fit.estimates.std_loadings_se[column])
            yield LoadingRow(
                model="cfa",
                construct=name,
                item=item,
                estimate=plain(value),
                std_error=plain(error),
                conf_low=plain(low[column]),
                conf_high=plain(high[column]),
                n=fit.normal.indices.n,
            )


def _reach(study: Study) -> float:
    return float(normal_quantile((1 + study.plan.uncertainty.conf_level) / 2))


def _row(
    statistic: str,
    value: float,
    n: int,
    about: tuple[str, str] = ("", ""),
    *,
    std_error: float | None = None,
    ends: tuple[float | None, float | None] = (None, None),
    df: float | None = None,
    p_value: float | None = None,
) -> ValidityRow:
    low, high = (plain(end) for end in ends)
    return ValidityRow(statistic, *about, plain(value), plain(std_error), low, high, df, plain(p_value), n)
