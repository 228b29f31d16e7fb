"""Confirmatory factor analysis of answers that are not normal: scaled chi-square and robust standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.cfa import CfaFit, fit_cfa
from satmeter.numerics.cfa_build import Identification
from satmeter.numerics.cfa_curvature import hessian
from satmeter.numerics.cfa_fit import FitIndices, cfi, chi2_tail, rmsea, rmsea_interval, tli
from satmeter.numerics.cfa_model import directions, whitening
from satmeter.numerics.cfa_solution import Estimates, Solution, estimates

Correction = Literal["satorra_bentler", "yuan_bentler"]


@dataclass(frozen=True, slots=True)
class ScaledIndices:
    """Fit with the chi-square divided by its scaling factor.

    Attributes
    ----------
    chi2, scaling, p_value
        Scaled chi-square, what the chi-square was divided by, and the upper tail.
    baseline_chi2, baseline_scaling
        The same of the model in which all items are uncorrelated.
    cfi_scaled, tli_scaled, rmsea_scaled, rmsea_scaled_low, rmsea_scaled_high
        From the scaled chi-squares put in the usual formulas; the interval from the plain chi-square with degrees of
        freedom times the scaling, as lavaan does.
    cfi, tli, rmsea, rmsea_low, rmsea_high
        Robust versions, which estimate the population's index: Brosseau-Liard and Savalei (2014). Report these.
    """

    chi2: float
    scaling: float
    p_value: float
    baseline_chi2: float
    baseline_scaling: float
    cfi_scaled: float
    tli_scaled: float
    rmsea_scaled: float
    rmsea_scaled_low: float
    rmsea_scaled_high: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float


@dataclass(frozen=True, slots=True)
class RobustCfaFit:
    """A fitted model with corrections for answers that are not normal.

    Attributes
    ----------
    normal
        The maximum-likelihood fit without correction.
    estimates
        The same estimates with robust standard errors.
    scaled
        Scaled and robust fit.
    """

    normal: CfaFit
    estimates: Estimates
    scaled: ScaledIndices


def fit_cfa_robust(
    answers: npt.ArrayLike,
    factors: Sequence[Sequence[int]],
    *,
    weights: npt.ArrayLike | None = None,
    correction: Correction = "satorra_bentler",
    identification: Identification = "marker",
) -> RobustCfaFit:
    """Fit a confirmatory factor model by maximum likelihood and correct its test and standard errors.

    Parameters
    ----------
    answers
        shape (n, p), complete rows.
    factors, identification
        As for `fit_cfa`.
    weights
        shape (n,), probability weights on any scale; None means equal. Strata and clusters are not seen: use
        replicates for a clustered sample.
    correction
        "satorra_bentler": mean-scaled chi-square and sandwich errors with expected information (lavaan's MLM);
        "yuan_bentler": the asymptotically equal one with observed information (lavaan's MLR).

    Returns
    -------
    RobustCfaFit

    Raises
    ------
    NumericsError
        As `fit_cfa`; N008 for bad weights, N009 for missing values.

    Notes
    -----
    Satorra and Bentler (1994); Yuan and Bentler (2000) Sociological Methodology 30, 165–200, in the form of Mplus;
    Brosseau-Liard and Savalei (2014) Multivariate Behavioral Research 49, 460–470. Fourth moments are never held: the
    traces are sums over respondents of products of p + m numbers.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.standard_normal((200, 1)) + rng.standard_normal((200, 4))
    >>> fit = fit_cfa_robust(answers, [(0, 1, 2, 3)])
    >>> bool(abs(fit.scaled.scaling - 1) < 0.2), fit.normal.indices.df
    (True, 2)
    """
    centred, w, cov = weighted_rows(answers, weights)
    n = len(centred)
    fit = fit_cfa(cov, n, factors, identification=identification)
    solution = fit.solution
    centred = centred / solution.sd
    slopes = scores(solution, centred) * w[:, None]
    meat = slopes.T @ slopes / n
    observed = correction == "yuan_bentler"
    bread = _bread(solution, observed=observed)
    spread = whitening(solution.moments.cov[0] if observed else solution.model.matrices(solution.x).cov[0])
    total = saturated_trace(centred @ spread.T, w) - float(np.sum(bread * meat))
    scaled = scaled_indices(fit.indices, total, baseline_trace(centred, w, observed=observed))
    return RobustCfaFit(fit, estimates(solution, bread @ meat @ bread / n)[0], scaled)


def weighted_rows(answers: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return complete rows less their weighted means (n, p), weights with mean 1 (n,) and covariance, divisor n − 1.

    Raises
    ------
    NumericsError
        N008 for bad weights, N009 for missing values, N010 for another shape.
    """
    data = np.asarray(answers, dtype=np.float64)
    if data.ndim != 2:
        raise NumericsError(Problem("N010", got=str(data.shape), params={"expected": "(n, p)"}))
    if np.isnan(data).any():
        raise NumericsError(Problem("N009"))
    n = len(data)
    w = checked_weights(weights, n)
    w = w * (n / w.sum())
    centred = data - w @ data / n
    return centred, w, (centred * w[:, None]).T @ centred / max(n - 1, 1)


def _bread(solution: Solution, *, observed: bool) -> FloatArray:
    """Return the inverse information of one respondent, observed or expected."""
    if not observed:
        return solution.covariance
    return np.asarray(np.linalg.inv(hessian(solution.model, solution.moments, solution.x) / 2))


def scores(solution: Solution, centred: FloatArray) -> FloatArray:
    """Return each respondent's slope of the log-likelihood, shape (n, q)."""
    model = solution.model
    found = model.matrices(solution.x)
    along = directions(model, found, model.free, 0)
    y = centred @ whitening(found.cov[0]).T
    scores = np.empty((len(y), len(solution.x)))
    scores[:, along.parameter] = (y @ along.a) * (y @ along.b) - (along.a * along.b).sum(axis=0)
    return scores


def saturated_trace(y: FloatArray, w: FloatArray) -> float:
    """Return tr(VΓ): the mean squared length of what each respondent adds to the whitened moments."""
    n = len(y)
    moment = (y * w[:, None]).T @ y / n
    length = (y**2).sum(axis=1) ** 2 - 2 * np.einsum("ni,ij,nj->n", y, moment, y, optimize=True)
    return float(w**2 @ (length + (moment**2).sum()) / (2 * n))


def baseline_trace(centred: FloatArray, w: FloatArray, *, observed: bool) -> float:
    """Return tr(UΓ) of the model of uncorrelated items."""
    n = len(centred)
    y = centred / np.sqrt(w @ centred**2 / n)
    corr = (y * w[:, None]).T @ y / n
    if observed:
        own = float(w**2 @ ((y**2 - 1) ** 2).sum(axis=1)) / (2 * n)
        return saturated_trace(y @ whitening(corr).T, w) - own
    heavy = y * w[:, None]
    # Σ w² (yᵢyⱼ − r)² for all pairs at once
    squares = (heavy**2).T @ y**2 - 2 * corr * (heavy.T @ heavy) + corr**2 * float(w @ w)
    return float(np.tril(squares, -1).sum() / n)


def scaled_indices(plain: FitIndices, total: float, base_total: float) -> ScaledIndices:
    """Return the scaled fit from the traces tr(UΓ) of the model and of uncorrelated items."""
    df, base_df, n = plain.df, plain.baseline_df, plain.n
    c = total / df if df else float("nan")
    base_c = base_total / base_df
    chi2, base_chi2 = (plain.chi2 / c if df else 0.0), plain.baseline_chi2 / base_c
    low, high = rmsea_interval(chi2, df, n)
    scaled_low, scaled_high = rmsea_interval(plain.chi2, c * df if df else 0, n)
    widen = float(np.sqrt(c)) if df else 1.0
    back = c if df else 1.0
    return ScaledIndices(
        chi2=chi2,
        scaling=c,
        p_value=chi2_tail(chi2, df),
        baseline_chi2=base_chi2,
        baseline_scaling=base_c,
        cfi_scaled=cfi(chi2, df, base_chi2, base_df),
        tli_scaled=tli(chi2, df, base_chi2, base_df),
        rmsea_scaled=rmsea(chi2, df, n),
        rmsea_scaled_low=scaled_low,
        rmsea_scaled_high=scaled_high,
        cfi=cfi(plain.chi2, back * df, plain.baseline_chi2, base_c * base_df),
        tli=_robust_tli(plain.chi2, back * df, plain.baseline_chi2, base_c * base_df, base_df / df if df else 0.0),
        rmsea=widen * rmsea(chi2, df, n),
        rmsea_low=widen * low,
        rmsea_high=widen * high,
    )


def _robust_tli(chi2: float, scaled_df: float, base_chi2: float, base_scaled_df: float, ratio: float) -> float:
    return 1 - (chi2 - scaled_df) * ratio / (base_chi2 - base_scaled_df)
