"""Known groups: whether the group that must score higher on a construct does so, and by how much."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.degrees import is_simple
from satmeter.measurement.replicate_rows import replicate_row
from satmeter.measurement.validity_model import ValidityRow
from satmeter.moments import Resampling, mean_stack
from satmeter.numerics.group_difference import MeanDifference, cohens_d, mean_difference
from satmeter.study.model import Study
from satmeter.study.plan import KnownGroups

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_IN_GROUP = 10
"""A group with fewer scores is not compared."""


def known_group_rows(study: Study, resampling: Resampling) -> tuple[tuple[ValidityRow, ...], tuple[Note, ...]]:
    """Compare the pairs of groups that the plan names.

    Parameters
    ----------
    study, resampling
        The study and its replicates.

    Returns
    -------
    rows
        Statistic `known_groups`: Cohen's d of the scores, the group expected to be higher less the other, percentile
        interval; `df` and `p_value` are those of the difference of means (Welch, or design-based).
    notes
        For every pair whether the expected direction is supported (the interval lies above 0), contradicted (below) or
        undecided, or why the pair cannot be compared.
    """
    rows: list[ValidityRow] = []
    notes: list[Note] = []
    for wish in study.plan.validity.known_groups:
        row, note = _compare(study, resampling, wish)
        rows += [row] if row else []
        notes.append(note)
    return tuple(rows), tuple(notes)


def _compare(study: Study, resampling: Resampling, wish: KnownGroups) -> tuple[ValidityRow | None, Note]:
    scores = np.asarray(study.construct_scores[wish.construct], dtype=np.float64)
    answers = study.frame[wish.by]
    usable = ~np.isnan(scores) & (study.weights > 0)
    higher, lower = (
        np.asarray((answers == code).fillna(False), dtype=bool) & usable for code in (wish.higher, wish.lower)
    )
    words: dict[str, str | int | float] = {
        "construct": wish.construct,
        "higher": wish.higher,
        "lower": wish.lower,
    }
    smaller = min(int(higher.sum()), int(lower.sum()))
    if smaller < LEAST_IN_GROUP:
        return None, Note("M203", wish.by, words | {"n": smaller, "needed": LEAST_IN_GROUP})
    effect = _effect(resampling, scores, higher, lower)
    if np.isnan(effect[0]):
        return None, Note("M204", wish.by, words)
    test = _test(study, scores, higher, lower)
    key = ("known_groups", wish.construct, f"{wish.by}[{wish.higher}]>[{wish.lower}]")
    n = int(higher.sum() + lower.sum())
    row = replicate_row(study, resampling, key, effect, n, df=test.df, p_value=test.p_value)
    return row, _verdict(row, wish.by, words)


def _effect(resampling: Resampling, scores: FloatArray, higher: BoolArray, lower: BoolArray) -> FloatArray:
    """Return Cohen's d of the sample and of every replicate."""
    both = higher | lower
    centred = np.where(both, scores - scores[both].mean(), 0.0)
    columns = [part for group in (higher, lower) for part in (group, group * centred, group * centred**2)]
    means = mean_stack(resampling, np.stack(columns, axis=1).astype(np.float64), rows=both).reshape(-1, 2, 3)
    share = means[:, :, 0]
    present = np.where(share > 0, share, np.nan)
    mean = means[:, :, 1] / present
    variance = means[:, :, 2] / present - mean**2
    dust = 1e-12 * means[:1, :, 2].max()
    return cohens_d(mean, np.where(variance > dust, variance, 0.0), share, int(both.sum()))


def _test(study: Study, scores: FloatArray, higher: BoolArray, lower: BoolArray) -> MeanDifference:
    if is_simple(study):
        return mean_difference(scores, higher, lower)
    return mean_difference(
        scores, higher, lower, study.weights, study.layers, study.cluster, calibration=study.calibration
    )


def _verdict(row: ValidityRow, question: str, words: dict[str, str | int | float]) -> Note:
    told = words | {"d": row.estimate if row.estimate is not None else float("nan")}
    if row.conf_low is not None and row.conf_low > 0:
        return Note("M200", question, told)
    if row.conf_high is not None and row.conf_high < 0:
        return Note("M201", question, told)
    return Note("M202", question, told)
