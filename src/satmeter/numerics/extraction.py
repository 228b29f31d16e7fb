"""Several common factors, not yet rotated: minimum residuals, maximum likelihood, principal axes; in batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, square_stack
from satmeter.numerics.factor_number import squared_multiple
from satmeter.numerics.sampling_adequacy import regular

Method = Literal["minres", "ml", "pa"]

LEAST_UNIQUENESS = 0.005
_GRADIENT = 1e-9
_ENOUGH = 1e-6
_ROUNDING = 1e-13
_STEPS = 200
_HALVINGS = 20
_AXIS_ROUNDS = 5000
_AXIS_CHANGE = 1e-10


@dataclass(frozen=True, slots=True)
class Extraction:
    """Unrotated factors.

    Attributes
    ----------
    loadings
        shape (..., p, m), in falling order of explained variance, every column's sum positive. NaN where the matrix is
        not finite (for `ml`: not positive definite).
    uniqueness
        shape (..., p), 1 − the sum of the squared loadings of an item.
    converged
        shape (...), whether the search ended at a minimum.
    heywood
        shape (..., p), items whose uniqueness came to the bound 0.005 (principal axes know no bound: at or below it).
        The solution is improper; it is shown as it is.
    """

    loadings: FloatArray
    uniqueness: FloatArray
    converged: BoolArray
    heywood: BoolArray


def extract_factors(corr: npt.ArrayLike, n_factors: int, *, method: Method = "minres") -> Extraction:
    """Extract common factors from correlation matrices.

    Parameters
    ----------
    corr
        shape (..., p, p).
    n_factors
        m, at most as many as leave no negative degrees of freedom: ((p − m)² − p − m)/2 ≥ 0.
    method
        `minres` least squared residual correlations, `ml` maximum likelihood for normal items, both among uniquenesses
        from 0.005 to 1; `pa` principal axes, iterated until no communality moves by 1e-10, without a bound.

    Returns
    -------
    Extraction

    Raises
    ------
    NumericsError
        N021 when there are too many factors for the items, or fewer than one.

    Notes
    -----
    Minres: Harman and Jones (1966), Psychometrika 31, 351–368; ml: Jöreskog (1967), Psychometrika 32, 443–482, with the
    second derivatives of Clarke (1970), British Journal of Mathematical and Statistical Psychology 23, 43–52. Both are
    functions of the uniquenesses alone and are minimised by Newton steps kept inside the bounds. Equal to ``psych::fa``
    as closely as psych goes; its principal axes stop earlier unless ``min.err`` is made small.

    Examples
    --------
    >>> corr = np.kron(np.eye(2), np.full((3, 3), 0.49)) + 0.51 * np.eye(6)
    >>> extract_factors(corr, 2).uniqueness.round(4)
    array([0.51, 0.51, 0.51, 0.51, 0.51, 0.51])
    """
    stack = square_stack(corr, minimum=2)
    p = stack.shape[-1]
    check_factor_count(p, n_factors)
    flat = stack.reshape(-1, p, p)
    definite = regular(flat)
    usable = definite if method == "ml" else np.asarray(np.isfinite(flat).all(axis=(1, 2)))
    loadings = np.full((len(flat), p, n_factors), np.nan)
    converged = np.zeros(len(flat), dtype=np.bool_)
    heywood = np.zeros((len(flat), p), dtype=np.bool_)
    if usable.any():
        chosen, start = flat[usable], _start(flat[usable], definite[usable], n_factors)
        if method == "pa":
            found, converged[usable] = _principal_axes(chosen, 1 - start, n_factors)
            heywood[usable] = 1 - (found**2).sum(axis=2) <= LEAST_UNIQUENESS
        else:
            search, outcome = (_ml, _ml_loadings) if method == "ml" else (_uls, _uls_loadings)
            unique, converged[usable] = _newton(chosen, start, n_factors, search, log=method == "ml")
            found = outcome(chosen, unique, n_factors)
            heywood[usable] = unique <= LEAST_UNIQUENESS * (1 + 1e-9)
        loadings[usable] = found * np.where(found.sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    uniqueness = 1 - (loadings**2).sum(axis=2)
    lead = stack.shape[:-2]
    return Extraction(
        loadings.reshape(*lead, p, n_factors),
        uniqueness.reshape(*lead, p),
        np.asarray(converged.reshape(lead)),
        heywood.reshape(*lead, p),
    )


def factor_df(n_items: int, n_factors: int) -> int:
    """Return the degrees of freedom of an exploratory factor model.

    Examples
    --------
    >>> factor_df(9, 3)
    12
    """
    return ((n_items - n_factors) ** 2 - n_items - n_factors) // 2


def check_factor_count(n_items: int, n_factors: int) -> None:
    """Raise N021 when so many factors cannot be had from so many items.

    Examples
    --------
    >>> check_factor_count(9, 3)
    """
    if n_factors < 1 or n_factors >= n_items or factor_df(n_items, n_factors) < 0:
        most = max((m for m in range(1, n_items) if factor_df(n_items, m) >= 0), default=0)
        raise NumericsError(Problem("N021", got=str(n_factors), params={"items": n_items, "maximum": most}))


def _start(corr: FloatArray, definite: BoolArray, m: int) -> FloatArray:
    """Return uniquenesses to start from: a part of what the other items leave unexplained, one half if singular."""
    p = corr.shape[-1]
    safe = np.where(definite[:, None, None], corr, np.eye(p))
    left = (1 - 0.5 * m / p) * (1 - squared_multiple(safe))
    return np.clip(np.where(definite[:, None], left, 0.5), 2 * LEAST_UNIQUENESS, 1.0)


def _falling(matrices: FloatArray) -> tuple[FloatArray, FloatArray]:
    values, vectors = np.linalg.eigh(matrices)
    return values[:, ::-1], vectors[:, :, ::-1]


def _less_diagonal(corr: FloatArray, unique: FloatArray) -> FloatArray:
    p = corr.shape[-1]
    reduced = corr.copy()
    reduced[:, np.arange(p), np.arange(p)] -= unique
    return reduced


def _uls_loadings(corr: FloatArray, unique: FloatArray, m: int) -> FloatArray:
    values, vectors = _falling(_less_diagonal(corr, unique))
    return np.asarray(vectors[:, :, :m] * np.sqrt(np.maximum(values[:, None, :m], 0.0)))


def _ml_loadings(corr: FloatArray, unique: FloatArray, m: int) -> FloatArray:
    sd = np.sqrt(unique)
    values, vectors = _falling(corr / (sd[:, :, None] * sd[:, None, :]))
    return np.asarray(sd[:, :, None] * vectors[:, :, :m] * np.sqrt(np.maximum(values[:, None, :m] - 1, 0.0)))


def _principal_axes(corr: FloatArray, communality: FloatArray, m: int) -> tuple[FloatArray, BoolArray]:
    done = np.zeros(len(corr), dtype=np.bool_)
    for _ in range(_AXIS_ROUNDS):
        left = np.flatnonzero(~done)
        if not len(left):
            break
        part = _uls_loadings(corr[left], 1 - communality[left], m)
        new = (part**2).sum(axis=2)
        done[left] = np.abs(new - communality[left]).max(axis=1) < _AXIS_CHANGE
        communality[left] = new
    return _uls_loadings(corr, 1 - communality, m), done


_Search = Callable[[FloatArray, FloatArray, int], tuple[FloatArray, FloatArray, FloatArray]]


def _curvature(vectors: FloatArray, m: int, pair: FloatArray) -> FloatArray:
    """Sum pair[j, l]·(w_j∘w_l)(w_j∘w_l)ᵀ over left-out vectors j and kept vectors l."""
    b, p, _ = vectors.shape
    product = (vectors[:, :, m:, None] * vectors[:, :, None, :m]).reshape(b, p, -1)
    return np.asarray((product * pair.reshape(b, 1, -1)) @ np.swapaxes(product, 1, 2))


def _gap(high: FloatArray, low: FloatArray) -> FloatArray:
    """Return low − high for all pairs, kept away from 0."""
    return np.minimum(low[:, :, None] - high[:, None, :], -1e-12)


def _uls(corr: FloatArray, unique: FloatArray, m: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return half the squared residuals, gradient and Hessian in the uniquenesses."""
    values, vectors = _falling(_less_diagonal(corr, unique))
    low, w = values[:, m:], vectors[:, :, m:]
    high = np.maximum(values[:, :m], 0.0)
    loss = (low**2).sum(axis=1) / 2 + (np.minimum(values[:, :m], 0.0) ** 2).sum(axis=1) / 2
    gradient = -(w**2 @ low[:, :, None])[:, :, 0]
    hessian = (w @ np.swapaxes(w, 1, 2)) ** 2 + _curvature(vectors, m, 2 * low[:, :, None] / _gap(high, low))
    return loss, gradient, hessian


def _ml(corr: FloatArray, log_unique: FloatArray, m: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the discrepancy, gradient and Hessian in the logarithms of the uniquenesses."""
    sd = np.exp(log_unique / 2)
    values, vectors = _falling(corr / (sd[:, :, None] * sd[:, None, :]))
    values = np.maximum(values, 1e-300)
    low, high, w = values[:, m:], values[:, :m], vectors[:, :, m:]
    loss = (low - np.log(low) - 1).sum(axis=1)
    gradient = (w**2 @ (1 - low)[:, :, None])[:, :, 0]
    across = -(1 - low)[:, :, None] * (low[:, :, None] + high[:, None, :]) / _gap(high, low)
    turned = np.swapaxes(w, 1, 2)
    hessian = (w @ turned) * ((w * low[:, None, :]) @ turned) + _curvature(vectors, m, across)
    return loss, gradient, hessian


def _newton(corr: FloatArray, start: FloatArray, m: int, search: _Search, *, log: bool) -> tuple[FloatArray, BoolArray]:
    """Minimise inside the bounds; steps follow the Hessian with its eigenvalues made positive, and are halved."""
    low, high = (np.log(LEAST_UNIQUENESS), 0.0) if log else (LEAST_UNIQUENESS, 1.0)
    found = np.log(start) if log else start.copy()
    done = np.zeros(len(corr), dtype=np.bool_)
    stuck = done.copy()
    for _ in range(_STEPS):
        left = np.flatnonzero(~done & ~stuck)
        if not len(left):
            break
        r, x = corr[left], found[left]
        loss, gradient, hessian = search(r, x, m)
        held = ((x <= low) & (gradient > 0)) | ((x >= high) & (gradient < 0))
        free = np.where(held, 0.0, gradient)
        size = np.abs(free).max(axis=1)
        done[left] = size < _GRADIENT
        move = _modified_step(hessian, free, held)
        new = _halved(r, x, loss, move, m, search, (low, high))
        stayed = (new == x).all(axis=1) & ~done[left]
        if stayed.any():  # a Newton step bent by the bounds need not fall; a gradient step does
            scale = np.diagonal(hessian, axis1=1, axis2=2).max(axis=1)[stayed, None]
            slope = free[stayed] / np.maximum(scale, 1e-6)
            new[stayed] = _halved(r[stayed], x[stayed], loss[stayed], slope, m, search, (low, high))
        found[left] = np.where(done[left][:, None], x, new)
        stuck[left] = (new == x).all(axis=1)  # rounding hides any further fall
        done[left] |= stuck[left] & (size < _ENOUGH)
    return np.exp(found) if log else found, done


def _modified_step(hessian: FloatArray, gradient: FloatArray, held: BoolArray) -> FloatArray:
    p = gradient.shape[1]
    fixed = held[:, :, None] | held[:, None, :]
    values, vectors = np.linalg.eigh(np.where(fixed, np.eye(p) * held[:, :, None], hessian))
    size = np.maximum(np.abs(values), 1e-6 * np.abs(values).max(axis=1, keepdims=True))
    return np.asarray((vectors @ ((np.swapaxes(vectors, 1, 2) @ gradient[:, :, None]) / size[:, :, None]))[:, :, 0])


def _halved(
    r: FloatArray,
    x: FloatArray,
    loss: FloatArray,
    move: FloatArray,
    m: int,
    search: _Search,
    bounds: tuple[float, float],
) -> FloatArray:
    """Return x less the move, halved until the loss does not rise; x itself where that never happens."""
    result = x.copy()
    left = np.arange(len(x))
    size = 1.0
    for _ in range(_HALVINGS):
        tried = np.clip(x[left] - size * move[left], *bounds)
        good = search(r[left], tried, m)[0] <= loss[left] + _ROUNDING
        result[left[good]] = tried[good]
        left = left[~good]
        if not len(left):
            break
        size /= 2
    return result
