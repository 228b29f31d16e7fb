"""A plan held against its questionnaire and against what this version can do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from satmeter.builtin import builtin_names
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, listed, nearest
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.responses.model import PARADATA
from satmeter.study.check_weighting import check_weighting
from satmeter.study.plan import Plan

FORMATS = ("html", "md", "xlsx", "docx", "pptx", "pdf")  # those of satmeter.report.formats (tested)
_PREDICTORS = ("choice", "number")
_GROUPS = ("choice",)


def check_plan(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    """Record everything that a plan names and the questionnaire does not have, or has in another kind.

    Parameters
    ----------
    plan
        As read so far.
    questionnaire
        The one that the plan names.
    root
        The study file's tree, for the lines.
    collector
        Takes the problems S003 to S008, S011 to S013, S015, S016, S051 and R017.
    """
    _check_columns(plan, questionnaire, root, collector)
    _check_groups(plan, questionnaire, root, collector)
    _check_model(plan, questionnaire, root, collector)
    _check_drivers(plan, questionnaire, root, collector)
    _check_reports(plan, questionnaire, root, collector)
    check_weighting(plan, questionnaire, collector)


def line_of(root: Node, *keys: str, item: str = "") -> int:
    """Return the line of a key down the tree, or of a list's entry below it."""
    node, line = root, root.line
    for key in keys:
        entry = next((entry for entry in node.entries if entry.key == key), None)
        if entry is None:
            return line
        node, line = entry.value, entry.line
    return next((value.line for value in node.items if value.text.strip() == item), line)


def _check_columns(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    targets = (*questionnaire.variables, *PARADATA)
    for source, target in plan.columns.items():
        if target not in targets:
            line = line_of(root, "columns", source)
            near = nearest(target, targets)
            collector.error(
                "R017", line, about=("key", "columns"), got=quoted(target), suggestion=near, params={"source": source}
            )


def _check_groups(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    choices = [q.id for q in questionnaire.questions.values() if q.type in _GROUPS]
    for name in plan.groups:
        if name not in choices:
            line = line_of(root, "groups", item=name)
            params = {"choices": listed(choices) or "–"}
            collector.error(
                "S003",
                line,
                about=("key", "groups"),
                got=quoted(name),
                suggestion=nearest(name, choices),
                params=params,
            )


def _check_model(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    questions = [q.id for q in questionnaire.questions.values() if q.type in _PREDICTORS]
    predictors = [*questionnaire.constructs, *questions]
    for outcome, names in plan.model.items():
        line = line_of(root, "model", outcome)
        about = ("model", outcome)
        if outcome not in questionnaire.constructs:
            params = {"choices": listed(questionnaire.constructs)}
            near = nearest(outcome, questionnaire.constructs)
            collector.error("S004", line, about=about, got=quoted(outcome), suggestion=near, params=params)
        for name in names:
            at = line_of(root, "model", outcome, item=name)
            if name not in predictors:
                near = nearest(name, predictors)
                params = {"choices": listed(predictors)}
                collector.error("S005", at, about=about, got=quoted(name), suggestion=near, params=params)
            elif names.count(name) > 1:
                collector.error("S016", at, about=about, got=quoted(name))
                break
    circle = circle_of(plan.model)
    if circle:
        params = {"circle": " → ".join(circle)}
        collector.error("S006", line_of(root, "model", circle[0]), about=("model", circle[0]), params=params)


def circle_of(model: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first circle of a model as a walk that ends where it began, or nothing."""
    for start in model:
        walks: list[tuple[str, ...]] = [(start, name) for name in model[start]]
        seen: set[str] = set()
        while walks:
            walk = walks.pop()
            if walk[-1] == start:
                return walk
            if walk[-1] not in seen:
                seen.add(walk[-1])
                walks += [(*walk, name) for name in model.get(walk[-1], ())]
    return ()


def _check_drivers(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    model = plan.model or questionnaire.model
    about = ("key", "drivers")
    for name in plan.outcomes:
        if name not in model:
            line = line_of(root, "drivers", "outcome", item=name)
            params = {"choices": listed(model) or "–"}
            collector.error("S007", line, about=about, got=quoted(name), suggestion=nearest(name, model), params=params)
    questions = [q.id for q in questionnaire.questions.values() if q.type in _PREDICTORS]
    drivers = {name for outcome, names in model.items() for name in names if outcome in (plan.outcomes or model)}
    for name in plan.controls:
        line = line_of(root, "drivers", "controls", item=name)
        if name not in questions:
            params = {"choices": listed(questions) or "–"}
            near = nearest(name, questions)
            collector.error("S008", line, about=about, got=quoted(name), suggestion=near, params=params)
        elif name in drivers:
            collector.error("S015", line, about=about, got=quoted(name))


def _check_reports(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    line = line_of(root, "reports")
    about = ("key", "reports")
    templates = builtin_names("reports")
    for wish in plan.reports:
        wrong: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
            ("S012", () if _is_own(wish.template) else (wish.template,), templates),
            ("S011", wish.languages, questionnaire.languages),
            ("S013", wish.formats, FORMATS),
        ]
        for code, names, allowed in wrong:
            for name in names:
                if name not in allowed:
                    params = {"choices": listed(allowed)}
                    near = nearest(name, allowed)
                    collector.error(code, line, about=about, got=quoted(name), suggestion=near, params=params)


def _is_own(template: str) -> bool:
    """Tell whether a template is a folder of the user's; the study file has already been taken as its place."""
    return Path(template).is_absolute() and (Path(template) / "template.toml").is_file()
