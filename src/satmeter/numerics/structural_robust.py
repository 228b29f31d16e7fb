"""Structural equation model of answers that are not normal: scaled chi-square and robust standard errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.cfa_model import whitening
from satmeter.numerics.cfa_robust import (
    Correction,
    ScaledIndices,
    baseline_trace,
    saturated_trace,
    scaled_indices,
    scores,
    weighted_rows,
)
from satmeter.numerics.cfa_solution import Estimates
from satmeter.numerics.structural_fit import StructuralFit, fit_structural
from satmeter.numerics.structural_model import hessian
from satmeter.numerics.structural_solution import (
    PathEstimates,
    measurement_estimates,
    measurement_solution,
    path_estimates,
)


@dataclass(frozen=True, slots=True)
class RobustStructuralFit:
    """A fitted structural model with corrections for answers that are not normal.

    Attributes
    ----------
    normal
        The maximum-likelihood fit without correction; whether it is admissible stands there.
    measurement, paths
        The same estimates with robust standard errors.
    scaled
        Scaled and robust fit.
    """

    normal: StructuralFit
    measurement: Estimates
    paths: PathEstimates
    scaled: ScaledIndices


def fit_structural_robust(
    answers: npt.ArrayLike,
    factors: Sequence[Sequence[int]],
    paths: Mapping[int, Sequence[int]],
    *,
    weights: npt.ArrayLike | None = None,
    correction: Correction = "satorra_bentler",
    reliability: Mapping[int, float] | None = None,
) -> RobustStructuralFit:
    """Fit a structural model by maximum likelihood and correct its test and standard errors.

    Parameters
    ----------
    answers
        shape (n, p), complete rows.
    factors, paths, reliability
        As for `structural_fit.fit_structural`.
    weights
        shape (n,), probability weights on any scale; None means equal. Strata and clusters are not seen.
    correction
        "satorra_bentler" (lavaan's MLM) or "yuan_bentler" (MLR), as for `cfa_robust.fit_cfa_robust`.

    Returns
    -------
    RobustStructuralFit

    Raises
    ------
    NumericsError
        As `structural_fit.fit_structural`; N008 for bad weights, N009 for missing values.

    Notes
    -----
    Satorra and Bentler (1994); Yuan and Bentler (2000) Sociological Methodology 30, 165–200.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> first = rng.standard_normal((300, 1))
    >>> second = 0.6 * first + 0.8 * rng.standard_normal((300, 1))
    >>> answers = np.hstack([first.repeat(3, 1), second.repeat(3, 1)]) + rng.standard_normal((300, 6))
    >>> fit = fit_structural_robust(answers, [(0, 1, 2), (3, 4, 5)], {1: (0,)})
    >>> bool(abs(fit.paths.std_paths[1, 0] - 0.6) < 3 * fit.paths.std_paths_se[1, 0])
    True
    """
    centred, w, cov = weighted_rows(answers, weights)
    n = len(centred)
    fit = fit_structural(cov, n, factors, paths, reliability=reliability)
    solution = fit.solution
    model, moments, x = solution.model, solution.moments, solution.x
    centred = centred / solution.sd
    slopes = scores(measurement_solution(solution), centred) @ model.jacobian(x) * w[:, None]
    meat = slopes.T @ slopes / n
    observed = correction == "yuan_bentler"
    bread = np.linalg.inv(hessian(model, moments, x) / 2) if observed else solution.covariance
    spread = whitening(moments.cov[0] if observed else model.matrices(x).cov[0])
    total = saturated_trace(centred @ spread.T, w) - float(np.sum(bread * meat))
    scaled = scaled_indices(fit.indices, total, baseline_trace(centred, w, observed=observed))
    covariance = bread @ meat @ bread / n
    return RobustStructuralFit(
        fit, measurement_estimates(solution, covariance), path_estimates(solution, covariance), scaled
    )
