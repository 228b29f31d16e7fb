"""The covariance of maximum-likelihood estimates under the real design, by linearisation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.design import design_units


def sandwich_covariance(
    inverse: FloatArray, scores: FloatArray, strata: npt.ArrayLike | None, cluster: npt.ArrayLike | None
) -> tuple[FloatArray, int]:
    """Return the sandwich covariance and the design's degrees of freedom.

    Parameters
    ----------
    inverse
        shape (p, p), inverse of the weighted information.
    scores
        shape (n, p), weight times the slope of the log-likelihood, row by row.
    strata, cluster
        shape (n,), integer codes, or None.

    Returns
    -------
    covariance, df
        (p, p), and units minus strata.

    Raises
    ------
    NumericsError
        N003 for a stratum with one unit.

    Notes
    -----
    A⁻¹ Σ_h n_h/(n_h − 1) Σ_i (s_hi − s̄_h)(s_hi − s̄_h)ᵀ A⁻¹ with s summed by unit, without finite population correction:
    Binder (1983), International Statistical Review 51, 279–292.

    Examples
    --------
    >>> covariance, df = sandwich_covariance(np.array([[0.25]]), np.array([[1.0], [-1.0], [1.0], [-1.0]]), None, None)
    >>> covariance.round(4), df
    (array([[0.3333]]), 3)
    """
    units = design_units(len(scores), strata, cluster)
    sums = np.stack([np.bincount(units.unit, weights=column, minlength=units.n_units) for column in scores.T], axis=1)
    size = units.units_per_stratum.astype(np.float64)
    centre = np.zeros((len(size), scores.shape[1]))
    np.add.at(centre, units.stratum, sums)
    apart = sums - (centre / size[:, None])[units.stratum]
    factor = (size / (size - 1))[units.stratum]
    found = inverse @ ((apart * factor[:, None]).T @ apart) @ inverse
    return np.asarray((found + found.T) / 2, dtype=np.float64), units.n_units - len(size)
