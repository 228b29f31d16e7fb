"""Conditions and piped answers: names known, backwards only, comparisons that fit, values that can occur."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from satmeter.questionnaire.draft import Condition, Draft
from satmeter.questionnaire.evaluate import same_value
from satmeter.questionnaire.expressions import And, Answered, Compare, Constant, Expression, Member, Name, Not, Or
from satmeter.questionnaire.parse import to_text
from satmeter.questionnaire.piping import piped_names
from satmeter.questionnaire.reachable import Domains, can_be_true, is_always_true
from satmeter.questionnaire.spec import About, listed
from satmeter.questionnaire.yaml_text import quoted

CONSENT_CODES = ("yes", "no")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EQUALITY = ("==", "!=")


class Place(NamedTuple):
    """Where a variable is asked."""

    page: int
    number: int


def check_conditions(draft: Draft) -> None:
    """Check every `show_if`: known names, backwards, fitting comparisons, and whether it can be true and false."""
    places = _places(draft)
    domains = Domains(draft)
    for condition in draft.conditions:
        before = len(draft.collector.problems)
        for name in _names(condition.expression):
            _check_name(name, condition, places, draft)
        for part in _comparisons(condition.expression):
            _check_comparison(part, condition, draft)
        if len(draft.collector.problems) > before:
            continue
        got = to_text(condition.expression)
        if not can_be_true(condition.expression, domains):
            draft.collector.warning("Q069", condition.line, about=condition.about, got=got)
        elif is_always_true(condition.expression, domains):
            draft.collector.warning("Q086", condition.line, about=condition.about, got=got)


def check_pipes(draft: Draft) -> None:
    """Check every ``{name}`` in the wording of variables, in page texts, in intro, privacy notice and thanks."""
    places = _places(draft)
    for use in draft.texts:
        if use.role not in ("wording", "page", "intro", "thanks"):
            continue
        owner = use.about[1] if use.role == "wording" and use.about else ""
        for name in piped_names(use.text):
            if name not in draft.kinds or draft.kinds[name] == "construct" or name not in places:
                near = "" if name in draft.kinds else draft.collector.nearest(name, draft.variables)
                draft.collector.error("Q070", use.line, about=use.about, got=f"{{{name}}}", suggestion=near)
            elif use.role == "intro" or (use.role != "thanks" and not _earlier(name, owner, use.page, places, draft)):
                draft.collector.error("Q071", use.line, about=use.about, got=f"{{{name}}}")


def _places(draft: Draft) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for number, page in enumerate(draft.pages):
        for index, member in enumerate(page.members):
            found.setdefault(member, Place(number, index))
    return found


def _earlier(name: str, owner: str, page: int, places: dict[str, Place], draft: Draft) -> bool:
    """Tell whether `name` is asked before `owner`, or before a page when there is no owner."""
    there = places[name]
    if not owner:
        return there.page < page
    here = places.get(owner)
    if here is None:
        return name != owner
    if there.page != here.page:
        return there.page < here.page
    shuffled = draft.pages[here.page].shuffle and not {name, owner} <= draft.questions.keys()
    return there.number < here.number and not shuffled


def _names(expression: Expression) -> tuple[str, ...]:
    return tuple(dict.fromkeys(operand.id for operand in _operands(expression) if isinstance(operand, Name)))


def _operands(expression: Expression) -> Iterator[Name | Constant]:
    for part in _leaves(expression):
        if isinstance(part, Compare):
            yield from (part.left, part.right)
        else:
            yield part.name


def _leaves(expression: Expression) -> Iterator[Compare | Member | Answered]:
    if isinstance(expression, Not):
        yield from _leaves(expression.part)
    elif isinstance(expression, And | Or):
        for part in expression.parts:
            yield from _leaves(part)
    else:
        yield expression


def _comparisons(expression: Expression) -> Iterator[Compare]:
    """Yield every comparison; ``x in [a, b]`` counts as ``x == a`` and ``x == b``."""
    for part in _leaves(expression):
        if isinstance(part, Compare):
            yield part
        elif isinstance(part, Member):
            yield from (Compare("==", part.name, value) for value in part.values)


def _check_name(name: str, condition: Condition, places: dict[str, Place], draft: Draft) -> None:
    about = condition.about
    if draft.kinds.get(name, "construct") == "construct" or name not in places:
        near = "" if name in draft.kinds else draft.collector.nearest(name, draft.variables)
        draft.collector.error("Q064", condition.line, about=about, got=quoted(name), suggestion=near)
    elif not _earlier(name, condition.owner, condition.page, places, draft):
        draft.collector.error("Q065", condition.line, about=about, got=quoted(name))


def kind_of(name: str, draft: Draft) -> str:
    """Return `rating` for items and checks, the type of a question, or '' for anything unknown."""
    if draft.kinds.get(name) in ("item", "check"):
        return "rating"
    question = draft.questions.get(name)
    return question.type if question else ""


def _check_comparison(part: Compare, condition: Condition, draft: Draft) -> None:
    left, right = part.left, part.right
    if isinstance(left, Name) and isinstance(right, Name):
        kinds = {"number" if k == "rating" else k for k in (kind_of(left.id, draft), kind_of(right.id, draft))}
        orderly = kinds <= {"number"} or kinds <= {"date"}
        fits = "" in kinds or orderly or (kinds <= {"choice", "consent"} and part.op in _EQUALITY)
    elif isinstance(left, Name) and isinstance(right, Constant):
        fits = _fits(left.id, part, right.value, condition.line, condition.about, draft)
    elif isinstance(right, Name) and isinstance(left, Constant):
        fits = _fits(right.id, part, left.value, condition.line, condition.about, draft)
    else:
        fits = False
    if not fits:
        draft.collector.error("Q067", condition.line, about=condition.about, got=to_text(part))


def _fits(name: str, part: Compare, value: float | str, line: int, about: About, draft: Draft) -> bool:
    """Tell whether kind, operator and constant fit; a constant that cannot occur is reported here."""
    kind = kind_of(name, draft)
    equality = part.op in _EQUALITY
    if kind in ("rating", "number"):
        if isinstance(value, str):
            return False
        if equality:
            _check_number(name, kind, value, part, line, about, draft)
        return True
    if kind == "date":
        return isinstance(value, str) and bool(_DATE.fullmatch(value))
    if kind in ("choice", "multiple", "consent"):
        if equality:
            _check_option(name, kind, value, line, about, draft)
        return equality
    return kind == ""


def _check_number(name: str, kind: str, value: float, part: Compare, line: int, about: About, draft: Draft) -> None:
    if kind == "rating":
        entry = draft.items.get(name) or draft.checks.get(name)
        scale = draft.scales.get(entry.scale) if entry else None
        if scale is None or (scale.low <= value <= scale.high and value in scale.codes):
            return
        choices = listed((str(code) for code in scale.codes), 20)
    else:
        question = draft.questions[name]
        low, high = question.low, question.high
        if (low is None or value >= low) and (high is None or value <= high):
            return
        choices = f"{'…' if low is None else format(low, 'g')} – {'…' if high is None else format(high, 'g')}"
    draft.collector.error("Q068", line, about=about, got=to_text(part), params={"choices": choices})


def _check_option(name: str, kind: str, value: float | str, line: int, about: About, draft: Draft) -> None:
    codes = CONSENT_CODES if kind == "consent" else tuple(o.code for o in draft.questions[name].options)
    if not codes or any(same_value(code, value) for code in codes):
        return
    got = to_text(Compare("==", Name(name), Constant(value)))
    near = draft.collector.nearest(str(value), codes)
    draft.collector.error("Q066", line, about=about, got=got, suggestion=near, params={"choices": listed(codes, 30)})
