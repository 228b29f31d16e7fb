"""Confirmatory models of simple structure: each item on one factor, constraints across groups, scales, starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, correlation_from
from satmeter.numerics.cfa_model import (
    FACTOR_COV,
    FACTOR_MEAN,
    INTERCEPT,
    LOADING,
    RESIDUAL_COV,
    Cells,
    FactorModel,
    Matrices,
    Moments,
    cells,
)

Identification = Literal["marker", "unit_variance"]
Released = tuple[Literal["loading", "intercept"], int]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What is equal across groups.

    Attributes
    ----------
    loadings, intercepts, residuals
        Whether they are equal in all groups.
    released
        ("loading" or "intercept", item) that is free in every group all the same.
    """

    loadings: bool = False
    intercepts: bool = False
    residuals: bool = False
    released: tuple[Released, ...] = ()


def checked_factors(factors: Sequence[Sequence[int]], n_items: int) -> IntArray:
    """Return the factor of every item.

    Parameters
    ----------
    factors
        Column numbers of each factor's items.
    n_items
        Number of columns.

    Returns
    -------
    array, shape (n_items,)

    Raises
    ------
    NumericsError
        N030 unless every column stands in exactly one factor and no factor is empty.

    Examples
    --------
    >>> checked_factors([(0, 2), (1,)], 3)
    array([0, 1, 0])
    """
    named = sorted(item for items in factors for item in items)
    if named != list(range(n_items)) or not all(len(items) for items in factors):
        got = str([list(items) for items in factors])
        raise NumericsError(Problem("N030", got=got, params={"last": n_items - 1}))
    factor_of = np.empty(n_items, dtype=np.int64)
    for number, items in enumerate(factors):
        factor_of[list(items)] = number
    return factor_of


def single_group_model(factor_of: IntArray, identification: Identification) -> FactorModel:
    """Return the covariance model of one group."""
    p, m = len(factor_of), int(factor_of.max()) + 1
    marker = _markers(factor_of)
    marked = identification == "marker"
    rows = [(LOADING, 0, i, int(k)) for i, k in enumerate(factor_of) if not (marked and i == marker[k])]
    rows += [(FACTOR_COV, 0, k, other) for k in range(m) for other in range(k + marked)]
    rows += [(RESIDUAL_COV, 0, i, i) for i in _with_residual(factor_of)]
    ones = [(LOADING, 0, marker[k], k) for k in range(m)] if marked else [(FACTOR_COV, 0, k, k) for k in range(m)]
    return _model(1, p, m, factor_of, cells(rows, list(range(len(rows)))), ones, mean_structure=False)


def group_model(factor_of: IntArray, n_groups: int, constraints: Constraints) -> FactorModel:
    """Return the mean and covariance model of several groups.

    Factors have variance 1 in the first group, and in the others where loadings are not equal; factor means are 0 in
    the first group, and in the others where intercepts are not equal.
    """
    p, m = len(factor_of), int(factor_of.max()) + 1
    rows: list[tuple[int, int, int, int]] = []
    equal: list[bool] = []

    def add(kind: int, group: int, row: int, column: int, same: bool) -> None:
        rows.append((kind, group, row, column))
        equal.append(same)

    for g in range(n_groups):
        for i, k in enumerate(factor_of):
            add(LOADING, g, i, int(k), constraints.loadings and ("loading", i) not in constraints.released)
            add(INTERCEPT, g, i, 0, constraints.intercepts and ("intercept", i) not in constraints.released)
        for i in _with_residual(factor_of):
            add(RESIDUAL_COV, g, i, i, constraints.residuals)
        for k in range(m):
            for other in range(k + (g > 0 and constraints.loadings)):
                add(FACTOR_COV, g, k, other, False)
            if g > 0 and constraints.intercepts:
                add(FACTOR_MEAN, g, k, 0, False)
    numbers: dict[tuple[int, ...], int] = {}
    parameter = []
    for (kind, group, row, column), same in zip(rows, equal, strict=True):
        key = (kind, row, column) if same else (kind, row, column, group)
        parameter.append(numbers.setdefault(key, len(numbers)))
    first = 1 if constraints.loadings else n_groups
    ones = [(FACTOR_COV, g, k, k) for g in range(first) for k in range(m)]
    return _model(n_groups, p, m, factor_of, cells(rows, parameter), ones, mean_structure=True)


def _model(
    n_groups: int,
    p: int,
    m: int,
    factor_of: IntArray,
    free: Cells,
    ones: list[tuple[int, int, int, int]],
    *,
    mean_structure: bool,
) -> FactorModel:
    fixed = np.zeros(n_groups * (p * m + m * m + p * p + p + m))
    model = FactorModel(n_groups, p, m, factor_of, free, fixed, mean_structure)
    one = cells(ones, [0] * len(ones))
    fixed[model.place(one.kind, one.group, one.row, one.column)] = 1.0
    return model


def _markers(factor_of: IntArray) -> list[int]:
    return [int(np.flatnonzero(factor_of == k)[0]) for k in range(int(factor_of.max()) + 1)]


def _with_residual(factor_of: IntArray) -> list[int]:
    """Items that share their factor; the only item of a factor is the factor, without residual."""
    counts = np.bincount(factor_of)
    return [i for i, k in enumerate(factor_of) if counts[k] > 1]


def check_identified(model: FactorModel) -> int:
    """Return the degrees of freedom.

    Raises
    ------
    NumericsError
        N031 when there are more parameters than moments, or a factor of two items stands alone.
    """
    p = model.n_items
    moments = model.n_groups * (p * (p + 1) // 2 + (p if model.mean_structure else 0))
    parameters = model.free.n_parameters
    if parameters > moments or (model.n_factors == 1 and p == 2):
        raise NumericsError(Problem("N031", params={"parameters": parameters, "moments": moments}))
    return moments - parameters


def cell_scale(model: FactorModel, sd: FloatArray, listed: Cells) -> FloatArray:
    """Return by what the values in cells of the model of standardised items are multiplied to be in raw units."""
    marked = _free_first_variance(model)
    factor = sd[_markers(model.factor_of)] if marked else np.ones(model.n_factors)
    scale = np.empty(len(listed.row))
    for kind in range(5):
        part = listed.kind == kind
        row, column = listed.row[part], listed.column[part]
        if kind == LOADING:
            scale[part] = sd[row] / factor[column]
        elif kind == FACTOR_COV:
            scale[part] = factor[row] * factor[column]
        elif kind == RESIDUAL_COV:
            scale[part] = sd[row] * sd[column]
        else:
            scale[part] = sd[row] if kind == INTERCEPT else factor[row]
    return scale


def _free_first_variance(model: FactorModel) -> bool:
    """Whether factors take their unit from their first item."""
    first = model.free.of(FACTOR_COV, 0)
    return bool((first.row == first.column).any())


def start(model: FactorModel, moments: Moments) -> FloatArray:
    """Return parameters to start a search from: the first component of each factor's items over all groups."""
    pooled = correlation_from(np.einsum("g,gij->ij", moments.share, moments.cov))
    g, p, m = model.n_groups, model.n_items, model.n_factors
    sd = np.sqrt(np.diagonal(moments.cov, axis1=1, axis2=2))
    weights = np.zeros((p, m))
    loading = np.zeros(p)
    for k in range(m):
        items = np.flatnonzero(model.factor_of == k)
        values, vectors = np.linalg.eigh(pooled[np.ix_(items, items)])
        component = vectors[:, -1]
        component = component if np.sign(component).sum() + component.sum() / p >= 0 else -component
        weights[items, k] = component
        strength = (values[-1] - 1) / max(len(items) - 1, 1)
        loading[items] = np.clip(component * np.sqrt(len(items) * max(strength, 0.1)), -0.9, 0.9)
        if len(items) == 1:
            loading[items] = 1.0
    shared = weights != 0
    factor_corr = correlation_from(weights.T @ pooled @ weights)
    residual = np.zeros((g, p, p))
    free = _with_residual(model.factor_of)
    residual[:, free, free] = (sd[:, free] ** 2) * (1 - loading[free] ** 2)
    unit = np.ones(m)
    if _free_first_variance(model):
        unit = loading[_markers(model.factor_of)]
        unit = np.where(np.abs(unit) < 0.1, 0.1, unit)
    loadings = sd[:, :, None] * np.where(shared, loading[:, None], 0.0) / unit
    return model.parameters(
        Matrices(
            loadings,
            np.broadcast_to(factor_corr * unit[:, None] * unit, (g, m, m)),
            residual,
            moments.means,
            np.zeros((g, m)),
        )
    )


def oriented(model: FactorModel, x: FloatArray) -> FloatArray:
    """Turn factors of fixed variance so that most of their items load positively."""
    if _free_first_variance(model):
        return x
    found = model.matrices(x)
    total = found.loadings.sum(axis=0)
    votes = np.sign(found.loadings).sum(axis=(0, 1)) + np.sign(total.sum(axis=0)) / 2
    sign = np.where(votes < 0, -1.0, 1.0)
    return model.parameters(
        Matrices(
            found.loadings * sign,
            found.factor_cov * sign[:, None] * sign,
            found.residual_cov,
            found.intercepts,
            found.factor_means * sign,
        )
    )
