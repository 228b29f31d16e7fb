"""The sentences behind the codes, read from ``codes/*.toml`` when a message is shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from satmeter.errors import Note, Problem

_WORDS = {
    "en": {
        "where": "where:    ",
        "got": "got:      ",
        "expected": "expected: ",
        "hint": "hint:     ",
        "warning": "warning",
    },
    "zh-CN": {"where": "位置：", "got": "实际：", "expected": "应为：", "hint": "提示：", "warning": "警告"},
}
_SUGGESTION = {"en": "did you mean '{}'? ", "zh-CN": "是否想写“{}”？"}
_SEPARATOR = {"en": ", ", "zh-CN": "，"}
_FOLDER = Path(__file__).parent


@cache
def entries() -> Mapping[str, Mapping[str, Any]]:
    """Return every code's entry: ``title``, ``expected``, ``hint``, ``explain``, each a map of languages.

    Returns
    -------
    mapping
        Code to entry, in the order of the codes.
    """
    found: dict[str, Any] = {}
    for path in sorted((_FOLDER / "codes").glob("*.toml")):
        found |= _tables(path)
    return dict(sorted((code, entry) for code, entry in found.items()))


@cache
def _kinds() -> Mapping[str, Mapping[str, str]]:
    return _tables(_FOLDER / "kinds.toml")


@cache
def _room(letter: str) -> dict[str, Any]:
    return _tables(_FOLDER / "codes" / f"{letter}.toml")


def _tables(path: Path) -> dict[str, Any]:
    import tomllib  # here, because work without messages does not need it

    return tomllib.loads(path.read_text("utf-8"))


def sentence(code: str, part: str, params: Mapping[str, Any], language: str) -> str:
    """Return one sentence of one code with its fields filled in; empty when the code has no such part."""
    template: str = _room(code[0])[code].get(part, {}).get(language, "")
    return template.format_map(params) if template else ""


def render_problem(problem: Problem, language: str) -> str:
    """Return a problem in the form of docs/errors.md: title, where, got, expected, hint."""
    words = _WORDS[language]
    label = f"{problem.code} ({words['warning']})" if problem.severity == "warning" else problem.code
    lines = [f"{label}: {sentence(problem.code, 'title', problem.params, language)}"]
    where = _place(problem, language)
    expected = sentence(problem.code, "expected", problem.params, language)
    hint = sentence(problem.code, "hint", problem.params, language)
    if problem.suggestion:
        hint = _SUGGESTION[language].format(problem.suggestion) + hint
    for key, text in (("where", where), ("got", problem.got), ("expected", expected), ("hint", hint)):
        if text:
            lines.append(f"  {words[key]}{text.strip()}")
    return "\n".join(lines)


def render_note(note: Note, language: str) -> str:
    """Return a note as one sentence."""
    return sentence(note.code, "title", {"about": note.about, **note.params}, language)


def _place(problem: Problem, language: str) -> str:
    parts = []
    if problem.file:
        parts.append(f"{problem.file}:{problem.line}" if problem.line else problem.file)
    if problem.about:
        kind, name = problem.about
        parts.append(f"{_kinds().get(kind, {}).get(language, kind)} {name}")
    return _SEPARATOR[language].join(parts)
