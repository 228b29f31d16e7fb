"""Log-likelihoods of ordinal regressions on every subset of the drivers, and the pseudo-R² that they give."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.importance_subsets import Groups, check_groups
from satmeter.numerics.ordinal_likelihood import Link
from satmeter.numerics.ordinal_regression import OrdinalFit, fit_ordinal
from satmeter.numerics.ordinal_replicates import replicate_ordinal

PseudoR2 = Literal["mcfadden", "nagelkerke"]

MAX_GROUPS = 10
"""Drivers of one exact analysis; every subset is a model of its own."""


def subset_loglik(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    groups: Groups,
    *,
    weights: npt.ArrayLike | None = None,
    replicates: npt.ArrayLike | None = None,
    link: Link = "logit",
) -> FloatArray:
    """Return the log-likelihoods of the ordinal regressions on all subsets of the drivers.

    Parameters
    ----------
    x, y
        shape (n, k) and (n,), as for `fit_ordinal`; two categories give binary regressions.
    groups
        One tuple of column numbers a driver, 1 to 10 drivers. Columns in no group are left out.
    weights
        shape (n,).
    replicates
        shape (b, n), replicate weights, or None.
    link
        Logistic or normal.

    Returns
    -------
    array, shape (2^g, 1 + b)
        The sample, then the replicates. Subset s holds driver i when bit g − 1 − i of s is set, as in `subset_r2`; the
        table, or a pseudo-R² of it, is what `importance.shapley` takes. NaN where a replicate has no finite maximum.

    Raises
    ------
    NumericsError
        N007 above 10 drivers, N010 for groups that are empty, overlap or lie outside; and what `fit_ordinal` raises.

    Notes
    -----
    Every model goes to its own maximum, in the sample and in each replicate: no one-step approximation. The cost is
    2^g times that of one set of replicates (docs/methods/ordinal-regression.md).

    Examples
    --------
    >>> x = np.array([[0.0, 1], [0, 0], [1, 0], [1, 1], [2, 0], [2, 1]])
    >>> subset_loglik(x, [0, 1, 1, 0, 1, 0], ((0,),)).round(3).ravel()
    array([-4.159, -4.159])
    """
    predictors = np.asarray(x, dtype=np.float64)
    if len(groups) > MAX_GROUPS:
        raise NumericsError(Problem("N007", got=str(len(groups)), params={"maximum": MAX_GROUPS}))
    k = predictors.shape[1] if predictors.ndim == 2 else 0
    check_groups(groups, k, k + 1)
    w = checked_weights(weights, len(predictors))
    again = np.empty((0, len(w))) if replicates is None else np.asarray(replicates, dtype=np.float64)
    columns = [column for group in groups for column in group]
    fit_ordinal(predictors[:, columns], y, weights=w, link=link)  # all problems of the largest model at once
    table = np.empty((2 ** len(groups), 1 + len(again)))
    for subset in range(len(table)):
        member = [g for i, g in enumerate(groups) if subset >> (len(groups) - 1 - i) & 1]
        part = predictors[:, [column for group in member for column in group]]
        fit = fit_ordinal(part, y, weights=w, link=link)
        table[subset] = np.concatenate([[fit.loglik], _replicated(part, y, again, fit)])
    return table


def _replicated(part: FloatArray, y: npt.ArrayLike, weights: FloatArray, fit: OrdinalFit) -> FloatArray:
    if not len(weights):
        return np.empty(0)
    found = replicate_ordinal(part, y, weights, fit)
    return found.loglik if part.shape[1] else found.loglik_null


def pseudo_r2(loglik: npt.ArrayLike, sum_weights: npt.ArrayLike, kind: PseudoR2 = "mcfadden") -> FloatArray:
    """Turn a table of log-likelihoods into pseudo-R².

    Parameters
    ----------
    loglik
        shape (2^g, ...), from `subset_loglik`; row 0 is the model without drivers.
    sum_weights
        Sum of the weights of the sample and the replicates, broadcast against a row; n where Nagelkerke says n.
    kind
        McFadden's 1 − ℓ/ℓ₀, or Nagelkerke's.

    Returns
    -------
    array, shape of `loglik`
        Row 0 is 0.

    Examples
    --------
    >>> pseudo_r2([[-4.0], [-3.0]], 6.0)[1], pseudo_r2([[-4.0], [-3.0]], 6.0, "nagelkerke")[1].round(4)
    (array([0.25]), array([0.3849]))
    """
    table = np.asarray(loglik, dtype=np.float64)
    if kind == "mcfadden":
        return np.asarray(1 - table / table[0], dtype=np.float64)
    n = np.asarray(sum_weights, dtype=np.float64)
    return np.asarray(np.expm1(2 * (table[0] - table) / n) / np.expm1(2 * table[0] / n), dtype=np.float64)
