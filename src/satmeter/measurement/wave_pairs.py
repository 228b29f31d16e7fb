"""Two waves held against each other: independent samples, or the same respondents twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from satmeter.measurement.degrees import is_simple
from satmeter.measurement.differences import Difference, Side, difference_about, difference_of, effect_of, side_of
from satmeter.measurement.estimates import Estimates, estimate
from satmeter.measurement.quantity import Quantity
from satmeter.measurement.reach import Reach, reached_df
from satmeter.measurement.respondent_match import RespondentMatch
from satmeter.measurement.scores import Measure, group_masks, published_measures
from satmeter.moments import Resampling
from satmeter.numerics.change import shrunken_change
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Key = tuple[str, str]
"""Measure and statistic."""

_SAME = 1e-9
"""Points within which two changes are taken as equal."""


@dataclass(frozen=True, eq=False)
class WaveStudy:
    """One wave: its label, its study and the replicates of it."""

    label: str
    study: Study
    resampling: Resampling

    @cached_property
    def _published(self) -> tuple[tuple[Measure, ...], FloatArray]:
        return published_measures(self.study)

    @property
    def values(self) -> FloatArray:
        """Columns that figures are estimated from, shape (n, p)."""
        return self._published[1]

    @cached_property
    def measures(self) -> dict[Key, Measure]:
        """Every published figure of the wave."""
        return {(measure.name, measure.statistic): measure for measure in self._published[0]}

    def quantities(self, keys: Sequence[Key]) -> list[Quantity]:
        """Return how some figures are estimated."""
        return [self.measures[key].quantity for key in keys]

    def masks(self, group_by: str) -> dict[str, BoolArray]:
        """Return the respondents of every group; without a question, everybody; none where it was not asked."""
        if not group_by:
            return {"": np.ones(self.study.n, dtype=np.bool_)}
        return dict(group_masks(self.study, group_by)) if group_by in self.study.groups else {}


@dataclass(frozen=True, eq=False)
class WaveCell:
    """Some figures of one wave in one group.

    Attributes
    ----------
    found
        Estimates as they are published.
    side
        The same for a comparison.
    error, df
        shape (q,), standard error (0 where all answers are equal) and its degrees of freedom.
    """

    wave: WaveStudy
    mask: BoolArray
    keys: tuple[Key, ...]
    found: Estimates
    side: Side
    error: FloatArray
    df: FloatArray

    def places(self, keys: Sequence[Key]) -> list[int]:
        """Return where some of the figures stand."""
        return [self.keys.index(key) for key in keys]


def wave_cell(wave: WaveStudy, mask: BoolArray, keys: tuple[Key, ...]) -> WaveCell:
    """Estimate some figures of a wave in a group."""
    values, quantities = _narrowed(wave.values, wave.quantities(keys))
    resampling = wave.resampling.for_scores
    found = estimate(wave.study, wave.resampling, values, quantities, rows=mask)
    side = side_of(wave.study, resampling, values, quantities, mask)
    df = reached_df(wave.study, side.reach)
    return WaveCell(wave, mask, keys, found, side, resampling.std_error(side.stack), df)


def _narrowed(values: FloatArray, quantities: Sequence[Quantity]) -> tuple[FloatArray, list[Quantity]]:
    """Return the columns that some quantities are made of, and the quantities as they stand in these."""
    columns = list(dict.fromkeys(column for q in quantities for column in q.columns))
    place = {column: number for number, column in enumerate(columns)}
    return values[:, columns], [replace(q, columns=tuple(place[column] for column in q.columns)) for q in quantities]


@dataclass(frozen=True, eq=False)
class Change:
    """Changes of some figures; `n_other` are the respondents of the earlier wave, `n_pairs` those found in both."""

    difference: Difference
    n_other: npt.NDArray[np.int64]
    n_pairs: npt.NDArray[np.int64] | None = None


def independent_change(one: WaveCell, other: WaveCell, keys: Sequence[Key], conf_level: float) -> Change:
    """Compare two independent samples.

    Notes
    -----
    The variance is the sum of both waves' own. Degrees of freedom after Satterthwaite from those of the waves: Welch's
    where both are simple random samples, else units less strata enter.
    """
    places, others = one.places(keys), other.places(keys)
    sides = _part(one.side, places), _part(other.side, others)
    error = np.hypot(one.error[places], other.error[others])
    df = satterthwaite(
        (_spread(one, places), _spread(other, others)),
        (one.df[places], other.df[others]),
    )
    found = difference_of(one.wave.quantities(keys), *sides, error, df, conf_level)
    return Change(found, sides[1].n)


def satterthwaite(variances: tuple[FloatArray, FloatArray], df: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Return the degrees of freedom of a sum of two independent variances.

    Examples
    --------
    >>> satterthwaite((np.array([1.0]), np.array([1.0])), (np.array([10.0]), np.array([10.0])))
    array([20.])
    """
    below = sum(np.where(d > 0, v**2 / np.where(d > 0, d, 1.0), np.nan) for v, d in zip(variances, df, strict=True))
    return np.asarray((variances[0] + variances[1]) ** 2 / np.where(below > 0, below, np.nan), dtype=np.float64)


def paired_change(
    one: WaveCell, other: WaveStudy, match: RespondentMatch, keys: Sequence[Key], conf_level: float
) -> Change:
    """Compare the respondents of a wave with themselves in an earlier one.

    Notes
    -----
    Groups, weights and design are those of the later wave. Only answers count that were given both times. The change of
    a share is drawn towards zero (`shrunken_change`). The effect size is that of the pairs' two figures, with the
    pooled standard deviation of the two times, so that it can be compared with that of independent samples.
    """
    study, resampling = one.wave.study, one.wave.resampling.for_scores
    quantities, now, then = _paired_columns(one.wave, other, match, keys)
    mask = one.mask & (match.row >= 0)
    after, before = (side_of(study, resampling, values, quantities, mask) for values in (now, then))
    stack = after.stack - before.stack
    error = resampling.std_error(stack)
    used = after.mask
    squares = _mean_squares(now[used] - then[used], study.weights[used])
    moved = np.array([squares[list(q.columns)].mean() for q in quantities])
    n = after.n
    centre, shrunk = shrunken_change(stack[0], moved, n, error)
    share = np.array([q.kind == "share" for q in quantities])
    df = reached_df(study, after.reach)
    moves = _moves(now[used] - then[used], quantities)
    error = np.where(after.enough & (moves | share), np.where(share, shrunk, error), np.nan)
    effect = np.array([effect_of(q, after, before, j) for j, q in enumerate(quantities)])
    found = difference_about(quantities, stack[0], np.where(share, centre, stack[0]), error, df, effect, conf_level)
    return Change(found, n, n)


def _paired_columns(
    one: WaveStudy, other: WaveStudy, match: RespondentMatch, keys: Sequence[Key]
) -> tuple[list[Quantity], FloatArray, FloatArray]:
    """Return the columns of both times side by side, NaN where either has no answer, and how figures stand in them."""
    quantities: list[Quantity] = []
    columns: tuple[list[int], list[int]] = ([], [])
    for now, then in zip(one.quantities(keys), other.quantities(keys), strict=True):
        start = len(columns[0])
        columns[0].extend(now.columns)
        columns[1].extend(then.columns)
        quantities.append(Quantity(tuple(range(start, len(columns[0]))), now.kind, now.low, now.high))
    later = one.values[:, columns[0]]
    earlier = np.where((match.row >= 0)[:, None], other.values[:, columns[1]][match.row], np.nan)
    both = ~(np.isnan(later) | np.isnan(earlier))
    return quantities, np.where(both, later, np.nan), np.where(both, earlier, np.nan)


def _moves(change: FloatArray, quantities: Sequence[Quantity]) -> BoolArray:
    """Tell of which quantities changes differ between respondents: equal ones do not tell their spread."""
    seen = ~np.isnan(change)
    low = np.where(seen, change, np.inf).min(axis=0, initial=np.inf)
    high = np.where(seen, change, -np.inf).max(axis=0, initial=-np.inf)
    differ = high - low > _SAME
    return np.array([differ[list(q.columns)].any() for q in quantities], dtype=np.bool_)


def _mean_squares(change: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted mean square of every column, NaN cells left out."""
    seen = ~np.isnan(change)
    total = weights @ seen
    return np.asarray(weights @ np.where(seen, change, 0.0) ** 2 / np.where(total > 0, total, np.nan))


def _spread(cell: WaveCell, places: list[int]) -> FloatArray:
    """Return the variance of every estimate that degrees of freedom are made from."""
    if not is_simple(cell.wave.study):
        return cell.error[places] ** 2
    n = cell.side.n[places]
    return np.asarray(np.where(n > 1, cell.side.variance[places] / np.maximum(n, 1), np.nan))


def _part(side: Side, places: list[int]) -> Side:
    reach = side.reach
    units = None if reach.units is None else reach.units[:, places]
    return Side(
        side.stack[:, places],
        side.variance[places],
        side.n[places],
        side.enough[places],
        side.mask,
        Reach(units, reach.strata[:, places], reach.n[places]),
    )
