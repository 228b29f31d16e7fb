"""A factor model whose factors are regressed on one another: Φ = (I − B)⁻¹ Ψ (I − B)⁻ᵀ, and its derivatives.

It is the confirmatory model with every factor covariance free, of which the factor covariances are made from fewer
parameters; everything about items is done by `cfa_model`. Every function is exact; nothing is searched here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.cfa_build import start as start_of_factors
from satmeter.numerics.cfa_model import FACTOR_COV, FactorModel, Matrices, Moments
from satmeter.numerics.cfa_model import discrepancy as discrepancy_of_factors
from satmeter.numerics.cfa_model import gradient as gradient_of_factors
from satmeter.numerics.cfa_model import information as information_of_factors
from satmeter.numerics.structural_paths import Paths

_LEAST_DISTURBANCE = 0.05


@dataclass(frozen=True)
class Structure:
    """Regressions among factors at some parameters; leading axes (...) are those of the parameters.

    Attributes
    ----------
    paths
        B, shape (..., m, m): the row is regressed on the column.
    disturbances
        Ψ, shape (..., m, m): covariances of exogenous factors, residual variances of outcomes.
    """

    paths: FloatArray
    disturbances: FloatArray

    @cached_property
    def reach(self) -> FloatArray:
        """(I − B)⁻¹, what one unit of the column's own part does to the row in all."""
        return np.asarray(np.linalg.inv(np.eye(self.paths.shape[-1]) - self.paths))

    @cached_property
    def factor_cov(self) -> FloatArray:
        """Φ, shape (..., m, m)."""
        return np.asarray(self.reach @ self.disturbances @ np.swapaxes(self.reach, -1, -2))


@dataclass(frozen=True)
class StructuralModel:
    """Parameters: loadings and residual variances, then B, then Ψ.

    Attributes
    ----------
    factors
        The measurement model, all factor covariances free.
    paths
        The regressions. Exogenous factors covary freely, and so do the residuals of outcomes that predict nothing, as
        in lavaan's ``sem``.
    """

    factors: FactorModel
    paths: Paths

    @cached_property
    def n_parameters(self) -> int:
        """Number of free parameters."""
        return len(self._own) + len(self._path_cells) + len(self._disturbance_cells)

    @cached_property
    def _own(self) -> IntArray:
        """Parameters of the measurement model that stay."""
        free = self.factors.free
        return np.unique(free.parameter[free.kind != FACTOR_COV])

    @cached_property
    def _factor_cells(self) -> tuple[IntArray, IntArray, IntArray]:
        """Rows, columns and numbers of the factor covariances in the measurement model."""
        listed = self.factors.free.of(FACTOR_COV, 0)
        return listed.row, listed.column, listed.parameter

    @cached_property
    def _path_cells(self) -> IntArray:
        return np.array(self.paths.cells, dtype=np.int64)

    @cached_property
    def _disturbance_cells(self) -> IntArray:
        """Free cells of Ψ, row ≥ column: variances, and covariances of the exogenous and of the last outcomes."""
        variances = [(k, k) for k in range(self.paths.n)]
        sets = (self.paths.exogenous, self.paths.last)
        pairs = [(a, b) for those in sets for a in those for b in those if a > b]
        return np.array(variances + pairs, dtype=np.int64)

    def structure(self, x: FloatArray) -> Structure:
        """Return B and Ψ of parameters of shape (..., q), real or complex."""
        m, own, n_paths = self.paths.n, len(self._own), len(self._path_cells)
        b = np.zeros((*x.shape[:-1], m, m), dtype=x.dtype)
        psi = np.zeros_like(b)
        b[..., self._path_cells[:, 0], self._path_cells[:, 1]] = x[..., own : own + n_paths]
        row, column = self._disturbance_cells.T
        psi[..., row, column] = psi[..., column, row] = x[..., own + n_paths :]
        return Structure(b, psi)

    def factor_parameters(self, x: FloatArray) -> FloatArray:
        """Return the parameters of the measurement model, shape (..., r), that follow from parameters (..., q)."""
        row, column, number = self._factor_cells
        y = np.empty((*x.shape[:-1], self.factors.free.n_parameters), dtype=x.dtype)
        y[..., self._own] = x[..., : len(self._own)]
        y[..., number] = self.structure(x).factor_cov[..., row, column]
        return y

    def matrices(self, x: FloatArray) -> Matrices:
        """Return the matrices of the measurement model."""
        return self.factors.matrices(self.factor_parameters(x))

    def jacobian(self, x: FloatArray) -> FloatArray:
        """Return the derivative of `factor_parameters` at x of shape (q,), shape (r, q)."""
        found = self.structure(x)
        row, column, number = self._factor_cells
        slopes = np.zeros((self.factors.free.n_parameters, self.n_parameters))
        slopes[self._own, np.arange(len(self._own))] = 1.0
        place = len(self._own)
        for i, j in self._path_cells:
            outer = np.outer(found.reach[:, i], found.factor_cov[j])
            slopes[number, place] = (outer + outer.T)[row, column]
            place += 1
        for i, j in self._disturbance_cells:
            outer = np.outer(found.reach[:, i], found.reach[:, j])
            slopes[number, place] = (outer if i == j else outer + outer.T)[row, column]
            place += 1
        return slopes

    def collect(self, x: FloatArray, slopes: FloatArray) -> FloatArray:
        """Turn derivatives by the measurement model's parameters (..., r) into derivatives by x (..., q)."""
        found = self.structure(x)
        row, column, number = self._factor_cells
        by_factor = np.zeros_like(found.factor_cov)
        # an off-diagonal parameter stands in two cells
        half = np.where(row == column, 1.0, 0.5) * slopes[..., number]
        by_factor[..., row, column] = by_factor[..., column, row] = half
        turned = np.swapaxes(found.reach, -1, -2) @ by_factor
        by_path, by_disturbance = 2 * turned @ found.factor_cov, turned @ found.reach
        i, j = self._disturbance_cells.T
        return np.concatenate(
            [
                slopes[..., self._own],
                by_path[..., self._path_cells[:, 0], self._path_cells[:, 1]],
                np.where(i == j, 1.0, 2.0) * by_disturbance[..., i, j],
            ],
            axis=-1,
        )


def discrepancy(model: StructuralModel, moments: Moments, x: FloatArray) -> float:
    """Return the maximum-likelihood discrepancy, infinite where Σ is not positive definite."""
    return discrepancy_of_factors(model.factors, moments, model.factor_parameters(x))


def gradient(model: StructuralModel, moments: Moments, x: FloatArray) -> FloatArray:
    """Return the derivative of the discrepancy, shape (..., q); `x` may be complex."""
    return model.collect(x, gradient_of_factors(model.factors, moments, model.factor_parameters(x)))


def hessian(model: StructuralModel, moments: Moments, x: FloatArray) -> FloatArray:
    """Return the second derivative of the discrepancy, shape (q, q), by complex steps of the gradient (exact)."""
    step = 1e-30
    moved = x + 1j * step * np.eye(len(x))
    found = gradient(model, moments, cast("FloatArray", moved)).imag / step
    return np.asarray((found + found.T) / 2, dtype=np.float64)


def information(model: StructuralModel, moments: Moments, x: FloatArray) -> FloatArray:
    """Return the expected information of one respondent, shape (q, q)."""
    slopes = model.jacobian(x)
    whole = information_of_factors(model.factors, moments, model.factor_parameters(x))
    return np.asarray(slopes.T @ whole @ slopes)


def start(model: StructuralModel, moments: Moments) -> FloatArray:
    """Return parameters to start a search from: regressions among the first components of the factors' items."""
    begin = start_of_factors(model.factors, moments)
    phi = model.factors.matrices(begin).factor_cov[0]
    b, psi = np.zeros_like(phi), np.diag(np.diagonal(phi))
    exogenous = list(model.paths.exogenous)
    psi[np.ix_(exogenous, exogenous)] = phi[np.ix_(exogenous, exogenous)]
    for outcome, those in model.paths.predictors.items():
        known = list(those)
        b[outcome, known] = np.linalg.solve(phi[np.ix_(known, known)], phi[known, outcome])
        left = phi[outcome, outcome] - b[outcome, known] @ phi[known, outcome]
        psi[outcome, outcome] = max(left, _LEAST_DISTURBANCE * phi[outcome, outcome])
    path, disturbance = model._path_cells, model._disturbance_cells
    return np.concatenate([begin[model._own], b[path[:, 0], path[:, 1]], psi[disturbance[:, 0], disturbance[:, 1]]])
