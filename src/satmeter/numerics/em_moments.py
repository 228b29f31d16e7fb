"""Means and covariances of normal variables with answers missing at random: maximum likelihood by EM, in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import TOLERANCE, BoolArray, FloatArray, IntArray

MOST_ROUNDS = 2000
_CHANGE = 1e-8


@dataclass(frozen=True, eq=False)
class PatternSums:
    """Weighted sums of the rows that answered the same variables.

    Attributes
    ----------
    observed
        shape (k, p), which variables the rows of a pattern answered; at least one each.
    products
        One array a pattern, shape (b, 1 + o, 1 + o): the weighted sum of z zᵀ, z = (1, answered variables − centre).
    centre
        shape (p,), taken off every variable so that the sums keep their digits.
    """

    observed: BoolArray
    products: tuple[FloatArray, ...]
    centre: FloatArray


@dataclass(frozen=True, eq=False)
class EmMoments:
    """Maximum likelihood moments.

    Attributes
    ----------
    mean
        shape (..., p).
    covariance
        shape (..., p, p), with divisor sum of weights. NaN where a variable has no answer of weight above 0.
    converged
        shape (...), whether the last round changed no mean and no covariance by more than 1e-8 standard deviations.
    """

    mean: FloatArray
    covariance: FloatArray
    converged: BoolArray


def em_moments(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> EmMoments:
    """Estimate means and covariances from rows with missing cells.

    Parameters
    ----------
    values
        shape (n, p), NaN where missing. Rows without any answer are left out.
    weights
        shape (..., n), not negative; several sets of weights (replicates) are estimated together. Ones by default.

    Returns
    -------
    EmMoments
        Without a missing cell these are the weighted mean and covariance.

    Raises
    ------
    NumericsError
        N010 for shapes that do not fit, N056 for a variable without answers, N057 for two variables that nobody
        answered both: their covariance cannot be learned.

    Notes
    -----
    EM for the multivariate normal: Dempster, Laird and Rubin (1977), Journal of the Royal Statistical Society B 39,
    1–38, by the sweep operator over the patterns of missing answers (Little and Rubin 2002, Statistical Analysis with
    Missing Data, 11.2). Consistent for means and covariances of variables that are not normal when what is missing
    depends on the answered variables only; weights enter as in a pseudo-likelihood.

    Examples
    --------
    >>> found = em_moments([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0], [4.0, np.nan]])
    >>> found.mean.round(4), found.covariance.round(4)
    (array([2.5   , 4.0833]), array([[1.25  , 1.875 ],
           [1.875 , 2.8681]]))
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise NumericsError(Problem("N010", got=str(table.shape), params={"expected": "(n, p)"}))
    load = np.ones(len(table)) if weights is None else np.asarray(weights, dtype=np.float64)
    if load.ndim == 0 or load.shape[-1] != len(table):
        raise NumericsError(Problem("N010", got=str(load.shape), params={"expected": f"(..., {len(table)})"}))
    flat = load.reshape(-1, len(table))
    centre = _centre(table)
    observed, rows = missing_patterns(table)
    products = []
    for pattern, index in zip(observed, rows, strict=True):
        z = augmented(table[np.ix_(index, pattern)] - centre[pattern])
        products.append((flat[:, index, None] * z).swapaxes(1, 2) @ z)
    found = em_from_sums(PatternSums(observed, tuple(products), centre))
    lead, p = load.shape[:-1], table.shape[1]
    return EmMoments(
        found.mean.reshape(*lead, p), found.covariance.reshape(*lead, p, p), np.asarray(found.converged.reshape(lead))
    )


def missing_patterns(values: FloatArray) -> tuple[BoolArray, tuple[IntArray, ...]]:
    """Group rows by which variables they answered.

    Parameters
    ----------
    values
        shape (n, p), NaN where missing.

    Returns
    -------
    observed
        shape (k, p); the pattern without any answer is left out.
    rows
        The row numbers of every pattern.

    Examples
    --------
    >>> observed, rows = missing_patterns(np.array([[1.0, np.nan], [2.0, 3.0], [4.0, np.nan], [np.nan, np.nan]]))
    >>> observed, [index.tolist() for index in rows]
    (array([[ True, False],
           [ True,  True]]), [[0, 2], [1]])
    """
    seen = ~np.isnan(values)
    patterns, place = np.unique(seen, axis=0, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    edges = np.searchsorted(place.ravel()[order], np.arange(len(patterns) + 1))
    kept = [k for k in range(len(patterns)) if patterns[k].any()]
    return np.asarray(patterns[kept], dtype=np.bool_), tuple(order[edges[k] : edges[k + 1]] for k in kept)


def augmented(block: FloatArray) -> FloatArray:
    """Put a column of ones before the columns of a block.

    Examples
    --------
    >>> augmented(np.array([[2.0], [3.0]]))
    array([[1., 2.],
           [1., 3.]])
    """
    return np.concatenate([np.ones((len(block), 1)), block], axis=1)


def never_together(observed: npt.ArrayLike) -> tuple[tuple[int, int], ...]:
    """Return the pairs of variables that no row answered both.

    Parameters
    ----------
    observed
        shape (k, p), patterns or rows.

    Examples
    --------
    >>> never_together([[True, True, False], [True, False, True]])
    ((1, 2),)
    """
    seen = np.asarray(observed, dtype=np.float64)
    first, second = np.nonzero(np.triu(seen.T @ seen == 0, 1))
    return tuple(zip(first.tolist(), second.tolist(), strict=True))


def em_from_sums(sums: PatternSums) -> EmMoments:
    """Run EM on pattern sums; the first set of weights is the start of the others.

    Parameters
    ----------
    sums
        From the rows; b sets of weights.

    Returns
    -------
    EmMoments
        shapes (b, p), (b, p, p), (b,).

    Raises
    ------
    NumericsError
        N056, N057 as `em_moments`.

    Examples
    --------
    >>> sums = PatternSums(np.array([[True]]), (np.array([[[2.0, 0.0], [0.0, 8.0]]]),), np.array([5.0]))
    >>> em_from_sums(sums).covariance
    array([[[4.]]])
    """
    empty = np.flatnonzero(~sums.observed.any(axis=0))
    if len(empty):
        raise NumericsError(Problem("N056", got=", ".join(str(j + 1) for j in empty)))
    apart = never_together(sums.observed)
    if apart:
        raise NumericsError(Problem("N057", got=", ".join(f"{i + 1}–{j + 1}" for i, j in apart)))
    whole = _run(_last(sums, slice(0, 1)), sums.observed, None)
    mean, cov, done = whole
    if len(sums.products[0]) > 1:
        others = _run(_last(sums, slice(1, None)), sums.observed, (mean, cov))
        mean, cov, done = (np.concatenate([a, b], axis=-1) for a, b in zip(whole, others, strict=True))
    return EmMoments(np.moveaxis(mean, -1, 0) + sums.centre, np.moveaxis(cov, -1, 0), np.asarray(done, dtype=np.bool_))


def expected_values(values: npt.ArrayLike, mean: npt.ArrayLike, covariance: npt.ArrayLike) -> FloatArray:
    """Fill missing cells with what the row's answers lead to expect.

    Parameters
    ----------
    values
        shape (n, p), NaN where missing.
    mean, covariance
        shapes (p,) and (p, p).

    Returns
    -------
    array, shape (n, p)
        A row without any answer stays missing.

    Notes
    -----
    μ_m + Σ_mo Σ_oo⁻¹ (y_o − μ_o), the regression of the missing on the answered variables.

    Examples
    --------
    >>> expected_values([[3.0, np.nan]], [1.0, 2.0], [[1.0, 0.5], [0.5, 1.0]])
    array([[3., 3.]])
    """
    filled = np.array(values, dtype=np.float64)
    theta = _theta(np.asarray(mean, dtype=np.float64)[:, None], np.asarray(covariance, dtype=np.float64)[:, :, None])
    observed, rows = missing_patterns(filled)
    for pattern, index in zip(observed, rows, strict=True):
        if not pattern.all():
            slope, _ = _regression(theta, pattern)
            filled[np.ix_(index, ~pattern)] = augmented(filled[np.ix_(index, pattern)]) @ slope[:, :, 0].T
    return filled


def _centre(table: FloatArray) -> FloatArray:
    seen = ~np.isnan(table)
    return np.asarray(np.where(seen, table, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1), dtype=np.float64)


def _last(sums: PatternSums, part: slice) -> list[FloatArray]:
    """Return the products with the set of weights as the last axis: small matrices, long vectors."""
    return [np.ascontiguousarray(np.moveaxis(product[part], 0, -1)) for product in sums.products]


def _theta(mean: FloatArray, cov: FloatArray) -> FloatArray:
    """Return [[−1, μᵀ], [μ, Σ]]: the matrix that the sweep operator works on, constant already swept."""
    p, b = mean.shape
    theta = np.empty((1 + p, 1 + p, b))
    theta[0, 0] = -1.0
    theta[0, 1:] = theta[1:, 0] = mean
    theta[1:, 1:] = cov
    return theta


def _regression(theta: FloatArray, pattern: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return coefficients (m, 1 + o, b) of the missing on the answered variables, and residual covariance (m, m, b).

    An answered variable that the ones before it determine adds nothing and gets the coefficient 0.
    """
    swept = theta.copy()
    answered = 1 + np.flatnonzero(pattern)
    least = TOLERANCE * theta[answered, answered]
    for k, bound in zip(answered, least, strict=True):
        pivot = swept[k, k].copy()
        use = pivot > bound
        row = swept[k] * np.where(use, 1.0 / np.where(use, pivot, 1.0), 0.0)
        swept = swept - swept[:, None, k] * row[None]
        swept[k] = swept[:, k] = row
        swept[k, k] = np.where(use, -1.0 / np.where(use, pivot, 1.0), 0.0)
    gone = 1 + np.flatnonzero(~pattern)
    return swept[np.ix_(gone, np.concatenate([[0], answered]))], swept[np.ix_(gone, gone)]


def _start(products: list[FloatArray], observed: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance of the answers of every variable, uncorrelated."""
    p, b = observed.shape[1], products[0].shape[-1]
    total, first, second = np.zeros((p, b)), np.zeros((p, b)), np.zeros((p, b))
    for pattern, product in zip(observed, products, strict=True):
        total[pattern] += product[0, 0]
        first[pattern] += product[0, 1:]
        second[pattern] += product[np.arange(1, len(product)), np.arange(1, len(product))]
    total = np.where(total > 0, total, np.nan)
    mean = first / total
    cov = np.zeros((p, p, b))
    cov[np.arange(p), np.arange(p)] = second / total - mean**2
    return mean, cov


def _run(
    products: list[FloatArray], observed: BoolArray, start: tuple[FloatArray, FloatArray] | None
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return mean (p, b), covariance (p, p, b) and whether they settled."""
    p, b = observed.shape[1], products[0].shape[-1]
    first_mean, first_cov = _start(products, observed)
    known = np.isfinite(first_mean).all(axis=0)
    kept = np.flatnonzero(known)
    left = [product[..., kept] for product in products]
    mean, cov = np.full((p, b), np.nan), np.full((p, p, b), np.nan)
    done = np.zeros(b, dtype=np.bool_)
    mu, sigma = (first_mean[:, kept], first_cov[..., kept]) if start is None else _spread(start, len(kept))
    fixed = _answered_sums(left, observed)
    for _ in range(MOST_ROUNDS):
        if not len(kept):
            break
        new_mu, new_sigma = _round(left, observed, mu, sigma, fixed)
        settled = _change(mu, sigma, new_mu, new_sigma) < _CHANGE
        mean[:, kept], cov[..., kept], done[kept] = new_mu, new_sigma, settled
        going = ~settled
        kept, mu, sigma = kept[going], new_mu[:, going], new_sigma[..., going]
        if settled.any():
            left, fixed = [product[..., going] for product in left], fixed[..., going]
    return mean, cov, done


def _spread(start: tuple[FloatArray, FloatArray], b: int) -> tuple[FloatArray, FloatArray]:
    return np.repeat(start[0], b, axis=-1), np.repeat(start[1], b, axis=-1)


def _answered_sums(products: list[FloatArray], observed: BoolArray) -> FloatArray:
    """Sum what every round has in common: the products of the answered variables, (1 + p, 1 + p, b)."""
    p = observed.shape[1]
    whole = np.zeros((1 + p, 1 + p, products[0].shape[-1]))
    for pattern, product in zip(observed, products, strict=True):
        place = np.concatenate([[0], 1 + np.flatnonzero(pattern)])
        whole[np.ix_(place, place)] += product
    return whole


def _round(
    products: list[FloatArray], observed: BoolArray, mu: FloatArray, sigma: FloatArray, fixed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    theta = _theta(mu, sigma)
    whole = fixed.copy()
    for pattern, product in zip(observed, products, strict=True):
        if pattern.all():
            continue
        slope, rest = _regression(theta, pattern)
        seen = np.concatenate([[0], 1 + np.flatnonzero(pattern)])
        gone = 1 + np.flatnonzero(~pattern)
        expected = np.einsum("mab,acb->mcb", slope, product)
        whole[np.ix_(gone, seen)] += expected
        whole[np.ix_(seen, gone)] += expected.swapaxes(0, 1)
        whole[np.ix_(gone, gone)] += np.einsum("mcb,lcb->mlb", expected, slope) + product[0, 0] * rest
    mean = whole[0, 1:] / whole[0, 0]
    return mean, whole[1:, 1:] / whole[0, 0] - mean[:, None] * mean[None]


def _change(mu: FloatArray, sigma: FloatArray, new_mu: FloatArray, new_sigma: FloatArray) -> FloatArray:
    """Return the greatest change in standard deviations, shape (b,); a constant variable does not change."""
    p = len(mu)
    variance = new_sigma[np.arange(p), np.arange(p)]
    sd = np.sqrt(np.where(variance > 0, variance, np.inf))
    moved = np.abs(new_mu - mu) / sd
    spread = np.abs(new_sigma - sigma) / (sd[:, None] * sd[None])
    return np.asarray(np.maximum(moved.max(axis=0), spread.max(axis=(0, 1))), dtype=np.float64)
