"""Internal consistency from covariance matrices: alpha, alpha without an item, item-rest correlations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import TOLERANCE, FloatArray, check_conf_level, correlation_from, square_stack
from satmeter.numerics.tails import f_quantile


def _divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide; NaN where the denominator is not above 0."""
    return np.asarray(numerator / np.where(denominator > 0, denominator, np.nan), dtype=np.float64)[()]


def _sum_variance(total: FloatArray, trace: FloatArray) -> FloatArray:
    """Return the variance of a sum of items; 0 where it is rounding dust beside the items' own variances."""
    return np.where(total > TOLERANCE * trace, total, 0.0)


def _traces(stack: FloatArray) -> FloatArray:
    return np.asarray(np.trace(stack, axis1=-2, axis2=-1), dtype=np.float64)


def _any_constant(stack: FloatArray) -> npt.NDArray[np.bool_]:
    return np.asarray((np.diagonal(stack, axis1=-2, axis2=-1) <= 0).any(axis=-1))


def alpha(cov: npt.ArrayLike) -> FloatArray:
    """Estimate internal consistency by Cronbach's alpha.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance of the p items of one construct, reversed items reversed. The divisor
        does not matter. Weights and missing values have been dealt with where the moments were made.

    Returns
    -------
    array, shape (...)
        Not clipped: it can be negative. NaN where an item is constant (its covariances say nothing, and
        counting it would lower alpha in silence) or where the sum of the items is (its variance less than 1e-10 of
        the sum of theirs).

    Raises
    ------
    NumericsError
        N001 for one item: one item has no internal consistency.

    Notes
    -----
    α = p/(p−1) · (1 − tr S / 1ᵀS1), Cronbach (1951), Psychometrika 16, 297–334.

    Examples
    --------
    >>> round(float(alpha([[1.0, 0.5], [0.5, 1.0]])), 4)
    0.6667
    """
    stack = square_stack(cov, minimum=2)
    p = stack.shape[-1]
    trace = _traces(stack)
    value = p / (p - 1) * (1 - _divide(trace, _sum_variance(stack.sum(axis=(-2, -1)), trace)))
    return np.where(_any_constant(stack), np.nan, value)[()]


def alpha_standardised(cov: npt.ArrayLike) -> FloatArray:
    """Estimate Cronbach's alpha of the standardised items.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance or correlation of the items.

    Returns
    -------
    array, shape (...)
        NaN where an item is constant. For two items it is the Spearman–Brown coefficient 2r/(1 + r).

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    Alpha of the correlation matrix: p r̄ / (1 + (p − 1) r̄) with r̄ the mean correlation.

    Examples
    --------
    >>> round(float(alpha_standardised([[100.0, 5.0], [5.0, 1.0]])), 4)
    0.6667
    """
    return alpha(correlation_from(square_stack(cov, minimum=2)))


def item_rest_correlation(cov: npt.ArrayLike) -> FloatArray:
    """Correlate every item with the sum of the other items.

    Parameters
    ----------
    cov
        shape (..., p, p).

    Returns
    -------
    array, shape (..., p)
        Psych calls it r.drop, SPSS corrected item-total correlation. NaN for a constant item or a constant
        rest.

    Raises
    ------
    NumericsError
        N001 for one item.

    Examples
    --------
    >>> item_rest_correlation([[1.0, 0.5], [0.5, 1.0]])
    array([0.5, 0.5])
    """
    stack = square_stack(cov, minimum=2)
    variance = np.diagonal(stack, axis1=-2, axis2=-1)
    with_all = stack.sum(axis=-1)
    with_rest = with_all - variance
    rest_trace = _traces(stack)[..., None] - variance
    rest_variance = _sum_variance(stack.sum(axis=(-2, -1))[..., None] - 2 * with_all + variance, rest_trace)
    product = np.where((variance > 0) & (rest_variance > 0), variance * rest_variance, 0.0)
    return _divide(with_rest, np.sqrt(product))


def alpha_if_dropped(cov: npt.ArrayLike) -> FloatArray:
    """Estimate Cronbach's alpha of the construct without each item in turn.

    Parameters
    ----------
    cov
        shape (..., p, p).

    Returns
    -------
    array, shape (..., p)
        NaN for two items (one would be left) and where one of the items that are left is constant.

    Raises
    ------
    NumericsError
        N001 for one item.

    Examples
    --------
    >>> alpha_if_dropped([[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]).round(4)
    array([0.    , 0.    , 0.6667])
    """
    stack = square_stack(cov, minimum=2)
    p = stack.shape[-1]
    variance = np.diagonal(stack, axis1=-2, axis2=-1)
    if p == 2:
        return np.full(variance.shape, np.nan)
    sum_left = stack.sum(axis=(-2, -1))[..., None] - 2 * stack.sum(axis=-1) + variance
    trace_left = _traces(stack)[..., None] - variance
    value = (p - 1) / (p - 2) * (1 - _divide(trace_left, _sum_variance(sum_left, trace_left)))
    constant = variance <= 0
    others_constant = constant.sum(axis=-1)[..., None] - constant
    return np.where(others_constant > 0, np.nan, value)


def feldt_interval(
    alpha: npt.ArrayLike, n: float, n_items: int, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return Feldt's interval for Cronbach's alpha.

    Parameters
    ----------
    alpha
        Any shape.
    n
        Respondents who answered all the items. The formula is for unweighted simple random samples; with
        weights the effective sample size is a rough stand-in and the bootstrap interval is to be preferred.
    n_items
        Number of items.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape of `alpha`
        NaN where n is not above 1.

    Raises
    ------
    NumericsError
        N001 for one item, N002 for a level outside (0, 1).

    Notes
    -----
    1 − (1 − α̂)·F quantiles with n − 1 and (n − 1)(p − 1) degrees of freedom: Feldt, Woodruff and Salih
    (1987), Applied Psychological Measurement 11, 93–103. Exact for normal items with equal true scores
    (compound symmetry); too narrow for heavy-tailed items.

    Examples
    --------
    >>> low, high = feldt_interval(0.71445, 250, 5)
    >>> round(float(low), 4), round(float(high), 4)
    (0.6544, 0.7668)
    """
    tail = (1 - check_conf_level(conf_level)) / 2
    square_stack(np.empty((n_items, n_items)), minimum=2)
    value = np.asarray(alpha, dtype=np.float64)
    if n <= 1:
        return np.full_like(value, np.nan), np.full_like(value, np.nan)
    df1, df2 = n - 1, (n - 1) * (n_items - 1)
    low = 1 - (1 - value) * f_quantile(1 - tail, df1, df2)
    high = 1 - (1 - value) * f_quantile(tail, df1, df2)
    return low, high
