"""Reliability of composites from loadings or weights, and what it says about single scores and differences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, square_stack


def composite_reliability(loadings: npt.ArrayLike) -> FloatArray:
    """Return composite reliability rho_c of standardised items.

    Parameters
    ----------
    loadings
        shape (..., p), standardised loadings on one factor or construct.

    Returns
    -------
    array, shape (...)
        NaN where a loading is, or where a residual variance 1 − λ² is negative (a Heywood case): no reliability is
        formed with a negative variance.

    Notes
    -----
    (Σλ)² / ((Σλ)² + Σ(1 − λ²)): Werts, Linn and Jöreskog (1974), Educational and Psychological Measurement 34, 25–33;
    Fornell and Larcker (1981), Journal of Marketing Research 18, 39–50.

    Examples
    --------
    >>> round(float(composite_reliability([0.7, 0.6, 0.5])), 4)
    0.6304
    """
    values = np.asarray(loadings, dtype=np.float64)
    common = values.sum(axis=-1) ** 2
    residual = 1 - values**2
    whole = common + np.where(residual >= 0, residual, np.nan).sum(axis=-1)
    return np.asarray(common / np.where(whole > 0, whole, np.nan), dtype=np.float64)[()]


def rho_a(corr: npt.ArrayLike, weights: npt.ArrayLike) -> FloatArray:
    """Return Dijkstra and Henseler's rho_A, the reliability of a composite with given outer weights.

    Parameters
    ----------
    corr
        shape (..., p, p), correlation of the construct's items.
    weights
        shape (..., p), outer weights (mode A); their scale does not matter.

    Returns
    -------
    array, shape (...)
        Not clipped. NaN where the composite or the weights do not vary enough to say anything.

    Raises
    ------
    NumericsError
        N001 for one item, N012 where there are not as many weights as items.

    Notes
    -----
    (wᵀw)² · wᵀ(S − diag S)w / wᵀ(wwᵀ − diag wwᵀ)w with w scaled to wᵀSw = 1: Dijkstra and Henseler (2015),
    Computational Statistics & Data Analysis 81, 10–23.

    Examples
    --------
    With weights proportional to the loadings of an exact one-factor matrix it is the composite's true reliability.

    >>> loadings = np.array([0.7, 0.6, 0.5])
    >>> corr = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> value = rho_a(corr, loadings)
    >>> round(float(value), 6), round(float((loadings @ loadings) ** 2 / (loadings @ corr @ loadings)), 6)
    (0.644371, 0.644371)
    """
    stack = square_stack(corr, minimum=2)
    w = np.asarray(weights, dtype=np.float64)
    if w.ndim == 0 or w.shape[-1] != stack.shape[-1]:
        raise NumericsError(Problem("N012", got=str(w.shape), params={"n_items": stack.shape[-1]}))
    variance = np.einsum("...i,...ij,...j->...", w, stack, w)
    w = w / np.sqrt(np.where(variance > 0, variance, np.nan))[..., None]
    square = w**2
    diagonal = (square * np.diagonal(stack, axis1=-2, axis2=-1)).sum(axis=-1)
    length = square.sum(axis=-1)
    apart = length**2 - (square**2).sum(axis=-1)
    return np.asarray(length**2 * (1 - diagonal) / np.where(apart > 0, apart, np.nan), dtype=np.float64)[()]


def standard_error_of_measurement(sd: npt.ArrayLike, reliability: npt.ArrayLike) -> FloatArray:
    """Return the standard deviation of one respondent's score around the true one.

    Parameters
    ----------
    sd, reliability
        Standard deviation of the score and its reliability; broadcast against each other.

    Returns
    -------
    array
        In the units of the score. NaN for a reliability above 1; with a negative one it exceeds the standard deviation.

    Notes
    -----
    sd·√(1 − reliability): Lord and Novick (1968), Statistical Theories of Mental Test Scores, 3.

    Examples
    --------
    >>> round(float(standard_error_of_measurement(20, 0.84)), 4)
    8.0
    """
    rest = 1 - np.asarray(reliability, dtype=np.float64)
    return (np.asarray(sd, dtype=np.float64) * np.sqrt(np.where(rest >= 0, rest, np.nan)))[()]


def difference_reliability(
    reliability: tuple[npt.ArrayLike, npt.ArrayLike], sd: tuple[npt.ArrayLike, npt.ArrayLike], r: npt.ArrayLike
) -> FloatArray:
    """Return the reliability of the difference of two scores of the same respondents.

    Parameters
    ----------
    reliability, sd
        Of the first and of the second score.
    r
        Correlation of the two observed scores.

    Returns
    -------
    array, broadcast shape
        Not clipped: negative where the scores correlate more than their reliabilities allow. NaN where the difference
        does not vary.

    Notes
    -----
    (s₁²ρ₁ + s₂²ρ₂ − 2 s₁s₂r) / (s₁² + s₂² − 2 s₁s₂r), errors of the two scores unrelated: Lord and Novick (1968), 3.

    Examples
    --------
    >>> round(float(difference_reliability((0.9, 0.8), (1, 1), 0.6)), 4)
    0.625
    """
    first, second = (np.asarray(value, dtype=np.float64) for value in sd)
    shared = 2 * first * second * np.asarray(r, dtype=np.float64)
    observed = first**2 + second**2 - shared
    true = first**2 * np.asarray(reliability[0]) + second**2 * np.asarray(reliability[1]) - shared
    return np.asarray(true / np.where(observed > 0, observed, np.nan), dtype=np.float64)[()]
