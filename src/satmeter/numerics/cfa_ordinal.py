"""Confirmatory factor analysis of ordered answers: diagonally weighted least squares on polychoric correlations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray
from satmeter.numerics.cfa_build import check_identified, checked_factors, single_group_model
from satmeter.numerics.cfa_ordinal_fit import OrdinalIndices, ordinal_indices
from satmeter.numerics.cfa_ordinal_moments import OrdinalMoments, ordinal_moments
from satmeter.numerics.cfa_ordinal_search import (
    CorrelationModel,
    LeastSquaresMinimum,
    correlation_model,
    minimise_squares,
)


@dataclass(frozen=True, slots=True)
class OrdinalEstimates:
    """Estimates in the metric of the normal variables that are thought to stand behind the answers (variance 1).

    Attributes
    ----------
    loadings, loadings_se
        shape (p,), standardised, of each item on its factor; standard errors robust, 0 where fixed.
    uniqueness, uniqueness_se
        shape (p,), 1 − loading².
    factor_corr, factor_corr_se
        shape (m, m).
    thresholds, thresholds_se
        shape (p, K − 1); infinite and NaN beyond the categories that an item uses.
    corr
        shape (p, p), polychoric correlations.
    residual_corr
        shape (p, p), these less what the model says; 0 on the diagonal.
    categories
        shape (p,), categories that were chosen.
    least_eigenvalue
        Of the polychoric correlations; below 0 they are not a correlation matrix, which the fit does not need.
    heywood
        shape (p,), items with a loading beyond 1: the solution is improper and shown as it is.
    improper_factors
        Whether the correlations of the factors are not positive definite.
    """

    loadings: FloatArray
    loadings_se: FloatArray
    uniqueness: FloatArray
    uniqueness_se: FloatArray
    factor_corr: FloatArray
    factor_corr_se: FloatArray
    thresholds: FloatArray
    thresholds_se: FloatArray
    corr: FloatArray
    residual_corr: FloatArray
    categories: IntArray
    least_eigenvalue: float
    heywood: BoolArray
    improper_factors: bool


@dataclass(frozen=True, slots=True)
class OrdinalCfaFit:
    """A fitted confirmatory factor model of ordered answers.

    Attributes
    ----------
    estimates
        Loadings, factor correlations, thresholds.
    indices
        Fit.
    steps
        Steps of the search.
    """

    estimates: OrdinalEstimates
    indices: OrdinalIndices
    steps: int


def fit_cfa_ordinal(
    codes: npt.ArrayLike, factors: Sequence[Sequence[int]], *, weights: npt.ArrayLike | None = None
) -> OrdinalCfaFit:
    """Fit a confirmatory factor model to ordered answers, every item on one factor, all factors correlated.

    Parameters
    ----------
    codes
        shape (n, p), whole numbers, complete rows. Only their order matters; a category that nobody chose does not
        count.
    factors
        Column numbers of each factor's items; every column in exactly one. The only item of a factor is the factor.
    weights
        shape (n,), probability weights on any scale; None means equal. Strata and clusters are not seen.

    Returns
    -------
    OrdinalCfaFit
        Polychoric correlations and thresholds in two steps, weighted least squares with the inverse variances of the
        correlations, robust standard errors, chi-square adjusted in mean and variance.

    Raises
    ------
    NumericsError
        As `ordinal_moments`; N030 for factors that do not name every column once, N031 for a model that is not
        identified, N052 when no minimum is found.

    Notes
    -----
    Muthén, du Toit and Spisic (1997); Asparouhov and Muthén (2010), Simple second order chi-square correction. Equal to
    lavaan's ``cfa(ordered = TRUE, estimator = "WLSMV")`` in the delta parametrisation, and its ``sampling.weights``;
    the plain chi-square is that of ``estimator = "DWLS"`` (tests/reference/cfa_ordinal.json). Thresholds are free, so
    that they add nothing to chi-square.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> latent = rng.standard_normal((500, 1)) + rng.standard_normal((500, 4))
    >>> fit = fit_cfa_ordinal(np.digitize(latent, [-1, 0, 1]), [(0, 1, 2, 3)])
    >>> fit.estimates.loadings.round(2), fit.indices.df
    (array([0.75, 0.68, 0.72, 0.72]), 2)
    """
    moments = ordinal_moments(codes, weights)
    corr = moments.polychoric.corr
    factor_of = checked_factors(factors, len(corr))
    df = check_identified(single_group_model(factor_of, "unit_variance"))
    model = correlation_model(factor_of)
    found = minimise_squares(model, corr, 1 / np.diagonal(moments.covariance))
    gap = np.triu(corr - model.implied(found.x), 1)
    covariance = _sampling_covariance(moments, found)
    indices = ordinal_indices(moments, found, gap[np.triu_indices(len(corr), 1)], df)
    return OrdinalCfaFit(_estimates(moments, model, found, covariance, gap + gap.T), indices, found.steps)


def _sampling_covariance(moments: OrdinalMoments, found: LeastSquaresMinimum) -> FloatArray:
    """Return the sandwich of the parameters, (q, q)."""
    heavy = found.slopes / np.diagonal(moments.covariance)[:, None]
    bread = np.linalg.inv(found.slopes.T @ heavy)
    return np.asarray(bread @ (heavy.T @ moments.covariance @ heavy) @ bread / (moments.n - 1), dtype=np.float64)


def _estimates(
    moments: OrdinalMoments,
    model: CorrelationModel,
    found: LeastSquaresMinimum,
    covariance: FloatArray,
    residual_corr: FloatArray,
) -> OrdinalEstimates:
    loadings, phi = model.matrices(found.x)
    error = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    loadings_se, phi_se = np.zeros_like(loadings), np.zeros_like(phi)
    loadings_se[model.free] = error[: len(model.free)]
    phi_se[model.row, model.column] = phi_se[model.column, model.row] = error[len(model.free) :]
    return OrdinalEstimates(
        loadings=loadings,
        loadings_se=loadings_se,
        uniqueness=1 - loadings**2,
        uniqueness_se=2 * np.abs(loadings) * loadings_se,
        factor_corr=phi,
        factor_corr_se=phi_se,
        thresholds=moments.polychoric.thresholds,
        thresholds_se=moments.thresholds_se,
        corr=moments.polychoric.corr,
        residual_corr=residual_corr,
        categories=moments.categories,
        least_eigenvalue=float(np.linalg.eigvalsh(moments.polychoric.corr)[0]),
        heywood=np.asarray(np.abs(loadings) > 1),
        improper_factors=bool(np.linalg.eigvalsh(phi)[0] <= 0),
    )
