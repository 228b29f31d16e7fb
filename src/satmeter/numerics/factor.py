"""One common factor by minimum residuals, and the reliability that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, correlation_from, square_stack

_GRADIENT = 1e-9
_STEPS = 200


@dataclass(frozen=True, slots=True)
class OneFactor:
    """A one-factor solution.

    Attributes
    ----------
    loadings
        shape (..., p), standardised; signed so that most indicators load positively. NaN where an item is
        constant.
    uniqueness
        shape (..., p), 1 − loading². Negative in a Heywood case.
    converged
        shape (...). False where no minimum was found; the loadings are then where the search stood.
    heywood
        shape (...). Whether a uniqueness is negative: the solution is improper and is shown as it is, never
        clipped.
    """

    loadings: FloatArray
    uniqueness: FloatArray
    converged: BoolArray
    heywood: BoolArray


def one_factor(corr: npt.ArrayLike) -> OneFactor:
    """Fit one common factor by minimum residuals (minres).

    Parameters
    ----------
    corr
        shape (..., p, p), correlation matrices.

    Returns
    -------
    OneFactor
        Two items do not identify their loadings: both are given sqrt(|r|), the second with the sign of r.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    Minimises the sum of the squared off-diagonal residuals over the loadings: Harman and Jones (1966),
    Psychometrika 31, 351–368. Their coordinate sweeps begin, Newton steps finish. Equal to R
    ``psych::fa(nfactors = 1, fm = "minres")`` except in Heywood cases, where psych keeps uniquenesses above
    0.005.

    Examples
    --------
    >>> one_factor([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]]).loadings.round(4)
    array([0.7, 0.6, 0.5])
    """
    stack = square_stack(corr, minimum=2)
    p = stack.shape[-1]
    flat = stack.reshape(-1, p, p)
    usable = np.asarray(np.isfinite(flat).all(axis=(1, 2)))
    loadings: FloatArray = np.full((len(flat), p), np.nan)
    converged = np.zeros(len(flat), dtype=np.bool_)
    if usable.any():
        search = _two_items if p == 2 else _minres
        loadings[usable], converged[usable] = search(flat[usable])
    loadings = _majority_positive(loadings).reshape(stack.shape[:-1])
    uniqueness = 1 - loadings**2
    return OneFactor(
        loadings,
        uniqueness,
        np.asarray(converged.reshape(stack.shape[:-2])),
        np.asarray((uniqueness < 0).any(axis=-1)),
    )


def omega_total(cov: npt.ArrayLike) -> FloatArray:
    """Estimate the reliability of the sum of the standardised items by McDonald's omega, one-factor minres.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance or correlation of the items.

    Returns
    -------
    array, shape (...)
        Not clipped: above 1 is possible in a Heywood case, which `one_factor` flags. NaN where an item is
        constant or the fit did not converge. For two items it equals standardised alpha when r is positive.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    (Σλ)² / ((Σλ)² + Σ(1 − λ²)): McDonald (1999), Test Theory, 6.

    Examples
    --------
    >>> round(float(omega_total([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])), 4)
    0.6304
    """
    fit = one_factor(correlation_from(square_stack(cov, minimum=2)))
    common = fit.loadings.sum(axis=-1) ** 2
    whole = common + fit.uniqueness.sum(axis=-1)
    return np.asarray(common / np.where(fit.converged & (whole > 0), whole, np.nan), dtype=np.float64)[()]


def _two_items(corr: FloatArray) -> tuple[FloatArray, BoolArray]:
    r = corr[:, 0, 1]
    size = np.sqrt(np.abs(r))
    return np.stack([size, np.where(r < 0, -size, size)], axis=1), np.ones(len(corr), dtype=np.bool_)


def _majority_positive(loadings: FloatArray) -> FloatArray:
    votes = np.sign(loadings).sum(axis=-1)
    flip = (votes < 0) | ((votes == 0) & (loadings.sum(axis=-1) < 0))
    return np.where(flip[..., None], -loadings, loadings)


def _minres(corr: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Search the minimum for matrices of shape (b, p, p) that are all finite, p at least 3."""
    p = corr.shape[-1]
    off = corr.copy()
    off[:, np.arange(p), np.arange(p)] = 0.0
    found = _first_component(corr)
    done = np.zeros(len(corr), dtype=np.bool_)
    left = np.arange(len(corr))
    r = off
    x = _sweep(r, _sweep(r, found))
    for _ in range(_STEPS):
        small = np.abs(_gradient(r, x)).max(axis=1) < _GRADIENT
        found[left] = x
        done[left] = small
        if small.all():
            break
        left, r, x = left[~small], r[~small], x[~small]
        x = _step(r, x)
    return found, done


def _first_component(corr: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(corr)
    return np.asarray(vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 0.0)), dtype=np.float64)


def _residual_sum(r: FloatArray, x: FloatArray) -> FloatArray:
    """Half the sum of squared off-diagonal residuals, less the part that does not depend on the loadings."""
    square = x**2
    cross = np.einsum("bi,bij,bj->b", x, r, x)
    return np.asarray((square.sum(axis=1) ** 2 - (square**2).sum(axis=1)) / 4 - cross / 2)


def _gradient(r: FloatArray, x: FloatArray) -> FloatArray:
    square = x**2
    return np.asarray(x * (square.sum(axis=1, keepdims=True) - square) - (r @ x[:, :, None])[:, :, 0])


def _sweep(r: FloatArray, x: FloatArray) -> FloatArray:
    """One round of coordinate descent: every loading in turn is regressed on the others."""
    new = x.copy()
    for i in range(x.shape[1]):
        rest = (new**2).sum(axis=1) - new[:, i] ** 2
        projection = np.einsum("bj,bj->b", r[:, i], new)
        new[:, i] = np.where(rest > 1e-300, projection / np.where(rest > 1e-300, rest, 1.0), 0.0)
    return new


def _step(r: FloatArray, x: FloatArray) -> FloatArray:
    """Take the Newton step where it lowers the residuals, else a coordinate sweep, which always does."""
    p = x.shape[1]
    square = x**2
    hessian = 2 * x[:, :, None] * x[:, None, :] - r
    hessian[:, np.arange(p), np.arange(p)] = square.sum(axis=1, keepdims=True) - square + 1e-14
    try:
        move = np.linalg.solve(hessian, _gradient(r, x)[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        return _sweep(r, x)
    newton = x - move
    before = _residual_sum(r, x)
    better = _residual_sum(r, newton) <= before + 1e-14 * np.abs(before)
    if better.all():
        return newton
    return np.where(better[:, None], newton, _sweep(r, x))
