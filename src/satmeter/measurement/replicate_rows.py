"""From a statistic of the sample and of its replicates to a row of the section ``validity``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import ValidityRow
from satmeter.numerics.intervals import percentile_interval, replicate_se
from satmeter.study.model import Study


def replicate_row(
    study: Study,
    key: tuple[str, str, str],
    values: npt.NDArray[np.float64],
    n: int,
    *,
    df: float | None = None,
    p_value: float | None = None,
) -> ValidityRow:
    """Make a row with the percentile interval of the replicates.

    Parameters
    ----------
    study
        For the level of the interval.
    key
        Statistic, construct, other.
    values
        shape (1 + replicates,), the sample first.
    n
        Respondents behind it.
    df, p_value
        Of a test of the statistic.

    Returns
    -------
    ValidityRow
        Without standard error and interval where the sample has no estimate.

    Examples
    --------
    >>> row = replicate_row(study, ("criterion", "image", "age"), values, 250)  # doctest: +SKIP
    """
    statistic, construct, other = key
    exists = bool(np.isfinite(values[0]))
    low, high = percentile_interval(values[1:], study.plan.uncertainty.conf_level)
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
