"""The difference of two shares, in a form whose test and interval hold near 0 and 1 and in small groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray


def shrunken_difference(
    first: npt.ArrayLike, second: npt.ArrayLike, n: npt.ArrayLike, m: npt.ArrayLike, std_error: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the centre of the interval of a difference of shares, and its standard error.

    Parameters
    ----------
    first, second
        Shares, 0–1, any shape.
    n, m
        Answers behind them.
    std_error
        Standard error of the difference from the design, by linearisation or replicates.

    Returns
    -------
    centre, std_error
        With one success and one failure added to either side. NaN where both shares are 0 or 1: then nothing is
        known of the spread.

    Notes
    -----
    Agresti and Caffo (2000) American Statistician 54, 280–288, with effective sizes n/D and m/D, where the design
    effect D is std_error² over the variance that simple random samples would have. Where one group answers all alike,
    the plain standard error is only that of the other group, and tests raise an alarm in most such samples.

    Examples
    --------
    >>> centre, error = shrunken_difference(1.0, 0.5, 10, 100, 0.05)
    >>> float(centre.round(3)), float(error.round(3))
    (0.417, 0.094)
    """
    a, b, n, m, error = (np.asarray(x, dtype=np.float64) for x in (first, second, n, m, std_error))
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = a * (1 - a) / n + b * (1 - b) / m
        effect = np.where((plain > 0) & (error > 0), error**2 / plain, np.nan)
        sizes = n / effect, m / effect
        shares = [(share * size + 1) / (size + 2) for share, size in zip((a, b), sizes, strict=True)]
        variance = [share * (1 - share) / (size + 2) for share, size in zip(shares, sizes, strict=True)]
    return np.asarray(shares[0] - shares[1]), np.asarray(np.sqrt(variance[0] + variance[1]))
