"""Under which conditions a variable is asked, as text that two questionnaires can be compared by."""

from __future__ import annotations

from satmeter.questionnaire.expressions import Answered, Compare, Constant, Expression, Member, Name, Not, Or
from satmeter.questionnaire.model import Page, Questionnaire

EVERYBODY = "\N{EN DASH}"


def page_of(questionnaire: Questionnaire) -> dict[str, Page]:
    """Return the page of every variable."""
    return {member: page for page in questionnaire.pages for member in page.members}


def filter_of(questionnaire: Questionnaire, variable: str) -> str:
    """Return under which conditions a variable is asked, its page's and its own, as one text; a dash for always."""
    page = page_of(questionnaire).get(variable)
    conditions = (page.show_if if page else None, questionnaire.show_if_of(variable))
    return " and ".join(condition_text(c) for c in conditions if c is not None) or EVERYBODY


def condition_text(expression: Expression) -> str:
    """Return a condition in one spelling, whatever its blanks and brackets were.

    Examples
    --------
    >>> from satmeter.questionnaire.parse import parse_expression
    >>> condition_text(parse_expression("(a==1) and not (b in ['x','y'] or answered(c))"))
    "(a == 1) and (not ((b in ['x', 'y']) or (answered(c))))"
    """
    if isinstance(expression, Compare):
        return f"{_operand(expression.left)} {expression.op} {_operand(expression.right)}"
    if isinstance(expression, Member):
        return f"{expression.name.id} in [{', '.join(_operand(value) for value in expression.values)}]"
    if isinstance(expression, Answered):
        return f"answered({expression.name.id})"
    if isinstance(expression, Not):
        return f"not ({condition_text(expression.part)})"
    word = " or " if isinstance(expression, Or) else " and "
    return word.join(f"({condition_text(part)})" for part in expression.parts)


def _operand(operand: Name | Constant) -> str:
    if isinstance(operand, Name):
        return operand.id
    return f"{operand.value:g}" if isinstance(operand.value, float) else repr(operand.value)
