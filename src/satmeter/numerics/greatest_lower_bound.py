"""The greatest lower bound of reliability, by an interior-point method that proves its own answer; in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import TOLERANCE, BoolArray, FloatArray, square_stack

_ROUNDS = 60
_GAP = 1e-10
_SHARE = 0.95


@dataclass(frozen=True, eq=False)
class GreatestLowerBound:
    """The smallest reliability that a covariance matrix allows.

    Attributes
    ----------
    value
        shape (...).
    error_variance
        shape (..., p), the errors' variances that come with it; covariance less these is still a covariance matrix.
    certificate
        shape (..., p, p), a positive semidefinite X with a diagonal of at least 1. For every such X and every
        covariance S, 1 − ⟨S, X⟩/1ᵀS1 is at most the greatest lower bound of S.
    gap
        shape (...), `value` less what the certificate proves of it: how far it can be from the truth, and it is at most
        that much too high. About 1e-10.
    converged
        shape (...), whether the gap closed.
    """

    value: FloatArray
    error_variance: FloatArray
    certificate: FloatArray
    gap: FloatArray
    converged: BoolArray


def greatest_lower_bound(cov: npt.ArrayLike) -> GreatestLowerBound:
    """Find the greatest lower bound of the reliability of the sum of the items.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance of the items, reversed items reversed; the divisor does not matter. Weights and
        missing values have been dealt with where the moments were made.

    Returns
    -------
    GreatestLowerBound
        NaN where an item is constant or a linear combination of the others: then no error variance is left over.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    1 − max Σψ / 1ᵀS1 over ψ ≥ 0 with S − diag ψ positive semidefinite: Woodhouse and Jackson (1977), Psychometrika 42,
    579–591; Bentler and Woodward (1980), Psychometrika 45, 249–267. The dual problem is min ⟨S, X⟩ over positive
    semidefinite X with a diagonal of at least 1; both are followed by the primal–dual path method of Helmberg, Rendl,
    Vanderbei and Wolkowicz (1996), SIAM Journal on Optimization 6, 342–361, until they meet. Equal to
    ``psych::glb.algebraic``. A sample's value is too high, by much below a thousand respondents (ten Berge and Sočan
    2004, Psychometrika 69, 613–625).

    Examples
    --------
    >>> found = greatest_lower_bound([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    >>> round(float(found.value), 4), bool(found.gap < 1e-9)
    (0.6304, True)
    """
    stack = square_stack(cov, minimum=2)
    p = stack.shape[-1]
    flat = stack.reshape(-1, p, p)
    usable = _definite(flat)
    value, gap = np.full(len(flat), np.nan), np.full(len(flat), np.nan)
    error, dual = np.full((len(flat), p), np.nan), np.full((len(flat), p, p), np.nan)
    done = np.zeros(len(flat), dtype=np.bool_)
    if usable.any():
        chosen = flat[usable]
        unit = np.trace(chosen, axis1=1, axis2=2) / p
        d, x, done[usable] = _follow(chosen / unit[:, None, None])
        total = chosen.sum(axis=(1, 2))
        error[usable] = d * unit[:, None]
        dual[usable] = _feasible(x)
        value[usable] = 1 - error[usable].sum(axis=1) / total
        gap[usable] = value[usable] - (1 - (chosen * dual[usable]).sum(axis=(1, 2)) / total)
    lead = stack.shape[:-2]
    return GreatestLowerBound(
        value.reshape(lead)[()],
        error.reshape(*lead, p),
        dual.reshape(*lead, p, p),
        gap.reshape(lead)[()],
        np.asarray(done.reshape(lead)),
    )


def certified_bound(cov: npt.ArrayLike, certificate: npt.ArrayLike) -> FloatArray:
    """Return what a certificate proves of the greatest lower bound of covariance matrices.

    Parameters
    ----------
    cov
        shape (..., p, p).
    certificate
        shape (p, p), of `greatest_lower_bound` of a matrix near by.

    Returns
    -------
    array, shape (...)
        1 − ⟨S, X⟩ / 1ᵀS1, at most the greatest lower bound of S and, near the matrix that the certificate is of, equal
        to it up to squares of the distance: a replicate for the price of a product. NaN where the sum does not vary.

    Examples
    --------
    >>> cov = np.array([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    >>> found = greatest_lower_bound(cov)
    >>> bool(abs(certified_bound(cov, found.certificate) - found.value) < 1e-9)
    True
    """
    stack = square_stack(cov, minimum=2)
    total = stack.sum(axis=(-2, -1))
    least = (stack * np.asarray(certificate, dtype=np.float64)).sum(axis=(-2, -1))
    return np.asarray(1 - least / np.where(total > 0, total, np.nan), dtype=np.float64)[()]


def _definite(flat: FloatArray) -> BoolArray:
    finite: BoolArray = np.asarray(np.isfinite(flat).all(axis=(1, 2)))
    known = finite & (np.diagonal(flat, axis1=1, axis2=2) > 0).all(axis=1)
    safe = np.where(known[:, None, None], flat, np.eye(flat.shape[-1]))
    sd = np.sqrt(np.diagonal(safe, axis1=1, axis2=2))
    corr: FloatArray = safe / (sd[:, :, None] * sd[:, None, :])
    least: FloatArray = np.asarray(np.linalg.eigvalsh(corr))[:, 0]
    return np.asarray(known & (least > TOLERANCE) & (safe.sum(axis=(1, 2)) > 0))


def _feasible(x: FloatArray) -> FloatArray:
    """Scale X up by the rounding that its diagonal lacks."""
    least = np.diagonal(x, axis1=1, axis2=2).min(axis=1)
    return np.asarray(x / np.minimum(least, 1.0)[:, None, None], dtype=np.float64)


def _follow(s: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return error variances, dual matrix and whether the gap closed; S has a mean variance of 1."""
    b, p, _ = s.shape
    identity = np.eye(p)
    error = np.repeat(0.5 * np.linalg.eigvalsh(s)[:, :1], p, axis=1)
    dual = np.repeat(2 * identity[None], b, axis=0)
    slack = np.ones((b, p))
    done = np.zeros(b, dtype=np.bool_)
    for _ in range(_ROUNDS):
        left = np.flatnonzero(~done)
        if not len(left):
            break
        d, x, t = error[left], dual[left], slack[left]
        z = s[left] - d[:, :, None] * identity
        distance = (z * x).sum(axis=(1, 2)) + (t * d).sum(axis=1)
        done[left] = distance < _GAP * p
        move_d, move_x, move_t = _direction(z, d, x, t, distance / (2 * p))
        forward = np.minimum(_reach(z, -move_d[:, :, None] * identity), _ratio(d, move_d))
        sideways = np.minimum(_reach(x, move_x), _ratio(t, move_t))
        forward, sideways = (np.where(done[left], 0.0, step)[:, None] for step in (forward, sideways))
        error[left] = d + forward * move_d
        slack[left] = t + sideways * move_t
        dual[left] = x + sideways[:, :, None] * move_x
    return error, dual, done


def _direction(
    z: FloatArray, d: FloatArray, x: FloatArray, t: FloatArray, distance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the step towards Z X = μ I and t d = μ that keeps diag X − t = 1, with μ a part of the present one."""
    p = d.shape[1]
    mu = 0.2 * distance[:, None]
    inverse: FloatArray = np.asarray(np.linalg.inv(z), dtype=np.float64)
    matrix = inverse * x
    matrix[:, np.arange(p), np.arange(p)] += t / d
    right = 1 - mu * np.diagonal(inverse, axis1=1, axis2=2) + mu / d
    move_d: FloatArray = np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0], dtype=np.float64)
    move_x = mu[:, :, None] * inverse - x + inverse @ (move_d[:, :, None] * x)
    move_x = (move_x + move_x.swapaxes(1, 2)) / 2
    return move_d, move_x, mu / d - t - t * move_d / d


def _reach(matrix: FloatArray, move: FloatArray) -> FloatArray:
    """Return how far to go, at most 1, so that the matrix stays positive definite."""
    root = np.linalg.inv(np.linalg.cholesky(matrix))
    least = np.linalg.eigvalsh(root @ move @ root.swapaxes(1, 2))[:, 0]
    reach = np.minimum(1.0, _SHARE / np.maximum(-least, 1e-300))
    return np.asarray(np.where(least < 0, reach, 1.0), dtype=np.float64)


def _ratio(value: FloatArray, move: FloatArray) -> FloatArray:
    falling = move < 0
    limit = np.where(falling, -value / np.where(falling, move, -1.0), np.inf)
    return np.asarray(np.minimum(1.0, _SHARE * limit.min(axis=1)), dtype=np.float64)
