"""Groups against each other, against all others, and constructs against targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.comparison_rows import ComparisonRow
from satmeter.measurement.estimates import Quantity, design_df, is_simple
from satmeter.measurement.plain import plain
from satmeter.measurement.scores import Measure, group_masks, published_measures
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.intervals import replicate_se, t_interval
from satmeter.numerics.multiplicity import benjamini_hochberg, holm
from satmeter.numerics.share_difference import shrunken_difference
from satmeter.numerics.tails import t_tail
from satmeter.study.model import Study
from satmeter.study.plan import Adjustment

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST = 10
"""Respondents that each side of a test needs."""

COMPARED = ("mean_score", "index", "top2", "nps")


@dataclass(frozen=True, eq=False)
class _Side:
    """One side of a comparison, by quantity: replicates of the estimate, spread, respondents, degrees of freedom."""

    stack: FloatArray
    variance: FloatArray
    n: npt.NDArray[np.int64]
    mask: BoolArray


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
        Groups too small to be tested.

    Notes
    -----
    The rest is everybody else who answered the grouping question, never the total, which holds the group itself. The
    standard error is that of the replicates of the difference, so it knows of weights, strata, clusters and
    calibration. Differences of shares are drawn towards zero, see `shrunken_difference`. Degrees of freedom: Welch's in
    a simple random sample; else units less strata of both sides, less 1. A side whose scores or balances are all equal
    says nothing about their spread: it is not tested.
    """
    wanted = study.plan.comparisons
    if wanted is None:
        return (), ()
    measures, values = published_measures(study)
    chosen = [m for m in measures if m.statistic in COMPARED]
    rows: list[ComparisonRow] = []
    notes: list[Note] = []
    for group_by in study.plan.groups:
        groups = group_masks(study, group_by)
        sides = {name: _side(study, resampling, values, chosen, mask) for name, mask in groups}
        if "rest" in wanted.against and len(groups) > 1:
            answered = np.any([mask for _, mask in groups], axis=0)
            rests = {n: _side(study, resampling, values, chosen, answered & ~mask) for n, mask in groups}
            tests = [(name, "", sides[name], rests[name]) for name, _ in groups]
            rows += _tested(study, chosen, group_by, "rest", tests, wanted.adjust)
        if "pairs" in wanted.against:
            pairs = [(a, b, sides[a], sides[b]) for a, b in combinations(sides, 2)]
            rows += _tested(study, chosen, group_by, "pair", pairs, wanted.adjust)
        for name, mask in groups:
            if int(mask.sum()) < LEAST:
                notes.append(Note("M240", f"{group_by}[{name}]", {"n": int(mask.sum()), "least": LEAST}))
    rows += _targets(study, resampling, values, chosen)
    return tuple(rows), tuple(notes)


def _side(study: Study, resampling: Resampling, values: FloatArray, measures: list[Measure], mask: BoolArray) -> _Side:
    used = mask & (study.weights > 0)
    stack = mean_stack(resampling, values, rows=used)
    weights = study.weights[used]
    seen = ~np.isnan(values[used])
    filled = np.where(seen, values[used] - np.nan_to_num(stack[0]), 0.0)
    total = weights @ seen
    count = seen.sum(axis=0)
    spread = (weights @ filled**2) / np.where(total > 0, total, np.nan) * count / np.where(count > 1, count - 1, np.nan)
    columns = [list(m.quantity.columns) for m in measures]
    return _Side(
        np.stack([stack[:, c].mean(axis=1) for c in columns], axis=1),
        np.array([spread[c].mean() for c in columns]),
        np.array([seen[:, c].any(axis=1).sum() for c in columns], dtype=np.int64),
        used,
    )


def _tested(
    study: Study,
    measures: list[Measure],
    group_by: str,
    method: str,
    pairs: list[tuple[str, str, _Side, _Side]],
    adjust: Adjustment,
) -> Iterator[ComparisonRow]:
    """Test one difference a pair and measure; p-values of a measure are adjusted over the pairs.

    Of two groups, one against the rest is the other one turned round: one test, nothing to adjust.
    """
    mirrored = method == "rest" and len(pairs) == 2
    by_pair = [_differences(study, measures, (group_by, a, b, method), one, other) for a, b, one, other in pairs]
    for rows in zip(*by_pair, strict=True):
        p = np.array([np.nan if row.p_value is None else row.p_value for row in rows])
        several = adjust if not mirrored else "none"
        adjusted = holm(p) if several == "holm" else benjamini_hochberg(p) if several == "bh" else p
        alpha = 1 - study.plan.uncertainty.conf_level
        for row, value in zip(rows, adjusted, strict=True):
            sure = bool(value < alpha)
            verdict = ("higher" if (row.estimate or 0) > 0 else "lower") if sure else "undecided"
            yield replace(row, p_adjusted=plain(value), verdict=verdict)


def _differences(
    study: Study, measures: list[Measure], about: tuple[str, str, str, str], one: _Side, other: _Side
) -> list[ComparisonRow]:
    group_by, group, against, method = about
    difference = one.stack - other.stack
    share = np.array([m.quantity.kind == "share" for m in measures])
    spread = (one.variance > 0) & (other.variance > 0)
    tested = (one.n >= LEAST) & (other.n >= LEAST) & (spread | share)
    se = replicate_se(difference[1:])
    centre, shrunk = shrunken_difference(one.stack[0], other.stack[0], one.n, other.n, se)
    centre, se = np.where(share, centre, difference[0]), np.where(share, shrunk, se)
    df = _degrees(study, one, other)
    se = np.where(tested & (se > 0) & (df > 0), se, np.nan)
    low, high = t_interval(centre, se, df, study.plan.uncertainty.conf_level)
    low, high = np.where(share, np.maximum(low, -1), low), np.where(share, np.minimum(high, 1), high)
    t = centre / se
    p = t_tail(t, df)
    return [
        ComparisonRow(
            measure.name,
            measure.statistic,
            group_by,
            group,
            against,
            method,
            plain(difference[0, j]),
            plain(se[j]),
            plain(low[j]),
            plain(high[j]),
            plain(t[j]),
            plain(df[j]) if np.isfinite(se[j]) else None,
            plain(p[j]),
            None,
            plain(_effect(measure.quantity, one, other, j)),
            int(one.n[j]),
            int(other.n[j]),
            "undecided",
        )
        for j, measure in enumerate(measures)
    ]


def _degrees(study: Study, one: _Side, other: _Side) -> FloatArray:
    if not is_simple(study):
        return np.full(len(one.n), design_df(study, one.mask | other.mask) - 1)
    parts = [np.where(s.n > 1, s.variance / np.maximum(s.n, 1), np.nan) for s in (one, other)]
    below = sum(part**2 / np.maximum(s.n - 1, 1) for part, s in zip(parts, (one, other), strict=True))
    return np.asarray((parts[0] + parts[1]) ** 2 / np.where(below > 0, below, np.nan), dtype=np.float64)


def _effect(quantity: Quantity, one: _Side, other: _Side, j: int) -> float:
    """Return Cohen's h for a share, else d with the pooled standard deviation."""
    a, b = float(one.stack[0, j]), float(other.stack[0, j])
    if quantity.kind == "share":
        return float(2 * np.arcsin(np.sqrt(np.clip(a, 0, 1))) - 2 * np.arcsin(np.sqrt(np.clip(b, 0, 1))))
    n, m = int(one.n[j]), int(other.n[j])
    if n + m < 3:
        return float("nan")
    pooled = ((n - 1) * np.nan_to_num(one.variance[j]) + (m - 1) * np.nan_to_num(other.variance[j])) / (n + m - 2)
    return float((a - b) / np.sqrt(pooled)) if pooled > 0 else float("nan")


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
        side = _side(study, resampling, values, aimed, mask)
        se = replicate_se(side.stack[1:])
        df = np.full(len(aimed), design_df(study, side.mask)) if not is_simple(study) else side.n - 1.0
        se = np.where((side.n >= LEAST) & (se > 0) & (df > 0), se, np.nan)
        for j, measure in enumerate(aimed):
            gap = float(side.stack[0, j]) - targets[measure.name]
            low, high = (float(x) for x in t_interval(gap, se[j], df[j], study.plan.uncertainty.conf_level))
            t = gap / float(se[j])
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
