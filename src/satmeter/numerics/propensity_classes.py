"""Classes of cases that were about equally likely to respond, and the response rate of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.binary_regression import Method, fit_logistic

IntArray = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_SEPARATED = "N041"
_DIGITS = 12  # propensities of equal cases must not differ by rounding
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Propensities:
    """Modelled probabilities of responding, shape (n,), and by which likelihood they were found."""

    probability: FloatArray
    method: Method


def frame_columns(variables: Mapping[str, npt.NDArray[np.object_] | FloatArray]) -> FloatArray:
    """Turn frame variables into the columns of a regression.

    Parameters
    ----------
    variables
        Name to values of shape (n,): numbers, NaN where unknown, or labels. A label stands for itself, the empty one
        too; categories enter as dummies against the first in sorted order. Unknown numbers are set to the mean of the
        others, with a dummy that says so.

    Returns
    -------
    ndarray
        shape (n, k); columns that the constant and those before them already span are left out.

    Examples
    --------
    >>> frame_columns({"region": np.array(["n", "s", "s"], dtype=object), "age": np.array([30.0, 50.0, np.nan])})
    array([[ 0., 30.],
           [ 1., 50.],
           [ 1., 40.]])
    """
    columns: list[FloatArray] = []
    for values in variables.values():
        if values.dtype.kind == "f":
            numbers = np.asarray(values, dtype=np.float64)
            unknown = np.isnan(numbers)
            mean = float(numbers[~unknown].mean()) if not unknown.all() else 0.0
            columns += [np.where(unknown, mean, numbers), unknown.astype(np.float64)]
        else:
            names, code = np.unique(values.astype(str), return_inverse=True)
            columns += [(code == k).astype(np.float64) for k in range(1, len(names))]
    n = len(next(iter(variables.values())))
    return _independent(np.stack(columns, axis=1)) if columns else np.empty((n, 0))


def _independent(x: FloatArray) -> FloatArray:
    """Return the columns that are not spanned by a constant and the columns before them."""
    basis = np.full((len(x), 1), 1 / np.sqrt(len(x)))
    kept = []
    for j in range(x.shape[1]):
        size = float(np.linalg.norm(x[:, j]))
        rest = x[:, j] - basis @ (basis.T @ x[:, j])
        rest = rest - basis @ (basis.T @ rest)
        if np.linalg.norm(rest) > _TOLERANCE * size:
            kept.append(j)
            basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
    return x[:, kept]


def response_propensities(
    x: npt.ArrayLike,
    responded: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    pattern: IntArray | None = None,
) -> Propensities:
    """Model the probability of responding by logistic regression.

    Parameters
    ----------
    x
        shape (n, k), as `frame_columns` gives it. With k = 0 all have the same propensity.
    responded
        shape (n,), bool. Where all are alike, the propensity is 0 or 1 for all.
    weights
        shape (n,), above 0; they are scaled to the sum n.
    pattern
        shape (n,), the row of `x` that holds for each case; None: the case's own. Many cases with few different rows
        are fitted in a fraction of the time.

    Returns
    -------
    Propensities
        By maximum likelihood; by Firth's penalised likelihood where that has no finite estimates, because everybody or
        nobody responded in some category.

    Raises
    ------
    NumericsError
        What `fit_logistic` raises, but for separation.
    """
    predictors, outcome = np.asarray(x, dtype=np.float64), np.asarray(responded, dtype=np.int64)
    w = np.ones(len(outcome)) if weights is None else np.asarray(weights, dtype=np.float64)
    w = w * (len(w) / w.sum())
    method: Method = "likelihood"
    if predictors.shape[1] == 0 or np.ptp(outcome) == 0:
        return Propensities(np.full(len(outcome), float(w @ outcome / w.sum())), method)
    own = np.arange(len(outcome)) if pattern is None else pattern
    mass = np.bincount(2 * own + outcome, weights=w, minlength=2 * len(predictors))
    there = np.flatnonzero(mass)
    rows, kinds, sums = predictors[there // 2], there % 2, mass[there]
    try:
        fit = fit_logistic(rows, kinds, weights=sums)
    except NumericsError as error:
        if error.problems[0].code != _SEPARATED:
            raise
        method = "firth"
        fit = fit_logistic(rows, kinds, weights=sums, method=method)
    return Propensities(fit.probability(predictors)[own], method)


def quantile_classes(propensity: npt.ArrayLike, classes: int) -> IntArray:
    """Cut cases into classes of about equal size by their propensity.

    Parameters
    ----------
    propensity
        shape (n,).
    classes
        Number of classes; there are fewer where many cases have the same propensity, for those stay together.

    Returns
    -------
    ndarray
        shape (n,), 0 for the lowest class, without gaps.

    Notes
    -----
    As R's ``cut(p, unique(quantile(p, 0:k / k)), include.lowest = TRUE)``: a boundary belongs to the class below it.

    Examples
    --------
    >>> quantile_classes([0.2, 0.9, 0.5, 0.5, 0.4, 0.7], 3)
    array([0, 2, 1, 1, 0, 2])
    """
    p = np.round(np.asarray(propensity, dtype=np.float64), _DIGITS)
    inner = np.unique(np.round(np.quantile(p, np.arange(1, classes) / classes), _DIGITS))
    code: IntArray = np.unique(np.searchsorted(inner, p, side="left"), return_inverse=True)[1]
    return code.astype(np.int64)


def join_small(code: IntArray, respondents: Mask, propensity: FloatArray, *, least: int) -> IntArray:
    """Join classes with too few respondents to the neighbour whose mean propensity is closest.

    Parameters
    ----------
    code
        shape (n,), class of every case, 0 to K − 1 without gaps.
    respondents
        shape (n,), bool.
    propensity
        shape (n,).
    least
        Respondents that a class must have. The smallest class is joined first, of equal ones that with the lowest
        propensity, until none is too small or one is left.

    Returns
    -------
    ndarray
        shape (K,), the class that each class belongs to now, 0 for that with the lowest mean propensity.

    Examples
    --------
    >>> code, propensity = np.repeat([0, 1, 2], 4), np.repeat([0.2, 0.3, 0.9], 4)
    >>> join_small(code, np.array([1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], dtype=bool), propensity, least=2)
    array([0, 0, 1])
    """
    k = int(code.max()) + 1
    cases = np.bincount(code, minlength=k).astype(np.float64)
    sums = np.bincount(code, weights=propensity, minlength=k)
    counts = np.bincount(code, weights=respondents, minlength=k)
    groups = [[int(j)] for j in np.argsort(np.round(sums / cases, _DIGITS), kind="stable")]
    while len(groups) > 1:
        own = [sum(counts[j] for j in group) for group in groups]
        small = int(np.argmin(own))
        if own[small] >= least:
            break
        mean = [sum(sums[j] for j in group) / sum(cases[j] for j in group) for group in groups]
        beside = [j for j in (small - 1, small + 1) if 0 <= j < len(groups)]
        near = min(beside, key=lambda j: abs(mean[j] - mean[small]))
        low, high = min(small, near), max(small, near)
        groups[low : high + 1] = [groups[low] + groups[high]]
    target = np.empty(k, dtype=np.int64)
    for place, group in enumerate(groups):
        target[group] = place
    return target


def class_rates(code: IntArray, respondents: Mask, weights: FloatArray) -> FloatArray:
    """Return the weighted response rate of every class, shape (K,)."""
    whole = np.bincount(code, weights=weights)
    part = np.bincount(code, weights=np.where(respondents, weights, 0.0), minlength=len(whole))
    return np.asarray(part / whole, dtype=np.float64)
