"""Log-likelihoods of ordinal regressions on every subset of the drivers, and the pseudo-R² that they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, checked_weights
from satmeter.numerics.importance_subsets import Groups, check_groups
from satmeter.numerics.ordinal_likelihood import Link, quantile
from satmeter.numerics.ordinal_regression import fit_ordinal
from satmeter.numerics.ordinal_replicates import replicate_rows
from satmeter.numerics.ordinal_rows import PreparedRows, prepare_rows

PseudoR2 = Literal["mcfadden", "nagelkerke"]

MAX_GROUPS = 10
"""Drivers of one exact analysis; every subset is a model of its own."""

_CHUNK_NUMBERS = 200_000


@dataclass(frozen=True, eq=False)
class SubsetFits:
    """The maxima of the regressions on all subsets.

    Attributes
    ----------
    sample
        Rows with a weight above 0, predictors standardised: those of `always`, then those of the groups.
    places
        shape (2^g, p), parameters for the standardised predictors.
    held
        shape (2^g, p), parameters that are left out, at 0.
    loglik
        shape (2^g,).
    link
        Logistic or normal.
    n
        Number of rows that were given.
    """

    sample: PreparedRows
    places: FloatArray
    held: BoolArray
    loglik: FloatArray
    link: Link
    n: int


def subset_loglik(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    groups: Groups,
    *,
    weights: npt.ArrayLike | None = None,
    replicates: npt.ArrayLike | None = None,
    link: Link = "logit",
    always: tuple[int, ...] = (),
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
        shape (b, n), replicate weights, 0 where the weight is 0; or None.
    link
        Logistic or normal.
    always
        Columns that are in every model, those of controls; subset 0 holds them alone.

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
    fits = fit_subsets(x, y, groups, weights=weights, link=link, always=always)
    if replicates is None:
        return fits.loglik[:, None]
    again = checked_replicates(fits, replicates)
    return np.concatenate([fits.loglik[:, None], _all_subsets(fits.sample, again, fits.places, fits.held, link)[1]], 1)


def fit_subsets(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    groups: Groups,
    *,
    weights: npt.ArrayLike | None = None,
    link: Link = "logit",
    always: tuple[int, ...] = (),
) -> SubsetFits:
    """Fit the ordinal regressions on all subsets of the drivers to the sample.

    Parameters
    ----------
    x, y, groups, weights, link, always
        As for `subset_loglik`, with the same errors.

    Returns
    -------
    SubsetFits

    Examples
    --------
    >>> x = np.array([[0.0, 1], [0, 0], [1, 0], [1, 1], [2, 0], [2, 1]])
    >>> fit_subsets(x, [0, 1, 1, 0, 1, 0], ((0,),)).places.round(3).ravel()
    array([0., 0., 0., 0.])
    """
    predictors = np.asarray(x, dtype=np.float64)
    if len(groups) > MAX_GROUPS:
        raise NumericsError(Problem("N007", got=str(len(groups)), params={"maximum": MAX_GROUPS}))
    k = predictors.shape[1] if predictors.ndim == 2 else 0
    check_groups((*groups, always) if always else groups, k, k + 1)
    part = predictors[:, [*always, *(column for group in groups for column in group)]]
    w = checked_weights(weights, len(predictors))
    fit_ordinal(part, y, weights=w, link=link)  # all problems of the largest model at once
    sample = prepare_rows(part, np.asarray(y, dtype=np.float64), w)
    held = _held(groups, len(always), sample.rows.parameters)
    shares = np.add.reduceat(sample.weights, sample.rows.first[:-1]) / sample.weights.sum()
    start = np.zeros((len(held), sample.rows.parameters))
    start[:, part.shape[1] :] = quantile(np.cumsum(shares)[:-1], link)
    places, table = _all_subsets(sample, sample.weights[None], start, held, link)
    return SubsetFits(sample, places, held, table[:, 0], link, len(w))


def checked_replicates(fits: SubsetFits, replicates: npt.ArrayLike) -> FloatArray:
    """Return replicate weights (b, n) in the order of the sample's rows, shape (b, m); N008, N010 for what is none."""
    again = np.asarray(replicates, dtype=np.float64)
    if again.ndim != 2 or again.shape[1] != fits.n:
        raise NumericsError(Problem("N010", got=str(again.shape), params={"expected": f"(b, {fits.n})"}))
    outside = np.ones(fits.n, dtype=np.bool_)
    outside[fits.sample.order] = False
    if not np.isfinite(again).all() or (again < 0).any() or again[:, outside].any():
        raise NumericsError(Problem("N008"))
    return np.asarray(again[:, fits.sample.order])


def _held(groups: Groups, before: int, parameters: int) -> BoolArray:
    """Coefficients that are left out, for every subset; shape (2^g, p). The first ones, `before`, never are."""
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    subset = np.arange(2 ** len(groups))[:, None]
    held = np.zeros((len(subset), parameters), dtype=np.bool_)
    held[:, before : before + len(owner)] = (subset >> (len(groups) - 1 - owner) & 1) == 0
    return held


def _all_subsets(
    rows: PreparedRows, weights: FloatArray, start: FloatArray, held: BoolArray, link: Link
) -> tuple[FloatArray, FloatArray]:
    """Climb for every pair of a subset and a weighting: the last weighting's places (2^g, p), loglik (2^g, b)."""
    subset, replicate = np.divmod(np.arange(len(held) * len(weights)), len(weights))
    step = max(1, _CHUNK_NUMBERS // weights.shape[1])
    places, loglik = np.empty((len(subset), start.shape[1])), np.empty(len(subset))
    for i in range(0, len(subset), step):
        own, draw = subset[i : i + step], replicate[i : i + step]
        found = replicate_rows(rows, weights[draw], start[own], link, held=held[own])
        places[i : i + step], loglik[i : i + step] = found[0], found[1]
    last = places.reshape(len(held), len(weights), -1)[:, -1]
    return last, loglik.reshape(len(held), len(weights))


def pseudo_r2(
    loglik: npt.ArrayLike,
    sum_weights: npt.ArrayLike,
    kind: PseudoR2 = "mcfadden",
    *,
    null: npt.ArrayLike | None = None,
) -> FloatArray:
    """Turn a table of log-likelihoods into pseudo-R².

    Parameters
    ----------
    loglik
        shape (2^g, ...), from `subset_loglik`; row 0 is the model without drivers.
    sum_weights
        Sum of the weights of the sample and the replicates, broadcast against a row; n where Nagelkerke says n.
    kind
        McFadden's 1 − ℓ/ℓ₀, or Nagelkerke's.
    null
        ℓ₀, of the sample and the replicates, where row 0 has controls in it; else it is row 0.

    Returns
    -------
    array, shape of `loglik`
        Row 0 is 0, unless `null` is given. NaN where all answers are equal.

    Examples
    --------
    >>> pseudo_r2([[-4.0], [-3.0]], 6.0)[1], pseudo_r2([[-4.0], [-3.0]], 6.0, "nagelkerke")[1].round(4)
    (array([0.25]), array([0.3849]))
    """
    table = np.asarray(loglik, dtype=np.float64)
    bottom = table[0] if null is None else np.asarray(null, dtype=np.float64)
    bottom = np.where(bottom < 0, bottom, np.nan)
    if kind == "mcfadden":
        return np.asarray(1 - table / bottom, dtype=np.float64)
    n = np.asarray(sum_weights, dtype=np.float64)
    return np.asarray(np.expm1(2 * (bottom - table) / n) / np.expm1(2 * bottom / n), dtype=np.float64)
