"""Markdown → one self-contained HTML page: pandoc's fragment, inline figures, style sheet and font subset."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from satmeter.report.context import Figure
from satmeter.report.figures.style import VARIABLES
from satmeter.report.material import Material
from satmeter.report.pandoc import MARKDOWN, convert
from satmeter.typography import subset_css

_FIGURE = re.compile(r'<img[^>]*\bsrc="figure:([^"]+)"[^>]*>')
_CAPTION = re.compile(r'<figcaption aria-hidden="true">')
_ROW_START = re.compile(r"(<tr[^>]*>\s*)<td([^>]*)>(.*?)</td>", re.DOTALL)
_HEADING = re.compile(r'<section id="([^"]+)" class="level2">\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)
_CONTENTS = re.compile(r'<div id="contents">\s*</div>')
_TAG = re.compile(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", re.DOTALL)


ARGUMENTS = ("--from", MARKDOWN, "--to", "html5", "--columns=100000", "--wrap=none", "--section-divs")


def write_html(material: Material) -> bytes:
    """Return the report as one page: style, font and figures inside, nothing asked from elsewhere."""
    template = material.template
    page, style = template.text("page.html.j2"), template.text("style.css")
    fragment = convert(material.markdown.encode("utf-8"), ARGUMENTS).decode("utf-8")
    return to_page(fragment, page, style, material).encode("utf-8")


def to_page(fragment: str, page: str, style: str, material: Material) -> str:
    """Return the whole page.

    Parameters
    ----------
    fragment
        The report's body as pandoc made it.
    page, style
        The template's ``page.html.j2`` and ``style.css``.
    material
        What the report is made from.
    """
    report = material.report
    figures = {figure.name: figure for figure in report.figures}
    body = _ROW_START.sub(r'\1<th scope="row"\2>\3</th>', fragment)
    body = _CAPTION.sub("<figcaption>", body)
    body = _FIGURE.sub(lambda m: _inline(figures[html.unescape(m[1])], material.svg), body)
    first, rest = _CONTENTS.split(body, 1) if _CONTENTS.search(body) else ("", body)
    text = _page_template(page).render(
        report=report,
        words=material.words,
        contents=[(anchor, Markup(title)) for anchor, title in _HEADING.findall(body)],  # noqa: S704 (pandoc's)
        first=Markup(first),  # noqa: S704 (pandoc's, with our own figures)
        rest=Markup(rest),  # noqa: S704 (pandoc's, with our own figures)
        version=material.version,
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
