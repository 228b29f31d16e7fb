"""One common factor by maximum likelihood, for a stack of correlation matrices at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import TOLERANCE, BoolArray, FloatArray, square_stack
from satmeter.numerics.factor import OneFactor, one_factor

_LEAST_UNIQUENESS = 0.005
_GRADIENT = 1e-8
_STEPS = 100
_FIRST_DAMPING = 1e-3
_MOST_DAMPING = 1e8


def one_factor_likelihood(corr: npt.ArrayLike) -> OneFactor:
    """Fit one common factor by maximum likelihood, as a confirmatory factor analysis of one construct does.

    Parameters
    ----------
    corr
        shape (..., p, p), correlation matrices of at least three items.

    Returns
    -------
    OneFactor
        From the solutions whose uniquenesses are at least 0.005, as in R's ``factanal``. `heywood` where one is held
        there. NaN, and not converged, where the matrix is singular, not positive definite or has a constant item.

    Raises
    ------
    NumericsError
        N001 for fewer than three items: they do not identify the loadings.

    Notes
    -----
    Minimises log|Σ| + tr(SΣ⁻¹) over the logarithms of the uniquenesses by damped Newton steps with the exact second
    derivatives, from the minimum-residual solution; the loadings follow in closed form: Jöreskog (1967),
    Psychometrika 32, 443–482.

    Examples
    --------
    >>> found = one_factor_likelihood([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    >>> found.loadings.round(4), bool(found.converged), bool(found.heywood)
    (array([0.7, 0.6, 0.5]), True, False)
    """
    stack = square_stack(corr, minimum=3)
    p = stack.shape[-1]
    flat = stack.reshape(-1, p, p)
    finite = np.asarray(np.isfinite(flat).all(axis=(1, 2)))
    smallest = np.linalg.eigvalsh(np.where(finite[:, None, None], flat, np.eye(p)))[:, 0]
    usable = np.flatnonzero(finite & (smallest > TOLERANCE))
    loadings, uniqueness = np.full((2, len(flat), p), np.nan)
    converged = np.zeros(len(flat), dtype=np.bool_)
    if len(usable):
        x, converged[usable] = _minimise(flat[usable])
        uniqueness[usable] = np.exp(x)
        loadings[usable] = _loadings(_decompose(flat[usable], x))
    held = np.asarray((uniqueness <= _LEAST_UNIQUENESS * (1 + 1e-6)).any(axis=1))
    return OneFactor(
        loadings.reshape(stack.shape[:-1]),
        uniqueness.reshape(stack.shape[:-1]),
        np.asarray(converged.reshape(stack.shape[:-2])),
        np.asarray(held.reshape(stack.shape[:-2])),
    )


@dataclass(frozen=True, slots=True)
class _Scaled:
    """Eigenvalues (b, p) and vectors (b, p, p) of Ψ^-½ S Ψ^-½, ascending, and √ψ (b, p)."""

    values: FloatArray
    vectors: FloatArray
    root: FloatArray


def _decompose(corr: FloatArray, x: FloatArray) -> _Scaled:
    root = np.exp(x / 2)
    values, vectors = np.linalg.eigh(corr / (root[:, :, None] * root[:, None, :]))
    return _Scaled(values, vectors, root)


def _loadings(found: _Scaled) -> FloatArray:
    size = np.sqrt(np.maximum(found.values[:, -1:] - 1, 0.0))
    loadings = found.root * found.vectors[:, :, -1] * size
    votes = np.sign(loadings).sum(axis=1)
    flip = (votes < 0) | ((votes == 0) & (loadings.sum(axis=1) < 0))
    return np.where(flip[:, None], -loadings, loadings)


def _loss(found: _Scaled) -> FloatArray:
    rest = found.values[:, :-1]
    return np.asarray((rest - np.log(rest) - 1).sum(axis=1))


def _gradient(found: _Scaled) -> FloatArray:
    return np.asarray(np.einsum("bk,bik->bi", 1 - found.values[:, :-1], found.vectors[:, :, :-1] ** 2))


def _hessian(found: _Scaled) -> FloatArray:
    """Second derivatives by the logarithms of the uniquenesses, from divided differences of the eigenvalues."""
    values, vectors = found.values, found.vectors
    p = values.shape[1]
    slope = np.full((len(values), p, p), -1.0)
    gap = np.maximum(values[:, -1:] - values[:, :-1], 1e-12)
    slope[:, -1, :-1] = slope[:, :-1, -1] = (values[:, :-1] - 1) / gap
    slope[:, -1, -1] = 0.0
    weight = -0.5 * slope * (values[:, :, None] + values[:, None, :])
    products = vectors[:, :, None, :] * vectors[:, None, :, :]
    return np.asarray(((products @ weight[:, None]) * products).sum(axis=-1))


def _minimise(corr: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Search matrices of shape (b, p, p); return the logarithms of the uniquenesses and whether they are a minimum."""
    low = np.log(_LEAST_UNIQUENESS)
    start = one_factor(corr, min_uniqueness=_LEAST_UNIQUENESS).uniqueness
    x_all = np.clip(np.log(start), low, 0.0)
    done = np.zeros(len(corr), dtype=np.bool_)
    left = np.arange(len(corr))
    r, x, damping = corr, x_all.copy(), np.zeros(len(corr))
    found = _decompose(r, x)
    for _ in range(_STEPS):
        gradient = _gradient(found)
        held = ((x <= low) & (gradient > 0)) | ((x >= 0) & (gradient < 0))
        free = np.where(held, 0.0, gradient)
        small = np.abs(free).max(axis=1) < _GRADIENT
        x_all[left], done[left] = x, small
        go = ~small & (damping < _MOST_DAMPING)
        if not go.any():
            break
        left, r, x, damping, held, free = left[go], r[go], x[go], damping[go], held[go], free[go]
        found = _Scaled(found.values[go], found.vectors[go], found.root[go])
        x, damping, found = _step(r, x, damping, found, np.where(held[:, :, None] | held[:, None, :], 0.0, 1.0), free)
    return x_all, done


def _step(
    r: FloatArray, x: FloatArray, damping: FloatArray, found: _Scaled, free: FloatArray, gradient: FloatArray
) -> tuple[FloatArray, FloatArray, _Scaled]:
    """Take the damped Newton step where it lowers the loss, else raise the damping."""
    p = x.shape[1]
    hessian = _hessian(found) * free + np.eye(p) * ((gradient == 0) + damping[:, None] + 1e-12)[:, None, :]
    move = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
    trial = np.clip(x - move, np.log(_LEAST_UNIQUENESS), 0.0)
    next_found = _decompose(r, trial)
    before = _loss(found)
    better = _loss(next_found) <= before + 1e-13 * p
    x = np.where(better[:, None], trial, x)
    found = _Scaled(
        np.where(better[:, None], next_found.values, found.values),
        np.where(better[:, None, None], next_found.vectors, found.vectors),
        np.where(better[:, None], next_found.root, found.root),
    )
    return x, np.where(better, damping / 100, np.maximum(10 * damping, _FIRST_DAMPING)), found
