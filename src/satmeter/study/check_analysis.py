"""What a plan names for validity, drivers and paths, held against its questionnaire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, listed, nearest
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.check_plan import circle_of, line_of
from satmeter.study.driver_keys import UNDETERMINED
from satmeter.study.plan import Plan


@dataclass(frozen=True, slots=True)
class _Checker:
    questionnaire: Questionnaire
    root: Node
    collector: Collector

    def one_of(self, code: str, name: str, allowed: Iterable[str], *keys: str) -> bool:
        """Record `code` unless the name is allowed; the keys lead to the line."""
        choices = tuple(allowed)
        if name in choices:
            return True
        self.collector.error(
            code,
            line_of(self.root, *keys, item=name),
            about=("key", ".".join(keys[:2])),
            got=quoted(name),
            suggestion=nearest(name, choices),
            params={"choices": listed(choices) or "–"},
        )
        return False

    @property
    def choice_questions(self) -> tuple[str, ...]:
        return tuple(q.id for q in self.questionnaire.questions.values() if q.type == "choice")

    @property
    def number_questions(self) -> tuple[str, ...]:
        return tuple(q.id for q in self.questionnaire.questions.values() if q.type == "number")


def check_analysis(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    """Record every name that the questionnaire does not have, or has in another kind.

    Parameters
    ----------
    plan
        As read so far.
    questionnaire
        The one that the plan names.
    root
        The study file's tree, for the lines.
    collector
        Takes the problems S003, S006, S030 to S033, S035, S037 to S044, S062 and Q035.
    """
    checker = _Checker(questionnaire, root, collector)
    _check_comparisons(plan, checker)
    _check_validity(plan, checker)
    _check_reliability(plan, checker)
    _check_driver_options(plan, checker)
    _check_paths(plan, checker)


def _check_comparisons(plan: Plan, checker: _Checker) -> None:
    constructs = checker.questionnaire.constructs
    for name in plan.comparisons.targets if plan.comparisons else ():
        checker.one_of("S030", name, constructs, "comparisons", "targets", name)
    for name in plan.ranks.units if plan.ranks else ():
        checker.one_of("S062", name, plan.groups, "ranks", "units")
    for name in plan.ranks.measures if plan.ranks else ():
        checker.one_of("S030", name, constructs, "ranks", "measures")
    if plan.ranks and plan.ranks.within:
        own = plan.ranks.units[0] if len(plan.ranks.units) == 1 else ""
        checker.one_of("S062", plan.ranks.within, [g for g in plan.groups if g != own], "ranks", "within")


def _check_validity(plan: Plan, checker: _Checker) -> None:
    questionnaire = checker.questionnaire
    for known in plan.validity.known_groups:
        if not all((known.construct, known.by, known.higher, known.lower)):
            continue  # said already: a key is missing
        keys = ("validity", "known_groups")
        checker.one_of("S030", known.construct, questionnaire.constructs, *keys)
        if checker.one_of("S003", known.by, checker.choice_questions, *keys):
            options = [option.code for option in questionnaire.questions[known.by].options]
            for code in (known.higher, known.lower):
                checker.one_of("S031", code, options, *keys)
        if known.higher == known.lower:
            line = line_of(checker.root, *keys)
            checker.collector.error("S035", line, about=("key", "validity.known_groups"), got=quoted(known.higher))
    for construct, criterion in plan.validity.criterion:
        if checker.one_of("S030", construct, questionnaire.constructs, "validity", "criterion", construct):
            own = questionnaire.constructs[construct].items
            others = [item for item in questionnaire.items if item not in own]
            allowed = (*checker.number_questions, *others)
            checker.one_of("S032", criterion, allowed, "validity", "criterion", construct)
    for item in plan.validity.marker:
        checker.one_of("S033", item, questionnaire.items, "validity", "marker")


def _check_reliability(plan: Plan, checker: _Checker) -> None:
    for pair in plan.differences:
        for name in pair:
            checker.one_of("S030", name, checker.questionnaire.constructs, "differences")


def _check_driver_options(plan: Plan, checker: _Checker) -> None:
    questionnaire = checker.questionnaire
    model = plan.model or questionnaire.model
    for outcome, item in plan.drivers.items.items():
        if checker.one_of("S007", outcome, model, "drivers", "items", outcome):
            items = questionnaire.constructs[outcome].items if outcome in questionnaire.constructs else ()
            checker.one_of("S033", item, items, "drivers", "items", outcome)
    for name in plan.drivers.segments:
        checker.one_of("S003", name, checker.choice_questions, "drivers", "segments")
    drivers = dict.fromkeys(name for names in model.values() for name in names)
    for driver, question in plan.drivers.stated.items():
        keys = ("drivers", "stated", driver)
        if checker.one_of("S037", driver, drivers, *keys):
            own = questionnaire.constructs[driver].items if driver in questionnaire.constructs else ()
            allowed = (*checker.number_questions, *(item for item in questionnaire.items if item not in own))
            checker.one_of("S039", question, allowed, *keys)
    for outcome, pairs in plan.drivers.moderations.items():
        keys = ("drivers", "moderations", outcome)
        if checker.one_of("S007", outcome, model, *keys):
            terms = (*model[outcome], *plan.controls)
            for driver, moderator in pairs:
                checker.one_of("S037", driver, model[outcome], *keys)
                checker.one_of("S037", moderator, terms, *keys)
    for question, names in plan.drivers.multinomial.items():
        keys = ("drivers", "multinomial", question)
        if checker.one_of("S003", question, checker.choice_questions, *keys):
            others = (*checker.choice_questions, *checker.number_questions)
            allowed = (*questionnaire.constructs, *(name for name in others if name != question))
            for name in names or ("",):
                checker.one_of("S040", name, allowed, *keys)


def _check_paths(plan: Plan, checker: _Checker) -> None:
    options, questionnaire = plan.paths, checker.questionnaire
    for name in options.groups:
        checker.one_of("S003", name, checker.choice_questions, "paths", "groups")
    for name, parts in options.higher_order.items():
        keys = ("paths", "higher_order", name)
        if name in questionnaire.constructs or name in questionnaire.questions or len(set(parts)) < 2:
            line = line_of(checker.root, *keys)
            checker.collector.error("S038", line, about=("key", "paths.higher_order"), got=quoted(name))
        for part in parts:
            checker.one_of("S030", part, questionnaire.constructs, *keys)
    _check_places(plan, checker)
    _check_labels(plan, checker)
    allowed = (*questionnaire.constructs, *options.higher_order)
    for outcome, names in options.model.items():
        checker.one_of("S030", outcome, allowed, "paths", "model", outcome)
        for name in names:
            checker.one_of("S030", name, allowed, "paths", "model", outcome)
    if not _check_circle(options.model, checker):
        _check_path_moderations(plan, checker, allowed)


def _check_labels(plan: Plan, checker: _Checker) -> None:
    """Labels of higher-order constructs are in languages of the questionnaire."""
    languages = checker.questionnaire.languages
    for name, label in plan.paths.labels.items():
        for language in label:
            if language not in (*languages, UNDETERMINED):
                checker.collector.error(
                    "Q035",
                    line_of(checker.root, "paths", "higher_order", name, "label", language),
                    about=("construct", name),
                    got=quoted(language),
                    suggestion=nearest(language, languages),
                    params={"choices": listed(languages)},
                )


def _check_places(plan: Plan, checker: _Checker) -> None:
    """Every higher-order construct is in the path model, and every construct at one place of it."""
    options = plan.paths
    in_model = {name for outcome, before in options.model.items() for name in (outcome, *before)}
    taken = {name: "paths.model" for name in in_model}
    for name, parts in options.higher_order.items():
        line = line_of(checker.root, "paths", "higher_order", name)
        if name in checker.questionnaire.constructs or len(set(parts)) < 2:
            continue  # S038
        if name not in in_model:
            checker.collector.error("S044", line, about=("key", "paths.higher_order"), got=quoted(name))
            continue
        for part in dict.fromkeys(parts):
            if part in taken:
                params = {"other": taken[part]}
                checker.collector.error("S043", line, about=("construct", part), got=quoted(part), params=params)
            taken.setdefault(part, name)


def _check_path_moderations(plan: Plan, checker: _Checker, known: tuple[str, ...]) -> None:
    chosen = plan.paths.model or plan.model or checker.questionnaire.model
    model = {o: [n for n in names if n in known] for o, names in chosen.items() if o in known}
    names = tuple(dict.fromkeys(n for outcome, before in model.items() if before for n in (*before, outcome)))
    for target, pairs in plan.paths.moderations.items():
        keys = ("paths", "moderations", target)
        if checker.one_of("S041", target, [o for o, before in model.items() if before], *keys):
            after = {target}
            while more := {o for o, before in model.items() if after & set(before)} - after:
                after |= more
            for name in (name for pair in pairs for name in pair):
                checker.one_of("S042", name, [n for n in names if n not in after], *keys)


def _check_circle(model: Mapping[str, tuple[str, ...]], checker: _Checker) -> bool:
    circle = circle_of(model)
    if circle:
        line = line_of(checker.root, "paths", "model", circle[0])
        params = {"circle": " → ".join(circle)}
        checker.collector.error("S006", line, about=("model", circle[0]), params=params)
    return bool(circle)
