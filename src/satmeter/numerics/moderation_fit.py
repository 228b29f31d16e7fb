"""A regression with a driver, a moderator and their product, from rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, check_conf_level, checked_weights
from satmeter.numerics.cluster_covariance import robust_regression
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.moderation import (
    SignificanceRegion,
    SimpleSlopes,
    centred_product,
    significance_region,
    simple_slopes,
)
from satmeter.numerics.tails import t_tail


@dataclass(frozen=True, slots=True)
class Moderation:
    """A regression with a product.

    Attributes
    ----------
    b, covariance
        shape (k + 1,), (k + 1, k + 1): intercept, driver at the moderator's mean, moderator at the driver's mean,
        product, controls.
    df
        Degrees of freedom of the tests.
    interaction, std_error, t, p_value, conf_low, conf_high
        Of the product.
    r2, r2_change
        With the product, and how much of it the product adds.
    slopes
        At mean − sd, mean, mean + sd of the moderator, or at the values asked for; on the moderator's own scale.
    region
        Johnson–Neyman, on the moderator's own scale.
    centre, spread
        shape (2,), mean and standard deviation of driver and moderator.
    """

    b: FloatArray
    covariance: FloatArray
    df: int
    interaction: float
    std_error: float
    t: float
    p_value: float
    conf_low: float
    conf_high: float
    r2: float
    r2_change: float
    slopes: SimpleSlopes
    region: SignificanceRegion
    centre: FloatArray
    spread: FloatArray


def fit_moderation(
    outcome: npt.ArrayLike,
    driver: npt.ArrayLike,
    moderator: npt.ArrayLike,
    controls: npt.ArrayLike | None = None,
    *,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    at: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Moderation:
    """Regress an outcome on a driver, a moderator and their centred product.

    Parameters
    ----------
    outcome, driver, moderator
        shape (n,), without missing values.
    controls
        shape (n, c), further predictors.
    weights, strata, cluster
        shape (n,), as for `cluster_covariance.robust_regression`: HC3 without them, design-based with any.
    at
        shape (L,), values of the moderator for the slopes; None means mean − sd, mean, mean + sd.
    conf_level
        Level of intervals and of the region.

    Returns
    -------
    Moderation

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1); otherwise as `robust_regression` (columns: driver 0, moderator 1, product 2).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x, w = rng.standard_normal((2, 400))
    >>> found = fit_moderation(0.5 * x + 0.3 * x * w + rng.standard_normal(400), x, w)
    >>> bool(abs(found.interaction - 0.3) < 0.15), found.slopes.slope.shape
    (True, (3,))
    """
    check_conf_level(conf_level)
    made = centred_product(driver, moderator, weights)
    y = np.asarray(outcome, dtype=np.float64)
    n = len(y)
    others = np.empty((n, 0)) if controls is None else np.asarray(controls, dtype=np.float64)
    x = np.column_stack([made.columns, others])
    fit = robust_regression(x, y, weights, strata, cluster)
    without = robust_regression(np.delete(x, 2, axis=1), y, weights, strata, cluster)
    r2, r2_without = _r2(x, y, fit.b, weights), _r2(np.delete(x, 2, axis=1), y, without.b, weights)
    two = np.ix_([1, 3], [1, 3])
    mean, sd = float(made.centre[1]), float(made.spread[1])
    values = np.array([-sd, 0.0, sd]) if at is None else np.asarray(at, dtype=np.float64) - mean
    slopes = simple_slopes(fit.b[[1, 3]], fit.covariance[two], values, fit.df, conf_level)
    region = significance_region(fit.b[[1, 3]], fit.covariance[two], fit.df, conf_level)
    interaction, error = float(fit.b[3]), float(np.sqrt(fit.covariance[3, 3]))
    low, high = t_interval(interaction, error, fit.df, conf_level)
    return Moderation(
        b=fit.b,
        covariance=fit.covariance,
        df=fit.df,
        interaction=interaction,
        std_error=error,
        t=interaction / error,
        p_value=float(t_tail(interaction / error, fit.df)),
        conf_low=float(low),
        conf_high=float(high),
        r2=r2,
        r2_change=r2 - r2_without,
        slopes=SimpleSlopes(
            slopes.at + mean,
            slopes.slope,
            slopes.std_error,
            slopes.t,
            slopes.p_value,
            slopes.conf_low,
            slopes.conf_high,
        ),
        region=SignificanceRegion(region.where, region.low + mean, region.high + mean),
        centre=made.centre,
        spread=made.spread,
    )


def _r2(x: FloatArray, y: FloatArray, b: FloatArray, weights: npt.ArrayLike | None) -> float:
    w = checked_weights(weights, len(y))
    residual = y - b[0] - x @ b[1:]
    return float(1 - w @ residual**2 / (w @ (y - w @ y / w.sum()) ** 2))
