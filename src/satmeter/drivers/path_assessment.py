"""How good a path model is: its blocks, its fit, and its predictions out of sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from satmeter.drivers.path_base import PathBase
from satmeter.drivers.path_rows import PathQualityRow, PredictionRow
from satmeter.errors import Note, NumericsError
from satmeter.measurement.plain import plain
from satmeter.numerics.bca import bca_interval
from satmeter.numerics.intervals import percentile_interval
from satmeter.numerics.path_effects import inner_quality
from satmeter.numerics.path_fit import exact_fit, implied_correlations, model_fit
from satmeter.numerics.path_predict import deal_folds, predict_paths
from satmeter.numerics.path_quality import goodness_of_fit, outer_quality
from satmeter.numerics.path_weights import PathFit

FloatArray = npt.NDArray[np.float64]

REPEATS = 5
"""How often the sample is dealt into parts for the predictions."""


def quality_rows(base: PathBase) -> tuple[PathQualityRow, ...]:
    """Return R², reliability, AVE and HTMT of the constructs, with intervals, and the fit of the whole model.

    Parameters
    ----------
    base
        The estimated model.

    Returns
    -------
    tuple of PathQualityRow
        Intervals of constructs are bias-corrected, those of HTMT percentiles. `srmr_saturated` judges the measurement,
        `srmr` and the rest the model with its paths; `d_uls` and `d_g` have the p-value of the bootstrap test of exact
        fit, and in `conf_high` the 95 % quantile where the model is true.
    """
    return (*_blocks(base), *_pairs(base), *_whole(base))


def _row(
    base: PathBase,
    statistic: str,
    estimate: float,
    ends: tuple[FloatArray, FloatArray],
    construct: str,
    other: str = "",
) -> PathQualityRow:
    low, high = (plain(end) for end in ends)
    return PathQualityRow("pls", statistic, construct, other, plain(estimate), low, high, None, base.n)


def _blocks(base: PathBase) -> Iterator[PathQualityRow]:
    outer = outer_quality(base.corr, base.fit, base.model)
    inner = inner_quality(base.fit, base.model, base.n)
    figures = {
        "r2": base.fit.r2,
        "r2_adjusted": inner.adjusted_r2,
        "rho_a": outer.rho_a,
        "rho_c": outer.rho_c,
        "ave": outer.ave,
    }
    level = base.study.plan.uncertainty.conf_level
    for statistic, stack in figures.items():
        for j, name in enumerate(base.names):
            if np.isfinite(stack[0, j]):
                # replicates overfit the weights once more than the sample does: their middle lies above the estimate
                ends = bca_interval(stack[0, j], stack[1:, j], conf_level=level)
                yield _row(base, statistic, stack[0, j], ends, name)


def _pairs(base: PathBase) -> Iterator[PathQualityRow]:
    ratio = outer_quality(base.corr, base.fit, base.model).htmt
    level = base.study.plan.uncertainty.conf_level
    for a, first in enumerate(base.names):
        for b in range(a + 1, len(base.names)):
            if np.isfinite(ratio[0, a, b]):
                ends = percentile_interval(ratio[1:, a, b], level)
                yield _row(base, "htmt", ratio[0, a, b], ends, first, base.names[b])


def _whole(base: PathBase) -> Iterator[PathQualityRow]:
    sample = base.corr[:1]
    one = _first(base)
    saturated = model_fit(sample, implied_correlations(sample, one, base.model, structure="saturated"))
    yield _plain_row(base, "srmr_saturated", float(saturated.srmr[0]))
    fit = model_fit(sample, implied_correlations(sample, one, base.model))
    yield _plain_row(base, "srmr", float(fit.srmr[0]))
    if not base.two_stages and len(base.corr) > 2:
        test = exact_fit(base.moments.covariance, base.model, scheme=base.study.plan.paths.scheme)
        for name in ("d_uls", "d_g"):
            limit, p = getattr(test.quantiles, name), getattr(test.p_values, name)
            value = float(np.asarray(getattr(fit, name)).ravel()[0])
            p_value = plain(float(p)) if test.replicates else None
            yield PathQualityRow("pls", name, "", "", plain(value), None, plain(float(limit)), p_value, base.n)
    yield _plain_row(base, "gof", float(np.asarray(goodness_of_fit(base.fit, base.model))[0]))
    yield _plain_row(base, "iterations", float(base.fit.iterations[0]))


def _first(base: PathBase) -> PathFit:
    """Return the fit of the sample alone, with its leading axis."""
    return PathFit(**{f.name: getattr(base.fit, f.name)[:1] for f in fields(base.fit)})


def _plain_row(base: PathBase, statistic: str, value: float) -> PathQualityRow:
    return PathQualityRow("pls", statistic, "", "", plain(value), None, None, None, base.n)


def prediction_rows(base: PathBase) -> tuple[tuple[PredictionRow, ...], tuple[Note, ...]]:
    """Return how well the items of outcomes are predicted for respondents that the model has not seen.

    Parameters
    ----------
    base
        The estimated model.

    Returns
    -------
    rows, notes
        Errors in points of 0–100, means over 5 repeats of `paths.folds` parts; weights count, strata and clusters do
        not. A note where there are too few respondents.
    """
    plan = base.study.plan
    rng = np.random.default_rng(plan.uncertainty.seed)
    weights = base.study.weights[base.kept]
    try:
        dealt = deal_folds(base.n, plan.paths.folds, REPEATS, rng)
        found = predict_paths(base.rows, base.stages, dealt, weights=weights, scheme=plan.paths.scheme)
    except NumericsError:
        return (), (Note("D154", "", {"n": base.n, "folds": plan.paths.folds}),)
    blocks = zip(base.names, base.items_model.blocks, strict=True)
    owner = {column: name for name, block in blocks for column in block}
    rows = tuple(
        PredictionRow(
            construct=owner[column],
            item=base.items[column],
            rmse=plain(found.rmse[j]),
            mae=plain(found.mae[j]),
            q2=plain(found.q2[j]),
            linear_rmse=plain(found.linear_rmse[j]),
            linear_mae=plain(found.linear_mae[j]),
            linear_q2=plain(found.linear_q2[j]),
            folds=plan.paths.folds,
            n=base.n,
        )
        for j, column in enumerate(found.items)
    )
    return rows, ()
