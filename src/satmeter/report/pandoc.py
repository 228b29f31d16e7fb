"""pandoc: the report's Markdown into other formats, and its syntax tree."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from satmeter.errors import Problem, ReportError

# No raw HTML, no autolinks, no mathematics: a text from a questionnaire can become nothing but text.
MARKDOWN = (
    "markdown_strict+pipe_tables+table_captions+fenced_divs+bracketed_spans+header_attributes+link_attributes"
    "+definition_lists+implicit_figures+all_symbols_escapable+startnum+blank_before_header-raw_html"
)


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
    import pypandoc

    try:
        # Not pypandoc.convert_text: it asks pandoc for its list of formats twice before every page.
        run = subprocess.run(  # noqa: S603 (pandoc of the wheel, fixed arguments)
            [pypandoc.get_pandoc_path(), "--sandbox", *arguments], input=source, capture_output=True, check=True
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
