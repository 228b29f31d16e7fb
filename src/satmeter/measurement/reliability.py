"""Reliability of every construct, and each item's part in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.coefficient_rows import Basis, exact_row, positive_row, reliability_row
from satmeter.measurement.coefficients import further_coefficients, measurement_error
from satmeter.measurement.construct_moments import ConstructMoments, construct_moments
from satmeter.measurement.construct_ratings import ConstructRatings, construct_ratings
from satmeter.measurement.degrees import design_df, is_simple
from satmeter.measurement.keying import keying_notes
from satmeter.measurement.model import ReliabilityRow
from satmeter.measurement.ordinal import ordinal_stack
from satmeter.measurement.plain import plain
from satmeter.moments import Resampling
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.factor import OneFactor, omega_total, one_factor
from satmeter.numerics.reliability import alpha, alpha_if_dropped, alpha_standardised, item_rest_correlation
from satmeter.questionnaire.model import Construct
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ItemPart:
    """An item's part in its construct: correlation with the rest, alpha without it, loading; None where absent."""

    item_rest_r: float | None = None
    alpha_if_dropped: float | None = None
    loading: float | None = None


@dataclass(frozen=True, slots=True)
class Consistency:
    """Reliability of one construct.

    Attributes
    ----------
    rows
        The coefficients, in the order of `ReliabilityRow`, as far as they exist.
    parts
        Item to its part; items without one are left out.
    notes
        About the coefficients.
    item_notes
        About single items.
    """

    rows: tuple[ReliabilityRow, ...] = ()
    parts: tuple[tuple[str, ItemPart], ...] = ()
    notes: tuple[Note, ...] = ()
    item_notes: tuple[Note, ...] = ()


def consistency(study: Study, resampling: Resampling, construct: Construct) -> Consistency:
    """Compute the reliability of one construct.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    construct
        One construct of the study's questionnaire.

    Returns
    -------
    Consistency
        From the respondents and items of `construct_ratings`.

    Notes
    -----
    Intervals as ``numerics.intervals.reliability_interval``. Weights enter through the moments. Polychoric correlations
    always rest on the respondents who answered every item.
    """
    prepared = construct_ratings(study, construct)
    ratings = prepared.found
    if ratings is None:
        return Consistency(notes=prepared.notes, item_notes=prepared.item_notes)
    base = construct_moments(study, resampling, construct.id, ratings)
    notes, item_notes = [*prepared.notes, *base.notes], list(prepared.item_notes)
    rows, fit = _rows(study, construct, ratings, base, notes)
    if study.plan.measurement == "full":
        rows += _ordinal_rows(study, resampling, construct, ratings, notes)
    parts = _parts(list(ratings.items), base.moments.covariance[0], fit)
    for item, part in parts:
        if part.item_rest_r is not None and part.item_rest_r < 0:
            item_notes.append(Note("M107", item, {"r": part.item_rest_r, "construct": construct.id}))
    return Consistency(tuple(rows), parts, tuple(notes), tuple(item_notes))


def basis_of(study: Study, construct: Construct, base: ConstructMoments) -> Basis:
    """Return what stands behind the coefficients of a construct's moments."""
    n_items = base.moments.mean.shape[-1]
    return Basis(construct.id, base.moments.n, n_items, base.df, study.plan.uncertainty.conf_level)


def _rows(
    study: Study, construct: Construct, ratings: ConstructRatings, base: ConstructMoments, notes: list[Note]
) -> tuple[list[ReliabilityRow], OneFactor | None]:
    """Return the rows that come from covariances, and one factor of the sample, and add to the notes."""
    cov, basis = base.moments.covariance, basis_of(study, construct, base)
    full = study.plan.measurement == "full"
    coefficients = {"alpha": alpha(cov), "alpha_std": alpha_standardised(cov)}
    fit: OneFactor | None = None
    if len(ratings.items) > 2:
        coefficients["omega_total"] = omega_total(cov)
        fit = one_factor(correlation_from(cov[0]))
        notes += [Note("M106", construct.id)] if fit.heywood else []
        notes += [] if fit.converged else [Note("M113", construct.id)]
        if full:
            further, beware = further_coefficients(construct.id, cov)
            coefficients |= further
            notes += beware
    else:
        notes.append(Note("M103", construct.id))
    rows = [reliability_row(basis, name, values) for name, values in coefficients.items()]
    if full and is_simple(study) and basis.n == ratings.complete.sum():
        rows.append(exact_row(basis, "alpha_feldt", float(coefficients["alpha"][0])))
    if full:
        rows.append(positive_row(basis, "sem", measurement_error(cov, ratings.points)))
    if rows[0].estimate is not None and rows[0].estimate < 0:
        notes.append(Note("M105", construct.id, {"alpha": rows[0].estimate}))
    elif rows[0].estimate is None:
        notes.append(Note("M115", construct.id))
    notes += keying_notes(construct.id, ratings.items, cov[0])
    return rows, fit


def _ordinal_rows(
    study: Study, resampling: Resampling, construct: Construct, ratings: ConstructRatings, notes: list[Note]
) -> list[ReliabilityRow]:
    if not ratings.complete.any():
        return []
    items = list(ratings.items)
    ordinal = ordinal_stack(resampling, ratings.values, ratings.complete, construct=construct.id, items=items)
    notes += ordinal.notes
    if ordinal.corr is None:
        return []
    df, level = design_df(study, ratings.complete), study.plan.uncertainty.conf_level
    basis = Basis(construct.id, int(ratings.complete.sum()), len(items), df, level)
    functions = {"alpha_ordinal": alpha} | ({"omega_ordinal": omega_total} if len(items) > 2 else {})
    return [reliability_row(basis, name, function(ordinal.corr)) for name, function in functions.items()]


def _parts(items: list[str], cov: FloatArray, fit: OneFactor | None) -> tuple[tuple[str, ItemPart], ...]:
    rest = item_rest_correlation(cov)
    dropped = alpha_if_dropped(cov)
    loadings = fit.loadings if fit is not None and fit.converged else np.full(len(items), np.nan)
    return tuple(
        (item, ItemPart(plain(rest[j]), plain(dropped[j]), plain(loadings[j]))) for j, item in enumerate(items)
    )
