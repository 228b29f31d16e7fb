"""Thresholds and polychoric correlations, and how uncertain they are: what a factor model of ordered answers fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.pair_counts import pair_counts
from satmeter.numerics.polychoric import Polychoric, polychoric, respondent_influence
from satmeter.numerics.tails import normal_probability

MOST_ITEMS = 100
"""Of more items the covariance of the correlations would not fit into memory (4,950 pairs take 200 MB)."""

_CHUNK_NUMBERS = 4_000_000


@dataclass(frozen=True, eq=False)
class OrdinalMoments:
    """Moments of n respondents' answers to p items; m = p(p − 1)/2 pairs in the order of triu_indices.

    Attributes
    ----------
    polychoric
        Correlations and thresholds; the influence rests on the products of the scores, as in lavaan.
    corr
        shape (m,), the same correlations by pair.
    covariance
        shape (m, m), their asymptotic covariance Γ: of √n times the estimate.
    thresholds_se
        shape (p, K − 1), NaN beyond the categories that an item uses.
    categories
        shape (p,), number of categories that were chosen.
    n
        Respondents of positive weight.
    """

    polychoric: Polychoric
    corr: FloatArray
    covariance: FloatArray
    thresholds_se: FloatArray
    categories: IntArray
    n: int


def ordinal_moments(codes: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> OrdinalMoments:
    """Estimate thresholds and polychoric correlations and how uncertain they are.

    Parameters
    ----------
    codes
        shape (n, p), whole numbers, complete rows. Only their order matters; numbers that nobody gave do not count.
    weights
        shape (n,), probability weights on any scale; None means equal. Rows of weight 0 are left out.

    Returns
    -------
    OrdinalMoments

    Raises
    ------
    NumericsError
        N010 for another shape, N009 for missing answers, N008 for bad weights, N013 for more than 20 categories,
        N050 for items with one category, N051 for pairs whose correlation has no finite estimate, N053 for more than
        100 items.

    Notes
    -----
    Muthén (1984) Psychometrika 49, 115–132. Nothing is added to empty cells (lavaan adds 0.5 in tables of two by two).

    Examples
    --------
    >>> found = ordinal_moments(np.repeat([[1, 1], [1, 2], [2, 1], [2, 2]], [100, 50, 50, 100], axis=0))
    >>> found.corr.round(3), found.thresholds_se.round(4)[:, 0]
    (array([0.5]), array([0.0725, 0.0725]))
    """
    answers = np.asarray(codes, dtype=np.float64)
    if answers.ndim != 2 or answers.shape[0] < 1 or answers.shape[1] < 2:
        raise NumericsError(Problem("N010", got=str(answers.shape), params={"expected": "(n, p)"}))
    if np.isnan(answers).any():
        raise NumericsError(Problem("N009"))
    if answers.shape[1] > MOST_ITEMS:
        raise NumericsError(Problem("N053", got=str(answers.shape[1]), params={"most": MOST_ITEMS}))
    w = checked_weights(weights, len(answers))
    answers, w = answers[w > 0], w[w > 0]
    w = w * (len(w) / w.sum())
    places, categories = _places(answers)
    k = int(categories.max())
    found = polychoric(pair_counts(places, k, w), information="scores")
    if found.at_limit.any():
        pairs = zip(*np.nonzero(np.triu(found.at_limit, 1)), strict=True)
        raise NumericsError(Problem("N051", params={"pairs": ", ".join(f"{i}–{j}" for i, j in pairs)}))
    first, second = np.triu_indices(answers.shape[1], 1)
    margins = np.stack([np.bincount(column, w**2, k).astype(np.float64) for column in places.T])
    error = _threshold_error(found.thresholds, margins, len(w))
    return OrdinalMoments(found, found.corr[first, second], _covariance(found, places, w), error, categories, len(w))


def _covariance(found: Polychoric, places: IntArray, weights: FloatArray) -> FloatArray:
    """Return Γ, the mean product of what every respondent adds to the correlations, each times the weight."""
    pairs = len(found.influence)
    total = np.zeros((pairs, pairs))
    step = max(1, _CHUNK_NUMBERS // pairs)
    for start in range(0, len(places), step):
        rows = slice(start, start + step)
        heavy = respondent_influence(found, places[rows]) * weights[rows, None]
        total += heavy.T @ heavy
    return np.asarray(total / len(places), dtype=np.float64)


def _places(answers: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the place of every answer among the answers given to its item, and the number of different ones."""
    ranked = [np.unique(column, return_inverse=True) for column in answers.T]
    categories = np.array([len(seen) for seen, _ in ranked], dtype=np.int64)
    if (categories < 2).any():
        columns = ", ".join(map(str, np.flatnonzero(categories < 2)))
        raise NumericsError(Problem("N050", params={"columns": columns}))
    return np.stack([place for _, place in ranked], axis=1).astype(np.int64), categories


def _threshold_error(thresholds: FloatArray, squares: FloatArray, n: int) -> FloatArray:
    """Return the standard errors of thresholds from the squared weights by category, (p, K)."""
    total = squares.sum(axis=1, keepdims=True)
    below = np.cumsum(squares, axis=1)[:, :-1]
    above = np.maximum(total - below, 0.0)  # behind the last category rounding may leave less than nothing
    used = np.isfinite(thresholds) & (above > 1e-12 * total)
    at = np.where(used, thresholds, 0.0)
    share = normal_probability(at)
    spread = below * (1 - share) ** 2 + above * share**2
    density = np.exp(-0.5 * at**2) / np.sqrt(2 * np.pi)
    return np.where(used, np.sqrt(spread / (n * (n - 1))) / density, np.nan)
