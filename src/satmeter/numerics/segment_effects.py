"""Drivers whose effects differ between segments: one regression with a slope for every driver and segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.cluster_covariance import RobustRegression, robust_regression
from satmeter.numerics.diagnostics_wald import JointTest, wald_test
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.multiplicity import holm
from satmeter.numerics.regression import find_dependence


@dataclass(frozen=True, slots=True)
class SegmentEffects:
    """Effects of k drivers in G segments.

    Attributes
    ----------
    segments
        shape (G,), codes of the segments, ascending.
    n
        shape (G,), rows.
    b, std_error, conf_low, conf_high
        shape (G, k), points of the outcome per point of the driver in each segment.
    intercept
        shape (G,).
    df
        Degrees of freedom of the intervals and tests.
    tests
        k joint tests that a driver's effect is the same in all segments.
    p_holm
        shape (k,), their p-values adjusted for k tests; NaN where a test cannot be had.
    overall
        Test that no driver's effect differs.
    """

    segments: IntArray
    n: IntArray
    b: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    intercept: FloatArray
    df: int
    tests: tuple[JointTest, ...]
    p_holm: FloatArray
    overall: JointTest


def segment_effects(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    segment: npt.ArrayLike,
    controls: npt.ArrayLike | None = None,
    *,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
) -> SegmentEffects:
    """Estimate the effects of drivers in every segment and test whether they differ.

    Parameters
    ----------
    x
        shape (n, k), drivers, complete.
    y
        shape (n,), complete.
    segment
        shape (n,), integer code of every row's segment.
    controls
        shape (n, c), further predictors, with the same effect in all segments.
    weights, strata, cluster
        As for `cluster_covariance.robust_regression`: HC3 without them, design-based with any, so that segments which
        share clusters are compared rightly.
    conf_level
        Level of the intervals.

    Returns
    -------
    SegmentEffects

    Raises
    ------
    NumericsError
        N093 for segments of fewer than k + 2 rows, N094 for fewer than two segments, N096 for drivers that are constant
        or collinear within a segment; otherwise as `robust_regression`.

    Notes
    -----
    The regression of all drivers times indicators of the segments, written with each segment's own slopes. The tests
    are Wald tests of equal slopes; adjustment: Holm (1979), Scandinavian Journal of Statistics 6, 65–70.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> segment, x = np.repeat([0, 1], 200), rng.standard_normal((400, 2))
    >>> y = x[:, 0] * (1 + segment) + x[:, 1] + rng.standard_normal(400)
    >>> found = segment_effects(x, y, segment)
    >>> found.b.round(1), found.p_holm < 0.05
    (array([[1. , 1. ],
           [1.8, 1. ]]), array([ True, False]))
    """
    drivers = np.asarray(x, dtype=np.float64)
    n, k = drivers.shape
    codes, member = np.unique(np.asarray(segment), return_inverse=True)
    _check_segments(drivers, codes, member, checked_weights(weights, n))
    inside = np.asarray(member[:, None] == np.arange(len(codes)), dtype=np.float64)
    slopes = (inside[:, :, None] * drivers[:, None, :]).reshape(n, -1)
    others = np.empty((n, 0)) if controls is None else np.asarray(controls, dtype=np.float64)
    fit = robust_regression(np.column_stack([inside[:, 1:], slopes, others]), y, weights, strata, cluster)
    first = len(codes)
    place = first + np.arange(len(codes) * k).reshape(len(codes), k)
    b = fit.b[place]
    error = np.sqrt(np.diagonal(fit.covariance)[place])
    low, high = t_interval(b, error, fit.df, conf_level)
    tests = tuple(_equal_slopes(fit, place[:, [j]]) for j in range(k))
    return SegmentEffects(
        segments=codes.astype(np.int64),
        n=np.bincount(member),
        b=b,
        std_error=error,
        conf_low=low,
        conf_high=high,
        intercept=fit.b[0] + np.append(0.0, fit.b[1:first]),
        df=fit.df,
        tests=tests,
        p_holm=holm([test.p_value for test in tests]),
        overall=_equal_slopes(fit, place),
    )


def _equal_slopes(fit: RobustRegression, place: IntArray) -> JointTest:
    """Test that the coefficients standing in one column of `place` (G, columns) are equal."""
    ahead, base = place[1:].ravel(), np.broadcast_to(place[0], place[1:].shape).ravel()
    v = fit.covariance
    spread = v[np.ix_(ahead, ahead)] - v[np.ix_(ahead, base)] - v[np.ix_(base, ahead)] + v[np.ix_(base, base)]
    return wald_test(fit.b[ahead] - fit.b[base], spread, fit.df)


def _check_segments(drivers: FloatArray, codes: npt.NDArray[np.generic], member: IntArray, w: FloatArray) -> None:
    k = drivers.shape[1]
    if len(codes) < 2:
        raise NumericsError(Problem("N094", got=str(len(codes))))
    count = np.bincount(member, weights=w > 0)
    small = np.flatnonzero(count < k + 2)
    if len(small):
        named = _listed(codes[small])
        raise NumericsError(Problem("N093", got=named, params={"segments": named, "minimum": k + 2}))
    problems = []
    for g, code in enumerate(codes):
        rows = (member == g) & (w > 0)
        found = find_dependence(np.cov(drivers[rows].T).reshape(k, k), tuple(range(k)))
        columns = sorted({*found.constant, *(j for those in found.collinear for j in those)})
        if columns:
            params = {"segment": str(code), "columns": _listed(columns)}
            problems.append(Problem("N096", got=_listed(columns), params=params))
    if problems:
        raise NumericsError(problems)


def _listed(values: Sequence[object] | npt.NDArray[np.generic]) -> str:
    return ", ".join(str(value) for value in values)
