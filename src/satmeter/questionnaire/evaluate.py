"""Conditions evaluated: which questions are asked, given the answers so far.

The form's script does exactly the same, from the trees that `to_json` writes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from satmeter.questionnaire.expressions import (
    And,
    Answered,
    Compare,
    Constant,
    Expression,
    Member,
    Name,
    Not,
    Operand,
    Operator,
)
from satmeter.questionnaire.model import Questionnaire

Answer = int | float | str | tuple[str, ...] | None

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_BLANKS = " \t\r\n\u3000"


def evaluate(expression: Expression, answers: Mapping[str, Answer]) -> bool:
    """Tell whether a condition holds.

    Parameters
    ----------
    expression
        From `parse_expression`.
    answers
        Variable to substantive answer: a number for items and numbers, a text for choice, text, date and consent, a
        tuple of codes for multiple. Absent, None, NaN, blank texts and empty tuples count as unanswered. Missing
        codes must already be gone (see `substantive`).

    Returns
    -------
    bool
        By the rules in `satmeter.questionnaire.expressions`.

    Examples
    --------
    >>> from satmeter.questionnaire.parse import parse_expression
    >>> evaluate(parse_expression("x != 3"), {"x": 4}), evaluate(parse_expression("x != 3"), {})
    (True, False)
    """
    if isinstance(expression, Compare):
        left, right = _values(expression.left, answers), _values(expression.right, answers)
        return left is not None and right is not None and _compare(expression.op, left, right)
    if isinstance(expression, Member):
        chosen = _values(expression.name, answers)
        return chosen is not None and any(same_value(a, v.value) for a in chosen[1] for v in expression.values)
    if isinstance(expression, Answered):
        return is_answered(answers.get(expression.name.id))
    if isinstance(expression, Not):
        return not evaluate(expression.part, answers)
    if isinstance(expression, And):
        return all(evaluate(part, answers) for part in expression.parts)
    return any(evaluate(part, answers) for part in expression.parts)


def is_answered(answer: Answer) -> bool:
    """Tell whether an answer says anything: not None, NaN, blank or an empty tuple."""
    if answer is None or (isinstance(answer, float) and math.isnan(answer)):
        return False
    if isinstance(answer, str):
        return bool(answer.strip(_BLANKS))
    return answer != ()


def substantive(questionnaire: Questionnaire, variable: str, answer: Answer) -> Answer:
    """Return the answer, or None where it is blank or a missing code of the variable.

    A missing code is recognised by its text: ``98``, ``98.0`` and ``"98"`` are all the code ``98``. Missing codes
    inside a tuple are taken out.
    """
    codes = {code.code for code in questionnaire.missing_of(variable)}
    if isinstance(answer, tuple):
        answer = tuple(code for code in answer if code not in codes)
    elif answer is not None and _as_code(answer) in codes:
        return None
    return answer if is_answered(answer) else None


def asked(questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Return the variables that are asked, in the order of the pages.

    One walk through the pages: a page whose condition fails is skipped whole; a member is asked when its own condition
    holds. Every condition sees only substantive answers of variables asked before it on this walk, so that a stale
    answer of a hidden question never shows another one.

    Parameters
    ----------
    questionnaire
        Checked, hence all conditions refer backwards.
    answers
        Variable to answer as it stands in the data, missing codes included.

    Returns
    -------
    tuple of str
        Ids of items, questions and checks.
    """
    seen: dict[str, Answer] = {}
    found: list[str] = []
    for page in questionnaire.pages:
        if page.show_if is not None and not evaluate(page.show_if, seen):
            continue
        for member in page.members:
            condition = questionnaire.show_if_of(member)
            if condition is None or evaluate(condition, seen):
                found.append(member)
                seen[member] = substantive(questionnaire, member, answers.get(member))
    return tuple(found)


def to_json(expression: Expression) -> dict[str, Any]:
    """Return the tree as plain dicts and lists.

    ``{"op": "and" | "or", "parts": [tree, …]}``, ``{"op": "not", "part": tree}``,
    ``{"op": "answered", "name": "x"}``, ``{"op": "in", "name": "x", "values": [1, "a"]}`` and
    ``{"op": "==", "left": operand, "right": operand}`` (also ``!= < <= > >=``), where an operand is
    ``{"name": "x"}`` or ``{"value": 3}``. Whole numbers are written without a fraction.

    Examples
    --------
    >>> from satmeter.questionnaire.parse import parse_expression
    >>> to_json(parse_expression("x == 3"))
    {'op': '==', 'left': {'name': 'x'}, 'right': {'value': 3}}
    """
    if isinstance(expression, Compare):
        sides = {"left": _operand_json(expression.left), "right": _operand_json(expression.right)}
        return {"op": expression.op, **sides}
    if isinstance(expression, Member):
        return {"op": "in", "name": expression.name.id, "values": [_plain(v.value) for v in expression.values]}
    if isinstance(expression, Answered):
        return {"op": "answered", "name": expression.name.id}
    if isinstance(expression, Not):
        return {"op": "not", "part": to_json(expression.part)}
    op = "and" if isinstance(expression, And) else "or"
    return {"op": op, "parts": [to_json(part) for part in expression.parts]}


def names_in(expression: Expression) -> tuple[str, ...]:
    """Return the names that a condition looks at, each once, in the order of the text."""
    if isinstance(expression, Compare):
        found = [side.id for side in (expression.left, expression.right) if isinstance(side, Name)]
    elif isinstance(expression, Member | Answered):
        found = [expression.name.id]
    elif isinstance(expression, Not):
        found = list(names_in(expression.part))
    else:
        found = [name for part in expression.parts for name in names_in(part)]
    return tuple(dict.fromkeys(found))


def _operand_json(operand: Operand) -> dict[str, Any]:
    return {"name": operand.id} if isinstance(operand, Name) else {"value": _plain(operand.value)}


def _plain(value: float | str) -> float | int | str:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _as_code(answer: int | float | str) -> str:
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return str(answer).strip(_BLANKS)


Chosen = tuple[bool, tuple[float | str, ...]]


def _values(operand: Operand, answers: Mapping[str, Answer]) -> Chosen | None:
    """Return (whether several may be chosen, the values); None for an unanswered name."""
    if isinstance(operand, Constant):
        return False, (operand.value,)
    answer = answers.get(operand.id)
    if answer is None or not is_answered(answer):
        return None
    return (True, answer) if isinstance(answer, tuple) else (False, (answer,))


def _compare(op: Operator, left: Chosen, right: Chosen) -> bool:
    if op in ("==", "!="):
        return any(same_value(a, b) for a in left[1] for b in right[1]) == (op == "==")
    if left[0] or right[0]:
        return False
    return _ordered(op, left[1][0], right[1][0])


def same_value(left: float | str, right: float | str) -> bool:
    """Tell whether two values are equal: the number 1 and ``"1.0"`` are, the texts ``"1"`` and ``"1.0"`` are not."""
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = _number(left), _number(right)
    return first is not None and first == second


def _ordered(op: Operator, left: float | str, right: float | str) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return _holds(op, left.encode("utf-16-be", "surrogatepass"), right.encode("utf-16-be", "surrogatepass"))
    first, second = _number(left), _number(right)
    return first is not None and second is not None and _holds(op, first, second)


def _holds(op: Operator, left: Any, right: Any) -> bool:
    if op == "<":
        return bool(left < right)
    if op == "<=":
        return bool(left <= right)
    return bool(left > right) if op == ">" else bool(left >= right)


def _number(value: float | str) -> float | None:
    if isinstance(value, str):
        return float(value) if len(value) <= 300 and _NUMBER.fullmatch(value) else None
    return float(value)
