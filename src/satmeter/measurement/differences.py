"""The difference of two sides with its test, several figures at a time: of groups, and of waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.measurement.base_rule import least_tested, tested_base
from satmeter.measurement.plain import plain
from satmeter.measurement.quantity import Quantity
from satmeter.measurement.reach import Reach, reach_of
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.multiplicity import benjamini_hochberg, holm
from satmeter.numerics.share_difference import shrunken_difference
from satmeter.numerics.tails import t_tail
from satmeter.study.model import Study
from satmeter.study.plan import Adjustment

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a comparison, by quantity.

    Attributes
    ----------
    stack
        shape (1 + replicates, q), the estimate and its replicates.
    variance
        shape (q,), spread of the answers; exactly 0 where they are all equal.
    n
        shape (q,), respondents who answered.
    enough
        shape (q,), whether they are enough for a test, by the policy of the study too.
    mask
        shape (n,), who belongs to the side.
    reach
        Which units and strata of the design the answers come from.
    """

    stack: FloatArray
    variance: FloatArray
    n: npt.NDArray[np.int64]
    enough: BoolArray
    mask: BoolArray
    reach: Reach


@dataclass(frozen=True, eq=False)
class Difference:
    """Differences of q quantities with their tests, all arrays of shape (q,); NaN where a side is not tested.

    Attributes
    ----------
    estimate
        One side less the other, or the mean change of pairs.
    std_error, conf_low, conf_high, t
        Of shares those of the difference drawn towards zero.
    effect_size
        Cohen's h for a share, else d.
    """

    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    t: FloatArray
    df: FloatArray
    p_value: FloatArray
    effect_size: FloatArray


def side_of(
    study: Study, resampling: Resampling, values: FloatArray, quantities: Sequence[Quantity], mask: BoolArray
) -> Side:
    """Estimate some quantities of some respondents, with replicates and spread.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    values
        shape (n, p), NaN where there is no answer.
    quantities
        Which columns make which figure.
    mask
        shape (n,), the respondents; those of weight 0 are left out.
    """
    used = mask & (study.weights > 0)
    stack = mean_stack(resampling, values, rows=used)
    weights = study.weights[used]
    seen = ~np.isnan(values[used])
    filled = np.where(seen, values[used] - np.nan_to_num(stack[0]), 0.0)
    total = weights @ seen
    count = seen.sum(axis=0)
    spread = (weights @ filled**2) / np.where(total > 0, total, np.nan) * count / np.where(count > 1, count - 1, np.nan)
    spread = np.where(_alike(values[used], seen), 0.0, spread)
    columns = [list(q.columns) for q in quantities]
    answered = np.zeros((study.n, len(columns)), dtype=np.bool_)
    answered[used] = np.stack([seen[:, c].any(axis=1) for c in columns], axis=1)
    reach = reach_of(study, answered)
    return Side(
        np.stack([stack[:, c].mean(axis=1) for c in columns], axis=1),
        np.array([spread[c].mean() for c in columns]),
        reach.n,
        tested_base(study, reach.n, answered[used], weights) >= least_tested(study),
        used,
        reach,
    )


def _alike(block: FloatArray, seen: BoolArray) -> BoolArray:
    """Tell of which columns several answers are all equal: their weighted mean differs from them by rounding only."""
    low = np.where(seen, block, np.inf).min(axis=0, initial=np.inf)
    high = np.where(seen, block, -np.inf).max(axis=0, initial=-np.inf)
    return np.asarray((low == high) & (seen.sum(axis=0) > 1), dtype=np.bool_)


def difference_of(
    quantities: Sequence[Quantity], one: Side, other: Side, std_error: FloatArray, df: FloatArray, conf_level: float
) -> Difference:
    """Test the difference of two sides that share no respondent.

    Parameters
    ----------
    quantities
        What is compared; differences of shares are drawn towards zero (`shrunken_difference`).
    one, other
        The sides.
    std_error, df
        shape (q,), error of the plain difference, by the design, and its degrees of freedom.
    conf_level
        Level of the intervals.

    Notes
    -----
    A side with fewer than ten respondents, or fewer than the study's policy asks for, is not tested, nor is one whose
    scores or balances are all equal: it says nothing about their spread.
    """
    share = np.array([q.kind == "share" for q in quantities])
    spread = (one.variance > 0) & (other.variance > 0)
    tested = one.enough & other.enough & (spread | share)
    difference = one.stack[0] - other.stack[0]
    centre, shrunk = shrunken_difference(one.stack[0], other.stack[0], one.n, other.n, std_error)
    centre, error = np.where(share, centre, difference), np.where(share, shrunk, std_error)
    effect = np.array([effect_of(q, one, other, j) for j, q in enumerate(quantities)])
    return difference_about(quantities, difference, centre, np.where(tested, error, np.nan), df, effect, conf_level)


def difference_about(
    quantities: Sequence[Quantity],
    estimate: FloatArray,
    centre: FloatArray,
    std_error: FloatArray,
    df: FloatArray,
    effect_size: FloatArray,
    conf_level: float,
) -> Difference:
    """Return a difference with interval and t test about a centre; all arrays of shape (q,), NaN where not tested."""
    share = np.array([q.kind == "share" for q in quantities])
    error = np.where((std_error > 0) & (df > 0), std_error, np.nan)
    low, high = t_interval(centre, error, df, conf_level)
    low, high = np.where(share, np.maximum(low, -1), low), np.where(share, np.minimum(high, 1), high)
    t = centre / error
    known = np.where(np.isfinite(error), df, np.nan)
    return Difference(estimate, error, low, high, t, known, np.asarray(t_tail(t, df)), effect_size)


def welch_df(one: Side, other: Side) -> FloatArray:
    """Return Welch's degrees of freedom of the difference of two simple random samples, shape (q,)."""
    parts = [np.where(s.n > 1, s.variance / np.maximum(s.n, 1), np.nan) for s in (one, other)]
    below = sum(part**2 / np.maximum(s.n - 1, 1) for part, s in zip(parts, (one, other), strict=True))
    return np.asarray((parts[0] + parts[1]) ** 2 / np.where(below > 0, below, np.nan), dtype=np.float64)


def effect_of(quantity: Quantity, one: Side, other: Side, j: int) -> float:
    """Return Cohen's h for a share, else d with the pooled standard deviation."""
    a, b = float(one.stack[0, j]), float(other.stack[0, j])
    if quantity.kind == "share":
        return float(2 * np.arcsin(np.sqrt(np.clip(a, 0, 1))) - 2 * np.arcsin(np.sqrt(np.clip(b, 0, 1))))
    n, m = int(one.n[j]), int(other.n[j])
    if n + m < 3:
        return float("nan")
    pooled = ((n - 1) * np.nan_to_num(one.variance[j]) + (m - 1) * np.nan_to_num(other.variance[j])) / (n + m - 2)
    return float((a - b) / np.sqrt(pooled)) if pooled > 0 else float("nan")


def judged(
    p_values: Sequence[float | None], estimates: Sequence[float | None], adjust: Adjustment, conf_level: float
) -> list[tuple[float | None, Literal["higher", "lower", "undecided"]]]:
    """Adjust p-values that are read together, and say which differences are sure.

    Examples
    --------
    >>> judged([0.01, 0.04, None], [2.0, -1.0, 3.0], "holm", 0.95)
    [(0.02, 'higher'), (0.04, 'lower'), (None, 'undecided')]
    """
    p = np.array([np.nan if value is None else value for value in p_values])
    adjusted = holm(p) if adjust == "holm" else benjamini_hochberg(p) if adjust == "bh" else p
    found: list[tuple[float | None, Literal["higher", "lower", "undecided"]]] = []
    for value, estimate in zip(adjusted, estimates, strict=True):
        sure = bool(value < 1 - conf_level)
        found.append((plain(value), ("higher" if (estimate or 0) > 0 else "lower") if sure else "undecided"))
    return found
