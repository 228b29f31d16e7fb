"""Ordinal regression: cumulative logit and probit with proportional or partly proportional odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.ordinal_likelihood import Curve, Link, distribution, likelihood, quantile, row_scores
from satmeter.numerics.ordinal_newton import climb, lost_information
from satmeter.numerics.ordinal_rows import PreparedRows, checked_rows, prepare_rows, raw_parameters
from satmeter.numerics.ordinal_sandwich import sandwich_covariance
from satmeter.numerics.ordinal_separation import edge_moves, separating_columns
from satmeter.numerics.tails import chi_square_tail

_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class OrdinalFit:
    """A cumulative-link model, P(y ≤ j) = G(θ_j − xᵀβ): a positive coefficient goes with higher categories.

    Attributes
    ----------
    coefficients
        shape (k,), NaN for the columns in `free`.
    thresholds
        shape (K − 1,), rising.
    free
        Columns that have a coefficient for each boundary.
    free_coefficients
        shape (len(free), K − 1).
    covariance, sandwich
        shape (p, p), of the coefficients (those that are not free), the thresholds, then the free coefficients, column
        by column: from the information, and by linearisation over the design.
    scores
        shape (n, p), every row's slope of its log-likelihood, without its weight; 0 where the weight is 0.
    loglik, loglik_null
        Sums over rows times weights; the null model has thresholds only.
    categories
        shape (K,), the codes in use.
    n, sum_weights
        Rows with a weight above 0, and the sum of the weights.
    df
        Sampling units less strata, among all rows.
    linear_variance
        Weighted variance of xᵀβ with divisor Σw; NaN with free columns.
    n_crossing
        Rows at which fitted cumulative probabilities fall somewhere; possible with free columns only.
    link
        Logistic or normal.
    """

    coefficients: FloatArray
    thresholds: FloatArray
    free: tuple[int, ...]
    free_coefficients: FloatArray
    covariance: FloatArray
    sandwich: FloatArray
    scores: FloatArray
    loglik: float
    loglik_null: float
    categories: FloatArray
    n: int
    sum_weights: float
    df: int
    linear_variance: float
    n_crossing: int
    link: Link

    @property
    def parameters(self) -> FloatArray:
        """Coefficients that are not free, thresholds, free coefficients, as in `covariance`; shape (p,)."""
        common = self.coefficients[~np.isnan(self.coefficients)]
        return np.concatenate([common, self.thresholds, self.free_coefficients.ravel()])

    @property
    def slopes(self) -> FloatArray:
        """Coefficient of every column at every boundary, shape (k, K − 1)."""
        found = np.repeat(self.coefficients[:, None], len(self.thresholds), axis=1)
        found[list(self.free)] = self.free_coefficients
        return found

    @property
    def likelihood_ratio(self) -> tuple[float, int, float]:
        """Chi-square against the null model, its degrees of freedom, and p; for unweighted samples."""
        chi2 = 2 * (self.loglik - self.loglik_null)
        df = len(self.covariance) - len(self.thresholds)
        return chi2, df, float(chi_square_tail(chi2, df)) if df else float("nan")

    @property
    def mcfadden(self) -> float:
        """Return 1 − loglik/loglik_null: McFadden (1974)."""
        return 1 - self.loglik / self.loglik_null

    @property
    def nagelkerke(self) -> float:
        """Return Cox and Snell's R² over its maximum, with n = Σw: Nagelkerke (1991), Biometrika 78, 691–692."""
        gain = -np.expm1(2 * (self.loglik_null - self.loglik) / self.sum_weights)
        return float(gain / -np.expm1(2 * self.loglik_null / self.sum_weights))

    @property
    def mckelvey_zavoina(self) -> float:
        """Return the explained share of the latent variable: McKelvey and Zavoina (1975), J Math Sociol 4, 103–120."""
        return self.linear_variance / (self.linear_variance + (np.pi**2 / 3 if self.link == "logit" else 1.0))

    def cumulative(self, x: npt.ArrayLike) -> FloatArray:
        """Return P(y ≤ j) at predictors (n, k), shape (n, K − 1)."""
        return distribution(self.thresholds - np.asarray(x, dtype=np.float64) @ self.slopes, self.link)

    def probabilities(self, x: npt.ArrayLike) -> FloatArray:
        """Return the probability of every category at predictors (n, k), shape (n, K)."""
        below = self.cumulative(x)
        ends = np.zeros((len(below), 1)), np.ones((len(below), 1))
        return np.diff(np.concatenate([ends[0], below, ends[1]], axis=1), axis=1)


def fit_ordinal(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    link: Link = "logit",
    free: tuple[int, ...] = (),
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> OrdinalFit:
    """Fit a cumulative-link model by maximum (pseudo-)likelihood.

    Parameters
    ----------
    x
        shape (n, k), predictors without a column of ones; k = 0 gives the null model.
    y
        shape (n,), ordered codes. Codes that nobody (with a weight) has are left out; see `OrdinalFit.categories`.
    weights
        shape (n,). Probability weights: `sandwich` does not depend on their scale; `covariance` and the
        log-likelihoods do, and are the usual ones for a sum of n. With frequencies they are those of the expanded rows.
        Rows with weight 0 stay in the design and nowhere else (a domain).
    link
        Logistic (proportional odds) or normal.
    free
        Columns whose coefficient differs from boundary to boundary (partial proportional odds).
    strata, cluster
        shape (n,), integer codes, for `sandwich`.

    Returns
    -------
    OrdinalFit

    Raises
    ------
    NumericsError
        N040 for an outcome of one category, N041 naming the columns where no finite estimates exist, N004 and N005 for
        constant and collinear columns, N006 for too few rows, N003, N008, N009, N010.

    Notes
    -----
    McCullagh (1980), JRSS B 42, 109–142; partial proportional odds: Peterson and Harrell (1990), Applied Statistics 39,
    205–217. Newton's method with halved steps: the likelihood is concave, so the maximum is the only one. The sandwich
    is A⁻¹ Σ_h n_h/(n_h − 1) Σ_i (s_hi − s̄_h)(s_hi − s̄_h)ᵀ A⁻¹ over units (Binder 1983): survey::svyolr, svyglm, and
    sandwich::vcovCL(type = "HC0", cadjust = TRUE) without strata.

    Examples
    --------
    >>> fit = fit_ordinal([[0.0], [0], [0], [1], [1], [1], [2], [2]], [0, 0, 1, 0, 1, 2, 1, 2])
    >>> fit.coefficients.round(3), fit.thresholds.round(3)
    (array([1.585]), array([0.668, 2.877]))
    """
    predictors, outcome, w = checked_rows(x, y, weights)
    prepared = prepare_rows(predictors, outcome, w, free)
    place, loglik, loglik_null = _maximum(prepared, link)
    turn = raw_parameters(prepared)
    curve = likelihood(prepared.rows, place[None], prepared.weights[None], link)
    covariance = turn @ np.linalg.inv(curve.information[0]) @ turn.T
    scores = np.zeros((len(outcome), len(place)))
    scores[prepared.order] = row_scores(prepared.rows, place, link) @ np.linalg.inv(turn)
    sandwich, df = sandwich_covariance(covariance, scores * w[:, None], strata, cluster)
    coefficients, thresholds, own = _split(prepared, (turn @ place)[None])
    linear = prepared.rows.common @ place[: prepared.rows.common.shape[1]]
    share = prepared.weights / prepared.weights.sum()
    return OrdinalFit(
        coefficients=coefficients[0],
        thresholds=thresholds[0],
        free=free,
        free_coefficients=own[0],
        covariance=(covariance + covariance.T) / 2,
        sandwich=sandwich,
        scores=scores,
        loglik=loglik,
        loglik_null=loglik_null,
        categories=prepared.categories,
        n=len(prepared.order),
        sum_weights=float(prepared.weights.sum()),
        df=df,
        linear_variance=float("nan") if free else float(share @ (linear - share @ linear) ** 2),
        n_crossing=_crossings(prepared, place),
        link=link,
    )


def _maximum(prepared: PreparedRows, link: Link) -> tuple[FloatArray, float, float]:
    """Find the parameters for standardised predictors, and the log-likelihoods at them and without predictors."""
    rows = prepared.rows
    scale = prepared.weights.mean()
    w = prepared.weights[None] / scale
    start = np.zeros((1, rows.parameters))
    totals = np.add.reduceat(prepared.weights, rows.first[:-1])
    shares = totals / totals.sum()
    start[0, rows.common.shape[1] :: rows.own.shape[1]] = quantile(np.cumsum(shares)[:-1], link)

    def evaluate(at: FloatArray, which: IntArray) -> Curve:
        return likelihood(rows, at, w, link)

    before = np.linalg.eigvalsh(evaluate(start, np.arange(1)).information[0])[0]
    summit = climb(evaluate, start, _TOLERANCE)
    if not summit.converged[0] or summit.weakest[0] < lost_information(float(before), len(prepared.order)):
        _refuse_separation(prepared)
    if not summit.converged[0]:
        raise NumericsError(Problem("N042"))
    return summit.parameters[0], float(summit.loglik[0] * scale), float(totals @ np.log(shares))


def _refuse_separation(prepared: PreparedRows) -> None:
    own = np.tile([-1, *prepared.free], prepared.rows.boundaries)
    owner = np.concatenate([np.array(prepared.common, dtype=np.int64), own.astype(np.int64)])
    names = ", ".join(str(j) for j in separating_columns(edge_moves(prepared.rows), owner))
    if names:
        raise NumericsError(Problem("N041", got=names, params={"columns": names}))


def _split(prepared: PreparedRows, raw: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Take raw parameters (b, p) apart: coefficients (b, k), thresholds (b, K − 1), free ones (b, f, K − 1)."""
    c, cuts = len(prepared.common), prepared.rows.boundaries
    coefficients = np.full((len(raw), len(prepared.centre)), np.nan)
    coefficients[:, prepared.common] = raw[:, :c]
    own = raw[:, c + cuts :].reshape(len(raw), len(prepared.free), cuts)
    return coefficients, raw[:, c : c + cuts], own


def _crossings(prepared: PreparedRows, place: FloatArray) -> int:
    rows = prepared.rows
    edges = rows.own @ place[rows.common.shape[1] :].reshape(rows.boundaries, -1).T
    return int((np.diff(edges, axis=1) < 0).any(axis=1).sum())
