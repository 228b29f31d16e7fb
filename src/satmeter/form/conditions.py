"""Conditions told in words, for the printed sheet: 'question 3 is “Yes”'."""

from __future__ import annotations

from dataclasses import dataclass

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
    Or,
)
from satmeter.questionnaire.model import Questionnaire

_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PHRASES = {
    "en": {
        "name": "question {}",
        "quote": "“{}”",
        "==": "{} is {}",
        "!=": "{} is answered other than {}",
        "<": "{} is below {}",
        "<=": "{} is {} or less",
        ">": "{} is above {}",
        ">=": "{} is {} or more",
        "in": "{} is one of {}",
        "answered": "{} is answered",
        "unanswered": "{} is not answered",
        "not": "it is not so that ({})",
        "and": " and ",
        "or": " or ",
        "list": ", ",
        "group": "({})",
    },
    "zh-CN": {
        "name": "第 {} 题",
        "quote": "“{}”",
        "==": "{}为{}",
        "!=": "{}已作答且不是{}",
        "<": "{}小于 {} ",
        "<=": "{}不大于 {} ",
        ">": "{}大于 {} ",
        ">=": "{}不小于 {} ",
        "in": "{}为{}之一",
        "answered": "{}已作答",
        "unanswered": "{}未作答",
        "not": "不满足（{}）",
        "and": "且",
        "or": "或",
        "list": "、",
        "group": "（{}）",
    },
}


@dataclass(frozen=True, slots=True)
class _Teller:
    questionnaire: Questionnaire
    language: str
    numbers: dict[str, int]

    @property
    def phrases(self) -> dict[str, str]:
        return _PHRASES.get(self.language, _PHRASES["en"])

    def tell(self, expression: Expression) -> str:
        match expression:
            case Compare():
                return self._compare(expression)
            case Member(name=name, values=values):
                labels = self.phrases["list"].join(self._value(value, name) for value in values)
                return self.phrases["in"].format(self._name(name), labels)
            case Answered(name=name):
                return self.phrases["answered"].format(self._name(name))
            case Not(part=Answered(name=name)):
                return self.phrases["unanswered"].format(self._name(name))
            case Not(part=part):
                return self.phrases["not"].format(self.tell(part).rstrip())
            case And(parts=parts):
                return self.phrases["and"].join(self._grouped(part) for part in parts)
            case Or(parts=parts):
                return self.phrases["or"].join(self._grouped(part) for part in parts)

    def _grouped(self, part: Expression) -> str:
        told = self.tell(part)
        return self.phrases["group"].format(told.rstrip()) if isinstance(part, And | Or) else told

    def _compare(self, expression: Compare) -> str:
        left, right, op = expression.left, expression.right, str(expression.op)
        if isinstance(left, Constant) and isinstance(right, Name):
            left, right, op = right, left, _FLIPPED[op]
        return self.phrases[op].format(self._value(left, right), self._value(right, left))

    def _name(self, name: Name) -> str:
        return self.phrases["name"].format(self.numbers[name.id])

    def _value(self, operand: Operand, other: Operand) -> str:
        if isinstance(operand, Name):
            return self._name(operand)
        code = _plain(operand.value)
        label = self._label(code, other.id) if isinstance(other, Name) else ""
        if label:
            return self.phrases["quote"].format(label)
        return code if isinstance(operand.value, float | int) else self.phrases["quote"].format(code)

    def _label(self, code: str, variable: str) -> str:
        scale = self.questionnaire.scale_of(variable)
        if scale and not scale.is_range:
            texts = {str(point.code): point.label for point in scale.points}
        elif variable in self.questionnaire.questions:
            texts = {option.code: option.label for option in self.questionnaire.questions[variable].options}
        else:
            texts = {}
        return texts[code].get(self.language) if code in texts else ""


def condition_in_words(questionnaire: Questionnaire, expression: Expression, language: str) -> str:
    """Return a condition as a person reads it, with the numbers of the questions and the labels of their answers.

    Parameters
    ----------
    questionnaire
        Gives numbers (the order of asking, from 1) and labels.
    expression
        A condition of this questionnaire.
    language
        Chinese for ``zh-CN``, else English; labels in this language where there are any.

    Examples
    --------
    >>> from satmeter.questionnaire import parse_expression, read_questionnaire
    >>> power = read_questionnaire("power-utility")
    >>> condition_in_words(power, parse_expression("ctype == 'res'"), "en")
    'question 2 is “Residential customer”'
    """
    numbers = {variable: number for number, variable in enumerate(questionnaire.variables, start=1)}
    return _Teller(questionnaire, language, numbers).tell(expression)


def _plain(value: float | str) -> str:
    return f"{value:.15g}" if isinstance(value, float | int) else value
