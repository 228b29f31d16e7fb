"""Rows reduced to stacks of moments: index 0 of the leading axis is the full sample, the rest are replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Resampling:
    """How the sample is drawn again: Rao–Wu bootstrap over the real design.

    Attributes
    ----------
    weights
        shape (n,), base weights.
    units
        shape (n,), resampling unit of every respondent: the respondent itself, its cluster, or (n × replicates over
        10⁸) one of about 2,000 random groups.
    multipliers
        shape (replicates, n_units), factor on the base weight of every unit; mean 1.
    df
        Design degrees of freedom: units minus strata.
    """

    weights: FloatArray
    units: IntArray
    multipliers: FloatArray
    df: int


@dataclass(frozen=True, eq=False)
class MomentStack:
    """First and second moments of some columns over the rows that are complete in them.

    Attributes
    ----------
    total
        shape (1 + replicates,), sum of weights.
    mean
        shape (1 + replicates, p).
    covariance
        shape (1 + replicates, p, p), with divisor (sum of weights − 1) after scaling to mean weight 1, i.e. the usual n − 1
        form when unweighted.
    n, n_eff
        Rows used, and (sum w)² / sum w².
    """

    total: FloatArray
    mean: FloatArray
    covariance: FloatArray
    n: int
    n_eff: float
