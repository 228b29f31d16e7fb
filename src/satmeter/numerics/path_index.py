"""Constructs as indices from 0 to 100, and importance–performance of constructs and items for one outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, correlation_from, square_stack
from satmeter.numerics.path_effects import Effects, effects
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_solve import regress_last
from satmeter.numerics.path_weights import PathFit


@dataclass(frozen=True, slots=True, eq=False)
class ConstructIndices:
    """Constructs on the scale from 0 (all answers at the low end) to 100 (all at the high end).

    Attributes
    ----------
    shares
        shape (..., p), weights of the items, each on 0–100, in their construct's index; those of a construct sum to 1.
    score
        shape (..., m), mean of every index.
    sd
        shape (..., m).
    item_score
        shape (..., p), mean of every item on 0–100.
    effects
        Unstandardised: points of the outcome for one point of the predecessor.
    left_out
        shape (..., p), items with a negative outer weight, whose share is 0.
    """

    shares: FloatArray
    score: FloatArray
    sd: FloatArray
    item_score: FloatArray
    effects: Effects
    left_out: BoolArray


def construct_indices(
    mean: npt.ArrayLike,
    covariance: npt.ArrayLike,
    fit: PathFit,
    model: PathModel,
    *,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
) -> ConstructIndices:
    """Turn constructs into indices from 0 to 100, as customer satisfaction indices are published.

    Parameters
    ----------
    mean, covariance
        shape (..., p) and (..., p, p), of the items as they were answered, reversed items reversed.
    fit
        Of `pls` on their correlations.
    model
        Of `path_model`.
    low, high
        shape (p,) or one number, the ends of the items' scales (not the smallest and largest answers).

    Returns
    -------
    ConstructIndices
        A negative outer weight has no place in an index: a better answer would lower it. Such items get the share 0,
        the others are brought to a sum of 1, and `left_out` says so. Effects are regressions among the indices; without
        negative weights they are the paths times sd of outcome over sd of predecessor. NaN for a construct without
        any positive weight.

    Raises
    ------
    NumericsError
        N010 where `low` is not below `high` or shapes do not fit.

    Notes
    -----
    Weights of standardised items over the standard deviations, brought to a sum of 1: Fornell, Johnson, Anderson, Cha
    and Bryant (1996), Journal of Marketing 60 (4), 7–18, for the American index; Tenenhaus et al. (2005),
    Computational Statistics & Data Analysis 48, 159–205, section 2.3, for the European one.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> model = path_model([(0,), (1,)], {1: (0,)})
    >>> cov = np.array([[4.0, 1.0], [1.0, 1.0]])
    >>> found = construct_indices([3.0, 4.0], cov, pls([[1, 0.5], [0.5, 1]], model), model, low=1, high=5)
    >>> found.score, found.effects.total[1, 0]
    (array([50., 75.]), np.float64(0.25))
    """
    cov = square_stack(covariance)
    p, m = model.n_columns, model.n_constructs
    bottom, top = (np.broadcast_to(np.asarray(end, dtype=np.float64), (p,)) for end in (low, high))
    if cov.shape[-1] != p or not (bottom < top).all():
        raise NumericsError(Problem("N010", got=str(cov.shape), params={"expected": f"(..., {p}, {p}), low < high"}))
    stretch = 100 / (top - bottom)
    item_score = (np.asarray(mean, dtype=np.float64) - bottom) * stretch
    scaled = cov * stretch[:, None] * stretch
    sd = np.sqrt(np.diagonal(scaled, axis1=-2, axis2=-1))
    raw = np.maximum(fit.weights, 0.0) / np.where(sd > 0, sd, np.nan)
    member = np.zeros((p, m))
    for k, block in enumerate(model.blocks):
        member[list(block), k] = 1.0
    whole = raw @ member
    shares = raw / (np.where(whole > 0, whole, np.nan) @ member.T)
    spread = shares[..., :, None] * member
    between = np.swapaxes(spread, -1, -2) @ scaled @ spread
    index_sd = np.sqrt(np.diagonal(between, axis1=-2, axis2=-1))
    return ConstructIndices(
        shares,
        (shares * item_score) @ member,
        index_sd,
        item_score,
        effects(_unstandardised(between, index_sd, model), model),
        np.asarray(fit.weights < 0),
    )


def _unstandardised(between: FloatArray, sd: FloatArray, model: PathModel) -> FloatArray:
    m = model.n_constructs
    corr = np.moveaxis(correlation_from(between).reshape(-1, m, m), 0, -1)
    paths = np.zeros_like(corr)
    for k in model.endogenous:
        paths[k, list(model.predecessors[k])] = regress_last(corr, k, model.predecessors[k])
    standardised = np.moveaxis(paths, -1, 0).reshape(between.shape)
    return np.asarray(standardised * sd[..., :, None] / sd[..., None, :], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class ImportancePerformance:
    """Where an improvement would reach the outcome, and how much room there is.

    Attributes
    ----------
    constructs
        Those from which a route leads to the outcome.
    importance
        shape (..., k), points of the outcome that go with one point of the construct.
    performance
        shape (..., k), mean of the construct's index.
    items
        Columns of these constructs.
    item_importance
        shape (..., q), points of the outcome that go with one point of the item: share × its construct's importance.
    item_performance
        shape (..., q), mean of the item on 0–100.
    """

    constructs: tuple[int, ...]
    importance: FloatArray
    performance: FloatArray
    items: tuple[int, ...]
    item_importance: FloatArray
    item_performance: FloatArray


def importance_performance(indices: ConstructIndices, model: PathModel, outcome: int) -> ImportancePerformance:
    """Return importance and performance of constructs and of items for one outcome.

    Parameters
    ----------
    indices
        Of `construct_indices`.
    model
        Of `path_model`.
    outcome
        A construct with predecessors.

    Returns
    -------
    ImportancePerformance

    Raises
    ------
    NumericsError
        N010 for a construct that nothing leads to.

    Notes
    -----
    Ringle and Sarstedt (2016), Industrial Management & Data Systems 116, 1865–1886.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> model = path_model([(0,), (1,)], {1: (0,)})
    >>> cov = np.array([[4.0, 1.0], [1.0, 1.0]])
    >>> found = construct_indices([3.0, 4.0], cov, pls([[1, 0.5], [0.5, 1]], model), model, low=1, high=5)
    >>> importance_performance(found, model, 1).importance
    array([0.25])
    """
    chosen = sorted(model.ancestors()[outcome])
    if not chosen:
        expected = ", ".join(str(k) for k in model.endogenous)
        raise NumericsError(Problem("N010", got=str(outcome), params={"expected": expected}))
    importance = indices.effects.total[..., outcome, chosen]
    items = [c for k in chosen for c in model.blocks[k]]
    owner = [place for place, k in enumerate(chosen) for _ in model.blocks[k]]
    return ImportancePerformance(
        tuple(chosen),
        importance,
        indices.score[..., chosen],
        tuple(items),
        indices.shares[..., items] * importance[..., owner],
        indices.item_score[..., items],
    )
