"""Logistic regression of an outcome with two categories, also by Firth's penalised likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.binary_firth import climb_penalised
from satmeter.numerics.ordinal_regression import OrdinalFit, fit_ordinal
from satmeter.numerics.ordinal_rows import PreparedRows, checked_rows, prepare_rows
from satmeter.numerics.ordinal_sandwich import sandwich_covariance
from satmeter.numerics.special_functions import special

Method = Literal["likelihood", "firth"]

_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """A logistic regression, log odds of the higher code = a + xᵀb.

    Attributes
    ----------
    intercept, coefficients
        a, and b of shape (k,).
    covariance, sandwich
        shape (k + 1, k + 1), intercept first: from the information, and by linearisation over the design.
    scores
        shape (n, k + 1), every row's slope of the (not penalised) log-likelihood, without its weight.
    loglik, loglik_null
        Not penalised.
    categories
        The two codes.
    n, sum_weights, df
        As in `OrdinalFit`.
    method
        Likelihood or Firth's penalised likelihood.
    """

    intercept: float
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
    method: Method

    def probability(self, x: npt.ArrayLike) -> FloatArray:
        """Return the probability of the higher code at predictors (n, k), shape (n,)."""
        linear = self.intercept + np.asarray(x, dtype=np.float64) @ self.coefficients
        return np.asarray(special.expit(linear), dtype=np.float64)

    @property
    def ordinal(self) -> OrdinalFit:
        """The same model as an ordinal one with one threshold, −a; for `average_effects`."""
        turn = _to_ordinal(len(self.coefficients))
        return OrdinalFit(
            coefficients=self.coefficients,
            thresholds=np.array([-self.intercept]),
            free=(),
            free_coefficients=np.empty((0, 1)),
            covariance=turn @ self.covariance @ turn.T,
            sandwich=turn @ self.sandwich @ turn.T,
            scores=self.scores @ turn.T,
            loglik=self.loglik,
            loglik_null=self.loglik_null,
            categories=self.categories,
            n=self.n,
            sum_weights=self.sum_weights,
            df=self.df,
            linear_variance=float("nan"),
            n_crossing=0,
            link="logit",
        )


def fit_logistic(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    method: Method = "likelihood",
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> LogisticFit:
    """Fit a logistic regression.

    Parameters
    ----------
    x
        shape (n, k), predictors without a column of ones.
    y
        shape (n,), two codes; the higher one is the event.
    weights
        shape (n,), as for `fit_ordinal`. Firth's penalty counts respondents: give weights with the sum n, or
        frequencies.
    method
        Maximum likelihood, or Firth's penalised likelihood, which has finite estimates under separation as well and
        less bias where events are few. Firth's are not taken unless asked for.
    strata, cluster
        shape (n,), integer codes, for `sandwich`.

    Returns
    -------
    LogisticFit

    Raises
    ------
    NumericsError
        N041 naming the columns when maximum-likelihood estimates are not finite, N010 for an outcome with more than two
        codes, and what `fit_ordinal` raises.

    Notes
    -----
    Firth (1993), Biometrika 80, 27–38: the log-likelihood plus half the log of the information's determinant; Heinze
    and Schemper (2002), Statistics in Medicine 21, 2409–2419, whose standard errors (from the information at the
    estimates) are given, as in R logistf with ``pl = FALSE``. Under separation an interval of ± t of these is rough.
    Likelihood estimates are those of `fit_ordinal` with the sign of the threshold turned.

    Examples
    --------
    >>> fit = fit_logistic([[0.0], [0], [0], [0], [1], [1], [1], [1]], [0, 0, 0, 1, 0, 1, 1, 1])
    >>> round(fit.intercept, 4), fit.coefficients.round(4)  # log odds of 1 : 3, and of 3 : 1 less these
    (-1.0986, array([2.1972]))
    """
    predictors, outcome, w = checked_rows(x, y, weights)
    prepared = prepare_rows(predictors, outcome, w)
    if len(prepared.categories) > 2:
        got = str(len(prepared.categories))
        raise NumericsError(Problem("N010", got=got, params={"expected": "y: 2 codes"}))
    k = predictors.shape[1]
    if method == "likelihood":
        found = fit_ordinal(predictors, outcome, weights=w, strata=strata, cluster=cluster)
        turn = _to_ordinal(k).T
        parameters = turn @ found.parameters
        covariance, sandwich = turn @ found.covariance @ turn.T, turn @ found.sandwich @ turn.T
        scores, loglik, null, df = found.scores @ turn.T, found.loglik, found.loglik_null, found.df
    else:
        parameters, covariance = _firth(prepared)
        design = np.column_stack([np.ones(len(outcome)), predictors])
        event = (outcome == prepared.categories[1]).astype(np.float64)
        linear = design @ parameters
        scores = np.where(w > 0, event - special.expit(linear), 0.0)[:, None] * design
        sandwich, df = sandwich_covariance(covariance, scores * w[:, None], strata, cluster)
        loglik = float(w @ np.where(w > 0, special.log_expit(np.where(event > 0, linear, -linear)), 0.0))
        share = (w @ event) / w.sum()
        null = float(w.sum() * (special.xlogy(share, share) + special.xlogy(1 - share, 1 - share)))
    return LogisticFit(
        intercept=float(parameters[0]),
        coefficients=parameters[1:],
        covariance=covariance,
        sandwich=sandwich,
        scores=scores,
        loglik=loglik,
        loglik_null=null,
        categories=prepared.categories,
        n=len(prepared.order),
        sum_weights=float(prepared.weights.sum()),
        df=df,
        method=method,
    )


def _to_ordinal(k: int) -> FloatArray:
    """From (intercept, coefficients) to (coefficients, threshold); its transpose leads back."""
    turn = np.zeros((k + 1, k + 1))
    turn[np.arange(k), np.arange(1, k + 1)] = 1.0
    turn[k, 0] = -1.0
    return turn


def _standard_design(prepared: PreparedRows) -> tuple[FloatArray, FloatArray]:
    z = prepared.rows.common
    return np.column_stack([np.ones(len(z)), z]), prepared.place.astype(np.float64)


def _to_raw(prepared: PreparedRows) -> FloatArray:
    k = len(prepared.centre)
    turn = np.eye(k + 1)
    turn[np.arange(1, k + 1), np.arange(1, k + 1)] = 1 / prepared.spread
    turn[0, 1:] = -prepared.centre / prepared.spread
    return turn


def _firth(prepared: PreparedRows) -> tuple[FloatArray, FloatArray]:
    z, event = _standard_design(prepared)
    share = float(prepared.weights @ event / prepared.weights.sum())
    start = np.zeros(z.shape[1])
    start[0] = special.logit(share)
    summit = climb_penalised(z, event, prepared.weights[None], start, _TOLERANCE)
    if not summit.converged[0]:
        raise NumericsError(Problem("N042"))
    back = _to_raw(prepared)
    chance = special.expit(z @ summit.parameters[0])
    information = (z * (prepared.weights * chance * (1 - chance))[:, None]).T @ z
    return back @ summit.parameters[0], back @ np.linalg.inv(information) @ back.T
