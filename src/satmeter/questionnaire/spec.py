"""A declarative reader over YAML nodes: a table of fields in, typed values and *all* problems out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from satmeter.errors import Problem
from satmeter.questionnaire.yaml_text import Node, quoted

Kind = Literal["string", "integer", "number", "boolean", "map", "list", "strings", "any"]
About = tuple[str, str] | None
Scalar = str | int | float | bool

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Field:
    """What one key of a map must be.

    Attributes
    ----------
    kind
        ``string`` (any scalar, kept as typed), ``integer``, ``number``, ``boolean``, ``map``, ``list``,
        ``strings`` (a list of scalars; one scalar counts as a list of one) or ``any`` (the caller reads the node).
    required
        Whether the key must be there.
    choices
        The allowed values of a ``string``.
    low, high
        Bounds of an ``integer`` or ``number``, both included.
    """

    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(slots=True)
class Collector:
    """Collects the problems of one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    suggestions_left: int = 50

    def nearest(self, word: str, words: Iterable[str]) -> str:
        """Return the word that was probably meant; after 50 suggestions in one file always an empty text."""
        self.suggestions_left -= 1
        return nearest(word, islice(words, 500)) if self.suggestions_left >= 0 else ""

    def error(
        self,
        code: str,
        line: int,
        *,
        about: About = None,
        got: str = "",
        suggestion: str = "",
        params: Mapping[str, str | int | float] | None = None,
    ) -> None:
        """Record an error."""
        self.problems.append(Problem(code, self.file, line, about, got, suggestion, params or {}))

    def warning(
        self,
        code: str,
        line: int,
        *,
        about: About = None,
        got: str = "",
        params: Mapping[str, str | int | float] | None = None,
    ) -> None:
        """Record a warning."""
        self.problems.append(Problem(code, self.file, line, about, got, "", params or {}, "warning"))

    @property
    def ordered(self) -> tuple[Problem, ...]:
        """All problems in line order."""
        return tuple(sorted(self.problems, key=lambda problem: problem.line))


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of a map that could be read; a key that is absent or wrong is simply not there."""

    line: int
    scalars: Mapping[str, Scalar] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def string(self, key: str, default: str = "") -> str:
        """Return a ``string``."""
        value = self.scalars.get(key, default)
        return value if isinstance(value, str) else default

    def integer(self, key: str) -> int | None:
        """Return an ``integer``."""
        value = self.scalars.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def number(self, key: str) -> float | None:
        """Return a ``number`` (or an ``integer``) as float."""
        value = self.scalars.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def boolean(self, key: str) -> bool | None:
        """Return a ``boolean``."""
        value = self.scalars.get(key)
        return value if isinstance(value, bool) else None

    def node(self, key: str) -> Node | None:
        """Return the node of a ``map``, ``list`` or ``any``, or of any key that was read."""
        return self.nodes.get(key)

    def strings(self, key: str) -> tuple[Node, ...]:
        """Return the scalars of ``strings``, with their lines."""
        node = self.nodes.get(key)
        if node is None:
            return ()
        return node.items if node.kind == "list" else (node,)

    def line_of(self, key: str) -> int:
        """Return the line of a key; the line of the map where the key is absent."""
        return self.lines.get(key, self.line)


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the word that was probably meant, or an empty text.

    Examples
    --------
    >>> nearest("agre5", ["agree5", "nps11"]), nearest("zzz", ["agree5"])
    ('agree5', '')
    """
    import difflib  # here, because most files need no suggestion

    by_lower = {w.lower(): w for w in words}
    found = difflib.get_close_matches(word[:80].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else ""


def listed(words: Iterable[str], limit: int = 12) -> str:
    """Return words as one text for a message, cut after `limit` of them."""
    some = list(islice(words, limit + 1))
    return ", ".join(some[:limit]) + (", …" if len(some) > limit else "")


def read_fields(node: Node, table: Mapping[str, Field], collector: Collector, *, about: About = None) -> Fields:
    r"""Read a map by a table of fields; every problem goes to the collector.

    Parameters
    ----------
    node
        Should be a map.
    table
        Key to what it must be.
    collector
        Takes the problems: unknown key, missing key, wrong kind, bad integer, number or boolean, not one
        of the choices, out of bounds.
    about
        What the map describes, for the messages.

    Returns
    -------
    Fields
        What could be read. A key whose value is null counts as absent.

    Examples
    --------
    >>> from satmeter.questionnaire.yaml_text import parse_yaml
    >>> problems = Collector("study.yaml")
    >>> fields = read_fields(parse_yaml("seed: 1\nseeds: x"), {"seed": Field("integer")}, problems)
    >>> fields.integer("seed"), [(p.code, p.line, p.suggestion) for p in problems.ordered]
    (1, [('Q016', 2, 'seed')])
    """
    if node.kind != "map":
        wrong_kind(node, "map", collector, about=about)
        return Fields(node.line)
    scalars: dict[str, Scalar] = {}
    nodes: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for entry in node.entries:
        lines[entry.key] = entry.line
        rule = table.get(entry.key)
        if rule is None:
            collector.error(
                "Q016",
                entry.line,
                about=about,
                got=quoted(entry.key),
                suggestion=collector.nearest(entry.key, table),
                params={"choices": listed(table, 30)},
            )
        elif not entry.value.is_null and _accept(entry.key, entry.value, rule, collector, about, scalars):
            nodes[entry.key] = entry.value
    empty = {entry.key for entry in node.entries if entry.value.is_null}
    for key, rule in table.items():
        if rule.required and (key not in lines or key in empty):
            collector.error("Q017", lines.get(key, node.line), about=about, params={"key": key})
    return Fields(node.line, scalars, nodes, lines)


def wrong_kind(node: Node, wanted: str, collector: Collector, *, about: About = None, key: str = "") -> None:
    """Record that a node is not of the wanted kind (``map``, ``list``, ``scalar``)."""
    code = {"map": "Q018", "list": "Q019"}.get(wanted, "Q024")
    collector.error(code, node.line, about=about, got=f"{key}: {node.shown()}" if key else node.shown())


def _accept(key: str, node: Node, rule: Field, collector: Collector, about: About, scalars: dict[str, Scalar]) -> bool:
    if rule.kind == "any":
        return True
    if rule.kind in ("map", "list"):
        if node.kind == rule.kind:
            return True
        wrong_kind(node, rule.kind, collector, about=about, key=key)
        return False
    if rule.kind == "strings":
        return _accept_strings(key, node, collector, about)
    if node.kind != "scalar":
        wrong_kind(node, "scalar", collector, about=about, key=key)
        return False
    value = _scalar(key, node, rule, collector, about)
    if value is None:
        return False
    scalars[key] = value
    return True


def _accept_strings(key: str, node: Node, collector: Collector, about: About) -> bool:
    if node.kind == "map":
        wrong_kind(node, "list", collector, about=about, key=key)
        return False
    wrong = [item for item in node.items if item.kind != "scalar"]
    for item in wrong:
        wrong_kind(item, "scalar", collector, about=about, key=key)
    return not wrong


def _scalar(key: str, node: Node, rule: Field, collector: Collector, about: About) -> Scalar | None:
    text = node.text.strip()
    got = f"{key}: {node.shown()}"
    if rule.kind == "string":
        if rule.choices and text not in rule.choices:
            choices = listed(rule.choices, 30)
            collector.error(
                "Q028",
                node.line,
                about=about,
                got=got,
                suggestion=collector.nearest(text, rule.choices),
                params={"choices": choices},
            )
            return None
        return text
    if rule.kind == "boolean":
        if text.lower() not in _BOOLEANS:
            collector.error("Q027", node.line, about=about, got=got)
            return None
        return _BOOLEANS[text.lower()]
    return _number(text, got, node.line, rule, collector, about)


def _number(text: str, got: str, line: int, rule: Field, collector: Collector, about: About) -> int | float | None:
    whole = rule.kind == "integer"
    value = parse_integer(text) if whole else parse_number(text)
    if value is None:
        collector.error("Q025" if whole else "Q026", line, about=about, got=got)
        return None
    low = -math.inf if rule.low is None else rule.low
    high = math.inf if rule.high is None else rule.high
    if not low <= value <= high:
        bounds = {
            "low": "-∞" if rule.low is None else f"{rule.low:g}",
            "high": "∞" if rule.high is None else f"{rule.high:g}",
        }
        collector.error("Q029", line, about=about, got=got, params=bounds)
        return None
    return value


def parse_integer(text: str) -> int | None:
    """Return the integer that a text spells in decimal digits, None for anything else."""
    return int(text) if _INTEGER.fullmatch(text) else None


def parse_number(text: str) -> float | None:
    """Return the finite number that a text spells, None for anything else."""
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None
