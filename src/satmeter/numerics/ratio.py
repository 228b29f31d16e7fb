"""The ratio of two totals as the mean of one linearised variable."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, checked_weights


def linearised_ratio(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> FloatArray:
    """Return a variable whose weighted mean is Σwy/Σwx and whose standard error is that of the ratio.

    Parameters
    ----------
    numerator, denominator
        shape (n,) or (n, p), y and x; rows in which either is NaN do not count.
    weights
        shape (n,), or None.

    Returns
    -------
    array, shape (n,) or (n, p)
        R + (y − R x)·Σw/Σwx with R = Σwy/Σwx; NaN in rows that do not count, and everywhere where Σwx is not above 0.

    Raises
    ------
    NumericsError
        N008 and N010 for weights that do not fit.

    Notes
    -----
    Särndal, Swensson and Wretman (1992) Model Assisted Survey Sampling, 5.6. With `mean_with_se` equal to R survey 4.1
    ``svyratio`` (tests/reference/scores.json).

    Examples
    --------
    >>> column = linearised_ratio([1.0, 2.0, 6.0], [1.0, 2.0, 3.0])
    >>> column, float(column.mean())
    (array([1.25, 1.  , 2.25]), 1.5)
    """
    y, x = np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    w = checked_weights(weights, len(y))
    seen = ~(np.isnan(y) | np.isnan(x))
    over, under = w @ np.where(seen, y, 0.0), w @ np.where(seen, x, 0.0)
    under = np.where(under > 0, under, np.nan)
    ratio = over / under
    return np.asarray(np.where(seen, ratio + (y - ratio * x) * ((w @ seen) / under), np.nan), dtype=np.float64)
