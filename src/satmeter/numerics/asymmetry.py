"""Asymmetric effects: what goes along with a low rating and with a high one (penalty–reward contrasts)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, check_conf_level, checked_weights
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.regression import hc3_covariance
from satmeter.numerics.tails import t_quantile

Factor = Literal["basic", "performance", "excitement", "undecided"]

TWICE = 1 / 3
"""Asymmetry at which one side of a driver's effect is twice the other."""


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Asymmetry index of drivers, −1 (penalty only) to 1 (reward only), with the factor that it hints at.

    Attributes
    ----------
    index
        shape (k,): (reward + penalty) / (reward − penalty).
    conf_low, conf_high
        shape (k,). NaN where the whole effect, reward − penalty, is not surely above zero: every index is possible
        then.
    factor
        `basic`: the penalty is surely more than twice the reward; `excitement`: the reward surely more than twice the
        penalty; `performance`: surely neither; `undecided`: the interval holds more than one of these.
    """

    index: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    factor: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class PenaltyReward:
    """Penalty–reward contrasts of one regression.

    Attributes
    ----------
    intercept
        Outcome where all drivers are in their middle.
    penalty, reward
        shape (k,): difference of the outcome between a low, or high, rating and one in the middle, the other drivers
        equal. A penalty is negative as a rule.
    penalty_se, reward_se
        shape (k,), from `covariance`.
    penalty_low, penalty_high, reward_low, reward_high
        shape (k,), t intervals.
    covariance
        shape (k, 2, 2) of penalty and reward.
    asymmetry
        The index of every driver and what it hints at.
    df
        Degrees of freedom, n − 2k − 1.
    """

    intercept: float
    penalty: FloatArray
    reward: FloatArray
    penalty_se: FloatArray
    reward_se: FloatArray
    penalty_low: FloatArray
    penalty_high: FloatArray
    reward_low: FloatArray
    reward_high: FloatArray
    covariance: FloatArray
    asymmetry: Asymmetry
    df: int


def contrast_columns(x: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> FloatArray:
    """Return two dummies a driver: rated low, rated high.

    Parameters
    ----------
    x
        shape (n, k), ratings or scores; costs turned round, so that higher is better. NaN where missing.
    low, high
        Ratings of at most `low` are low, of at least `high` high; one number or one a driver. What lies between is the
        middle.

    Returns
    -------
    array, shape (n, 2k)
        Low of driver 0, high of driver 0, low of driver 1 …; NaN where the rating is missing. For replicates reduce
        them to moments together with the outcome.

    Raises
    ------
    NumericsError
        N010 for shapes that do not agree or `low` not below `high`; N083 naming every driver for which nobody is low,
        in the middle or high.

    Examples
    --------
    >>> contrast_columns([[1.0], [3.0], [5.0]], 2, 4).tolist()
    [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    """
    values = np.asarray(x, dtype=np.float64)
    if values.ndim != 2:
        raise NumericsError(Problem("N010", got=str(values.shape), params={"expected": "(n, k)"}))
    k = values.shape[1]
    ends = [np.asarray(end, dtype=np.float64) for end in (low, high)]
    if any(end.shape not in ((), (k,)) for end in ends) or not (ends[0] < ends[1]).all():
        raise NumericsError(Problem("N010", got=f"{ends[0]}, {ends[1]}", params={"expected": "low < high, (k,)"}))
    below, above = values <= ends[0], values >= ends[1]
    middle = (values > ends[0]) & (values < ends[1])
    empty = [
        Problem("N083", got=str(j), params={"column": j, "part": part})
        for j in range(k)
        for part, held in (("low", below), ("middle", middle), ("high", above))
        if not held[:, j].any()
    ]
    if empty:
        raise NumericsError(empty)
    dummies = np.stack([below, above], axis=2).astype(np.float64)
    dummies[np.isnan(values)] = np.nan
    return dummies.reshape(len(values), 2 * k)


def penalty_reward(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    conf_level: float = 0.95,
) -> PenaltyReward:
    """Regress an outcome on low and high ratings of every driver, all at once.

    Parameters
    ----------
    x
        shape (n, k), ratings or scores of the drivers, complete.
    y
        shape (n,), the outcome, complete.
    low, high
        As for `contrast_columns`.
    weights
        shape (n,), probability weights; None means equal.
    conf_level
        Level of the intervals, in (0, 1).

    Returns
    -------
    PenaltyReward
        Standard errors HC3. With strata or clusters take the dummies of `contrast_columns` into replicates instead, and
        the index from `asymmetry_index`.

    Raises
    ------
    NumericsError
        N002, N006, N008, N009 as ``hc3_covariance``; N005 for dummies that are combinations of others; N010, N083 as
        `contrast_columns`.

    Notes
    -----
    Brandt (1987); Mikulić and Prebežac (2008), Managing Service Quality 18, 559–576, for the index.

    Examples
    --------
    >>> import numpy as np
    >>> rating = np.tile([1.0, 3.0, 5.0], 40)
    >>> found = penalty_reward(rating[:, None], np.tile([20.0, 50.0, 60.0], 40) + np.repeat([-1.0, 1.0], 60), 2, 4)
    >>> found.penalty.round(6).tolist(), found.reward.round(6).tolist(), found.asymmetry.factor
    ([-30.0], [10.0], ('basic',))
    """
    level = check_conf_level(conf_level)
    dummies, outcome = contrast_columns(x, low, high), np.asarray(y, dtype=np.float64)
    spread = hc3_covariance(dummies, outcome, weights)
    n, terms = dummies.shape
    root = np.sqrt(checked_weights(weights, n))
    design = np.column_stack([np.ones(n), dummies]) * root[:, None]
    b = np.linalg.lstsq(design, outcome * root, rcond=None)[0]
    df = n - terms - 1
    at = np.arange(1, terms + 1).reshape(-1, 2)
    covariance = spread[at[:, :, None], at[:, None, :]]
    se = np.sqrt(np.einsum("kii->ki", covariance))
    ends_low, ends_high = t_interval(b[at], se, df, level)
    return PenaltyReward(
        float(b[0]),
        b[at[:, 0]],
        b[at[:, 1]],
        se[:, 0],
        se[:, 1],
        ends_low[:, 0],
        ends_high[:, 0],
        ends_low[:, 1],
        ends_high[:, 1],
        covariance,
        asymmetry_index(b[at[:, 0]], b[at[:, 1]], covariance, df, level),
        df,
    )


def asymmetry_index(
    penalty: npt.ArrayLike,
    reward: npt.ArrayLike,
    covariance: npt.ArrayLike,
    df: float,
    conf_level: float = 0.95,
    *,
    cut: float = TWICE,
) -> Asymmetry:
    """Return the asymmetry of penalties and rewards, and the kind of factor that it hints at.

    Parameters
    ----------
    penalty, reward
        shape (k,), as in `PenaltyReward`.
    covariance
        shape (k, 2, 2) of penalty and reward of every driver, by HC3 or from replicates.
    df
        Degrees of freedom of the covariance.
    conf_level
        Level of the intervals, in (0, 1).
    cut
        Asymmetry at which a driver counts as one-sided; 1/3 where one side is twice the other.

    Returns
    -------
    Asymmetry
        The interval is Fieller's. The factor is a hint: it is given only when the interval lies wholly on one side
        of the cuts.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1); N010 for a covariance of another shape.

    Notes
    -----
    Mikulić and Prebežac (2008): a share of the penalty in the whole effect less that of the reward, here reward less
    penalty. Fieller (1954), JRSS B 16, 175–185: the values c for which (reward + penalty) − c·(reward − penalty) is not
    significantly different from zero.

    Examples
    --------
    >>> found = asymmetry_index([-30.0], [10.0], [[[4.0, 0.0], [0.0, 4.0]]], 100)
    >>> found.index.tolist(), found.conf_low.round(3).tolist(), found.conf_high.round(3).tolist(), found.factor
    ([-0.5], [-0.669], [-0.351], ('basic',))
    """
    level = check_conf_level(conf_level)
    p, r = (np.atleast_1d(np.asarray(side, dtype=np.float64)) for side in (penalty, reward))
    spread = np.asarray(covariance, dtype=np.float64)
    if spread.shape != (len(p), 2, 2) or p.shape != r.shape:
        raise NumericsError(Problem("N010", got=str(spread.shape), params={"expected": "(k, 2, 2)"}))
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]])
    spread = turn @ spread @ turn.T
    top, bottom = r + p, r - p
    square = t_quantile((1 + level) / 2, df) ** 2
    # the roots of a·c² − 2·b·c + d
    a = bottom**2 - square * spread[:, 1, 1]
    b = top * bottom - square * spread[:, 0, 1]
    d = top**2 - square * spread[:, 0, 0]
    sure = (a > 0) & (bottom > 0)
    divisor = np.where(sure, a, np.nan)
    reach = np.sqrt(np.maximum(b**2 - a * d, 0.0)) / divisor
    index = top / np.where(bottom != 0, bottom, np.nan)
    low, high = b / divisor - reach, b / divisor + reach
    factors = tuple(_factor(float(lo), float(hi), cut) for lo, hi in zip(low, high, strict=True))
    return Asymmetry(index, low, high, factors)


def _factor(low: float, high: float, cut: float) -> Factor:
    if high < -cut:
        return "basic"
    if low > cut:
        return "excitement"
    if low > -cut and high < cut:
        return "performance"
    return "undecided"
