"""Whether constructs are told apart: HTMT, factor correlations, Fornell–Larcker, the share of the first component."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, square_stack

Blocks = Sequence[Sequence[int]]


def htmt(corr: npt.ArrayLike, blocks: Blocks, *, mean: Literal["arithmetic", "geometric"] = "arithmetic") -> FloatArray:
    """Return the heterotrait–monotrait ratios of correlations between constructs.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    blocks
        For every construct the numbers of its columns, at least two each.
    mean
        `arithmetic` gives HTMT, `geometric` HTMT2, which does not ask for equal loadings.

    Returns
    -------
    array, shape (..., m, m)
        Symmetric, 1 on the diagonal. From absolute correlations, so that the direction of an item does not matter.
        Not cut at 1. NaN where a correlation is missing or a construct's own mean correlation is 0.

    Raises
    ------
    NumericsError
        N001 for a construct of one item.

    Notes
    -----
    Mean correlation of the items of two constructs over the geometric mean of the two mean correlations within them:
    Henseler, Ringle and Sarstedt (2015), Journal of the Academy of Marketing Science 43, 115–135. HTMT2: Roemer,
    Schuberth and Henseler (2021), Industrial Management & Data Systems 121, 2637–2650. Equal to
    ``semTools::htmt(absolute = TRUE)``.

    Examples
    --------
    >>> corr = [[1, 0.5, 0.3, 0.3], [0.5, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.8], [0.3, 0.3, 0.8, 1]]
    >>> htmt(corr, [(0, 1), (2, 3)]).round(4)
    array([[1.    , 0.4743],
           [0.4743, 1.    ]])
    """
    sizes, member = _membership(corr, blocks)
    size = np.abs(square_stack(corr))
    if mean == "geometric":
        with np.errstate(divide="ignore"):
            size = np.log(size)
    p, m = member.shape
    size[..., np.arange(p), np.arange(p)] = 0.0
    centre = _block_means(size, member, sizes)
    centre = np.exp(centre) if mean == "geometric" else centre
    within = np.diagonal(centre, axis1=-2, axis2=-1)
    scale = np.sqrt(within[..., :, None] * within[..., None, :])
    ratio = centre / np.where(scale > 0, scale, np.nan)
    ratio[..., np.arange(m), np.arange(m)] = np.where(np.isfinite(within) & (within > 0), 1.0, np.nan)
    return np.asarray((ratio + np.swapaxes(ratio, -1, -2)) / 2, dtype=np.float64)


def structure(corr: npt.ArrayLike, blocks: Blocks, loadings: npt.ArrayLike) -> FloatArray:
    """Estimate the correlation of every item with every construct's factor.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    blocks
        For every construct the numbers of its columns, at least two each; together all columns, each once.
    loadings
        shape (..., p), every item's loading on the one factor of its own construct (`one_factor`).

    Returns
    -------
    array, shape (..., p, m)
        An item's own column holds its loading. A number elsewhere is its cross-loading: the slope through 0 of its
        correlations with the construct's items on their loadings. NaN where a construct's loadings are missing.

    Raises
    ------
    NumericsError
        N001 for a construct of one item.

    Notes
    -----
    The least squares solution of r_ij = s_i λ_j over the items j of a construct whose loadings λ are known.

    Examples
    --------
    >>> corr = [[1, 0.64, 0.2, 0.2], [0.64, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.25], [0.2, 0.2, 0.25, 1]]
    >>> structure(corr, [(0, 1), (2, 3)], [0.8, 0.8, 0.5, 0.5])
    array([[0.8 , 0.4 ],
           [0.8 , 0.4 ],
           [0.25, 0.5 ],
           [0.25, 0.5 ]])
    """
    _, member = _membership(corr, blocks)
    own = np.asarray(loadings, dtype=np.float64)
    weights = own[..., :, None] * member
    power = (weights**2).sum(axis=-2)
    cross = np.asarray(square_stack(corr)) @ weights / np.where(power > 0, power, np.nan)[..., None, :]
    return np.where(member > 0, own[..., :, None], cross)


def factor_correlations(corr: npt.ArrayLike, blocks: Blocks, loadings: npt.ArrayLike) -> FloatArray:
    """Estimate the correlations between the factors of constructs, free of measurement error.

    Parameters
    ----------
    corr, blocks, loadings
        As in `structure`.

    Returns
    -------
    array, shape (..., m, m)
        1 on the diagonal; may lie outside ±1 in a sample.

    Raises
    ------
    NumericsError
        N001 for a construct of one item.

    Notes
    -----
    λ_aᵀ R_ab λ_b / (λ_aᵀλ_a · λ_bᵀλ_b), the least squares solution of R_ab = φ λ_a λ_bᵀ when the loadings are known;
    consistent under the congeneric model, and in closed form, so that it can be had for every replicate.

    Examples
    --------
    >>> corr = [[1, 0.64, 0.2, 0.2], [0.64, 1, 0.2, 0.2], [0.2, 0.2, 1, 0.25], [0.2, 0.2, 0.25, 1]]
    >>> factor_correlations(corr, [(0, 1), (2, 3)], [0.8, 0.8, 0.5, 0.5])
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    _, member = _membership(corr, blocks)
    weights = np.asarray(loadings, dtype=np.float64)[..., :, None] * member
    power = (weights**2).sum(axis=-2)
    power = np.where(power > 0, power, np.nan)
    found = np.swapaxes(weights, -1, -2) @ square_stack(corr) @ weights / (power[..., :, None] * power[..., None, :])
    m = found.shape[-1]
    found[..., np.arange(m), np.arange(m)] = np.where(np.isnan(power), np.nan, 1.0)
    return np.asarray(found, dtype=np.float64)


def average_variance(loadings: npt.ArrayLike, blocks: Blocks) -> FloatArray:
    """Return the average variance extracted: the mean of the squared standardised loadings of every construct.

    Parameters
    ----------
    loadings
        shape (..., p), standardised.
    blocks
        For every construct the numbers of its columns.

    Returns
    -------
    array, shape (..., m)
        NaN where a loading is missing. One above 1 (a Heywood case) is counted as it is: bound loadings first.

    Notes
    -----
    Fornell and Larcker (1981), Journal of Marketing Research 18, 39–50.

    Examples
    --------
    >>> average_variance([0.8, 0.6, 0.9, 0.9], [(0, 1), (2, 3)])
    array([0.5 , 0.81])
    """
    square = np.asarray(loadings, dtype=np.float64) ** 2
    return np.stack([square[..., list(block)].mean(axis=-1) for block in blocks], axis=-1)


def fornell_larcker(average: npt.ArrayLike, factor_corr: npt.ArrayLike) -> FloatArray:
    """Return how far two constructs pass the Fornell–Larcker criterion: the smaller AVE less their shared variance.

    Parameters
    ----------
    average
        shape (..., m), average variance extracted.
    factor_corr
        shape (..., m, m), correlations between the factors.

    Returns
    -------
    array, shape (..., m, m)
        Positive where each construct shares more variance with its own items than with the other construct. NaN on the
        diagonal.

    Notes
    -----
    Fornell and Larcker (1981), Journal of Marketing Research 18, 39–50.

    Examples
    --------
    >>> fornell_larcker([0.5, 0.81], [[1.0, 0.6], [0.6, 1.0]]).round(2)
    array([[ nan, 0.14],
           [0.14,  nan]])
    """
    ave = np.asarray(average, dtype=np.float64)
    margin = np.minimum(ave[..., :, None], ave[..., None, :]) - np.asarray(factor_corr, dtype=np.float64) ** 2
    m = margin.shape[-1]
    margin[..., np.arange(m), np.arange(m)] = np.nan
    return np.asarray(margin, dtype=np.float64)


def first_component_share(corr: npt.ArrayLike) -> FloatArray:
    """Return the part of the items' variance that the first unrotated component carries (Harman's single factor).

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of all items.

    Returns
    -------
    array, shape (...)
        Largest eigenvalue over p. NaN where a correlation is missing.

    Notes
    -----
    Harman's check for common method variance: Podsakoff, MacKenzie, Lee and Podsakoff (2003), Journal of Applied
    Psychology 88, 879–903, who say how little it can show.

    Examples
    --------
    >>> float(first_component_share([[1.0, 0.5], [0.5, 1.0]]))
    0.75
    """
    stack = square_stack(corr)
    usable = np.asarray(np.isfinite(stack).all(axis=(-2, -1)))
    safe = np.where(usable[..., None, None], stack, np.eye(stack.shape[-1]))
    return np.where(usable, np.linalg.eigvalsh(safe)[..., -1] / stack.shape[-1], np.nan)[()]


def _membership(corr: npt.ArrayLike, blocks: Blocks) -> tuple[FloatArray, FloatArray]:
    """Return the sizes of the constructs and the matrix (p, m) that says which item belongs to which."""
    sizes = np.array([len(block) for block in blocks], dtype=np.float64)
    if (sizes < 2).any():
        raise NumericsError(Problem("N001", got=str(int(sizes.min())), params={"minimum": 2}))
    member = np.zeros((np.shape(corr)[-1], len(sizes)))
    for j, block in enumerate(blocks):
        member[list(block), j] = 1.0
    return sizes, member


def _block_means(stack: FloatArray, member: FloatArray, sizes: FloatArray) -> FloatArray:
    """Return means between blocks, and within blocks over different items; the stack's diagonal is 0."""
    with np.errstate(invalid="ignore"):
        total = np.stack([stack[..., member[:, j] > 0].sum(axis=-1) for j in range(len(sizes))], axis=-1)
        total = np.stack([total[..., member[:, j] > 0, :].sum(axis=-2) for j in range(len(sizes))], axis=-2)
    pairs = np.outer(sizes, sizes)
    np.fill_diagonal(pairs, sizes * (sizes - 1))
    return np.asarray(total / pairs, dtype=np.float64)
