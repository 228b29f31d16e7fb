"""Whether an adjuster goes with the same change of a score in all units: a score test under the design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.design import DesignUnits, design_units
from satmeter.numerics.diagnostics_wald import JointTest
from satmeter.numerics.replicate_weights import ReplicateSet
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
    replicates: ReplicateSet | None = None,
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
    replicates
        Replicate weights, which then stand in place of strata and clusters.

    Returns
    -------
    JointTest
        df1 is the number of contrasts between units that the data can tell, df2 sampling units − strata − df1 + 1, with
        replicate weights their degrees of freedom in place of units − strata. NaN where df2
        is below 1 or no contrast can be told.

    Raises
    ------
    NumericsError
        N003 for a stratum of one sampling unit, N008 for bad weights, N009 for missing values, N010 for shapes.

    Notes
    -----
    The regression with common coefficients is fitted; the scores of the products unit × adjuster, less what the common
    effects explain of them, have mean 0 if nothing else is at work. Their total is held against its design-based
    covariance: F = (d − q + 1)/(d q) Uᵀ V⁻¹ U with d = sampling units − strata (Hotelling; the correction of Korn and
    Graubard 1990, American Statistician 44, 270–276). No equal variances are supposed. With replicate weights
    V = Σ c (U_b − U)(U_b − U)ᵀ, the scores held at the fit of the sample; of a delete-one jackknife that is the
    linearised V. The score form keeps its level with many units where the Wald form does not
    (docs/methods/case-mix.md).

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
    design = design_units(n, strata, cluster) if replicates is None else None
    d = replicates.df if replicates is not None else 0
    if design is not None:
        d = design.n_units - len(design.units_per_stratum)
    df2 = d - q + 1
    if q == 0 or df2 < 1:
        return JointTest(float("nan"), q, float(df2), float("nan"))
    if replicates is not None:
        f = _hotelling(*_replicated(fit, places, common, basis, replicates), d)
    elif design is not None:
        total, spread = _total_and_spread(fit, places, common, design)
        f = _hotelling(basis.T @ total, basis.T @ spread @ basis, d)
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


def _total_and_spread(
    fit: _Fit, places: IntArray, common: FloatArray, design: DesignUnits
) -> tuple[FloatArray, FloatArray]:
    """Return the total of the scores of the products, (m·a,), and its design-based covariance.

    A sampling unit's score is its part in every unit (own, mostly in one) less what the common effects explain of it
    (shared, by all adjusters): with own and shared kept apart, the cost does not grow with rows × contrasts².
    """
    m, a = fit.m, len(places)
    _, factor = design.centred(np.empty((len(fit.unit), 0)))
    pulled = fit.x * fit.pull[:, None]
    shared = _sums(design.unit, pulled, design.n_units)
    pieces, piece = np.unique(design.unit * m + fit.unit, return_inverse=True)
    own = _sums(piece.ravel(), pulled[:, places], len(pieces))
    sampled, unit = np.divmod(pieces, m)
    crossed = np.zeros((m, a, fit.x.shape[1]))
    order = np.argsort(unit, kind="stable")
    for rows in np.split(order, np.cumsum(np.bincount(unit, minlength=m))[:-1]):
        if len(rows):
            crossed[unit[rows[0]]] = (own[rows] * factor[sampled[rows], None]).T @ shared[sampled[rows]]
    crossing = crossed.reshape(m * a, -1) @ common
    spread = _own_spread(own, sampled, unit, factor, m)
    spread += common.T @ ((shared * factor[:, None]).T @ shared) @ common - crossing - crossing.T
    size = design.units_per_stratum
    centre = np.zeros((len(size), m, a))
    np.add.at(centre, (design.stratum[sampled], unit), own)
    sums = centre.reshape(len(size), -1) - _sums(design.stratum, shared, len(size)) @ common
    each = np.zeros(len(size))
    each[design.stratum] = factor
    return sums.sum(axis=0), spread - (sums * (each / size)[:, None]).T @ sums


def _replicated(
    fit: _Fit, places: IntArray, common: FloatArray, basis: FloatArray, replicates: ReplicateSet
) -> tuple[FloatArray, FloatArray]:
    """Return the total of the contrasts' scores, (q,), and its covariance over replicate weights."""
    pulled = fit.x * fit.pull[:, None]
    scores = -pulled @ (common @ basis)
    by_unit = basis.reshape(fit.m, len(places), -1)
    for number in range(fit.m):
        rows = fit.unit == number
        scores[rows] += pulled[rows][:, places] @ by_unit[number]
    sums = _sums(replicates.unit, scores, replicates.factor.shape[1])
    gap = (replicates.factor - 1) @ sums
    return sums.sum(axis=0), np.asarray((gap * replicates.coefficient[:, None]).T @ gap, dtype=np.float64)


def _own_spread(own: FloatArray, sampled: IntArray, unit: IntArray, factor: FloatArray, m: int) -> FloatArray:
    """Sum factor × own × ownᵀ over sampling units, shape (m·a, m·a); in blocks where each lies in one unit."""
    a = own.shape[1]
    found = np.zeros((m, a, m, a))
    weighted = own * factor[sampled, None]
    if len(np.unique(sampled)) == len(sampled):
        order = np.argsort(unit, kind="stable")
        for rows in np.split(order, np.cumsum(np.bincount(unit, minlength=m))[:-1]):
            if len(rows):
                found[unit[rows[0]], :, unit[rows[0]], :] = weighted[rows].T @ own[rows]
        return found.reshape(m * a, m * a)
    flat = found.reshape(m * a, m * a)
    step = max(64, _CHUNK_NUMBERS // (m * a))
    for start in range(0, int(sampled.max()) + 1, step):
        here = slice(*np.searchsorted(sampled, (start, start + step)))
        both = np.zeros((2, step, m, a))
        both[:, sampled[here] - start, unit[here]] = own[here], weighted[here]
        first, second = both.reshape(2, step, -1)
        flat += first.T @ second
    return flat


def _sums(index: IntArray, rows: FloatArray, size: int) -> FloatArray:
    columns = [np.bincount(index, weights=column, minlength=size) for column in rows.T]
    return np.stack(columns, axis=1).astype(np.float64)


def _hotelling(total: FloatArray, spread: FloatArray, d: int) -> float:
    q = len(total)
    unit = np.sqrt(np.diagonal(spread))
    if not (unit > 0).all() or np.linalg.eigvalsh(spread / unit / unit[:, None])[0] < 1e-10:
        return float("nan")
    return float(total @ np.linalg.solve(spread, total)) * (d - q + 1) / (d * q)
