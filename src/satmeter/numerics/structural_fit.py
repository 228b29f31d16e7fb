"""Covariance-based structural equation model of one group: factors measured by items and regressed on one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import IntArray, square_stack
from satmeter.numerics.cfa_build import checked_factors, single_group_model
from satmeter.numerics.cfa_fit import FitIndices, fit_indices
from satmeter.numerics.cfa_model import RESIDUAL_COV, FactorModel
from satmeter.numerics.cfa_search import STEPS, Criterion, descend, inverse_information, patience
from satmeter.numerics.cfa_solution import Estimates, check_moments, standardised
from satmeter.numerics.structural_model import StructuralModel, discrepancy, gradient, hessian, information, start
from satmeter.numerics.structural_paths import checked_paths
from satmeter.numerics.structural_solution import (
    PathEstimates,
    StructuralSolution,
    measurement_estimates,
    path_estimates,
)


@dataclass(frozen=True, slots=True)
class StructuralFit:
    """A fitted structural equation model.

    Attributes
    ----------
    measurement
        Loadings, residual variances and implied factor covariances with standard errors, as of a factor model.
    paths
        Direct, indirect and total effects, disturbances and R² with standard errors.
    indices
        Fit.
    admissible
        Whether no residual variance of an item or of an outcome is negative and the factor covariance is positive
        definite. What is not admissible is shown as it is and must not be reported as a finding.
    steps
        Steps of the search.
    solution
        The model at its minimum.
    """

    measurement: Estimates
    paths: PathEstimates
    indices: FitIndices
    admissible: bool
    steps: int
    solution: StructuralSolution


def fit_structural(
    cov: npt.ArrayLike,
    n: int,
    factors: Sequence[Sequence[int]],
    paths: Mapping[int, Sequence[int]],
    *,
    reliability: Mapping[int, float] | None = None,
) -> StructuralFit:
    """Fit factors, every item on one, and recursive regressions among them, by maximum likelihood.

    Parameters
    ----------
    cov
        shape (p, p), covariance of the items with divisor n − 1, weighted or not, of complete rows.
    n
        Respondents.
    factors
        Column numbers of each factor's items; every column in exactly one. The first item's loading is fixed at 1.
    paths
        Outcome to its predictors, as numbers of factors.
    reliability
        Factor of one item to the reliability of that item, in (0, 1]: its residual variance is fixed at (1 −
        reliability) × variance. Without a stated one it is 1, i.e. the factor is the item.

    Returns
    -------
    StructuralFit
        Standard errors from the expected information, for simple random samples of normal answers; use
        `structural_robust.fit_structural_robust` or replicates otherwise.

    Raises
    ------
    NumericsError
        N090 for circles, N091 for outcomes with unknown or no predictors, N092 for a reliability that cannot be; N030
        to N034 as `cfa.fit_cfa`.

    Notes
    -----
    Jöreskog (1978) Psychometrika 43, 443–477. Equal to lavaan's ``sem`` with its defaults (tests/reference/
    structural.json): divisor n, exogenous factors covary, and so do the residuals of outcomes that predict nothing.

    Examples
    --------
    >>> loadings = np.kron(np.eye(2), np.ones((3, 1)))
    >>> cov = loadings @ [[1, 0.6], [0.6, 1]] @ loadings.T + np.eye(6)
    >>> fit = fit_structural(cov, 200, [(0, 1, 2), (3, 4, 5)], {1: (0,)})
    >>> fit.paths.std_paths.round(3).tolist(), fit.paths.r2.round(3), fit.indices.df
    ([[0.0, 0.0], [0.6, 0.0]], array([ nan, 0.36]), 8)
    """
    matrix = square_stack(cov)
    if matrix.ndim != 2:
        raise NumericsError(Problem("N010", got=str(matrix.shape), params={"expected": "(p, p)"}))
    p = matrix.shape[0]
    factor_of = checked_factors(factors, p)
    listed = checked_paths(paths, len(factors))
    measured = _with_reliability(single_group_model(factor_of, "marker"), factor_of, reliability or {})
    model = StructuralModel(measured, listed)
    n_moments = p * (p + 1) // 2
    df = n_moments - model.n_parameters
    moments, sd, _ = standardised(check_moments(matrix[None], np.zeros((1, p)), np.array([n])))
    criterion = Criterion(
        partial(discrepancy, model, moments),
        partial(gradient, model, moments),
        partial(hessian, model, moments),
        partial(information, model, moments),
        patience(model.n_parameters * p**3),
    )
    found = descend(criterion, start(model, moments))
    if found is None:
        raise NumericsError(Problem("N033", params={"steps": STEPS}))
    x, steps = found
    covariance = inverse_information(information(model, moments, x), n_moments)
    solution = StructuralSolution(model, moments, x, covariance, sd)
    chi2 = n * max(discrepancy(model, moments, x), 0.0)
    indices = fit_indices(measured, moments, model.matrices(x), sd, chi2, df)
    return structural_fit(solution, _counted(indices, model.n_parameters), steps)


def structural_fit(solution: StructuralSolution, indices: FitIndices, steps: int) -> StructuralFit:
    """Return the estimates of a solution with errors from the expected information."""
    covariance = solution.covariance / indices.n
    measurement, paths = measurement_estimates(solution, covariance), path_estimates(solution, covariance)
    wrong = measurement.heywood.any() or measurement.improper_factors or paths.improper_disturbances.any()
    return StructuralFit(measurement, paths, indices, not wrong, steps, solution)


def _with_reliability(model: FactorModel, factor_of: IntArray, reliability: Mapping[int, float]) -> FactorModel:
    """Fix the residual variance of single items, in units of standardised items."""
    fixed = model.fixed.copy()
    problems = []
    for factor, value in reliability.items():
        items = np.flatnonzero(factor_of == factor)
        if len(items) != 1 or not 0 < value <= 1:
            problems.append(Problem("N092", got=f"{factor}: {value}", params={"items": len(items)}))
            continue
        zero = np.zeros(1, dtype=np.int64)
        fixed[model.place(zero + RESIDUAL_COV, zero, items, items)] = 1 - value
    if problems:
        raise NumericsError(problems)
    return replace(model, fixed=fixed)


def _counted(indices: FitIndices, q: int) -> FitIndices:
    """Put the number of structural parameters in place of the measurement model's."""
    aic = -2 * indices.log_likelihood + 2 * q
    return replace(indices, n_parameters=q, aic=aic, bic=aic - 2 * q + q * float(np.log(indices.n)))
