"""Fit indices of covariance structure models: chi-square, CFI, TLI, RMSEA with interval, SRMR, AIC, BIC."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.cfa_model import FactorModel, Matrices, Moments
from satmeter.numerics.special_functions import special

_CLOSE = 0.05


@dataclass(frozen=True, slots=True)
class FitIndices:
    """How well a model fits, in lavaan's conventions.

    Attributes
    ----------
    chi2, df, p_value
        N times the discrepancy (Wishart likelihood is not used), degrees of freedom, upper tail; p is NaN without
        degrees of freedom.
    baseline_chi2, baseline_df
        Of the model in which all items are uncorrelated.
    cfi, tli
        Comparative fit and Tucker–Lewis index; TLI is 1 without degrees of freedom.
    rmsea, rmsea_low, rmsea_high, rmsea_close_p
        With its 90 % interval and the probability, were RMSEA 0.05, of a chi-square at least as large.
    srmr
        Root of the mean squared difference of moments in units of the observed standard deviations (means too where
        the model has them), mean over groups weighted by n.
    log_likelihood, n_parameters, aic, bic
        Of the normal likelihood; BIC with the total n.
    n
        Respondents.
    """

    chi2: float
    df: int
    p_value: float
    baseline_chi2: float
    baseline_df: int
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    rmsea_close_p: float
    srmr: float
    log_likelihood: float
    n_parameters: int
    aic: float
    bic: float
    n: int


def fit_indices(
    model: FactorModel, moments: Moments, implied: Matrices, sd: FloatArray, chi2: float, df: int
) -> FitIndices:
    """Return the indices of a fitted model.

    Parameters
    ----------
    model, moments, implied
        The model, the moments of the standardised items that it was fitted to, and its matrices at the minimum.
    sd
        shape (p,), what the items were divided by.
    chi2, df
        Its test.

    Returns
    -------
    FitIndices

    Notes
    -----
    CFI: Bentler (1990) Psychological Bulletin 107, 238–246. TLI: Tucker and Lewis (1973) Psychometrika 38, 1–10. RMSEA:
    Steiger (1990) Multivariate Behavioral Research 25, 173–180; for several groups times √G, Steiger (1998).
    SRMR: Hu and Bentler (1999) Structural Equation Modeling 6, 1–55.
    """
    n, p, q = int(moments.n.sum()), model.n_items, model.free.n_parameters
    spread = np.log(np.diagonal(moments.cov, axis1=1, axis2=2)).sum(axis=1)
    volume = np.linalg.slogdet(moments.cov)[1]
    base_chi2, base_df = float(moments.n @ (spread - volume)), model.n_groups * p * (p - 1) // 2
    saturated = -0.5 * float(moments.n @ (p * np.log(2 * np.pi) + volume + p)) - n * float(np.log(sd).sum())
    log_likelihood = saturated - chi2 / 2
    low, high = rmsea_interval(chi2, df, n, model.n_groups)
    return FitIndices(
        chi2=chi2,
        df=df,
        p_value=chi2_tail(chi2, df),
        baseline_chi2=base_chi2,
        baseline_df=base_df,
        cfi=cfi(chi2, df, base_chi2, base_df),
        tli=tli(chi2, df, base_chi2, base_df),
        rmsea=rmsea(chi2, df, n, model.n_groups),
        rmsea_low=low,
        rmsea_high=high,
        rmsea_close_p=_beyond(chi2, df, _CLOSE**2 * n * df / model.n_groups) if df else float("nan"),
        srmr=srmr(model, moments, implied),
        log_likelihood=log_likelihood,
        n_parameters=q,
        aic=-2 * log_likelihood + 2 * q,
        bic=-2 * log_likelihood + q * float(np.log(n)),
        n=n,
    )


def no_indices(n: int, n_parameters: int, df: int) -> FitIndices:
    """Return what stands for the fit of a model whose search found no minimum: every figure NaN."""
    nan = float("nan")
    return FitIndices(nan, df, nan, nan, 0, nan, nan, nan, nan, nan, nan, nan, nan, n_parameters, nan, nan, n)


def chi2_tail(chi2: float, df: float) -> float:
    """Return the upper tail of the chi-square distribution; NaN without degrees of freedom.

    Examples
    --------
    >>> round(chi2_tail(3.841459, 1), 6)
    0.05
    """
    return float(special.chdtrc(df, max(chi2, 0.0))) if df > 0 else float("nan")


def cfi(chi2: float, df: float, base_chi2: float, base_df: float) -> float:
    """Return the comparative fit index, between 0 and 1."""
    excess = max(chi2 - df, 0.0)
    return 1.0 - excess / most if (most := max(base_chi2 - base_df, excess)) > 0 else 1.0


def tli(chi2: float, df: float, base_chi2: float, base_df: float) -> float:
    """Return the Tucker–Lewis index; 1 without degrees of freedom."""
    if df <= 0:
        return 1.0
    base = base_chi2 / base_df
    return (base - chi2 / df) / (base - 1.0)


def rmsea(chi2: float, df: float, n: int, n_groups: int = 1) -> float:
    """Return the root mean square error of approximation; 0 without degrees of freedom."""
    return float(np.sqrt(n_groups * max(chi2 - df, 0.0) / (df * n))) if df > 0 else 0.0


def rmsea_interval(chi2: float, df: float, n: int, n_groups: int = 1) -> tuple[float, float]:
    """Return the 90 % interval of RMSEA from the noncentrality of chi-square; 0, 0 without degrees of freedom."""
    if df <= 0:
        return 0.0, 0.0
    low, high = (np.sqrt(n_groups * _noncentrality(chi2, df, tail) / (df * n)) for tail in (0.05, 0.95))
    return float(low), float(high)


def _beyond(chi2: float, df: float, noncentrality: float) -> float:
    """Upper tail of the noncentral chi-square."""
    return float(1 - special.chndtr(chi2, df, noncentrality))


def _noncentrality(chi2: float, df: float, tail: float) -> float:
    """Return the noncentrality under which a chi-square beyond this one has the given chance; 0 if it is below."""
    if _beyond(chi2, df, 0.0) >= tail:
        return 0.0
    far = max(chi2 - df, 1.0) + 10 * np.sqrt(2 * df + 4 * chi2) + 10
    return float(optimize.brentq(lambda lam: _beyond(chi2, df, lam) - tail, 0.0, far, xtol=1e-10, rtol=1e-12))


def srmr(model: FactorModel, moments: Moments, implied: Matrices) -> float:
    """Return the standardised root mean square residual."""
    sd = np.sqrt(np.diagonal(moments.cov, axis1=1, axis2=2))
    gap = (moments.cov - implied.cov) / (sd[:, :, None] * sd[:, None, :])
    lower = np.tril_indices(model.n_items)
    squares: FloatArray = gap[:, lower[0], lower[1]] ** 2
    if model.mean_structure:
        squares = np.concatenate([squares, ((moments.means - implied.means) / sd) ** 2], axis=1)
    return float(moments.share @ np.sqrt(squares.mean(axis=1)))
