"""Markdown → one self-contained HTML page: pandoc's fragment, inline figures, style sheet and font subset."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from satmeter.errors import Problem, ReportError
from satmeter.report.context import Figure, ReportContext
from satmeter.report.figures.style import VARIABLES
from satmeter.report.wording import Words
from satmeter.typography import subset_css

# No raw HTML, no autolinks, no mathematics: a text from a questionnaire can become nothing but text.
FORMAT = (
    "markdown_strict+pipe_tables+table_captions+fenced_divs+bracketed_spans+header_attributes+link_attributes"
    "+definition_lists+implicit_figures+all_symbols_escapable+startnum+blank_before_header-raw_html"
)
_FIGURE = re.compile(r'<img[^>]*\bsrc="figure:([^"]+)"[^>]*>')
_CAPTION = re.compile(r'<figcaption aria-hidden="true">')
_ROW_START = re.compile(r"(<tr[^>]*>\s*)<td([^>]*)>(.*?)</td>", re.DOTALL)
_HEADING = re.compile(r'<section id="([^"]+)" class="level2">\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)
_CONTENTS = re.compile(r'<div id="contents">\s*</div>')
_TAG = re.compile(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", re.DOTALL)


def to_fragment(markdown: str) -> str:
    """Return the HTML fragment that pandoc makes of Markdown.

    Raises
    ------
    ReportError
        T005, when pandoc is missing or fails.
    """
    import pypandoc

    arguments = ["--from", FORMAT, "--to", "html5", "--columns=100000", "--wrap=none", "--section-divs", "--sandbox"]
    try:
        # Not pypandoc.convert_text: it asks pandoc for its list of formats twice before every page.
        run = subprocess.run(  # noqa: S603 (pandoc of the wheel, fixed arguments)
            [pypandoc.get_pandoc_path(), *arguments], input=markdown, capture_output=True, encoding="utf-8", check=True
        )
    except subprocess.CalledProcessError as error:
        raise ReportError(Problem("T005", got=str(error.stderr).strip()[:300])) from error
    except OSError as error:
        raise ReportError(Problem("T005", got=str(error).strip()[:300])) from error
    return run.stdout


def to_page(
    fragment: str, page: str, style: str, report: ReportContext, words: Words, drawn: Mapping[str, str], version: str
) -> str:
    """Return the whole page.

    Parameters
    ----------
    fragment
        The report's body as pandoc made it.
    page, style
        The template's ``page.html.j2`` and ``style.css``.
    report, words
        Context and words of the same language.
    drawn
        Name of a figure to its SVG.
    version
        Version of satmeter, for the page's foot.
    """
    figures = {figure.name: figure for figure in report.figures}
    body = _ROW_START.sub(r'\1<th scope="row"\2>\3</th>', fragment)
    body = _CAPTION.sub("<figcaption>", body)
    body = _FIGURE.sub(lambda m: _inline(figures[html.unescape(m[1])], drawn), body)
    first, rest = _CONTENTS.split(body, 1) if _CONTENTS.search(body) else ("", body)
    text = _page_template(page).render(
        report=report,
        words=words,
        contents=[(anchor, Markup(title)) for anchor, title in _HEADING.findall(body)],  # noqa: S704 (pandoc's)
        first=Markup(first),  # noqa: S704 (pandoc's, with our own figures)
        rest=Markup(rest),  # noqa: S704 (pandoc's, with our own figures)
        version=version,
    )
    shown = html.unescape(_TAG.sub("", text))
    return text.replace(
        "/*style*/",
        subset_css(shown, quotes="wide" if report.language.startswith("zh") else "narrow") + "\n" + style,
        1,
    )


@lru_cache(maxsize=8)
def _page_template(page: str) -> Template:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(page)


def _inline(figure: Figure, drawn: Mapping[str, str]) -> str:
    """Return a figure for use inside the page: its colours follow the page's, light and dark."""
    svg = drawn[figure.name]
    for color, variable in VARIABLES.items():
        svg = svg.replace(f": {color}", f": var({variable}, {color})")
    return svg
