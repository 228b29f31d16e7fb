"""Groups against each other, against all others, and constructs against targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.base_rule import base_notes
from satmeter.measurement.comparison_rows import ComparisonRow
from satmeter.measurement.degrees import capped_df, is_census, is_simple
from satmeter.measurement.differences import Side, difference_of, judged, side_of, welch_df
from satmeter.measurement.plain import plain
from satmeter.measurement.reach import reached_df
from satmeter.measurement.scores import Measure, group_masks, published_measures
from satmeter.moments import Resampling
from satmeter.numerics.intervals import t_interval
from satmeter.numerics.tails import t_tail
from satmeter.study.model import Study
from satmeter.study.plan import Adjustment

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_ROUNDING = 1e-9
"""Points by which a mean of all that there are may miss a target that it meets."""

COMPARED = ("mean_score", "index", "top1", "top2", "top3", "csat", "ces_mean", "ces_share", "ces_net", "nps")


def compare(study: Study, resampling: Resampling) -> tuple[tuple[ComparisonRow, ...], tuple[Note, ...]]:
    """Carry out the comparisons that the plan asks for.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    rows
        For every grouping of the plan and every mean score, index, top-two share and NPS; then targets, overall and by
        group. Nothing without ``comparisons`` in the plan.
    notes
        Groups too small to be tested, and those on a low base.

    Notes
    -----
    The rest is everybody else who answered the grouping question, never the total, which holds the group itself. The
    standard error is that of the replicates of the difference, so it knows of weights, strata, clusters and
    calibration. Differences of shares are drawn towards zero, see `shrunken_difference`. Degrees of freedom: Welch's in
    a simple random sample; else units less strata of both sides, less 1. A side whose scores or balances are all equal
    says nothing about their spread: it is not tested. Where everybody was asked, a target is met or not, and
    a difference there (p = 0) or not (p = 1), with no test.
    """
    wanted = study.plan.comparisons
    if wanted is None:
        return (), ()
    resampling = resampling.for_scores
    measures, values = published_measures(study)
    chosen = [m for m in measures if m.statistic in COMPARED]
    quantities = [m.quantity for m in chosen]
    rows: list[ComparisonRow] = []
    notes: list[Note] = []
    for group_by in study.plan.groups:
        groups = group_masks(study, group_by)
        sides = {name: side_of(study, resampling, values, quantities, mask) for name, mask in groups}
        if "rest" in wanted.against and len(groups) > 1:
            answered = np.any([mask for _, mask in groups], axis=0)
            rests = {n: side_of(study, resampling, values, quantities, answered & ~mask) for n, mask in groups}
            tests = [(name, "", sides[name], rests[name]) for name, _ in groups]
            rows += _tested(study, resampling, chosen, group_by, "rest", tests, wanted.adjust)
        if "pairs" in wanted.against:
            pairs = [(a, b, sides[a], sides[b]) for a, b in combinations(sides, 2)]
            rows += _tested(study, resampling, chosen, group_by, "pair", pairs, wanted.adjust)
        notes += base_notes(study, group_by, groups, code="M240")
    rows += _targets(study, resampling, values, chosen)
    return tuple(rows), tuple(notes)


def _tested(
    study: Study,
    resampling: Resampling,
    measures: list[Measure],
    group_by: str,
    method: str,
    pairs: list[tuple[str, str, Side, Side]],
    adjust: Adjustment,
) -> Iterator[ComparisonRow]:
    """Test one difference a pair and measure; p-values of a measure are adjusted over the pairs.

    Of two groups, one against the rest is the other one turned round: one test, nothing to adjust.
    """
    mirrored = method == "rest" and len(pairs) == 2
    by_pair = [
        _differences(study, resampling, measures, (group_by, a, b, method), one, other) for a, b, one, other in pairs
    ]
    for rows in zip(*by_pair, strict=True):
        found = judged(
            [row.p_value for row in rows],
            [row.estimate for row in rows],
            "none" if mirrored else adjust,
            study.plan.uncertainty.conf_level,
        )
        for row, (value, verdict) in zip(rows, found, strict=True):
            yield replace(row, p_adjusted=value, verdict=verdict)


def _differences(
    study: Study,
    resampling: Resampling,
    measures: list[Measure],
    about: tuple[str, str, str, str],
    one: Side,
    other: Side,
) -> list[ComparisonRow]:
    group_by, group, against, method = about
    se = resampling.std_error(one.stack - other.stack)
    quantities = [m.quantity for m in measures]
    found = difference_of(quantities, one, other, se, _degrees(study, one, other), study.plan.uncertainty.conf_level)
    if all(is_census(study, np.zeros((study.n, 1)), side.mask) for side in (one, other)):
        certain = np.where(one.enough & other.enough, found.estimate, np.nan)
        certain = np.where(np.abs(certain) < _ROUNDING, 0.0, certain)
        none, p = np.full(len(measures), np.nan), np.where(np.isnan(certain), np.nan, certain == 0)
        found = replace(found, std_error=certain * 0.0, conf_low=certain, conf_high=certain, t=none, df=none, p_value=p)
        found = replace(found, estimate=np.where(np.isnan(certain), found.estimate, certain))
    return [
        ComparisonRow(
            measure.name,
            measure.statistic,
            group_by,
            group,
            against,
            method,
            plain(found.estimate[j]),
            plain(found.std_error[j]),
            plain(found.conf_low[j]),
            plain(found.conf_high[j]),
            plain(found.t[j]),
            plain(found.df[j]),
            plain(found.p_value[j]),
            None,
            plain(found.effect_size[j]),
            int(one.n[j]),
            int(other.n[j]),
            "undecided",
        )
        for j, measure in enumerate(measures)
    ]


def _degrees(study: Study, one: Side, other: Side) -> FloatArray:
    if not is_simple(study):
        return reached_df(study, one.reach.joined(other.reach)) - 1
    return capped_df(study, welch_df(one, other))


def _targets(
    study: Study, resampling: Resampling, values: FloatArray, measures: list[Measure]
) -> Iterator[ComparisonRow]:
    targets = study.plan.comparisons.targets if study.plan.comparisons else {}
    aimed = [m for m in measures if m.statistic == "mean_score" and m.name in targets]
    if not aimed:
        return
    everybody = [("", "", np.ones(study.n, dtype=np.bool_))]
    groups = [(by, name, mask) for by in study.plan.groups for name, mask in group_masks(study, by)]
    for group_by, group, mask in everybody + groups:
        side = side_of(study, resampling, values, [m.quantity for m in aimed], mask)
        se = resampling.std_error(side.stack)
        df = reached_df(study, side.reach)
        se = np.where(side.enough & (side.variance > 0) & (se > 0) & (df > 0), se, np.nan)
        for j, measure in enumerate(aimed):
            gap = float(side.stack[0, j]) - targets[measure.name]
            low, high = (float(x) for x in t_interval(gap, se[j], df[j], study.plan.uncertainty.conf_level))
            if side.enough[j] and is_census(study, values[:, list(measure.quantity.columns)], side.mask):
                gap = 0.0 if abs(gap) < _ROUNDING else gap
                se[j], df[j], low, high = 0.0, np.nan, gap, gap
            t = gap / float(se[j]) if se[j] > 0 else np.nan
            cost = study.questionnaire.constructs[measure.name].role == "cost"
            good, bad = (high <= 0, low > 0) if cost else (low >= 0, high < 0)
            verdict = "met" if good else "not_met" if bad else "undecided"
            yield ComparisonRow(
                measure.name,
                measure.statistic,
                group_by,
                group,
                f"{targets[measure.name]:g}",
                "target",
                plain(gap),
                plain(se[j]),
                plain(low),
                plain(high),
                plain(t),
                plain(df[j]) if np.isfinite(t) else None,
                plain(float(t_tail(t, df[j]))),
                None,
                None,
                int(side.n[j]),
                None,
                verdict,
            )
