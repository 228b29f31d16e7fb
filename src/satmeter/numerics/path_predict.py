"""Prediction of answers that a path model has not seen, against a linear model of the same answers (PLSpredict)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import BoolArray, FloatArray, IntArray, checked_weights
from satmeter.numerics.path_higher_order import AnyModel, estimate_paths, items_model
from satmeter.numerics.path_kernel import MAX_ITER, Scheme
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_replicates import sample_moments, unit_sums

Technique = Literal["direct", "earliest"]


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """How far predictions of items were from the answers, shape (q,) each, means over repeats.

    Attributes
    ----------
    items
        Columns of the constructs that have predecessors.
    rmse, mae
        Of the path model, in units of the answers.
    linear_rmse, linear_mae
        Of regressions of every item on all items of the constructs that predict it.
    q2
        1 − squared errors over those of the mean of the training rows; not above 0: no better than the mean.
    linear_q2
        The same of the regressions.
    """

    items: tuple[int, ...]
    rmse: FloatArray
    mae: FloatArray
    q2: FloatArray
    linear_rmse: FloatArray
    linear_mae: FloatArray
    linear_q2: FloatArray


def deal_folds(n: int, folds: int, repeats: int, rng: np.random.Generator) -> IntArray:
    """Deal rows to folds of nearly equal size, several times.

    Parameters
    ----------
    n
        Rows.
    folds
        At least 2 and not more than rows.
    repeats
        At least 1.
    rng
        Source of the order.

    Returns
    -------
    array, shape (repeats, n)
        Fold of every row, 0 … folds − 1.

    Raises
    ------
    NumericsError
        N010 for fewer than two folds, more folds than rows or no repeat.

    Examples
    --------
    >>> np.bincount(deal_folds(10, 3, 1, np.random.default_rng(1))[0])
    array([4, 3, 3])
    """
    if not 2 <= folds <= n or repeats < 1:
        expected = f"2 ≤ folds ≤ {n}, repeats ≥ 1"
        raise NumericsError(Problem("N010", got=f"{folds}, {repeats}", params={"expected": expected}))
    dealt = np.arange(n) % folds
    return np.stack([rng.permutation(dealt) for _ in range(repeats)])


def predict_paths(
    rows: npt.ArrayLike,
    model: AnyModel,
    assignments: npt.ArrayLike,
    *,
    technique: Technique = "direct",
    weights: npt.ArrayLike | None = None,
    scheme: Scheme = "path",
) -> Prediction:
    """Predict every fold's items by a model of the other folds.

    Parameters
    ----------
    rows
        shape (n, p), complete.
    model
        Of `path_model` or `two_stage_model`; items of a higher-order construct are predicted from its score.
    assignments
        shape (repeats, n), of `deal_folds`.
    technique
        `direct`: an outcome is predicted from the scores of its predecessors; `earliest`: from exogenous constructs
        only, along the paths. The linear model has the items of the same constructs.
    weights
        shape (n,), in estimation and in the errors.
    scheme
        As in `pls`.

    Returns
    -------
    Prediction

    Raises
    ------
    NumericsError
        As `pls` for the whole sample; N079 where the rows left for training are not more than the linear model has
        terms; N076 where a training sample has no solution.

    Notes
    -----
    Shmueli, Ray, Velasquez Estrada and Chatla (2016), Journal of Business Research 69, 4552–4564; Shmueli et al.
    (2019), European Journal of Marketing 53, 2322–2347. Means, standard deviations and all weights are those of the
    training rows.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(60, 4)) + rng.normal(size=(60, 1))
    >>> found = predict_paths(rows, path_model([(0, 1), (2, 3)], {1: (0,)}), deal_folds(60, 5, 2, rng))
    >>> found.items, bool((found.q2 > 0).all())
    ((2, 3), True)
    """
    table = np.asarray(rows, dtype=np.float64)
    dealt = np.asarray(assignments)
    base = checked_weights(weights, len(table))
    training = np.concatenate([one != np.unique(one)[:, None] for one in dealt])
    whole = items_model(model)
    _check_size(training, _longest(whole, technique))
    samples = np.vstack([np.ones(len(table), dtype=bool), training])
    corr = sample_moments(unit_sums(table, weights=weights), samples).corr
    fit = estimate_paths(corr, model, scheme=scheme)
    if not fit.converged.all():
        raise NumericsError(Problem("N076", params={"iterations": MAX_ITER}))
    items = [c for k in whole.endogenous for c in whole.blocks[k]]
    owner = [k for k in whole.endogenous for _ in whole.blocks[k]]
    errors = np.empty((3, len(dealt), len(table), len(items)))
    folds = np.concatenate([np.full(len(np.unique(one)), r) for r, one in enumerate(dealt)])
    for i, (used, repeat) in enumerate(zip(training, folds, strict=True)):
        mean, sd = _moments(table[used], base[used])
        held = table[~used]
        scores = _scores((held - mean) / sd, fit.weights[i + 1], whole)
        predicted = _predicted(scores, fit.paths[i + 1], whole, technique)[:, owner]
        from_mean = held[:, items] - mean[items]
        errors[0, repeat, ~used] = from_mean - predicted * fit.loadings[i + 1, items] * sd[items]
        errors[1, repeat, ~used] = held[:, items] - _linear(table, used, base, whole, technique)
        errors[2, repeat, ~used] = from_mean
    return _summary(tuple(items), errors, base / base.sum())


def _drivers(model: PathModel, outcome: int, technique: Technique) -> list[int]:
    """Return the constructs whose items the linear model of an outcome's items has."""
    if technique == "direct":
        return list(model.predecessors[outcome])
    return [k for k, before in enumerate(model.predecessors) if not before]


def _longest(model: PathModel, technique: Technique) -> int:
    """Count the terms of the longest linear model."""
    return 1 + max(sum(len(model.blocks[j]) for j in _drivers(model, k, technique)) for k in model.endogenous)


def _check_size(training: BoolArray, terms: int) -> None:
    sizes = training.sum(axis=1)
    fold = int(sizes.argmin())
    if sizes[fold] <= terms:
        params = {"sample": fold + 1, "minimum": terms + 1}
        raise NumericsError(Problem("N079", got=str(sizes[fold]), params=params))


def _moments(rows: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means and standard deviations (n − 1) of training rows."""
    share = weights / weights.sum()
    mean = share @ rows
    n = len(rows)
    return mean, np.sqrt(share @ (rows - mean) ** 2 * n / (n - 1))


def _scores(z: FloatArray, weights: FloatArray, model: PathModel) -> FloatArray:
    return np.stack([z[:, list(block)] @ weights[list(block)] for block in model.blocks], axis=1)


def _predicted(scores: FloatArray, paths: FloatArray, model: PathModel, technique: Technique) -> FloatArray:
    """Scores of outcomes as the paths predict them; those of exogenous constructs as they are."""
    found = scores.copy()
    source = scores if technique == "direct" else found
    for k in model.order:
        before = list(model.predecessors[k])
        if before:
            found[:, k] = source[:, before] @ paths[k, before]
    return found


def _linear(
    table: FloatArray, used: BoolArray, weights: FloatArray, model: PathModel, technique: Technique
) -> FloatArray:
    """Predict the held rows' items from items."""
    root = np.sqrt(weights[used])[:, None]
    found = []
    for k in model.endogenous:
        columns = [c for j in _drivers(model, k, technique) for c in model.blocks[j]]
        design = np.column_stack([np.ones(len(table)), table[:, columns]])
        outcome = table[used][:, list(model.blocks[k])]
        slopes = np.linalg.lstsq(design[used] * root, outcome * root, rcond=None)[0]
        found.append(design[~used] @ slopes)
    return np.concatenate(found, axis=1)


def _summary(items: tuple[int, ...], errors: FloatArray, share: FloatArray) -> Prediction:
    """Average squared and absolute errors (3, repeats, n, q): path model, linear model, mean."""
    squares = np.einsum("mrnq,n->mrq", errors**2, share)
    sizes = np.einsum("mrnq,n->mrq", np.abs(errors), share)
    rmse, mae = np.sqrt(squares).mean(axis=1), sizes.mean(axis=1)
    q2 = (1 - squares[:2] / squares[2]).mean(axis=1)
    return Prediction(items, rmse[0], mae[0], q2[0], rmse[1], mae[1], q2[1])
