"""Differential item functioning over the groups of a study: items that the same attitude answers differently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from satmeter.errors import Note
from satmeter.measurement.degrees import is_simple
from satmeter.measurement.plain import plain
from satmeter.measurement.validity_model import DifRow
from satmeter.numerics.differential_items import KINDS, MODERATE, ItemTests, item_tests, size_class
from satmeter.numerics.matching import rest_matching
from satmeter.numerics.multiplicity import holm
from satmeter.questionnaire.model import Construct
from satmeter.study.model import Study
from satmeter.study.scores import rescaled

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

LEAST_IN_GROUP = 50
"""Groups with fewer complete respondents are left out."""

LEAST_ITEMS = 3
"""An item is matched on at least two others."""

LEVEL = 0.05
"""Adjusted p below which an item is flagged."""

_OUTSIDE = -1

MOST_POINTS = 21
"""Different ratings of an item above which they are not taken as ordered categories."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One construct by one question.

    Attributes
    ----------
    items
        Items that are tested.
    values
        shape (n, p), on 0–100.
    member
        shape (n,), group of every respondent who is compared, −1 for the others.
    """

    question: str
    construct: str
    items: list[str]
    values: FloatArray
    member: IntArray


@dataclass(frozen=True, slots=True)
class _Left:
    """What was left out, by question.

    Groups too small, items nobody in a group rated, items without estimates, items without others to be matched on,
    items taken out of the matching, items of too many points.
    """

    groups: list[str]
    items: list[str]
    failed: list[str]
    unmatched: list[str]
    cleaned: list[str]
    fine: list[str]


def differential_rows(study: Study) -> tuple[tuple[DifRow, ...], tuple[Note, ...]]:
    """Test every item of the reflective constructs of at least three items over every question of the plan's groups.

    Parameters
    ----------
    study
        The study; weights, strata and clusters enter the tests.

    Returns
    -------
    rows
        Three rows an item: `total`, `uniform`, `nonuniform`. `p_adjusted` after Holm over the items of the construct.
    notes
        For every question: groups, items and models that were left out, and items that were taken out of the matching.

    Notes
    -----
    Matched on the true score behind the other items (``numerics.matching``). Where items are flagged, those
    with the largest effects are taken out of the matching, at most half of the items and so that three stay, and all
    items are tested again, once. Constructs of three items are matched on all the others.
    """
    rows: list[DifRow] = []
    notes: list[Note] = []
    constructs = [
        c for c in study.questionnaire.constructs.values() if c.mode == "reflective" and len(c.items) >= LEAST_ITEMS
    ]
    for question in study.groups:
        left, found = _Left([], [], [], [], [], []), []
        for construct in constructs:
            task = _task(study, question, construct, left)
            if task is not None:
                found += _tested(study, task, left)
        rows += found
        notes += _notes(question, left, bool(found))
    return tuple(rows), tuple(notes)


def _task(study: Study, question: str, construct: Construct, left: _Left) -> _Task | None:
    """Return who and what is compared; groups that are too small and items that a group did not rate are left out."""
    answers = study.groups[question]
    codes = sorted(answers.dropna().unique(), key=str)
    masks = {str(c): np.asarray((answers == c).fillna(False), dtype=bool) & (study.weights > 0) for c in codes}
    values = {
        i: rescaled(np.asarray(study.frame[i], dtype=np.float64), study.questionnaire, i) for i in construct.items
    }
    large = {code: mask for code, mask in masks.items() if mask.sum() >= LEAST_IN_GROUP}
    fine = [i for i in construct.items if len(np.unique(values[i][~np.isnan(values[i])])) > MOST_POINTS]
    left.fine.extend(fine)
    rated = [i for i in construct.items if i not in fine and not np.isnan(values[i]).all()]
    items = [i for i in rated if all((~np.isnan(values[i][mask])).sum() >= LEAST_IN_GROUP for mask in large.values())]
    left.items.extend(i for i in rated if i not in items)
    if len(items) < LEAST_ITEMS:
        return None
    table = np.stack([values[i] for i in items], axis=1)
    complete = ~np.isnan(table).any(axis=1)
    member = np.full(study.n, _OUTSIDE, dtype=np.int64)
    kept = [code for code, mask in masks.items() if (mask & complete).sum() >= LEAST_IN_GROUP]
    left.groups.extend(code for code in masks if code not in kept and code not in left.groups)
    if len(kept) < 2:
        return None
    for number, code in enumerate(kept):
        member[masks[code] & complete] = number
    return _Task(question, construct.id, items, table, member)


def _tested(study: Study, task: _Task, left: _Left) -> list[DifRow]:
    p = len(task.items)
    first, matched = _tests(study, task, np.ones(p, dtype=np.bool_))
    flagged = _flagged(first)
    most = min(p - LEAST_ITEMS, p // 2)
    out = [j for j in np.argsort(-first.r2_change[:, 0], kind="stable") if flagged[j]][:most]
    found = first
    if out:
        anchors = np.ones(p, dtype=np.bool_)
        anchors[out] = False
        found, matched = _tests(study, task, anchors)
        left.cleaned.extend(task.items[j] for j in sorted(out))
    for item, p_value, reliability in zip(task.items, found.p_value[:, 0], matched, strict=True):
        if np.isnan(p_value):
            (left.failed if reliability > 0 else left.unmatched).append(item)
    adjusted = np.stack([holm(column) for column in found.p_value.T], axis=1)
    return [
        DifRow(
            group_by=task.question,
            construct=task.construct,
            item=item,
            kind=kind,
            statistic=plain(found.statistic[j, k]),
            df=int(found.df[k]),
            p_value=plain(found.p_value[j, k]),
            p_adjusted=plain(adjusted[j, k]),
            effect=plain(found.r2_change[j, k]),
            size=size_class(found.r2_change[j, k]),
            n=found.n,
        )
        for j, item in enumerate(task.items)
        for k, kind in enumerate(KINDS)
        if not np.isnan(found.p_value[j, 0])
    ]


def _flagged(found: ItemTests) -> BoolArray:
    return np.asarray(holm(found.p_value[:, 0]) < LEVEL, dtype=np.bool_)


def _tests(study: Study, task: _Task, anchors: BoolArray) -> tuple[ItemTests, FloatArray]:
    """Test all items; respondents outside the comparison stay in the design with weight 0.

    Beside the tests the reliability of what every item is matched on.
    """
    inside = task.member != _OUTSIDE
    if is_simple(study):
        values, member = task.values[inside], task.member[inside]
        matching = rest_matching(values, member, anchors=anchors)
        return item_tests(values, matching.score, member, pull=matching.pull), matching.reliability
    weights = np.where(inside, study.weights, 0.0)
    member = np.where(inside, task.member, 0)
    values = np.where(inside[:, None], task.values, 0.0)
    matching = rest_matching(values, member, weights=weights, anchors=anchors)
    found = item_tests(
        values,
        matching.score,
        member,
        pull=matching.pull,
        weights=weights,
        strata=study.layers,
        cluster=study.cluster,
    )
    return found, matching.reliability


def flagged_items(rows: tuple[DifRow, ...]) -> tuple[DifRow, ...]:
    """Return the rows of items that function differently and not negligibly, the largest effect of every item.

    Parameters
    ----------
    rows
        From `differential_rows`.

    Returns
    -------
    tuple of DifRow
        Of kind `total`: adjusted p below .05 and R² growing by at least .035.

    Examples
    --------
    >>> flagged_items(())
    ()
    """
    largest: dict[str, DifRow] = {}
    for row in rows:
        if row.kind != "total" or row.p_adjusted is None or row.p_adjusted >= LEVEL:
            continue
        effect = row.effect if row.effect is not None else 0.0
        before = largest.get(row.item)
        if effect >= MODERATE and (before is None or effect > (before.effect or 0.0)):
            largest[row.item] = row
    return tuple(largest.values())


def _notes(question: str, left: _Left, found: bool) -> list[Note]:
    fine = [Note("M229", question, {"items": ", ".join(left.fine), "points": MOST_POINTS})] if left.fine else []
    if not found:
        return fine or [Note("M225", question, {"needed": LEAST_IN_GROUP})]
    notes = fine
    if left.groups:
        notes.append(Note("M224", question, {"groups": ", ".join(left.groups), "needed": LEAST_IN_GROUP}))
    for code, items in (("M226", left.items), ("M227", left.failed), ("M235", left.unmatched), ("M228", left.cleaned)):
        if items:
            notes.append(Note(code, question, {"items": ", ".join(items), "needed": LEAST_IN_GROUP}))
    return notes
