"""Confirmatory factor analysis of several groups with means and constraints across groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import square_stack
from satmeter.numerics.cfa_build import Constraints, check_identified, checked_factors, group_model
from satmeter.numerics.cfa_fit import FitIndices, fit_indices
from satmeter.numerics.cfa_model import Matrices
from satmeter.numerics.cfa_search import minimise
from satmeter.numerics.cfa_solution import Estimates, Solution, check_moments, estimates, standardised


@dataclass(frozen=True, slots=True)
class GroupsFit:
    """A factor model fitted to several groups.

    Attributes
    ----------
    estimates
        Of each group. Factor variances are 1 and factor means 0 in the first group.
    indices
        Fit of all groups together.
    steps
        Steps of the search.
    solution
        The model at its minimum.
    """

    estimates: tuple[Estimates, ...]
    indices: FitIndices
    steps: int
    solution: Solution


def fit_groups(
    cov: npt.ArrayLike,
    means: npt.ArrayLike,
    n: npt.ArrayLike,
    factors: Sequence[Sequence[int]],
    *,
    constraints: Constraints = Constraints(),  # noqa: B008  frozen
    begin: Matrices | None = None,
) -> GroupsFit:
    """Fit a confirmatory factor model with means to several groups by maximum likelihood.

    Parameters
    ----------
    cov
        shape (G, p, p), covariances with divisor n − 1, weighted or not.
    means
        shape (G, p).
    n
        shape (G,), respondents.
    factors
        Column numbers of each factor's items, as for `fit_cfa`.
    constraints
        What is equal across groups. Without any, factors have variance 1 in every group; with equal loadings only in
        the first; with equal intercepts the factor means are 0 in the first group and free in the others.
    begin
        Matrices of a similar model, as a start for the search.

    Returns
    -------
    GroupsFit

    Raises
    ------
    NumericsError
        As `fit_cfa`, with the numbers of the groups at fault; N035 for fewer than two groups, N010 for shapes that do
        not fit.

    Notes
    -----
    Sörbom (1974) British Journal of Mathematical and Statistical Psychology 27, 229–239. Equal to lavaan's
    ``cfa(group =, group.equal =)``.

    Examples
    --------
    >>> cov = [[[1.0, 0.5, 0.4], [0.5, 1.0, 0.4], [0.4, 0.4, 1.0]]] * 2
    >>> fit = fit_groups(cov, [[0, 0, 0], [1, 1, 1]], [100, 100], [(0, 1, 2)], constraints=Constraints(loadings=True))
    >>> fit.indices.df, round(fit.indices.chi2, 6)
    (2, 0.0)
    """
    matrices = square_stack(cov)
    centres, sizes = np.asarray(means, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if matrices.ndim != 3 or centres.shape != matrices.shape[:2] or sizes.shape != matrices.shape[:1]:
        got = f"{matrices.shape}, {centres.shape}, {sizes.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(G, p, p), (G, p), (G,)"}))
    if len(matrices) < 2:
        raise NumericsError(Problem("N035", got=str(len(matrices))))
    model = group_model(checked_factors(factors, matrices.shape[-1]), len(matrices), constraints)
    df = check_identified(model)
    scaled, sd, centre = standardised(check_moments(matrices, centres, sizes))
    found = minimise(model, scaled, None if begin is None else model.parameters(begin))
    solution = Solution(model, scaled, found.x, found.covariance, sd, centre)
    total = sizes.sum()
    indices = fit_indices(model, scaled, model.matrices(found.x), sd, float(total) * found.discrepancy, df)
    return GroupsFit(estimates(solution, found.covariance / total), indices, found.steps, solution)
