"""A report template: a folder with the Markdown that every format is made from, and the looks of each format."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from satmeter.builtin import builtin, builtin_names
from satmeter.errors import Problem, ReportError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, eq=False)
class Template:
    """A template that was found.

    Attributes
    ----------
    name
        Its folder's name.
    folders
        Its own folder, then those that it takes missing files from.
    """

    name: str
    folders: tuple[Traversable, ...]

    def text(self, file: str) -> str:
        """Return a file of the template as text: the first folder that has it wins.

        Raises
        ------
        FileNotFoundError
            When no folder has it.
        """
        for folder in self.folders:
            if (path := folder / file).is_file():
                return path.read_text("utf-8")
        raise FileNotFoundError(file)


def find_template(name: str) -> Template:
    """Return a built-in template.

    Raises
    ------
    ReportError
        T002, when there is none of this name.
    """
    names = builtin_names("reports")
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        choices = {"choices": ", ".join(names)}
        raise ReportError(Problem("T002", got=name, suggestion=near[0] if near else "", params=choices))
    return Template(name, (builtin("reports") / name,))
