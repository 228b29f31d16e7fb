"""The matrices of a confirmatory factor model and their derivatives: which cell holds which free parameter.

Σ_g = Λ_g Ψ_g Λ_gᵀ + Θ_g and μ_g = ν_g + Λ_g α_g for groups g. Every function is exact; nothing is searched here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray

LOADING, FACTOR_COV, RESIDUAL_COV, INTERCEPT, FACTOR_MEAN = range(5)


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of the model's matrices, symmetric ones named once (row ≥ column).

    Attributes
    ----------
    kind
        shape (c,), one of LOADING, FACTOR_COV, RESIDUAL_COV, INTERCEPT, FACTOR_MEAN.
    group, row, column
        shape (c,). Vectors have column 0.
    parameter
        shape (c,), number of the free parameter that stands in the cell; equal numbers are equal parameters. Within
        a group no parameter stands twice.
    """

    kind: IntArray
    group: IntArray
    row: IntArray
    column: IntArray
    parameter: IntArray

    def of(self, kind: int, group: int) -> Cells:
        """Return the cells of one matrix of one group."""
        kept = (self.kind == kind) & (self.group == group)
        return Cells(self.kind[kept], self.group[kept], self.row[kept], self.column[kept], self.parameter[kept])

    @property
    def n_parameters(self) -> int:
        """Number of different parameters."""
        return int(self.parameter.max()) + 1 if len(self.parameter) else 0


def cells(rows: list[tuple[int, int, int, int]], parameter: list[int]) -> Cells:
    """Return cells from (kind, group, row, column) and the parameter of each."""
    table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
    kind, group, row, column = np.ascontiguousarray(table.T)
    return Cells(kind, group, row, column, np.asarray(parameter, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Matrices:
    """The matrices of all groups; leading axes (...) belong to the parameter vectors that they were made from.

    Attributes
    ----------
    loadings, factor_cov, residual_cov
        shape (..., G, p, m), (..., G, m, m), (..., G, p, p).
    intercepts, factor_means
        shape (..., G, p), (..., G, m).
    """

    loadings: FloatArray
    factor_cov: FloatArray
    residual_cov: FloatArray
    intercepts: FloatArray
    factor_means: FloatArray

    @property
    def cov(self) -> FloatArray:
        """Σ, shape (..., G, p, p)."""
        return self.loadings @ self.factor_cov @ np.swapaxes(self.loadings, -1, -2) + self.residual_cov

    @property
    def means(self) -> FloatArray:
        """μ, shape (..., G, p)."""
        return self.intercepts + (self.loadings @ self.factor_means[..., None])[..., 0]


@dataclass(frozen=True)
class FactorModel:
    """Which cells are free and what stands in the others.

    Attributes
    ----------
    n_groups, n_items, n_factors
        G, p and m.
    factor_of
        shape (p,), the factor of each item.
    free
        The free cells.
    fixed
        shape (L,), all matrices one after another as in `Matrices`, zero where free.
    mean_structure
        Whether μ is part of the model.
    """

    n_groups: int
    n_items: int
    n_factors: int
    factor_of: IntArray
    free: Cells
    fixed: FloatArray = field(repr=False)
    mean_structure: bool

    @cached_property
    def sizes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the five matrices, groups first."""
        g, p, m = self.n_groups, self.n_items, self.n_factors
        return (g, p, m), (g, m, m), (g, p, p), (g, p), (g, m)

    @cached_property
    def _offsets(self) -> IntArray:
        return np.cumsum([0, *(int(np.prod(size)) for size in self.sizes)])

    @cached_property
    def _places(self) -> tuple[IntArray, IntArray]:
        """Places in the flat vector and the parameter of each, symmetric cells twice."""
        one = self.free
        place = self.place(one.kind, one.group, one.row, one.column)
        mirrored = ((one.kind == FACTOR_COV) | (one.kind == RESIDUAL_COV)) & (one.row != one.column)
        other = self.place(one.kind, one.group, one.column, one.row)[mirrored]
        return np.concatenate([place, other]), np.concatenate([one.parameter, one.parameter[mirrored]])

    def place(self, kind: IntArray, group: IntArray, row: IntArray, column: IntArray) -> IntArray:
        """Return the places of cells in the flat vector."""
        p, m = self.n_items, self.n_factors
        rows = np.array([p, m, p, p, m])[kind]
        columns = np.array([m, m, p, 1, 1])[kind]
        return np.asarray(self._offsets[kind] + (group * rows + row) * columns + column)

    def matrices(self, x: FloatArray) -> Matrices:
        """Fill the matrices with parameters of shape (..., q), real or complex."""
        place, parameter = self._places
        flat = np.empty((*x.shape[:-1], len(self.fixed)), dtype=x.dtype)
        flat[...] = self.fixed
        flat[..., place] = x[..., parameter]
        at = self._offsets
        return Matrices(*(flat[..., at[j] : at[j + 1]].reshape(*x.shape[:-1], *self.sizes[j]) for j in range(5)))

    def parameters(self, matrices: Matrices) -> FloatArray:
        """Return the parameters that stand in full matrices; equal parameters are averaged."""
        place, parameter = self._places
        flat = self.flat(matrices)
        return np.asarray(np.bincount(parameter, flat[place]) / np.bincount(parameter), dtype=np.float64)

    def collect(self, slopes: Matrices) -> FloatArray:
        """Turn derivatives by every cell (each cell taken alone) into derivatives by the parameters, (..., q)."""
        place, first = self._sorted_places
        return np.asarray(np.add.reduceat(self.flat(slopes)[..., place], first, axis=-1))

    @cached_property
    def _sorted_places(self) -> tuple[IntArray, IntArray]:
        """Places by parameter, and where each parameter's begin."""
        place, parameter = self._places
        order = np.argsort(parameter, kind="stable")
        return place[order], np.searchsorted(parameter[order], np.arange(self.free.n_parameters))

    @staticmethod
    def flat(m: Matrices) -> FloatArray:
        """Return all matrices one after another."""
        lead = m.factor_means.shape[:-2]
        parts = (m.loadings, m.factor_cov, m.residual_cov, m.intercepts, m.factor_means)
        return np.concatenate([part.reshape(*lead, -1) for part in parts], axis=-1)


@dataclass(frozen=True, slots=True)
class Moments:
    """What a model is fitted to.

    Attributes
    ----------
    cov
        shape (G, p, p), divisor n.
    means
        shape (G, p); ignored by models without mean structure.
    n
        shape (G,), respondents.
    """

    cov: FloatArray
    means: FloatArray
    n: FloatArray

    @property
    def share(self) -> FloatArray:
        """Each group's part of the respondents."""
        return np.asarray(self.n / self.n.sum(), dtype=np.float64)


def discrepancy(model: FactorModel, moments: Moments, x: FloatArray) -> float:
    """Return Σ_g share_g (log|Σ| + tr(S Σ⁻¹) + dᵀΣ⁻¹d − log|S| − p), infinite where a Σ is not positive definite."""
    found = model.matrices(x)
    try:
        root = np.linalg.cholesky(found.cov)
    except np.linalg.LinAlgError:
        return float("inf")
    gap = moments.means - found.means if model.mean_structure else np.zeros_like(moments.means)
    spread = moments.cov + gap[:, :, None] * gap[:, None, :]
    trace = np.trace(np.linalg.solve(found.cov, spread), axis1=1, axis2=2)
    logdet = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return float(moments.share @ (logdet + trace - np.linalg.slogdet(moments.cov)[1] - model.n_items))


def gradient(model: FactorModel, moments: Moments, x: FloatArray) -> FloatArray:
    """Return the derivative of the discrepancy by the parameters, shape (..., q); `x` may be complex."""
    found = model.matrices(x)
    inverse = np.linalg.inv(found.cov)
    share = moments.share[:, None, None]
    gap = (moments.means - found.means if model.mean_structure else np.zeros_like(found.intercepts))[..., None]
    by_cov = share * (inverse - inverse @ (moments.cov + gap @ np.swapaxes(gap, -1, -2)) @ inverse)
    by_mean = -2 * share * (inverse @ gap)
    turned = np.swapaxes(found.loadings, -1, -2)
    slopes = Matrices(
        2 * by_cov @ found.loadings @ found.factor_cov + by_mean * found.factor_means[..., None, :],
        turned @ by_cov @ found.loadings,
        by_cov,
        by_mean[..., 0],
        (turned @ by_mean)[..., 0],
    )
    return model.collect(slopes)


@dataclass(frozen=True, slots=True)
class Directions:
    """Derivatives of one group's Σ and μ by cells, in units Z in which Σ is the identity (Z Σ Zᵀ = I).

    Attributes
    ----------
    a, b
        shape (p, c): Z ∂Σ Zᵀ = abᵀ + baᵀ, column by column.
    mean
        shape (p, c), Z ∂μ; zeros in a model without means.
    parameter
        shape (c,), parameter of each cell.
    """

    a: FloatArray
    b: FloatArray
    mean: FloatArray
    parameter: IntArray


def whitening(cov: FloatArray) -> FloatArray:
    """Return Z = L⁻¹ of the Cholesky root Σ = LLᵀ."""
    return np.asarray(np.linalg.inv(np.linalg.cholesky(cov)))


def directions(model: FactorModel, found: Matrices, listed: Cells, group: int) -> Directions:
    """Return the derivatives of a group's moments by the listed cells that stand in this group."""
    z = whitening(found.cov[group])
    loadings = z @ found.loadings[group]
    to_factors = loadings @ found.factor_cov[group]
    alpha = found.factor_means[group]
    zero = np.zeros_like
    parts = []
    for kind in range(5):
        part = listed.of(kind, group)
        row, column = part.row, part.column
        half = np.where(row == column, 0.5, 1.0)
        if kind == LOADING:
            a, b, mean = z[:, row], to_factors[:, column], z[:, row] * alpha[column]
        elif kind == FACTOR_COV:
            a, b, mean = loadings[:, row], half * loadings[:, column], zero(z[:, row])
        elif kind == RESIDUAL_COV:
            a, b, mean = z[:, row], half * z[:, column], zero(z[:, row])
        else:
            mean = (z if kind == INTERCEPT else loadings)[:, row]
            a, b = zero(mean), zero(mean)
        parts.append((a, b, mean if model.mean_structure else zero(mean), part.parameter))
    a, b, mean = (np.concatenate([part[j] for part in parts], axis=1) for j in range(3))
    return Directions(a, b, mean, np.concatenate([part[3] for part in parts]))


def products(one: Directions, other: Directions) -> FloatArray:
    """Return the expected information of one respondent between two sets of cells, shape (c, d): ½ tr + means."""
    twisted = (one.a.T @ other.b) * (one.b.T @ other.a)
    return (one.a.T @ other.a) * (one.b.T @ other.b) + twisted + one.mean.T @ other.mean


def information(model: FactorModel, moments: Moments, x: FloatArray) -> FloatArray:
    """Return the expected information of one respondent, shape (q, q): half the expected second derivative."""
    found = model.matrices(x)
    total = np.zeros((len(x), len(x)))
    for group, share in enumerate(moments.share):
        along = directions(model, found, model.free, group)
        total[np.ix_(along.parameter, along.parameter)] += share * products(along, along)
    return total
