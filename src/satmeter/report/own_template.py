"""A user's own template: a folder beside the study whose ``template.toml`` says what it extends and its colours."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from satmeter.builtin import builtin_names
from satmeter.errors import Problem, ReportError
from satmeter.report.logo import Logo, read_logo
from satmeter.report.template_loader import file_inside

NAME = "template.toml"
KEYS = ("extends", "logo", "organisation", "colours")
COLOURS = ("accent", "good", "bad")
"""Colours that a template may set; each is a variable of ``style.css`` and of ``style.typ``."""
FILES = (NAME, "report.md.j2", "page.html.j2", "style.css", "style.typ")

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_ASKS = {
    "style.css": re.compile(r"(</|@import|url\()", re.IGNORECASE),
    "style.typ": re.compile(r"^(?!\s*//[^*\"`]*$).*\b(import|include|eval)\b"),
}
"""What a style sheet may not hold: typst would look for a package that is imported on the network.

A line that begins as a comment may end a longer comment, a string or a raw text, and go on with code.
"""


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``template.toml`` sets.

    Attributes
    ----------
    colours
        Pairs of variable and colour that take the place of those of the house.
    logo
        The organisation's sign, if there is one.
    """

    colours: tuple[tuple[str, str], ...] = ()
    logo: Logo | None = None


def is_folder(name: str) -> bool:
    """Tell whether the name of a template means a folder of the user's, and not a built-in one.

    Examples
    --------
    >>> is_folder("./ours"), is_folder("satisfaction")
    (True, False)
    """
    return any(mark in name for mark in "./\\")


def read_own(folder: Path) -> tuple[str, Settings]:
    """Return the built-in template that a folder extends, and its settings.

    Raises
    ------
    ReportError
        T030 (no such folder or no ``template.toml``), T031 (unreadable), T032 (unknown key or colour), T033 (no
        colour), T034 (extends nothing that there is), T036 (a link that leads out of the folder), T037 (a style sheet
        that asks for something from elsewhere), T039 to T042 (the logo); all of them at once.
    """
    path = folder / NAME
    if not path.exists():
        raise ReportError(Problem("T030", file=str(path)))
    strays = [
        Problem("T036", file=str(folder / n)) for n in FILES if (folder / n).exists() and not file_inside(folder, n)
    ]
    if strays:
        raise ReportError(strays)
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReportError(Problem("T031", file=str(path), params={"detail": str(error)[:200]})) from None
    problems = [*_unknown(path, "", content, KEYS), *_parent(path, content), *_colours(path, content), *_style(folder)]
    logo: Logo | list[Problem] | None = None
    if "logo" in content:
        logo = read_logo(folder, str(content["logo"]), str(content.get("organisation") or ""))
    if isinstance(logo, list):
        problems += logo
    if problems or isinstance(logo, list):
        raise ReportError(problems)
    return str(content["extends"]), Settings(tuple(sorted(content.get("colours", {}).items())), logo)


def _unknown(path: Path, prefix: str, table: dict[str, Any], allowed: tuple[str, ...]) -> list[Problem]:
    found = []
    for key in table:
        if key not in allowed:
            near = difflib.get_close_matches(key, allowed, 1)
            params = {"choices": ", ".join(allowed)}
            found.append(
                Problem("T032", file=str(path), got=prefix + key, suggestion=near[0] if near else "", params=params)
            )
    return found


def _parent(path: Path, content: dict[str, Any]) -> list[Problem]:
    names, parent = builtin_names("reports"), content.get("extends")
    if parent in names:
        return []
    near = difflib.get_close_matches(str(parent), names, 1)
    params = {"choices": ", ".join(names)}
    return [Problem("T034", file=str(path), got=str(parent or ""), suggestion=near[0] if near else "", params=params)]


def _colours(path: Path, content: dict[str, Any]) -> list[Problem]:
    colours = content.get("colours", {})
    if not isinstance(colours, dict):
        return [Problem("T033", file=str(path), got=str(colours)[:80])]
    wrong = [
        Problem("T033", file=str(path), got=f"{key} = {str(value)[:80]}")
        for key, value in colours.items()
        if key in COLOURS and not (isinstance(value, str) and _HEX.fullmatch(value))
    ]
    return [*_unknown(path, "colours.", colours, COLOURS), *wrong]


def _style(folder: Path) -> list[Problem]:
    return [
        Problem("T037", file=str(folder / name), line=number, got=match[1])
        for name, asks in _ASKS.items()
        if (folder / name).is_file()
        for number, line in enumerate((folder / name).read_text("utf-8", errors="replace").splitlines(), 1)
        if (match := asks.search(line))
    ]
