"""P-values of several tests taken together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray


def holm(p_values: npt.ArrayLike) -> FloatArray:
    """Adjust p-values for several tests, so that the chance of any false alarm stays at the level.

    Parameters
    ----------
    p_values
        shape (m,); NaN stays NaN and does not count.

    Returns
    -------
    array, shape (m,)

    Notes
    -----
    Holm (1979), Scandinavian Journal of Statistics 6, 65–70; equal to R's ``p.adjust``.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2)
    array([0.03, 0.06, 0.06])
    """
    p = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    found = np.full(len(p), np.nan)
    found[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1.0)
    return found


def benjamini_hochberg(p_values: npt.ArrayLike) -> FloatArray:
    """Adjust p-values for several tests, so that the expected share of false ones among the alarms is kept.

    Parameters
    ----------
    p_values
        shape (m,); NaN stays NaN and does not count.

    Returns
    -------
    array, shape (m,)

    Notes
    -----
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289–300; equal to R's ``p.adjust``.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3)
    array([0.03, 0.04, 0.04])
    """
    p = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(-p[known], kind="stable")]
    m = len(order)
    found = np.full(len(p), np.nan)
    found[order] = np.minimum(np.minimum.accumulate(p[order] * m / np.arange(m, 0, -1)), 1.0)
    return found
