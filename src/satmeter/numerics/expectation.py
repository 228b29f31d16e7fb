"""What discretised answers show of the latent variables behind them, without drawing any.

For two standard normal variables with correlation r, ``E f(x) g(y) = Σ_k f_k g_k r^k`` (Mehler's formula), where
``f_k`` are the coefficients of f in normalised Hermite polynomials. So a few coefficients of every item give all
expected means, variances and covariances.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.tails import normal_probability

_NODES = 96
_ORDER = 24


def point_shares(thresholds: npt.ArrayLike) -> FloatArray:
    """Return the expected share of every point of a scale.

    Examples
    --------
    >>> point_shares([0.0])
    array([0.5, 0.5])
    """
    cuts = normal_probability(np.asarray(thresholds, dtype=np.float64))
    return np.diff(np.concatenate(([0.0], cuts, [1.0])))


def hermite_coefficients(loading: float, thresholds: npt.ArrayLike, values: npt.ArrayLike | None = None) -> FloatArray:
    """Expand the expected answer, given the latent variable, in normalised Hermite polynomials.

    Given ξ, the expected answer is ``v_0 + Σ_k (v_k − v_{k−1}) Φ((λξ − t_k)/√(1 − λ²))``. Coefficient 0 is the mean.

    Parameters
    ----------
    loading
        As in `satmeter.numerics.simulation.rate`; below 1.
    thresholds
        As in `rate`.
    values
        shape (points,), ascending; what the places count. Default: 0, 1, 2, …

    Returns
    -------
    array, shape (25,)

    Examples
    --------
    One cut at the mean: the covariance of two such items is arcsin(λ²)/2π.

    >>> c = hermite_coefficients(0.8, [0.0])
    >>> round(float(c[1:] @ c[1:]), 6), round(float(np.arcsin(0.64) / (2 * np.pi)), 6)
    (0.110533, 0.110533)
    """
    nodes, weighted = _hermite_basis()
    cuts = np.asarray(thresholds, dtype=np.float64)
    worth = _worth(cuts, values)
    above = normal_probability((loading * nodes[:, None] - cuts) / np.sqrt(1 - loading**2))
    return np.asarray(weighted @ (worth[0] + above @ np.diff(worth)), dtype=np.float64)


def _worth(thresholds: FloatArray, values: npt.ArrayLike | None) -> FloatArray:
    return np.asarray(np.arange(len(thresholds) + 1) if values is None else values, dtype=np.float64)


@cache
def _hermite_basis() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    polynomials = np.empty((_ORDER + 1, _NODES))
    polynomials[0], polynomials[1] = 1.0, nodes
    for k in range(1, _ORDER):
        polynomials[k + 1] = (nodes * polynomials[k] - np.sqrt(k) * polynomials[k - 1]) / np.sqrt(k + 1)
    return nodes, polynomials * (weights / weights.sum())


def item_variance(thresholds: npt.ArrayLike, values: npt.ArrayLike | None = None) -> float:
    """Return the variance of an item; parameters as in `hermite_coefficients`.

    Examples
    --------
    >>> item_variance([0.0]), item_variance([0.0], [1, 3])
    (0.25, 1.0)
    """
    shares = point_shares(thresholds)
    worth = _worth(np.asarray(thresholds, dtype=np.float64), values)
    return float(shares @ worth**2 - (shares @ worth) ** 2)


def mehler_covariance(first: npt.ArrayLike, second: npt.ArrayLike, r: float) -> float:
    """Return the covariance of two functions of standard normal variables with correlation `r`.

    Parameters
    ----------
    first, second
        Hermite coefficients, shape (k,); coefficient 0 is the mean and takes no part.
    r
        Correlation, -1 to 1.

    Examples
    --------
    >>> mehler_covariance([5.0, 2.0], [1.0, 3.0], 0.5)
    3.0
    """
    a, b = np.asarray(first, dtype=np.float64)[1:], np.asarray(second, dtype=np.float64)[1:]
    return float(np.sum(a * b * float(r) ** np.arange(1, len(a) + 1)))
