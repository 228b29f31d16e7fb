"""Quantiles and tail probabilities, from the functions of scipy.special (scipy.stats is slow to import)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.special_functions import special


def normal_quantile(p: npt.ArrayLike) -> FloatArray:
    """Return the standard normal quantile.

    Parameters
    ----------
    p
        Probabilities, any shape.

    Returns
    -------
    array, shape of `p`

    Examples
    --------
    >>> round(float(normal_quantile(0.975)), 4)
    1.96
    """
    return np.asarray(special.ndtri(np.asarray(p, dtype=np.float64)), dtype=np.float64)


def normal_probability(z: npt.ArrayLike) -> FloatArray:
    """Return the standard normal distribution function.

    Parameters
    ----------
    z
        Values, any shape.

    Returns
    -------
    array, shape of `z`

    Examples
    --------
    >>> round(float(normal_probability(1.96)), 3)
    0.975
    """
    return np.asarray(special.ndtr(np.asarray(z, dtype=np.float64)), dtype=np.float64)


def t_quantile(p: npt.ArrayLike, df: npt.ArrayLike) -> FloatArray:
    """Return the quantile of Student's t.

    Parameters
    ----------
    p
        Probabilities.
    df
        Degrees of freedom, above 0; infinity gives the normal quantile. Broadcast against `p`.

    Returns
    -------
    array
        NaN where `df` is not above 0.

    Examples
    --------
    >>> round(float(t_quantile(0.975, 14)), 4)
    2.1448
    """
    degrees = np.asarray(df, dtype=np.float64)
    finite = np.where(np.isfinite(degrees) & (degrees > 0), degrees, 1.0)
    quantile = np.where(
        np.isposinf(degrees), normal_quantile(p), special.stdtrit(finite, np.asarray(p, dtype=np.float64))
    )
    return np.asarray(np.where(degrees > 0, quantile, np.nan), dtype=np.float64)[()]


def t_tail(t: npt.ArrayLike, df: npt.ArrayLike) -> FloatArray:
    """Return the two-sided p-value of Student's t.

    Parameters
    ----------
    t
        Estimate divided by its standard error.
    df
        Degrees of freedom, above 0; infinity gives the normal tail. Broadcast against `t`.

    Returns
    -------
    array
        NaN where `t` is NaN or `df` is not above 0.

    Examples
    --------
    >>> round(float(t_tail(2.1447866879, 14)), 6)
    0.05
    """
    degrees = np.asarray(df, dtype=np.float64)
    below = -np.abs(np.asarray(t, dtype=np.float64))
    finite = np.where(np.isfinite(degrees) & (degrees > 0), degrees, 1.0)
    tail = np.where(np.isposinf(degrees), special.ndtr(below), special.stdtr(finite, below))
    return np.asarray(np.where(degrees > 0, 2 * tail, np.nan), dtype=np.float64)[()]


def f_quantile(p: npt.ArrayLike, df1: npt.ArrayLike, df2: npt.ArrayLike) -> FloatArray:
    """Return the quantile of Fisher's F.

    Parameters
    ----------
    p
        Probabilities.
    df1, df2
        Degrees of freedom of numerator and denominator, above 0.

    Returns
    -------
    array
        NaN outside the domain.

    Examples
    --------
    >>> round(float(f_quantile(0.95, 3, 20)), 4)
    3.0984
    """
    v1, v2, chance = (np.asarray(value, dtype=np.float64) for value in (df1, df2, p))
    return np.asarray(special.fdtri(v1, v2, chance), dtype=np.float64)[()]


def f_tail(f: npt.ArrayLike, df1: npt.ArrayLike, df2: npt.ArrayLike) -> FloatArray:
    """Return the upper tail of Fisher's F.

    Parameters
    ----------
    f
        Values, not negative.
    df1, df2
        Degrees of freedom, above 0; an infinite `df2` gives the tail of chi-square / df1. Broadcast against `f`.

    Returns
    -------
    array
        NaN outside the domain.

    Examples
    --------
    >>> round(float(f_tail(3.0983912, 3, 20)), 6)
    0.05
    """
    v1, v2, value = (np.asarray(number, dtype=np.float64) for number in (df1, df2, f))
    finite = np.where(np.isfinite(v2), v2, 1.0)
    tail = np.where(np.isposinf(v2), special.chdtrc(v1, v1 * value), special.fdtrc(v1, finite, value))
    return np.asarray(np.where((v1 > 0) & (v2 > 0), tail, np.nan), dtype=np.float64)[()]


def chi_square_tail(chi2: npt.ArrayLike, df: npt.ArrayLike) -> FloatArray:
    """Return the upper tail of chi-square.

    Parameters
    ----------
    chi2
        Values, not negative.
    df
        Degrees of freedom, above 0. Broadcast against `chi2`.

    Returns
    -------
    array
        NaN outside the domain.

    Examples
    --------
    >>> round(float(chi_square_tail(5.9914645, 2)), 6)
    0.05
    """
    degrees = np.asarray(df, dtype=np.float64)
    tail = special.chdtrc(degrees, np.asarray(chi2, dtype=np.float64))
    return np.asarray(np.where(degrees > 0, tail, np.nan), dtype=np.float64)[()]
