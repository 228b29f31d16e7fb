"""How well an exploratory factor model fits the correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, check_conf_level, square_stack
from satmeter.numerics.extraction import factor_df
from satmeter.numerics.sampling_adequacy import regular
from satmeter.numerics.special_functions import special

_BISECTIONS = 200


@dataclass(frozen=True, slots=True)
class FactorFit:
    """Fit of an exploratory factor model; NaN where it does not exist.

    Attributes
    ----------
    chi2, df, p
        The likelihood ratio against any correlations, with Bartlett's factor.
    rmsea, rmsea_low, rmsea_high
        Root mean square error of approximation and its interval.
    tli
        Tucker and Lewis's index.
    bic
        chi2 − df ln n: below 0 the model is to be preferred to any correlations.
    rmsr
        Root mean square of the residual correlations.
    """

    chi2: float
    df: int
    p: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    tli: float
    bic: float
    rmsr: float


def factor_fit(
    corr: npt.ArrayLike,
    loadings: npt.ArrayLike,
    n: float,
    *,
    phi: npt.ArrayLike | None = None,
    conf_level: float = 0.90,
) -> FactorFit:
    """Describe the fit of factors to one correlation matrix.

    Parameters
    ----------
    corr
        shape (p, p).
    loadings
        shape (p, m), rotated or not.
    n
        Respondents. The chi-square is for unweighted simple random samples of normal items; with weights the effective
        sample size is a rough stand-in.
    phi
        shape (m, m), factor correlations; None: uncorrelated.
    conf_level
        Level of RMSEA's interval.

    Returns
    -------
    FactorFit
        Only rmsr where `corr` is singular, or the fitted correlations with ones in the diagonal are not positive
        definite. No p, RMSEA or TLI without degrees of freedom.

    Raises
    ------
    NumericsError
        N002 for a level outside (0, 1), N010 for arrays that do not fit together, N021 for more factors than the items
        bear.

    Notes
    -----
    As ``psych::fa``: discrepancy F = tr(Σ⁻¹R) − ln|Σ⁻¹R| − p, Σ the fitted correlations with ones in the diagonal;
    chi2 = F (n − 1 − (2p + 5)/6 − 2m/3); RMSEA² = chi2/(df n) − 1/(n − 1); the interval from the noncentral chi-square
    over (n − 1) df. Other programs divide by n or n − 1 throughout.

    Examples
    --------
    >>> corr = np.full((4, 4), 0.49) + 0.51 * np.eye(4)
    >>> fit = factor_fit(corr, np.full((4, 1), 0.7), 100)
    >>> round(fit.chi2, 8) + 0.0, fit.df, fit.p
    (0.0, 2, 1.0)
    """
    r, pattern = square_stack(corr, minimum=2), np.asarray(loadings, dtype=np.float64)
    p = r.shape[-1]
    if r.ndim != 2 or pattern.ndim != 2 or len(pattern) != p:
        got = f"{r.shape}, {pattern.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(p, p), (p, m)"}))
    m = pattern.shape[1]
    df = factor_df(p, m)
    if df < 0:
        raise NumericsError(Problem("N021", got=str(m), params={"items": p, "maximum": m - 1}))
    level = check_conf_level(conf_level)
    between = np.eye(m) if phi is None else np.asarray(phi, dtype=np.float64)
    fitted = pattern @ between @ pattern.T
    np.fill_diagonal(fitted, 1.0)
    rmsr = float(np.sqrt(((r - fitted) ** 2).sum() / (p * (p - 1))))
    nan = float("nan")
    scale = n - 1 - (2 * p + 5) / 6 - 2 * m / 3
    if not (regular(r) and regular(fitted) and scale > 0):
        return FactorFit(nan, df, nan, nan, nan, nan, nan, nan, rmsr)
    ratio = np.linalg.solve(fitted, r)
    loss = max(float(np.trace(ratio) - np.linalg.slogdet(ratio).logabsdet - p), 0.0)
    chi2 = scale * loss
    bic = float(chi2 - df * np.log(n))
    if df == 0:
        return FactorFit(chi2, 0, nan, nan, nan, nan, nan, bic, rmsr)
    low, high = rmsea_interval(chi2, df, n, level)
    alone = float(-np.linalg.slogdet(r).logabsdet) * 2 / (p * (p - 1))
    return FactorFit(
        chi2=chi2,
        df=df,
        p=float(special.chdtrc(df, chi2)),
        rmsea=float(np.sqrt(max(chi2 / (df * n) - 1 / (n - 1), 0.0))),
        rmsea_low=low,
        rmsea_high=high,
        tli=(alone - loss / df) / (alone - 1 / scale) if alone > 1 / scale else nan,
        bic=bic,
        rmsr=rmsr,
    )


def rmsea_interval(chi2: float, df: int, n: float, conf_level: float = 0.90) -> tuple[float, float]:
    """Return the interval of the root mean square error of approximation.

    Parameters
    ----------
    chi2, df
        The test of the model.
    n
        Respondents.
    conf_level
        Level of the two-sided interval.

    Returns
    -------
    low, high : float

    Notes
    -----
    From the noncentralities under which chi2 stands at the two tails: Steiger (1990), Multivariate Behavioral Research
    25, 173–180; found by bisection.

    Examples
    --------
    >>> low, high = rmsea_interval(85.306, 24, 301)
    >>> round(low, 4), round(high, 4)
    (0.0715, 0.1139)
    """
    tail = (1 - conf_level) / 2
    ends = [np.sqrt(_noncentrality(chi2, df, share) / (df * (n - 1))) for share in (1 - tail, tail)]
    return float(ends[0]), float(ends[1])


def _noncentrality(chi2: float, df: int, share: float) -> float:
    """Return the noncentrality at which `share` of the distribution lies below chi2; 0 where none is so low."""

    def below(noncentrality: float) -> FloatArray:
        return np.asarray(special.chndtr(chi2, df, noncentrality))

    if below(0.0) <= share:
        return 0.0
    low, high = 0.0, max(chi2, 1.0)
    while below(high) > share:
        high *= 2
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) > share else (low, middle)
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2
