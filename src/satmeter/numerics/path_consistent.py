"""Consistent partial least squares: correlations of constructs freed of measurement error, and whether they exist."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, square_stack
from satmeter.numerics.composite import rho_a
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_quality import reflective
from satmeter.numerics.path_solve import regress_last
from satmeter.numerics.path_weights import PathFit


@dataclass(frozen=True, slots=True, eq=False)
class ConsistentFit:
    """A corrected solution and why it may not be one.

    Attributes
    ----------
    fit
        Corrected loadings, construct correlations, paths and R²; weights as in the uncorrected solution.
    reliability
        shape (..., m), rho_A; 1 for constructs that are not corrected (one item, mode B).
    smallest_eigenvalue
        shape (...), of the corrected construct correlations; negative: no population has them.
    positive_definite
        shape (...), whether the corrected construct correlations are.
    loadings_within_one
        shape (...), whether no corrected loading exceeds 1 in size.
    reliabilities_within_one
        shape (...), whether every rho_A lies above 0 and not above 1.
    admissible
        shape (...), all three.
    """

    fit: PathFit
    reliability: FloatArray
    smallest_eigenvalue: FloatArray
    positive_definite: BoolArray
    loadings_within_one: BoolArray
    reliabilities_within_one: BoolArray
    admissible: BoolArray


def consistent(corr: npt.ArrayLike, fit: PathFit, model: PathModel) -> ConsistentFit:
    """Correct a solution of partial least squares for the measurement error of its constructs.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    fit
        Of `pls` on the same.
    model
        Of `path_model`. Constructs of mode A with two items or more are taken as common factors and corrected.

    Returns
    -------
    ConsistentFit
        The numbers are given even where they are not admissible; report them only with that word.
        NaN where rho_A is not above 0.

    Notes
    -----
    Correlations over √(rho_A rho_A), loadings w √rho_A/(wᵀw): Dijkstra and Henseler (2015), Computational Statistics &
    Data Analysis 81, 10–23.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> corr = [[1, 0.64, 0.32, 0.32], [0.64, 1, 0.32, 0.32], [0.32, 0.32, 1, 0.64], [0.32, 0.32, 0.64, 1]]
    >>> found = consistent(corr, pls(corr, model), model)
    >>> found.fit.paths[1, 0].round(6).item(), found.fit.loadings.round(6).tolist(), bool(found.admissible)
    (0.5, [0.8, 0.8, 0.8, 0.8], True)
    """
    stack = square_stack(corr)
    reliability = np.where(np.isnan(fit.weights[..., :1]), np.nan, np.ones(fit.r2.shape))
    loadings = fit.loadings.copy()
    for k in reflective(model):
        block = list(model.blocks[k])
        weights = fit.weights[..., block]
        reliability[..., k] = rho_a(stack[..., block, :][..., block], weights)
        root = np.sqrt(np.where(reliability[..., k] > 0, reliability[..., k], np.nan))
        loadings[..., block] = weights * (root / (weights**2).sum(axis=-1))[..., None]
    root = np.sqrt(np.where(reliability > 0, reliability, np.nan))
    scale = root[..., :, None] * root[..., None, :]
    m = model.n_constructs
    between = fit.construct_corr / scale
    between[..., np.arange(m), np.arange(m)] = np.where(np.isnan(root), np.nan, 1.0)
    cross = fit.cross_loadings / root[..., None, :]
    for k in reflective(model):
        block = list(model.blocks[k])
        cross[..., block, k] = loadings[..., block]
    paths, r2 = _structural(between, model)
    corrected = PathFit(
        fit.weights,
        loadings,
        cross,
        between,
        paths,
        r2,
        np.asarray(fit.converged & np.isfinite(paths).all(axis=(-2, -1))),
        fit.iterations,
    )
    smallest = _smallest_eigenvalue(between)
    definite = np.asarray(smallest > 0)
    within = np.asarray((np.abs(loadings) <= 1 + 1e-9).all(axis=-1))
    reliable = np.asarray(((reliability > 0) & (reliability <= 1)).all(axis=-1))
    return ConsistentFit(corrected, reliability, smallest, definite, within, reliable, definite & within & reliable)


def _structural(between: FloatArray, model: PathModel) -> tuple[FloatArray, FloatArray]:
    """Regress every outcome on its predecessors, from correlations of constructs (..., m, m)."""
    m = model.n_constructs
    flat = np.moveaxis(between.reshape(-1, m, m), 0, -1)
    paths = np.zeros_like(flat)
    r2 = np.full((m, flat.shape[-1]), np.nan)
    for k in model.endogenous:
        before = list(model.predecessors[k])
        paths[k, before] = regress_last(flat, k, model.predecessors[k])
        r2[k] = np.einsum("jb,jb->b", paths[k, before], flat[before, k])
    paths[:, :, ~np.isfinite(flat).all(axis=(0, 1))] = np.nan
    lead = between.shape[:-2]
    return np.moveaxis(paths, -1, 0).reshape(between.shape), np.moveaxis(r2, -1, 0).reshape((*lead, m))


def _smallest_eigenvalue(between: FloatArray) -> FloatArray:
    usable = np.asarray(np.isfinite(between).all(axis=(-2, -1)))
    safe = np.where(usable[..., None, None], between, np.eye(between.shape[-1]))
    return np.asarray(np.where(usable, np.linalg.eigvalsh(safe)[..., 0], np.nan), dtype=np.float64)[()]
