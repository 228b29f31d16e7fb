"""What was changed between two waves, and which series of figures that breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from satmeter.measurement.wave_rows import WaveChangeRow
from satmeter.questionnaire.diff import compare_questionnaires
from satmeter.questionnaire.diff_model import Change
from satmeter.questionnaire.diff_words import sentence_of
from satmeter.study.model import Study
from satmeter.study.plan import Plan
from satmeter.study.wave_plan import EVERYTHING, WavePlan

LANGUAGES = ("en", "zh-CN")
AVERAGED = ("mean_score", "index")
"""Statistics that are formed under the rule for missing items."""

_WORDS = {
    "mode": ("another way of asking: {before} → {after}", "调查方式改变：{before} → {after}"),
    "weighting": ("weighted in another way: {before} → {after}", "加权方式改变：{before} → {after}"),
    "missing_rule": ("another rule for missing items: {before} → {after}", "缺失题项处理规则改变：{before} → {after}"),
    "missing_item": ("item {about} has answers in one of the waves only", "题项 {about} 仅在其中一期有答案"),
}


@dataclass(frozen=True, eq=False)
class Breaks:
    """Which series do not go on from one wave to another, and why.

    Attributes
    ----------
    whole
        Reasons that concern every series.
    averaged
        Reasons that concern mean scores of several items.
    measures
        Item or construct to its reasons.
    groups
        Pairs of a question and an option's code (empty: all of them) that mean something else.
    changes
        Everything that was changed, harmless things too.
    """

    whole: tuple[str, ...] = ()
    averaged: tuple[str, ...] = ()
    measures: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: frozenset[tuple[str, str]] = frozenset()
    changes: tuple[WaveChangeRow, ...] = ()

    def of(self, measure: str, statistic: str, group_by: str, group: str, several: bool) -> tuple[str, ...]:
        """Return the reasons why one figure is not comparable; `several` items make it."""
        moved = group_by and ((group_by, "") in self.groups or (group_by, group) in self.groups)
        reasons = (
            *self.measures.get(measure, ()),
            *(("group",) if moved else ()),
            *self.whole,
            *(self.averaged if several and statistic in AVERAGED else ()),
        )
        return tuple(dict.fromkeys(reasons))


def find_breaks(
    later: Study, earlier: Study, wave: str, against: str, plan: WavePlan, order: tuple[str, ...]
) -> Breaks:
    """Compare two waves: questionnaires, way of asking, weighting, missing rule, items with answers, stated breaks.

    Parameters
    ----------
    later, earlier
        The waves.
    wave, against
        Their labels.
    plan
        Of the study: modes and stated breaks.
    order
        All labels, oldest first: a stated break lies between two waves that stand on either side of it.
    """
    diff = compare_questionnaires(earlier.questionnaire, later.questionnaire)
    measures = {name: list(reasons) for name, reasons in diff.broken().items()}
    rows = [_row(wave, against, c.kind, c.about[1], c.breaks, _sentences(c)) for c in diff.changes]
    for item in sorted(answered_items(later) ^ answered_items(earlier)):
        if item in later.questionnaire.items and item in earlier.questionnaire.items:
            for name in (item, later.questionnaire.items[item].construct):
                measures.setdefault(name, []).append("missing_item")
            rows.append(_row(wave, against, "missing_item", item, True, _texts("missing_item", about=item)))
    whole: list[str] = []
    before, after = plan.mode.get(against, ""), plan.mode.get(wave, "")
    if before and after and before != after:
        whole.append("mode")
        rows.append(_row(wave, against, "mode", "", True, _texts("mode", before=before, after=after)))
    rules = [(weighting_rule(study), missing_rule(study.plan)) for study in (earlier, later)]
    if rules[0][0] != rules[1][0]:
        whole.append("weighting")
        text = _texts("weighting", before=rules[0][0], after=rules[1][0])
        rows.append(_row(wave, against, "weighting", "", True, text))
    averaged = rules[0][1] != rules[1][1]
    if averaged:
        text = _texts("missing_rule", before=rules[0][1], after=rules[1][1])
        rows.append(_row(wave, against, "missing_rule", "", True, text))
    for name, label, reason in _stated(plan, wave, against, order):
        about = "" if name == EVERYTHING else name
        rows.append(_row(wave, against, "stated", about, True, dict.fromkeys(LANGUAGES, f"{label}: {reason}")))
        if not about:
            whole.append("stated")
        for touched in _touched(name, later):
            measures.setdefault(touched, []).append("stated")
    return Breaks(
        tuple(dict.fromkeys(whole)),
        ("missing_rule",) if averaged else (),
        {name: tuple(dict.fromkeys(reasons)) for name, reasons in measures.items()},
        diff.broken_groups(),
        tuple(rows),
    )


def weighting_rule(study: Study) -> str:
    """Return how a study is weighted, without the numbers that are new in every wave."""
    plan = study.plan
    parts = [] if plan.design.base is None else ["weight"]
    if plan.nonresponse is not None:
        parts.append(f"nonresponse {'+'.join(sorted(plan.nonresponse.by))}")
    if plan.weighting is not None:
        limits = [f"{key} {low:g}\N{EN DASH}{high:g}" for key, (low, high) in _limits(plan)]
        margins = sorted("*".join(sorted(margin.parts)) for margin in plan.weighting.margins)
        parts.append(" ".join([plan.weighting.distance, "+".join(margins), *limits]))
    return ", ".join(parts) or "\N{EN DASH}"


def missing_rule(plan: Plan) -> str:
    """Return the rule for missing items as text."""
    rule = plan.missing
    return rule.items if rule.items == "complete" else f"{rule.items} {rule.min_answered:g}"


def _limits(plan: Plan) -> Iterator[tuple[str, tuple[float, float]]]:
    for key in ("bounds", "trim"):
        pair = getattr(plan.weighting, key)
        if pair is not None:
            yield key, pair


def answered_items(study: Study) -> set[str]:
    """Return the items that anybody answered."""
    items = list(study.questionnaire.items)
    given = ~np.isnan(np.asarray(study.frame[items], dtype=np.float64))
    return {items[place] for place in np.flatnonzero(given.any(axis=0))}


def _stated(plan: WavePlan, wave: str, against: str, order: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Return name, label and reason of the stated breaks that lie between two waves."""
    between = order[order.index(against) + 1 : order.index(wave) + 1]
    for name, reasons in plan.breaks.items():
        for label in between:
            if label in reasons:
                yield name, label, reasons[label]


def _touched(name: str, study: Study) -> Iterable[str]:
    """Return whose series a stated break ends: of a construct its items too, of an item its construct too."""
    questionnaire = study.questionnaire
    if name in questionnaire.constructs:
        return (name, *questionnaire.constructs[name].items)
    return (name, questionnaire.items[name].construct) if name in questionnaire.items else ()


def _row(wave: str, against: str, reason: str, about: str, breaks: bool, text: dict[str, str]) -> WaveChangeRow:
    return WaveChangeRow(wave, against, reason, about, breaks, text)


def _sentences(change: Change) -> dict[str, str]:
    return {language: sentence_of(change, language) for language in LANGUAGES}


def _texts(key: str, *, about: str = "", before: str = "", after: str = "") -> dict[str, str]:
    pairs = zip(LANGUAGES, _WORDS[key], strict=True)
    return {language: text.format(about=about, before=before, after=after) for language, text in pairs}
