"""Means and covariances of normal variables with answers missing at random: maximum likelihood by EM, in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray
from satmeter.numerics.em_patterns import PatternSums, augmented, missing_patterns, never_together
from satmeter.numerics.em_rounds import EmRounds, joined_moments, least_eigenvalue, regression_on_answered

Moments = tuple[FloatArray, FloatArray]

MOST_ROUNDS = 400
_CHANGE = 1e-8
_LEAST = 1e-6
"""Smallest eigenvalue of the correlations to which a leap may lead."""


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
    1–38, by the patterns of missing answers (Little and Rubin 2002, Statistical Analysis with Missing Data, 11.2), with
    leaps between the rounds (Varadhan and Roland 2008). Consistent for means and covariances of variables that are not
    normal when what is missing depends on the answered variables only; weights enter as in a pseudo-likelihood.

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
    mu, sigma = np.asarray(mean, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    theta = joined_moments(mu[:, None], sigma[:, :, None])
    observed, rows = missing_patterns(filled)
    for pattern, index in zip(observed, rows, strict=True):
        if not pattern.all():
            slope, _ = regression_on_answered(theta, pattern)
            filled[np.ix_(index, ~pattern)] = augmented(filled[np.ix_(index, pattern)]) @ slope[:, :, 0].T
    return filled


def _centre(table: FloatArray) -> FloatArray:
    seen = ~np.isnan(table)
    return np.asarray(np.where(seen, table, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1), dtype=np.float64)


def _last(sums: PatternSums, part: slice) -> list[FloatArray]:
    """Return the products with the set of weights as the last axis: small matrices, long vectors."""
    return [np.ascontiguousarray(np.moveaxis(product[part], 0, -1)) for product in sums.products]


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
    rounds = EmRounds([product[..., kept] for product in products], observed)
    mean, cov = np.full((p, b), np.nan), np.full((p, p, b), np.nan)
    done = np.zeros(b, dtype=np.bool_)
    now = (first_mean[:, kept], first_cov[..., kept]) if start is None else _spread(start, len(kept))
    for _ in range(0, MOST_ROUNDS if len(kept) else 0, 2):
        first = rounds(*now)
        second = rounds(*first)
        settled = _change(*first, *second) < _CHANGE
        mean[:, kept], cov[..., kept], done[kept] = *second, settled
        going = ~settled
        kept = kept[going]
        if not len(kept):
            break
        now = _leap(*((mu[:, going], sigma[..., going]) for mu, sigma in (now, first, second)))
        if settled.any():
            rounds = rounds.only(going)
    return mean, cov, done


def _leap(now: Moments, first: Moments, second: Moments) -> Moments:
    """Go on where two rounds point to (squared extrapolation); where that is no covariance, to the second round.

    Every set of weights leaps as far as its own steps shrink: Varadhan and Roland (2008), Scandinavian Journal of
    Statistics 35, 335–353, third step length, not shorter than the two rounds.
    """
    place = np.arange(len(now[0]))
    variance = second[1][place, place]
    sd = np.sqrt(np.where(variance > 0, variance, np.inf))
    steps = [b - a for a, b in zip(now, first, strict=True)]
    turns = [c - 2 * b + a for a, b, c in zip(now, first, second, strict=True)]
    length, bend = (
        ((mean / sd) ** 2).sum(axis=0) + ((cov / (sd[:, None] * sd)) ** 2).sum(axis=(0, 1))
        for mean, cov in (steps, turns)
    )
    far = np.maximum(np.sqrt(length / np.where(bend > 0, bend, np.inf)), 1.0)
    mean, cov = (a + 2 * far * r + far**2 * v for a, r, v in zip(now, steps, turns, strict=True))
    fine = (far > 1) & (cov[place, place] > 0).all(axis=0)
    fine &= least_eigenvalue(np.where(fine, cov, second[1])) > _LEAST
    return np.where(fine, mean, second[0]), np.where(fine, cov, second[1])


def _spread(start: tuple[FloatArray, FloatArray], b: int) -> tuple[FloatArray, FloatArray]:
    return np.repeat(start[0], b, axis=-1), np.repeat(start[1], b, axis=-1)


def _change(mu: FloatArray, sigma: FloatArray, new_mu: FloatArray, new_sigma: FloatArray) -> FloatArray:
    """Return the greatest change in standard deviations, shape (b,); a constant variable does not change."""
    p = len(mu)
    variance = new_sigma[np.arange(p), np.arange(p)]
    sd = np.sqrt(np.where(variance > 0, variance, np.inf))
    moved = np.abs(new_mu - mu) / sd
    spread = np.abs(new_sigma - sigma) / (sd[:, None] * sd[None])
    return np.asarray(np.maximum(moved.max(axis=0), spread.max(axis=(0, 1))), dtype=np.float64)
