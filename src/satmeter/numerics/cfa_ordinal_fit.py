"""Fit of factor models of ordered answers: chi-square of weighted least squares, adjusted in mean and variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.cfa_fit import cfi, chi2_tail, rmsea, rmsea_interval, tli
from satmeter.numerics.cfa_ordinal_moments import OrdinalMoments
from satmeter.numerics.cfa_ordinal_search import LeastSquaresMinimum


@dataclass(frozen=True, slots=True)
class OrdinalIndices:
    """How well a model fits, in lavaan's conventions.

    Attributes
    ----------
    chi2, df
        (n − 1) times the weighted squares (lavaan's DWLS). It does not follow a chi-square distribution; it has no p.
    chi2_scaled, scaling, shift, p_value
        chi2 / scaling + shift, which has mean df and variance 2 df (lavaan's scaled.shifted), and its upper tail. NaN
        without degrees of freedom.
    baseline_chi2, baseline_chi2_scaled, baseline_scaling, baseline_shift, baseline_df
        The same of the model in which all items are uncorrelated.
    cfi_plain, tli_plain, rmsea_plain, rmsea_plain_low, rmsea_plain_high
        From the plain chi-squares.
    cfi, tli, rmsea, rmsea_low, rmsea_high
        From the scaled ones (lavaan's ``cfi.scaled`` and so on), RMSEA with its 90 % interval. Report these.
    srmr
        Root mean squared residual correlation over the p(p + 1)/2 cells, the diagonal's zeros counted, as in lavaan.
    n_parameters
        Thresholds counted.
    n
        Respondents.
    """

    chi2: float
    df: int
    chi2_scaled: float
    scaling: float
    shift: float
    p_value: float
    baseline_chi2: float
    baseline_chi2_scaled: float
    baseline_scaling: float
    baseline_shift: float
    baseline_df: int
    cfi_plain: float
    tli_plain: float
    rmsea_plain: float
    rmsea_plain_low: float
    rmsea_plain_high: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmr: float
    n_parameters: int
    n: int


def ordinal_indices(moments: OrdinalMoments, found: LeastSquaresMinimum, gap: FloatArray, df: int) -> OrdinalIndices:
    """Return the indices of a fitted model.

    Parameters
    ----------
    moments, found
        What the model was fitted to, and where the search ended.
    gap
        shape (m,), residual correlations by pair.
    df
        Degrees of freedom.

    Returns
    -------
    OrdinalIndices

    Notes
    -----
    Scaling and shift are √(tr(UΓUΓ) / df) and df − tr(UΓ) / scaling, where U = W − WΔ(ΔᵀWΔ)⁻¹ΔᵀW; Asparouhov and
    Muthén (2010).
    """
    m, last = len(gap), moments.n - 1  # lavaan multiplies and divides by n − 1 throughout
    root = 1 / np.sqrt(np.diagonal(moments.covariance))
    relative = moments.covariance * root[:, None] * root
    basis = np.linalg.qr(found.slopes * root[:, None])[0]
    within = basis.T @ relative
    inner = within @ basis
    # with P = I − QQᵀ: tr(PΓ) and tr(PΓPΓ) in units of the weights' roots, where Γ has ones on its diagonal
    base_second = float(np.sum(relative**2))
    first = m - float(np.trace(inner))
    second = base_second - 2 * float(np.sum(within**2)) + float(np.sum(inner**2))
    scaling, shift = _second_order(first, second, df)
    base_scaling, base_shift = _second_order(m, base_second, m)
    chi2, base_chi2 = last * found.discrepancy, float(last * np.sum((moments.corr * root) ** 2))
    scaled = chi2 / scaling + shift if df else float("nan")
    base_scaled = base_chi2 / base_scaling + base_shift
    plain_low, plain_high = rmsea_interval(chi2, df, last)
    low, high = rmsea_interval(scaled, df, last)
    p = len(moments.polychoric.corr)
    return OrdinalIndices(
        chi2=chi2,
        df=df,
        chi2_scaled=scaled,
        scaling=scaling,
        shift=shift,
        p_value=chi2_tail(scaled, df),
        baseline_chi2=base_chi2,
        baseline_chi2_scaled=base_scaled,
        baseline_scaling=base_scaling,
        baseline_shift=base_shift,
        baseline_df=m,
        cfi_plain=cfi(chi2, df, base_chi2, m),
        tli_plain=tli(chi2, df, base_chi2, m),
        rmsea_plain=rmsea(chi2, df, last),
        rmsea_plain_low=plain_low,
        rmsea_plain_high=plain_high,
        cfi=cfi(scaled if df else 0.0, df, base_scaled, m),
        tli=tli(scaled, df, base_scaled, m),
        rmsea=rmsea(scaled, df, last),
        rmsea_low=low,
        rmsea_high=high,
        srmr=float(np.sqrt(np.sum(gap**2) / (p * (p + 1) / 2))),
        n_parameters=len(found.x) + int((moments.categories - 1).sum()),
        n=moments.n,
    )


def _second_order(first: float, second: float, df: int) -> tuple[float, float]:
    """Return scaling and shift of a chi-square from tr(UΓ) and tr(UΓUΓ)."""
    if not df:
        return float("nan"), float("nan")
    scaling = float(np.sqrt(second / df))
    return scaling, df - first / scaling
