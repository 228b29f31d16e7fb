"""The key ``case_mix`` of a study file: units whose scores are adjusted for who their respondents are."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, Field, listed, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.check_plan import line_of
from satmeter.study.composed_scores import CaseMix
from satmeter.study.plan import Plan

_KEYS = {
    "units": Field("strings", required=True),
    "adjusters": Field("strings", required=True),
    "measures": Field("strings"),
}
_ADJUSTERS = ("choice", "number")


def read_case_mix(node: Node | None, collector: Collector) -> CaseMix | None:
    """Read ``case_mix``; the problems of `read_fields` go to the collector."""
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _KEYS, collector, about=("key", "case_mix"))
    units, adjusters, measures = (
        tuple(dict.fromkeys(item.text.strip() for item in fields.strings(key))) for key in _KEYS
    )
    return CaseMix(units, adjusters, measures) if units and adjusters else None


def check_case_mix(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    """Hold the key against the questionnaire.

    Parameters
    ----------
    plan
        As read so far.
    questionnaire
        The one that the plan names.
    root
        The study file's tree, for the lines.
    collector
        Takes S062 for units that are not among `groups`, S091 for adjusters that are neither choice nor number
        questions or are the units themselves, S030 for measures that are no constructs.
    """
    if plan.case_mix is None:
        return
    questions = questionnaire.questions.values()
    usable = [q.id for q in questions if q.type in _ADJUSTERS and q.id not in plan.case_mix.units]
    wanted: tuple[tuple[str, str, Sequence[str], Sequence[str]], ...] = (
        ("S062", "units", plan.case_mix.units, plan.groups),
        ("S091", "adjusters", plan.case_mix.adjusters, usable),
        ("S030", "measures", plan.case_mix.measures, tuple(questionnaire.constructs)),
    )
    for code, key, names, allowed in wanted:
        for name in names:
            if name not in allowed:
                collector.error(
                    code,
                    line_of(root, "case_mix", key, item=name),
                    about=("key", f"case_mix.{key}"),
                    got=quoted(name),
                    suggestion=collector.nearest(name, allowed),
                    params={"choices": listed(allowed) or "–"},
                )
