"""From a coefficient of the sample and its replicates to a row of results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.measurement.model import ReliabilityRow
from satmeter.measurement.plain import plain
from satmeter.numerics.intervals import reliability_interval, replicate_se
from satmeter.numerics.reliability import feldt_interval

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Basis:
    """What stands behind the coefficients of one construct.

    Attributes
    ----------
    construct
        Its id, empty for all items.
    n, n_items
        Respondents and items.
    df
        Degrees of freedom of the respondents' design.
    conf_level
        Of every interval.
    """

    construct: str
    n: int
    n_items: int
    df: float
    conf_level: float


def reliability_row(basis: Basis, coefficient: str, values: FloatArray) -> ReliabilityRow:
    """Return the row of a coefficient that cannot exceed 1.

    Parameters
    ----------
    basis
        What it rests on.
    coefficient
        Its name.
    values
        shape (1 + replicates,), the sample first.
    """
    low, high = reliability_interval(values[0], values[1:], basis.df, basis.conf_level)
    return bounded_row(basis, coefficient, values, (low, high))


def corrected_row(basis: Basis, coefficient: str, values: FloatArray) -> ReliabilityRow:
    """Return the row of a coefficient that samples under- or overrate, the bootstrap's bias taken off its interval.

    On the scale log(1 − coefficient) the interval is centred at twice the estimate less the mean of the replicates
    (Efron and Tibshirani 1993, An Introduction to the Bootstrap, 10); the estimate itself is left as it is.
    """
    bounds = reliability_interval(corrected_centre(values), values[1:], basis.df, basis.conf_level)
    return bounded_row(basis, coefficient, values, bounds)


def corrected_centre(values: FloatArray) -> float:
    """Return the sample's value less the bootstrap's bias on the scale log(1 − value).

    Examples
    --------
    >>> round(corrected_centre(np.array([0.5, 0.6, 0.6])), 3)
    0.375
    """
    scale = np.log(np.where(values < 1, 1 - values, np.nan))
    present = scale[1:][~np.isnan(scale[1:])]
    return float(1 - np.exp(2 * scale[0] - present.mean()) if len(present) else values[0])


def positive_row(basis: Basis, coefficient: str, values: FloatArray) -> ReliabilityRow:
    """Return the row of a figure that is above 0, its interval made on the logarithmic scale."""
    low, high = reliability_interval(1 - values[0], 1 - values[1:], basis.df, basis.conf_level)
    return bounded_row(basis, coefficient, values, (1 - high, 1 - low))


def exact_row(basis: Basis, coefficient: str, alpha: float) -> ReliabilityRow:
    """Return alpha with Feldt's interval, which needs no replicates: a simple random sample, equal loadings."""
    low, high = feldt_interval(alpha, basis.n, basis.n_items, basis.conf_level)
    return ReliabilityRow(
        construct=basis.construct,
        coefficient=coefficient,
        estimate=plain(alpha),
        std_error=None,
        conf_low=plain(low),
        conf_high=plain(high),
        n=basis.n,
        n_items=basis.n_items,
    )


def bounded_row(
    basis: Basis, coefficient: str, values: FloatArray, bounds: tuple[npt.ArrayLike, npt.ArrayLike]
) -> ReliabilityRow:
    """Return the row of a figure whose interval is known; the standard error is that of the replicates."""
    return ReliabilityRow(
        construct=basis.construct,
        coefficient=coefficient,
        estimate=plain(values[0]),
        std_error=plain(replicate_se(values[1:])) if basis.df > 0 else None,
        conf_low=plain(np.asarray(bounds[0], dtype=np.float64)),
        conf_high=plain(np.asarray(bounds[1], dtype=np.float64)),
        n=basis.n,
        n_items=basis.n_items,
    )
