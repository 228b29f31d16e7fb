"""Respondents made ready for an ordinal regression: checked, standardised, sorted by category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, IntArray, checked_weights
from satmeter.numerics.ordinal_likelihood import OrderedRows
from satmeter.numerics.regression import check_independence


@dataclass(frozen=True, eq=False)
class PreparedRows:
    """Rows with a weight above 0.

    Attributes
    ----------
    rows
        Sorted by category, predictors with mean 0 and standard deviation 1.
    order
        shape (m,), their place among the n rows that were given.
    weights
        shape (m,), as they were given.
    place
        shape (m,), category of each, 0 … K − 1, among those in use.
    categories
        shape (K,), the codes in use.
    centre, spread
        shape (k,), of the predictors.
    free
        Predictors with a coefficient for each boundary.
    """

    rows: OrderedRows
    order: IntArray
    weights: FloatArray
    place: IntArray
    categories: FloatArray
    centre: FloatArray
    spread: FloatArray
    free: tuple[int, ...]

    @property
    def common(self) -> list[int]:
        """Predictors with one coefficient."""
        return [j for j in range(len(self.centre)) if j not in self.free]


def checked_rows(
    x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return predictors (n, k), outcome (n,) and weights (n,) as float64.

    Parameters
    ----------
    x
        shape (n, k) without a column of ones; k may be 0.
    y
        shape (n,).
    weights
        shape (n,) or None.

    Returns
    -------
    x, y, weights

    Raises
    ------
    NumericsError
        N010 for shapes, N009 for missing values, N008 for bad weights; N040 for fewer than two categories, N004 and
        N005 for constant and collinear predictors, all among rows with a weight above 0.

    Examples
    --------
    >>> checked_rows([[0.0], [1.0]], [0, 1], None)[2]
    array([1., 1.])
    """
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if predictors.ndim != 2 or outcome.shape != (len(predictors),):
        got = f"{predictors.shape}, {outcome.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": "(n, k), (n,)"}))
    w = checked_weights(weights, len(outcome))
    if not (np.isfinite(predictors).all() and np.isfinite(outcome).all()):
        raise NumericsError(Problem("N009"))
    used = w > 0
    problems = [] if len(np.unique(outcome[used])) > 1 else [Problem("N040")]
    spread = _scatter(predictors[used], w[used])
    k = predictors.shape[1]
    try:
        check_independence(np.pad(spread, ((0, 1), (0, 1)), constant_values=1.0), k, tuple(range(k)))
    except NumericsError as error:
        problems += error.problems
    if problems:
        raise NumericsError(problems)
    return predictors, outcome, w


def prepare_rows(x: FloatArray, y: FloatArray, weights: FloatArray, free: tuple[int, ...] = ()) -> PreparedRows:
    """Standardise, leave out rows of weight 0, and sort.

    Parameters
    ----------
    x, y, weights
        From `checked_rows`.
    free
        Predictors with a coefficient for each boundary.

    Returns
    -------
    PreparedRows

    Raises
    ------
    NumericsError
        N006 with no more rows than parameters; N010 for free columns that do not exist.

    Examples
    --------
    >>> prepare_rows(np.array([[3.0], [1.0]] * 3), np.array([1.0, 0] * 3), np.ones(6)).rows.first
    array([0, 3, 6])
    """
    k = x.shape[1]
    if len(set(free)) < len(free) or not all(0 <= j < k for j in free):
        raise NumericsError(Problem("N010", got=str(free), params={"expected": f"0 … {k - 1}"}))
    used = np.flatnonzero(weights > 0)
    categories, place = np.unique(y[used], return_inverse=True)
    by_place = np.argsort(place, kind="stable")
    order, place = used[by_place], place[by_place]
    w = weights[order]
    centre = w @ x[order] / w.sum()
    spread = np.sqrt(w @ (x[order] - centre) ** 2 / w.sum())
    z = (x[order] - centre) / spread
    first = np.searchsorted(place, np.arange(len(categories) + 1))
    others = [j for j in range(k) if j not in free]
    rows = OrderedRows(z[:, others], np.column_stack([np.ones(len(z)), -z[:, list(free)]]), first)
    if len(order) <= rows.parameters:
        raise NumericsError(Problem("N006", got=str(len(order)), params={"minimum": rows.parameters + 1}))
    return PreparedRows(rows, order, w, place, categories, centre, spread, free)


def raw_parameters(prepared: PreparedRows) -> FloatArray:
    """Return the matrix that turns the parameters of standardised predictors into those of raw ones.

    Parameters
    ----------
    prepared
        The rows.

    Returns
    -------
    array, shape (p, p)
        Raw order: common coefficients, thresholds, then the boundaries' coefficients of each free predictor.

    Examples
    --------
    >>> raw_parameters(prepare_rows(np.array([[3.0], [1.0]] * 3), np.array([1.0, 0] * 3), np.ones(6)))
    array([[1., 0.],
           [2., 1.]])
    """
    common, rows = prepared.common, prepared.rows
    c, m, cuts = len(common), rows.own.shape[1], rows.boundaries
    found = np.zeros((rows.parameters, rows.parameters))
    found[np.arange(c), np.arange(c)] = 1 / prepared.spread[common]
    lift = prepared.centre / prepared.spread
    for j in range(cuts):
        own = c + j * m
        found[c + j, own] = 1.0
        found[c + j, :c] = lift[common]
        for i, column in enumerate(prepared.free):
            found[c + j, own + 1 + i] = lift[column]
            found[c + cuts + i * cuts + j, own + 1 + i] = 1 / prepared.spread[column]
    return found


def _scatter(x: FloatArray, w: FloatArray) -> FloatArray:
    centred = x - w @ x / w.sum()
    return np.asarray((centred * w[:, None]).T @ centred, dtype=np.float64)
