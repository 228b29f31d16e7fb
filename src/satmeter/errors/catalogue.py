"""The sentences behind the codes, read from ``codes/*.toml`` when a message is shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from satmeter.errors.sentences import read_sentences

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
_FOLDER = os.path.dirname(__file__)  # no pathlib: it would cost `satmeter --help` 4 ms


@cache
def entries() -> Mapping[str, Mapping[str, Any]]:
    """Return every code's entry: ``title``, ``expected``, ``hint``, ``explain``, each a map of languages.

    Returns
    -------
    mapping
        Code to entry, in the order of the codes.
    """
    letters = sorted({name[0] for name in os.listdir(os.path.join(_FOLDER, "codes")) if name.endswith(".toml")})
    return {code: entry for letter in letters for code, entry in sorted(_room(letter).items())}


@cache
def _room(letter: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the entries of one room: of every file whose name begins with its letter."""
    found: dict[str, Any] = {}
    for name in sorted(os.listdir(os.path.join(_FOLDER, "codes"))):
        if name.startswith(letter) and name.endswith(".toml"):
            found |= _tables("codes", name)
    return found


@cache
def _kinds() -> Mapping[str, Mapping[str, str]]:
    return _tables("kinds.toml")


def _tables(*names: str) -> dict[str, Any]:
    with open(os.path.join(_FOLDER, *names), encoding="utf-8") as file:
        return read_sentences(file.read())


def sentence(code: str, part: str, params: Mapping[str, Any], language: str) -> str:
    """Return one sentence of one code with its fields filled in; empty when the code has no such part.

    Lists in the fields get the separator of the language.
    """
    template: str = _room(code[0])[code].get(part, {}).get(language, "")
    if not template:
        return ""
    fields = params if isinstance(params, _Unsaid) else {n: _listed(value, language) for n, value in params.items()}
    return template.format_map(fields)


def _listed(value: Any, language: str) -> Any:
    if language != "zh-CN" or not isinstance(value, str) or ", " not in value:
        return value
    parts = value.split("“")  # a wording in quotes keeps its own commas
    for i, part in enumerate(parts):
        inside, quote, outside = part.rpartition("”") if i else ("", "", part)
        parts[i] = f"{inside}{quote}{outside.replace(', ', '、')}"
    return "“".join(parts)


def render_problem(problem: Problem, language: str) -> str:
    """Return a problem in the form of docs/errors.md: title, where, got, expected, hint."""
    words = _WORDS[language]
    label = f"{problem.code} ({words['warning']})" if problem.severity == "warning" else problem.code
    lines = [f"{label}: {sentence(problem.code, 'title', problem.params, language)}"]
    where = _place(problem, language)
    expected = sentence(problem.code, "expected", problem.params, language)
    hint = sentence(problem.code, "hint", problem.params, language)
    if problem.suggestion:
        hint = _SUGGESTION[language].format(_listed(problem.suggestion, language)) + hint
    for key, text in (("where", where), ("got", problem.got), ("expected", expected), ("hint", hint)):
        if text:
            lines.append(f"  {words[key]}{text.strip()}")
    return "\n".join(lines)


def render_note(note: Note, language: str) -> str:
    """Return a note as one sentence; a problem that it gives as its reason (`code`) is told in words."""
    fields: dict[str, Any] = {"about": note.about, **note.params}
    if "code" in fields:
        told = sentence(str(fields["code"]), "title", _Unsaid(note.params), language)
        fields["reason"] = told.partition(" (")[0].partition("（")[0]  # what follows are places in arrays
    return sentence(note.code, "title", fields, language)


class _Unsaid(dict[str, Any]):
    """Fields of a sentence of which nothing is known."""

    def __missing__(self, name: str) -> str:
        return "\u2026"


def _place(problem: Problem, language: str) -> str:
    parts = []
    if problem.file:
        parts.append(f"{problem.file}:{problem.line}" if problem.line else problem.file)
    if problem.about:
        kind, name = problem.about
        parts.append(f"{_kinds().get(kind, {}).get(language, kind)} {name}")
    return _SEPARATOR[language].join(parts)
