"""pandoc: the report's Markdown into other formats, and its syntax tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from satmeter.errors import Problem, ReportError

# No raw HTML, no autolinks, no mathematics: a text from a questionnaire can become nothing but text.
MARKDOWN = (
    "markdown_strict+pipe_tables+table_captions+fenced_divs+bracketed_spans+header_attributes+link_attributes"
    "+definition_lists+implicit_figures+all_symbols_escapable+startnum+blank_before_header-raw_html"
)


@cache
def pandoc_file() -> str:
    """Return pandoc's path: the one that ``PYPANDOC_PANDOC`` names, else that of the wheel, else that of the machine.

    The package pypandoc, which carries pandoc, is not imported: it takes a tenth of a second, asks every pandoc that it
    finds for its version and prefers a newer one of the machine, so that the same study could give another page.
    """
    if chosen := os.environ.get("PYPANDOC_PANDOC"):
        return chosen
    spec = find_spec("pypandoc")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for name in ("pandoc", "pandoc.exe"):
            if (path := Path(folder) / "files" / name).is_file():
                return str(path)
    return shutil.which("pandoc") or "pandoc"


def convert(source: bytes, arguments: Sequence[str]) -> bytes:
    """Return what pandoc makes of a text.

    Parameters
    ----------
    source
        What pandoc reads, UTF-8.
    arguments
        Fixed arguments, such as ``--from`` and ``--to``. pandoc runs in its sandbox: it opens no file and no address.

    Raises
    ------
    ReportError
        T005, when pandoc is missing or fails.
    """
    try:
        run = subprocess.run(  # noqa: S603 (pandoc of the wheel, fixed arguments)
            [pandoc_file(), "--sandbox", *arguments], input=source, capture_output=True, check=True
        )
    except subprocess.CalledProcessError as error:
        raise ReportError(Problem("T005", got=error.stderr.decode("utf-8", "replace").strip()[:300])) from error
    except OSError as error:
        raise ReportError(Problem("T005", got=str(error).strip()[:300])) from error
    return run.stdout


def syntax_tree(markdown: str) -> dict[str, Any]:
    """Return pandoc's syntax tree of a template's Markdown: ``{"blocks": […], "meta": {…}, …}``."""
    tree: dict[str, Any] = json.loads(convert(markdown.encode("utf-8"), ["--from", MARKDOWN, "--to", "json"]))
    return tree


def written(tree: dict[str, Any], to: str, arguments: Sequence[str] = ()) -> bytes:
    """Return a syntax tree in another format, as pandoc writes it."""
    source = json.dumps(tree, ensure_ascii=False).encode("utf-8")
    return convert(source, ["--from", "json", "--to", to, *arguments])
