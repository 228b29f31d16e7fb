"""One construct that changes the effect of another: the product of their scores, in two stages, from moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, correlation_from, square_stack
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_solve import regress_last
from satmeter.numerics.path_weights import PathFit


@dataclass(frozen=True, slots=True, eq=False)
class Moderation:
    """The regression of an outcome's score on scores and a product of two of them, shape (...) or (..., k).

    Attributes
    ----------
    predictors
        The constructs that lead to the outcome; the product is not among them.
    coefficients
        shape (..., k), of the scores, each at the mean of the other one of the product.
    interaction
        By how much the effect of the one grows per standard deviation of the other; the product is not standardised.
    r2, r2_without
        With and without the product.
    f2
        Effect size of the product.
    """

    predictors: tuple[int, ...]
    coefficients: FloatArray
    interaction: FloatArray
    r2: FloatArray
    r2_without: FloatArray
    f2: FloatArray


def interaction_columns(rows: npt.ArrayLike, first: Sequence[int], second: Sequence[int]) -> FloatArray:
    """Return the rows with the products of every item of one construct and every item of another behind them.

    Parameters
    ----------
    rows
        shape (n, p).
    first, second
        Columns of the two constructs.

    Returns
    -------
    array, shape (n, p + products)
        For `moment_stack`, whose moments are what `moderation` takes.

    Examples
    --------
    >>> interaction_columns([[1.0, 2.0, 3.0]], (0, 1), (2,))
    array([[1., 2., 3., 3., 6.]])
    """
    table = np.asarray(rows, dtype=np.float64)
    products = table[:, list(first), None] * table[:, None, list(second)]
    return np.concatenate([table, products.reshape(len(table), -1)], axis=1)


def moderation(
    mean: npt.ArrayLike,
    covariance: npt.ArrayLike,
    fit: PathFit,
    model: PathModel,
    outcome: int,
    pair: tuple[int, int],
) -> Moderation:
    """Let one construct change the effect of another on an outcome, by the product of their scores.

    Parameters
    ----------
    mean, covariance
        shape (..., q) and (..., q, q), moments of `interaction_columns` for the columns of the two constructs.
    fit
        Of `pls` without the product, on the correlations of the first p columns: stage one. With a fit of every
        replicate stage one is estimated anew in each; with one fit for all of them its weights are held fixed.
    model
        Of `path_model`.
    outcome
        Construct that the two act on.
    pair
        The two constructs. They enter as predecessors even where the model has no path from them.

    Returns
    -------
    Moderation

    Raises
    ------
    NumericsError
        N010 where the moments do not have the columns that `interaction_columns` makes.

    Notes
    -----
    The two-stage approach: Henseler and Chin (2010), Structural Equation Modeling 17, 82–109. The product of two scores
    is a weighted sum of products of items, so all moments of the product are had from those of the columns, centred in
    every replicate at its own means.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(500, 2))
    >>> y = 0.4 * x[:, 0] + 0.3 * x[:, 0] * x[:, 1] + 0.5 * rng.normal(size=500)
    >>> rows = np.column_stack([x, y])
    >>> model = path_model([(0,), (1,), (2,)], {2: (0, 1)})
    >>> wide = interaction_columns(rows, (0,), (1,))
    >>> found = moderation(wide.mean(axis=0), np.cov(wide.T), pls(np.corrcoef(rows.T), model), model, 2, (0, 1))
    >>> round(float(found.interaction), 1)
    0.4
    """
    centre = np.asarray(mean, dtype=np.float64)
    cov = square_stack(covariance)
    p = model.n_columns
    first, second = (list(model.blocks[k]) for k in pair)
    if cov.shape[-1] != p + len(first) * len(second):
        expected = f"(..., {p + len(first) * len(second)}, …)"
        raise NumericsError(Problem("N010", got=str(cov.shape), params={"expected": expected}))
    predictors = tuple(dict.fromkeys((*model.predecessors[outcome], *pair)))
    sd = np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1)[..., :p])
    raw = fit.weights / sd
    columns = [_padded(raw, model.blocks[k], cov.shape[-1]) for k in (*predictors, outcome)]
    columns.append(_product_column(raw, centre, first, second, cov.shape[-1]))
    turn = np.stack(columns, axis=-1)
    scores = np.swapaxes(turn, -1, -2) @ cov @ turn
    return _moderated(scores, predictors)


def _padded(weights: FloatArray, block: Sequence[int], width: int) -> FloatArray:
    """Weights of one construct's columns, 0 for all the others."""
    found = np.zeros((*weights.shape[:-1], width))
    found[..., list(block)] = weights[..., list(block)]
    return found


def _product_column(raw: FloatArray, mean: FloatArray, first: list[int], second: list[int], width: int) -> FloatArray:
    """Weights of items and of their products that make up the product of two centred scores."""
    p = raw.shape[-1]
    one, two = raw[..., first], raw[..., second]
    pairs = one[..., :, None] * two[..., None, :]
    found = np.zeros((*pairs.shape[:-2], width))
    # (x − x̄)(z − z̄) = xz − x̄z − z̄x + constant
    found[..., first] -= one * (two * mean[..., second]).sum(axis=-1)[..., None]
    found[..., second] -= two * (one * mean[..., first]).sum(axis=-1)[..., None]
    found[..., p:] = pairs.reshape(*pairs.shape[:-2], -1)
    return found


def _moderated(scores: FloatArray, predictors: tuple[int, ...]) -> Moderation:
    """Regress on scores of variance 1 and their product; columns: predictors, outcome, product."""
    k = len(predictors)
    corr = correlation_from(scores)
    flat = np.moveaxis(corr.reshape(-1, k + 2, k + 2), 0, -1)
    places = (*range(k), k + 1)
    lead = scores.shape[:-2]
    beta = np.moveaxis(regress_last(flat, k, places), -1, 0).reshape((*lead, k + 1))
    plain = np.moveaxis(regress_last(flat, k, tuple(range(k))), -1, 0).reshape((*lead, k))
    r2 = (beta * corr[..., list(places), k]).sum(axis=-1)
    without = (plain * corr[..., :k, k]).sum(axis=-1)
    scale = np.sqrt(scores[..., k, k] / scores[..., k + 1, k + 1])
    return Moderation(
        predictors,
        beta[..., :k],
        np.asarray(beta[..., k] * scale, dtype=np.float64),
        np.asarray(r2),
        np.asarray(without),
        np.asarray((r2 - without) / (1 - r2)),
    )
