"""Average marginal effects of ordinal and logistic regressions: on the mean rating, on shares, in index points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, checked_weights
from satmeter.numerics.ordinal_likelihood import density, distribution
from satmeter.numerics.ordinal_regression import OrdinalFit
from satmeter.numerics.ordinal_sandwich import sandwich_covariance

Dummies = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class AverageEffects:
    """Average marginal effects of all columns, shape (k,) each.

    Attributes
    ----------
    effect
        In units of the category values, per unit of the column; for dummies the change from the reference category.
    std_error
        Delta method with the model's covariance, the sample's predictors taken as given: R margins, Stata margins.
    std_error_sandwich
        The same with the sandwich covariance.
    std_error_sample
        By linearisation over the design, the predictors sampled too: for effects in the population.
    jacobian
        shape (k, p), slopes of the effects by the parameters.
    """

    effect: FloatArray
    std_error: FloatArray
    std_error_sandwich: FloatArray
    std_error_sample: FloatArray
    jacobian: FloatArray


def index_values(categories: npt.ArrayLike, low: float, high: float) -> FloatArray:
    """Return what categories are worth in index points: 0 at one end of the scale, 100 at the other.

    Parameters
    ----------
    categories
        shape (K,), the codes in use.
    low, high
        The scale's theoretical ends.

    Returns
    -------
    array, shape (K,)

    Examples
    --------
    >>> index_values([2, 3, 5], 1, 5)
    array([ 25.,  50., 100.])
    """
    return np.asarray(100 * (np.asarray(categories, dtype=np.float64) - low) / (high - low), dtype=np.float64)


def top_values(categories: npt.ArrayLike, lowest: float) -> FloatArray:
    """Return 1 for the categories from `lowest` up and 0 for the others: effects are then on their share.

    Parameters
    ----------
    categories
        shape (K,), the codes in use.
    lowest
        The lowest code that counts, for example 4 for the top two of five.

    Returns
    -------
    array, shape (K,)

    Examples
    --------
    >>> top_values([1, 2, 3, 4, 5], 4)
    array([0., 0., 0., 1., 1.])
    """
    return (np.asarray(categories, dtype=np.float64) >= lowest).astype(np.float64)


def average_effects(
    fit: OrdinalFit,
    x: npt.ArrayLike,
    values: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    dummies: Dummies = (),
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> AverageEffects:
    """Average over respondents how the expected value of the outcome changes with every predictor.

    Parameters
    ----------
    fit
        An ordinal regression, or `LogisticFit.ordinal`.
    x
        shape (n, k), the predictors of the fit.
    values
        shape (K,), what each category is worth: its code for the mean rating, `index_values` for index points,
        `top_values` for a share, (0, 1) for the probability of a logistic regression.
    weights
        shape (n,), those of the fit. Respondents with weight 0 are not averaged over.
    dummies
        Sets of columns that are the dummies of one categorical predictor: their effect is the change from the reference
        category (all of the set 0) to the category, not a slope.
    strata, cluster
        shape (n,), integer codes, for `std_error_sample`.

    Returns
    -------
    AverageEffects

    Raises
    ------
    NumericsError
        N010 for values, columns or rows that do not belong to the fit; N003, N008.

    Notes
    -----
    With v the values and t_j = θ_j − xᵀβ_j, E(v) = v_K − Σ (v_{j+1} − v_j) G(t_j) and its slope by x is
    Σ (v_{j+1} − v_j) g(t_j) β_j. Delta method: Greene (2018), Econometric Analysis, 17.2.4. `std_error_sample`: the
    effect's influence, slopes by the parameters times theirs plus w (own effect − mean)/Σw, summed over units.

    Examples
    --------
    >>> from satmeter.numerics.binary_regression import fit_logistic
    >>> x, y = [[0.0], [0], [0], [0], [1], [1], [1], [1]], [0, 0, 0, 1, 0, 1, 1, 1]
    >>> fit = fit_logistic(x, y).ordinal
    >>> found = average_effects(fit, x, (0, 1), dummies=((0,),))  # 3/4 less 1/4
    >>> found.effect.round(4), found.std_error.round(4)
    (array([0.5]), array([0.3062]))
    """
    predictors, gains = _checked(fit, x, values, dummies)
    w = checked_weights(weights, len(predictors))
    share = w / w.sum()
    k, p = len(fit.coefficients), len(fit.covariance)
    own = np.empty((len(predictors), k))
    jacobian = np.empty((k, p))
    for j in range(k):
        block = next((group for group in dummies if j in group), None)
        if block is None:
            own[:, j], jacobian[j] = _slope(fit, predictors, gains, share, j)
        else:
            own[:, j], jacobian[j] = _change(fit, predictors, gains, share, block, j)
    effect = share @ own
    influence = w[:, None] * fit.scores @ fit.covariance @ jacobian.T + share[:, None] * (own - effect)
    sample, _ = sandwich_covariance(np.eye(k), influence, strata, cluster)
    errors = (np.einsum("kp,pq,kq->k", jacobian, v, jacobian) for v in (fit.covariance, fit.sandwich))
    model, robust = (np.sqrt(v) for v in errors)
    return AverageEffects(effect, model, robust, np.sqrt(np.diag(sample)), jacobian)


def _checked(
    fit: OrdinalFit, x: npt.ArrayLike, values: npt.ArrayLike, dummies: Dummies
) -> tuple[FloatArray, FloatArray]:
    """Return the predictors and what passing each boundary is worth."""
    predictors, worth = np.asarray(x, dtype=np.float64), np.asarray(values, dtype=np.float64)
    n, k = len(fit.scores), len(fit.coefficients)
    if predictors.shape != (n, k) or worth.shape != fit.categories.shape:
        got = f"{predictors.shape}, {worth.shape}"
        raise NumericsError(Problem("N010", got=got, params={"expected": f"({n}, {k}), {fit.categories.shape}"}))
    columns = [j for group in dummies for j in group]
    if len(set(columns)) < len(columns) or not all(0 <= j < k for j in columns):
        raise NumericsError(Problem("N010", got=str(dummies), params={"expected": f"0 … {k - 1}"}))
    return predictors, np.diff(worth)


def _common(fit: OrdinalFit) -> list[int]:
    return [j for j in range(len(fit.coefficients)) if j not in fit.free]


def _by_parameters(fit: OrdinalFit, by_cut: FloatArray, by_slope: FloatArray) -> FloatArray:
    """Put slopes by the thresholds (K − 1,) and by the coefficients (k, K − 1) into the parameters' order."""
    return np.concatenate([by_slope[_common(fit)].sum(axis=1), by_cut, by_slope[list(fit.free)].ravel()])


def _edges_at(fit: OrdinalFit, x: FloatArray) -> FloatArray:
    return np.asarray(fit.thresholds - x @ fit.slopes, dtype=np.float64)


def _slope(
    fit: OrdinalFit, x: FloatArray, gains: FloatArray, share: FloatArray, j: int
) -> tuple[FloatArray, FloatArray]:
    """Slope of everybody's expected value by column j, and of their mean by the parameters."""
    edge, mine = _edges_at(fit, x), fit.slopes[j]
    height = density(edge, fit.link)
    bend = height * (1 - 2 * distribution(edge, fit.link)) if fit.link == "logit" else -edge * height
    weighted = share[:, None] * bend * gains * mine
    by_slope = -(x.T @ weighted)
    by_slope[j] += share @ (height * gains)
    return height @ (gains * mine), _by_parameters(fit, weighted.sum(axis=0), by_slope)


def _change(
    fit: OrdinalFit, x: FloatArray, gains: FloatArray, share: FloatArray, block: tuple[int, ...], j: int
) -> tuple[FloatArray, FloatArray]:
    """Change of everybody's expected value from the reference category to dummy j, and the mean's slopes."""
    without = x.copy()
    without[:, list(block)] = 0.0
    within = without.copy()
    within[:, j] = 1.0
    own, by_cut, by_slope = np.zeros(len(x)), np.zeros(len(gains)), np.zeros_like(fit.slopes)
    for at, sign in ((without, 1.0), (within, -1.0)):
        edge = _edges_at(fit, at)
        own += sign * distribution(edge, fit.link) @ gains
        weighted = sign * share[:, None] * density(edge, fit.link) * gains
        by_cut += weighted.sum(axis=0)
        by_slope -= at.T @ weighted
    return own, _by_parameters(fit, by_cut, by_slope)
