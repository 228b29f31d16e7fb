"""Whether correlations are worth factoring: Kaiser–Meyer–Olkin and Bartlett's test of sphericity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import TOLERANCE, BoolArray, FloatArray, square_stack
from satmeter.numerics.special_functions import special


@dataclass(frozen=True, slots=True)
class SamplingAdequacy:
    """Kaiser–Meyer–Olkin measure of sampling adequacy.

    Attributes
    ----------
    overall
        shape (...), between 0 and 1.
    items
        shape (..., p), the same for every item.
    """

    overall: FloatArray
    items: FloatArray


@dataclass(frozen=True, slots=True)
class Sphericity:
    """Bartlett's test that no item correlates with another.

    Attributes
    ----------
    chi2, p
        shape (...), statistic and upper tail.
    df
        p(p − 1)/2.
    """

    chi2: FloatArray
    df: int
    p: FloatArray


def regular(corr: npt.ArrayLike) -> BoolArray:
    """Tell which correlation matrices are finite and positive definite.

    Parameters
    ----------
    corr
        shape (..., p, p).

    Returns
    -------
    array, shape (...)
        False where an eigenvalue is not above 1e-10 or a cell is NaN.

    Raises
    ------
    NumericsError
        N010 when the matrices are not square.

    Examples
    --------
    >>> regular([[[1.0, 0.5], [0.5, 1.0]], [[1.0, 1.0], [1.0, 1.0]]])
    array([ True, False])
    """
    stack = square_stack(corr)
    finite = np.asarray(np.isfinite(stack).all(axis=(-2, -1)))
    safe = np.where(finite[..., None, None], stack, np.eye(stack.shape[-1]))
    return np.asarray(finite & (np.linalg.eigvalsh(safe)[..., 0] > TOLERANCE))


def kmo(corr: npt.ArrayLike) -> SamplingAdequacy:
    """Compute the Kaiser–Meyer–Olkin measure, overall and of every item.

    Parameters
    ----------
    corr
        shape (..., p, p), correlation matrices.

    Returns
    -------
    SamplingAdequacy
        NaN where the matrix is singular (a copied item, fewer respondents than items) or holds NaN: partial
        correlations do not exist there.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    Σr² / (Σr² + Σq²) over the pairs of different items, q the correlation of two items given all the others: Kaiser
    and Rice (1974), Educational and Psychological Measurement 34, 111–117. Equal to ``psych::KMO``.

    Examples
    --------
    >>> found = kmo([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]])
    >>> round(float(found.overall), 4)
    0.6923
    """
    stack = square_stack(corr, minimum=2)
    usable = regular(stack)
    p = stack.shape[-1]
    inverse = np.linalg.inv(np.where(usable[..., None, None], stack, np.eye(p)))
    scale = np.sqrt(np.diagonal(inverse, axis1=-2, axis2=-1))
    off = ~np.eye(p, dtype=bool)
    partial = (inverse / (scale[..., :, None] * scale[..., None, :])) ** 2 * off
    plain = np.where(usable[..., None, None], stack, np.nan) ** 2 * off
    r2, q2 = plain.sum(axis=-1), partial.sum(axis=-1)
    items = r2 / np.where(r2 + q2 > 0, r2 + q2, np.nan)
    whole = r2.sum(axis=-1) + q2.sum(axis=-1)
    overall = r2.sum(axis=-1) / np.where(whole > 0, whole, np.nan)
    return SamplingAdequacy(np.asarray(overall)[()], items)


def bartlett_sphericity(corr: npt.ArrayLike, n: float) -> Sphericity:
    """Test that the items are uncorrelated, by Bartlett's chi-square.

    Parameters
    ----------
    corr
        shape (..., p, p), correlation matrices.
    n
        Respondents behind them. The test is for unweighted simple random samples of normal items; with weights the
        effective sample size is a rough stand-in.

    Returns
    -------
    Sphericity
        NaN where the matrix is singular: its determinant is zero.

    Raises
    ------
    NumericsError
        N001 for one item, N020 when n is so small that the test's factor n − 1 − (2p + 5)/6 is not above 0.

    Notes
    -----
    −(n − 1 − (2p + 5)/6) ln|R| with p(p − 1)/2 degrees of freedom: Bartlett (1951), Biometrika 38, 337–344. Equal to
    ``psych::cortest.bartlett``.

    Examples
    --------
    >>> found = bartlett_sphericity([[1, 0.5], [0.5, 1]], 50)
    >>> round(float(found.chi2), 4), found.df
    (13.6649, 1)
    """
    stack = square_stack(corr, minimum=2)
    p = stack.shape[-1]
    factor = n - 1 - (2 * p + 5) / 6
    if not factor > 0:
        raise NumericsError(Problem("N020", got=f"{n:g}", params={"minimum": int(2 + (2 * p + 5) / 6), "items": p}))
    usable = regular(stack)
    log_det = np.linalg.slogdet(np.where(usable[..., None, None], stack, np.eye(p))).logabsdet
    chi2 = np.where(usable, np.maximum(-factor * log_det, 0.0), np.nan)
    df = p * (p - 1) // 2
    return Sphericity(chi2[()], df, np.asarray(special.chdtrc(df, chi2), dtype=np.float64)[()])
