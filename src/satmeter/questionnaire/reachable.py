"""Whether a condition can be true, or false, for any valid answers, where that is cheap to find out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, pairwise, product

from satmeter.questionnaire.draft import Draft
from satmeter.questionnaire.evaluate import Answer, evaluate, names_in
from satmeter.questionnaire.expressions import And, Answered, Compare, Constant, Expression, Member, Name, Not, Or

WORK_PER_CONDITION = 10_000  # comparisons
WORK_PER_FILE = 50_000
MAX_SUBSET_OPTIONS = 5


class Domains:
    """The answers that each variable of a draft can have, and how much work is left for this file."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.work = WORK_PER_FILE

    def of(self, name: str, expression: Expression) -> list[Answer] | None:
        """Return all answers that make a difference to the expression, unanswered included; None for too many."""
        draft = self.draft
        entry = draft.items.get(name) or draft.checks.get(name)
        if entry:
            scale = draft.scales.get(entry.scale)
            return [None, *scale.codes] if scale else None
        question = draft.questions.get(name)
        if question is None or question.type == "date":
            return None
        if question.type == "text":
            return [None, "x"]
        if question.type == "consent":
            return [None, "yes", "no"]
        codes = [option.code for option in question.options]
        if question.type == "choice":
            return [None, *codes]
        if question.type == "multiple":
            return _subsets(codes) if len(codes) <= MAX_SUBSET_OPTIONS else None
        return _numbers(name, expression, question.low, question.high)


def can_be_true(expression: Expression, domains: Domains) -> bool:
    """Return False only when every combination of answers has been tried and none fulfils the condition."""
    cases = _cases(expression, domains, unanswered=True)
    return cases is None or any(evaluate(expression, answers) for answers in cases)


def is_always_true(expression: Expression, domains: Domains) -> bool:
    """Return True only when every combination of given answers fulfils the condition, and it never asks `answered`."""
    if _asks_answered(expression):
        return False
    cases = _cases(expression, domains, unanswered=False)
    return cases is not None and all(evaluate(expression, answers) for answers in cases)


def _cases(expression: Expression, domains: Domains, *, unanswered: bool) -> Iterator[dict[str, Answer]] | None:
    """Return every combination of answers that makes a difference; None where there are too many."""
    lists: list[list[Answer]] = []
    names = names_in(expression)
    for name in names:
        values = domains.of(name, expression)
        if values is None:
            return None
        lists.append(values if unanswered else [value for value in values if value is not None])
    each = _leaves(expression)
    if each * math.prod(len(values) for values in lists) > min(WORK_PER_CONDITION, domains.work):
        return None
    return _tried(names, lists, each, domains)


def _tried(
    names: tuple[str, ...], lists: list[list[Answer]], each: int, domains: Domains
) -> Iterator[dict[str, Answer]]:
    for answers in product(*lists):
        domains.work -= each
        yield dict(zip(names, answers, strict=True))


def _asks_answered(expression: Expression) -> bool:
    if isinstance(expression, Not):
        return _asks_answered(expression.part)
    if isinstance(expression, And | Or):
        return any(_asks_answered(part) for part in expression.parts)
    return isinstance(expression, Answered)


def _leaves(expression: Expression) -> int:
    if isinstance(expression, Not):
        return _leaves(expression.part)
    if isinstance(expression, And | Or):
        return sum(_leaves(part) for part in expression.parts)
    return len(expression.values) if isinstance(expression, Member) else 1


def _subsets(codes: list[str]) -> list[Answer]:
    some: list[Answer] = [None]
    for size in range(1, len(codes) + 1):
        some.extend(combinations(codes, size))
    return some


def _numbers(name: str, expression: Expression, low: float | None, high: float | None) -> list[Answer] | None:
    """Return the constants that a number is compared with, and one value in each gap between them."""
    constants = _constants(name, expression)
    if constants is None:
        return None
    marks = sorted({*constants, *(bound for bound in (low, high) if bound is not None)})
    gaps = [(a + b) / 2 for a, b in pairwise(marks)]
    outside = [marks[0] - 1, marks[-1] + 1] if marks else [0.0]
    within = (v for v in sorted([*marks, *gaps, *outside]) if (low is None or v >= low) and (high is None or v <= high))
    return [None, *within]


def _constants(name: str, expression: Expression) -> set[float] | None:
    """Return the numbers that a name is compared with; None when it is compared with another name."""
    if isinstance(expression, Compare):
        sides = (expression.left, expression.right)
        if Name(name) not in sides:
            return set()
        if all(isinstance(side, Name) for side in sides):
            return None
        return {float(s.value) for s in sides if isinstance(s, Constant) and not isinstance(s.value, str)}
    if isinstance(expression, Member):
        found = {float(v.value) for v in expression.values if not isinstance(v.value, str)}
        return found if expression.name.id == name else set()
    if isinstance(expression, Answered):
        return set()
    together: set[float] = set()
    for part in (expression.part,) if isinstance(expression, Not) else expression.parts:
        constants = _constants(name, part)
        if constants is None:
            return None
        together |= constants
    return together
