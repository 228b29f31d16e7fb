"""Markdown → one self-contained HTML page: pandoc's fragment, inline figures, style, script and font subset."""

from __future__ import annotations

import html
import json
import re
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from satmeter.report.formats.html_exhibits import Exhibits
from satmeter.report.formats.html_policy import policy, styles_apart
from satmeter.report.material import Material
from satmeter.report.pandoc import MARKDOWN, convert
from satmeter.report.wording import Words
from satmeter.typography import subset_css

_ROW_START = re.compile(r"(<tr[^>]*>\s*)<td([^>]*)>(.*?)</td>", re.DOTALL)
_HEADING = re.compile(r'<section id="([^"]+)" class="level2">\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)
_CONTENTS = re.compile(r'<div id="contents">\s*</div>')
# Whole elements: a text from a questionnaire cannot hold a tag.
_STYLE = re.compile(r"<style>\s*/\*style\*/\s*</style>")
_SCRIPT = re.compile(r"<script>\s*/\*script\*/\s*</script>")
_TAG = re.compile(r"<[^>]+>")


ARGUMENTS = ("--from", MARKDOWN, "--to", "html5", "--columns=100000", "--wrap=none", "--section-divs")

SAID_BY_SCRIPT = (
    "filter",
    "filter_of",
    "rows",
    "copy",
    "copied",
    "not_copied",
    "sorted_up",
    "sorted_down",
    "unsorted",
    "values",
    "unfold_all",
    "fold_all",
)
"""Words of the table ``explore`` that the page's script says."""


def write_html(material: Material) -> bytes:
    """Return the report as one page: style, script, font and figures inside, nothing asked from elsewhere.

    The page is complete without its script, which sorts, filters and copies tables, says values of figures and opens
    what a link points to.
    """
    fragment = convert(material.markdown.encode("utf-8"), ARGUMENTS).decode("utf-8")
    return to_page(fragment, material).encode("utf-8")


def to_page(fragment: str, material: Material) -> str:
    """Return the whole page.

    Parameters
    ----------
    fragment
        The report's body as pandoc made it.
    material
        What the report is made from; its template gives ``page.html.j2``, ``style.css`` and ``page.js``.
    """
    report, template = material.report, material.template
    exhibits = Exhibits({figure.name: figure for figure in material.figures}, material.svg, material.words)
    body = exhibits.rewritten(_ROW_START.sub(r'\1<th scope="row"\2>\3</th>', fragment))
    body, sheet = styles_apart(body + exhibits.letters())
    wanted = _CONTENTS.search(body)
    first, rest = _CONTENTS.split(body, 1) if wanted else ("", body)
    headings = _HEADING.findall(fragment) if wanted else []
    contents = [(anchor, Markup(title)) for anchor, title in headings]  # noqa: S704 (pandoc's)
    said = script_words(material.words)
    text = _page_template(template.text("page.html.j2")).render(
        report=report,
        words=material.words,
        kicker=material.kicker,
        logo=material.logo,
        contents=contents,
        first=Markup(first),  # noqa: S704 (pandoc's, with our own figures)
        rest=Markup(rest),  # noqa: S704 (pandoc's, with our own figures)
        script_words=said,
        version=material.version,
    )
    shown = html.unescape(_TAG.sub("", text)) + said
    font = subset_css(shown, quotes="wide" if report.language.startswith("zh") else "narrow")
    style = "\n".join((font, template.text("style.css"), sheet))
    script = template.text("page.js")
    text = text.replace('content="/*policy*/"', f'content="{policy(style, script)}"', 1)
    text = _STYLE.sub(lambda _: f"<style>{style}</style>", text, count=1)
    return _SCRIPT.sub(lambda _: f"<script>{script}</script>", text, count=1)


def script_words(words: Words) -> str:
    """Return the words that the page's script says, as JSON."""
    return json.dumps({key: words[f"explore.{key}"] for key in SAID_BY_SCRIPT}, ensure_ascii=False)


@lru_cache(maxsize=8)
def _page_template(page: str) -> Template:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(page)
