"""The exact second derivative of the maximum-likelihood discrepancy of a factor model."""

from __future__ import annotations

import numpy as np

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.cfa_model import (
    FACTOR_COV,
    FACTOR_MEAN,
    LOADING,
    Directions,
    FactorModel,
    Matrices,
    Moments,
    directions,
    whitening,
)


def hessian(model: FactorModel, moments: Moments, x: FloatArray) -> FloatArray:
    """Return the second derivative of the discrepancy by the parameters, shape (q, q).

    Notes
    -----
    In units in which Σ is the identity, the part from first derivatives of Σ and μ is a sum of products of a few
    matrices, as `cfa_model.products` is; second derivatives of Σ = ΛΨΛᵀ + Θ and μ = ν + Λα exist between loadings, and
    between loadings and what the factors vary by. The cost is about twice that of the expected information.
    """
    found = model.matrices(x)
    total = np.zeros((len(x), len(x)))
    for group, share in enumerate(moments.share):
        along = directions(model, found, model.free, group)
        part = _bent(model, moments, found, group) + _straight(model, moments, found, along, group)
        total[np.ix_(along.parameter, along.parameter)] += share * part
    return total


def _gap(model: FactorModel, moments: Moments, found: Matrices, group: int) -> FloatArray:
    if not model.mean_structure:
        return np.zeros(model.n_items)
    return np.asarray(moments.means[group] - found.means[group])


def _straight(model: FactorModel, moments: Moments, found: Matrices, along: Directions, group: int) -> FloatArray:
    """Return what the first derivatives of Σ and μ contribute, shape (c, c)."""
    z = whitening(found.cov[group])
    gap = z @ _gap(model, moments, found, group)
    seen = z @ moments.cov[group] @ z.T + np.outer(gap, gap)
    twice = 2 * seen - np.eye(len(seen))
    a, b, mean = along.a, along.b, along.mean
    a_turned, b_turned = twice @ a, twice @ b
    across = (a.T @ b) * (b_turned.T @ a)
    total = (a.T @ a) * (b.T @ b_turned) + (b.T @ b) * (a.T @ a_turned) + across + across.T
    if model.mean_structure:
        pulled = a * (gap @ b) + b * (gap @ a)
        mixed = 2 * pulled.T @ mean
        total += mixed + mixed.T + 2 * mean.T @ mean
    return np.asarray(total, dtype=np.float64)


def _bent(model: FactorModel, moments: Moments, found: Matrices, group: int) -> FloatArray:
    """Return what the second derivatives of Σ and μ contribute, shape (c, c), cells in the order of `directions`."""
    inverse, gap = np.linalg.inv(found.cov[group]), _gap(model, moments, found, group)
    weight = inverse - inverse @ (moments.cov[group] + np.outer(gap, gap)) @ inverse
    parts = [model.free.of(kind, group) for kind in range(5)]
    ends = np.cumsum([0, *(len(part.row) for part in parts)])
    place = [np.arange(ends[kind], ends[kind + 1]) for kind in range(5)]
    total = np.zeros((ends[-1], ends[-1]))

    def put(kind: int, block: FloatArray) -> None:
        total[np.ix_(place[LOADING], place[kind])] = block
        total[np.ix_(place[kind], place[LOADING])] = block.T

    item, own = parts[LOADING].row, parts[LOADING].column
    put(LOADING, 2 * found.factor_cov[group][np.ix_(own, own)] * weight[np.ix_(item, item)])
    pull = weight[item] @ found.loadings[group]
    row, column = parts[FACTOR_COV].row, parts[FACTOR_COV].column
    first = (own[:, None] == row) * pull[:, column]
    put(FACTOR_COV, 2 * (first + (own[:, None] == column) * (row != column) * pull[:, row]))
    if model.mean_structure:
        put(FACTOR_MEAN, -2 * (own[:, None] == parts[FACTOR_MEAN].row) * (inverse @ gap)[item, None])
    return total
