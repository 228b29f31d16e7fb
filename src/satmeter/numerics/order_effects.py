"""What the order of shuffled items leaves in the ratings of those who read them one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.intervals import t_interval

LEAST_ITEMS = 4


@dataclass(frozen=True, slots=True)
class OrderEffects:
    """Carry-over from one shown item to the next, and drift over the page.

    Attributes
    ----------
    n
        Respondents who rated at least four items of the group.
    carry_over
        Mean product of the standardised ratings of items shown next to each other, less that of items shown apart.
    drift
        Mean change of a standardised rating from the first place to the last.
    carry_over_low, carry_over_high, drift_low, drift_high
        Intervals.
    """

    n: int
    carry_over: float
    carry_over_low: float
    carry_over_high: float
    drift: float
    drift_low: float
    drift_high: float


def order_effects(ratings: npt.ArrayLike, place: npt.ArrayLike, conf_level: float = 0.95) -> OrderEffects:
    """Estimate the effects of the order in which one group of shuffled items was shown.

    Since the order is drawn at random for every respondent, items that stand next to each other are on average as
    similar as others; what they agree more is owed to the order.

    Parameters
    ----------
    ratings
        shape (n, k), NaN where unanswered.
    place
        shape (n, k), the place at which each item was shown, from 0; a permutation in every row.
    conf_level
        Of the intervals.

    Returns
    -------
    OrderEffects
        NaN where nobody rated enough, or all items are constant.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> place = rng.permuted(np.tile(np.arange(8), (2000, 1)), axis=1)
    >>> found = order_effects(rng.integers(1, 6, (2000, 8)), place)
    >>> found.carry_over_low < 0 < found.carry_over_high
    True
    """
    values = np.asarray(ratings, dtype=np.float64)
    places = np.asarray(place, dtype=np.int64)
    enough = (~np.isnan(values)).sum(axis=1) >= LEAST_ITEMS
    values, places = values[enough], places[enough]
    n, k = values.shape
    if n < 2 or k < LEAST_ITEMS:
        return OrderEffects(n, *[float("nan")] * 6)
    deviation = values - _mean_of(values, axis=0)
    spread = np.sqrt(_mean_of(deviation**2, axis=0))
    standard = np.where(spread > 0, deviation / np.where(spread > 0, spread, 1.0), np.nan)
    own = standard - _mean_of(standard, axis=1)
    shown = np.take_along_axis(own, np.argsort(places, axis=1), axis=1)
    carry = _carry_over(shown)
    drift = _drift(shown)
    return OrderEffects(n, *_mean(carry, conf_level), *_mean(drift, conf_level))


def _mean_of(values: FloatArray, axis: int) -> FloatArray:
    """Return means of what is there; 0 where there is nothing."""
    count = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    return np.asarray(np.nansum(values, axis=axis, keepdims=True) / np.maximum(count, 1), dtype=np.float64)


def _carry_over(shown: FloatArray) -> FloatArray:
    """Return every respondent's mean product of neighbours less the mean product of all other pairs."""
    there = ~np.isnan(shown)
    filled = np.where(there, shown, 0.0)
    neighbours = (filled[:, :-1] * filled[:, 1:]).sum(axis=1)
    n_neighbours = (there[:, :-1] & there[:, 1:]).sum(axis=1)
    count = there.sum(axis=1)
    pairs = (filled.sum(axis=1) ** 2 - (filled**2).sum(axis=1)) / 2
    n_others = count * (count - 1) / 2 - n_neighbours
    sound = (n_neighbours > 0) & (n_others > 0)
    mean = neighbours / np.maximum(n_neighbours, 1) - (pairs - neighbours) / np.maximum(n_others, 1)
    return np.where(sound, mean, np.nan)


def _drift(shown: FloatArray) -> FloatArray:
    """Return every respondent's least-squares change from the first place to the last."""
    there = ~np.isnan(shown)
    position = np.linspace(0.0, 1.0, shown.shape[1])
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    centre = (there * position).sum(axis=1, keepdims=True) / count
    away = np.where(there, position - centre, 0.0)
    squares = (away**2).sum(axis=1)
    return np.where(squares > 0, (away * np.where(there, shown, 0.0)).sum(axis=1) / np.maximum(squares, 1e-12), np.nan)


def _mean(values: FloatArray, conf_level: float) -> tuple[float, float, float]:
    kept = values[~np.isnan(values)]
    if len(kept) < 2:
        return (float("nan"),) * 3
    mean = float(kept.mean())
    low, high = t_interval(mean, kept.std(ddof=1) / np.sqrt(len(kept)), len(kept) - 1, conf_level)
    return mean, float(low), float(high)
