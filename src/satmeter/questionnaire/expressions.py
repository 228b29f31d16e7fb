r"""The expression language of `show_if`: a tree, never code.

Semantics, the same here and in the form's script (both are tested against each other):

* a name is *answered* when its question was asked and holds a substantive answer; missing codes, blanks and
  answers of questions that are hidden now count as unanswered;
* a comparison or an ``in`` with an unanswered name is false, whatever the operator;
* a comparison with a `multiple` question is true for ``==`` / ``in`` when any chosen code matches, for ``!=`` when
  none does, and false for ``<`` and its like;
* two numbers compare as numbers; a text that spells a decimal number (``-?[0-9]+(\.[0-9]+)?``) compares with a number
  as that number, any other text equals no number and orders with none; two texts compare as texts (UTF-16 units);
* ``and``, ``or``, ``not`` are two-valued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Name:
    """The answer of an item or question."""

    id: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: float | str


Operand = Name | Constant


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right``."""

    op: Operator
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Member:
    """``name in [a, b]``."""

    name: Name
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """``answered(name)``."""

    name: Name


@dataclass(frozen=True, slots=True)
class Not:
    """``not expression``."""

    part: Expression


@dataclass(frozen=True, slots=True)
class And:
    """``a and b and …``."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """``a or b or …``."""

    parts: tuple[Expression, ...]


Expression = Compare | Member | Answered | Not | And | Or
