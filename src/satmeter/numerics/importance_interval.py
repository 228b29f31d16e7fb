"""The interval of a share of importance, which cannot be negative and piles up near zero."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.numerics.tails import normal_probability, t_quantile


def importance_interval(
    estimate: npt.ArrayLike, replicates: npt.ArrayLike, df: float, n_columns: int, conf_level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of LMG, of its part of the sum, or of another share of R².

    Parameters
    ----------
    estimate
        shape (...), not negative.
    replicates
        shape (replicates, ...), bootstrap replicates without the full sample. NaN replicates are left out.
    df
        Degrees of freedom of the regression: units less strata less columns.
    n_columns
        Columns of the regression, controls and dummies counted.
    conf_level
        Level of the two-sided interval, in (0, 1).

    Returns
    -------
    conf_low, conf_high : array, shape (...)
        Not below 0. NaN where fewer than half of the replicates exist or `df` is not above 0.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1).

    Notes
    -----
    The wider end of two intervals on either side: percentiles of the replicates at the level that makes up for the
    bootstrap's lost degrees of freedom (expanded percentiles; Hesterberg 2015, The American Statistician 69, 371–386),
    and t × bootstrap standard error on the scale of the square root. Percentiles alone miss small drivers, whose
    replicates are all too large; the square root alone misses middling ones. Coverage: docs/methods/importance.md.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = importance_interval(0.2, np.linspace(0.12, 0.28, 199), 100, 4)
    >>> round(float(low), 3), round(float(high), 3)
    (0.117, 0.305)
    """
    level = check_conf_level(conf_level)
    values, centre = np.asarray(replicates, dtype=np.float64), np.asarray(estimate, dtype=np.float64)
    if not df > 0:
        nothing = np.full(centre.shape, np.nan)
        return nothing[()], nothing.copy()[()]
    quantile = float(t_quantile((1 + level) / 2, df))
    wider = 2 * float(normal_probability(quantile * np.sqrt(1 + n_columns / df))) - 1
    # with very few units the tail is beyond every replicate
    low, high = percentile_interval(values, min(wider, 1 - 1e-12))
    reach = quantile * replicate_se(np.sqrt(np.maximum(values, 0.0)))
    middle = np.sqrt(np.maximum(centre, 0.0))
    low = np.minimum(low, np.maximum(middle - reach, 0.0) ** 2)
    return np.maximum(low, 0.0)[()], np.maximum(high, (middle + reach) ** 2)[()]
