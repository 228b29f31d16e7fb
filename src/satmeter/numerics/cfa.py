"""Confirmatory factor analysis of one group by maximum likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import square_stack
from satmeter.numerics.cfa_build import Identification, check_identified, checked_factors, single_group_model
from satmeter.numerics.cfa_fit import FitIndices, fit_indices
from satmeter.numerics.cfa_search import minimise
from satmeter.numerics.cfa_solution import Estimates, Solution, check_moments, estimates, standardised


@dataclass(frozen=True, slots=True)
class CfaFit:
    """A fitted confirmatory factor model of one group.

    Attributes
    ----------
    estimates
        Loadings, factor correlations, residual variances, all with standard errors, and residual correlations.
    indices
        Fit.
    steps
        Steps of the search.
    solution
        What `modification_indices` needs.
    """

    estimates: Estimates
    indices: FitIndices
    steps: int
    solution: Solution


def fit_cfa(
    cov: npt.ArrayLike,
    n: int,
    factors: Sequence[Sequence[int]],
    *,
    identification: Identification = "marker",
) -> CfaFit:
    """Fit a confirmatory factor model, every item on one factor, all factors correlated, by maximum likelihood.

    Parameters
    ----------
    cov
        shape (p, p), covariance of the items with divisor n − 1 (as `moments.moment_stack` gives it), weighted or
        not. Of complete rows.
    n
        Respondents.
    factors
        Column numbers of each factor's items; every column in exactly one. A factor of one item is that item: its
        residual variance is fixed at 0.
    identification
        "marker" fixes the loading of each factor's first item at 1, "unit_variance" the variance of each factor.
        Fit and standardised solution are the same.

    Returns
    -------
    CfaFit
        Standard errors from the expected information, for simple random samples of normal answers; use
        `cfa_robust.fit_cfa_robust` or replicates otherwise. Improper solutions (`estimates.heywood`,
        `estimates.improper_factors`) are shown as they are.

    Raises
    ------
    NumericsError
        N030 for factors that do not name every column once, N031 for a model that is not identified, N032 for a
        covariance that is not positive definite, N033 when no minimum is found, N034 for n not above p.

    Notes
    -----
    Jöreskog (1969) Psychometrika 34, 183–202. Equal to lavaan's ``cfa`` with its defaults: the covariance is taken
    with divisor n and chi-square is n times the discrepancy (tests/reference/cfa.json).

    Examples
    --------
    >>> truth = [[1, 0.48, 0.42, 0.2], [0.48, 1, 0.56, 0.2], [0.42, 0.56, 1, 0.2], [0.2, 0.2, 0.2, 1]]
    >>> fit = fit_cfa(truth, 200, [(0, 1, 2), (3,)])
    >>> fit.estimates.std_loadings.round(3), round(fit.indices.chi2, 3), fit.indices.df
    (array([0.607, 0.789, 0.706, 1.   ]), 0.615, 2)
    """
    matrix = square_stack(cov)
    if matrix.ndim != 2:
        raise NumericsError(Problem("N010", got=str(matrix.shape), params={"expected": "(p, p)"}))
    p = matrix.shape[0]
    factor_of = checked_factors(factors, p)
    model = single_group_model(factor_of, identification)
    df = check_identified(model)
    scaled, sd, centre = standardised(check_moments(matrix[None], np.zeros((1, p)), np.array([n])))
    found = minimise(model, scaled)
    solution = Solution(model, scaled, found.x, found.covariance, sd, centre)
    indices = fit_indices(model, scaled, model.matrices(found.x), sd, n * found.discrepancy, df)
    return CfaFit(estimates(solution, found.covariance / n)[0], indices, found.steps, solution)
