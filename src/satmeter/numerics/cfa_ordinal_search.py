"""The minimum of the diagonally weighted squares between correlations and a factor model, by Newton steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.cfa_build import single_group_model, start
from satmeter.numerics.cfa_model import Moments

_GRADIENT = 1e-9
_STEPS = 300
_DAMPING = 1e-3
_SINGULAR = 1e-10


@dataclass(frozen=True)
class CorrelationModel:
    """Correlations λ_i λ_j φ_kl of items that measure one factor each; parameters: loadings, then φ below the diagonal.

    Attributes
    ----------
    factor_of
        shape (p,), the factor of every item.
    free
        Items whose loading is free: those that share their factor. The only item of a factor is the factor.
    row, column
        The factors of every φ.
    """

    factor_of: IntArray
    free: IntArray
    row: IntArray
    column: IntArray

    @property
    def n_parameters(self) -> int:
        """Number of free parameters."""
        return len(self.free) + len(self.row)

    def matrices(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return loadings, (p,), and factor correlations."""
        loadings = np.ones(len(self.factor_of))
        loadings[self.free] = x[: len(self.free)]
        phi = np.eye(int(self.factor_of.max()) + 1)
        phi[self.row, self.column] = phi[self.column, self.row] = x[len(self.free) :]
        return loadings, phi

    def implied(self, x: FloatArray) -> FloatArray:
        """Return the correlations, (p, p), as the parameters give them; the diagonal is λ², not 1."""
        loadings, phi = self.matrices(x)
        return np.asarray(loadings[:, None] * loadings * phi[self.factor_of][:, self.factor_of])

    def slopes(self, x: FloatArray) -> FloatArray:
        """Return the derivative of the pairs' correlations (order of triu_indices) by the parameters, (m, q)."""
        loadings, phi = self.matrices(x)
        p = len(loadings)
        first, second = np.triu_indices(p, 1)
        pairs = np.arange(len(first))
        between = phi[self.factor_of[first], self.factor_of[second]]
        by_loading = np.zeros((len(first), p))
        by_loading[pairs, first] = loadings[second] * between
        by_loading[pairs, second] = loadings[first] * between
        number = np.full(phi.shape, -1)
        number[self.row, self.column] = number[self.column, self.row] = np.arange(len(self.row))
        which = number[self.factor_of[first], self.factor_of[second]]
        by_phi = np.zeros((len(first), len(self.row)))
        apart = which >= 0
        by_phi[pairs[apart], which[apart]] = (loadings[first] * loadings[second])[apart]
        return np.concatenate([by_loading[:, self.free], by_phi], axis=1)

    def bend(self, x: FloatArray, heavy: FloatArray) -> FloatArray:
        """Return Σ heavy ∂²correlation over all pairs, (q, q); `heavy` is symmetric (p, p) with zero diagonal."""
        loadings, phi = self.matrices(x)
        p, at = len(loadings), len(self.free)
        belongs = np.eye(len(phi))[self.factor_of]
        total = np.zeros((self.n_parameters, self.n_parameters))
        total[:at, :at] = (heavy * phi[self.factor_of][:, self.factor_of])[np.ix_(self.free, self.free)]
        reach = heavy @ (belongs * loadings[:, None])
        cross = belongs[:, self.row] * reach[:, self.column] + belongs[:, self.column] * reach[:, self.row]
        total[:at, at:] = cross.reshape(p, -1)[self.free]
        total[at:, :at] = total[:at, at:].T
        return total


@dataclass(frozen=True, slots=True)
class LeastSquaresMinimum:
    """Where the search ended.

    Attributes
    ----------
    x
        shape (q,), parameters.
    discrepancy
        Sum of weight × squared difference.
    slopes
        shape (m, q), derivative of the correlations there.
    steps
        Number of steps taken.
    """

    x: FloatArray
    discrepancy: float
    slopes: FloatArray
    steps: int


def correlation_model(factor_of: IntArray) -> CorrelationModel:
    """Return the model in which every item measures its own factor and all factors correlate."""
    size = np.bincount(factor_of)
    row, column = np.tril_indices(len(size), -1)
    return CorrelationModel(factor_of, np.flatnonzero(size[factor_of] > 1), row, column)


def minimise_squares(model: CorrelationModel, corr: FloatArray, weight: FloatArray) -> LeastSquaresMinimum:
    """Search the parameters that minimise Σ weight (correlation − implied)² over the pairs.

    Parameters
    ----------
    model
        The model.
    corr
        shape (p, p), need not be positive definite.
    weight
        shape (m,), above 0, by pair in the order of triu_indices.

    Returns
    -------
    LeastSquaresMinimum
        With every component of the gradient below 1e-9; most loadings of a factor are positive.

    Raises
    ------
    NumericsError
        N052 when no minimum is found, N031 when the correlations do not tell all parameters apart.
    """
    upper = np.triu_indices(len(corr), 1)
    data = corr[upper]
    x = _begin(model, corr)
    value, damping = _squares(model, x, data, weight), 0.0
    for step in range(_STEPS):
        slopes = model.slopes(x)
        heavy = weight * (data - model.implied(x)[upper])
        downhill = slopes.T @ heavy
        if np.abs(downhill).max() < _GRADIENT:
            return _ended(model, x, value, slopes, weight, step)
        trial = x + _move(model, x, slopes, weight, heavy, downhill, damping)
        reached = _squares(model, trial, data, weight)
        if reached <= value + 1e-13 * (1 + value):
            x, value = trial, reached
            damping = damping / 10 if damping > _DAMPING / 10 else 0.0
        elif damping > 1e12:
            break
        else:
            damping = max(10 * damping, _DAMPING)
    raise NumericsError(Problem("N052", params={"steps": _STEPS}))


def _ended(
    model: CorrelationModel, x: FloatArray, value: float, slopes: FloatArray, weight: FloatArray, steps: int
) -> LeastSquaresMinimum:
    curve = slopes.T @ (weight[:, None] * slopes)
    unit = np.sqrt(np.diagonal(curve))
    if not (unit > 0).all() or np.linalg.eigvalsh(curve / unit / unit[:, None])[0] < _SINGULAR:
        raise NumericsError(Problem("N031", params={"parameters": len(x), "moments": len(weight)}))
    turned = _turned(model, x)
    return LeastSquaresMinimum(turned, value, model.slopes(turned), steps)


def _squares(model: CorrelationModel, x: FloatArray, data: FloatArray, weight: FloatArray) -> float:
    gap = data - model.implied(x)[np.triu_indices(len(model.factor_of), 1)]
    return float(weight @ gap**2)


def _move(
    model: CorrelationModel,
    x: FloatArray,
    slopes: FloatArray,
    weight: FloatArray,
    heavy: FloatArray,
    downhill: FloatArray,
    damping: float,
) -> FloatArray:
    """Return the Newton step where the second derivative is positive definite, else the damped Gauss–Newton step."""
    curve = slopes.T @ (weight[:, None] * slopes)
    if damping == 0.0:
        p = len(model.factor_of)
        pull = np.zeros((p, p))
        pull[np.triu_indices(p, 1)] = heavy
        full = curve - model.bend(x, pull + pull.T)
        if np.linalg.eigvalsh(full)[0] > 0:
            return np.asarray(np.linalg.solve(full, downhill))
    scale = np.diagonal(curve)
    curve[np.diag_indices(len(x))] += max(damping, 1e-12) * np.where(scale > 0, scale, 1.0)
    return np.asarray(np.linalg.solve(curve, downhill))


def _begin(model: CorrelationModel, corr: FloatArray) -> FloatArray:
    """Return parameters from the first component of each factor's items."""
    p = len(corr)
    normal = single_group_model(model.factor_of, "unit_variance")
    found = normal.matrices(start(normal, Moments(corr[None], np.zeros((1, p)), np.ones(1))))
    loadings = found.loadings[0, np.arange(p), model.factor_of]
    phi = np.nan_to_num(np.clip(found.factor_cov[0][model.row, model.column], -0.9, 0.9))
    return np.concatenate([loadings[model.free], phi])


def _turned(model: CorrelationModel, x: FloatArray) -> FloatArray:
    """Turn factors so that most of their items load positively."""
    loadings, phi = model.matrices(x)
    belongs = np.eye(len(phi))[model.factor_of]
    votes = np.sign(loadings) @ belongs + np.sign(loadings @ belongs) / 2
    sign = np.where((votes < 0) & (belongs.sum(axis=0) > 1), -1.0, 1.0)
    turned = loadings * sign[model.factor_of]
    return np.concatenate([turned[model.free], (phi * sign[:, None] * sign)[model.row, model.column]])
