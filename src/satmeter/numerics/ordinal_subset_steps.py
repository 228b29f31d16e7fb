"""Log-likelihoods of all subsets under many weightings, by one step from the sample's maxima."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.ordinal_likelihood import distribution, likelihood, row_scores
from satmeter.numerics.ordinal_subsets import SubsetFits, checked_replicates


def stepped_loglik(fits: SubsetFits, replicates: npt.ArrayLike) -> FloatArray:
    """Return the log-likelihoods of all subsets, for the sample and close to their maxima in the replicates.

    Parameters
    ----------
    fits
        Of `fit_subsets`.
    replicates
        shape (b, n), replicate weights, 0 where the weight is 0.

    Returns
    -------
    array, shape (2^g, 1 + b)
        As of `subset_loglik`, the sample's exact.

    Raises
    ------
    NumericsError
        N008, N010 for weights that are none of this sample.

    Notes
    -----
    ℓ_b(θ̂) + ½ s_bᵀ I⁻¹ s_b, with the replicate's log-likelihood and slope s_b at the sample's maximum and the sample's
    information I: the second order of ℓ_b, whose maximum lies at a distance of one standard error. Two matrix products
    do for all replicates what `subset_loglik` climbs for. How far the two are apart: docs/methods/importance.md.

    Examples
    --------
    >>> from satmeter.numerics.ordinal_subsets import fit_subsets
    >>> x = np.array([[0.0], [0], [1], [1], [2], [2]])
    >>> stepped_loglik(fit_subsets(x, [0, 1, 0, 1, 1, 0], ((0,),)), np.ones((1, 6))).round(3)
    array([[-4.159, -4.159],
           [-4.159, -4.159]])
    """
    again = checked_replicates(fits, replicates)
    rows, weights = fits.sample.rows, fits.sample.weights
    found = np.empty((len(fits.loglik), 1 + len(again)))
    found[:, 0] = fits.loglik
    for subset, (place, held) in enumerate(zip(fits.places, fits.held, strict=True)):
        moves = ~held
        information = likelihood(rows, place[None], weights[None], fits.link).information[0]
        turn = np.linalg.inv(np.linalg.cholesky(information[np.ix_(moves, moves)])).T
        slopes = row_scores(rows, place, fits.link)[:, moves] @ turn
        terms = again @ np.column_stack([slopes, _log_chances(fits, place)])
        found[subset, 1:] = terms[:, -1] + 0.5 * np.einsum("bj,bj->b", terms[:, :-1], terms[:, :-1])
    return found


def null_loglik(fits: SubsetFits, replicates: npt.ArrayLike) -> FloatArray:
    """Return the log-likelihoods without any predictor, for the sample and the replicates.

    Parameters
    ----------
    fits, replicates
        As for `stepped_loglik`.

    Returns
    -------
    array, shape (1 + b,)

    Examples
    --------
    >>> from satmeter.numerics.ordinal_subsets import fit_subsets
    >>> fits = fit_subsets(np.array([[0.0], [0], [1], [1], [2], [2]]), [0, 1, 0, 1, 1, 0], ((0,),))
    >>> null_loglik(fits, np.ones((1, 6))).round(3)
    array([-4.159, -4.159])
    """
    weights = np.concatenate([fits.sample.weights[None], checked_replicates(fits, replicates)])
    totals = np.add.reduceat(weights, fits.sample.rows.first[:-1], axis=1)
    whole = totals.sum(axis=1, keepdims=True)
    share = totals / np.where(whole > 0, whole, np.nan)
    return np.asarray((totals * np.log(np.where(share > 0, share, 1.0))).sum(axis=1), dtype=np.float64)


def _log_chances(fits: SubsetFits, place: FloatArray) -> FloatArray:
    """Log-probability of every row's own category."""
    rows = fits.sample.rows
    c = rows.common.shape[1]
    cuts = np.concatenate([[-np.inf], place[c:], [np.inf]])
    linear, own = rows.common @ place[:c], fits.sample.place
    chance = distribution(cuts[own + 1] - linear, fits.link) - distribution(cuts[own] - linear, fits.link)
    return np.asarray(np.log(np.maximum(chance, np.finfo(np.float64).tiny)), dtype=np.float64)
