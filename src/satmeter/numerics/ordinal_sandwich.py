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
    A⁻¹ Σ_h (1 − f_h) n_h/(n_h − 1) Σ_i (s_hi − s̄_h)(s_hi − s̄_h)ᵀ A⁻¹ with s summed by unit; f_h is 0 unless strata are
    `SampledStrata`: Binder (1983), International Statistical Review 51, 279–292.

    Examples
    --------
    >>> covariance, df = sandwich_covariance(np.array([[0.25]]), np.array([[1.0], [-1.0], [1.0], [-1.0]]), None, None)
    >>> covariance.round(4), df
    (array([[0.3333]]), 3)
    """
    units = design_units(len(scores), strata, cluster)
    apart, factor = units.centred(scores)
    found = inverse @ ((apart * factor[:, None]).T @ apart) @ inverse
    return np.asarray((found + found.T) / 2, dtype=np.float64), units.n_units - len(units.units_per_stratum)
