"""Whether odds are proportional: Brant's test, and the binary models at every boundary side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.binary_regression import LogisticFit, fit_logistic
from satmeter.numerics.ordinal_rows import checked_rows
from satmeter.numerics.ordinal_sandwich import sandwich_covariance
from satmeter.numerics.special_functions import special
from satmeter.numerics.tails import chi_square_tail, f_tail


@dataclass(frozen=True, eq=False)
class ProportionalOdds:
    """Brant's test and what it compares.

    Attributes
    ----------
    statistic, df, p_value
        Of all predictors together. Wald chi-square, or under a design Wald's F with df and `df_error`.
    by_predictor, p_by_predictor
        shape (k,), the same for every column alone, with `df_each` degrees of freedom.
    df_each
        K − 2.
    df_error
        Denominator degrees of freedom under a design; infinity without.
    coefficients, std_errors
        shape (k, K − 1): logistic regressions of being above each boundary.
    """

    statistic: float
    df: int
    p_value: float
    by_predictor: FloatArray
    p_by_predictor: FloatArray
    df_each: int
    df_error: float
    coefficients: FloatArray
    std_errors: FloatArray


def brant_test(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    design: bool = False,
) -> ProportionalOdds:
    """Test whether every predictor has one coefficient for all boundaries between categories.

    Parameters
    ----------
    x, y, weights
        As for `fit_ordinal`; at least three categories and one predictor.
    strata, cluster
        shape (n,), integer codes; used when `design` is true.
    design
        False: Brant's model-based covariance, for a simple random sample (weights are frequencies). True: the
        covariance of the binary models by linearisation over the design, and an F test.

    Returns
    -------
    ProportionalOdds

    Raises
    ------
    NumericsError
        N044 where a design has fewer degrees of freedom than there are differences to test; N043 naming boundaries and
        columns where a binary model has no finite estimates; N010 with fewer than three
        categories or no predictor; and what `fit_ordinal` raises.

    Notes
    -----
    Brant (1990), Biometrics 46, 1171–1178; R package brant. Under a design the statistic is W/q · (d − q + 1)/d with
    q and d − q + 1 degrees of freedom, d units less strata: Korn and Graubard (1990), American Statistician 44,
    270–276. The test finds small departures in large samples: look at the coefficients at the boundaries too.

    Examples
    --------
    >>> x = np.repeat([0.0, 1.0], 30)[:, None]
    >>> y = np.repeat([0, 1, 2, 0, 1, 2], [10, 10, 10, 5, 15, 10])
    >>> test = brant_test(x, y)
    >>> test.coefficients.round(1), round(test.statistic, 3), test.df
    (array([[ 0.9, -0. ]]), 1.999, 1)
    """
    predictors, outcome, w = checked_rows(x, y, weights)
    categories = np.unique(outcome[w > 0])
    k = predictors.shape[1]
    if len(categories) < 3 or k == 0:
        got = f"{len(categories)}, {k}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "K ≥ 3, k ≥ 1"}))
    fits = _binary_models(predictors, outcome, w, categories)
    cuts = len(fits)
    if design:
        influence = np.concatenate([w[:, None] * fit.scores @ fit.covariance for fit in fits], axis=1)
        covariance, df = sandwich_covariance(np.eye(influence.shape[1]), influence, strata, cluster)
        contrasts = (cuts - 1) * k
        if df < contrasts:
            raise NumericsError(Problem("N044", got=str(df), params={"needed": contrasts}))
    else:
        covariance, df = _model_covariance(fits, predictors, w), 0
    slopes = np.arange(cuts * (k + 1)).reshape(cuts, k + 1)[:, 1:].ravel()
    covariance = covariance[np.ix_(slopes, slopes)]
    b = np.stack([fit.coefficients for fit in fits])
    contrast = np.kron(np.eye(cuts - 1, cuts, 1) - np.eye(cuts, cuts)[[0] * (cuts - 1)], np.eye(k))
    apart, spread = contrast @ b.ravel(), contrast @ covariance @ contrast.T
    whole = float(apart @ np.linalg.solve(spread, apart))
    each = np.empty(k)
    for j in range(k):
        mine = np.arange(cuts - 1) * k + j
        each[j] = apart[mine] @ np.linalg.solve(spread[np.ix_(mine, mine)], apart[mine])
    q, q_each = len(apart), cuts - 1
    errors = np.sqrt(np.diag(covariance)).reshape(cuts, k).T
    if not design:
        p_all, p_each = float(chi_square_tail(whole, q)), chi_square_tail(each, q_each)
        return ProportionalOdds(whole, q, p_all, each, p_each, q_each, float("inf"), b.T, errors)
    f_all, f_each = whole / q * (df - q + 1) / df, each / q_each * (df - q_each + 1) / df
    p_all, p_each = float(f_tail(f_all, q, df - q + 1)), f_tail(f_each, q_each, df - q_each + 1)
    return ProportionalOdds(f_all, q, p_all, f_each, p_each, q_each, float(df - q + 1), b.T, errors)


def _binary_models(x: FloatArray, y: FloatArray, w: FloatArray, categories: FloatArray) -> list[LogisticFit]:
    fits, boundaries, columns = [], [], set()
    for place, cut in enumerate(categories[:-1]):
        try:
            fits.append(fit_logistic(x, (y > cut).astype(np.float64), weights=w))
        except NumericsError as error:
            named = [str(problem.params["columns"]) for problem in error.problems if problem.code == "N041"]
            if not named:
                raise
            boundaries.append(str(place))
            columns.update(named[0].split(", "))
    if boundaries:
        names = {"boundaries": ", ".join(boundaries), "columns": ", ".join(sorted(columns, key=int))}
        raise NumericsError(Problem("N043", got=names["boundaries"], params=names))
    return fits


def _model_covariance(fits: list[LogisticFit], x: FloatArray, w: FloatArray) -> FloatArray:
    """Joint covariance of the binary models: Cov(1[y > j], 1[y > l]) = π_l − π_j π_l for j ≤ l."""
    design = np.column_stack([np.ones(len(x)), x])
    chance = [special.expit(design @ np.concatenate([[fit.intercept], fit.coefficients])) for fit in fits]
    size = design.shape[1]
    found = np.empty((len(fits) * size, len(fits) * size))
    for j, one in enumerate(fits):
        for i, other in enumerate(fits[j:], start=j):
            middle = (design * (w * chance[i] * (1 - chance[j]))[:, None]).T @ design
            block = one.covariance @ middle @ other.covariance
            found[j * size : (j + 1) * size, i * size : (i + 1) * size] = block
            found[i * size : (i + 1) * size, j * size : (j + 1) * size] = block.T
    return found
