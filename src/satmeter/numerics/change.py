"""The change of a share among the same respondents, in a form whose test and interval hold in small panels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray


def shrunken_change(
    change: npt.ArrayLike, squares: npt.ArrayLike, n: npt.ArrayLike, std_error: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the centre of the interval of a paired change of a share, and its standard error.

    Parameters
    ----------
    change
        Mean of the respondents' changes, each −1, 0 or 1; any shape.
    squares
        Mean of their squares: the share of respondents who changed at all.
    n
        Respondents who answered both times.
    std_error
        Standard error of the change from the design, by linearisation or replicates.

    Returns
    -------
    centre, std_error
        With half a respondent added to each of the four ways of answering twice. NaN where nobody changed: then
        nothing is known of the spread.

    Notes
    -----
    Agresti and Min (2005), Statistics in Medicine 24, 729–740: the centre is the change drawn towards zero by
    n / (n + 2), and the error that of the table with those two respondents more. The design effect D, std_error² over
    the variance of a simple random sample, makes the size n/D.

    Examples
    --------
    >>> centre, error = shrunken_change(0.1, 0.2, 50, (0.19 / 50) ** 0.5)
    >>> float(centre.round(4)), float(error.round(4))
    (0.0962, 0.0624)
    """
    d, q, n, error = (np.asarray(x, dtype=np.float64) for x in (change, squares, n, std_error))
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = (q - d**2) / n
        effect = np.where((plain > 0) & (error > 0), error**2 / plain, np.nan)
        size = n / effect
        centre = d * size / (size + 2)
        moved = (q * size + 1) / (size + 2)
        return np.asarray(centre), np.asarray(np.sqrt((moved - centre**2) / (size + 2)))
