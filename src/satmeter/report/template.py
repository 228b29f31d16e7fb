"""A report template: a folder with the Markdown that every format is made from, and the looks of each format."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from satmeter.builtin import builtin, builtin_names
from satmeter.errors import Problem, ReportError
from satmeter.report.own_template import NAME, Settings, is_folder, read_own

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_STYLES = ("style.css", "style.typ")


@dataclass(frozen=True, eq=False)
class Template:
    """A template that was found.

    Attributes
    ----------
    name
        Its folder's name.
    kind
        The built-in template that it is, or that it extends: what the report is called, and which slides it has.
    folders
        Its own folder, then those of the built-in templates that it takes missing files from, the nearest first.
    own
        The user's folder; nothing for a built-in template.
    settings
        Colours and logo of a user's template.
    """

    name: str
    kind: str
    folders: tuple[Traversable, ...]
    own: tuple[Traversable, ...] = ()
    settings: Settings = field(default_factory=Settings)

    def text(self, file: str) -> str:
        """Return a file of the template as text: the first folder that has it wins, style sheets are put together.

        Raises
        ------
        FileNotFoundError
            When no folder has it.
        """
        texts = [path.read_text("utf-8") for folder in self.folders if (path := folder / file).is_file()]
        if not texts:
            raise FileNotFoundError(file)
        return self._styled(file, texts) if file in _STYLES else texts[0]

    def place(self, file: str, line: int) -> tuple[str, int]:
        """Return the file that a line of a style sheet, as `text` puts it together, comes from, and its line there."""
        for path in (folder / file for folder in reversed(self.folders)):
            if path.is_file():
                long = path.read_text("utf-8").count("\n") + 1
                if line <= long:
                    return str(path), line
                line -= long
        return file, 0

    def _styled(self, file: str, texts: list[str]) -> str:
        """Return inherited style first, then the template's own; colours are set where the inherited ones stand."""
        *own, inherited = texts
        for name, colour in self.settings.colours:
            if file == "style.css":
                inherited = re.sub(rf"(--{name}:\s*)#[0-9a-fA-F]{{3,6}}", rf"\g<1>{colour}", inherited)
            else:
                inherited = re.sub(rf'(#let {name} = rgb\(")#[0-9a-fA-F]{{6}}', rf"\g<1>{colour}", inherited)
        return "\n".join((inherited, *reversed(own)))


def find_template(name: str) -> Template:
    """Return a built-in template, or the user's own where the name is that of a folder (``./ours``).

    Raises
    ------
    ReportError
        T002, when there is none of this name; T030 to T037 for a folder.
    """
    if is_folder(name):
        folder = Path(name)
        parent, settings = read_own(folder)
        return Template(folder.resolve().name, parent, (folder, *_line(parent)), (folder,), settings)
    names = builtin_names("reports")
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        choices = {"choices": ", ".join(names)}
        raise ReportError(Problem("T002", got=name, suggestion=near[0] if near else "", params=choices))
    return Template(name, name, _line(name))


def _line(name: str) -> tuple[Traversable, ...]:
    """Return the folder of a built-in template, then those of the templates that it extends."""
    folder = builtin("reports") / name
    path = folder / NAME
    if not path.is_file():
        return (folder,)
    return (folder, *_line(str(tomllib.loads(path.read_text("utf-8"))["extends"])))
