"""Necessary-condition analysis: how much of the upper left corner of a scatter is empty, and whether by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray

_CHUNK_NUMBERS = 2_000_000
_REACHED = 1e-12

Scope = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Necessity:
    """What a high outcome requires of a condition.

    Attributes
    ----------
    effect_ce, effect_cr
        d, the part of the scope that is empty above the ceiling, 0 to 1: step function (CE-FDH) and straight line
        (CR-FDH).
    p_ce, p_cr
        Share of (this and) permutations with at least such an effect; NaN without permutations.
    peers
        shape (m, 2), condition and outcome of the points on the steps: every point that is above all to its left.
    intercept, slope
        Straight line through the peers by least squares, a peer counted as often as it occurs; NaN for a single peer.
    accuracy_cr
        Share of the points on or below the straight line; the step function has all.
    scope
        Lowest and highest condition, lowest and highest outcome.
    """

    effect_ce: float
    effect_cr: float
    p_ce: float
    p_cr: float
    peers: FloatArray
    intercept: float
    slope: float
    accuracy_cr: float
    scope: Scope


def necessity(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    scope: Scope | None = None,
    permutations: int = 0,
    rng: np.random.Generator | None = None,
) -> Necessity:
    """Measure how far a condition is necessary, though not sufficient, for a high outcome.

    Parameters
    ----------
    x, y
        shape (n,), condition and outcome, complete. Weights play no part: one respondent draws the ceiling.
    scope
        Theoretical scope (lowest x, highest x, lowest y, highest y), such as the ends of the scales, which must hold
        the data; None takes the lowest and highest values that occur. With the ends of a scale, what nobody answered at
        its lower end or above the highest outcome counts as empty.
    permutations
        Number of random pairings for the test; 0 for none.
    rng
        Generator of the pairings; needed with permutations.

    Returns
    -------
    Necessity

    Raises
    ------
    NumericsError
        N009 for missing values; N010 for shapes that do not agree or permutations without a generator; N084 when
        condition or outcome is constant or the scope does not hold the data.

    Notes
    -----
    Dul (2016), Organizational Research Methods 19, 10–52; test: Dul, van der Laan and Kuik (2020), ibid. 23, 385–395,
    with one added to both counts. Its null hypothesis is that condition and outcome are unrelated: any association can
    make it fail, not necessity alone. On scales of few points one answer moves the ceiling by a whole step.

    Examples
    --------
    >>> found = necessity([1.0, 2.0, 3.0, 5.0], [1.0, 2.0, 2.0, 5.0])
    >>> found.effect_ce, found.peers.tolist()
    (0.8125, [[1.0, 1.0], [2.0, 2.0], [5.0, 5.0]])
    """
    condition, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if condition.ndim != 1 or condition.shape != outcome.shape or permutations < 0 or (permutations and rng is None):
        got = f"{condition.shape}, {outcome.shape}, {permutations}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(n,), (n,), rng"}))
    if np.isnan(condition).any() or np.isnan(outcome).any():
        raise NumericsError(Problem("N009"))
    bounds = _checked_scope(condition, outcome, scope)
    order = np.argsort(condition, kind="stable")
    values, first = np.unique(condition[order], return_index=True)
    ceiling = _Ceiling(values, first, bounds)
    sample = ceiling.effects(outcome[order][None])
    p_ce = p_cr = np.nan
    if permutations and rng is not None:
        as_high = np.zeros(2, dtype=np.int64)
        step = max(1, _CHUNK_NUMBERS // len(outcome))
        for start in range(0, permutations, step):
            shuffled = rng.permuted(np.tile(outcome, (min(step, permutations - start), 1)), axis=1)
            chance = ceiling.effects(shuffled)
            as_high += [(c >= s[0] - _REACHED).sum() for c, s in zip(chance[:2], sample[:2], strict=True)]
        p_ce, p_cr = (1 + as_high) / (1 + permutations)
    intercept, slope = float(sample[2][0]), float(sample[3][0])
    highest = np.maximum.accumulate(np.maximum.reduceat(outcome[order], first))
    rises = np.append(True, np.diff(highest) > 0)
    below = outcome <= intercept + slope * condition + 1e-9 if np.isfinite(slope) else np.ones(len(outcome))
    return Necessity(
        effect_ce=float(sample[0][0]),
        effect_cr=float(sample[1][0]),
        p_ce=float(p_ce),
        p_cr=float(p_cr),
        peers=np.column_stack([values[rises], highest[rises]]),
        intercept=intercept,
        slope=slope,
        accuracy_cr=float(np.mean(below)),
        scope=bounds,
    )


def bottleneck(found: Necessity, levels: npt.ArrayLike, *, ceiling: str = "ce_fdh") -> FloatArray:
    """Return the level of the condition that is necessary for every level of the outcome.

    Parameters
    ----------
    found
        Of one condition.
    levels
        Levels of the outcome, in its units.
    ceiling
        ``ce_fdh`` for the step function, ``cr_fdh`` for the straight line.

    Returns
    -------
    array, shape of `levels`
        In units of the condition: without it that level of the outcome does not occur. NaN where no level is necessary
        (every condition reaches it), infinity where no condition within the scope reaches it.

    Raises
    ------
    NumericsError
        N010 for another name of a ceiling.

    Examples
    --------
    >>> found = necessity([1.0, 2.0, 3.0, 5.0], [1.0, 2.0, 2.0, 5.0])
    >>> bottleneck(found, [1.0, 1.5, 4.0])
    array([nan,  2.,  5.])
    """
    wanted = np.asarray(levels, dtype=np.float64)
    lowest, highest = found.scope[0], found.scope[1]
    if ceiling == "ce_fdh":
        place = np.searchsorted(found.peers[:, 1], wanted - _REACHED)
        needed = np.append(found.peers[:, 0], np.inf)[place]
    elif ceiling == "cr_fdh":
        steep = np.isfinite(found.slope)
        needed = (wanted - found.intercept) / found.slope if steep else np.full(wanted.shape, lowest)
        needed = np.where(needed > highest + _REACHED, np.inf, needed)
    else:
        raise NumericsError(Problem("N010", got=ceiling, params={"expected": "ce_fdh, cr_fdh"}))
    return np.where(needed <= lowest, np.nan, needed)


def _checked_scope(x: FloatArray, y: FloatArray, scope: Scope | None) -> Scope:
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        raise NumericsError(Problem("N084"))
    seen = (float(x.min()), float(x.max()), float(y.min()), float(y.max()))
    if scope is None:
        return seen
    if scope[0] > seen[0] or scope[1] < seen[1] or scope[2] > seen[2] or scope[3] < seen[3]:
        raise NumericsError(Problem("N084", got=str(scope)))
    return scope


@dataclass(frozen=True, slots=True)
class _Ceiling:
    """Ceilings over the conditions of a sample, for any pairing of the outcomes with them.

    Attributes
    ----------
    values
        shape (u,), the conditions that occur, rising.
    first
        shape (u,), place of each among the sorted rows.
    scope
        As in `Necessity`.
    """

    values: FloatArray
    first: npt.NDArray[np.intp]
    scope: Scope

    def effects(self, outcomes: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Effect of steps and of line, intercept and slope; `outcomes` (b, n) in the order of the conditions."""
        x_low, x_high, y_low, y_high = self.scope
        area = (x_high - x_low) * (y_high - y_low)
        top = np.maximum.reduceat(outcomes, self.first, axis=1)
        steps = np.maximum.accumulate(top, axis=1)
        widths = np.diff(np.append(self.values, x_high))
        empty = np.einsum("bu,u->b", y_high - steps, widths) + (self.values[0] - x_low) * (y_high - y_low)
        peer = np.concatenate([np.ones((len(steps), 1), dtype=bool), np.diff(steps, axis=1) > 0], axis=1)
        at_top = outcomes == np.repeat(top, np.diff(np.append(self.first, outcomes.shape[1])), axis=1)
        times = np.where(peer, np.add.reduceat(at_top, self.first, axis=1, dtype=np.float64), 0.0)
        several = peer.sum(axis=1) > 1
        total = times.sum(axis=1)
        centre_x, centre_y = (times * self.values).sum(axis=1) / total, (times * steps).sum(axis=1) / total
        away = self.values - centre_x[:, None]
        spread = (times * away**2).sum(axis=1)
        slope = (times * away * (steps - centre_y[:, None])).sum(axis=1) / np.where(several, spread, np.nan)
        intercept = centre_y - slope * centre_x
        below_line = self._under_line(intercept, slope)
        above = np.where(several, (y_high - y_low) * (x_high - x_low) - below_line, 0.0)
        return empty / area, above / area, intercept, slope

    def _under_line(self, intercept: FloatArray, slope: FloatArray) -> FloatArray:
        """Area of the scope below rising lines."""
        x_low, x_high, y_low, y_high = self.scope
        enters = np.clip((y_low - intercept) / slope, x_low, x_high)
        leaves = np.clip((y_high - intercept) / slope, x_low, x_high)
        at_enter, at_leave = (intercept + slope * x - y_low for x in (enters, leaves))
        middle = (leaves - enters) * (at_enter + at_leave) / 2
        return np.asarray(middle + (x_high - leaves) * (y_high - y_low), dtype=np.float64)
