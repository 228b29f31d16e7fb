"""The questionnaire's own constructs as a factor model of ordered answers: weighted least squares on polychorics."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note, NumericsError, Problem
from satmeter.measurement.confirmatory import Confirmatory, Constructs, complete_rows, factors_of
from satmeter.measurement.ordinal import MOST_POINTS
from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import LoadingRow, ValidityRow
from satmeter.numerics.cfa_ordinal import OrdinalCfaFit, fit_cfa_ordinal
from satmeter.numerics.cfa_ordinal_moments import MOST_ITEMS
from satmeter.numerics.tails import normal_quantile
from satmeter.numerics.validity_intervals import loading_interval
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]

LEAST_COMPLETE = 200
"""Complete respondents below which weights from polychoric tables are unreliable (Flora and Curran 2004)."""


def confirm_ordinal(study: Study, constructs: Constructs) -> Confirmatory:
    """Fit the model in which every item measures its own construct to the answers as ordered categories.

    Parameters
    ----------
    study
        The study; its weights enter, its strata and clusters do not (M150 of the maximum-likelihood model says so).
    constructs
        Construct to its items, at least two each.

    Returns
    -------
    Confirmatory
        Fit (chi-square adjusted in mean and variance), factor correlations with normal intervals and standardised
        loadings with intervals on Fisher's scale, both from robust standard errors, over the respondents who answered
        all items. It is fitted where no item has more than 11 different ratings, at least 200 respondents are complete
        and items are at most 100; a model that is not fitted leaves a note.
    """
    items = [item for names in constructs.values() for item in names]
    values, weights = complete_rows(study, items)
    points = max((len(np.unique(column)) for column in values.T), default=0)
    if points > MOST_POINTS or len(values) < LEAST_COMPLETE or len(items) > MOST_ITEMS:
        stated = {"most": MOST_ITEMS, "most_points": MOST_POINTS, "needed": LEAST_COMPLETE}
        return Confirmatory(
            notes=(Note("M170", "", stated | {"items": len(items), "points": points, "n": len(values)}),)
        )
    try:
        fit = fit_cfa_ordinal(values, factors_of(constructs), weights=weights)
    except NumericsError as error:
        return Confirmatory(notes=(_failure(error.problems[0], items),))
    level = study.plan.uncertainty.conf_level
    reach = float(normal_quantile((1 + level) / 2))
    return Confirmatory(
        (*_fit_rows(fit), *_factor_rows(tuple(constructs), fit, reach)),
        tuple(_loading_rows(constructs, fit, level)),
        tuple(_notes(study, constructs, fit)),
    )


def _failure(problem: Problem, items: list[str]) -> Note:
    """Return the note that says why there is no model."""
    if problem.code == "N051":
        pairs = [pair.split("–") for pair in str(problem.params["pairs"]).split(", ")]
        return Note("M171", "", {"pairs": ", ".join(f"{items[int(i)]}–{items[int(j)]}" for i, j in pairs)})
    return Note("M172")


def _notes(study: Study, constructs: Constructs, fit: OrdinalCfaFit) -> Iterator[Note]:
    items, found = [item for names in constructs.values() for item in names], fit.estimates
    scales = [study.questionnaire.scales[study.questionnaire.items[item].scale] for item in items]
    sizes = [len(scale.codes) for scale in scales]
    span = f"{min(sizes)}" if min(sizes) == max(sizes) else f"{min(sizes)}–{max(sizes)}"
    yield Note("M176", "", {"points": span})
    if found.heywood.any() or found.improper_factors:
        names = [item for item, beyond in zip(items, found.heywood, strict=True) if beyond]
        yield Note("M173", "", {"names": ", ".join(names or _closest(tuple(constructs), found.factor_corr))})
    if found.least_eigenvalue <= 0:
        yield Note("M174", "", {"eigenvalue": found.least_eigenvalue})
    thin = [item for item, size, used in zip(items, sizes, found.categories, strict=True) if used < size]
    if thin:
        yield Note("M175", "", {"items": ", ".join(thin)})


def _closest(names: tuple[str, ...], factor_corr: FloatArray) -> tuple[str, str]:
    """Return the two constructs that correlate most."""
    a, b = np.unravel_index(np.abs(np.tril(factor_corr, -1)).argmax(), factor_corr.shape)
    return names[int(b)], names[int(a)]


def _fit_rows(fit: OrdinalCfaFit) -> Iterator[ValidityRow]:
    found = fit.indices
    if found.df:
        yield _row("chi2_wlsmv", found.chi2_scaled, found.n, df=float(found.df), p_value=found.p_value)
        yield _row("cfi_wlsmv", found.cfi, found.n)
        yield _row("tli_wlsmv", found.tli, found.n)
        yield _row("rmsea_wlsmv", found.rmsea, found.n, ends=(found.rmsea_low, found.rmsea_high))
    yield _row("srmr_wlsmv", found.srmr, found.n)


def _factor_rows(names: tuple[str, ...], fit: OrdinalCfaFit, reach: float) -> Iterator[ValidityRow]:
    for a, first in enumerate(names):
        for b in range(a + 1, len(names)):
            r, error = float(fit.estimates.factor_corr[a, b]), float(fit.estimates.factor_corr_se[a, b])
            ends = (r - reach * error, r + reach * error)
            about = (first, names[b])
            yield _row("cfa_ordinal_correlation", r, fit.indices.n, about, std_error=error, ends=ends)


def _loading_rows(constructs: Constructs, fit: OrdinalCfaFit, conf_level: float) -> Iterator[LoadingRow]:
    low, high = loading_interval(fit.estimates.loadings, fit.estimates.loadings_se, conf_level)
    for (name, items), block in zip(constructs.items(), factors_of(constructs), strict=True):
        for item, column in zip(items, block, strict=True):
            value, error = float(fit.estimates.loadings[column]), float(fit.estimates.loadings_se[column])
            yield LoadingRow(
                model="cfa_ordinal",
                construct=name,
                item=item,
                estimate=plain(value),
                std_error=plain(error),
                conf_low=plain(low[column]),
                conf_high=plain(high[column]),
                n=fit.indices.n,
            )


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
