"""How many factors: eigenvalues, Horn's parallel analysis, Velicer's minimum average partial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, correlation_from, square_stack
from satmeter.numerics.sampling_adequacy import regular

Kind = Literal["components", "factors"]


@dataclass(frozen=True, slots=True)
class ParallelAnalysis:
    """Eigenvalues beside those of uncorrelated data of the same size.

    Attributes
    ----------
    observed
        shape (p,), in falling order.
    reference
        shape (p,), the percentile over the draws, eigenvalue by eigenvalue.
    mean
        shape (p,), the mean over the draws.
    n_factors
        How many leading observed eigenvalues exceed the reference.
    kind, percentile, draws
        As asked for.
    """

    observed: FloatArray
    reference: FloatArray
    mean: FloatArray
    n_factors: int
    kind: Kind
    percentile: float
    draws: int


@dataclass(frozen=True, slots=True)
class MinimumAveragePartial:
    """Mean squared partial correlations after taking out components.

    Attributes
    ----------
    average
        shape (p − 1,), after 0, 1, …, p − 2 components.
    n_factors
        The number of components with the least of them.
    """

    average: FloatArray
    n_factors: int


def eigenvalues(corr: npt.ArrayLike, kind: Kind = "components") -> FloatArray:
    """Return the eigenvalues of correlation matrices in falling order, for a scree.

    Parameters
    ----------
    corr
        shape (..., p, p).
    kind
        `components`: of the matrix itself; `factors`: with squared multiple correlations in its diagonal.

    Returns
    -------
    array, shape (..., p)
        NaN where a cell is NaN and, for `factors`, where the matrix is singular.

    Raises
    ------
    NumericsError
        N001 for one item.

    Examples
    --------
    >>> eigenvalues([[1, 0.5], [0.5, 1]])
    array([1.5, 0.5])
    """
    stack = square_stack(corr, minimum=2)
    p = stack.shape[-1]
    usable = regular(stack) if kind == "factors" else np.asarray(np.isfinite(stack).all(axis=(-2, -1)))
    safe = np.where(usable[..., None, None], stack, np.eye(p))
    if kind == "factors":
        safe = safe.copy()
        safe[..., np.arange(p), np.arange(p)] = squared_multiple(safe)
    values = np.linalg.eigvalsh(safe)[..., ::-1]
    return np.where(usable[..., None], values, np.nan)


def squared_multiple(corr: FloatArray) -> FloatArray:
    """Return every item's squared multiple correlation with the others, shape (..., p), for regular matrices.

    Examples
    --------
    >>> squared_multiple(np.array([[1, 0.5], [0.5, 1]]))
    array([0.25, 0.25])
    """
    return np.asarray(1 - 1 / np.diagonal(np.linalg.inv(corr), axis1=-2, axis2=-1), dtype=np.float64)


def parallel_analysis(
    corr: npt.ArrayLike,
    n: float,
    *,
    rng: np.random.Generator,
    kind: Kind = "components",
    draws: int = 200,
    percentile: float = 95.0,
) -> ParallelAnalysis:
    """Compare the eigenvalues with those of uncorrelated normal data.

    Parameters
    ----------
    corr
        shape (p, p), one correlation matrix.
    n
        Respondents behind it, more than p; with weights the effective sample size.
    rng
        The draws depend on it: state its seed beside the result.
    kind
        `components` is Horn's; `factors` puts squared multiple correlations in the diagonal, and keeps more factors.
    draws
        Number of simulated matrices.
    percentile
        Of the simulated eigenvalues, between 0 and 100.

    Returns
    -------
    ParallelAnalysis
        NaN throughout, and no factors, where the eigenvalues cannot be had.

    Raises
    ------
    NumericsError
        N001 for one item, N010 for a stack of matrices or a percentile or number of draws that make no sense, N020
        when n is not above p.

    Notes
    -----
    Horn (1965), Psychometrika 30, 179–185; percentile: Glorfeld (1995), Educational and Psychological Measurement 55,
    377–393; squared multiple correlations: Humphreys and Ilgen (1969), same journal 29, 571–578. The matrices of
    products are drawn directly from their Wishart distribution (Bartlett 1933), so that the time does not grow with n.

    Examples
    --------
    >>> corr = np.kron(np.eye(2), np.full((3, 3), 0.6)) + 0.4 * np.eye(6)
    >>> parallel_analysis(corr, 200, rng=np.random.default_rng(1)).n_factors
    2
    """
    stack = square_stack(corr, minimum=2)
    p = stack.shape[-1]
    if stack.ndim != 2 or draws < 1 or not 0 < percentile < 100:
        expected = "(p, p), draws >= 1, 0 < percentile < 100"
        raise NumericsError(Problem("N010", got=f"{stack.shape}, {draws}, {percentile}", params={"expected": expected}))
    if not n > p:
        raise NumericsError(Problem("N020", got=f"{n:g}", params={"minimum": p + 1, "items": p}))
    observed = eigenvalues(stack, kind)
    simulated = eigenvalues(_uncorrelated(n, p, draws, rng), kind)
    reference = np.percentile(simulated, percentile, axis=0)
    above = observed > reference
    n_factors = p if above.all() else int(np.argmin(above))
    return ParallelAnalysis(observed, reference, simulated.mean(axis=0), n_factors, kind, percentile, draws)


def minimum_average_partial(corr: npt.ArrayLike) -> MinimumAveragePartial:
    """Find the number of components that leaves the smallest partial correlations.

    Parameters
    ----------
    corr
        shape (p, p), one correlation matrix.

    Returns
    -------
    MinimumAveragePartial
        From the number on at which an item is exhausted (all its variance is in the components) the averages are NaN.

    Raises
    ------
    NumericsError
        N001 for fewer than three items, N010 for a stack of matrices.

    Notes
    -----
    Velicer (1976), Psychometrika 41, 321–327, with squared correlations. Equal to ``psych::vss(…)$map``, which does not
    look at zero components.

    Examples
    --------
    >>> corr = np.kron(np.eye(2), np.full((3, 3), 0.6)) + 0.4 * np.eye(6)
    >>> minimum_average_partial(corr).n_factors
    2
    """
    stack = square_stack(corr, minimum=3)
    if stack.ndim != 2:
        raise NumericsError(Problem("N010", got=str(stack.shape), params={"expected": "(p, p)"}))
    p = stack.shape[-1]
    average = np.full(p - 1, np.nan)
    if not np.isfinite(stack).all():
        return MinimumAveragePartial(average, 0)
    values, vectors = np.linalg.eigh(stack)
    components = (vectors * np.sqrt(np.maximum(values, 0.0)))[:, ::-1]
    off = ~np.eye(p, dtype=bool)
    for m in range(p - 1):
        rest = stack - components[:, :m] @ components[:, :m].T
        left = np.diag(rest)
        if (left < 1e-12).any():
            break
        average[m] = (rest[off] ** 2 / np.outer(left, left)[off]).mean()
    return MinimumAveragePartial(average, int(np.nanargmin(average)))


def _uncorrelated(n: float, p: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draw correlation matrices of n normal rows without correlation, shape (draws, p, p), by Bartlett's triangle."""
    triangle = np.tril(rng.standard_normal((draws, p, p)), -1)
    triangle[:, np.arange(p), np.arange(p)] = np.sqrt(rng.chisquare(n - 1 - np.arange(p), size=(draws, p)))
    return correlation_from(triangle @ np.swapaxes(triangle, 1, 2))
