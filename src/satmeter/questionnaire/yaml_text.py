"""YAML as a tree of texts that remembers its lines; hostile input is refused before it costs anything.

Scalars stay text: ``yes``, ``on``, ``010`` and ``1.10`` are what the author typed, and whoever reads a field
decides what kind it must be. The tree is built from the event stream of ruamel.yaml, so that no tag is ever resolved,
no alias ever expanded and a limit stops the work at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from satmeter.errors import Problem, QuestionnaireError, SatmeterError
from satmeter.questionnaire.yaml_slips import swallowed_key, swallowed_list, usual_slip

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
MAX_NODES = 20_000
MAX_PROBLEMS = 100
PURE_CHARACTERS = 60_000  # what the slower parser reads in under half a second

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file.

    Attributes
    ----------
    kind
        ``map``, ``list`` or ``scalar``.
    line
        Line where it begins, from 1.
    text
        The text of a scalar, exactly as typed; empty otherwise.
    plain
        Whether a scalar stands without quotes.
    entries
        Keys and values of a map, in the order of the file.
    items
        Values of a list.
    """

    kind: Literal["map", "list", "scalar"]
    line: int
    text: str = ""
    plain: bool = False
    entries: tuple[Entry, ...] = ()
    items: tuple[Node, ...] = ()

    @property
    def is_null(self) -> bool:
        """Whether it is a scalar that says nothing: empty, ``~`` or ``null`` without quotes."""
        return self.kind == "scalar" and self.plain and self.text in _NULLS

    def get(self, key: str) -> Node | None:
        """Return the value under a key of a map, None where there is none."""
        return next((entry.value for entry in self.entries if entry.key == key), None)

    def shown(self) -> str:
        """Return the value as a message shows it: a short scalar in quotes, else the kind."""
        if self.kind == "map":
            return "{" + ", ".join(entry.key for entry in self.entries[:4]) + ", …" * (len(self.entries) > 4) + "}"
        if self.kind == "list":
            return "[…]" if self.items else "[]"
        return quoted(self.text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a map with its line and its value."""

    key: str
    line: int
    value: Node


def quoted(text: str) -> str:
    """Return a text in quotes on one line, cut where it is long."""
    flat = " ".join(text.split())
    return f"'{flat[:60]}…'" if len(flat) > 60 else f"'{flat}'"


def read_yaml(path: str | Path, *, error: type[SatmeterError] = QuestionnaireError) -> Node:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file; at most 2 MB, UTF-8 (a byte-order mark is accepted).
    error
        The error class of the room that asks.

    Returns
    -------
    Node
        The root of the tree.

    Raises
    ------
    SatmeterError
        The given class, with all problems: no such file, not a text file, too large, syntax, repeated keys,
        tags, aliases, several documents, too deep.
    """
    file = str(path)
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise error(Problem("Q001", file, got=quoted(file))) from None
    except (OSError, ValueError) as exception:
        reason = getattr(exception, "strerror", None) or type(exception).__name__
        raise error(Problem("Q003", file, got=str(reason))) from None
    return parse_yaml(data, file=file, error=error)


def parse_yaml(data: bytes | str, *, file: str = "", error: type[SatmeterError] = QuestionnaireError) -> Node:
    r"""Parse YAML from memory; see `read_yaml`.

    Examples
    --------
    >>> node = parse_yaml("a: yes\nb: [1.10, 'x']")
    >>> node.get("a").text, [(n.text, n.plain, n.line) for n in node.get("b").items]
    ('yes', [('1.10', True, 2), ('x', False, 2)])
    """
    text = _decoded(data, file, error)
    builder = _built(text, file, _fast_events)
    if [problem.code for problem in builder.problems] == ["Q039"] and len(text) <= PURE_CHARACTERS:
        slower = _built(text, file, _pure_events)
        builder = builder if slower.problems else slower
    if builder.root is None and not builder.problems:
        builder.problems.append(Problem("Q015", file))
    if builder.problems or builder.root is None:
        raise error(builder.problems)
    return builder.root


def _decoded(data: bytes | str, file: str, error: type[SatmeterError]) -> str:
    if len(data) > MAX_BYTES:
        raise error(Problem("Q005", file, params={"limit": MAX_BYTES // 1_000_000}))
    text = data if isinstance(data, str) else _from_utf8(data, file, error)
    for number, line_text in enumerate(text.split("\n"), 1):
        if not line_text.isprintable():
            bad = next((c for c in line_text if _is_control(c)), None)
            if bad is not None:
                raise error(Problem("Q006", file, number, got=f"U+{ord(bad):04X}"))
    return text


def _from_utf8(data: bytes, file: str, error: type[SatmeterError]) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exception:
        line = data.count(b"\n", 0, exception.start) + 1
        raise error(Problem("Q006", file, line, got=f"0x{data[exception.start]:02x}")) from None


def _is_control(char: str) -> bool:
    code = ord(char)
    return (
        (code < 0x20 and char not in "\t\r") or 0x7F <= code <= 0x84 or 0x86 <= code <= 0x9F or 0xD800 <= code <= 0xDFFF
    )


def _built(text: str, file: str, events: Callable[[str], Iterator[Any]]) -> _Builder:
    builder = _Builder(file)
    try:
        for event in events(text):
            builder.take(event)
    except _StopReading:
        pass
    except builder.library_error as exception:
        builder.problems.append(_syntax_problem(exception, text, file))
    return builder


def _fast_events(text: str) -> Iterator[Any]:
    try:
        from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        yield from _pure_events(text)
        return
    parser = CParser(text)
    while parser.check_event():
        yield parser.get_event()


def _pure_events(text: str) -> Iterator[Any]:
    """Parse as YAML 1.2 says; 30 times slower, but ``{en: Any outage?}`` needs no quotes."""
    from ruamel.yaml import YAML

    yield from YAML(typ="safe", pure=True).parse(text)


def _library_error() -> type[Exception]:
    from ruamel.yaml.error import YAMLError

    return YAMLError


def _syntax_problem(exception: Exception, text: str, file: str) -> Problem:
    mark = getattr(exception, "problem_mark", None) or getattr(exception, "context_mark", None)
    line = min(mark.line + 1, text.count("\n") + 1) if mark else 0
    said = getattr(exception, "problem", None) or str(exception).split("\n")[0]
    lines = text.split("\n")
    here = lines[line - 1] if line else ""
    at = here[mark.column : mark.column + 2] if mark else ""
    slip = next(
        ((number, code) for number in (line, line - 1) if number > 0 and (code := usual_slip(lines[number - 1]))), None
    )
    if slip:
        return Problem(slip[1], file, slip[0], got=quoted(lines[slip[0] - 1]))
    shown = next((part for part in reversed(lines[:line]) if part.strip()), "")
    return Problem(_syntax_code(str(said), here, at), file, line, got=quoted(shown) if shown else "")


def _syntax_code(said: str, here: str, at: str) -> str:
    """Choose the sentence that helps with the usual mistakes."""
    if "unexpected ':'" in said or ("?" in at and "did not find expected ','" in said):
        return "Q039"  # the C parser is stricter here than YAML 1.2
    if "\t" in here[: len(here) - len(here.lstrip())]:
        return "Q020"
    if "mapping values are not allowed" in said:
        return "Q021"
    if "end of stream" in said:
        return "Q022"
    if "cannot start any token" in said:
        return "Q023"
    return "Q007"


class _StopReading(Exception):
    """A limit is passed; nothing more is read."""


@dataclass(slots=True)
class _Open:
    """A map or list that is still being read."""

    kind: Literal["map", "list"]
    line: int
    entries: list[Entry]
    items: list[Node]
    seen: dict[str, int]
    key: tuple[str, int] | None = None


class _Builder:
    """Builds the tree event by event and collects what is wrong."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.library_error = _library_error()
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0
        self._steps: dict[str, Callable[[Any, int], None]] = {
            "DocumentStartEvent": self._document,
            "MappingStartEvent": self._start_map,
            "SequenceStartEvent": self._start_list,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
        }

    def take(self, event: Any) -> None:
        """Take the next event."""
        step = self._steps.get(type(event).__name__)
        if step:
            step(event, event.start_mark.line + 1)

    def _problem(self, code: str, line: int, *, got: str = "", params: dict[str, int] | None = None) -> None:
        self.problems.append(Problem(code, self.file, line, got=got, params=params or {}))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _StopReading

    def _stop(self, code: str, line: int, *, limit: int = 0) -> None:
        self._problem(code, line, params={"limit": limit})
        raise _StopReading

    def _document(self, event: Any, line: int) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop("Q013", line)

    def _count(self, event: Any, line: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop("Q009", line, limit=MAX_NODES)
        if event.anchor is not None:
            self._problem("Q011", line, got="&" + event.anchor[:40])
        tag = getattr(event, "ctag", None) or getattr(event, "tag", None)
        if tag is not None and str(tag) != "None":
            self._problem("Q010", line, got=str(tag)[:60])

    def _start_map(self, event: Any, line: int) -> None:
        self._start("map", event, line)

    def _start_list(self, event: Any, line: int) -> None:
        self._start("list", event, line)

    def _start(self, kind: Literal["map", "list"], event: Any, line: int) -> None:
        self._count(event, line)
        if self._open and self._open[-1].kind == "map" and self._open[-1].key is None:
            self._stop("Q014", line)
        if len(self._open) >= MAX_DEPTH:
            self._stop("Q008", line, limit=MAX_DEPTH)
        self._open.append(_Open(kind, line, [], [], {}))

    def _end(self, event: Any, line: int) -> None:
        done = self._open.pop()
        self._place(Node(done.kind, done.line, entries=tuple(done.entries), items=tuple(done.items)))

    def _scalar(self, event: Any, line: int) -> None:
        self._count(event, line)
        plain = event.style in (None, "")
        if self._open and self._open[-1].kind == "map" and self._open[-1].key is None:
            self._key(event.value, line)
        else:
            self._place(Node("scalar", line, event.value, plain))
            if plain and self._open and self._open[-1].kind == "list" and swallowed_list(event.value):
                self._problem("Q085", line, got=quoted(event.value))

    def _alias(self, event: Any, line: int) -> None:
        self._problem("Q011", line, got="*" + event.anchor[:40])
        if self._open and self._open[-1].kind == "map" and self._open[-1].key is None:
            self._key("*" + event.anchor, line)
        else:
            self._place(Node("scalar", line, "", True))

    def _key(self, key: str, line: int) -> None:
        current = self._open[-1]
        if key in current.seen:
            self._problem("Q012", line, got=quoted(key), params={"first": current.seen[key]})
        current.seen.setdefault(key, line)
        current.key = (key, line)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        current = self._open[-1]
        if current.kind == "list":
            current.items.append(node)
        elif current.key is not None:
            if swallowed_key(current.key[0], alone=node.is_null):
                self._problem("Q085", current.key[1], got=quoted(current.key[0]))
            if node.is_null:  # the library places an absent value behind the comments that follow
                node = Node("scalar", current.key[1], node.text, True)
            current.entries.append(Entry(*current.key, node))
            current.key = None
