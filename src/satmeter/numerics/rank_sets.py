"""Confidence sets for ranks: which places of a league table the estimates leave open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray, check_conf_level

DRAWS = 20_000
_CHUNK_NUMBERS = 4_000_000

Highest = Callable[[BoolArray], FloatArray]


@dataclass(frozen=True, slots=True)
class RankSets:
    """Ranks with the sets of ranks that the estimates do not rule out.

    Attributes
    ----------
    rank
        shape (p,), 1 is the highest estimate; equal estimates share the better rank.
    marginal_low, marginal_high
        shape (p,): each set holds the unit's true rank with the probability asked for.
    low, high
        shape (p,): all sets together hold all true ranks with that probability, those of all strata too.
    tie_group
        shape (p,), 1 holds the units that no unit of it surely excels, starting from the first; the next group starts
        with the first unit that is surely below the best of the group before.

    With strata, ranks, sets and tie groups count the units of one's own stratum only.
    """

    rank: IntArray
    marginal_low: IntArray
    marginal_high: IntArray
    low: IntArray
    high: IntArray
    tie_group: IntArray


def rank_sets(
    estimate: npt.ArrayLike,
    covariance: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    df: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    exact: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
    draws: int = DRAWS,
) -> RankSets:
    """Return marginal and simultaneous confidence sets for ranks, the highest estimate first.

    Parameters
    ----------
    estimate
        shape (p,), one number a unit, p at least 2.
    covariance
        shape (p, p) of the estimates, or shape (p,), their variances when they are independent.
    rng
        Draws of the estimates' errors; the same generator gives the same sets.
    df
        shape (p,), degrees of freedom behind every unit's variance; None: variances are known.
    strata
        shape (p,), labels: units are ranked among those with the same label, of which there are two at least; None: all
        units are ranked together.
    exact
        shape (p,), the units whose estimates have no error, for everybody was asked: two of them are in the order of
        their estimates, and equal ones share ranks; None: no unit.
    conf_level
        Probability of holding the true rank, or all of them.
    draws
        Number of draws; critical values waver with its root.

    Returns
    -------
    RankSets

    Raises
    ------
    NumericsError
        N010 for shapes, fewer than two units (of a stratum), values that are not finite, variances of differences that
        are not positive, unless both units are exact; N002 for the level.

    Notes
    -----
    Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91, 476–518. All ordered pairs are tested for
    θ_i > θ_j by a step-down with the quantile of the largest studentised difference among the pairs not yet told
    apart; a unit's lowest rank is one more than the units surely above it, its highest leaves out those surely below. A
    marginal set looks at the unit's own pairs only. Errors are taken as normal; with `df`, each draw studentises by
    variances that are drawn too, as Welch's test does for one pair: sixty units of twelve respondents are told apart
    by chance in half of all tables without it.
    Strata take pairs of different strata out of the tests; the step-down runs over the pairs of all strata at once.

    Examples
    --------
    >>> found = rank_sets([3.0, 2.9, 1.0], [0.01, 0.01, 0.01], rng=np.random.default_rng(1))
    >>> found.rank, found.low, found.high, found.tie_group
    (array([1, 2, 3]), array([1, 1, 3]), array([2, 2, 3]), array([1, 1, 2]))
    """
    check_conf_level(conf_level)
    theta, sigma = _checked(estimate, covariance)
    p = len(theta)
    rivals = _rivals(strata, p)
    spread = np.sqrt(np.maximum(np.diagonal(sigma)[:, None] + np.diagonal(sigma) - 2 * sigma, 0.0))
    certain = np.zeros(p, dtype=np.bool_) if exact is None else np.asarray(exact, dtype=np.bool_)
    known = rivals & certain[:, None] & certain
    doubtful = rivals & ~known
    above = known & (theta[:, None] > theta)
    spread[~doubtful] = 1.0
    if not (spread > 0).all():
        raise NumericsError(Problem("N010", got="0", params={"expected": "var(a − b) > 0"}))
    score = (theta[:, None] - theta) / spread
    drawn = _drawn(sigma, spread, draws, rng, None if df is None else np.where(certain, 1.0, df))
    sure = above | _told_apart(score, doubtful, drawn.largest, conf_level)
    marginal = np.array([_own_ranks(i, np.flatnonzero(doubtful[i]), score, drawn, conf_level) for i in range(p)])
    marginal += np.column_stack([above.sum(axis=0), known.sum(axis=1) - above.sum(axis=1)])
    rank = 1 + (rivals & (theta[None, :] > theta[:, None])).sum(axis=1)
    return RankSets(
        rank.astype(np.int64),
        marginal[:, 0],
        marginal[:, 1],
        (1 + sure.sum(axis=0)).astype(np.int64),
        (1 + rivals.sum(axis=1) - sure.sum(axis=1)).astype(np.int64),
        _tie_groups(theta, sure, rivals),
    )


def best_set(
    estimate: npt.ArrayLike,
    covariance: npt.ArrayLike,
    count: int,
    *,
    rng: np.random.Generator,
    conf_level: float = 0.95,
    draws: int = DRAWS,
) -> BoolArray:
    """Return the units that may be among the `count` best: the set holds all that are, with the probability asked for.

    Parameters
    ----------
    estimate, covariance, rng, conf_level, draws
        As for `rank_sets`.
    count
        How many places are the best, 1 … p.

    Returns
    -------
    array of bool, shape (p,)

    Raises
    ------
    NumericsError
        As `rank_sets`; N010 for `count`.

    Examples
    --------
    >>> best_set([3.0, 2.9, 1.0], [0.01, 0.01, 0.01], 1, rng=np.random.default_rng(1))
    array([ True,  True, False])
    """
    low = rank_sets(estimate, covariance, rng=rng, conf_level=conf_level, draws=draws).low
    if not 1 <= count <= len(low):
        raise NumericsError(Problem("N010", got=str(count), params={"expected": f"1 … {len(low)}"}))
    return np.asarray(low <= count, dtype=np.bool_)


def _checked(estimate: npt.ArrayLike, covariance: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    theta, sigma = np.asarray(estimate, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    if sigma.ndim == 1:
        sigma = np.diag(sigma)
    if theta.ndim != 1 or len(theta) < 2 or sigma.shape != (len(theta), len(theta)):
        got = f"{theta.shape}, {sigma.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(p,), (p, p), p ≥ 2"}))
    if not (np.isfinite(theta).all() and np.isfinite(sigma).all()):
        raise NumericsError(Problem("N010", got="NaN", params={"expected": "finite"}))
    return theta, sigma


def _rivals(strata: npt.ArrayLike | None, p: int) -> BoolArray:
    """Return which units are ranked against each other, shape (p, p)."""
    found = ~np.eye(p, dtype=np.bool_)
    if strata is None:
        return found
    labels = np.asarray(strata)
    if labels.shape != (p,):
        raise NumericsError(Problem("N010", got=str(labels.shape), params={"expected": f"({p},)"}))
    found &= labels[:, None] == labels
    if not found.any(axis=1).all():
        raise NumericsError(Problem("N010", got="1", params={"expected": "p ≥ 2"}))
    return found


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Errors of the units, shape (draws, p), the spread of their differences, and how far the variances are off."""

    errors: FloatArray
    spread: FloatArray
    share: FloatArray  # (p, p), the first unit's part in the sum of both variances
    factor: FloatArray | None  # (draws, p), drawn over true variance

    def differences(self, rows: slice, first: IntArray, second: IntArray) -> FloatArray:
        """Return studentised differences of some draws, shape (draws, pairs)."""
        errors = self.errors[rows]
        found = (errors[:, first] - errors[:, second]) / self.spread[first, second]
        if self.factor is not None:
            factor, part = self.factor[rows], self.share[first, second]
            found /= np.sqrt(factor[:, first] * part + factor[:, second] * (1 - part))
        return found

    def largest(self, left: BoolArray) -> FloatArray:
        """Return the largest studentised difference of every draw among the pairs that are left, shape (draws,)."""
        first, second = np.nonzero(left)
        found = np.empty(len(self.errors))
        step = max(1, _CHUNK_NUMBERS // max(1, len(first)))
        for start in range(0, len(found), step):
            rows = slice(start, start + step)
            found[rows] = self.differences(rows, first, second).max(axis=1)
        return found


def _drawn(
    sigma: FloatArray, spread: FloatArray, draws: int, rng: np.random.Generator, df: npt.ArrayLike | None
) -> _Drawn:
    """Draw normal errors with a covariance, whose root may be singular, and the variances that go with them."""
    values, vectors = np.linalg.eigh(sigma)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    errors = np.asarray(rng.standard_normal((draws, len(sigma))) @ root.T, dtype=np.float64)
    variance = np.diagonal(sigma)
    both = variance[:, None] + variance
    share = variance[:, None] / np.where(both > 0, both, 1.0)
    if df is None:
        return _Drawn(errors, spread, share, None)
    degrees = np.broadcast_to(np.asarray(df, dtype=np.float64), variance.shape)
    if not (degrees > 0).all():
        raise NumericsError(Problem("N010", got=str(degrees.min()), params={"expected": "df > 0"}))
    return _Drawn(errors, spread, share, rng.chisquare(degrees, errors.shape) / degrees)


def _told_apart(score: FloatArray, pairs: BoolArray, largest: Highest, level: float) -> BoolArray:
    """Return the pairs (i, j) of which i surely lies above j: rejections of a step-down over the given pairs."""
    left = pairs.copy()
    while left.any():
        new = left & (score > np.quantile(largest(left), level))
        if not new.any():
            break
        left &= ~new
    return pairs & ~left


def _own_ranks(i: int, others: IntArray, score: FloatArray, drawn: _Drawn, level: float) -> tuple[int, int]:
    """Return the lowest and the highest rank of one unit, from its own pairs."""
    p = 1 + len(others)
    if p == 1:
        return 1, 1
    z = drawn.differences(slice(None), np.full(p - 1, i), others)
    both = np.concatenate([z, -z], axis=1)
    own = np.concatenate([score[i, others], -score[i, others]])[None, :]

    def largest(left: BoolArray) -> FloatArray:
        return np.asarray(both[:, left[0]].max(axis=1), dtype=np.float64)

    sure = _told_apart(own, np.ones_like(own, dtype=np.bool_), largest, level)[0]
    above, below = int(sure[: p - 1].sum()), int(sure[p - 1 :].sum())
    return 1 + below, p - above


def _tie_groups(theta: FloatArray, sure: BoolArray, rivals: BoolArray) -> IntArray:
    groups = np.zeros(len(theta), dtype=np.int64)
    leaders: list[int] = []  # the last of every stratum stands before its others
    for unit in np.argsort(-theta, kind="stable"):
        leader = next((one for one in leaders if rivals[one, unit]), None)
        if leader is None or sure[leader, unit]:
            groups[unit] = 1 if leader is None else 1 + groups[leader]
            leaders.insert(0, int(unit))
        else:
            groups[unit] = groups[leader]
    return groups
