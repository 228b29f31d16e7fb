"""Means, shares and balances with standard errors, intervals and design effects, several at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.domain_sums import DomainSums, domain_sums, linearised
from satmeter.numerics.intervals import t_interval, wilson_interval
from satmeter.numerics.linearisation import mean_with_se
from satmeter.numerics.share_interval import design_factor, korn_graubard_interval
from satmeter.study.model import Study

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is estimated from some columns: their mean, or the mean of their means.

    Attributes
    ----------
    columns
        Column numbers; several columns are averaged with equal weights, each over its own answers.
    kind
        `mean` gets a t interval cut at the bounds, `share` that of Wilson or of Korn and Graubard. A `part`
        is a share of something that respondents have several of, such as answers: its size follows from its error.
    low, high
        The least and greatest value that is possible.
    each
        Of a `part`: how many of these things a respondent has on average.
    """

    columns: tuple[int, ...]
    kind: Literal["mean", "share", "part"]
    low: float
    high: float
    each: float = 1.0


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


def is_simple(study: Study) -> bool:
    """Tell whether the sample is treated as a simple random one: no weights, strata, clusters, sizes or replicates."""
    if study.weighted or study.strata is not None or study.cluster is not None:
        return False
    return study.fraction is None and study.replicates is None


def design_df(study: Study, rows: BoolArray) -> float:
    """Return the degrees of freedom of some respondents: first-stage units less strata among them.

    Of given replicate weights no more than their rank less 1; of random groups, groups less strata.

    Parameters
    ----------
    study
        The study; without strata and clusters every respondent is a unit.
    rows
        shape (n,), the respondents.

    Returns
    -------
    float
        NaN when there is none.
    """
    if is_simple(study):
        return float(capped_df(study, float(rows.sum()) - 1))
    column = np.where(rows, np.arange(len(rows), dtype=np.float64), np.nan)
    found = mean_with_se(column, study.weights, study.layers, study.cluster)
    return float(capped_df(study, found.df))


def capped_df(study: Study, df: npt.ArrayLike) -> FloatArray:
    """Return degrees of freedom, at most those of given replicate weights or of random groups that are left out."""
    plan, most = study.plan.uncertainty, np.inf
    if study.replicates is not None:
        most = study.replicates.df
    elif plan.method == "groups":
        strata = 1 if study.strata is None else len(np.unique(study.strata))
        most = max(plan.groups - strata, strata)
    return np.minimum(np.asarray(df, dtype=np.float64), most)


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
    if not _sums_suffice(study, resampling):
        return [
            _finished(study, resampling, quantities, _by_rows(study, resampling, values, quantities, m)) for m in masks
        ]
    found = _by_units(study, resampling, values, quantities, masks)
    whole = _finished(study, resampling, [*quantities] * len(masks), found)
    ends = range(0, len(quantities) * len(masks), len(quantities))
    return [Estimates(*(getattr(whole, f.name)[k : k + len(quantities)] for f in fields(Estimates))) for k in ends]


@dataclass(frozen=True, eq=False)
class _Raw:
    """What intervals are made from: replicates of q quantities, shape (1 + replicates, q), and arrays of shape (q,).

    `answers` counts the answers in all columns of a quantity, `stands` the members of the population they stand for.
    """

    averaged: FloatArray
    n: IntArray
    n_eff: FloatArray
    df: FloatArray
    deff: FloatArray
    linearised: FloatArray
    constant: BoolArray
    answers: FloatArray
    stands: FloatArray | None = None


def _finished(study: Study, resampling: Resampling, quantities: Sequence[Quantity], raw: _Raw) -> Estimates:
    """Return estimates with standard errors and intervals."""
    level, averaged, df, deff, error = study.plan.uncertainty.conf_level, raw.averaged, raw.df, raw.deff, raw.linearised
    point, n, n_eff, constant = averaged[0], raw.n, raw.n_eff, raw.constant & (raw.n > 1)
    known = (n > 1) & ~constant & (df > 0)
    se = np.where(known, resampling.std_error(averaged), np.nan)
    if study.replicates is not None:
        deff = deff * (se / np.where(error > 0, error, np.nan)) ** 2
    if study.fraction is not None:  # everybody was asked: nothing is left to chance, not even rounding
        se = np.where(known & (error == 0), 0.0, se)
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
    if study.fraction is not None:
        low, high = np.where(se == 0, point, low), np.where(se == 0, point, high)
    df = np.where(known, df, np.nan)
    return Estimates(point, se, low, high, df, n, n_eff, np.where(known, deff, np.nan), constant)


def _averaged(stack: FloatArray, quantities: Sequence[Quantity]) -> FloatArray:
    """Return the quantities of the sample and of every replicate from the means of the columns."""
    if all(len(q.columns) == 1 for q in quantities):
        single = [q.columns[0] for q in quantities]
        return stack if single == list(range(stack.shape[1])) else stack[:, single]
    return np.stack([stack[:, list(q.columns)].mean(axis=1) for q in quantities], axis=1)


def _sums_suffice(study: Study, resampling: Resampling) -> bool:
    """Tell whether sums by first-stage unit hold all: whole clusters are drawn again, from a large population."""
    if study.cluster is None or study.calibrated is not None or study.fraction is not None:
        return False
    return study.replicates is None and resampling.units is study.design.unit


def _by_rows(
    study: Study,
    resampling: Resampling,
    values: FloatArray,
    quantities: Sequence[Quantity],
    mask: BoolArray,
) -> _Raw:
    """Read the rows for the replicates, for the bases and for what is constant."""
    stack = mean_stack(resampling, values, rows=mask)
    n, n_eff, df, deff, linearised = _bases(study, values, quantities, mask, stack[0])
    seen = ~np.isnan(values[mask])
    answers, stands = np.array([seen[:, q.columns].sum() for q in quantities], dtype=np.float64), None
    if study.fraction is not None:
        each = 1 / np.where(study.fraction > 0, study.fraction, np.finfo(np.float64).eps)[mask]
        stands = np.array([each @ seen[:, q.columns].sum(axis=1) for q in quantities])
    constant = _constant(values[mask], quantities)
    return _Raw(_averaged(stack, quantities), n, n_eff, df, deff, linearised, constant, answers, stands)


def _by_units(
    study: Study,
    resampling: Resampling,
    values: FloatArray,
    quantities: Sequence[Quantity],
    masks: Sequence[BoolArray],
) -> _Raw:
    """Read the rows of every group once, for sums by first-stage unit; quantities of group after group."""
    unit, weights, design = study.design.unit, study.weights, study.design
    rows = [np.flatnonzero(mask) for mask in masks]
    sums = [domain_sums(values, weights, unit, index) for index in rows]
    averaged = [_averaged(s.replicate_means(resampling.multipliers(s.unit)), quantities) for s in sums]
    found = linearised(sums, design)
    first = [q.columns[0] for q in quantities]
    counts = np.stack([s.count for s in sums])
    n, answers = counts[:, first], counts[:, first].astype(np.float64)
    figures = np.stack([found.n_eff, found.df, found.deff, found.std_error])[..., first]
    several = [j for j, q in enumerate(quantities) if len(q.columns) > 1]
    if several:
        more = linearised(
            [_parts(study, values, [quantities[j] for j in several], *pair) for pair in zip(rows, sums, strict=True)],
            design,
        )
        n[:, several] = more.n
        answers[:, several] = np.stack([counts[:, list(quantities[j].columns)].sum(axis=1) for j in several], axis=1)
        figures[..., several] = np.stack([more.n_eff, more.df, more.deff, more.std_error])
    none = np.zeros(len(quantities), dtype=np.bool_)
    constant = [none if s.varies else _constant(values[k], quantities) for k, s in zip(rows, sums, strict=True)]
    n_eff, df, deff, error = figures.reshape(4, -1)
    return _Raw(
        np.concatenate(averaged, axis=1), n.ravel(), n_eff, df, deff, error, np.concatenate(constant), answers.ravel()
    )


def _parts(
    study: Study, values: FloatArray, quantities: Sequence[Quantity], rows: IntArray, sums: DomainSums
) -> DomainSums:
    """Return the sums of respondents' parts in quantities of several columns."""
    weights, everyone = study.weights[rows], np.ones(len(rows), dtype=np.bool_)
    parts = _contributions(weights, values[rows], quantities, everyone, sums.mean)
    return domain_sums(parts, weights, study.design.unit[rows], np.arange(len(rows)))


def _bases(
    study: Study, values: FloatArray, quantities: Sequence[Quantity], mask: BoolArray, mean: FloatArray
) -> tuple[npt.NDArray[np.int64], FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return n, Kish's n_eff, degrees of freedom, design effect and linearised standard error of every quantity."""
    seen = ~np.isnan(values[mask])
    by_column = seen.sum(axis=0)
    n = np.array([_count(seen, by_column, q.columns) for q in quantities], dtype=np.int64)
    if is_simple(study):
        size = np.where(n > 0, n, np.nan).astype(np.float64)
        return n, size, capped_df(study, size - 1), np.ones(len(n)), np.full(len(n), np.nan)
    parts = _contributions(study.weights, values, quantities, mask, mean)
    found = mean_with_se(parts, study.weights, study.layers, study.cluster, calibration=study.calibration)
    return n, found.n_eff, capped_df(study, found.df), found.deff, found.std_error


def _count(seen: BoolArray, by_column: npt.NDArray[np.int64], columns: tuple[int, ...]) -> int:
    return int(by_column[columns[0]] if len(columns) == 1 else seen[:, list(columns)].any(axis=1).sum())


def _contributions(
    weights: FloatArray, values: FloatArray, quantities: Sequence[Quantity], mask: BoolArray, mean: FloatArray
) -> FloatArray:
    """Return every respondent's part in every quantity, shape (n, q), NaN outside: what its mean is a mean of.

    For one column that is the answer; for the mean of several columns it is the estimate plus the influence.
    """
    seen = ~np.isnan(values) & mask[:, None]
    parts = np.where(seen, values, np.nan)[:, [q.columns[0] for q in quantities]]
    for j, quantity in enumerate(quantities):
        columns = list(quantity.columns)
        if len(columns) == 1:
            continue
        answered = seen[:, columns].any(axis=1)
        total = weights @ seen[:, columns]
        factor = weights[answered].sum() / np.where(total > 0, total, np.inf) / len(columns)
        influence = np.where(seen[:, columns], values[:, columns] - mean[columns], 0.0) @ factor
        parts[:, j] = np.where(answered, np.nan_to_num(mean[columns].mean()) + influence, np.nan)
    return parts


def _constant(block: FloatArray, quantities: Sequence[Quantity]) -> BoolArray:
    """Tell for every quantity whether all its columns have one value only; columns without answers do not count."""
    seen = ~np.isnan(block)
    low = np.where(seen, block, np.inf).min(axis=0, initial=np.inf)
    high = np.where(seen, block, -np.inf).max(axis=0, initial=-np.inf)
    empty, single = low > high, low == high
    return np.array(
        [all(single[c] or empty[c] for c in q.columns) and not all(empty[c] for c in q.columns) for q in quantities],
        dtype=np.bool_,
    )


def _share_base(study: Study, quantities: Sequence[Quantity], raw: _Raw, se: FloatArray) -> FloatArray:
    """Return the sample size that stands in a share's interval: at most its answers, more in a finite population."""
    share, answers = raw.averaged[0], raw.answers.copy()
    if raw.stands is not None:
        answers = answers / np.maximum(1 - answers / np.maximum(raw.stands, 1.0), np.finfo(np.float64).eps)
    answers *= [q.each for q in quantities]
    single = np.array([len(q.columns) == 1 and q.kind == "share" for q in quantities])
    worth = np.where(se > 0, share * (1 - share), np.nan) / np.where(se > 0, se, np.nan) ** 2
    size = np.minimum(np.where(np.isnan(worth), raw.n_eff, worth), answers)
    return np.where(single, raw.n_eff, size) if is_simple(study) else size
