"""Multinomial logistic regression of an outcome with categories in no order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import Curve
from satmeter.numerics.ordinal_newton import Summit, climb, lost_information
from satmeter.numerics.ordinal_rows import checked_rows
from satmeter.numerics.ordinal_sandwich import sandwich_covariance
from satmeter.numerics.ordinal_separation import separating_columns

_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class MultinomialFit:
    """A multinomial logit, log odds of category c against the first one = a_c + xᵀb_c.

    Attributes
    ----------
    coefficients
        shape (K − 1, k + 1), intercept first; one row for every category but the first.
    covariance, sandwich
        shape (p, p), p = (K − 1)(k + 1), row by row of the coefficients: from the information, and by linearisation.
    scores
        shape (n, p), every row's slope of its log-likelihood, without its weight.
    loglik, loglik_null
        Sums over rows times weights.
    categories
        shape (K,), codes in use, rising; the first is the one compared with.
    n, sum_weights, df
        As in `OrdinalFit`.
    """

    coefficients: FloatArray
    covariance: FloatArray
    sandwich: FloatArray
    scores: FloatArray
    loglik: float
    loglik_null: float
    categories: FloatArray
    n: int
    sum_weights: float
    df: int

    def probabilities(self, x: npt.ArrayLike) -> FloatArray:
        """Return the probability of every category at predictors (n, k), shape (n, K)."""
        predictors = np.asarray(x, dtype=np.float64)
        design = np.column_stack([np.ones(len(predictors)), predictors])
        return np.asarray(_chances(self.coefficients.ravel()[None], design, len(self.categories))[0])


def fit_multinomial(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> MultinomialFit:
    """Fit a multinomial logit by maximum (pseudo-)likelihood.

    Parameters
    ----------
    x
        shape (n, k), predictors without a column of ones.
    y
        shape (n,), codes; the lowest one in use is the one compared with.
    weights
        shape (n,), as for `fit_ordinal`.
    strata, cluster
        shape (n,), integer codes, for `sandwich`.

    Returns
    -------
    MultinomialFit

    Raises
    ------
    NumericsError
        N040, N041, N042, N004, N005, N006 as for `fit_ordinal`.

    Notes
    -----
    Theil (1969); McFadden (1974). The same Newton steps as for ordered categories; equal to R ``nnet::multinom``.

    Examples
    --------
    >>> fit = fit_multinomial([[0.0], [0], [0], [0], [1], [1], [1], [1]], [0, 0, 1, 2, 0, 1, 1, 2])
    >>> fit.coefficients.round(4)
    array([[-0.6931,  1.3863],
           [-0.6931,  0.6931]])
    """
    predictors, outcome, w = checked_rows(x, y, weights)
    rows = _standard_rows(predictors, outcome, w)
    if len(rows.place) <= rows.parameters:
        raise NumericsError(Problem("N006", got=str(len(rows.place)), params={"minimum": rows.parameters + 1}))
    used = w[rows.order]
    summit = _climb(rows, used[None] / used.mean(), rows.start(used), _TOLERANCE)
    if np.isnan(summit.loglik[0]):
        _refuse_separation(rows)
        raise NumericsError(Problem("N042"))
    turn = rows.to_raw()
    at = summit.parameters
    information = _curve(rows, at, used[None]).information[0]
    covariance = turn @ np.linalg.inv(information) @ turn.T
    chance = _chances(at, rows.design, rows.categories)[0]
    gap = (rows.place[:, None] == np.arange(rows.categories)) - chance
    scores = np.zeros((len(outcome), rows.parameters))
    scores[rows.order] = (gap[:, 1:, None] * rows.design[:, None, :]).reshape(len(gap), -1) @ np.linalg.inv(turn)
    sandwich, df = sandwich_covariance(covariance, scores * w[:, None], strata, cluster)
    totals = np.bincount(rows.place, weights=used)
    return MultinomialFit(
        coefficients=(turn @ at[0]).reshape(rows.categories - 1, -1),
        covariance=(covariance + covariance.T) / 2,
        sandwich=sandwich,
        scores=scores,
        loglik=float(summit.loglik[0] * used.mean()),
        loglik_null=float(totals @ np.log(totals / totals.sum())),
        categories=rows.codes,
        n=len(rows.order),
        sum_weights=float(used.sum()),
        df=df,
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows with a weight: a column of ones and standardised predictors, the place of every answer."""

    design: FloatArray
    place: IntArray
    order: IntArray
    codes: FloatArray
    centre: FloatArray
    spread: FloatArray

    @property
    def categories(self) -> int:
        return len(self.codes)

    @property
    def parameters(self) -> int:
        return int((self.categories - 1) * self.design.shape[1])

    def start(self, weights: FloatArray) -> FloatArray:
        totals = np.bincount(self.place, weights=weights)
        found = np.zeros((self.categories - 1, self.design.shape[1]))
        found[:, 0] = np.log(totals[1:] / totals[0])
        return found.ravel()

    def to_raw(self) -> FloatArray:
        one = np.diag(np.concatenate([[1.0], 1 / self.spread]))
        one[0, 1:] = -self.centre / self.spread
        return np.asarray(np.kron(np.eye(self.categories - 1), one), dtype=np.float64)


def _standard_rows(x: FloatArray, y: FloatArray, weights: FloatArray) -> _Rows:
    order = np.flatnonzero(weights > 0)
    codes, place = np.unique(y[order], return_inverse=True)
    w = weights[order]
    centre = w @ x[order] / w.sum()
    spread = np.sqrt(w @ (x[order] - centre) ** 2 / w.sum())
    design = np.column_stack([np.ones(len(order)), (x[order] - centre) / spread])
    return _Rows(design, place, order, codes, centre, spread)


def _chances(parameters: FloatArray, design: FloatArray, categories: int) -> FloatArray:
    """Probabilities (b, n, K)."""
    coefficients = parameters.reshape(len(parameters), categories - 1, -1)
    linear = np.zeros((len(parameters), len(design), categories))
    linear[:, :, 1:] = np.einsum("nk,bck->bnc", design, coefficients, optimize=True)
    linear -= linear.max(axis=2, keepdims=True)
    np.exp(linear, out=linear)
    return np.asarray(linear / linear.sum(axis=2, keepdims=True), dtype=np.float64)


def _curve(rows: _Rows, at: FloatArray, weights: FloatArray) -> Curve:
    b, q, cuts = len(at), rows.design.shape[1], rows.categories - 1
    chance = _chances(at, rows.design, rows.categories)
    own = chance[:, np.arange(len(rows.place)), rows.place]
    loglik = np.einsum("bn,bn->b", weights, np.log(np.maximum(own, 1e-300)))
    pairs = (rows.design[:, :, None] * rows.design[:, None, :]).reshape(len(rows.design), -1)
    slope = np.empty((b, cuts, q))
    information = np.empty((b, cuts, q, cuts, q))
    for c in range(cuts):
        p = chance[:, :, c + 1]
        slope[:, c] = (weights * ((rows.place == c + 1) - p)) @ rows.design
        for d in range(c + 1):
            h = weights * p * ((1.0 if c == d else 0.0) - chance[:, :, d + 1])
            block = (h @ pairs).reshape(b, q, q)
            information[:, c, :, d] = information[:, d, :, c] = block
    return Curve(loglik, slope.reshape(b, -1), information.reshape(b, rows.parameters, rows.parameters))


def _climb(rows: _Rows, weights: FloatArray, start: FloatArray, tolerance: float) -> Summit:
    """Climb for every weighting; NaN where there is no finite maximum."""

    def evaluate(at: FloatArray, which: IntArray) -> Curve:
        return _curve(rows, at, weights[which])

    even = _curve(rows, start[None], np.ones((1, len(rows.place))))
    before = np.linalg.eigvalsh(even.information[0])[0]
    summit = climb(evaluate, np.repeat(start[None], len(weights), axis=0), tolerance)
    lost = ~summit.converged | (summit.weakest < lost_information(float(before), len(rows.place)))
    return Summit(
        np.where(lost[:, None], np.nan, summit.parameters),
        np.where(lost, np.nan, summit.loglik),
        summit.weakest,
        ~lost,
    )


def _refuse_separation(rows: _Rows) -> None:
    cuts, q = rows.categories - 1, rows.design.shape[1]
    parts = []
    for c in range(rows.categories):
        mine = np.unique(rows.design[rows.place == c], axis=0)
        for other in range(rows.categories):
            if other != c:
                move = np.zeros((len(mine), cuts, q))
                if c:
                    move[:, c - 1] += mine
                if other:
                    move[:, other - 1] -= mine
                parts.append(move.reshape(len(mine), -1))
    owner = np.tile(np.arange(-1, q - 1), cuts)
    names = ", ".join(str(j) for j in separating_columns(np.concatenate(parts), owner))
    if names:
        raise NumericsError(Problem("N041", got=names, params={"columns": names}))
