"""Whether an adjuster goes with the same change of a score in all units: a score test under the design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.design import design_units
from satmeter.numerics.diagnostics_wald import JointTest
from satmeter.numerics.tails import f_tail

_CHUNK_NUMBERS = 4_000_000
RANK_TOLERANCE = 1e-9
"""Part of a direction's variance, not explained by the common effects, below which it does not count."""


@dataclass(frozen=True, eq=False)
class _Fit:
    """Common effects within units: x (n, k) less the unit's means, w · residual (n,), weights, (XᵀWX)⁻¹, unit (n,)."""

    x: FloatArray
    pull: FloatArray
    weights: FloatArray
    inverse: FloatArray
    unit: IntArray
    m: int


def unit_interactions(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    unit: npt.ArrayLike,
    tested: tuple[int, ...],
    *,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> JointTest:
    """Test that some adjusters have the same coefficients in all units.

    Parameters
    ----------
    x
        shape (n, k), adjusters that are not collinear within units. No missing values.
    y
        shape (n,), the score.
    unit
        shape (n,), 0 … m − 1.
    tested
        Columns of `x`, such as all dummies of one question; the others have common coefficients.
    weights, strata, cluster
        As for `cluster_covariance.robust_regression`. A row of weight 0 belongs to the design and to nothing else.

    Returns
    -------
    JointTest
        df1 is the number of contrasts between units that the data can tell, df2 sampling units − strata − df1 + 1. NaN
        where df2 is below 1 or no contrast can be told.

    Raises
    ------
    NumericsError
        N003 for a stratum of one sampling unit, N008 for bad weights, N009 for missing values, N010 for shapes.

    Notes
    -----
    The regression with common coefficients is fitted; the scores of the products unit × adjuster, less what the common
    effects explain of them, have mean 0 if nothing else is at work. Their total is held against its design-based
    covariance: F = (d − q + 1)/(d q) Uᵀ V⁻¹ U with d = sampling units − strata (Hotelling; the correction of Korn and
    Graubard 1990, American Statistician 44, 270–276). No equal variances are supposed. The score form keeps its level
    with many units where the Wald form does not (docs/methods/case-mix.md).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> unit, x = np.repeat([0, 1, 2], 100), rng.normal(size=(300, 1))
    >>> y = x[:, 0] + rng.normal(size=300)
    >>> same = unit_interactions(x, y, unit, (0,))
    >>> other = unit_interactions(x, y + unit * x[:, 0], unit, (0,))
    >>> (same.df1, same.df2, same.p_value > 0.05), other.p_value < 1e-6
    ((2, 298.0, True), True)
    """
    fit = _fitted(x, y, unit, weights)
    n, places = len(fit.unit), np.array(tested, dtype=np.int64)
    basis, common = _contrasts(fit, places)
    q = basis.shape[1]
    design = design_units(n, strata, cluster)
    d = design.n_units - len(design.units_per_stratum)
    df2 = d - q + 1
    if q == 0 or df2 < 1:
        return JointTest(float("nan"), q, float(df2), float("nan"))
    total = np.zeros(q)
    spread = np.zeros((q, q))
    centre = np.zeros((len(design.units_per_stratum), q))
    _, factor = design.centred(np.empty((n, 0)))
    order = np.argsort(design.unit, kind="stable")
    edges = np.searchsorted(design.unit[order], np.arange(design.n_units + 1))
    step = max(64, _CHUNK_NUMBERS // (fit.m * len(places)))
    for start in range(0, design.n_units, step):
        end = min(start + step, design.n_units)
        rows = order[edges[start] : edges[end]]
        sums = _unit_sums(fit, places, rows, design.unit[rows] - start, end - start, common) @ basis
        total += sums.sum(axis=0)
        spread += (sums * factor[start:end, None]).T @ sums
        np.add.at(centre, design.stratum[start:end], sums)
    size = design.units_per_stratum
    each = np.zeros(len(size))
    each[design.stratum] = factor
    spread -= (centre * (each / size)[:, None]).T @ centre
    f = _hotelling(total, spread, d)
    return JointTest(f, q, float(df2), float(f_tail(f, q, df2)))


def _fitted(x: npt.ArrayLike, y: npt.ArrayLike, unit: npt.ArrayLike, weights: npt.ArrayLike | None) -> _Fit:
    adjusters, score = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    member = np.asarray(unit, dtype=np.int64)
    if adjusters.ndim != 2 or score.shape != adjusters.shape[:1] or member.shape != score.shape:
        got = f"{adjusters.shape}, {score.shape}, {member.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(n, k), (n,), (n,)"}))
    if np.isnan(adjusters).any() or np.isnan(score).any():
        raise NumericsError(Problem("N009"))
    w = np.ones(len(score)) if weights is None else checked_weights(weights, len(score))
    m = int(member.max()) + 1
    both = np.column_stack([adjusters, score])
    total = np.bincount(member, weights=w, minlength=m)
    sums = np.stack([np.bincount(member, weights=w * column, minlength=m) for column in both.T], axis=1)
    both = both - (sums / np.where(total > 0, total, np.inf)[:, None])[member]
    inside, outcome = both[:, :-1], both[:, -1]
    inverse: FloatArray = np.linalg.inv((inside * w[:, None]).T @ inside).astype(np.float64)
    residual = outcome - inside @ (inverse @ (inside.T @ (w * outcome)))
    return _Fit(inside, w * residual, w, inverse, member, m)


def _contrasts(fit: _Fit, places: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return a basis of the contrasts that can be told, (m·a, q), and what the adjusters explain of the products."""
    k, a = fit.x.shape[1], len(places)
    crossed = np.zeros((k, fit.m, a))
    own = np.zeros((fit.m, a, fit.m, a))
    order = np.argsort(fit.unit, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(fit.unit, minlength=fit.m))[:-1]):
        if len(rows) == 0:
            continue
        number = fit.unit[rows[0]]
        weighted = fit.x[rows] * fit.weights[rows, None]
        crossed[:, number, :] = weighted.T @ fit.x[rows][:, places]
        own[number, :, number, :] = crossed[places, number, :]
    flat = crossed.reshape(k, -1)
    common = fit.inverse @ flat
    size = np.diagonal(own.reshape(fit.m * a, -1))
    scale = np.where(size > 0, 1 / np.sqrt(np.where(size > 0, size, 1.0)), 0.0)
    left = (own.reshape(fit.m * a, -1) - flat.T @ common) * scale * scale[:, None]
    values, vectors = np.linalg.eigh((left + left.T) / 2)
    told = values > RANK_TOLERANCE
    return scale[:, None] * vectors[:, told] / np.sqrt(values[told]), common


def _unit_sums(
    fit: _Fit, places: IntArray, rows: IntArray, sampled: IntArray, count: int, common: FloatArray
) -> FloatArray:
    """Sum the scores of the products by sampling unit, shape (count, m·a)."""
    pulled = fit.x[rows] * fit.pull[rows, None]
    sums = np.zeros((count, fit.m, len(places)))
    np.add.at(sums, (sampled, fit.unit[rows]), pulled[:, places])
    shared = np.zeros((count, fit.x.shape[1]))
    np.add.at(shared, sampled, pulled)
    return np.asarray(sums.reshape(count, -1) - shared @ common, dtype=np.float64)


def _hotelling(total: FloatArray, spread: FloatArray, d: int) -> float:
    q = len(total)
    unit = np.sqrt(np.diagonal(spread))
    if not (unit > 0).all() or np.linalg.eigvalsh(spread / unit / unit[:, None])[0] < 1e-10:
        return float("nan")
    return float(total @ np.linalg.solve(spread, total)) * (d - q + 1) / (d * q)
