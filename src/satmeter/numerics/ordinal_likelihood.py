"""Likelihood of ordered categories, with slopes and curvature, for many parameter vectors and weightings at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.special_functions import special

Link = Literal["logit", "probit"]

_TINY = 1e-300
_IMPOSSIBLE = -1e12  # log-likelihood of a respondent without probability; finite, so that weight 0 makes it 0


@dataclass(frozen=True, eq=False)
class OrderedRows:
    """Rows sorted by category; P(y ≤ j) = G(ownᵀψ_j − commonᵀβ) with ψ_j the parameters of boundary j.

    Attributes
    ----------
    common
        shape (n, c), columns with one coefficient for all boundaries.
    own
        shape (n, m), columns with a coefficient for each boundary: ones, then the free columns, negative.
    first
        shape (K + 1,), where each category begins.
    """

    common: FloatArray
    own: FloatArray
    first: IntArray

    @property
    def boundaries(self) -> int:
        """K − 1."""
        return len(self.first) - 2

    @property
    def parameters(self) -> int:
        """Length of (β, ψ_0, …, ψ_{K−2})."""
        return int(self.common.shape[1] + self.boundaries * self.own.shape[1])


@dataclass(frozen=True, eq=False)
class Curve:
    """Log-likelihood (b,), its slope (b, p) and the information, the negative second derivatives (b, p, p)."""

    loglik: FloatArray
    slope: FloatArray
    information: FloatArray


@dataclass(frozen=True, eq=False)
class _Cell:
    """Log of G(u) − G(l), its slopes by u and l, and of the second derivatives −(uu + ul), −(ll + ul) and ul.

    None at an open end; all of shape (b, n) but the last, which may be (b, 1).
    """

    log: FloatArray
    u: FloatArray | None
    low: FloatArray | None
    bend_u: FloatArray | None
    bend_low: FloatArray | None
    mixed: FloatArray | None


def likelihood(rows: OrderedRows, parameters: FloatArray, weights: FloatArray, link: Link) -> Curve:
    """Evaluate the likelihood.

    Parameters
    ----------
    rows
        The respondents, sorted.
    parameters
        shape (b, p): β, then ψ_0, ψ_1, ….
    weights
        shape (b, n), in the order of the rows.
    link
        Logistic or normal G.

    Returns
    -------
    Curve
        −10¹² for a respondent whose own category has no probability, i.e. whose boundaries cross.

    Notes
    -----
    log(G(u) − G(l)) is concave in (u, l) for both links: Burridge (1981), JRSS B 43, 41–45; Pratt (1981), JASA 76,
    103–106. With u and l linear in the parameters there is one maximum.

    Examples
    --------
    Two respondents below the boundary at 0, two above it:

    >>> rows = OrderedRows(np.zeros((4, 0)), np.ones((4, 1)), np.array([0, 2, 4]))
    >>> curve = likelihood(rows, np.zeros((1, 1)), np.ones((1, 4)), "logit")
    >>> curve.loglik.round(4), curve.slope, curve.information
    (array([-2.7726]), array([[0.]]), array([[[1.]]]))
    """
    b, c, m = len(parameters), rows.common.shape[1], rows.own.shape[1]
    linear = parameters[:, :c] @ rows.common.T
    psi = parameters[:, c:].reshape(b, rows.boundaries, m)
    loglik = np.zeros(b)
    slope = np.zeros((b, rows.parameters))
    information = np.zeros((b, rows.parameters, rows.parameters))
    for j in range(rows.boundaries + 1):
        part = slice(int(rows.first[j]), int(rows.first[j + 1]))
        x, a, w = rows.common[part], rows.own[part], weights[:, part]
        cell = _cell(*_edges(rows, psi, linear[:, part], j, part), m == 1, link)
        loglik += np.einsum("bn,bn->b", w, cell.log)
        mixed = None if cell.mixed is None else w * cell.mixed
        push_all, bend_all = np.zeros((1, 1)), np.zeros((1, 1))
        for edge, first, second in ((j, cell.u, cell.bend_u), (j - 1, cell.low, cell.bend_low)):
            if first is None or second is None:
                continue
            own, push, bend = _block(c, m, edge), w * first, w * second
            push_all, bend_all = push_all + push, bend_all + bend
            slope[:, own] += push @ a
            information[:, own, own] += _products(bend if mixed is None else bend + mixed, a, a)
            _mirrored(information, own, slice(0, c), -_products(bend, a, x))
        slope[:, :c] -= push_all @ x
        information[:, :c, :c] += _squares(bend_all, x)
        if mixed is not None:
            _mirrored(information, _block(c, m, j), _block(c, m, j - 1), -_products(mixed, a, a))
    return Curve(loglik, slope, information)


def row_scores(rows: OrderedRows, parameters: FloatArray, link: Link) -> FloatArray:
    """Return every respondent's slope of the log-likelihood.

    Parameters
    ----------
    rows
        The respondents, sorted.
    parameters
        shape (p,).
    link
        Logistic or normal G.

    Returns
    -------
    array, shape (n, p)
        Without weights, in the order of the rows.

    Examples
    --------
    >>> rows = OrderedRows(np.zeros((2, 0)), np.ones((2, 1)), np.array([0, 1, 2]))
    >>> row_scores(rows, np.zeros(1), "logit")
    array([[ 0.5],
           [-0.5]])
    """
    c, m = rows.common.shape[1], rows.own.shape[1]
    linear = (rows.common @ parameters[:c])[None]
    psi = parameters[c:].reshape(1, rows.boundaries, m)
    found = np.zeros((len(rows.common), rows.parameters))
    for j in range(rows.boundaries + 1):
        part = slice(int(rows.first[j]), int(rows.first[j + 1]))
        cell = _cell(*_edges(rows, psi, linear[:, part], j, part), m == 1, link)
        for edge, first in ((j, cell.u), (j - 1, cell.low)):
            if first is not None:
                found[part, :c] -= first[0][:, None] * rows.common[part]
                found[part, _block(c, m, edge)] = first[0][:, None] * rows.own[part]
    return found


def distribution(values: FloatArray, link: Link) -> FloatArray:
    """Return G, the logistic or the normal distribution function, at values of any shape."""
    found = special.expit(values) if link == "logit" else special.ndtr(values)
    return np.asarray(found, dtype=np.float64)


def density(values: FloatArray, link: Link) -> FloatArray:
    """Return the density that belongs to G, at values of any shape."""
    if link == "probit":
        return np.asarray(np.exp(-0.5 * values**2) / np.sqrt(2 * np.pi), dtype=np.float64)
    chance = special.expit(values)
    return np.asarray(chance * (1 - chance), dtype=np.float64)


def quantile(shares: FloatArray, link: Link) -> FloatArray:
    """Return the values at which G takes some shares."""
    return np.asarray(special.logit(shares) if link == "logit" else special.ndtri(shares), dtype=np.float64)


def _block(c: int, m: int, j: int) -> slice:
    return slice(c + j * m, c + (j + 1) * m)


def _mirrored(information: FloatArray, one: slice, other: slice, part: FloatArray) -> None:
    information[:, one, other] += part
    information[:, other, one] += np.swapaxes(part, 1, 2)


def _products(h: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    """Σ h a bᵀ over rows for every weighting: (b, n), (n, p), (n, q) to (b, p, q)."""
    if len(h) == 1:
        return np.asarray(((a * h[0][:, None]).T @ b)[None])
    pairs = (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)
    return np.asarray((h @ pairs).reshape(len(h), a.shape[1], b.shape[1]))


def _squares(h: FloatArray, a: FloatArray) -> FloatArray:
    """Σ h a aᵀ over rows for every weighting: (b, n), (n, p) to (b, p, p)."""
    if len(h) == 1:
        return _products(h, a, a)
    one, other = np.triu_indices(a.shape[1])
    found = np.empty((len(h), a.shape[1], a.shape[1]))
    found[:, one, other] = found[:, other, one] = h @ (a[:, one] * a[:, other])
    return found


def _edges(
    rows: OrderedRows, psi: FloatArray, linear: FloatArray, j: int, part: slice
) -> tuple[FloatArray | None, FloatArray | None]:
    own = rows.own[part].T
    upper = psi[:, j] @ own - linear if j < rows.boundaries else None
    lower = psi[:, j - 1] @ own - linear if j > 0 else None
    return upper, lower


def _cell(upper: FloatArray | None, lower: FloatArray | None, parallel: bool, link: Link) -> _Cell:
    if link == "probit":
        return _normal_cell(upper, lower)
    return _logistic_cell(upper, lower, parallel)


def _logistic_cell(upper: FloatArray | None, lower: FloatArray | None, parallel: bool) -> _Cell:
    """Use G(u) − G(l) = G(u) G(−l) (1 − exp(l − u)), which loses no digits in the tails."""
    chance, u, low, bend_u, bend_low = None, None, None, None, None
    if upper is not None:
        chance = special.expit(upper)
        u = 1 - chance
        bend_u = chance * u
    if lower is not None:
        above = special.expit(-lower)
        low = above - 1
        bend_low = -above * low
        chance = above if chance is None else chance * above
    log = np.log(np.maximum(np.asarray(chance), _TINY))
    if u is None or low is None or upper is None or lower is None:
        return _Cell(log, u, low, bend_u, bend_low, None)
    width = upper[:, :1] - lower[:, :1] if parallel else upper - lower
    inside = width > 0
    safe = np.where(inside, np.clip(width, 1e-100, 700.0), 1.0)
    ratio = 1 / np.expm1(safe)
    log += np.where(inside, np.log(-np.expm1(-safe)), _IMPOSSIBLE)
    u += ratio
    low -= ratio
    return _Cell(log, u, low, bend_u, bend_low, ratio * (1 + ratio))


def _normal_cell(upper: FloatArray | None, lower: FloatArray | None) -> _Cell:
    if upper is None or lower is None:
        edge, sign = (upper, 1.0) if upper is not None else (np.asarray(lower), -1.0)
        chance = np.maximum(special.ndtr(sign * np.asarray(edge)), _TINY)
        push = density(np.asarray(edge), "probit") / chance
        bend = push * (push + sign * np.asarray(edge))
        if upper is not None:
            return _Cell(np.log(chance), push, None, bend, None, None)
        return _Cell(np.log(chance), None, -push, None, bend, None)
    flip = lower > 0  # the difference is taken in the tail where both numbers are small
    chance = special.ndtr(np.where(flip, -lower, upper)) - special.ndtr(np.where(flip, -upper, lower))
    inside = chance > _TINY
    p = np.where(inside, chance, 1.0)
    at_u, at_l = density(upper, "probit") / p, density(lower, "probit") / p
    mixed = at_u * at_l
    bend_u, bend_low = at_u * (at_u + upper) - mixed, at_l * (at_l - lower) - mixed
    return _Cell(np.where(inside, np.log(p), _IMPOSSIBLE), at_u, -at_l, bend_u, bend_low, mixed)
