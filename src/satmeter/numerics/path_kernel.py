"""The iterations of partial least squares for a chunk of correlation matrices, replicate index last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_solve import back_substitute, cholesky_last, regress_last

Scheme = Literal["path", "factorial", "centroid"]
MAX_ITER = 300
_DROP = 0.5  # part of the replicates that must be done before the others are copied together


@dataclass(frozen=True, slots=True)
class PlsOptions:
    """How the algorithm runs: inner scheme, largest change of a weight at its end, most iterations."""

    scheme: Scheme = "path"
    tolerance: float = 1e-10
    max_iter: int = MAX_ITER


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Weights of a chunk and what follows from them; columns stand block by block, the replicate index last.

    Attributes
    ----------
    weights
        shape (p, b).
    structure
        shape (m, p, b), correlation of every construct with every column.
    construct_corr
        shape (m, m, b).
    converged, iterations
        shape (b,).
    """

    weights: FloatArray
    structure: FloatArray
    construct_corr: FloatArray
    converged: BoolArray
    iterations: IntArray


def block_slices(model: PathModel) -> tuple[slice, ...]:
    """Return where every block stands once the columns are put block by block.

    Parameters
    ----------
    model
        Of `path_model`.

    Returns
    -------
    tuple of slice

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> block_slices(path_model([(2, 0), (1,)], {1: (0,)}))
    (slice(0, 2, None), slice(2, 3, None))
    """
    ends = np.cumsum([len(block) for block in model.blocks]).tolist()
    return tuple(slice(stop - len(block), stop) for stop, block in zip(ends, model.blocks, strict=True))


def solve_weights(corr: FloatArray, model: PathModel, options: PlsOptions) -> Solved:
    """Iterate inner and outer weights of a chunk until they stand still.

    Parameters
    ----------
    corr
        shape (p, p, b), columns block by block.
    model, options
        As in `pls`; the column numbers of the blocks are not used, only their sizes.

    Returns
    -------
    Solved
        Signs are as they fell. Replicates with missing correlations, without an end or with a singular system are NaN.

    Notes
    -----
    Weights start at 1. A replicate is done when no weight, scaled to scores of variance 1, moved by more than the
    tolerance; it is then frozen, so that its result does not hang on the other replicates of the chunk.

    Examples
    --------
    >>> import numpy as np
    >>> from satmeter.numerics.path_model import path_model
    >>> corr = np.array([[1.0, 0.5], [0.5, 1.0]])[..., None]
    >>> solve_weights(corr, path_model([(0,), (1,)], {1: (0,)}), PlsOptions()).construct_corr[0, 1]
    array([0.5])
    """
    p, b = len(corr), corr.shape[-1]
    slices = block_slices(model)
    final = np.full((p, b), np.nan)
    iterations = np.full(b, options.max_iter, dtype=np.int64)
    active = np.flatnonzero(np.isfinite(corr.sum(axis=(0, 1))))
    left = corr if len(active) == b else corr[..., active]
    factors = _mode_b_factors(left, model, slices)
    space = _space(model, len(active))
    weights, before = np.ones((p, len(active))), np.full((p, len(active)), np.inf)
    done = np.zeros(len(active), dtype=bool)
    for step in range(options.max_iter + 1):
        _project(left, weights, slices, space)
        moved = np.subtract(space.scaled, before, out=before)
        still = np.abs(moved, out=moved).max(axis=0) <= options.tolerance
        new = still & ~done
        if new.any():
            final[:, active[new]] = space.scaled[:, new]
            iterations[active[new]] = step
        done |= still | np.isnan(space.scaled).any(axis=0)
        if done.all():
            break
        _inner(space, model, options.scheme)
        _outer(space, slices, factors, weights)
        before, space = space.scaled, replace(space, scaled=before)
        if done.mean() >= _DROP:
            keep = ~done
            left, active, done = left[..., keep], active[keep], done[keep]
            before, weights, space = before[:, keep], weights[:, keep], _space(model, len(active))
            factors = {k: lower[..., keep] for k, lower in factors.items()}
    space = _space(model, b)
    _project(corr, final, slices, space)
    structure = np.multiply(space.room, space.scale[:, None], out=space.room)
    return Solved(space.scaled, structure, space.between, ~np.isnan(final).any(axis=0), iterations)


@dataclass(frozen=True, slots=True, eq=False)
class _Space:
    """Arrays that every iteration writes into anew.

    Attributes
    ----------
    room
        shape (m, p, b), covariances of constructs and items before scaling, which saves a pass over its many numbers.
    scale
        shape (m, b), factors that give every score variance 1.
    scaled
        shape (p, b), weights times these factors.
    between
        shape (m, m, b), correlations of the constructs.
    inner
        shape (m, m, b), weights of the neighbours that stand for every construct; 0 where there is no path.
    """

    room: FloatArray
    scale: FloatArray
    scaled: FloatArray
    between: FloatArray
    inner: FloatArray


def _space(model: PathModel, b: int) -> _Space:
    m, p = model.n_constructs, model.n_columns
    return _Space(np.empty((m, p, b)), np.empty((m, b)), np.empty((p, b)), np.empty((m, m, b)), np.zeros((m, m, b)))


def _mode_b_factors(corr: FloatArray, model: PathModel, slices: tuple[slice, ...]) -> dict[int, FloatArray]:
    return {
        k: cholesky_last(corr[slices[k], slices[k]])
        for k, mode in enumerate(model.modes)
        if mode == "B" and len(model.blocks[k]) > 1
    }


def _project(corr: FloatArray, weights: FloatArray, slices: tuple[slice, ...], space: _Space) -> None:
    """Form scores by the weights: their correlations with one another, and with the items before scaling."""
    room, scale, scaled, between = space.room, space.scale, space.scaled, space.between
    for k, block in enumerate(slices):
        np.einsum("jib,jb->ib", corr[block], weights[block], out=room[k])
        np.einsum("ib,ib->b", room[k, block], weights[block], out=scale[k])
    scale[~(scale > 0)] = np.nan
    np.sqrt(scale, out=scale)
    np.divide(1.0, scale, out=scale)
    for k, block in enumerate(slices):
        np.multiply(weights[block], scale[k], out=scaled[block])
        upto = between[k, : k + 1]
        np.einsum("jib,ib->jb", room[: k + 1, block], scaled[block], out=upto)
        upto *= scale[: k + 1]
        between[:k, k] = upto[:k]


def _inner(space: _Space, model: PathModel, scheme: Scheme) -> None:
    """Find the weights of the neighbours that stand for every construct, times what brings them to variance 1."""
    between, inner, scale = space.between, space.inner, space.scale
    for j, k in model.arcs:
        value = np.sign(between[j, k]) if scheme == "centroid" else between[j, k]
        np.multiply(value, scale[k], out=inner[j, k])
        if scheme != "path":
            np.multiply(value, scale[j], out=inner[k, j])
    if scheme == "path":
        for k in model.endogenous:
            before = list(model.predecessors[k])
            inner[k, before] = regress_last(between, k, model.predecessors[k]) * scale[before]


def _outer(space: _Space, slices: tuple[slice, ...], factors: dict[int, FloatArray], weights: FloatArray) -> None:
    """Write the covariances of the items with what stands for their construct; in mode B regression coefficients."""
    for k, block in enumerate(slices):
        if block.stop - block.start == 1:
            weights[block] = 1.0
            continue
        np.einsum("jib,jb->ib", space.room[:, block], space.inner[k], out=weights[block])
        if k in factors:
            weights[block] = back_substitute(factors[k], weights[block])
