"""Moderation: centred products, simple slopes, and the values of the moderator at which a slope is sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, check_conf_level, checked_weights
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.tails import t_quantile, t_tail

Where = Literal["everywhere", "nowhere", "outside", "between"]


@dataclass(frozen=True, slots=True)
class CentredProduct:
    """A driver, a moderator and their product, all made from columns with mean 0.

    Attributes
    ----------
    columns
        shape (n, 3): driver, moderator, product. The product itself is not centred.
    centre
        shape (2,), what was taken off driver and moderator.
    spread
        shape (2,), their standard deviations.
    """

    columns: FloatArray
    centre: FloatArray
    spread: FloatArray


@dataclass(frozen=True, slots=True)
class SimpleSlopes:
    """The driver's effect at values of the moderator.

    Attributes
    ----------
    at
        shape (L,), values of the moderator on the scale of the product.
    slope, std_error, t, p_value, conf_low, conf_high
        shape (L,).
    """

    at: FloatArray
    slope: FloatArray
    std_error: FloatArray
    t: FloatArray
    p_value: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray


@dataclass(frozen=True, slots=True)
class SignificanceRegion:
    """Values of the moderator at which the slope differs from 0.

    Attributes
    ----------
    where
        "outside" or "between" the two bounds, "everywhere" or "nowhere".
    low, high
        Bounds; NaN where there are none. They may lie beyond the values that occur.
    """

    where: Where
    low: float
    high: float


def centred_product(
    driver: npt.ArrayLike, moderator: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> CentredProduct:
    """Centre two columns at their weighted means and multiply them.

    Parameters
    ----------
    driver, moderator
        shape (n,), without missing values.
    weights
        shape (n,), probability weights on any scale; None means equal.

    Returns
    -------
    CentredProduct
        The centres are those of the sample and stay in every replicate.

    Raises
    ------
    NumericsError
        N008 for bad weights, N009 for missing values, N010 for other shapes.

    Examples
    --------
    >>> centred_product([1.0, 3.0], [2.0, 6.0]).columns
    array([[-1., -2.,  2.],
           [ 1.,  2.,  2.]])
    """
    both = np.stack([np.asarray(c, dtype=np.float64) for c in (driver, moderator)], axis=-1)
    if both.ndim != 2:
        raise NumericsError(Problem("N010", got=str(both.shape[:-1]), params={"expected": "(n,)"}))
    if np.isnan(both).any():
        raise NumericsError(Problem("N009"))
    n = len(both)
    w = checked_weights(weights, n)
    w = w * (n / w.sum())
    centre = w @ both / n
    gap = both - centre
    spread = np.sqrt(w @ gap**2 / max(n - 1, 1))
    return CentredProduct(np.column_stack([gap, gap[:, 0] * gap[:, 1]]), centre, spread)


def simple_slopes(
    b: npt.ArrayLike, covariance: npt.ArrayLike, at: npt.ArrayLike, df: float, conf_level: float = 0.95
) -> SimpleSlopes:
    """Return the driver's slope at values of the moderator.

    Parameters
    ----------
    b
        shape (2,), coefficients of driver and product.
    covariance
        shape (2, 2), of these two: HC3, design-based, or that of replicates.
    at
        shape (L,), values of the moderator on the scale of the product (0 is the mean if centred).
    df
        Degrees of freedom; may be infinite.
    conf_level
        Level of the intervals.

    Returns
    -------
    SimpleSlopes

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    b₁ + b₃w with variance v₁₁ + 2w v₁₃ + w² v₃₃: Aiken and West (1991), Multiple Regression, 2.

    Examples
    --------
    >>> found = simple_slopes([0.5, 0.2], [[0.04, 0.0], [0.0, 0.01]], [-1, 0, 1], 100)
    >>> found.slope, found.std_error.round(3)
    (array([0.3, 0.5, 0.7]), array([0.224, 0.2  , 0.224]))
    """
    coefficient, spread = np.asarray(b, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    w = np.atleast_1d(np.asarray(at, dtype=np.float64))
    slope = coefficient[0] + coefficient[1] * w
    error = np.sqrt(np.maximum(spread[0, 0] + 2 * w * spread[0, 1] + w**2 * spread[1, 1], 0.0))
    t = slope / np.where(error > 0, error, np.nan)
    low, high = t_interval(slope, error, df, conf_level)
    return SimpleSlopes(w, slope, error, t, t_tail(t, df), low, high)


def significance_region(
    b: npt.ArrayLike, covariance: npt.ArrayLike, df: float, conf_level: float = 0.95
) -> SignificanceRegion:
    """Return the values of the moderator at which the driver's slope differs from 0 (Johnson–Neyman).

    Parameters
    ----------
    b, covariance, df, conf_level
        As for `simple_slopes`.

    Returns
    -------
    SignificanceRegion
        Of pointwise tests: each value taken alone.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    Roots of (b₁ + b₃w)² = t² (v₁₁ + 2w v₁₃ + w² v₃₃): Johnson and Neyman (1936); Bauer and Curran (2005), Multivariate
    Behavioral Research 40, 373–400.

    Examples
    --------
    >>> found = significance_region([0.5, 0.2], [[0.04, 0.0], [0.0, 0.01]], 100)
    >>> found.where, round(found.low, 3), round(found.high, 3)
    ('outside', -312.736, -0.463)
    """
    b1, b3 = np.asarray(b, dtype=np.float64)
    v = np.asarray(covariance, dtype=np.float64)
    t2 = float(t_quantile((1 + check_conf_level(conf_level)) / 2, df)) ** 2
    square, linear, constant = b3**2 - t2 * v[1, 1], b1 * b3 - t2 * v[0, 1], b1**2 - t2 * v[0, 0]
    inside = linear**2 - square * constant
    if inside <= 0 or square == 0:
        sure = constant > 0 if square == 0 else square > 0
        return SignificanceRegion("everywhere" if sure else "nowhere", float("nan"), float("nan"))
    ends = sorted((-linear + sign * np.sqrt(inside)) / square for sign in (-1, 1))
    return SignificanceRegion("outside" if square > 0 else "between", float(ends[0]), float(ends[1]))
