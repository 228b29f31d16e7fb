"""Texts from outside stay text, in Markdown and in HTML."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.report.formats.html import ARGUMENTS
from satmeter.report.markdown import escape
from satmeter.report.pandoc import convert


def to_fragment(markdown):
    return convert(markdown.encode("utf-8"), ARGUMENTS).decode("utf-8")


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(1)</script>",
    "a | b || c",
    "*em* **strong** _x_ ~~s~~ ^2^",
    "`code` ```\nfence\n```",
    "{{ report.title }} {% for x in y %}",
    "=cmd|'/c calc'!A1",
    "[link](javascript:alert(1)) ![i](http://x/y.png) <http://x>",
    "# heading",
    "1. list",
    "- list",
    "::: {.fence}",
    ": definition",
    "$x^2$ \\(y\\) \\newline",
    "&lt;b&gt; &amp; &#x41;",
    "]{.big} {#id onclick=x}",
    "quote \" and ' apostrophe",
    "tail \\",
    "[^1] @cite [@cite]",
    "--- ... -- ''",
    "line\nbreak\r\nand\ttab",
    "Résumé 满意度 ≥ 90 %",
]


def shown(fragment: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", fragment))).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_paragraph_shows_the_text_as_it_is(text):
    fragment = to_fragment(f"x {escape(text)} y\n")
    assert set(re.findall(r"<(\w+)", fragment)) == {"p"}
    assert shown(fragment) == "x " + " ".join(text.split()) + " y"


def test_a_table_cell_shows_the_text_as_it_is():
    cells = "".join(f"| {escape(text)} | 1 |\n" for text in HOSTILE)
    fragment = to_fragment(f"| a | b |\n|:---|---:|\n{cells}\n")
    found = [shown(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", fragment, re.DOTALL)]
    assert found[::2] == [" ".join(text.split()) for text in HOSTILE]
    assert set(re.findall(r"<(\w+)", fragment)) == {"table", "thead", "tbody", "tr", "th", "td"}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"]), min_size=1),
        max_size=40,
    )
)
def test_any_text_survives(texts):
    fragment = to_fragment("\n\n".join(f"x{escape(text)}y" for text in texts) + "\n\nend\n")
    found = [shown(p) for p in re.findall(r"<p>(.*?)</p>", fragment, re.DOTALL)]
    assert found == [" ".join(f"x{escape_free(text)}y".split()) for text in texts] + ["end"]


def escape_free(text: str) -> str:
    return text.strip()


def test_marks_that_turn_the_direction_of_writing_are_dropped():
    assert escape("a\u202eb\u2066c\x00d") == "abcd"
