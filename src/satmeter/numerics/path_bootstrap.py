"""Bootstrap and jackknife of a path model: weights, loadings, paths, effects and HTMT of every sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from satmeter.errors import NumericsError, Problem
from satmeter.numerics.arguments import FloatArray
from satmeter.numerics.path_effects import Effects, effects
from satmeter.numerics.path_kernel import PlsOptions
from satmeter.numerics.path_model import PathModel
from satmeter.numerics.path_quality import reflective
from satmeter.numerics.path_replicates import (
    UnitSums,
    bootstrap_correlations,
    draw_units,
    jackknife_correlations,
    put_in_order,
    unit_sums,
)
from satmeter.numerics.path_weights import PathFit, fit_chunks


@dataclass(frozen=True, slots=True, eq=False)
class PathStack:
    """A path model estimated for many samples.

    Attributes
    ----------
    fit
        Of every sample, over one leading axis. The items stand in the order of the columns of the rows.
    effects
        Direct, indirect and total.
    htmt
        shape (samples, m, m), NaN for constructs of one item or in mode B.
    """

    fit: PathFit
    effects: Effects
    htmt: FloatArray


def bootstrap_paths(
    rows: npt.ArrayLike | UnitSums,
    model: PathModel,
    *,
    replicates: int,
    rng: np.random.Generator,
    weights: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    options: PlsOptions | None = None,
) -> PathStack:
    """Estimate a path model in the sample and in bootstrap samples.

    Parameters
    ----------
    rows
        shape (n, p), complete; or their `unit_sums`, with the design inside.
    model
        Of `path_model`.
    replicates
        Number of bootstrap samples.
    rng
        As for `resampling.rao_wu_draws`.
    weights, strata, cluster
        shape (n,), the design; see `unit_sums`.
    options
        How the algorithm runs.

    Returns
    -------
    PathStack
        Leading axis 1 + replicates, index 0 the full sample. Signs of constructs agree with the full sample; a sample
        without a solution is NaN.

    Raises
    ------
    NumericsError
        As `pls` for the full sample and `unit_sums` for the rows; N010 where the rows have another number of columns.

    Notes
    -----
    Samples of first-stage units within strata (Rao, Wu and Yue 1992). Sums of products are drawn again, never rows.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(50, 4)) + rng.normal(size=(50, 1))
    >>> found = bootstrap_paths(rows, path_model([(0, 1), (2, 3)], {1: (0,)}), replicates=20, rng=rng)
    >>> found.effects.total.shape
    (21, 2, 2)
    """
    sums = rows if isinstance(rows, UnitSums) else unit_sums(rows, weights=weights, strata=strata, cluster=cluster)
    _check_width(sums, model)
    columns = model.columns
    chunks = bootstrap_correlations(put_in_order(sums, columns), draw_units(sums, replicates, rng))
    found = _stack(chunks, 1 + replicates, model.in_block_order(), options or PlsOptions())
    return _with_columns(found, columns)


def jackknife_paths(
    rows: npt.ArrayLike | UnitSums, model: PathModel, full: PathFit, *, options: PlsOptions | None = None
) -> PathStack:
    """Estimate a path model without each sampling unit in turn.

    Parameters
    ----------
    rows
        shape (n, p), complete; or their `unit_sums`.
    model
        Of `path_model`.
    full
        Fit of the full sample, or a stack that begins with it: its loadings fix the signs.
    options
        How the algorithm runs.

    Returns
    -------
    PathStack
        Leading axis: units, or 2,000 groups of them where there are more.

    Raises
    ------
    NumericsError
        As `unit_sums`.

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> rng = np.random.default_rng(1)
    >>> rows = rng.normal(size=(50, 4)) + rng.normal(size=(50, 1))
    >>> model = path_model([(0, 1), (2, 3)], {1: (0,)})
    >>> full = bootstrap_paths(rows, model, replicates=20, rng=rng).fit
    >>> jackknife_paths(rows, model, full).fit.paths.shape
    (50, 2, 2)
    """
    sums = rows if isinstance(rows, UnitSums) else unit_sums(rows)
    reference = full.loadings.reshape(-1, full.loadings.shape[-1])[0]
    _check_width(sums, model)
    columns = model.columns
    chunks = jackknife_correlations(put_in_order(sums, columns))
    ordered = model.in_block_order()
    found = _stack(chunks, sums.n_left_out, ordered, options or PlsOptions(), reference[list(columns)])
    return _with_columns(found, columns)


def _check_width(sums: UnitSums, model: PathModel) -> None:
    if sums.p != model.n_columns:
        raise NumericsError(Problem("N010", got=f"(n, {sums.p})", params={"expected": f"(n, {model.n_columns})"}))


def _with_columns(stack: PathStack, columns: tuple[int, ...]) -> PathStack:
    """Put columns that stand block by block back where they were."""
    place = np.argsort(columns)
    if (place == np.arange(len(place))).all():
        return stack
    fit = replace(
        stack.fit,
        weights=stack.fit.weights[:, place],
        loadings=stack.fit.loadings[:, place],
        cross_loadings=stack.fit.cross_loadings[:, place],
    )
    return replace(stack, fit=fit)


def _stack(
    chunks: Iterable[FloatArray],
    total: int,
    model: PathModel,
    options: PlsOptions,
    reference: FloatArray | None = None,
) -> PathStack:
    m = model.n_constructs
    ratios = np.moveaxis(np.empty((m, m, total)), -1, 0)
    fit = fit_chunks(_with_htmt(chunks, model, ratios), total, model, options, reference=reference)
    return PathStack(fit, effects(fit.paths, model), ratios)


def _with_htmt(chunks: Iterable[FloatArray], model: PathModel, ratios: FloatArray) -> Iterator[FloatArray]:
    """Pass correlations on and write their HTMT."""
    start = 0
    for corr in chunks:
        stop = start + corr.shape[-1]
        ratios[start:stop] = htmt_last(corr, model).transpose(2, 0, 1)
        yield corr
        start = stop


def htmt_last(corr: FloatArray, model: PathModel) -> FloatArray:
    """Return HTMT of constructs, replicate index last; the numbers of `path_quality.path_htmt`.

    Parameters
    ----------
    corr
        shape (p, p, b).
    model
        Of `path_model`.

    Returns
    -------
    array, shape (m, m, b)

    Examples
    --------
    >>> from satmeter.numerics.path_model import path_model
    >>> corr = np.array([[1, 0.5, 0.3, 0.3], [0.5, 1, 0.3, 0.3], [0.3, 0.3, 1, 0.8], [0.3, 0.3, 0.8, 1]])
    >>> htmt_last(corr[..., None], path_model([(0, 1), (2, 3)], {1: (0,)}))[0, 1].round(4)
    array([0.4743])
    """
    p, b = len(corr), corr.shape[-1]
    m = model.n_constructs
    chosen = reflective(model)
    member = np.zeros((m, p))
    for k in chosen:
        member[k, list(model.blocks[k])] = 1.0
    size = np.abs(corr)
    between = member @ (member @ size.reshape(p, p * b)).reshape(m, p, b)
    count = member.sum(axis=1)
    own = between[np.arange(m), np.arange(m)]
    within = (own - count[:, None]) / np.where(count > 1, count * (count - 1), np.nan)[:, None]
    inverse = 1 / np.sqrt(np.where(within > 0, within, np.nan)) / np.where(count > 0, count, np.nan)[:, None]
    between *= inverse[:, None]
    between *= inverse
    between[np.arange(m), np.arange(m)] = np.where(np.isnan(inverse), np.nan, 1.0)
    return between
