"""Rotation of loadings to simple structure: varimax, promax, oblimin; in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray

_VARIMAX_ROUNDS = 2000
_OBLIMIN_ROUNDS = 3000
_OBLIMIN_GRADIENT = 1e-7
_ENOUGH = 1e-5
_NEAR = 1e-4
_HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Rotation:
    """Rotated loadings.

    Attributes
    ----------
    loadings
        shape (..., p, m), the pattern; factors in falling order of explained variance, every column's sum positive.
    phi
        shape (..., m, m), factor correlations, the identity for varimax.
    converged
        shape (...).
    """

    loadings: FloatArray
    phi: FloatArray
    converged: BoolArray


def varimax(loadings: npt.ArrayLike, *, normalise: bool = True) -> Rotation:
    """Rotate to the greatest variance of the squared loadings, factors uncorrelated.

    Parameters
    ----------
    loadings
        shape (..., p, m).
    normalise
        Kaiser's: items are given equal length while rotating. It matters, in the first decimal of loadings at worst.

    Returns
    -------
    Rotation

    Raises
    ------
    NumericsError
        N010 when the array has fewer than two axes.

    Notes
    -----
    Kaiser (1958), Psychometrika 23, 187–200, by singular value steps as ``stats::varimax``, run to their end.

    Examples
    --------
    >>> varimax([[0.6, 0.6], [0.6, 0.6], [0.6, -0.6], [0.6, -0.6]]).loadings.round(3) + 0.0
    array([[0.849, 0.   ],
           [0.849, 0.   ],
           [0.   , 0.849],
           [0.   , 0.849]])
    """
    flat, lead = _flat(loadings)
    rotated, converged = _varimax(flat, normalise)
    return _arranged(
        rotated, np.broadcast_to(np.eye(flat.shape[2]), (len(flat), *(flat.shape[2:] * 2))), converged, lead
    )


def promax(loadings: npt.ArrayLike, *, power: float = 4.0, normalise: bool = True) -> Rotation:
    """Rotate obliquely towards the varimax loadings raised to a power.

    Parameters
    ----------
    loadings
        shape (..., p, m).
    power
        Kappa, above 1.
    normalise
        Kaiser's normalisation throughout, as SPSS and ``psych::fa(rotate = "promax")``; without it the target is made
        of the varimax loadings as they are (``stats::promax``, ``rotate = "Promax"``).

    Returns
    -------
    Rotation

    Raises
    ------
    NumericsError
        N010 when the array has fewer than two axes or the power is not above 1.

    Notes
    -----
    Hendrickson and White (1964), British Journal of Statistical Psychology 17, 65–70.

    Examples
    --------
    >>> found = promax([[0.8, 0.3], [0.7, 0.2], [0.3, 0.8], [0.2, 0.7]])
    >>> round(float(found.phi[0, 1]), 3)
    0.578
    """
    if not power > 1:
        raise NumericsError(Problem("N010", got=f"{power:g}", params={"expected": "power > 1"}))
    flat, lead = _flat(loadings)
    length: FloatArray = _length(flat)
    start, converged = _varimax(flat, True)
    usable = np.isfinite(start).all(axis=(1, 2), keepdims=True)
    weighted = np.where(usable, start / length if normalise else start, 1.0)
    target = weighted * np.abs(weighted) ** (power - 1)
    turn = np.linalg.pinv(weighted) @ target
    turn = turn * np.sqrt(np.diagonal(np.linalg.pinv(_t(turn) @ turn), axis1=1, axis2=2))[:, None, :]
    inverse: FloatArray = np.asarray(np.linalg.pinv(turn), dtype=np.float64)
    pattern = np.where(usable, weighted @ turn, np.nan)
    phi = np.where(usable, inverse @ _t(inverse), np.nan)
    return _arranged(pattern * length if normalise else pattern, phi, converged, lead)


def oblimin(loadings: npt.ArrayLike, *, gamma: float = 0.0, normalise: bool = False) -> Rotation:
    """Rotate obliquely to the least direct oblimin criterion (gamma 0: quartimin).

    Parameters
    ----------
    loadings
        shape (..., p, m).
    gamma
        0 or below; above it factors can collapse into one another.
    normalise
        Kaiser's normalisation. GPArotation and psych do without, SPSS does with.

    Returns
    -------
    Rotation
        The better of two local minima, that found from the loadings as given and that from their varimax rotation.

    Raises
    ------
    NumericsError
        N010 when the array has fewer than two axes or gamma is above 0.

    Notes
    -----
    Jennrich and Sampson (1966), Psychometrika 31, 313–323, by gradient projection: Jennrich (2002), Psychometrika 67,
    7–19; Bernaards and Jennrich (2005), Educational and Psychological Measurement 65, 676–696.

    Examples
    --------
    >>> found = oblimin([[0.8, 0.3], [0.7, 0.2], [0.3, 0.8], [0.2, 0.7]])
    >>> bool(found.converged), round(float(found.phi[0, 1]), 3)
    (True, 0.606)
    """
    if gamma > 0:
        raise NumericsError(Problem("N010", got=f"{gamma:g}", params={"expected": "gamma <= 0"}))
    flat, lead = _flat(loadings)
    length = _length(flat) if normalise else np.ones((len(flat), flat.shape[1], 1))
    given = flat / length
    first = _oblimin(given, gamma)
    second = _oblimin(_varimax(given, True)[0], gamma)
    better = second[2] < first[2] - 1e-9
    pattern = np.where(better[:, None, None], second[0], first[0])
    phi = np.where(better[:, None, None], second[1], first[1])
    return _arranged(pattern * length, phi, np.where(better, second[3], first[3]), lead)


def oblimin_near(loadings: npt.ArrayLike, pattern: npt.ArrayLike) -> Rotation:
    """Rotate obliquely as `oblimin`, from the start that comes nearest to a given pattern: for replicates.

    Parameters
    ----------
    loadings
        shape (..., p, m), unrotated.
    pattern
        shape (p, m), the rotated loadings of a matrix near by.

    Returns
    -------
    Rotation
        The local minimum that belongs to the pattern's, with less care than `oblimin` for its last digits (gradient
        below 1e-4): what is left is small beside the spread of replicates. Loadings of fewer
        factors than columns are turned from where they stand.

    Raises
    ------
    NumericsError
        N010 when an array has fewer than two axes.

    Examples
    --------
    >>> given = np.array([[0.8, 0.3], [0.7, 0.2], [0.3, 0.8], [0.2, 0.7]])
    >>> whole = oblimin(given)
    >>> bool(np.allclose(oblimin_near(given, whole.loadings).loadings, whole.loadings, atol=1e-4))
    True
    """
    flat, lead = _flat(loadings)
    target, _ = _flat(pattern)
    usable: BoolArray = np.asarray(np.isfinite(flat).all(axis=(1, 2)))
    safe = np.where(usable[:, None, None], flat, target)
    nearest: FloatArray = np.asarray(np.linalg.pinv(safe), dtype=np.float64) @ target
    independent = np.linalg.matrix_rank(nearest) == nearest.shape[-1]  # else a factor of the sample has no likeness
    nearest = np.where(independent[:, None, None], nearest, np.eye(nearest.shape[-1]))
    turn: FloatArray = np.asarray(np.linalg.inv(_t(nearest)), dtype=np.float64)
    turn /= np.sqrt((turn**2).sum(axis=1, keepdims=True))
    found, phi, _, converged = _oblimin(flat, 0.0, turn, _NEAR)
    return _arranged(found, phi, converged, lead)


def arrange(loadings: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Put factors in falling order of explained variance and point them where their loadings' sum is positive.

    Factors that explain the same to eight digits come in the order of the items that load highest on them.

    Parameters
    ----------
    loadings
        shape (b, p, m).
    phi
        shape (b, m, m).

    Returns
    -------
    loadings, phi
        The same solution.

    Examples
    --------
    >>> arrange(np.array([[[0.1, -0.9], [0.2, -0.8]]]), np.eye(2)[None])[0]
    array([[[0.9, 0.1],
            [0.8, 0.2]]])
    """
    variance = np.diagonal(phi @ (_t(loadings) @ loadings), axis1=1, axis2=2)
    size = np.round(variance / np.maximum(variance.max(axis=1, keepdims=True), 1e-300), 8)
    leader = np.round(np.abs(loadings), 8).argmax(axis=1)
    order = np.lexsort((leader, -size), axis=1)
    sorted_loadings = np.take_along_axis(loadings, order[:, None, :], axis=2)
    sorted_phi = np.take_along_axis(np.take_along_axis(phi, order[:, :, None], axis=1), order[:, None, :], axis=2)
    sign = np.where(sorted_loadings.sum(axis=1) < 0, -1.0, 1.0)
    return sorted_loadings * sign[:, None, :], sorted_phi * sign[:, :, None] * sign[:, None, :]


def _arranged(loadings: FloatArray, phi: FloatArray, converged: BoolArray, lead: tuple[int, ...]) -> Rotation:
    ordered, correlations = arrange(loadings, phi)
    return Rotation(
        ordered.reshape(*lead, *loadings.shape[1:]),
        correlations.reshape(*lead, *phi.shape[1:]),
        np.asarray(converged.reshape(lead)),
    )


def _t(stack: FloatArray) -> FloatArray:
    return np.swapaxes(stack, 1, 2)


def _flat(loadings: npt.ArrayLike) -> tuple[FloatArray, tuple[int, ...]]:
    array = np.asarray(loadings, dtype=np.float64)
    if array.ndim < 2:
        raise NumericsError(Problem("N010", got=str(array.shape), params={"expected": "(..., p, m)"}))
    return array.reshape(-1, *array.shape[-2:]), array.shape[:-2]


def _length(flat: FloatArray) -> FloatArray:
    length = np.sqrt((flat**2).sum(axis=2, keepdims=True))
    return np.where(length > 0, length, 1.0)


def _varimax(flat: FloatArray, normalise: bool) -> tuple[FloatArray, BoolArray]:
    """Return the better of the solutions from two starts: loadings as given can stand at a stationary point."""
    length = _length(flat) if normalise else np.ones((len(flat), flat.shape[1], 1))
    given = flat / length
    m = flat.shape[2]
    skew = np.linalg.qr(np.tri(m) + np.arange(1.0, m + 1))[0]
    turns, done = zip(*(_varimax_turn(given, start) for start in (np.eye(m), skew)), strict=True)
    gain = [((given @ turn) ** 2).var(axis=1).sum(axis=1) for turn in turns]
    better = gain[1] > gain[0] * (1 + 1e-9)
    return flat @ np.where(better[:, None, None], turns[1], turns[0]), np.where(better, done[1], done[0])


def _varimax_turn(given: FloatArray, start: FloatArray) -> tuple[FloatArray, BoolArray]:
    b, _, m = given.shape
    usable = np.isfinite(given).all(axis=(1, 2))
    turn = np.broadcast_to(start, (b, m, m)).copy()
    done = ~usable | (m == 1)
    for _ in range(_VARIMAX_ROUNDS):
        left = np.flatnonzero(~done)
        if not len(left):
            break
        a = given[left]
        z = a @ turn[left]
        u, _, v = np.linalg.svd(_t(a) @ (z**3 - z * (z**2).mean(axis=1, keepdims=True)))
        new = u @ v
        done[left] = np.abs(new - turn[left]).max(axis=(1, 2)) < 1e-12
        turn[left] = new
    return turn, np.asarray(done & usable)


def _criterion(pattern: FloatArray, gamma: float) -> tuple[FloatArray, FloatArray]:
    """Return the oblimin criterion and its gradient in the pattern."""
    square = pattern**2
    others = square.sum(axis=2, keepdims=True) - square
    if gamma:
        others = others - gamma * others.mean(axis=1, keepdims=True)
    return (square * others).sum(axis=(1, 2)) / 4, pattern * others


def _oblimin(
    flat: FloatArray, gamma: float, start: FloatArray | None = None, least: float = _OBLIMIN_GRADIENT
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Return pattern, factor correlations, criterion and whether its gradient fell below `least`.

    Where rounding hides any further fall of the criterion, GPArotation's own bound on the gradient is enough.
    """
    b, _, m = flat.shape
    turn = np.broadcast_to(np.eye(m), (b, m, m)).copy() if start is None else start
    pattern = flat.copy() if start is None else flat @ _t(np.asarray(np.linalg.inv(start)))
    loss, slope = _criterion(pattern, gamma)
    step = np.ones(b)
    usable = np.isfinite(flat).all(axis=(1, 2))
    done = ~usable | (m == 1)
    stuck = np.zeros(b, dtype=np.bool_)
    for _ in range(_OBLIMIN_ROUNDS):
        left = np.flatnonzero(~done & ~stuck)
        if not len(left):
            break
        t = turn[left]
        gradient = -_t(_t(pattern[left]) @ slope[left] @ np.linalg.inv(t))
        gradient = gradient - t * (t * gradient).sum(axis=1, keepdims=True)
        size = np.sqrt((gradient**2).sum(axis=(1, 2)))
        done[left] = size < least
        go = left[size >= least]
        gradient, size = gradient[size >= least], size[size >= least]
        step[go] *= 2
        waiting = np.arange(len(go))
        for _ in range(_HALVINGS):
            k = go[waiting]
            tried = turn[k] - step[k, None, None] * gradient[waiting]
            tried /= np.sqrt((tried**2).sum(axis=1, keepdims=True))
            new = flat[k] @ _t(np.linalg.inv(tried))
            new_loss, new_slope = _criterion(new, gamma)
            good = loss[k] - new_loss > 0.5 * size[waiting] ** 2 * step[k]
            chosen = k[good]
            turn[chosen], pattern[chosen] = tried[good], new[good]
            loss[chosen], slope[chosen] = new_loss[good], new_slope[good]
            waiting = waiting[~good]
            if not len(waiting):
                break
            step[go[waiting]] /= 2
        stuck[go[waiting]] = True
        done[go[waiting]] = size[waiting] < _ENOUGH
    return pattern, _t(turn) @ turn, loss, np.asarray(done & usable)
