"""Scores of units adjusted for who their respondents are: one regression within units, for sample and replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, square_stack
from satmeter.numerics.regression import find_dependence, least_squares


@dataclass(frozen=True, eq=False)
class UnitMoments:
    """What the adjustment needs of one unit; the leading axis is sample and replicates.

    Attributes
    ----------
    total
        shape (b,), sum of weights; 0 in a replicate that drew nobody of the unit.
    mean
        shape (b, 1 + k), of the score and the adjusters; NaN where nobody answered.
    within
        shape (b, 1 + k, 1 + k), sums of products of deviations from the unit's means. A missing adjuster deviates by
        nothing, for the unit's mean stands for it.
    """

    total: FloatArray
    mean: FloatArray
    within: FloatArray


@dataclass(frozen=True, eq=False)
class AdjustedUnits:
    """Scores of m units adjusted for k adjusters; the leading axis is sample and replicates.

    Attributes
    ----------
    raw, adjusted
        shape (b, m), NaN in a replicate that drew nobody of the unit.
    b
        shape (b, k), points of the score per unit of the adjuster, within units; NaN for those left out, and for a
        replicate in which adjusters are collinear.
    kept
        The adjusters that vary within units and do not follow from those before them.
    """

    raw: FloatArray
    adjusted: FloatArray
    b: FloatArray
    kept: tuple[int, ...]


def unit_moments(products: npt.ArrayLike, answered: Sequence[int]) -> UnitMoments:
    """Reduce the cross-products of one unit to means and deviations, with missing adjusters at the unit's mean.

    Parameters
    ----------
    products
        shape (b, q, q), weighted sums of products of the columns: ones, the score, k adjusters with 0 where missing,
        then one column for every adjuster that is missing somewhere, 1 where it was answered.
    answered
        shape (k,), the column that says where the adjuster was answered: 0 where it always was.

    Returns
    -------
    UnitMoments

    Raises
    ------
    NumericsError
        N010 for other shapes.

    Examples
    --------
    >>> z = np.array([[1.0, 3.0, 1.0], [1.0, 5.0, 2.0]])
    >>> unit_moments((z.T @ z)[None], [0]).within[0]
    array([[2. , 1. ],
           [1. , 0.5]])
    """
    p = square_stack(products, minimum=2)
    k = len(answered)
    if p.ndim != 3 or p.shape[-1] < 2 + k or any(not 0 <= a < p.shape[-1] for a in answered):
        raise NumericsError(Problem("N010", got=str(p.shape), params={"expected": f"(b, q, q), q >= {2 + k}"}))
    value = list(range(1, 2 + k))
    seen = [0, *answered]
    count = p[:, seen, seen]
    mean = p[:, 0, value] / np.where(count > 0, count, np.nan)
    centre = np.nan_to_num(mean)
    crossed = p[:, value][:, :, seen]  # sum of v_j over the rows in which k was answered
    together = p[:, seen][:, :, seen]
    within = (
        p[:, value][:, :, value]
        - centre[:, :, None] * np.swapaxes(crossed, 1, 2)
        - crossed * centre[:, None, :]
        + centre[:, :, None] * together * centre[:, None, :]
    )
    # rounding leaves dust on a column that is constant in the unit
    place = np.arange(1 + k)
    dust = within[:, place, place] <= 1e-12 * p[:, value, value]
    within[dust[:, :, None] | dust[:, None, :]] = 0.0
    return UnitMoments(p[:, 0, 0], mean, within)


def adjust_units(units: Sequence[UnitMoments]) -> AdjustedUnits:
    """Adjust the scores of units.

    Parameters
    ----------
    units
        m units, at least two, with the same adjusters; none without a score in the sample.

    Returns
    -------
    AdjustedUnits

    Raises
    ------
    NumericsError
        N010 for fewer than two units.

    Notes
    -----
    Weighted least squares of the score on the adjusters and a constant for every unit; adjusted = mean of the unit −
    Σ b (mean of the adjuster in the unit − mean over all respondents). The mean of the adjusted scores, weighted by the
    units' respondents, is that of the raw ones. This is what the CAHPS analysis program does (AHRQ, Instructions for
    Analyzing Data from CAHPS Surveys). A unit in which nobody answered an adjuster is not moved by it.

    Examples
    --------
    >>> x = [np.array([0.0, 1, 1]), np.array([0.0, 0, 1])]
    >>> z = [np.column_stack([np.ones(3), 50 + 10 * a, a]) for a in x]
    >>> found = adjust_units([unit_moments((c.T @ c)[None], [0]) for c in z])
    >>> found.raw.round(3), found.adjusted.round(3), found.b.round(3)
    (array([[56.667, 53.333]]), array([[55., 55.]]), array([[10.]]))
    """
    if len(units) < 2:
        raise NumericsError(Problem("N010", got=str(len(units)), params={"expected": ">= 2"}))
    within = np.sum([unit.within for unit in units], axis=0)
    k = within.shape[-1] - 1
    found = find_dependence(within[0], tuple(range(1, 1 + k)))
    gone = {*found.constant, *(group[-1] for group in found.collinear)}
    kept = tuple(j for j in range(1, 1 + k) if j not in gone)
    total = np.stack([unit.total for unit in units], axis=1)
    mean = np.stack([unit.mean for unit in units], axis=1)
    b = np.full((len(within), k), np.nan)
    if kept and within[0, 0, 0] > 0:
        order = [j - 1 for j in kept]
        b[:, order] = least_squares(within, np.zeros(within.shape[:2]), 0, kept).b
    elif kept:  # everybody of a unit has the same score
        b[:, [j - 1 for j in kept]] = 0.0
    deviation = _deviations(total, mean[:, :, 1:])
    used = [j - 1 for j in kept]
    shift = -(deviation[:, :, used] * b[:, None, used]).sum(axis=2)
    raw = mean[:, :, 0]
    return AdjustedUnits(raw, raw + shift, b, tuple(used))


def _deviations(total: FloatArray, mean: FloatArray) -> FloatArray:
    """Return the units' means of the adjusters less those over all respondents; 0 where a unit has none."""
    known = np.isfinite(mean)
    weight = total[:, :, None] * known
    filled = np.where(known, mean, 0.0)
    overall = (weight * filled).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300)
    return np.where(known, filled - overall[:, None, :], 0.0)
