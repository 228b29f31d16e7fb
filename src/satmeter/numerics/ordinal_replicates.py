"""The same ordinal regression under many weightings of the same respondents: bootstrap replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import Curve, Link, OrderedRows, likelihood
from satmeter.numerics.ordinal_newton import Summit, climb, lost_information
from satmeter.numerics.ordinal_regression import OrdinalFit
from satmeter.numerics.ordinal_rows import PreparedRows, checked_rows, prepare_rows, raw_parameters

_TOLERANCE = 1e-6  # after the last step a replicate is within a millionth of its standard error
_CHUNK_NUMBERS = 200_000


@dataclass(frozen=True, eq=False)
class OrdinalReplicates:
    """The same model under b weightings.

    Attributes
    ----------
    coefficients
        shape (b, k); NaN for free columns and where the estimates are not finite.
    thresholds
        shape (b, K − 1). A category without weight in a replicate has no width there, and ends at infinity when it is
        the first or the last.
    free_coefficients
        shape (b, len(free), K − 1); NaN at the boundaries that a replicate lacks.
    loglik, loglik_null
        shape (b,).
    usable
        shape (b,), whether there is a finite maximum.
    """

    coefficients: FloatArray
    thresholds: FloatArray
    free_coefficients: FloatArray
    loglik: FloatArray
    loglik_null: FloatArray
    usable: BoolArray


def replicate_ordinal(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike, fit: OrdinalFit) -> OrdinalReplicates:
    """Fit a model again under replicate weights.

    Parameters
    ----------
    x, y
        As given to `fit_ordinal`.
    weights
        shape (b, n), not negative. Ask for a part of the replicates at a time where b × n numbers are too many.
    fit
        The fit to the whole sample; where the climbs begin. Its link and free columns are taken.

    Returns
    -------
    OrdinalReplicates
        A replicate in which a predictor has become constant, collinear or separating is NaN throughout.

    Raises
    ------
    NumericsError
        N008 for bad weights, N010 for shapes or rows that do not belong to the fit, N009.

    Notes
    -----
    Every replicate goes to its own maximum (no one-step approximation), with the same Newton steps for all at once.

    Examples
    --------
    >>> from satmeter.numerics.ordinal_regression import fit_ordinal
    >>> x, y = [[0.0], [0], [0], [1], [1], [1], [2], [2]], [0, 0, 1, 0, 1, 2, 1, 2]
    >>> fit = fit_ordinal(x, y)
    >>> replicate_ordinal(x, y, [np.ones(8), [2, 1, 1, 2, 1, 0, 1, 1]], fit).coefficients.round(3)
    array([[1.585],
           [1.964]])
    """
    w = np.asarray(weights, dtype=np.float64)
    if w.ndim != 2:
        raise NumericsError(Problem("N010", got=str(w.shape), params={"expected": "(b, n)"}))
    if not np.isfinite(w).all() or (w < 0).any():
        raise NumericsError(Problem("N008"))
    predictors, outcome, total = checked_rows(x, y, w.sum(axis=0))
    prepared = prepare_rows(predictors, outcome, np.where(total > 0, 1.0, 0.0), fit.free)
    turn = raw_parameters(prepared)
    if turn.shape != fit.covariance.shape or prepared.categories.tolist() != fit.categories.tolist():
        raise NumericsError(Problem("N010", got=str(turn.shape), params={"expected": str(fit.covariance.shape)}))
    start = np.asarray(np.linalg.solve(turn, fit.parameters), dtype=np.float64)
    step = max(1, _CHUNK_NUMBERS // len(prepared.order))
    parts = []
    for i in range(0, len(w), step):
        part = w[i : i + step][:, prepared.order]
        parts.append(replicate_rows(prepared, part, np.repeat(start[None], len(part), axis=0), fit.link))
    found, loglik, loglik_null = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _in_raw_units(prepared, found, turn, loglik, loglik_null)


def replicate_rows(
    prepared: PreparedRows, weights: FloatArray, start: FloatArray, link: Link, *, held: BoolArray | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Find the maximum for every weighting, those that lack the same categories together.

    Parameters
    ----------
    prepared
        The rows.
    weights
        shape (b, m), in the order of the rows.
    start
        shape (b, p), parameters of standardised predictors; where the climbs begin.
    link
        Logistic or normal.
    held
        shape (b, p), parameters that stay where they begin, or None.

    Returns
    -------
    parameters, loglik, loglik_null
        (b, p) and (b,), for standardised predictors; NaN without a finite maximum.

    Examples
    --------
    >>> prepared = prepare_rows(np.array([[0.0], [1.0]] * 3), np.array([1.0, 0, 1, 0, 0, 1]), np.ones(6))
    >>> replicate_rows(prepared, np.ones((1, 6)), np.zeros((1, 2)), "logit")[1].round(4)
    array([-3.8191])
    """
    rows = prepared.rows
    totals = np.add.reduceat(weights, rows.first[:-1], axis=1)
    whole = totals.sum(axis=1, keepdims=True)
    patterns, member = np.unique(totals > 0, axis=0, return_inverse=True)
    found = np.full((len(weights), rows.parameters), np.nan)
    loglik = np.full(len(weights), np.nan)
    for number, seen in enumerate(patterns):
        which = np.flatnonzero(member.ravel() == number)
        if seen.sum() < 2:
            continue
        kept = _Kept.of(rows, seen)
        scale = whole[which] / len(prepared.order)
        begin, still = start[which][:, kept.parameter], None if held is None else held[which][:, kept.parameter]
        summit = _climb_from(kept.rows, weights[which][:, kept.row] / scale, begin, still, link)
        found[which] = kept.widened(summit.parameters, rows.parameters)
        loglik[which] = summit.loglik * scale[:, 0]
    share = totals / np.where(whole > 0, whole, 1.0)
    null = (totals * np.log(np.where(share > 0, share, 1.0))).sum(axis=1)
    return found, loglik, np.where(whole[:, 0] > 0, null, np.nan)


@dataclass(frozen=True, eq=False)
class _Kept:
    """The rows of the categories that some replicates have, and the boundaries between them."""

    rows: OrderedRows
    row: BoolArray
    parameter: IntArray
    source: IntArray
    common: int

    @classmethod
    def of(cls, rows: OrderedRows, seen: BoolArray) -> _Kept:
        sizes = np.diff(rows.first)
        row = np.repeat(seen, sizes)
        first = np.concatenate([[0], np.cumsum(sizes[seen])])
        c, m = rows.common.shape[1], rows.own.shape[1]
        # of the boundaries between two neighbours that are left, the lowest is kept
        cuts = np.flatnonzero(seen)[:-1]
        own = (c + cuts[:, None] * m + np.arange(m)).ravel()
        below = np.cumsum(seen)[:-1] - 1  # the kept boundary that every boundary falls upon; −1 and last: none
        part = OrderedRows(rows.common[row], rows.own[row], first)
        return cls(part, row, np.concatenate([np.arange(c), own]), below, c)

    def widened(self, found: FloatArray, size: int) -> FloatArray:
        m, cuts = self.rows.own.shape[1], self.rows.boundaries
        wide = np.full((len(found), size), np.nan)
        wide[:, : self.common] = found[:, : self.common]
        for j, source in enumerate(self.source):
            place = self.common + j * m
            if 0 <= source < cuts:
                own = self.common + source * m
                wide[:, place : place + m] = found[:, own : own + m]
            else:
                ends = np.full(len(found), -np.inf if source < 0 else np.inf)
                wide[:, place] = np.where(np.isnan(found[:, -1]), np.nan, ends)
        return wide


def _climb_from(
    rows: OrderedRows, weights: FloatArray, start: FloatArray, held: BoolArray | None, link: Link
) -> Summit:
    def evaluate(at: FloatArray, which: IntArray) -> Curve:
        curve = likelihood(rows, at, weights[which], link)
        return curve if held is None else _without(curve, held[which])

    whole = likelihood(rows, start[:1], np.ones((1, len(rows.own))), link)
    before = np.linalg.eigvalsh(whole.information[0])[0]
    summit = climb(evaluate, start, _TOLERANCE)
    lost = ~summit.converged | (summit.weakest < lost_information(float(before), len(rows.own)))
    found = np.where(lost[:, None], np.nan, summit.parameters)
    return Summit(found, np.where(lost, np.nan, summit.loglik), summit.weakest, ~lost)


def _without(curve: Curve, held: BoolArray) -> Curve:
    """Make parameters stay where they are, with so much information that they are not the weakest."""
    moves = ~held
    information = curve.information * moves[:, :, None] * moves[:, None, :]
    place = np.arange(held.shape[1])
    most = curve.information[:, place, place].max(axis=1, keepdims=True)
    information[:, place, place] += np.where(held, most, 0.0)
    return Curve(curve.loglik, np.where(held, 0.0, curve.slope), information)


def _in_raw_units(
    prepared: PreparedRows, found: FloatArray, turn: FloatArray, loglik: FloatArray, loglik_null: FloatArray
) -> OrdinalReplicates:
    """Turn parameters back; infinite thresholds stay what they are."""
    c, cuts = len(prepared.common), prepared.rows.boundaries
    infinite = np.isinf(found)
    raw = np.where(infinite | np.isnan(found), 0.0, found) @ turn.T
    own = c + np.arange(cuts) * prepared.rows.own.shape[1]
    raw[:, c : c + cuts] = np.where(infinite[:, own], found[:, own], raw[:, c : c + cuts])
    free = raw[:, c + cuts :].reshape(len(raw), len(prepared.free), cuts)
    free = np.where(infinite[:, own][:, None], np.nan, free)
    raw[np.isnan(loglik)] = np.nan
    free[np.isnan(loglik)] = np.nan
    coefficients = np.full((len(raw), len(prepared.centre)), np.nan)
    coefficients[:, prepared.common] = raw[:, :c]
    return OrdinalReplicates(
        coefficients, raw[:, c : c + cuts], free, loglik, loglik_null, np.asarray(~np.isnan(loglik))
    )
