"""Measurement quality of the constructs of a path model: reliability, variance extracted, HTMT, overall shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.numerics.arguments import FloatArray, square_stack
from satmeter.numerics.composite import composite_reliability, rho_a
from satmeter.numerics.discriminant import average_variance
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_weights import PathFit

_CHUNK = 2048


@dataclass(frozen=True, slots=True, eq=False)
class OuterQuality:
    """Quality of the blocks of a path model.

    Attributes
    ----------
    rho_a, rho_c
        shape (..., m), NaN for one item and in mode B, where items need not hang together.
    ave
        shape (..., m), likewise.
    htmt
        shape (..., m, m), NaN for constructs of one item or in mode B.
    communality
        shape (..., m), mean squared loading of every construct, mode B and single items included.
    """

    rho_a: FloatArray
    rho_c: FloatArray
    ave: FloatArray
    htmt: FloatArray
    communality: FloatArray


def reflective(model: PathModel) -> tuple[int, ...]:
    """Return the constructs of mode A with two items or more, whose reliability means something.

    Parameters
    ----------
    model
        Of `path_model`.

    Returns
    -------
    tuple of int

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> reflective(path_model([(0, 1), (2,), (3, 4)], {1: (0, 2)}, modes=("A", "A", "B")))
    (0,)
    """
    return tuple(k for k, block in enumerate(model.blocks) if len(block) > 1 and model.modes[k] == "A")


def outer_quality(corr: npt.ArrayLike, fit: PathFit, model: PathModel) -> OuterQuality:
    """Return reliability, variance extracted and HTMT of the constructs.

    Parameters
    ----------
    corr
        shape (..., p, p), correlations of the items.
    fit
        Of `pls` on the same.
    model
        Of `path_model`.

    Returns
    -------
    OuterQuality

    Notes
    -----
    The formulas of `composite.rho_a`, `composite.composite_reliability`, `discriminant.average_variance` and
    `path_htmt`, on the weights and loadings of partial least squares.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> corr = [[1.0, 0.6, 0.3, 0.3], [0.6, 1.0, 0.3, 0.3], [0.3, 0.3, 1.0, 0.6], [0.3, 0.3, 0.6, 1.0]]
    >>> outer_quality(corr, pls(corr, model), model).ave
    array([0.8, 0.8])
    """
    stack = square_stack(corr)
    chosen = reflective(model)
    per_construct = np.full(fit.r2.shape, np.nan)
    a, c = per_construct.copy(), per_construct.copy()
    for k in chosen:
        block = list(model.blocks[k])
        a[..., k] = rho_a(stack[..., block, :][..., block], fit.weights[..., block])
        c[..., k] = composite_reliability(fit.loadings[..., block])
    communality = average_variance(fit.loadings, model.blocks)
    ave = per_construct.copy()
    ave[..., list(chosen)] = communality[..., list(chosen)]
    return OuterQuality(a, c, ave, path_htmt(stack, model), communality)


def path_htmt(corr: npt.ArrayLike, model: PathModel) -> FloatArray:
    """Return HTMT between the constructs of mode A with two items or more.

    Parameters
    ----------
    corr
        shape (..., p, p).
    model
        Of `path_model`.

    Returns
    -------
    array, shape (..., m, m)
        NaN for the other constructs.

    Notes
    -----
    The numbers of `discriminant.htmt`, for stacks of very many matrices.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> corr = [[1, 0.5, 0.3, 0.3], [0.5, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.8], [0.3, 0.3, 0.8, 1]]
    >>> path_htmt(corr, model)[0, 1].round(4).item()
    0.4743
    """
    stack = square_stack(corr)
    p, m, lead = model.n_columns, model.n_constructs, stack.shape[:-2]
    flat = stack.reshape(-1, p, p)
    member = np.zeros((m, p))
    for k in reflective(model):
        member[k, list(model.blocks[k])] = 1.0
    found = np.moveaxis(np.empty((m, m, len(flat))), -1, 0)
    for start in range(0, len(flat), _CHUNK):
        part = slice(start, start + _CHUNK)
        found[part] = _ratios(np.abs(np.moveaxis(flat[part], 0, -1)), member).transpose(2, 0, 1)
    return found.reshape((*lead, m, m))


def _ratios(size: FloatArray, member: FloatArray) -> FloatArray:
    """Return HTMT (m, m, b) from sizes of correlations (p, p, b), replicate index last."""
    m, p = member.shape
    b = size.shape[-1]
    between = member @ (member @ size.reshape(p, p * b)).reshape(m, p, b)
    count = member.sum(axis=1)
    own = between[np.arange(m), np.arange(m)]
    within = (own - count[:, None]) / np.where(count > 1, count * (count - 1), np.nan)[:, None]
    inverse = 1 / np.sqrt(np.where(within > 0, within, np.nan)) / np.where(count > 0, count, np.nan)[:, None]
    between *= inverse[:, None]
    between *= inverse
    between[np.arange(m), np.arange(m)] = np.where(np.isnan(inverse), np.nan, 1.0)
    return between


def goodness_of_fit(fit: PathFit, model: PathModel) -> FloatArray:
    """Return the GoF index of Tenenhaus: how much of items and outcomes the model accounts for. It tests nothing.

    Parameters
    ----------
    fit
        Of `pls`.
    model
        Of `path_model`.

    Returns
    -------
    array, shape (...)
        √(mean communality of the items × mean R²), items of constructs with one item left out. NaN where every
        construct has one item.

    Notes
    -----
    Tenenhaus, Amato and Esposito Vinzi (2004). It does not tell a valid model from an invalid one: Henseler and
    Sarstedt (2013), Computational Statistics 28, 565–580. Use `model_fit` for that.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> from satmeter.numerics.path_weights import pls
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> corr = [[1.0, 0.6, 0.3, 0.3], [0.6, 1.0, 0.3, 0.3], [0.3, 0.3, 1.0, 0.6], [0.3, 0.3, 0.6, 1.0]]
    >>> goodness_of_fit(pls(corr, model), model).round(4).item()
    0.3354
    """
    items = [c for block in model.blocks if len(block) > 1 for c in block]
    if not items:
        return np.full(fit.r2.shape[:-1], np.nan)[()]
    explained = fit.r2[..., list(model.endogenous)].mean(axis=-1)
    return np.asarray(np.sqrt((fit.loadings[..., items] ** 2).mean(axis=-1) * explained), dtype=np.float64)[()]
