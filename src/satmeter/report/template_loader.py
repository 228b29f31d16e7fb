"""Where `extends`, `import` and `include` are looked for: built-in templates and the template's own folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, Environment, TemplateNotFound

from satmeter.builtin import builtin

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class TemplateLoader(BaseLoader):
    """Finds ``satisfaction/report.md.j2`` among the built-ins and everything else in the template's own folders.

    No name leads out of these folders: neither ``..`` nor a link that points elsewhere.
    """

    def __init__(self, folders: tuple[Traversable, ...] = ()) -> None:
        self.folders = folders

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the source of a template, its name, and whether it is still the same."""
        path = self._path(template)
        if path is None:
            raise TemplateNotFound(template)
        source = path.read_text("utf-8")
        return source, template, lambda: path.read_text("utf-8") == source

    def _path(self, name: str) -> Traversable | None:
        own = (file_inside(folder, name) for folder in self.folders)
        return next((path for path in (*own, file_inside(builtin("reports"), name)) if path), None)


def file_inside(folder: Traversable, name: str) -> Traversable | None:
    """Return a file of a folder; None where there is none, or where its name or a link leads out of the folder."""
    parts = name.split("/")
    if "\\" in name or any(part in ("", ".", "..") or ":" in part for part in parts):
        return None
    path = folder.joinpath(*parts)
    if not path.is_file():
        return None
    if isinstance(path, Path) and isinstance(folder, Path) and not path.resolve().is_relative_to(folder.resolve()):
        return None
    return path
