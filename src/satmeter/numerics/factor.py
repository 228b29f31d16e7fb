"""One common factor by minimum residuals, and the reliability that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, correlation_from, square_stack

_GRADIENT = 1e-9
_STEPS = 200
_DAMPING = 1e-3
_LEAST_UNIQUENESS = 0.005
_MANY = 50
_WALK = 30
_FAR = 1e-4


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


def one_factor(corr: npt.ArrayLike, *, min_uniqueness: float | None = None) -> OneFactor:
    """Fit one common factor by minimum residuals (minres).

    Parameters
    ----------
    corr
        shape (..., p, p), correlation matrices.
    min_uniqueness
        Search among solutions whose uniquenesses are at least this; psych uses 0.005. None: among all, so that an
        improper solution can be seen.

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
    Psychometrika 31, 351–368. Their coordinate sweeps begin, damped Newton steps finish. Equal to R
    ``psych::fa(nfactors = 1, fm = "minres")`` as closely as psych's optimiser goes (tests/reference/reliability.json).

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
        limit = np.inf if min_uniqueness is None else float(np.sqrt(1 - min_uniqueness))
        search = _two_items if p == 2 else _minres
        loadings[usable], converged[usable] = search(flat[usable], limit)
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
        Between 0 and 1. From the solution among uniquenesses of at least 0.005, as in psych: no omega is formed with
        a negative residual variance; a Heywood case, which `one_factor` flags, needs a note. NaN where an item is
        constant or the fit did not converge. For two items it equals standardised alpha when r is positive.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    (Σλ)² / ((Σλ)² + Σ(1 − λ²)): McDonald (1999), Test Theory, 6. ``psych::omega`` divides by the sum of the observed
    correlations instead, which differs in the fourth decimal.

    Examples
    --------
    >>> round(float(omega_total([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])), 4)
    0.6304
    """
    fit = one_factor(correlation_from(square_stack(cov, minimum=2)), min_uniqueness=_LEAST_UNIQUENESS)
    common = fit.loadings.sum(axis=-1) ** 2
    whole = common + fit.uniqueness.sum(axis=-1)
    return np.asarray(common / np.where(fit.converged & (whole > 0), whole, np.nan), dtype=np.float64)[()]


def _two_items(corr: FloatArray, limit: float) -> tuple[FloatArray, BoolArray]:
    r = corr[:, 0, 1]
    size = np.minimum(np.sqrt(np.abs(r)), limit)
    return np.stack([size, np.where(r < 0, -size, size)], axis=1), np.ones(len(corr), dtype=np.bool_)


def _majority_positive(loadings: FloatArray) -> FloatArray:
    votes = np.sign(loadings).sum(axis=-1)
    flip = (votes < 0) | ((votes == 0) & (loadings.sum(axis=-1) < 0))
    return np.where(flip[..., None], -loadings, loadings)


def _minres(corr: FloatArray, limit: float) -> tuple[FloatArray, BoolArray]:
    """Search the minimum for matrices of shape (b, p, p) that are all finite, p at least 3, loadings within ±limit."""
    p = corr.shape[-1]
    off = corr.copy()
    off[:, np.arange(p), np.arange(p)] = 0.0
    x = _start(corr, off, limit)
    found = x.copy()
    done = np.zeros(len(corr), dtype=np.bool_)
    left = np.arange(len(corr))
    damping = np.zeros(len(corr))
    r = off
    for _ in range(_STEPS):
        free = _free_gradient(r, x, limit)
        small = np.abs(free).max(axis=1) < _GRADIENT
        found[left] = x
        done[left] = small
        if small.all():
            break
        go = ~small
        left, r = left[go], r[go]
        x, damping = _step(r, x[go], free[go], damping[go], limit)
    return found, done


def _first_component(corr: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(corr)
    return np.asarray(vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 0.0)), dtype=np.float64)


def _start(corr: FloatArray, r: FloatArray, limit: float) -> FloatArray:
    """Return loadings to start from: for many matrices (replicates of one sample) those near the mean's solution."""
    many = _from_mean(corr, r, limit) if len(r) >= _MANY else None
    far = (
        np.ones(len(r), dtype=np.bool_)
        if many is None
        else ~(np.abs(_free_gradient(r, many, limit)) < _FAR).all(axis=1)
    )
    start = np.empty(r.shape[:2]) if many is None else many
    if far.any():
        first = np.clip(_first_component(corr[far]), -limit, limit)
        start[far] = _sweep(r[far], _sweep(r[far], first, limit), limit)
    return start


def _from_mean(corr: FloatArray, r: FloatArray, limit: float) -> FloatArray | None:
    """Walk from the solution of the mean matrix, every matrix by its own gradient and the mean's second derivative."""
    mean = corr.mean(axis=0)[None]
    found, done = _minres(mean, limit)
    off = r.mean(axis=0)[None]
    try:
        np.linalg.cholesky(_hessian(off, found))
    except np.linalg.LinAlgError:
        return None
    if not done[0] or (np.abs(found) >= limit).any():
        return None
    inverse = np.linalg.inv(_hessian(off, found)[0])
    x = np.repeat(found, len(r), axis=0)
    for _ in range(_WALK):
        gradient = _free_gradient(r, x, limit)
        if np.abs(gradient).max() < _GRADIENT:
            break
        x = np.clip(x - gradient @ inverse, -limit, limit)
    return x


def _residual_sum(r: FloatArray, x: FloatArray) -> FloatArray:
    """Half the sum of squared off-diagonal residuals, less the part that does not depend on the loadings."""
    square = x**2
    cross = (x * (r @ x[:, :, None])[:, :, 0]).sum(axis=1)
    return np.asarray((square.sum(axis=1) ** 2 - (square**2).sum(axis=1)) / 4 - cross / 2)


def _free_gradient(r: FloatArray, x: FloatArray, limit: float) -> FloatArray:
    """Gradient of half the residual sum, zero for loadings that are held at the limit."""
    square = x**2
    gradient = x * (square.sum(axis=1, keepdims=True) - square) - (r @ x[:, :, None])[:, :, 0]
    held = (np.abs(x) >= limit) & (gradient * x < 0)
    return np.where(held, 0.0, gradient)


def _sweep(r: FloatArray, x: FloatArray, limit: float) -> FloatArray:
    """One round of coordinate descent: every loading in turn is regressed on the others."""
    new = x.copy()
    for i in range(x.shape[1]):
        rest = (new**2).sum(axis=1) - new[:, i] ** 2
        known = rest > 1e-300
        projection = np.einsum("bj,bj->b", r[:, i], new)
        new[:, i] = np.clip(np.where(known, projection / np.where(known, rest, 1.0), 0.0), -limit, limit)
    return new


def _hessian(r: FloatArray, x: FloatArray) -> FloatArray:
    """Second derivative of half the residual sum."""
    diagonal = np.arange(x.shape[1])
    square = x**2
    hessian = (2 * x)[:, :, None] * x[:, None, :]
    hessian -= r
    hessian[:, diagonal, diagonal] = square.sum(axis=1, keepdims=True) - square
    return hessian


def _step(
    r: FloatArray, x: FloatArray, gradient: FloatArray, damping: FloatArray, limit: float
) -> tuple[FloatArray, FloatArray]:
    """Take the damped Newton step where it lowers the residuals, else a coordinate sweep, which always does."""
    diagonal = np.arange(x.shape[1])
    hessian = _hessian(r, x)
    hessian[:, diagonal, diagonal] += damping[:, None] + 1e-14
    held = (np.abs(x) >= limit) & (gradient == 0)
    if held.any():
        hessian[held[:, :, None] | held[:, None, :]] = 0.0
        hessian[:, diagonal, diagonal] += held
    try:
        move = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        return _sweep(r, x, limit), np.maximum(damping, _DAMPING)
    newton = np.clip(x - move, -limit, limit)
    before = _residual_sum(r, x)
    better = _residual_sum(r, newton) <= before + 1e-14 * np.abs(before)
    if better.all():
        return newton, _relaxed(damping)
    damping = np.where(better, _relaxed(damping), np.maximum(10 * damping, _DAMPING))
    return np.where(better[:, None], newton, _sweep(r, x, limit)), damping


def _relaxed(damping: FloatArray) -> FloatArray:
    return np.where(damping > _DAMPING / 10, damping / 10, 0.0)
