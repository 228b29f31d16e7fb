"""Polychoric correlations: of the normal variables that are thought to stand behind ordered answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.bivariate_normal import FAR, bivariate_normal_density, bivariate_normal_probability
from satmeter.numerics.tails import normal_probability, normal_quantile

Information = Literal["observed", "scores"]

LIMIT = 0.9999
"""The greatest correlation that is looked for."""

_LEAST = 1e-15
_LEAST_INFORMATION = 1e-8  # of one respondent; below it the likelihood is flat and climbs to the limit
_STEPS = 60
_CLOSE = 1e-10


@dataclass(frozen=True, eq=False)
class Polychoric:
    """Polychoric correlations of p items with up to K categories; m = p(p − 1)/2 pairs in the order of triu_indices.

    Attributes
    ----------
    corr
        shape (p, p). NaN for a pair that nobody answered or an item with one category.
    std_error
        shape (p, p), asymptotic, thresholds estimated too; 0 on the diagonal, NaN at the limit.
    thresholds
        shape (p, K − 1); infinite beyond the categories that an item uses.
    influence
        shape (m, K, K): how much a respondent with this pair of answers moves the pair's correlation, times n.
        Its mean over the sample is 0, its variance over n the squared standard error.
    n
        shape (p, p), sum of the weights behind the pair.
    zero_cells
        shape (p, p), cells of a pair's table that nobody chose though both categories are in use.
    at_limit
        shape (p, p), whether the likelihood grows up to the limit: ±0.9999 stands for a perfect correlation.
    """

    corr: FloatArray
    std_error: FloatArray
    thresholds: FloatArray
    influence: FloatArray
    n: FloatArray
    zero_cells: IntArray
    at_limit: npt.NDArray[np.bool_]


def polychoric(
    counts: npt.ArrayLike, *, n_eff: float | None = None, information: Information = "observed"
) -> Polychoric:
    """Estimate the polychoric correlations of all pairs of items by two-step maximum likelihood.

    Parameters
    ----------
    counts
        shape (p, p, K, K), from `satmeter.numerics.pair_counts.pair_counts`; weighted or not.
    n_eff
        Number of respondents that stands in the standard errors: with weights the effective one. None: the sum of
        each pair's counts.
    information
        What the standard errors rest on: the second derivatives of the likelihood (right where the answers are not
        quite normal, too), or the products of the scores, as in lavaan, which in thin tables come out too small.

    Returns
    -------
    Polychoric
        The matrix is not smoothed: it may have negative eigenvalues. Empty cells are left empty; nothing is added to
        them (psych adds 0.5 unless told ``correct = 0``).

    Raises
    ------
    NumericsError
        N014 when the counts have another shape, are negative or not finite.

    Notes
    -----
    Thresholds are normal quantiles of each item's own cumulative shares; then each correlation maximises the
    likelihood of the pair's table: Olsson (1979), Psychometrika 44, 443–460. The standard error is that of an
    M-estimator in two steps: Muthén (1984), Psychometrika 49, 115–132; it takes the pair's table to be of all the
    respondents (no missing answers).

    Examples
    --------
    Halved at the medians, a table with 1/3 on its diagonal belongs to a correlation of sin(30°).

    >>> table = np.array([[100, 50], [50, 100.0]])
    >>> margin = np.diag([150.0, 150])
    >>> found = polychoric([[margin, table], [table, margin]])
    >>> found.corr.round(6)[0, 1], found.std_error.round(4)[0, 1]
    (np.float64(0.5), np.float64(0.074))
    """
    tables = _checked(counts)
    p, k = len(tables), tables.shape[-1]
    thresholds = _thresholds(np.einsum("iiaa->ia", tables))
    first, second = np.triu_indices(p, 1)
    pairs = tables[first, second]
    total = pairs.sum(axis=(1, 2))
    in_use = (pairs.sum(axis=2) > 0).sum(axis=1), (pairs.sum(axis=1) > 0).sum(axis=1)
    known = (total > 0) & (in_use[0] > 1) & (in_use[1] > 1)
    shares = pairs[known] / total[known, None, None]
    cuts = _Cuts(_edges(thresholds[first[known]]), _edges(thresholds[second[known]]))
    r, limit = _search(shares, cuts)
    influence = np.full((len(first), k, k), np.nan)
    influence[known] = np.where(limit[:, None, None], np.nan, _influence(shares, cuts, r, information))
    size = total if n_eff is None else np.full(len(total), n_eff)
    error = np.full(len(first), np.nan)
    error[known] = np.sqrt((shares * influence[known] ** 2).sum(axis=(1, 2)) / size[known])
    values, flags = np.full(len(first), np.nan), np.zeros(len(first), dtype=np.bool_)
    values[known], flags[known] = r, limit
    zeros = in_use[0] * in_use[1] - (pairs > 0).sum(axis=(1, 2))
    own = np.einsum("iiaa->i", tables)
    return Polychoric(
        corr=_square(values, p, 1.0),
        std_error=_square(error, p, 0.0),
        thresholds=thresholds,
        influence=influence,
        n=_square(total, p, 0.0) + np.diag(own),
        zero_cells=_square(zeros.astype(np.float64), p, 0.0).astype(np.int64),
        at_limit=_square(flags.astype(np.float64), p, 0.0) > 0,
    )


def respondent_influence(found: Polychoric, codes: npt.ArrayLike, pairs: slice = slice(None)) -> FloatArray:
    """Return how much every respondent moves the correlations, times n.

    Parameters
    ----------
    found
        Result for the same respondents.
    codes
        shape (n, p), places 0 … K − 1, complete.
    pairs
        Which of the m pairs.

    Returns
    -------
    array, shape (n, pairs)
        The correlation of a replicate is, to first order, that of the sample plus the replicate's weighted mean.

    Examples
    --------
    >>> table, margin = np.array([[100, 50], [50, 100.0]]), np.diag([150.0, 150])
    >>> found = polychoric([[margin, table], [table, margin]])
    >>> respondent_influence(found, [[0, 0], [0, 1]]).round(3)
    array([[ 0.907],
           [-1.814]])
    """
    table = np.asarray(codes, dtype=np.int64)
    first, second = np.triu_indices(len(found.corr), 1)
    parts = zip(found.influence[pairs], first[pairs], second[pairs], strict=True)
    return np.stack([cell[table[:, i], table[:, j]] for cell, i, j in parts], axis=1)


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Category edges of the two items of m pairs, each (m, K + 1), ends at ±40 for infinity."""

    first: FloatArray
    second: FloatArray


def _checked(counts: npt.ArrayLike) -> FloatArray:
    tables = np.asarray(counts, dtype=np.float64)
    square = tables.ndim == 4 and tables.shape[0] == tables.shape[1] and tables.shape[2] == tables.shape[3]
    if not square or tables.shape[0] < 2 or tables.shape[2] < 2 or not (np.isfinite(tables) & (tables >= 0)).all():
        raise NumericsError(Problem("N014", got=str(tables.shape)))
    return tables


def _thresholds(margins: FloatArray) -> FloatArray:
    total = margins.sum(axis=1, keepdims=True)
    share = np.cumsum(margins, axis=1)[:, :-1] / np.where(total > 0, total, np.nan)
    return normal_quantile(np.minimum(share, 1.0))


def _edges(thresholds: FloatArray) -> FloatArray:
    end = np.full((len(thresholds), 1), FAR)
    return np.asarray(np.clip(np.concatenate([-end, thresholds, end], axis=1), -FAR, FAR), dtype=np.float64)


def _square(values: FloatArray, p: int, diagonal: float) -> FloatArray:
    matrix = np.diag(np.full(p, diagonal))
    first, second = np.triu_indices(p, 1)
    matrix[first, second] = matrix[second, first] = values
    return matrix


def _cells(corners: FloatArray) -> FloatArray:
    return np.diff(np.diff(corners, axis=1), axis=2)


def _probabilities(cuts: _Cuts, r: FloatArray) -> FloatArray:
    corners = np.zeros((len(r), cuts.first.shape[1], cuts.second.shape[1]))
    corners[:, 1:-1, 1:-1] = bivariate_normal_probability(
        cuts.first[:, 1:-1, None], cuts.second[:, None, 1:-1], r[:, None, None]
    )
    corners[:, -1, 1:] = normal_probability(cuts.second[:, 1:])
    corners[:, 1:, -1] = normal_probability(cuts.first[:, 1:])
    return _cells(corners)


def _slopes(cuts: _Cuts, r: FloatArray) -> FloatArray:
    """Slope of every cell's probability by the correlation."""
    return _cells(bivariate_normal_density(cuts.first[:, :, None], cuts.second[:, None, :], r[:, None, None]))


def _search(shares: FloatArray, cuts: _Cuts) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Maximise the likelihood of every table by Fisher scoring within a bracket that the sign of the score narrows."""
    r = np.clip(_pearson(shares), -0.9, 0.9)
    low, high, known = np.full(len(r), -LIMIT), np.full(len(r), LIMIT), np.zeros(len(r))
    left = np.arange(len(r))
    for _ in range(_STEPS):
        if not len(left):
            break
        now, q = r[left], shares[left]
        some = _Cuts(cuts.first[left], cuts.second[left])
        chance = np.maximum(_probabilities(some, now), _LEAST)
        slope = _slopes(some, now)
        score = (np.where(q > 0, q / chance, 0.0) * slope).sum(axis=(1, 2))
        known[left] = information = (slope**2 / chance).sum(axis=(1, 2))
        low[left] = np.where(score > 0, now, low[left])
        high[left] = np.where(score > 0, high[left], now)
        trial = now + score / np.maximum(information, _LEAST)
        outside = ~((trial > low[left]) & (trial < high[left]))
        trial = np.where(outside, (low[left] + high[left]) / 2, trial)
        r[left] = trial
        left = left[np.abs(trial - now) > _CLOSE]
    limit = (np.abs(r) > LIMIT - 1e-8) | (known < _LEAST_INFORMATION)
    return np.where(limit, np.sign(r) * LIMIT, r), np.asarray(limit)


def _pearson(shares: FloatArray) -> FloatArray:
    place = np.arange(shares.shape[1], dtype=np.float64)
    rows, columns = shares.sum(axis=2), shares.sum(axis=1)
    x, y = rows @ place, columns @ place
    covariance = np.einsum("mab,a,b->m", shares, place, place) - x * y
    spread = (rows @ place**2 - x**2) * (columns @ place**2 - y**2)
    return np.asarray(covariance / np.sqrt(spread), dtype=np.float64)


def _influence(shares: FloatArray, cuts: _Cuts, r: FloatArray, information: Information) -> FloatArray:
    """Influence of a respondent in every cell on the correlation, the thresholds' own influence taken along."""
    chance = np.maximum(_probabilities(cuts, r), _LEAST)
    odds = np.where(shares > 0, shares / chance, 0.0)
    score = np.where(shares > 0, _slopes(cuts, r) / chance, 0.0)
    curve = _cells(_density_slope(cuts, r)) if information == "observed" else 0.0
    found = score.copy()
    for axis in (1, 2):
        by_cut, mixed = _threshold_slopes(cuts, r, axis)
        bend = mixed if information == "observed" else 0.0
        cross = (odds[:, None] * (score[:, None] * by_cut - bend)).sum(axis=(2, 3))
        found -= np.expand_dims(_threshold_influence(shares.sum(axis=3 - axis), cuts, axis, cross), 3 - axis)
    curvature = (shares * score**2 - odds * curve).sum(axis=(1, 2))
    return np.asarray(found / np.where(curvature > 0, curvature, np.nan)[:, None, None], dtype=np.float64)


def _density_slope(cuts: _Cuts, r: FloatArray) -> FloatArray:
    """Slope of the density at every corner by the correlation."""
    h, k, rho = cuts.first[:, :, None], cuts.second[:, None, :], r[:, None, None]
    rest = 1 - rho**2
    factor = rho / rest + (h * k * (1 + rho**2) - rho * (h**2 + k**2)) / rest**2
    return np.asarray(bivariate_normal_density(h, k, rho) * factor, dtype=np.float64)


def _threshold_slopes(cuts: _Cuts, r: FloatArray, axis: int) -> tuple[FloatArray, FloatArray]:
    """Slopes by the thresholds of one item, (m, K − 1, K, K): of every cell's probability, and of its slope by r."""
    own, other = (cuts.first, cuts.second) if axis == 1 else (cuts.second, cuts.first)
    inner, rho = own[:, 1:-1, None], r[:, None, None]
    rest = 1 - rho**2
    apart = other[:, None, :] - rho * inner
    below = np.exp(-0.5 * inner**2) / np.sqrt(2 * np.pi) * normal_probability(apart / np.sqrt(rest))
    corner = bivariate_normal_density(inner, other[:, None, :], rho) * (rho * other[:, None, :] - inner) / rest
    first, second = (_either_side(np.diff(edge, axis=2), axis) for edge in (below, corner))
    return first, second


def _either_side(strip: FloatArray, axis: int) -> FloatArray:
    """Add to the category below a threshold and take from the one above it what a strip (m, K − 1, K) holds."""
    k = strip.shape[2]
    edge = np.eye(k - 1, k) - np.eye(k - 1, k, 1)
    slope = edge[None, :, :, None] * strip[:, :, None, :]
    return slope if axis == 1 else np.swapaxes(slope, 2, 3)


def _threshold_influence(margin: FloatArray, cuts: _Cuts, axis: int, cross: FloatArray) -> FloatArray:
    """Sum over the thresholds of one item of their influence times `cross`, for every category, (m, K)."""
    inner = (cuts.first if axis == 1 else cuts.second)[:, 1:-1]
    k = inner.shape[1] + 1
    density = np.exp(-0.5 * inner**2) / np.sqrt(2 * np.pi)
    used = density > _LEAST
    below = np.where(np.arange(k)[None, None, :] <= np.arange(k - 1)[None, :, None], 1.0, 0.0)
    share = np.cumsum(margin, axis=1)[:, :-1]
    own = (below - share[:, :, None]) / np.where(used, density, np.inf)[:, :, None]
    return np.asarray((own * cross[:, :, None]).sum(axis=1), dtype=np.float64)
