"""Whether a driver's effect is a straight line: its categories or a natural cubic spline beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.diagnostics_wald import Covariance, JointTest, added_columns_test

_CATEGORIES = 11
_QUANTILES = (0.05, 0.35, 0.65, 0.95)


@dataclass(frozen=True, slots=True)
class LinearityTest:
    """A test that a driver's effect is a straight line.

    Attributes
    ----------
    kind
        "categories" for drivers of few values, "spline" for others, "none" for drivers of two values, whose line fits
        always: F is NaN.
    test
        The joint test of what bends.
    """

    kind: Literal["categories", "spline", "none"]
    test: JointTest


def linearity_test(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    column: int,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    *,
    covariance: Covariance = "robust",
    least: int = 10,
) -> LinearityTest:
    """Test whether one driver's effect bends, the other drivers held in straight lines.

    Parameters
    ----------
    x, y, weights, strata, cluster, covariance
        As for `diagnostics_wald.added_columns_test`.
    column
        The driver, as column number of `x`.
    least
        Rows that a category must have; smaller ones are taken together with their neighbours.

    Returns
    -------
    LinearityTest
        Up to 11 different values: an indicator of every category but the lowest and the highest. More: a natural
        cubic spline with knots at the quantiles 0.05, 0.35, 0.65, 0.95 (Harrell), unweighted.

    Raises
    ------
    NumericsError
        As `added_columns_test`.

    Notes
    -----
    Harrell (2015), Regression Modeling Strategies, 2.4.

    Examples
    --------
    >>> x = np.tile(np.arange(1.0, 6.0), 40)[:, None]
    >>> found = linearity_test(x, (x[:, 0] - 3) ** 2 + np.repeat([0, 1], 100), 0)
    >>> found.kind, found.test.df1, found.test.p_value < 1e-6
    ('categories', 3, True)
    """
    predictors = np.asarray(x, dtype=np.float64)
    n = len(predictors)
    added = _bends(predictors[:, column], checked_weights(weights, n) > 0, least)
    kind: Literal["categories", "spline"] = (
        "categories" if len(np.unique(predictors[:, column])) <= _CATEGORIES else "spline"
    )
    if added.shape[1] == 0:
        nan = float("nan")
        return LinearityTest("none", JointTest(nan, 0, nan, nan))
    test = added_columns_test(predictors, y, added, weights, strata, cluster, covariance=covariance)
    return LinearityTest(kind, test)


def _bends(driver: FloatArray, used: npt.NDArray[np.bool_], least: int) -> FloatArray:
    if len(np.unique(driver)) <= _CATEGORIES:
        return _indicators(driver, used, least)
    return natural_spline(driver, np.unique(np.quantile(driver[used], _QUANTILES)))


def _indicators(driver: FloatArray, used: npt.NDArray[np.bool_], least: int) -> FloatArray:
    """Return indicators of the inner categories; small ones go with the next higher, the last with the one before."""
    values, counts = np.unique(driver[used], return_counts=True)
    ends: list[float] = []
    inside = 0
    for value, count in zip(values, counts, strict=True):
        inside += int(count)
        if inside >= least:
            ends.append(float(value))
            inside = 0
    if inside and ends:
        ends[-1] = float(values[-1])
    # category g holds values above the end of g − 1
    category = np.searchsorted(ends, driver, side="left")
    inner = np.arange(1, max(len(ends) - 1, 1))
    return np.asarray(category[:, None] == inner, dtype=np.float64)


def natural_spline(values: npt.ArrayLike, knots: npt.ArrayLike) -> FloatArray:
    """Return the columns that a natural cubic spline adds to a straight line.

    Parameters
    ----------
    values
        shape (n,).
    knots
        shape (K,), ascending; beyond the first and the last the spline is straight.

    Returns
    -------
    array, shape (n, K − 2)
        None for fewer than three knots. In units of the values.

    Notes
    -----
    Stone and Koo (1985), in the form of Harrell's ``rcspline.eval``.

    Examples
    --------
    >>> natural_spline([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0]).round(3)[:, 0]
    array([0.  , 0.25, 1.5 , 3.  ])
    """
    x, t = np.asarray(values, dtype=np.float64), np.asarray(knots, dtype=np.float64)
    if len(t) < 3:
        return np.empty((len(x), 0))

    def cube(knot: float) -> FloatArray:
        return np.asarray(np.maximum(x - knot, 0.0) ** 3, dtype=np.float64)

    last, before = t[-1], t[-2]
    columns = [
        cube(k) - cube(before) * (last - k) / (last - before) + cube(last) * (before - k) / (last - before)
        for k in t[:-2]
    ]
    return np.asarray(np.stack(columns, axis=1) / (last - t[0]) ** 2, dtype=np.float64)
