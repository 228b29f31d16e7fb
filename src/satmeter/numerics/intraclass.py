"""Intraclass correlations of repeated scores, from their means and covariances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, check_conf_level, square_stack
from satmeter.numerics.tails import f_quantile


@dataclass(frozen=True, slots=True)
class Intraclass:
    """Six intraclass correlations, all of shape (...); NaN where the scores do not vary.

    Attributes
    ----------
    one_way
        ICC(1): one-way, a single score.
    agreement
        ICC(A,1): two-way, absolute agreement, a single score; a shift between the occasions counts against it.
    consistency
        ICC(C,1): two-way, consistency, a single score; a shift does not count.
    one_way_mean, agreement_mean, consistency_mean
        The same of the mean over the occasions: ICC(k), ICC(A,k), ICC(C,k).
    """

    one_way: FloatArray
    agreement: FloatArray
    consistency: FloatArray
    one_way_mean: FloatArray
    agreement_mean: FloatArray
    consistency_mean: FloatArray


@dataclass(frozen=True, slots=True)
class _MeanSquares:
    rows: FloatArray
    columns: FloatArray
    error: FloatArray
    within: FloatArray


def intraclass(mean: npt.ArrayLike, cov: npt.ArrayLike, n: float) -> Intraclass:
    """Estimate intraclass correlations.

    Parameters
    ----------
    mean
        shape (..., k), means of the k occasions (or raters).
    cov
        shape (..., k, k), their covariance with divisor n − 1, over the persons who have all k scores. Weights have
        been dealt with where the moments were made.
    n
        Number of those persons.

    Returns
    -------
    Intraclass

    Raises
    ------
    NumericsError
        N001 for one occasion, N058 for fewer than two persons, N010 where means and covariances do not fit.

    Notes
    -----
    Mean squares of the two-way analysis of variance follow from the moments: persons 1ᵀS1/k, error
    (tr S − 1ᵀS1/k)/(k − 1), occasions n·variance of the means. McGraw and Wong (1996), Psychological Methods 1, 30–46;
    Shrout and Fleiss (1979), Psychological Bulletin 86, 420–428, whose ICC(2,1) and ICC(3,1) are ICC(A,1) and ICC(C,1).

    Examples
    --------
    >>> found = intraclass([3.0, 4.0], [[1.0, 0.8], [0.8, 1.0]], 50)
    >>> round(float(found.agreement), 4), round(float(found.consistency), 4)
    (0.5348, 0.8)
    """
    square = _mean_squares(mean, cov, n)
    k = np.asarray(mean).shape[-1]
    rows, columns, error, within = square.rows, square.columns, square.error, square.within
    shift = k * (columns - error) / n
    return Intraclass(
        one_way=_divide(rows - within, rows + (k - 1) * within),
        agreement=_divide(rows - error, rows + (k - 1) * error + shift),
        consistency=_divide(rows - error, rows + (k - 1) * error),
        one_way_mean=_divide(rows - within, rows),
        agreement_mean=_divide(rows - error, rows + shift / k),
        consistency_mean=_divide(rows - error, rows),
    )


def agreement_interval(
    mean: npt.ArrayLike, cov: npt.ArrayLike, n: float, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the F interval of ICC(A,1).

    Parameters
    ----------
    mean, cov, n
        As `intraclass`. The interval is for normal scores of a simple random sample without weights.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)

    Raises
    ------
    NumericsError
        As `intraclass`, and N002 for a level outside (0, 1).

    Notes
    -----
    McGraw and Wong (1996), table 7, with Satterthwaite's degrees of freedom of the denominator.

    Examples
    --------
    >>> low, high = agreement_interval([3.0, 4.0], [[1.0, 0.8], [0.8, 1.0]], 50)
    >>> round(float(low), 4), round(float(high), 4)
    (-0.0946, 0.8218)
    """
    tail = (1 - check_conf_level(conf_level)) / 2
    square = _mean_squares(mean, cov, n)
    k = np.asarray(mean).shape[-1]
    rows, columns, error = square.rows, square.columns, square.error
    r = intraclass(mean, cov, n).agreement
    a = _divide(k * r, n * (1 - r))
    b = 1 + k * r * (n - 1) / (n * np.where(r < 1, 1 - r, np.nan))
    mixed = a * columns + b * error
    df = _divide(mixed**2, (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    rest = k * columns + (k * n - k - n) * error
    upper, lower = f_quantile(1 - tail, n - 1, df), f_quantile(1 - tail, df, n - 1)
    return (
        n * (rows - upper * error) / (upper * rest + n * rows),
        n * (lower * rows - error) / (rest + n * lower * rows),
    )


def consistency_interval(
    mean: npt.ArrayLike, cov: npt.ArrayLike, n: float, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the F interval of ICC(C,1).

    Parameters
    ----------
    mean, cov, n
        As `intraclass`. The interval is for normal scores of a simple random sample without weights.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)

    Raises
    ------
    NumericsError
        As `intraclass`, and N002 for a level outside (0, 1).

    Notes
    -----
    McGraw and Wong (1996), table 7: (F/F₁ − 1)/(F/F₁ + k − 1) with F persons over error, exact for normal scores.

    Examples
    --------
    >>> low, high = consistency_interval([3.0, 4.0], [[1.0, 0.8], [0.8, 1.0]], 50)
    >>> round(float(low), 4), round(float(high), 4)
    (0.6725, 0.8814)
    """
    tail = (1 - check_conf_level(conf_level)) / 2
    square = _mean_squares(mean, cov, n)
    k = np.asarray(mean).shape[-1]
    ratio = _divide(square.rows, square.error)
    df = (n - 1) * (k - 1)
    low, high = ratio / f_quantile(1 - tail, n - 1, df), ratio * f_quantile(1 - tail, df, n - 1)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _mean_squares(mean: npt.ArrayLike, cov: npt.ArrayLike, n: float) -> _MeanSquares:
    stack, centre = square_stack(cov, minimum=2), np.asarray(mean, dtype=np.float64)
    k = stack.shape[-1]
    if centre.shape != stack.shape[:-1]:
        raise NumericsError(Problem("N010", got=str(centre.shape), params={"expected": str(stack.shape[:-1])}))
    if n < 2:
        raise NumericsError(Problem("N058", got=f"{n:g}"))
    rows = stack.sum(axis=(-2, -1)) / k
    rest = np.trace(stack, axis1=-2, axis2=-1) - rows
    error = np.where(rest > 1e-14 * np.abs(rows), rest, 0.0) / (k - 1)
    columns = n * centre.var(axis=-1) * k / (k - 1)
    within = ((n - 1) * error + columns) / n
    return _MeanSquares(rows, columns, error, within)


def _divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    return np.asarray(numerator / np.where(denominator > 0, denominator, np.nan), dtype=np.float64)[()]
