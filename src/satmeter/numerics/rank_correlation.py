"""Spearman's rank correlation under weights, with every respondent's influence on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Spearman's correlation.

    Attributes
    ----------
    estimate
        NaN where one of the variables is constant.
    influence
        shape (n,), weighted mean 0: how the estimate moves when a respondent's weight grows.
    """

    estimate: float
    influence: FloatArray


def rank_correlation(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> RankCorrelation:
    """Correlate the ranks of two variables.

    Parameters
    ----------
    x, y
        shape (n,), without NaN. Ties share the mean of their ranks.
    weights
        shape (n,), any scale; None means equal. Whole weights are as good as repeated rows.

    Returns
    -------
    RankCorrelation

    Raises
    ------
    NumericsError
        N010 for different lengths, N008 for bad weights.

    Notes
    -----
    The product-moment correlation of the mid-distribution functions F(x) = P(X < x) + P(X = x) / 2. The influence
    counts that F is estimated from the same respondents: for E[F(X) G(Y)] it is F(x) G(y) + E[m(x, X) G(Y)] +
    E[m(y, Y) F(X)] less three times the mean, m(a, b) = 1 for a < b, 1/2 for a = b (Hoeffding 1948, Annals of
    Mathematical Statistics 19, 293–325, for ties as well).

    Examples
    --------
    >>> round(rank_correlation([1, 2, 3, 4], [10, 20, 20, 15]).estimate, 4)
    0.3162
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1:
        raise NumericsError(Problem("N010", got=str(second.shape), params={"expected": str(first.shape)}))
    w = checked_weights(weights, len(first))
    part = w / w.sum()
    a, b = _ranked(first, part), _ranked(second, part)
    both = _product(a, b, part)
    own = _product(a, a, part), _product(b, b, part)
    spread = [max(mean - 0.25, 0.0) for mean, _ in own]
    if min(spread) <= 1e-14:
        return RankCorrelation(float("nan"), np.full(len(first), np.nan))
    size = float(np.sqrt(spread[0] * spread[1]))
    estimate = float(np.clip((both[0] - 0.25) / size, -1.0, 1.0))
    influence = both[1] / size - estimate / 2 * (own[0][1] / spread[0] + own[1][1] / spread[1])
    return RankCorrelation(estimate, influence)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A variable's mid-distribution function at every row, and the place of every row among the values."""

    value: FloatArray
    place: IntArray


def _ranked(values: FloatArray, part: FloatArray) -> _Ranked:
    _, place = np.unique(values, return_inverse=True)
    share = np.bincount(place, weights=part)
    return _Ranked((np.cumsum(share) - share / 2)[place], place.astype(np.int64))


def _product(a: _Ranked, b: _Ranked, part: FloatArray) -> tuple[float, FloatArray]:
    """Return the mean of the product of two distribution functions and its influence."""
    product = a.value * b.value
    mean = float(part @ product)
    return mean, product + _above(a, b.value, part) + _above(b, a.value, part) - 3 * mean


def _above(a: _Ranked, other: FloatArray, part: FloatArray) -> FloatArray:
    """Return at every row the weighted sum of the other variable over the rows with higher values, ties by half."""
    sums = np.bincount(a.place, weights=part * other)
    return np.asarray((sums.sum() - np.cumsum(sums) + sums / 2)[a.place], dtype=np.float64)
