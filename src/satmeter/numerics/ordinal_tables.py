"""Proportional odds for many small tables at once: every table its own predictors, counts instead of respondents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import Curve
from satmeter.numerics.ordinal_newton import LOST_INFORMATION, climb
from satmeter.numerics.special_functions import special

_TOLERANCE = 1e-12
_LEAST_SPREAD = 1e-10  # part of the information that a column must add beside the others


@dataclass(frozen=True, eq=False)
class TableFits:
    """Fits of b tables, P(y ≤ j) = G(θ_j − xᵀβ) with the logistic G.

    Attributes
    ----------
    parameters
        shape (b, k + K − 1): β, then θ; of the predictors as given. NaN where there is no finite estimate.
    covariance
        shape (b, p, p), inverse of the information.
    scores
        shape (b, m, K, p), slope of the log-likelihood of one respondent of a pattern and category.
    loglik, loglik_null
        shape (b,); the null model has thresholds only.
    found
        shape (b,), whether the estimates are finite and unique.
    """

    parameters: FloatArray
    covariance: FloatArray
    scores: FloatArray
    loglik: FloatArray
    loglik_null: FloatArray
    found: BoolArray


@dataclass(frozen=True, eq=False)
class _Cells:
    """Logarithms of the cells' probabilities with slopes and curvature by upper and lower edge, shape (b, m, K)."""

    log: FloatArray
    u: FloatArray
    low: FloatArray
    uu: FloatArray
    ll: FloatArray
    ul: FloatArray


def fit_tables(x: FloatArray, counts: FloatArray) -> TableFits:
    """Fit a proportional-odds model to every table.

    Parameters
    ----------
    x
        shape (b, m, k), predictors of the m patterns, without a column of ones.
    counts
        shape (b, m, K), weight of every pattern in every category; every category of every table has some. Patterns
        without weight fill up smaller tables.

    Returns
    -------
    TableFits
        The same as ``fit_ordinal`` of the respondents. Tables whose predictors are constant or collinear, or tell the
        categories apart without error, are not `found`.

    Examples
    --------
    >>> fits = fit_tables(np.array([[[0.0], [1], [2]]]), np.array([[[2.0, 1, 0], [1, 1, 1], [0, 1, 1]]]))
    >>> fits.parameters.round(3)
    array([[1.585, 0.668, 2.877]])
    """
    b, _, k = x.shape
    n_cuts = counts.shape[2] - 1
    weight = counts.sum(axis=2)
    total = weight.sum(axis=1)
    centre = np.einsum("bm,bmk->bk", weight, x) / total[:, None]
    spread = np.sqrt(np.einsum("bm,bmk->bk", weight, (x - centre[:, None]) ** 2) / total[:, None])
    constant = (spread <= _LEAST_SPREAD * np.abs(x).max(axis=(1, 2), initial=0)[:, None]).any(axis=1)
    z = (x - centre[:, None]) / np.where(spread > 0, spread, 1.0)[:, None]
    totals = counts.sum(axis=1)
    share = totals / total[:, None]
    start = np.zeros((b, k + n_cuts))
    start[:, k:] = special.logit(np.cumsum(share, axis=1)[:, :-1])
    scaled = counts / total[:, None, None]

    def evaluate(at: FloatArray, which: IntArray) -> Curve:
        return _curve(z[which], scaled[which], at)

    roots = np.linalg.eigvalsh(evaluate(start, np.arange(b)).information)
    summit = climb(evaluate, start, _TOLERANCE)
    found = summit.converged & ~constant & (roots[:, 0] > _LEAST_SPREAD * roots[:, -1])
    found &= summit.weakest >= LOST_INFORMATION * roots[:, 0]
    place = np.where(found[:, None], summit.parameters, start)
    turn = _raw_parameters(centre, np.where(spread > 0, spread, 1.0), n_cuts)
    information = _curve(z, counts, place).information
    information[~found] = np.eye(k + n_cuts)
    covariance = turn @ np.linalg.inv(information) @ np.swapaxes(turn, 1, 2)
    unknown = ~found[:, None]
    return TableFits(
        parameters=np.where(unknown, np.nan, np.einsum("bij,bj->bi", turn, place)),
        covariance=np.where(unknown[:, None], np.nan, covariance),
        scores=np.einsum("bmjp,bpq->bmjq", _scores(z, place), np.linalg.inv(turn)),
        loglik=np.where(found, summit.loglik * total, np.nan),
        loglik_null=(totals * np.log(share)).sum(axis=1),
        found=found,
    )


def _raw_parameters(centre: FloatArray, spread: FloatArray, n_cuts: int) -> FloatArray:
    """Return the matrices that turn parameters of standardised predictors into those of raw ones."""
    b, k = centre.shape
    turn = np.zeros((b, k + n_cuts, k + n_cuts))
    turn[:, np.arange(k), np.arange(k)] = 1 / spread
    turn[:, np.arange(k, k + n_cuts), np.arange(k, k + n_cuts)] = 1.0
    turn[:, k:, :k] = (centre / spread)[:, None, :]
    return turn


def _cells(z: FloatArray, at: FloatArray) -> _Cells:
    """Use G(u) − G(l) = G(u) G(−l) (1 − exp(l − u)), which loses no digits in the tails."""
    k = z.shape[2]
    edge = at[:, None, k:] - np.einsum("bmk,bk->bm", z, at[:, :k])[:, :, None]
    ends = np.full((*edge.shape[:2], 1), np.inf)
    upper, lower = np.concatenate([edge, ends], axis=2), np.concatenate([-ends, edge], axis=2)
    above, below = special.expit(-upper), special.expit(lower)
    width = upper - lower
    inside = width > 0
    safe = np.where(inside, np.minimum(width, 700.0), 1.0)
    ratio = 1 / np.expm1(safe)
    bend = ratio * (1 + ratio)
    log = special.log_expit(upper) + special.log_expit(-lower) + np.log(-np.expm1(-safe))
    return _Cells(
        log=np.where(inside, log, -1e12),
        u=above + ratio,
        low=-below - ratio,
        uu=-above * (1 - above) - bend,
        ll=-below * (1 - below) - bend,
        ul=bend,
    )


def _curve(z: FloatArray, counts: FloatArray, at: FloatArray) -> Curve:
    k = z.shape[2]
    cells = _cells(z, at)
    loglik = (counts * cells.log).sum(axis=(1, 2))
    up, low = counts * cells.u, counts * cells.low
    slope = np.empty((len(z), at.shape[1]))
    slope[:, :k] = -np.einsum("bm,bmk->bk", (up + low).sum(axis=2), z)
    slope[:, k:] = up[:, :, :-1].sum(axis=1) + low[:, :, 1:].sum(axis=1)
    uu, ll, ul = counts * cells.uu, counts * cells.ll, counts * cells.ul
    information = np.zeros((len(z), at.shape[1], at.shape[1]))
    bent = z * (uu + 2 * ul + ll).sum(axis=2)[:, :, None]
    information[:, :k, :k] = -np.swapaxes(bent, 1, 2) @ z
    mixed = np.swapaxes((uu + ul)[:, :, :-1] + (ll + ul)[:, :, 1:], 1, 2) @ z
    information[:, k:, :k] = mixed
    information[:, :k, k:] = np.swapaxes(mixed, 1, 2)
    own = np.arange(k, at.shape[1])
    information[:, own, own] = -uu[:, :, :-1].sum(axis=1) - ll[:, :, 1:].sum(axis=1)
    beside = -ul[:, :, 1:-1].sum(axis=1)
    information[:, own[1:], own[:-1]] = beside
    information[:, own[:-1], own[1:]] = beside
    return Curve(loglik, slope, information)


def _scores(z: FloatArray, at: FloatArray) -> FloatArray:
    k, n_cuts = z.shape[2], at.shape[1] - z.shape[2]
    cells = _cells(z, at)
    found = np.zeros((*cells.u.shape, at.shape[1]))
    found[..., :k] = -(cells.u + cells.low)[..., None] * z[:, :, None, :]
    for j in range(n_cuts):
        found[:, :, j, k + j] = cells.u[:, :, j]
        found[:, :, j + 1, k + j] = cells.low[:, :, j + 1]
    return found
