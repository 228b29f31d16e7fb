"""Partial least squares on correlation matrices: outer weights, loadings, paths, for one matrix or many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray, square_stack
from satmeter.numerics.path_kernel import MAX_ITER, PlsOptions, Scheme, Solved, block_slices, solve_weights
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_solve import cholesky_last, regress_last

_NUMBERS = 1_000_000
"""Covariances of constructs and items that are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class PathFit:
    """What partial least squares found, over the leading axes of the correlations.

    Attributes
    ----------
    weights
        shape (..., p), outer weights of standardised items; every construct's score has variance 1.
    loadings
        shape (..., p), correlation of every item with its own construct.
    cross_loadings
        shape (..., p, m), correlation of every item with every construct.
    construct_corr
        shape (..., m, m).
    paths
        shape (..., m, m), row: outcome, column: predecessor; 0 where the model has no path.
    r2
        shape (..., m), NaN for exogenous constructs.
    converged
        shape (...). Where not, everything else is NaN.
    iterations
        shape (...).
    """

    weights: FloatArray
    loadings: FloatArray
    cross_loadings: FloatArray
    construct_corr: FloatArray
    paths: FloatArray
    r2: FloatArray
    converged: BoolArray
    iterations: IntArray


def pls(
    corr: npt.ArrayLike,
    model: PathModel,
    *,
    scheme: Scheme = "path",
    tolerance: float = 1e-10,
    max_iter: int = MAX_ITER,
    reference: npt.ArrayLike | None = None,
) -> PathFit:
    """Estimate a path model by partial least squares.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items. Index 0 of the leading axes is the full sample. Fastest where the
        leading axis stands last in memory, as `sample_moments` gives it.
    model
        Of `path_model`, with p columns.
    scheme
        What stands for a construct while its weights are found: `path` (regression on predecessors, correlation with
        successors), `factorial` (correlations) or `centroid` (their signs).
    tolerance
        Largest change of a weight in the last iteration.
    max_iter
        Most iterations.
    reference
        shape (p,), loadings that fix the signs of the constructs; those of the full sample when left out.

    Returns
    -------
    PathFit
        The sign of a construct is that of its anchor's loading or of most of its loadings (at a tie of their sum) in
        the full sample; in replicates it is the one that agrees with the loadings of the full sample. A replicate with
        missing correlations, collinear predecessors or without an end is NaN.

    Raises
    ------
    NumericsError
        For the full sample: N010 where the matrix has another number of columns, N077 for constant items or missing
        correlations, N074 for a block of mode B whose columns are collinear, N075 for collinear predecessors, N076
        where the algorithm does not end.

    Notes
    -----
    Lohmöller (1989), Latent Variable Path Modeling with Partial Least Squares; Tenenhaus, Esposito Vinzi, Chatelin and
    Lauro (2005), Computational Statistics & Data Analysis 48, 159–205. All steps of the algorithm need the
    correlations only, never the rows.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> corr = [[1.0, 0.6, 0.3, 0.3], [0.6, 1.0, 0.3, 0.3], [0.3, 0.3, 1.0, 0.6], [0.3, 0.3, 0.6, 1.0]]
    >>> fit = pls(corr, path_model([(0, 1), (2, 3)], {1: (0,)}))
    >>> fit.weights.round(4), float(fit.paths[1, 0].round(4))
    (array([0.559, 0.559, 0.559, 0.559]), 0.375)
    """
    stack = square_stack(corr)
    p, lead = model.n_columns, stack.shape[:-2]
    if stack.shape[-1] != p:
        raise NumericsError(Problem("N010", got=str(stack.shape), params={"expected": f"(..., {p}, {p})"}))
    signs = None if reference is None else np.asarray(reference, dtype=np.float64)
    fit = _fit(stack.reshape(-1, p, p), model, PlsOptions(scheme, tolerance, max_iter), signs)
    return PathFit(*(a.reshape((*lead, *a.shape[1:])) for a in _arrays(fit)))


def _arrays(fit: PathFit) -> tuple[npt.NDArray[np.generic], ...]:
    return tuple(getattr(fit, name) for name in PathFit.__slots__)


def _fit(flat: FloatArray, model: PathModel, options: PlsOptions, signs: FloatArray | None) -> PathFit:
    """Estimate a stack (b, p, p) in chunks whose replicate index stands last, as in the arrays that come out."""
    m, p = model.n_constructs, model.n_columns
    total = len(flat)
    shapes = ((p,), (p,), (p, m), (m, m), (m, m), (m,))
    w, own, cross, between, paths, r2 = (np.moveaxis(np.empty((*shape, total)), -1, 0) for shape in shapes)
    whole = PathFit(w, own, cross, between, paths, r2, np.empty(total, dtype=bool), np.empty(total, dtype=np.int64))
    columns = np.array(model.columns)
    in_order = bool((columns == np.arange(p)).all())
    places: IntArray | slice = slice(None) if in_order else columns
    reference = None if signs is None else signs[columns]
    step = max(256, _NUMBERS // (m * p))
    for start in range(0, total, step):
        found = slice(start, min(start + step, total))
        chunk = np.moveaxis(flat[found], 0, -1)
        # what stands in memory with the replicate index last is used as it is
        corr = chunk if chunk.strides[-1] == chunk.itemsize else np.ascontiguousarray(chunk)
        corr = corr if in_order else corr[np.ix_(columns, columns)]
        if reference is None:
            full = _solve_full(np.ascontiguousarray(corr[..., :1]), model, options)
            reference = _orientation(_own(full.structure, model)[:, 0], model)
        solved = solve_weights(corr, model, options)
        _store(whole, found, _turned(solved, reference, model), model, places)
    return whole


def _own(structure: FloatArray, model: PathModel) -> FloatArray:
    """Pick loadings on the own construct out of (m, p, b)."""
    return np.concatenate([structure[k, block] for k, block in enumerate(block_slices(model))])


def _orientation(loadings: FloatArray, model: PathModel) -> FloatArray:
    """Turn loadings of the full sample so that anchors, or most of the loadings of a construct, are positive."""
    found = loadings.copy()
    for k, block in enumerate(block_slices(model)):
        part, anchor = found[block], model.anchors[k]
        votes = np.sign(part).sum() or part.sum()
        if anchor is not None:
            votes = part[model.blocks[k].index(anchor)]
        found[block] = -part if votes < 0 else part
    return found


def _turned(solved: Solved, signs: FloatArray, model: PathModel) -> Solved:
    """Turn constructs whose loadings disagree with those that fix the signs."""
    slices = block_slices(model)
    weights = solved.weights
    sign = np.empty((len(slices), weights.shape[-1]))
    for k, block in enumerate(slices):
        agreement = signs[block] @ solved.structure[k, block]
        sign[k] = np.where(agreement < 0, -1.0, 1.0)
        weights[block] *= sign[k]
    structure = solved.structure
    structure *= sign[:, None]
    between = solved.construct_corr
    between *= sign[:, None]
    between *= sign
    return solved


def _store(whole: PathFit, found: slice, solved: Solved, model: PathModel, columns: IntArray | slice) -> None:
    """Write a chunk into the arrays of the whole, with its paths."""
    between = solved.construct_corr
    paths = np.zeros_like(between)
    r2 = np.full((len(between), between.shape[-1]), np.nan)
    paths[:, :, ~solved.converged] = np.nan
    for k in model.endogenous:
        before = list(model.predecessors[k])
        coefficients = regress_last(between, k, model.predecessors[k])
        paths[k, before] = coefficients
        r2[k] = np.einsum("jb,jb->b", coefficients, between[before, k])
    whole.weights[found, columns] = solved.weights.T
    whole.loadings[found, columns] = _own(solved.structure, model).T
    whole.cross_loadings[found, columns] = np.moveaxis(solved.structure, 0, 1).transpose(2, 0, 1)
    whole.construct_corr[found] = between.transpose(2, 0, 1)
    whole.paths[found] = paths.transpose(2, 0, 1)
    whole.r2[found] = r2.T
    whole.converged[found] = solved.converged & np.isfinite(paths).all(axis=(0, 1))
    whole.iterations[found] = solved.iterations


def _solve_full(corr: FloatArray, model: PathModel, options: PlsOptions) -> Solved:
    """Solve the full sample, or say why that cannot be."""
    _check_matrix(corr[..., 0], model)
    solved = solve_weights(corr, model, options)
    _check_solution(corr, solved, model)
    return solved


def _check_matrix(corr: FloatArray, model: PathModel) -> None:
    """Refuse what cannot be estimated in the full sample; columns stand block by block."""
    problems = []
    bad = np.asarray(~np.isfinite(corr).all(axis=0))
    if bad.any():
        # a constant item spoils its whole row; name it, not the ones that it touches
        constant = ~np.isfinite(np.diagonal(corr))
        chosen = constant if constant.any() else bad
        problems.append(_about_columns("N077", chosen, model))
    for k, block in enumerate(block_slices(model)):
        single = block.stop - block.start == 1
        if model.modes[k] == "A" or single or bad[block].any():
            continue
        lower = cholesky_last(corr[block, block][..., None])
        if not np.isfinite(np.diagonal(lower[..., 0])).all():
            singular = np.zeros(len(corr), dtype=bool)
            singular[block] = True
            problems.append(_about_columns("N074", singular, model))
    if problems:
        raise NumericsError(problems)


def _about_columns(code: str, chosen: BoolArray, model: PathModel) -> Problem:
    owners = [(c, k) for k, block in enumerate(model.blocks) for c in block]
    named = [owner for owner, use in zip(owners, chosen, strict=True) if use]
    constructs = dict.fromkeys(model.names[k] for _, k in named)
    columns = ", ".join(str(c) for c in sorted(c for c, _ in named))
    return Problem(code, params={"constructs": ", ".join(constructs), "columns": columns})


def _check_solution(corr: FloatArray, solved: Solved, model: PathModel) -> None:
    """Say why the full sample has no solution: collinear predecessors, or no end."""
    # without regressions there are scores, and their correlations, even where predecessors are collinear
    between = solved.construct_corr
    if not solved.converged[0]:
        between = solve_weights(corr, model, PlsOptions("factorial")).construct_corr
    problems = []
    for k in model.endogenous:
        before = list(model.predecessors[k])
        lower = cholesky_last(between[np.ix_(before, before)][..., :1])
        if np.isfinite(between[..., 0]).all() and not np.isfinite(np.diagonal(lower[..., 0])).all():
            names = ", ".join(model.names[j] for j in before)
            problems.append(Problem("N075", params={"outcome": model.names[k], "constructs": names}))
    if not problems and not solved.converged[0]:
        problems.append(Problem("N076", params={"iterations": int(solved.iterations[0])}))
    if problems:
        raise NumericsError(problems)
