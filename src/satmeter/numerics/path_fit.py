"""How far a path model is from the correlations of its items: SRMR, distances, and the bootstrap test of exact fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, correlation_from, square_stack
from satmeter.numerics.path_consistent import consistent
from satmeter.numerics.path_kernel import Scheme
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_weights import PathFit, pls

Within = Literal["composite", "factor"]
Structure = Literal["saturated", "estimated"]


@dataclass(frozen=True, slots=True, eq=False)
class ModelFit:
    """Distances between the correlations of the items and those that a model implies, shape (...) each.

    Attributes
    ----------
    srmr
        Root of the mean squared residual over the lower triangle with the diagonal.
    d_uls
        Half the sum of all squared residuals.
    d_g
        Half the sum of the squared logarithms of the eigenvalues of S⁻¹Σ; NaN where one of the two is not positive
        definite.
    """

    srmr: FloatArray
    d_uls: FloatArray
    d_g: FloatArray


def implied_correlations(
    corr: npt.ArrayLike,
    fit: PathFit,
    model: PathModel,
    *,
    structure: Structure = "estimated",
    within: Within = "composite",
) -> FloatArray:
    """Return the correlations of the items that a path model implies.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    fit
        Of `pls` or `consistent` on the same.
    model
        Of `path_model`.
    structure
        `estimated`: constructs correlate as the paths say; `saturated`: as they do, which judges the measurement only.
    within
        `composite`: items of one construct correlate as they do, since a composite says nothing about them; `factor`:
        as the product of their loadings, in mode A.

    Returns
    -------
    array, shape (..., p, p)

    Notes
    -----
    Between constructs λ_i ρ_jk λ_l. Henseler et al. (2014), Organizational Research Methods 17, 182–209; Schuberth,
    Henseler and Dijkstra (2018), Frontiers in Psychology 9, 2541.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> corr = np.array([[1.0, 0.6, 0.3, 0.2], [0.6, 1.0, 0.3, 0.3], [0.3, 0.3, 1.0, 0.6], [0.2, 0.3, 0.6, 1.0]])
    >>> implied_correlations(corr, pls(corr, model), model)[:2, 2:].round(3)
    array([[0.278, 0.267],
           [0.29 , 0.278]])
    """
    stack = square_stack(corr)
    between = fit.construct_corr if structure == "saturated" else _implied_between(fit, model)
    owner = np.empty(model.n_columns, dtype=np.int64)
    for k, block in enumerate(model.blocks):
        owner[list(block)] = k
    loadings = fit.loadings
    implied = between[..., owner, :][..., owner] * loadings[..., :, None] * loadings[..., None, :]
    for k, block in enumerate(model.blocks):
        if within == "composite" or model.modes[k] == "B" or len(block) == 1:
            inside = np.ix_(block, block)
            implied[..., inside[0], inside[1]] = stack[..., inside[0], inside[1]]
    p = model.n_columns
    implied[..., np.arange(p), np.arange(p)] = 1.0
    return np.asarray(implied, dtype=np.float64)


def _implied_between(fit: PathFit, model: PathModel) -> FloatArray:
    """Correlations of the constructs by the rules of path tracing; those of exogenous constructs are free."""
    found = fit.construct_corr.copy()
    placed: list[int] = []
    for k in model.order:
        before = list(model.predecessors[k])
        if before:
            for j in placed:
                value = (fit.paths[..., k, before] * found[..., before, j]).sum(axis=-1)
                found[..., k, j] = value
                found[..., j, k] = value
        placed.append(k)
    return found


def model_fit(corr: npt.ArrayLike, implied: npt.ArrayLike) -> ModelFit:
    """Measure how far implied correlations are from those that were found.

    Parameters
    ----------
    corr, implied
        shape (..., p, p).

    Returns
    -------
    ModelFit

    Notes
    -----
    Dijkstra and Henseler (2015), Computational Statistics & Data Analysis 81, 10–23, for the distances.

    Examples
    --------
    >>> found = model_fit([[1.0, 0.5], [0.5, 1.0]], [[1.0, 0.2], [0.2, 1.0]])
    >>> round(float(found.srmr), 4), round(float(found.d_uls), 4), round(float(found.d_g), 4)
    (0.1732, 0.09, 0.1353)
    """
    stack, other = square_stack(corr), square_stack(implied)
    p = stack.shape[-1]
    squares = (stack - other) ** 2
    half = np.asarray(squares.sum(axis=(-2, -1)) / 2)
    diagonal = np.trace(squares, axis1=-2, axis2=-1) / 2
    ratios = np.linalg.eigvalsh(_relative(stack, other))
    positive = np.where(ratios > 0, ratios, np.nan)
    return ModelFit(
        np.asarray(np.sqrt((half + diagonal) / (p * (p + 1) / 2)), dtype=np.float64),
        half,
        np.asarray((np.log(positive) ** 2).sum(axis=-1) / 2, dtype=np.float64),
    )


def _relative(stack: FloatArray, other: FloatArray) -> FloatArray:
    """S^(−1/2) Σ S^(−1/2); minus the identity, whose eigenvalues have no logarithm, where there is none."""
    p = stack.shape[-1]
    finite = np.asarray(np.isfinite(stack + other).all(axis=(-2, -1)))
    values, vectors = np.linalg.eigh(np.where(finite[..., None, None], stack, np.eye(p)))
    usable = np.asarray(finite & (values[..., 0] > 1e-10))
    root = vectors / np.sqrt(np.where(values > 0, values, 1.0))[..., None, :]
    inverse_root = root @ np.swapaxes(vectors, -1, -2)
    found = inverse_root @ np.where(usable[..., None, None], other, np.eye(p)) @ inverse_root
    return np.where(usable[..., None, None], (found + np.swapaxes(found, -1, -2)) / 2, -np.eye(p))


@dataclass(frozen=True, slots=True, eq=False)
class ExactFit:
    """A bootstrap test of exact fit.

    Attributes
    ----------
    fit
        Distances of the sample.
    quantiles
        Their 95 % quantiles where the model is true.
    p_values
        Probability of distances at least as large where the model is true, (1 + count)/(1 + replicates).
    replicates
        Replicates with a solution; 0 where the implied correlations are not positive definite: then there is no test.
    """

    fit: ModelFit
    quantiles: ModelFit
    p_values: ModelFit
    replicates: int


def exact_fit(
    covariances: npt.ArrayLike,
    model: PathModel,
    *,
    structure: Structure = "estimated",
    within: Within = "composite",
    scheme: Scheme = "path",
) -> ExactFit:
    """Test whether a path model could have produced the correlations of its items.

    Parameters
    ----------
    covariances
        shape (1 + replicates, p, p), of the sample and of bootstrap replicates (`moment_stack`).
    model
        Of `path_model`.
    structure
        As in `implied_correlations`.
    within
        Likewise; with `factor` the estimates are those of `consistent`.
    scheme
        As in `pls`.

    Returns
    -------
    ExactFit

    Raises
    ------
    NumericsError
        As `pls`.

    Notes
    -----
    The sample is transformed such that the model holds in it exactly, X S^(−1/2) Σ^(1/2), and then resampled (Beran and
    Srivastava 1985, Annals of Statistics 13, 95–115; Bollen and Stine 1992; Dijkstra and Henseler 2015). The covariance
    of transformed rows is the transformed covariance, so no rows are needed. Weights of mode A are not consistent for a
    composite model: the distances of replicates are then a little too large and the test a little too lenient.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> rows = np.random.default_rng(1).normal(size=(100, 4)) + np.random.default_rng(2).normal(size=(100, 1))
    >>> draws = np.random.default_rng(3).integers(0, 100, (200, 100))
    >>> covariances = [np.cov(rows.T), *(np.cov(rows[draw].T) for draw in draws)]
    >>> bool(exact_fit(covariances, path_model([(0, 1), (2, 3)], {1: (0,)})).p_values.d_uls > 0.05)
    True
    """
    stack = square_stack(covariances)
    corr = correlation_from(stack[:1])
    fit = pls(corr, model, scheme=scheme)

    def by_model(matrices: FloatArray, estimates: PathFit) -> FloatArray:
        used = consistent(matrices, estimates, model).fit if within == "factor" else estimates
        return implied_correlations(matrices, used, model, structure=structure, within=within)

    implied = by_model(corr, fit)
    sample = model_fit(corr[0], implied[0])
    moved = _transformed(stack, corr[0], implied[0])
    if moved is None:
        none = ModelFit(np.array(np.nan), np.array(np.nan), np.array(np.nan))
        return ExactFit(sample, none, none, 0)
    starred = correlation_from(moved)
    again = pls(starred, model, scheme=scheme, reference=fit.loadings[0])
    distances = model_fit(starred, by_model(starred, again))
    named = {name: (getattr(sample, name), getattr(distances, name)) for name in ModelFit.__slots__}
    quantiles = {name: _quantile(values) for name, (_, values) in named.items()}
    p_values = {name: _p_value(found, values) for name, (found, values) in named.items()}
    return ExactFit(sample, ModelFit(**quantiles), ModelFit(**p_values), int(np.isfinite(distances.d_uls).sum()))


def _transformed(stack: FloatArray, corr: FloatArray, implied: FloatArray) -> FloatArray | None:
    """Covariances of the replicates of a sample in which the model holds."""
    sd = np.sqrt(np.diagonal(stack[0]))
    values, vectors = np.linalg.eigh(corr)
    target, axes = np.linalg.eigh(implied)
    if values[0] <= 1e-10 or target[0] <= 0:
        return None
    turn = (vectors / np.sqrt(values)) @ vectors.T @ (axes * np.sqrt(target)) @ axes.T
    scaled = turn / sd[:, None]
    return np.asarray(scaled.T @ stack[1:] @ scaled, dtype=np.float64)


def _quantile(values: FloatArray) -> FloatArray:
    usable = values[np.isfinite(values)]
    return np.asarray(np.quantile(usable, 0.95) if len(usable) else np.nan)


def _p_value(found: FloatArray, values: FloatArray) -> FloatArray:
    usable = values[np.isfinite(values)]
    if not len(usable) or not np.isfinite(found):
        return np.asarray(np.nan)
    return np.asarray((1 + (usable >= found).sum()) / (1 + len(usable)))
