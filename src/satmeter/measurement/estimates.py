"""Means, shares and balances with standard errors, intervals and design effects, several at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from satmeter.measurement.degrees import is_simple
from satmeter.measurement.quantity import Quantity
from satmeter.measurement.raw_estimates import RawEstimates, read_rows, sum_units, sums_suffice
from satmeter.moments import Resampling
from satmeter.numerics.intervals import t_interval, wilson_interval
from satmeter.numerics.share_interval import design_factor, korn_graubard_interval
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of q quantities, all arrays of shape (q,); NaN where a number cannot be had.

    Attributes
    ----------
    estimate, std_error, conf_low, conf_high, df
        The standard error is that of the replicates; absent where fewer than two units answered or all
        answers are equal.
    n, n_eff
        Respondents with an answer in any of the quantity's columns; Kish's effective number of them.
    deff
        Variance over that of a simple random sample of the same n; 1 without weights, strata and clusters.
    constant
        Whether all answers are equal (and there are at least two).
    """

    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    df: FloatArray
    n: npt.NDArray[np.int64]
    n_eff: FloatArray
    deff: FloatArray
    constant: BoolArray


def estimate(
    study: Study,
    resampling: Resampling,
    values: FloatArray,
    quantities: Sequence[Quantity],
    *,
    rows: BoolArray | None = None,
) -> Estimates:
    """Estimate quantities in the whole sample or in a group of it.

    Parameters
    ----------
    study, resampling
        The study and its replicates.
    values
        shape (n, p), one row a respondent of the study; NaN is no answer and is left out column by column.
    quantities
        What to estimate from the columns.
    rows
        shape (n,), the group; None means everyone. Respondents of weight 0 are left out. The design of the
        whole sample stands behind a group's standard error.

    Returns
    -------
    Estimates

    Notes
    -----
    The standard deviation over the Rao–Wu replicates is the standard error, or √(Σ c (replicate − estimate)²) of given
    replicate weights and of the jackknife. Means: t interval with the units
    of the group less its strata as degrees of freedom, cut at the bounds of the scale. Shares: Wilson's
    interval, in a complex design Korn and Graubard's. There, and for the mean of several shares, share·(1 − share)/SE²
    stands in place of n, at most the number of answers.
    """
    mask = np.ones(study.n, dtype=np.bool_) if rows is None else rows
    return estimate_groups(study, resampling, values, quantities, [mask])[0]


def estimate_groups(
    study: Study,
    resampling: Resampling,
    values: FloatArray,
    quantities: Sequence[Quantity],
    groups: Sequence[BoolArray],
) -> list[Estimates]:
    """Estimate quantities in several groups: `estimate` for each, but in fewer steps where sums by unit hold all.

    Parameters
    ----------
    study, resampling, values, quantities
        As for `estimate`.
    groups
        shape (n,) each.

    Returns
    -------
    list of Estimates
    """
    resampling = resampling.for_scores
    kept = study.weights > 0
    masks = list(groups) if kept.all() else [mask & kept for mask in groups]
    if not sums_suffice(study, resampling):
        return [
            _finished(study, resampling, quantities, read_rows(study, resampling, values, quantities, m)) for m in masks
        ]
    found = sum_units(study, resampling, values, quantities, masks)
    whole = _finished(study, resampling, [*quantities] * len(masks), found)
    ends = range(0, len(quantities) * len(masks), len(quantities))
    return [Estimates(*(getattr(whole, f.name)[k : k + len(quantities)] for f in fields(Estimates))) for k in ends]


def _finished(study: Study, resampling: Resampling, quantities: Sequence[Quantity], raw: RawEstimates) -> Estimates:
    """Return estimates with standard errors and intervals."""
    level, averaged, df, deff, error = study.plan.uncertainty.conf_level, raw.averaged, raw.df, raw.deff, raw.linearised
    point, n, n_eff, constant = averaged[0], raw.n, raw.n_eff, raw.constant & (raw.n > 1)
    known = (n > 1) & ~constant & (df > 0)
    se = np.where(known, resampling.std_error(averaged), np.nan)
    if study.replicates is not None:
        deff = deff * (se / np.where(error > 0, error, np.nan)) ** 2
    if raw.stands is not None:  # everybody was asked: nothing is left to chance, not even rounding
        census = raw.stands <= raw.answers * (1 + 1e-9)
        se = np.where(known & census & (error == 0), 0.0, se)
    bounds = np.array([[q.low, q.high] for q in quantities])
    low, high = t_interval(point, se, df, level)
    low, high = np.maximum(low, bounds[:, 0]), np.minimum(high, bounds[:, 1])
    share = np.array([q.kind != "mean" for q in quantities])
    if share.any():
        size = np.where(n > 1, _share_base(study, quantities, raw, se), np.nan)
        if is_simple(study):
            low[share], high[share] = wilson_interval(point[share], size[share], level)
        else:
            size *= design_factor(n, df, level)
            low[share], high[share] = korn_graubard_interval(point[share], size[share], level)
    if raw.stands is not None:
        low, high = np.where(census & (se == 0), point, low), np.where(census & (se == 0), point, high)
    df = np.where(known, df, np.nan)
    return Estimates(point, se, low, high, df, n, n_eff, np.where(known, deff, np.nan), constant)


def _share_base(study: Study, quantities: Sequence[Quantity], raw: RawEstimates, se: FloatArray) -> FloatArray:
    """Return the sample size that stands in a share's interval: at most its answers, more in a finite population."""
    share, answers = raw.averaged[0], raw.answers.copy()
    if raw.stands is not None:
        answers = answers / np.maximum(1 - answers / np.maximum(raw.stands, 1.0), np.finfo(np.float64).eps)
    answers *= [q.each for q in quantities]
    single = np.array([len(q.columns) == 1 and q.kind == "share" for q in quantities])
    worth = np.where(se > 0, share * (1 - share), np.nan) / np.where(se > 0, se, np.nan) ** 2
    size = np.minimum(np.where(np.isnan(worth), raw.n_eff, worth), answers)
    return np.where(single, raw.n_eff, size) if is_simple(study) else size
