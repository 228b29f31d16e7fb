"""What respondents are matched on when one item is compared between groups: the true score behind its companions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray, checked_weights
from satmeter.numerics.reliability import alpha


@dataclass(frozen=True, slots=True)
class Matching:
    """Matching variables of p items.

    Attributes
    ----------
    score
        shape (n, p); NaN where the reliability is not above 0.
    rest
        shape (n, p), mean of the anchors without the item itself.
    pull
        shape (n, p), (1 − ρ) (X − μ_g): what every respondent adds to the level of the own group in `score`.
    reliability
        shape (p,), alpha within groups of those of them that vary.
    """

    score: FloatArray
    rest: FloatArray
    pull: FloatArray
    reliability: FloatArray


def rest_matching(
    values: npt.ArrayLike,
    group: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    anchors: npt.ArrayLike | None = None,
) -> Matching:
    """Estimate every respondent's true score on the other items of a scale.

    Parameters
    ----------
    values
        shape (n, p), ratings without NaN, one scale of points for all items.
    group
        shape (n,), codes 0 … G − 1.
    weights
        shape (n,); None means equal.
    anchors
        shape (p,), items that may be matched on; all by default. An item is never matched on itself; at least two
        others are needed.

    Returns
    -------
    Matching

    Raises
    ------
    NumericsError
        N065 where an item has fewer than two other anchors, N008 for bad weights, N010 for other lengths.

    Notes
    -----
    The rest score X is drawn towards the mean of the respondent's group, μ_g + ρ (X − μ_g), ρ the reliability within
    groups (Kelley 1947, Fundamentals of Statistics). Two respondents of equal X from groups of unequal means do not
    have the same true score; matched on X itself, items without differential functioning are found to have it (the
    regression correction of Shealy and Stout 1993, Psychometrika 58, 159–194).

    Examples
    --------
    >>> found = rest_matching([[1, 2, 2], [3, 3, 4], [2, 2, 3], [5, 4, 4]], [0, 0, 1, 1])
    >>> found.reliability.round(3), found.score[:, 0].round(3)
    (array([0.889, 0.875, 0.941]), array([2.083, 3.417, 2.583, 3.917]))
    """
    table = np.asarray(values, dtype=np.float64)
    member = np.asarray(group, dtype=np.int64)
    n, p = table.shape
    if member.shape != (n,):
        raise NumericsError(Problem("N010", got=str(member.shape), params={"expected": f"({n},)"}))
    w = checked_weights(weights, n)
    usable = np.ones(p, dtype=np.bool_) if anchors is None else np.asarray(anchors, dtype=np.bool_)
    others = usable[None, :] & ~np.eye(p, dtype=np.bool_)
    if others.sum(axis=1).min() < 2:
        raise NumericsError(Problem("N065", got=str(int(others.sum(axis=1).min()))))
    means = _group_means(table, member, w)
    within = table - means[member]
    cov = (within * w[:, None]).T @ within / w.sum()
    reliability = np.array([_alpha(cov, row) for row in others])
    share = others / others.sum(axis=1, keepdims=True)
    rest, centre = table @ share.T, means @ share.T
    known = np.where(reliability > 0, reliability, np.nan)
    apart = rest - centre[member]
    return Matching(centre[member] + known * apart, rest, (1 - known) * apart, reliability)


def _group_means(table: FloatArray, member: IntArray, w: FloatArray) -> FloatArray:
    sums = np.stack([np.bincount(member, weights=w * column) for column in table.T], axis=1)
    total = np.bincount(member, weights=w)[:, None]
    return np.asarray(sums / np.where(total > 0, total, np.nan), dtype=np.float64)


def _alpha(cov: FloatArray, chosen: BoolArray) -> float:
    """Return alpha of the chosen items that vary; NaN where fewer than two do."""
    varied = chosen & (np.diagonal(cov) > 1e-12 * np.diagonal(cov).max())
    return float(alpha(cov[np.ix_(varied, varied)])) if varied.sum() > 1 else float("nan")
