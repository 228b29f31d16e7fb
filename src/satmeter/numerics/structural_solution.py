"""What a structural model says: paths, effects and shares of variance, with standard errors by the delta method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from satmeter.numerics.arguments import BoolArray, FloatArray
from satmeter.numerics.cfa_build import cell_scale
from satmeter.numerics.cfa_model import FACTOR_COV, Moments
from satmeter.numerics.cfa_solution import Estimates, Solution, estimates
from satmeter.numerics.structural_model import StructuralModel


@dataclass(frozen=True, slots=True)
class StructuralSolution:
    """A structural model at its minimum, in units of standardised items.

    Attributes
    ----------
    model, moments
        The model and the moments of the standardised items.
    x
        shape (q,), parameters.
    covariance
        shape (q, q), inverse expected information of one respondent.
    sd
        shape (p,). Raw item = constant + sd × standardised item.
    """

    model: StructuralModel
    moments: Moments
    x: FloatArray
    covariance: FloatArray
    sd: FloatArray


@dataclass(frozen=True, slots=True)
class PathEstimates:
    """Regressions among factors. Rows are outcomes, columns predictors; shape (m, m) unless said otherwise.

    Every `…_se` is the standard error of what it is named after; of what is fixed it is 0.

    Attributes
    ----------
    paths, paths_se
        Direct effects in units of the factors (of their first items).
    std_paths, std_paths_se
        Of factors with variance 1. May lie beyond 1 without being wrong.
    total, total_se, std_total, std_total_se
        Direct and indirect effects together.
    indirect, indirect_se, std_indirect, std_indirect_se
        Over all ways of two or more steps.
    disturbances, disturbances_se
        Covariances of exogenous factors; residual variances of outcomes on the diagonal.
    std_disturbances, std_disturbances_se
        Correlations of the same, and on the diagonal their part of the factor's variance.
    r2, r2_se
        shape (m,), share of each outcome's variance that is explained; NaN for exogenous factors.
    improper_disturbances
        shape (m,), outcomes whose residual variance is negative (explained beyond 1): the solution is improper and
        shown as it is.
    """

    paths: FloatArray
    paths_se: FloatArray
    std_paths: FloatArray
    std_paths_se: FloatArray
    total: FloatArray
    total_se: FloatArray
    std_total: FloatArray
    std_total_se: FloatArray
    indirect: FloatArray
    indirect_se: FloatArray
    std_indirect: FloatArray
    std_indirect_se: FloatArray
    disturbances: FloatArray
    disturbances_se: FloatArray
    std_disturbances: FloatArray
    std_disturbances_se: FloatArray
    r2: FloatArray
    r2_se: FloatArray
    improper_disturbances: BoolArray


_FIGURES = (
    "paths",
    "std_paths",
    "total",
    "std_total",
    "indirect",
    "std_indirect",
    "disturbances",
    "std_disturbances",
)


def measurement_solution(solution: StructuralSolution) -> Solution:
    """Return the measurement model at the parameters that follow from the structural model's."""
    slopes = solution.model.jacobian(solution.x)
    return Solution(
        solution.model.factors,
        solution.moments,
        solution.model.factor_parameters(solution.x),
        slopes @ solution.covariance @ slopes.T,
        solution.sd,
        np.zeros_like(solution.sd),
    )


def measurement_estimates(solution: StructuralSolution, covariance: FloatArray) -> Estimates:
    """Return loadings, residual variances and factor covariances, `covariance` (q, q) that of the parameters."""
    slopes = solution.model.jacobian(solution.x)
    return estimates(measurement_solution(solution), slopes @ covariance @ slopes.T)[0]


def path_estimates(solution: StructuralSolution, covariance: FloatArray) -> PathEstimates:
    """Return paths and effects, `covariance` (q, q) that of the parameters.

    Derivatives are complex steps of the figures, exact to rounding (Squire and Trapp 1998, SIAM Review 40, 110–112).
    """
    step = 1e-30
    moved = cast("FloatArray", solution.x + 1j * step * np.eye(len(solution.x)))
    with np.errstate(invalid="ignore"):  # complex arithmetic complains of the NaN of negative variances
        found, slopes = _figures(solution, solution.x), _figures(solution, moved)
    m = solution.model.paths.n
    made: dict[str, FloatArray] = {}
    for name, value, slope in zip((*_FIGURES, "r2"), found, slopes, strict=True):
        by_parameter = slope.imag.reshape(len(solution.x), -1) / step
        spread = np.sum(by_parameter * (covariance @ by_parameter), axis=0)
        made[name] = value
        made[f"{name}_se"] = np.sqrt(np.maximum(spread, 0.0)).reshape(value.shape)
    exogenous = list(solution.model.paths.exogenous)
    made["r2"][exogenous] = made["r2_se"][exogenous] = np.nan
    improper = np.zeros(m, dtype=np.bool_)
    outcomes = list(solution.model.paths.outcomes)
    improper[outcomes] = np.diagonal(made["disturbances"])[outcomes] < 0
    return PathEstimates(**made, improper_disturbances=improper)


def _figures(solution: StructuralSolution, x: FloatArray) -> tuple[FloatArray, ...]:
    """Return the figures of `_FIGURES` and R² at parameters (..., q), real or complex."""
    found = solution.model.structure(x)
    variance = np.diagonal(found.factor_cov, axis1=-2, axis2=-1)
    # a negative variance has no root: its standardised figures are NaN
    size = np.sqrt(np.where(variance.real > 0, variance, np.nan))
    unit = _factor_units(solution)
    raw, std = unit[:, None] / unit, size[..., None, :] / size[..., :, None]
    total = found.reach - np.eye(solution.model.paths.n)
    indirect = total - found.paths
    both = [(effect * raw, effect * std) for effect in (found.paths, total, indirect)]
    psi = found.disturbances
    own = np.diagonal(psi, axis1=-2, axis2=-1)
    root = np.sqrt(np.where(own.real > 0, own, np.nan))
    std_psi = np.where(psi == 0, 0, psi / root[..., None, :] / root[..., :, None])
    place = np.arange(psi.shape[-1])
    std_psi[..., place, place] = own / variance
    r2 = 1 - own / variance
    return (*(figure for pair in both for figure in pair), psi * unit[:, None] * unit, std_psi, r2)


def _factor_units(solution: StructuralSolution) -> FloatArray:
    """Return the raw unit of each factor."""
    factors = solution.model.factors
    listed = factors.free.of(FACTOR_COV, 0)
    scale = cell_scale(factors, solution.sd, listed)
    unit = np.empty(factors.n_factors)
    diagonal = listed.row == listed.column
    unit[listed.row[diagonal]] = np.sqrt(scale[diagonal])
    return unit
