"""One round of EM over patterns of missing cells: what is expected of them, and the moments that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.numerics.arguments import TOLERANCE, BoolArray, FloatArray, IntArray

_SURE = 1e-6
"""Smallest eigenvalue of the correlations from which answered variables are taken to determine no other one."""


class EmRounds:
    """Rounds of EM for some sets of weights.

    Many sets with few patterns go through the sweep operator, pattern by pattern and all sets at once; one set with
    perhaps as many patterns as respondents through systems of equations, all patterns of a size at once.

    Parameters
    ----------
    products
        One array a pattern, (1 + o, 1 + o, b): weighted sums of z zᵀ, z = (1, answered variables).
    observed
        shape (k, p), which variables the pattern answered.
    """

    def __init__(self, products: list[FloatArray], observed: BoolArray) -> None:
        self._products, self._observed = products, observed
        self._fixed = _answered_sums(products, observed)
        self._sizes = _by_size(products, observed) if self._fixed.shape[-1] == 1 else None

    def only(self, kept: BoolArray) -> EmRounds:
        """Return the rounds of some of the sets."""
        return EmRounds([product[..., kept] for product in self._products], self._observed)

    def __call__(self, mu: FloatArray, sigma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the next means (p, b) and covariances (p, p, b)."""
        if self._sizes is not None and float(least_eigenvalue(sigma)[0]) > _SURE:
            whole = self._fixed + _filled(self._sizes, mu[:, 0], sigma[:, :, 0])[:, :, None]
        else:
            whole = self._swept(mu, sigma)
        mean = whole[0, 1:] / whole[0, 0]
        return mean, whole[1:, 1:] / whole[0, 0] - mean[:, None] * mean[None]

    def _swept(self, mu: FloatArray, sigma: FloatArray) -> FloatArray:
        theta, whole = joined_moments(mu, sigma), self._fixed.copy()
        for pattern, product in zip(self._observed, self._products, strict=True):
            if pattern.all():
                continue
            slope, rest = regression_on_answered(theta, pattern)
            seen = np.concatenate([[0], 1 + np.flatnonzero(pattern)])
            gone = 1 + np.flatnonzero(~pattern)
            expected = np.einsum("mab,acb->mcb", slope, product)
            whole[np.ix_(gone, seen)] += expected
            whole[np.ix_(seen, gone)] += expected.swapaxes(0, 1)
            whole[np.ix_(gone, gone)] += np.einsum("mcb,lcb->mlb", expected, slope) + product[0, 0] * rest
        return whole


def least_eigenvalue(sigma: FloatArray) -> FloatArray:
    """Return the smallest eigenvalue of the correlations (p, p, b) of every set; 0 with a constant variable.

    Examples
    --------
    >>> least_eigenvalue(np.array([[[4.0], [1.0]], [[1.0], [1.0]]])).round(3)
    array([0.5])
    """
    place = np.arange(len(sigma))
    variance = sigma[place, place]
    sd = np.sqrt(np.where(variance > 0, variance, np.inf))
    corr = np.moveaxis(sigma / (sd[:, None] * sd[None]), -1, 0)
    return np.asarray(np.linalg.eigvalsh(np.where(np.isfinite(corr), corr, 0.0))[:, 0], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Size:
    """The incomplete patterns with the same number of answered variables, for one set of weights.

    `seen` (k, o) and `gone` (k, m) number the variables, `sums` (k, 1 + o, 1 + o) are their products, `across` and
    `within` the places in the (1 + p)² table of a variable that is gone and one that is seen (or 1), and of two gone.
    """

    seen: IntArray
    gone: IntArray
    sums: FloatArray
    across: IntArray
    within: IntArray


def _by_size(products: list[FloatArray], observed: BoolArray) -> list[_Size]:
    p, found = observed.shape[1], []
    answered = observed.sum(axis=1)
    for size in np.unique(answered[answered < p]):
        which = np.flatnonzero(answered == size)
        seen = np.stack([np.flatnonzero(observed[k]) for k in which])
        gone = np.stack([np.flatnonzero(~observed[k]) for k in which])
        sums = np.stack([products[k][:, :, 0] for k in which])
        with_one = np.concatenate([np.zeros((len(which), 1), dtype=np.int64), 1 + seen], axis=1)
        across = (1 + gone)[:, :, None] * (1 + p) + with_one[:, None, :]
        within = (1 + gone)[:, :, None] * (1 + p) + (1 + gone)[:, None, :]
        found.append(_Size(seen, gone, sums, across, within))
    return found


def _filled(sizes: list[_Size], mu: FloatArray, sigma: FloatArray) -> FloatArray:
    """Return what the cells that are missing add to the sums of products, (1 + p, 1 + p)."""
    side = 1 + len(mu)
    total = np.zeros(side * side)
    for size in sizes:
        sd = np.sqrt(np.diagonal(sigma))[size.seen]
        between = sigma[size.seen[:, :, None], size.seen[:, None, :]] / (sd[:, :, None] * sd[:, None, :])
        toward = sigma[size.seen[:, :, None], size.gone[:, None, :]]
        slope = (np.linalg.solve(between, toward / sd[:, :, None]) / sd[:, :, None]).swapaxes(1, 2)
        rest = sigma[size.gone[:, :, None], size.gone[:, None, :]] - slope @ toward
        constant = mu[size.gone] - (slope @ mu[size.seen][:, :, None])[:, :, 0]
        line = np.concatenate([constant[:, :, None], slope], axis=2)
        expected = line @ size.sums
        both = expected @ line.swapaxes(1, 2) + size.sums[:, :1, :1] * rest
        half = np.bincount(size.across.ravel(), weights=expected.ravel(), minlength=side * side)
        total += half + half.reshape(side, side).T.ravel()
        total += np.bincount(size.within.ravel(), weights=both.ravel(), minlength=side * side)
    return total.reshape(side, side)


def joined_moments(mean: FloatArray, cov: FloatArray) -> FloatArray:
    """Return [[−1, μᵀ], [μ, Σ]], (1 + p, 1 + p, b): what the sweep operator works on, the constant already swept.

    Examples
    --------
    >>> joined_moments(np.array([[3.0]]), np.array([[[4.0]]]))[:, :, 0]
    array([[-1.,  3.],
           [ 3.,  4.]])
    """
    p, b = mean.shape
    theta = np.empty((1 + p, 1 + p, b))
    theta[0, 0] = -1.0
    theta[0, 1:] = theta[1:, 0] = mean
    theta[1:, 1:] = cov
    return theta


def regression_on_answered(theta: FloatArray, pattern: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return coefficients (m, 1 + o, b) of the missing on the answered variables, and residual covariance (m, m, b).

    An answered variable that the ones before it determine adds nothing and gets the coefficient 0.

    Examples
    --------
    >>> theta = joined_moments(np.array([[1.0], [2.0]]), np.array([[[1.0], [0.5]], [[0.5], [1.0]]]))
    >>> slope, rest = regression_on_answered(theta, np.array([True, False]))
    >>> slope[:, :, 0], rest[:, :, 0]
    (array([[1.5, 0.5]]), array([[0.75]]))
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


def _answered_sums(products: list[FloatArray], observed: BoolArray) -> FloatArray:
    """Sum what every round has in common: the products of the answered variables, (1 + p, 1 + p, b)."""
    p = observed.shape[1]
    whole = np.zeros((1 + p, 1 + p, products[0].shape[-1]))
    for pattern, product in zip(observed, products, strict=True):
        place = np.concatenate([[0], 1 + np.flatnonzero(pattern)])
        whole[np.ix_(place, place)] += product
    return whole
