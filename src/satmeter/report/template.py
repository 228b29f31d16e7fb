"""A report template: a folder with the Markdown that every format is made from, and the looks of each format."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from satmeter.builtin import builtin, builtin_names
from satmeter.errors import Problem, ReportError
from satmeter.report.own_template import is_folder, read_own

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
    folders
        Its own folder, then that of the built-in template that it takes missing files from.
    colours
        Pairs of variable and colour that take the place of those in the style sheets.
    """

    name: str
    folders: tuple[Traversable, ...]
    colours: tuple[tuple[str, str], ...] = ()

    @property
    def own(self) -> tuple[Traversable, ...]:
        """The user's folder; nothing for a built-in template."""
        return self.folders[:-1]

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

    def _styled(self, file: str, texts: list[str]) -> str:
        """Return inherited style first, then the template's own; colours are set where the inherited ones stand."""
        inherited, own = texts[-1], texts[:-1]
        for name, colour in self.colours:
            if file == "style.css":
                inherited = re.sub(rf"(--{name}:\s*)#[0-9a-fA-F]{{3,6}}", rf"\g<1>{colour}", inherited)
            else:
                inherited = re.sub(rf'(#let {name} = rgb\(")#[0-9a-fA-F]{{6}}', rf"\g<1>{colour}", inherited)
        return "\n".join((inherited, *own))


def find_template(name: str) -> Template:
    """Return a built-in template, or the user's own where the name is that of a folder (``./ours``).

    Raises
    ------
    ReportError
        T002, when there is none of this name; T030 to T037 for a folder.
    """
    if is_folder(name):
        folder = Path(name)
        parent, colours = read_own(folder)
        return Template(folder.resolve().name, (folder, builtin("reports") / parent), colours)
    names = builtin_names("reports")
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        choices = {"choices": ", ".join(names)}
        raise ReportError(Problem("T002", got=name, suggestion=near[0] if near else "", params=choices))
    return Template(name, (builtin("reports") / name,))
