"""Correlations less what a marker variable says comes from the method (Lindell and Whitney)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray


def smallest_positive(correlations: npt.ArrayLike) -> int:
    """Return the place of the smallest correlation above 0.

    Parameters
    ----------
    correlations
        shape (m,), of the marker with every construct; NaN is left out.

    Returns
    -------
    int
        −1 where none is above 0.

    Examples
    --------
    >>> smallest_positive([0.2, -0.1, 0.05]), smallest_positive([-0.1])
    (2, -1)
    """
    values = np.asarray(correlations, dtype=np.float64)
    usable = np.where(values > 0, values, np.inf)
    return int(usable.argmin()) if np.isfinite(usable).any() else -1


def marker_adjusted(correlation: npt.ArrayLike, marker: npt.ArrayLike) -> FloatArray:
    """Take the method's part off correlations.

    Parameters
    ----------
    correlation
        shape (...).
    marker
        Correlation that stands for the method; broadcast against the other.

    Returns
    -------
    array
        NaN where the marker's correlation is not below 1.

    Notes
    -----
    (r − r_M) / (1 − r_M): the partial correlation given a method factor that all variables share to the same degree.
    Lindell and Whitney (2001), Journal of Applied Psychology 86, 114–121.

    Examples
    --------
    >>> round(float(marker_adjusted(0.4, 0.1)), 4)
    0.3333
    """
    r, m = np.asarray(correlation, dtype=np.float64), np.asarray(marker, dtype=np.float64)
    return np.asarray((r - m) / np.where(m < 1, 1 - m, np.nan), dtype=np.float64)[()]
