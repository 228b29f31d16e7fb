"""Mediation among observed scores: direct, indirect and total effects of a recursive model, from moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray, square_stack
from satmeter.numerics.regression import least_squares
from satmeter.numerics.structural_paths import Paths, checked_paths, ways


@dataclass(frozen=True, slots=True)
class PathEffects:
    """Effects in a recursive model of observed variables; rows are outcomes, columns what they depend on.

    Attributes
    ----------
    paths
        The model.
    direct, total, indirect
        shape (..., p, p), raw: points of the outcome per point of the other. Indirect is over all ways of two or more
        steps; total = direct + indirect.
    std_direct, std_total, std_indirect
        shape (..., p, p), of variables with variance 1.
    r2
        shape (..., p); NaN for variables without predictors.
    """

    paths: Paths
    direct: FloatArray
    total: FloatArray
    indirect: FloatArray
    std_direct: FloatArray
    std_total: FloatArray
    std_indirect: FloatArray
    r2: FloatArray


@dataclass(frozen=True, slots=True)
class SpecificEffects:
    """The effect of one variable on another by each way.

    Attributes
    ----------
    ways
        Variables passed, the direct one first where it exists.
    raw, std
        shape (..., number of ways). They sum to the total effect.
    """

    ways: tuple[tuple[int, ...], ...]
    raw: FloatArray
    std: FloatArray


@dataclass(frozen=True, slots=True)
class EffectErrors:
    """Standard errors of raw effects by the delta method (Sobel), from least-squares errors of the coefficients.

    Attributes
    ----------
    direct, total, indirect
        shape (p, p); 0 where the effect is fixed at 0.
    """

    direct: FloatArray
    total: FloatArray
    indirect: FloatArray


def path_effects(cov: npt.ArrayLike, paths: Mapping[int, Sequence[int]]) -> PathEffects:
    """Regress every outcome of a recursive model on its predictors and follow the effects.

    Parameters
    ----------
    cov
        shape (..., p, p); index 0 of the leading axes is the full sample. Weights and missing values have been dealt
        with where the moments were made.
    paths
        Outcome to its predictors, as column numbers. Controls are predictors like others.

    Returns
    -------
    PathEffects
        NaN for replicates in which a regression has collinear predictors.

    Raises
    ------
    NumericsError
        N090 for circles, N091 for unknown predictors, N004, N005 for constant or collinear predictors.

    Notes
    -----
    Bollen (1987), Sociological Methodology 17, 37–69: total effects are (I − B)⁻¹ − I. Least squares of every
    equation; in a model that leaves paths out the total effect of a variable is not the coefficient of a regression
    without the mediators.

    Examples
    --------
    >>> effects = path_effects([[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]], {1: (0,), 2: (0, 1)})
    >>> effects.direct[2, 0].round(4), effects.indirect[2, 0].round(4), effects.total[2, 0].round(4)
    (np.float64(0.1333), np.float64(0.2667), np.float64(0.4))
    """
    stack = square_stack(cov)
    p = stack.shape[-1]
    model = checked_paths(paths, p)
    direct, r2 = np.zeros_like(stack), np.full(stack.shape[:-1], np.nan)
    for outcome, those in model.predictors.items():
        fit = least_squares(stack, np.zeros(stack.shape[:-1]), outcome, those)
        direct[..., outcome, list(those)] = fit.b
        r2[..., outcome] = fit.r2
    total = np.linalg.inv(np.eye(p) - direct) - np.eye(p)
    sd = np.sqrt(np.diagonal(stack, axis1=-2, axis2=-1))
    # a variable that is not in the model may be constant
    unit = sd[..., None, :] / np.where(sd > 0, sd, np.nan)[..., :, None]
    indirect = total - direct
    std = [np.where(effect == 0, 0.0, effect * unit) for effect in (direct, total, indirect)]
    return PathEffects(model, direct, total, indirect, std[0], std[1], std[2], r2)


def specific_effects(effects: PathEffects, source: int, target: int) -> SpecificEffects:
    """Return the effect of one variable on another by each way through the model.

    Parameters
    ----------
    effects
        Of the sample and its replicates.
    source, target
        Column numbers.

    Returns
    -------
    SpecificEffects
        Serial ways (through several mediators in turn) and parallel ones alike.

    Examples
    --------
    >>> effects = path_effects([[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]], {1: (0,), 2: (0, 1)})
    >>> found = specific_effects(effects, 0, 2)
    >>> found.ways, found.raw.round(4)
    (((0, 2), (0, 1, 2)), array([0.1333, 0.2667]))
    """
    listed = ways(effects.paths, source, target)

    def along(direct: FloatArray) -> FloatArray:
        found = np.ones((*direct.shape[:-2], len(listed)))
        for j, way in enumerate(listed):
            for before, after in pairwise(way):
                found[..., j] *= direct[..., after, before]
        return found

    return SpecificEffects(listed, along(effects.direct), along(effects.std_direct))


def effect_errors(cov: npt.ArrayLike, n: int, paths: Mapping[int, Sequence[int]]) -> EffectErrors:
    """Return standard errors of effects by the delta method.

    Parameters
    ----------
    cov
        shape (p, p), divisor n − 1, of a simple random sample.
    n
        Respondents.
    paths
        As for `path_effects`.

    Returns
    -------
    EffectErrors
        An indirect effect is skewed: these errors serve comparison with other programs, intervals come from
        replicates.

    Raises
    ------
    NumericsError
        As `path_effects`; N006 for too few rows.

    Notes
    -----
    Sobel (1982), Sociological Methodology 13, 290–312: first order, with the unbiased residual variance of every
    regression and no covariance between regressions.

    Examples
    --------
    >>> cov = [[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]]
    >>> round(float(effect_errors(cov, 100, {1: (0,), 2: (0, 1)}).indirect[2, 0]), 4)
    0.0658
    """
    matrix = square_stack(cov)
    effects = path_effects(matrix, paths)
    reach = effects.total + np.eye(len(matrix))
    variances = {kind: np.zeros_like(matrix) for kind in ("direct", "total", "indirect")}
    for outcome, those in effects.paths.predictors.items():
        order = list(those)
        if n < len(order) + 2:
            raise NumericsError(Problem("N006", got=str(n), params={"minimum": len(order) + 2}))
        left = matrix[outcome, outcome] * (1 - effects.r2[outcome]) / (n - len(order) - 1)
        spread = left * np.linalg.inv(matrix[np.ix_(order, order)])
        variances["direct"][outcome, order] = np.diagonal(spread)
        # ∂ total / ∂ b = (I − B)⁻¹ of the rows times (I − B)⁻¹ of the columns
        by_total = reach[:, outcome][:, None, None] * reach[order].T[None]
        by_indirect = by_total.copy()
        by_indirect[outcome, order, np.arange(len(order))] -= 1
        for kind, slope in (("total", by_total), ("indirect", by_indirect)):
            variances[kind] += np.einsum("tsj,jk,tsk->ts", slope, spread, slope)
    errors = {kind: np.sqrt(np.maximum(v, 0.0)) for kind, v in variances.items()}
    return EffectErrors(errors["direct"], errors["total"], errors["indirect"])


def specific_errors(effects: PathEffects, errors: EffectErrors, source: int, target: int) -> FloatArray:
    """Return the standard error of the raw effect by each way, in the order of `specific_effects`.

    Parameters
    ----------
    effects
        Of the sample alone, shape (p, p).
    errors
        From `effect_errors`.
    source, target
        Column numbers.

    Returns
    -------
    array, shape (number of ways,)

    Examples
    --------
    >>> cov, model = [[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]], {1: (0,), 2: (0, 1)}
    >>> specific_errors(path_effects(cov, model), effect_errors(cov, 100, model), 0, 2).round(4)
    array([0.0928, 0.0658])
    """
    found = specific_effects(effects, source, target)
    squares = np.zeros(len(found.ways))
    for j, way in enumerate(found.ways):
        steps = [(after, before) for before, after in pairwise(way)]
        for outcome, predictor in steps:
            others = [effects.direct[step] for step in steps if step != (outcome, predictor)]
            squares[j] += (np.prod(others) * errors.direct[outcome, predictor]) ** 2
    return np.sqrt(squares)
