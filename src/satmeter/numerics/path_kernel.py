"""The iterations of partial least squares for a chunk of correlation matrices, replicate index last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_solve import back_substitute, cholesky_last, regress_last

Scheme = Literal["path", "factorial", "centroid"]
_DROP = 0.5  # part of the replicates that must be done before the others are copied together


@dataclass(frozen=True, slots=True)
class PlsOptions:
    """How the algorithm runs: inner scheme, largest change of a weight at its end, most iterations."""

    scheme: Scheme = "path"
    tolerance: float = 1e-10
    max_iter: int = 300


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
    active = np.flatnonzero(np.isfinite(corr).all(axis=(0, 1)))
    left = corr if len(active) == b else corr[..., active]
    factors = _mode_b_factors(left, model, slices)
    before = np.full((p, len(active)), np.inf)
    weights = np.ones((p, len(active)))
    room = np.empty((len(slices), p, len(active)))
    done = np.zeros(len(active), dtype=bool)
    for step in range(options.max_iter + 1):
        scaled, between, scale = _project(left, weights, slices, room)
        still = np.abs(scaled - before).max(axis=0) <= options.tolerance
        new = still & ~done
        final[:, active[new]] = scaled[:, new]
        iterations[active[new]] = step
        done |= still | np.isnan(scaled).any(axis=0)
        if done.all():
            break
        inner = _inner(between, model, options.scheme)
        inner *= scale
        weights = _outer(room, inner, slices, factors)
        before = scaled
        if done.mean() >= _DROP:
            keep = ~done
            left, active, done = left[..., keep], active[keep], done[keep]
            before, weights, room = before[:, keep], weights[:, keep], np.empty((len(slices), p, len(active)))
            factors = {k: lower[..., keep] for k, lower in factors.items()}
    room = np.empty((len(slices), p, b))
    scaled, between, scale = _project(corr, final, slices, room)
    room *= scale[:, None]
    return Solved(scaled, room, between, ~np.isnan(final).any(axis=0), iterations)


def _mode_b_factors(corr: FloatArray, model: PathModel, slices: tuple[slice, ...]) -> dict[int, FloatArray]:
    return {
        k: cholesky_last(corr[slices[k], slices[k]])
        for k, mode in enumerate(model.modes)
        if mode == "B" and len(model.blocks[k]) > 1
    }


def _project(
    corr: FloatArray, weights: FloatArray, slices: tuple[slice, ...], room: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Scale weights to scores of variance 1; return them, constructs × constructs, and the factors of the scaling.

    `room` is filled with constructs × items before scaling, which saves a pass over its many numbers.
    """
    m, b = len(slices), weights.shape[-1]
    between = np.empty((m, m, b))
    scaled = np.empty_like(weights)
    scale = np.empty((m, b))
    for k, block in enumerate(slices):
        np.einsum("jib,jb->ib", corr[block], weights[block], out=room[k])
        variance = np.einsum("ib,ib->b", room[k, block], weights[block])
        scale[k] = 1 / np.sqrt(np.where(variance > 0, variance, np.nan))
        np.multiply(weights[block], scale[k], out=scaled[block])
    for k, block in enumerate(slices):
        np.einsum("jib,ib->jb", room[:, block], scaled[block], out=between[k])
        between[k] *= scale
    return scaled, between, scale


def _inner(between: FloatArray, model: PathModel, scheme: Scheme) -> FloatArray:
    """Weights of the neighbours that stand for every construct, shape (m, m, b)."""
    found = np.zeros_like(between)
    for j, k in model.arcs:
        found[j, k] = between[j, k] if scheme != "centroid" else np.sign(between[j, k])
        found[k, j] = found[j, k]
    if scheme == "path":
        for k in model.endogenous:
            found[k, list(model.predecessors[k])] = regress_last(between, k, model.predecessors[k])
    return found


def _outer(
    structure: FloatArray, inner: FloatArray, slices: tuple[slice, ...], factors: dict[int, FloatArray]
) -> FloatArray:
    """Covariances of the items with what stands for their construct; in mode B regression coefficients."""
    found = np.empty(structure.shape[1:])
    for k, block in enumerate(slices):
        if block.stop - block.start == 1:
            found[block] = 1.0
            continue
        np.einsum("jib,jb->ib", structure[:, block], inner[k], out=found[block])
        if k in factors:
            found[block] = back_substitute(factors[k], found[block])
    return found
