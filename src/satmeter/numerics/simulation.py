"""Answers with a known truth: a population of latent variables, and draws from it.

The population is linear in standardised latent variables, so its correlations are exact whatever their distributions
are. What discretised answers show of it is told by `satmeter.numerics.expectation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Population:
    """A recursive system of standardised latent variables.

    Attributes
    ----------
    paths
        shape (p, p); entry (i, j) is the direct effect of variable j on variable i.
    correlation
        shape (p, p), implied by the paths and by the exogenous correlations.
    r2
        shape (p,); 0 for exogenous variables.
    order
        Column numbers, predecessors before outcomes.
    """

    paths: FloatArray
    correlation: FloatArray
    r2: FloatArray
    order: tuple[int, ...]


def population(
    exogenous: npt.ArrayLike,
    predecessors: tuple[tuple[int, ...], ...],
    weights: tuple[tuple[float, ...], ...],
    r2: npt.ArrayLike,
) -> Population:
    """Build the population whose outcomes have the given shares of explained variance.

    The direct effects on an outcome are proportional to its `weights` and scaled so that they explain exactly `r2` of
    its unit variance: ``b = w √(r2 / w'Rw)``, with R the correlations of its predecessors.

    Parameters
    ----------
    exogenous
        shape (p, p); correlations among the variables without predecessors (other entries are not read).
    predecessors
        For each of the p variables the column numbers of its predecessors; empty for an exogenous one. Acyclic.
    weights
        For each variable as many signed weights as it has predecessors.
    r2
        shape (p,); read for outcomes only.

    Returns
    -------
    Population

    Examples
    --------
    >>> made = population(np.eye(3), ((), (), (0, 1)), ((), (), (2.0, 1.0)), [0, 0, 0.5])
    >>> made.paths[2].round(3), made.correlation[2].round(3)
    (array([0.632, 0.316, 0.   ]), array([0.632, 0.316, 1.   ]))
    """
    p = len(predecessors)
    explained = np.where([bool(names) for names in predecessors], np.asarray(r2, dtype=np.float64), 0.0)
    order = _topological(predecessors)
    corr = np.asarray(exogenous, dtype=np.float64).copy()
    paths = np.zeros((p, p))
    known = [i for i in order if not predecessors[i]]
    for outcome in order:
        if not predecessors[outcome]:
            continue
        causes = list(predecessors[outcome])
        w = np.asarray(weights[outcome], dtype=np.float64)
        b = w * np.sqrt(explained[outcome] / (w @ corr[np.ix_(causes, causes)] @ w))
        paths[outcome, causes] = b
        corr[outcome, known] = corr[known, outcome] = b @ corr[np.ix_(causes, known)]
        corr[outcome, outcome] = 1.0
        known.append(outcome)
    return Population(paths, corr, explained, order)


def _topological(predecessors: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    done: list[int] = []
    while len(done) < len(predecessors):
        ready = [i for i, names in enumerate(predecessors) if i not in done and set(names) <= set(done)]
        done.extend(ready)
    return tuple(done)


def common_factor(n: int, signs: npt.ArrayLike, share: float, rng: np.random.Generator) -> FloatArray:
    """Draw standard normal variables that share one common factor.

    Parameters
    ----------
    n
        Rows.
    signs
        shape (p,), +1 or -1: the side on which a variable takes part in the factor.
    share
        Absolute correlation of any two variables, 0 to 1.
    rng
        Source of randomness.

    Returns
    -------
    array, shape (n, p)

    Examples
    --------
    >>> z = common_factor(50_000, [1, -1], 0.4, np.random.default_rng(1))
    >>> round(float(np.corrcoef(z.T)[0, 1]), 1)
    -0.4
    """
    side = np.asarray(signs, dtype=np.float64)
    common = rng.standard_normal((n, 1))
    own = rng.standard_normal((n, len(side)))
    return np.asarray(side * (np.sqrt(share) * common + np.sqrt(1 - share) * own), dtype=np.float64)


def complete(made: Population, exogenous: npt.ArrayLike, rng: np.random.Generator) -> FloatArray:
    """Add the outcomes to drawn exogenous variables, with normal disturbances.

    Parameters
    ----------
    made
        The population.
    exogenous
        shape (n, p), standardised; the columns of outcomes are not read.
    rng
        Source of randomness.

    Returns
    -------
    array, shape (n, p)
    """
    values = np.asarray(exogenous, dtype=np.float64).copy()
    for outcome in made.order:
        causes = np.flatnonzero(made.paths[outcome])
        if len(causes):
            noise = rng.standard_normal(len(values)) * np.sqrt(1 - made.r2[outcome])
            values[:, outcome] = values[:, causes] @ made.paths[outcome, causes] + noise
    return values


def scale_thresholds(points: int, centre: float, spread: float) -> FloatArray:
    """Return where a standard normal variable is cut into the points of a scale.

    The variable is laid on the unit interval with mean `centre` and standard deviation `spread`; the interval is cut
    into equal parts. A centre above one half skews the answers towards the high end.

    Returns
    -------
    array, shape (points - 1,)

    Examples
    --------
    >>> scale_thresholds(5, 0.5, 0.2)
    array([-1.5, -0.5,  0.5,  1.5])
    """
    return (np.arange(1, points) / points - centre) / spread


def rate(latent: npt.ArrayLike, loading: float, thresholds: npt.ArrayLike, rng: np.random.Generator) -> IntArray:
    """Draw the place on the scale (0 = lowest) of one item that measures a latent variable.

    Parameters
    ----------
    latent
        shape (n,), standardised.
    loading
        Correlation of the continuous answer with the latent variable.
    thresholds
        shape (points - 1,), ascending.
    rng
        Source of randomness of the item's unique part.

    Returns
    -------
    array, shape (n,)
    """
    values = np.asarray(latent, dtype=np.float64)
    continuous = loading * values + np.sqrt(1 - loading**2) * rng.standard_normal(len(values))
    return np.asarray(np.searchsorted(np.asarray(thresholds, dtype=np.float64), continuous), dtype=np.int64)


def general_dominance(corr: npt.ArrayLike, outcome: int, predictors: tuple[int, ...]) -> FloatArray:
    """Return every predictor's average contribution to R² over all subsets of the others (LMG), by enumeration.

    This is the definition written out, for at most a dozen predictors; the analysis uses its own, faster routine.

    Parameters
    ----------
    corr
        shape (p, p).
    outcome, predictors
        Column numbers.

    Returns
    -------
    array, shape (len(predictors),)
        In units of R²; the sum is the R² of all predictors.

    Examples
    --------
    >>> general_dominance([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]], 2, (0, 1)).round(6)
    array([0.36, 0.09])
    """
    matrix = np.asarray(corr, dtype=np.float64)
    k = len(predictors)
    r2: dict[frozenset[int], float] = {frozenset(): 0.0}
    for size in range(1, k + 1):
        for subset in combinations(predictors, size):
            chosen = list(subset)
            with_outcome = matrix[chosen, outcome]
            solved = np.linalg.solve(matrix[np.ix_(chosen, chosen)], with_outcome)
            r2[frozenset(subset)] = float(with_outcome @ solved)
    shares = np.zeros(k)
    for place, predictor in enumerate(predictors):
        for members, value in r2.items():
            if predictor in members:
                gain = value - r2[members - {predictor}]
                shares[place] += gain / (k * comb(k - 1, len(members) - 1))
    return shares
