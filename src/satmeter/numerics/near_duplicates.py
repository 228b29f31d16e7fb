"""Respondents who agree more than honest ones would: in their answers, and in the time they take for every page.

What honest respondents would show is drawn from the data's own distributions and correlations (a Gaussian copula), so
that a survey of the well satisfied, who agree a lot, is held against others who do. Each function takes one set at a
time; the limit is the most extreme of nineteen sets of honest respondents, which one more honest set exceeds with
probability 1/20 (Dwass 1957, Ann. Math. Stat. 28, 181-187; Barnard's test).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, IntArray
from satmeter.numerics.pair_counts import pair_counts
from satmeter.numerics.polychoric import polychoric
from satmeter.numerics.tails import normal_quantile

SETS = 19
LEAST_COMPARED = 10
MOST_UNIFORM = 2 / 3
_BLOCK = 512
_LEAST_EIGENVALUE = 1e-6
_MAD_OF_NORMAL = 0.6744897501960817


def nearest_agreement(codes: npt.ArrayLike) -> FloatArray:
    """Return the largest share of equal answers that every respondent has with any other one.

    Parameters
    ----------
    codes
        shape (n, p), category numbers from 0, -1 where unanswered.

    Returns
    -------
    array, shape (n,)
        Equal answers over the questions that both answered. NaN where there is nobody with ten answered questions, and
        at least half of the p, in common. Respondents who give one answer to more than two thirds of the questions
        are NaN and are nobody's neighbour: two who always say 'agree' are no copies.

    Notes
    -----
    The 'percent match' of Kuriakose and Robbins (2016), Statistical Journal of the IAOS 32, 283-291, without its fixed
    limit of 85 %, which Simmons, Mercer, Schwarzer and Kennedy (2016), same volume, 327-338, show to depend on the
    number of questions, of answers and of respondents.

    Examples
    --------
    >>> rows = np.tile(np.arange(12) % 4, (3, 1)); rows[2] = (rows[2] + [0, 1] * 6) % 4
    >>> nearest_agreement(rows).tolist()
    [1.0, 1.0, 0.5]
    """
    cells = np.asarray(codes, dtype=np.int64)
    n, p = cells.shape
    width = int(cells.max(initial=0)) + 1
    marks = (cells[:, :, None] == np.arange(width)).astype(np.float32)
    there = (cells >= 0).astype(np.float32)
    given = marks.sum(axis=1)
    uniform = given.max(axis=1, initial=0) > MOST_UNIFORM * np.maximum(there.sum(axis=1), 1)
    flat = marks.reshape(n, p * width)
    least = max(LEAST_COMPARED, p / 2)
    best = np.full(n, np.nan)
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        common = there[rows] @ there.T
        share = np.where(common >= least, (flat[rows] @ flat.T) / np.maximum(common, 1), -1.0)
        share[:, uniform] = -1.0
        share[np.arange(rows.stop - start), np.arange(start, rows.stop)] = -1.0
        highest = share.max(axis=1, initial=-1.0)
        best[rows] = np.where((highest >= 0) & ~uniform[rows], highest, np.nan)
    return best


def honest_answers(codes: npt.ArrayLike, rng: np.random.Generator, *, sets: int = SETS) -> Iterator[IntArray]:
    """Draw sets of answers with the data's margins, polychoric correlations and missing cells.

    Parameters
    ----------
    codes
        shape (n, p), ordered category numbers from 0, -1 where unanswered.
    rng
        Source of randomness.
    sets
        How many.

    Yields
    ------
    array, shape (n, p)
        Rows are independent of each other.
    """
    cells = np.asarray(codes, dtype=np.int64)
    n, p = cells.shape
    width = max(int(cells.max(initial=0)) + 1, 2)
    root = _root(polychoric(pair_counts(cells, width)).corr)
    there = cells >= 0
    counts = np.stack([(cells == k).sum(axis=0) for k in range(width)])
    below = counts.cumsum(axis=0)[:-1] / np.maximum(there.sum(axis=0), 1)
    cuts = normal_quantile(below)
    for _ in range(sets):
        latent = rng.standard_normal((n, p)) @ root.T
        drawn = (latent[None] > cuts[:, None, :]).sum(axis=0)
        yield np.where(there, drawn, -1)


def standard_paces(seconds: npt.ArrayLike) -> FloatArray:
    """Return the logarithms of times with median 0 and robust standard deviation 1, page by page.

    Parameters
    ----------
    seconds
        shape (n, m), above 0.

    Returns
    -------
    array, shape (n, m')
        Without the pages on which half of the respondents took the same time.
    """
    logs = np.log(np.asarray(seconds, dtype=np.float64))
    centred = logs - np.median(logs, axis=0)
    spread = np.median(np.abs(centred), axis=0) / _MAD_OF_NORMAL
    kept = spread > 0
    return np.asarray(centred[:, kept] / spread[kept], dtype=np.float64)


def nearest_pace(paces: npt.ArrayLike) -> FloatArray:
    """Return how far the nearest other respondent is from every one: the root of the mean squared difference.

    Parameters
    ----------
    paces
        shape (n, m), from `standard_paces`.

    Returns
    -------
    array, shape (n,)
        In standard deviations of the logarithm; 0 for a respondent whose times another has to the last digit.

    Examples
    --------
    >>> nearest_pace([[0.0, 1.0], [0.0, 1.0], [3.0, 5.0]]).tolist()
    [0.0, 0.0, 3.5355339059327378]
    """
    values = np.asarray(paces, dtype=np.float64)
    n, m = values.shape
    best = np.full(n, np.inf)
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(start + _BLOCK, n))
        squares = np.zeros((rows.stop - start, n))
        for j in range(m):  # column by column: differences, not expanded squares, so that equal times give exactly 0
            squares += (values[rows, j, None] - values[None, :, j]) ** 2
        squares[np.arange(rows.stop - start), np.arange(start, rows.stop)] = np.inf
        best[rows] = np.sqrt(squares.min(axis=1, initial=np.inf) / max(m, 1))
    return best


def honest_paces(paces: npt.ArrayLike, rng: np.random.Generator, *, sets: int = SETS) -> Iterator[FloatArray]:
    """Draw sets of paces: normal logarithms with the rank correlations of the data.

    Parameters
    ----------
    paces
        shape (n, m), from `standard_paces`.

    Yields
    ------
    array, shape (n, m)
    """
    values = np.asarray(paces, dtype=np.float64)
    n, m = values.shape
    ranks = values.argsort(axis=0).argsort(axis=0)
    spearman = np.atleast_2d(np.corrcoef(ranks, rowvar=False)) if m else np.zeros((0, 0))
    root = _root(2 * np.sin(np.pi * spearman / 6))
    for _ in range(sets):
        yield standard_paces(np.exp(rng.standard_normal((n, m)) @ root.T))


def _root(corr: FloatArray) -> FloatArray:
    """Return a matrix whose product with its transpose is a correlation matrix near this one."""
    sound = np.where(np.isfinite(corr), corr, 0.0)
    np.fill_diagonal(sound, 1.0)
    value, vector = np.linalg.eigh((sound + sound.T) / 2)
    root = vector * np.sqrt(np.maximum(value, _LEAST_EIGENVALUE))
    length = np.sqrt((root**2).sum(axis=1, keepdims=True))
    return np.asarray(root / length, dtype=np.float64)
