"""Reliability from the two halves of a scale, over all the ways to halve it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, square_stack

MOST_ITEMS = 16
"""Up to this many items every split is looked at; for more, `RANDOM_SPLITS` that are drawn once."""

RANDOM_SPLITS = 2000
_SEED = 20_260_101
_BLOCK_NUMBERS = 2_000_000


@dataclass(frozen=True, eq=False)
class SplitHalves:
    """Split-half reliabilities of one scale.

    Attributes
    ----------
    spearman_brown
        shape (splits,), ascending: 2r/(1 + r) with r the correlation of the halves.
    best
        shape (p,), True for the items of the first half of the split with the greatest lambda 4.
    lambda4
        Of that split: 4·covariance of the halves / variance of the sum.
    exact
        Whether these are all the splits into halves (of odd p, halves that differ by one item).
    """

    spearman_brown: FloatArray
    best: BoolArray
    lambda4: float
    exact: bool

    @property
    def mean(self) -> float:
        """Mean over the splits."""
        return float(self.spearman_brown.mean())

    def quantile(self, p: npt.ArrayLike) -> FloatArray:
        """Return quantiles over the splits; 0 and 1 give the worst and the best split.

        Examples
        --------
        >>> split_halves([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]]).quantile([0, 1]).round(4)
        array([0.5567, 0.6464])
        """
        return np.asarray(np.quantile(self.spearman_brown, np.asarray(p, dtype=np.float64)), dtype=np.float64)


def split_halves(cov: npt.ArrayLike) -> SplitHalves:
    """Return the reliabilities of all splits of one scale.

    Parameters
    ----------
    cov
        shape (p, p), covariance of the items, reversed items reversed.

    Returns
    -------
    SplitHalves
        Values are NaN where an item or a half is constant.

    Raises
    ------
    NumericsError
        N001 for one item, N011 for more than one matrix.

    Examples
    --------
    >>> found = split_halves([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    >>> round(found.mean, 4), round(found.lambda4, 4), found.best, found.exact
    (0.6041, 0.5992, array([ True, False, False]), True)
    """
    stack = square_stack(cov, minimum=2)
    if stack.ndim != 2:
        raise NumericsError(Problem("N011", got=str(stack.shape)))
    signs = _signs(len(stack))
    fourth = _over_splits(stack, _fourth, lambda values: values)
    place = int(np.argmax(np.where(np.isnan(fourth), -np.inf, fourth)))
    return SplitHalves(
        np.sort(_over_splits(stack, _spearman_brown, lambda values: values)),
        signs[place] > 0,
        float(fourth[place]),
        len(stack) <= MOST_ITEMS,
    )


def lambda4(cov: npt.ArrayLike) -> FloatArray:
    """Estimate Guttman's lambda 4: the greatest over all splits of the scale into halves.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance of the items, reversed items reversed.

    Returns
    -------
    array, shape (...)
        NaN where an item or the sum is constant. Up to 16 items the best of all splits into halves (of odd p, halves
        that differ by one item), found anew in every matrix of the stack; for more items the best of 2,000 random
        splits, the same ones for every matrix.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    4·cov(A, B)/V = 2(1 − (V_A + V_B)/V): Guttman (1945), Psychometrika 10, 255–282. A lower bound of reliability in
    the population; the best of many splits of a small sample makes the most of chance and can lie above it (Benton
    2015, Quantitative Psychology Research, 301–314). For even p at least alpha, which is its mean over the splits.

    Examples
    --------
    >>> round(float(lambda4([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])), 4)
    0.5992
    """
    return _over_splits(square_stack(cov, minimum=2), _fourth, lambda values: values.max(axis=-1))


def split_half(cov: npt.ArrayLike) -> FloatArray:
    """Estimate split-half reliability by Spearman and Brown's formula, the mean over the splits.

    Parameters
    ----------
    cov
        shape (..., p, p), covariance of the items, reversed items reversed.

    Returns
    -------
    array, shape (...)
        NaN where an item or a half is constant. The splits are those of `lambda4`. Of an odd number of items the
        halves differ by one; nothing is corrected for that, so the value is slightly low.

    Raises
    ------
    NumericsError
        N001 for one item.

    Notes
    -----
    2r/(1 + r), r the correlation of the halves: Spearman (1910) and Brown (1910), British Journal of Psychology 3.
    The mean of `psych::splitHalf` is that of lambda 4 over the splits instead, for even p equal to alpha.

    Examples
    --------
    >>> round(float(split_half([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])), 4)
    0.6041
    """
    return _over_splits(square_stack(cov, minimum=2), _spearman_brown, lambda values: values.mean(axis=-1))


@cache
def _signs(p: int) -> npt.NDArray[np.float64]:
    """One row a split: +1 for the items of the first half, −1 for the others."""
    half = p // 2
    if p > MOST_ITEMS:
        order = np.argsort(np.random.default_rng(_SEED).random((RANDOM_SPLITS, p)), axis=1)
        return np.where(order < half, 1.0, -1.0)
    if p % 2:
        chosen = list(combinations(range(p), half))
    else:
        chosen = [(0, *rest) for rest in combinations(range(1, p), half - 1)]
    signs = np.full((len(chosen), p), -1.0)
    np.put_along_axis(signs, np.array(chosen), 1.0, axis=1)
    return signs


def _fourth(total: FloatArray, contrast: FloatArray, gap: FloatArray) -> FloatArray:
    return np.asarray(1 - contrast / total)


def _spearman_brown(total: FloatArray, contrast: FloatArray, gap: FloatArray) -> FloatArray:
    product = ((total + contrast) / 4) ** 2 - (gap / 2) ** 2
    r = (total - contrast) / 4 / np.sqrt(np.where(product > 0, product, np.nan))
    return np.asarray(2 * r / np.where(1 + r > 0, 1 + r, np.nan))


def _over_splits(
    stack: FloatArray,
    formula: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
    reduce: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """Apply a formula to every split of every matrix, (b, splits), and reduce over the splits.

    With s the signs of a split, total = 1ᵀS1 is the variance of A + B, contrast = sᵀSs that of A − B, and
    gap = 1ᵀSs the difference of the variances of A and B.
    """
    p = stack.shape[-1]
    flat = stack.reshape(-1, p, p)
    variance = np.diagonal(flat, axis1=-2, axis2=-1)
    total = flat.sum(axis=(-2, -1))
    total = np.where((variance > 0).all(axis=-1) & (total > 0), total, np.nan)
    signs = _signs(p)
    first, second = np.triu_indices(p, 1)
    products = 2 * signs[:, first] * signs[:, second]
    parts = []
    for rows in _blocks(len(flat), len(signs)):
        contrast = flat[rows][:, first, second] @ products.T + variance[rows].sum(axis=1)[:, None]
        gap = flat[rows].sum(axis=1) @ signs.T
        parts.append(reduce(formula(total[rows, None], contrast, gap)))
    found = np.concatenate(parts) if parts else np.empty(0)
    return np.asarray(found.reshape((*stack.shape[:-2], *found.shape[1:])), dtype=np.float64)[()]


def _blocks(n: int, width: int) -> Iterator[slice]:
    step = max(1, _BLOCK_NUMBERS // width)
    return (slice(start, start + step) for start in range(0, n, step))
