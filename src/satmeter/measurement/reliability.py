"""Reliability of every construct, and each item's part in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.estimates import design_df
from satmeter.measurement.model import ReliabilityRow
from satmeter.measurement.ordinal import ordinal_stack
from satmeter.measurement.plain import plain
from satmeter.moments import MomentStack, Resampling, moment_stack
from satmeter.numerics.arguments import correlation_from
from satmeter.numerics.composite import composite_reliability
from satmeter.numerics.factor import OneFactor, omega_total, one_factor
from satmeter.numerics.factor_likelihood import one_factor_likelihood
from satmeter.numerics.intervals import reliability_interval, replicate_se
from satmeter.numerics.lambdas import lambda2
from satmeter.numerics.reliability import alpha, alpha_if_dropped, alpha_standardised, item_rest_correlation
from satmeter.numerics.split_half import MOST_ITEMS, RANDOM_SPLITS, lambda4, split_half
from satmeter.questionnaire.model import Construct
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]

LEAST_RESPONDENTS = 3
"""Fewer complete rows than this give no coefficient at all."""


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


@dataclass(frozen=True, slots=True)
class _Complete:
    """Moments over the complete rows of a construct, and the degrees of freedom of these respondents."""

    moments: MomentStack
    df: float


def consistency(study: Study, resampling: Resampling, construct: Construct) -> Consistency:
    """Compute the reliability of one construct from the respondents who answered all its items.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    construct
        One construct of the study's questionnaire.

    Returns
    -------
    Consistency
        Items that nobody answered, or that everyone rated the same, are left out with a note. Items on scales of
        different length are put on 0–100 first, as they are in the score.

    Notes
    -----
    Intervals as ``numerics.intervals.reliability_interval``. Weights enter through the moments.
    """
    answered = [i for i in construct.items if not study.frame[i].isna().all()]
    item_notes = [Note("M114", i, {"construct": construct.id}) for i in construct.items if i not in answered]
    if not answered:
        return Consistency(notes=(Note("M108", construct.id),))
    if construct.mode == "formative":
        return Consistency(notes=(Note("M110", construct.id),), item_notes=tuple(item_notes))
    if len(answered) == 1:
        return Consistency(notes=(Note("M102", construct.id),), item_notes=tuple(item_notes))
    values = np.asarray(study.frame[answered], dtype=np.float64)
    complete = np.asarray(~np.isnan(values).any(axis=1), dtype=bool)
    notes = _base_notes(construct, complete, values)
    if complete.sum() < LEAST_RESPONDENTS:
        return Consistency(notes=tuple(notes), item_notes=tuple(item_notes))
    block = values[complete]
    varied = block.min(axis=0) < block.max(axis=0)
    if not varied.all():
        names = ", ".join(i for i, v in zip(answered, varied, strict=True) if not v)
        notes.append(Note("M101", construct.id, {"items": names}))
    kept = [i for i, v in zip(answered, varied, strict=True) if v]
    if len(kept) < 2:
        notes += [Note("M102", construct.id)] if kept else []
        return Consistency(notes=tuple(notes), item_notes=tuple(item_notes))
    notes += _copies(construct, kept, block[:, varied])
    values = values[:, varied]
    if _mixed(study, kept):
        notes.append(Note("M111", construct.id))
        questionnaire = study.questionnaire
        values = np.column_stack([rescaled(values[:, j], questionnaire, item) for j, item in enumerate(kept)])
    base = _Complete(moment_stack(resampling, values, rows=complete), design_df(study, complete))
    found = _from_moments(study, construct, kept, base, notes, item_notes)
    if study.plan.measurement == "core":
        return found
    ordinal = ordinal_stack(resampling, values, complete & (study.weights > 0), construct=construct.id, items=kept)
    level = study.plan.uncertainty.conf_level
    more = _ordinal_rows(construct.id, ordinal.corr, base, level) if ordinal.corr is not None else ()
    return replace(found, rows=found.rows + more, notes=found.notes + ordinal.notes)


def _from_moments(
    study: Study,
    construct: Construct,
    items: list[str],
    base: _Complete,
    notes: list[Note],
    item_notes: list[Note],
) -> Consistency:
    stack, n_items = base.moments, len(items)
    coefficients = {"alpha": alpha(stack.covariance), "alpha_std": alpha_standardised(stack.covariance)}
    fit: OneFactor | None = None
    if n_items > 2:
        coefficients["omega_total"] = omega_total(stack.covariance)
        fit = one_factor(correlation_from(stack.covariance[0]))
        notes += [Note("M106", construct.id)] if fit.heywood else []
        notes += [] if fit.converged else [Note("M113", construct.id)]
        if study.plan.measurement == "full":
            coefficients |= _further(construct, stack.covariance, notes)
    else:
        notes.append(Note("M103", construct.id))
    level = study.plan.uncertainty.conf_level
    rows = [_row(construct.id, name, values, base, n_items, level) for name, values in coefficients.items()]
    if rows[0].estimate is not None and rows[0].estimate < 0:
        notes.append(Note("M105", construct.id, {"alpha": rows[0].estimate}))
    elif rows[0].estimate is None:
        notes.append(Note("M115", construct.id))
    parts = _parts(items, stack.covariance[0], fit)
    for item, part in parts:
        if part.item_rest_r is not None and part.item_rest_r < 0:
            item_notes.append(Note("M107", item, {"r": part.item_rest_r, "construct": construct.id}))
    return Consistency(tuple(rows), parts, tuple(notes), tuple(item_notes))


def _further(construct: Construct, cov: FloatArray, notes: list[Note]) -> dict[str, FloatArray]:
    """Return the coefficients beyond alpha and omega, and add what is to be noted about them."""
    coefficients = {"lambda2": lambda2(cov), "lambda4": lambda4(cov), "split_half": split_half(cov)}
    n_items = cov.shape[-1]
    if n_items > MOST_ITEMS:
        notes.append(Note("M134", construct.id, {"n_items": n_items, "splits": RANDOM_SPLITS}))
    composite, note = _composite(cov)
    notes += [Note(note, construct.id)] if note else []
    return coefficients if composite is None else coefficients | {"rho_c": composite}


def _composite(cov: FloatArray) -> tuple[FloatArray | None, str]:
    """Return composite reliability from one factor by maximum likelihood, and the code of what is to be noted."""
    fit = one_factor_likelihood(correlation_from(cov))
    if not fit.converged[0]:
        return None, "M136"
    value = np.where(fit.converged, composite_reliability(fit.loadings), np.nan)
    return value, "M135" if fit.heywood[0] else ""


def _ordinal_rows(construct: str, corr: FloatArray, base: _Complete, level: float) -> tuple[ReliabilityRow, ...]:
    n_items = corr.shape[-1]
    functions = {"alpha_ordinal": alpha} | ({"omega_ordinal": omega_total} if n_items > 2 else {})
    return tuple(_row(construct, name, f(corr), base, n_items, level) for name, f in functions.items())


def _row(construct: str, name: str, values: FloatArray, base: _Complete, n_items: int, level: float) -> ReliabilityRow:
    low, high = reliability_interval(values[0], values[1:], base.df, level)
    return ReliabilityRow(
        construct=construct,
        coefficient=name,
        estimate=plain(values[0]),
        std_error=plain(replicate_se(values[1:])) if base.df > 0 else None,
        conf_low=plain(low),
        conf_high=plain(high),
        n=base.moments.n,
        n_items=n_items,
    )


def _parts(items: list[str], cov: FloatArray, fit: OneFactor | None) -> tuple[tuple[str, ItemPart], ...]:
    rest = item_rest_correlation(cov)
    dropped = alpha_if_dropped(cov)
    loadings = fit.loadings if fit is not None and fit.converged else np.full(len(items), np.nan)
    return tuple(
        (item, ItemPart(plain(rest[j]), plain(dropped[j]), plain(loadings[j]))) for j, item in enumerate(items)
    )


def _base_notes(construct: Construct, complete: npt.NDArray[np.bool_], values: FloatArray) -> list[Note]:
    n, any_answer = int(complete.sum()), int((~np.isnan(values)).any(axis=1).sum())
    if n < LEAST_RESPONDENTS:
        return [Note("M109", construct.id, {"n": n, "needed": LEAST_RESPONDENTS})]
    if 2 * n < any_answer:
        return [Note("M112", construct.id, {"n": n, "answered": any_answer})]
    return []


def _mixed(study: Study, items: list[str]) -> bool:
    """Tell whether items stand on scales of different length."""
    scales = (study.questionnaire.scales[study.questionnaire.items[i].scale] for i in items)
    return len({s.high - s.low for s in scales}) > 1


def _copies(construct: Construct, items: list[str], block: FloatArray) -> list[Note]:
    """Return notes on items that are copies of each other."""
    notes = []
    copies: dict[bytes, list[str]] = {}
    for j, item in enumerate(items):
        copies.setdefault(np.ascontiguousarray(block[:, j]).tobytes(), []).append(item)
    for names in copies.values():
        if len(names) > 1:
            notes.append(Note("M104", construct.id, {"items": ", ".join(names)}))
    return notes
