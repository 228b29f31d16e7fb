"""Text of the expression language → tree, and back."""

from __future__ import annotations

import re

from satmeter.errors import Problem, QuestionnaireError
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
    Or,
)

MAX_LENGTH = 2000
MAX_DEPTH = 40
KEYWORDS = frozenset({"and", "or", "not", "in", "answered"})

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
    | (?P<name>[A-Za-z][A-Za-z0-9_]*)
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<op>==|!=|<=|>=|<(?![>])|>)
    | (?P<sign>[()\[\],])
    )""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_FOREIGN = {"===": "==", "<>": "!=", "=": "==", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
_OPERATORS: dict[str, Operator] = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_QUOTES = "'\"‘’“”"


def parse_expression(text: str, *, file: str = "", line: int = 0) -> Expression:
    """Parse one condition.

    Parameters
    ----------
    text
        For example ``outage == 'y' and ly1 <= 6``; at most 2,000 characters and 40 levels.
    file, line
        Where it stands, for the message.

    Returns
    -------
    Expression
        The tree; names are not looked up.

    Raises
    ------
    QuestionnaireError
        With one problem that names the position.

    Examples
    --------
    >>> parse_expression("x <= 6")
    Compare(op='<=', left=Name(id='x'), right=Constant(value=6.0))
    >>> to_text(parse_expression("not (a in [1,2] or answered(b))"))
    'not (a in [1, 2] or answered(b))'
    """
    try:
        return _Parser(text).whole()
    except _Mistake as mistake:
        got = text if len(text) <= 60 else text[max(0, mistake.position - 30) : mistake.position + 30]
        params = {"position": mistake.position + 1, "limit": MAX_DEPTH}
        problem = Problem(mistake.code, file, line, got=got, suggestion=mistake.suggestion, params=params)
        raise QuestionnaireError(problem) from None


def to_text(expression: Expression) -> str:
    """Return the text of a tree; parsing it again gives the same tree."""
    if isinstance(expression, Compare):
        return f"{_operand_text(expression.left)} {expression.op} {_operand_text(expression.right)}"
    if isinstance(expression, Member):
        return f"{expression.name.id} in [{', '.join(_operand_text(v) for v in expression.values)}]"
    if isinstance(expression, Answered):
        return f"answered({expression.name.id})"
    if isinstance(expression, Not):
        return f"not {_part_text(expression.part)}"
    word = " and " if isinstance(expression, And) else " or "
    return word.join(_part_text(part) for part in expression.parts)


def _part_text(expression: Expression) -> str:
    text = to_text(expression)
    return f"({text})" if isinstance(expression, And | Or) else text


def _operand_text(operand: Operand) -> str:
    if isinstance(operand, Name):
        return operand.id
    if isinstance(operand.value, str):
        return "'" + operand.value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    from decimal import Decimal  # here, because reading a questionnaire does not need it

    return format(Decimal(repr(operand.value)).normalize() + 0, "f")


class _Mistake(Exception):
    def __init__(self, code: str, position: int, suggestion: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.position = position
        self.suggestion = suggestion


class _Parser:
    """Recursive descent with one token of lookahead."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise _Mistake("Q063", MAX_LENGTH)
        self.text = text
        self.end = 0
        self.kind = self.token = ""
        self.start = 0
        self.depth = 0
        self._next()

    def whole(self) -> Expression:
        expression = self._or()
        if self.kind != "end":
            self._unexpected()
        return expression

    def _next(self) -> None:
        match = _TOKEN.match(self.text, self.end)
        if match:
            self.kind = match.lastgroup or ""
            self.token = match.group(self.kind)
            self.start, self.end = match.start(self.kind), match.end()
            return
        rest = self.text[self.end :].lstrip()
        self.start = len(self.text) - len(rest)
        if rest:
            self._strange(rest)
        self.kind, self.token, self.end = "end", "", len(self.text)

    def _strange(self, rest: str) -> None:
        if rest[0] in _QUOTES:
            raise _Mistake("Q062", self.start)
        for sign, word in _FOREIGN.items():
            if rest.startswith(sign):
                raise _Mistake("Q061", self.start, word)
        raise _Mistake("Q060", self.start)

    def _unexpected(self) -> None:
        raise _Mistake("Q060", self.start)

    def _take(self, token: str) -> None:
        if self.token != token or self.kind == "text":
            self._unexpected()
        self._next()

    def _word(self, word: str) -> bool:
        if self.kind == "name" and self.token == word:
            self._next()
            return True
        return False

    def _or(self) -> Expression:
        parts = [self._and()]
        while self._word("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Expression:
        parts = [self._not()]
        while self._word("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Mistake("Q063", self.start)
        expression: Expression = Not(self._not()) if self._word("not") else self._primary()
        self.depth -= 1
        return expression

    def _primary(self) -> Expression:
        if self.token == "(" and self.kind == "sign":  # noqa: S105
            self._next()
            expression = self._or()
            self._take(")")
            return expression
        if self._word("answered"):
            self._take("(")
            name = self._name()
            self._take(")")
            return Answered(name)
        left = self._operand()
        if isinstance(left, Name) and self._word("in"):
            return Member(left, self._values())
        if self.kind != "op":
            self._unexpected()
        op = _OPERATORS[self.token]
        self._next()
        return Compare(op, left, self._operand())

    def _values(self) -> tuple[Constant, ...]:
        self._take("[")
        values = [self._constant()]
        while self.token == "," and self.kind == "sign":  # noqa: S105
            self._next()
            values.append(self._constant())
        self._take("]")
        return tuple(values)

    def _name(self) -> Name:
        if self.kind != "name" or self.token in KEYWORDS:
            self._unexpected()
        name = Name(self.token)
        self._next()
        return name

    def _constant(self) -> Constant:
        if self.kind not in ("number", "text"):
            self._unexpected()
        token, kind = self.token, self.kind
        self._next()
        if kind == "number":
            return Constant(float(token) + 0.0)
        return Constant(re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL))

    def _operand(self) -> Operand:
        return self._name() if self.kind == "name" else self._constant()
