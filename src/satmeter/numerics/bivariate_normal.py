"""Probability and density of two correlated standard normal variables."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.tails import normal_probability

FAR = 40.0
"""Stands for infinity: beyond it the normal tail is below the smallest number."""

_NEAR_ONE = 0.925
_FEW, _MANY = 12, 24
_FEW_UP_TO = 0.6


def bivariate_normal_probability(h: npt.ArrayLike, k: npt.ArrayLike, r: npt.ArrayLike) -> FloatArray:
    """Return the probability that two standard normal variables lie below h and k.

    Parameters
    ----------
    h, k
        Limits, may be infinite; broadcast against each other and `r`.
    r
        Correlation, -1 to 1.

    Returns
    -------
    array, broadcast shape
        Right to about 1e-14.

    Notes
    -----
    Φ(h)Φ(k) + ∫ φ₂(h, k; t) dt over t from 0 to r (Plackett 1954, Biometrika 41, 351–360), by Gauss–Legendre with
    t = sin θ. For |r| above 0.925 from the other end, t = 1, with the part that varies fast taken out and integrated
    in closed form: Drezner and Wesolowsky (1990), Journal of Statistical Computation and Simulation 35, 101–107;
    Genz (2004), Statistics and Computing 14, 251–260.

    Examples
    --------
    >>> round(float(bivariate_normal_probability(0, 0, 0.5)), 12), round(1 / 3, 12)
    (0.333333333333, 0.333333333333)
    """
    shape = np.broadcast_shapes(np.shape(h), np.shape(k), np.shape(r))
    first, second, corr = (np.broadcast_to(np.asarray(v, dtype=np.float64), shape).ravel() for v in (h, k, r))
    first, second = np.clip(first, -FAR, FAR), np.clip(second, -FAR, FAR)
    size = np.abs(corr)
    found = np.full(len(corr), np.nan)
    for chosen, nodes in (
        (size <= _FEW_UP_TO, _FEW),
        ((size > _FEW_UP_TO) & (size < _NEAR_ONE), _MANY),
    ):
        if chosen.any():
            found[chosen] = _from_zero(first[chosen], second[chosen], corr[chosen], nodes)
    near = (size >= _NEAR_ONE) & (size <= 1)
    if near.any():
        found[near] = _from_one(first[near], second[near], corr[near])
    return np.asarray(np.clip(found, 0.0, 1.0).reshape(shape), dtype=np.float64)[()]


def bivariate_normal_density(h: npt.ArrayLike, k: npt.ArrayLike, r: npt.ArrayLike) -> FloatArray:
    """Return the density of two standard normal variables at (h, k), which is also the slope of the probability by r.

    Parameters
    ----------
    h, k
        Place, may be infinite; broadcast against each other and `r`.
    r
        Correlation, strictly between -1 and 1.

    Returns
    -------
    array, broadcast shape

    Examples
    --------
    >>> round(float(bivariate_normal_density(0, 0, 0.6)), 6), round(1 / (2 * np.pi * 0.8), 6)
    (0.198944, 0.198944)
    """
    first, second = (np.clip(np.asarray(v, dtype=np.float64), -FAR, FAR) for v in (h, k))
    corr = np.asarray(r, dtype=np.float64)
    rest = 1 - corr**2
    power = (first**2 + second**2 - 2 * corr * first * second) / (2 * rest)
    return np.asarray(np.exp(-power) / (2 * np.pi * np.sqrt(rest)), dtype=np.float64)[()]


@cache
def _legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights on 0 … 1."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    return (x + 1) / 2, w / 2


def _from_zero(h: FloatArray, k: FloatArray, r: FloatArray, nodes: int) -> FloatArray:
    x, w = _legendre(nodes)
    top = np.arcsin(r)
    sine = np.sin(top[:, None] * x)
    squares, product = ((h**2 + k**2) / 2)[:, None], (h * k)[:, None]
    area = np.exp((sine * product - squares) / (1 - sine**2)) @ w
    return np.asarray(normal_probability(h) * normal_probability(k) + top * area / (2 * np.pi), dtype=np.float64)


def _from_one(h: FloatArray, k: FloatArray, r: FloatArray) -> FloatArray:
    """Take the integral between |r| and 1 from the probability at 1; a negative r by reflection of k.

    With t = √(1 − x²) the integrand is exp(−a²/2x²)·f(x), a = h − k, f(x) = exp(−hk/(1 + t))/t. Of f the first two
    terms of its series are integrated in closed form, the small smooth rest by Gauss–Legendre.
    """
    sign = np.where(r < 0, -1.0, 1.0)
    other = sign * k
    product = h * other
    gap = np.abs(h - other)
    end = np.sqrt((1 - r) * (1 + r))
    nodes, weights = _legendre(_MANY)
    x = end[:, None] * nodes
    t = np.sqrt(1 - x**2)
    slope = (4 - product) / 8
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        fast = np.where(gap[:, None] > 0, -0.5 * (gap[:, None] / x) ** 2, 0.0)
        full = np.exp(fast - product[:, None] / (1 + t)) / t
        taken = np.exp(fast - product[:, None] / 2) * (1 + slope[:, None] * x**2)
        ratio = np.where(gap > 0, gap / end, 0.0)
    rest = np.where(fast > -700, full - taken, 0.0) @ weights * end
    at_end = np.exp(-0.5 * ratio**2 - product / 2)
    # where exp(−hk/2) is very large a² ≥ −4hk makes the normal tail 0
    tail = gap * np.sqrt(2 * np.pi) * normal_probability(-ratio) * np.exp(np.minimum(-product / 2, 700.0))
    zeroth = end * at_end - tail
    second = (end**3 * at_end - gap**2 * zeroth) / 3
    area = (zeroth + slope * second + rest) / (2 * np.pi)
    inside = normal_probability(np.minimum(h, other)) - area
    return np.asarray(np.where(r < 0, normal_probability(h) - inside, inside), dtype=np.float64)
