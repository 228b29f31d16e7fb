"""Rows with missing cells to moments of the sample and of all replicates, by EM."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.moments.model import FloatArray, MomentStack, Resampling
from satmeter.moments.row_products import cross_products
from satmeter.numerics.em_moments import em_from_sums
from satmeter.numerics.em_patterns import PatternSums, augmented, missing_patterns


def em_stack(
    resampling: Resampling, values: npt.ArrayLike, *, rows: npt.NDArray[np.bool_] | None = None
) -> MomentStack:
    """Estimate means and covariances by maximum likelihood, for the sample and for every replicate.

    Parameters
    ----------
    resampling
        Weights and draws of the study.
    values
        shape (n, p), one row a respondent, NaN where missing: missing at random, given the answered columns.
    rows
        shape (n,), respondents to be used; all by default. Those without any answer are left out.

    Returns
    -------
    MomentStack
        Over all rows with an answer. Covariances have the divisor (sum of weights − 1) after scaling to mean weight 1,
        so that without a missing cell they are those of `moment_stack`. NaN where EM did not settle or a column has no
        answer.

    Raises
    ------
    NumericsError
        N056 for a column without answers, N057 for two columns that nobody answered both.

    Notes
    -----
    Rows are reduced to sums by pattern of missing cells and replicate; a replicate's EM (`numerics.em_moments`) starts
    from the sample's result.

    Examples
    --------
    >>> draws = np.array([[2, 1, 0, 0], [0, 1, 1, 2]], dtype=np.uint16)
    >>> resampling = Resampling(np.ones(4), np.arange(4), draws, np.full(4, 4 / 3), 3)
    >>> table = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0], [4.0, np.nan]])
    >>> em_stack(resampling, table).mean[0].round(4)
    array([2.5   , 4.0833])
    """
    table = np.asarray(values, dtype=np.float64)
    usable = ~np.isnan(table).all(axis=1) & (resampling.weights > 0)
    index = np.flatnonzero(usable if rows is None else usable & rows)
    kept, weights = table[index], resampling.weights[index]
    seen = ~np.isnan(kept)
    total = np.maximum(weights @ seen, 1e-300)
    centre = weights @ np.where(seen, kept, 0.0) / total
    observed, places = missing_patterns(kept)
    products = [
        cross_products(resampling, index[place], augmented(kept[np.ix_(place, pattern)] - centre[pattern]))
        for pattern, place in zip(observed, places, strict=True)
    ]
    found = em_from_sums(PatternSums(observed, tuple(products), centre))
    n = len(index)
    covariance = np.where(found.converged[:, None, None], found.covariance, np.nan) * (n / (n - 1) if n > 1 else np.nan)
    _without_dust(covariance, centre)
    whole = np.sum([product[:, 0, 0] for product in products], axis=0)
    mean = np.where(found.converged[:, None], found.mean, np.nan)
    return MomentStack(whole, mean, covariance, n, float(weights.sum() ** 2 / (weights**2).sum()))


def _without_dust(covariance: FloatArray, centre: FloatArray) -> None:
    """Set variances to 0 that are nothing but rounding: a column constant in a replicate."""
    place = np.arange(covariance.shape[-1])
    variance = covariance[:, place, place]
    dust = 1e-13 * np.abs(variance[:1]) + 1e-24 * centre**2
    covariance[:, place, place] = np.where(variance <= dust, 0.0, variance)
