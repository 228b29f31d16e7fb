"""From a statistic of the sample and of its replicates to a row of the section ``validity``."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import ValidityRow
from satmeter.moments import Resampling
from satmeter.numerics.correlation_interval import correlation_interval
from satmeter.numerics.intervals import replicate_se
from satmeter.numerics.validity_intervals import expanded_percentile_interval
from satmeter.study.model import Study


def replicate_row(
    study: Study,
    resampling: Resampling,
    key: tuple[str, str, str],
    values: npt.NDArray[np.float64],
    n: int,
    *,
    scale: Literal["percentile", "fisher"] = "percentile",
    df: float | None = None,
    p_value: float | None = None,
) -> ValidityRow:
    """Make a row with an interval by replicates.

    Parameters
    ----------
    study, resampling
        For the level of the interval and the design's degrees of freedom.
    key
        Statistic, construct, other.
    values
        shape (1 + replicates,), the sample first.
    n
        Respondents behind it.
    scale
        `percentile`: quantiles of the replicates, further apart where df are few; `fisher`: by t on Fisher's scale.
    df, p_value
        Of a test of the statistic.

    Returns
    -------
    ValidityRow
        Without standard error and interval where the sample has no estimate.

    Examples
    --------
    >>> row = replicate_row(study, resampling, ("criterion", "image", "age"), values, 250)  # doctest: +SKIP
    """
    statistic, construct, other = key
    exists, level = bool(np.isfinite(values[0])), study.plan.uncertainty.conf_level
    if scale == "fisher":
        low, high = correlation_interval(values[0], values[1:], resampling.df, level)
    else:
        low, high = expanded_percentile_interval(values[1:], resampling.df, level)
    return ValidityRow(
        statistic=statistic,
        construct=construct,
        other=other,
        estimate=plain(values[0]),
        std_error=plain(replicate_se(values[1:])) if exists else None,
        conf_low=plain(low) if exists else None,
        conf_high=plain(high) if exists else None,
        df=plain(df),
        p_value=plain(p_value),
        n=n,
    )
