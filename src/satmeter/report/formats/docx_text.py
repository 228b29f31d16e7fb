"""WordprocessingML of text: pandoc's inline elements as runs, fields, bookmarks and paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape as _escaped
from xml.sax.saxutils import quoteattr

Node = dict[str, Any]

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AMBIGUOUS = re.compile("[‘’“”…—–·×±≥≤°§]")  # drawn by the Latin or the Chinese font: the run has to say
_INTERVAL = re.compile(r"\[[^\s\]]+ [^\s\]]+\]")

CHARACTER_STYLES = {
    "name": "ItemName",
    "hedge": "Hedge",
    "example": "Example",
    "aside": "Aside",
    "base": "Base",
    "definition": "Definition",
    "interval": "Interval",
    "stat-name": "ItemName",
    "big": "KeyFigure",
    "value": "KeyFigure",
}
"""Class of a span in a template's Markdown to the character style that it gets."""


def escape(text: str) -> str:
    r"""Return text for XML: markup escaped, characters that XML forbids left out.

    Examples
    --------
    >>> escape("a < b & c\x07")
    'a &lt; b &amp; c'
    """
    return _escaped(_ILLEGAL.sub("", text))


def attribute(text: str) -> str:
    """Return text as an XML attribute's value with its quotes, on one line."""
    return quoteattr(" ".join(_ILLEGAL.sub("", text).split()))


@dataclass(frozen=True, slots=True)
class Look:
    """How a run looks beyond its paragraph's style, and where it leads."""

    style: str = ""
    bold: bool = False
    italic: bool = False
    target: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """Writes inline elements in one language.

    Attributes
    ----------
    chinese
        Whether quotation marks and the like are drawn by the East Asian font.
    link
        Gives the relationship of an address outside the document.
    """

    chinese: bool
    link: Callable[[str], str]

    def runs(self, inlines: Sequence[Node], look: Look | None = None) -> str:
        """Return pandoc's inline elements as runs; neighbours that look alike are one run."""
        return self.joined(pieces(inlines, look or Look()))

    def joined(self, found: Iterator[tuple[str, Look]]) -> str:
        """Return pieces of text as runs."""
        written = ""
        for look, group in groupby(found, key=lambda piece: piece[1]):
            written += self._linked("".join(text for text, _ in group), look)
        return written

    def run(self, text: str, look: Look | None = None) -> str:
        """Return one run; line breaks stay, other white space is one space."""
        look = look or Look()
        properties = f'<w:rStyle w:val="{look.style}"/>' if look.style else ""
        if self.chinese and _AMBIGUOUS.search(text):
            properties += '<w:rFonts w:hint="eastAsia"/>'
        properties += "<w:b/>" * look.bold + "<w:i/>" * look.italic
        head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
        lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
        return f"<w:r>{head}{'<w:br/>'.join(lines)}</w:r>" if text else ""

    def _linked(self, text: str, look: Look) -> str:
        inner = self.run(text, look)
        if look.target.startswith("#"):
            return f'<w:hyperlink w:anchor="{bookmark_name(look.target[1:])}" w:history="1">{inner}</w:hyperlink>'
        if look.target.startswith(("https://", "http://", "mailto:")):
            return f'<w:hyperlink r:id="{self.link(look.target)}" w:history="1">{inner}</w:hyperlink>'
        return inner


def pieces(inlines: Sequence[Node], look: Look) -> Iterator[tuple[str, Look]]:
    """Give pandoc's inline elements as pieces of text and how each looks; images and formulas give nothing."""
    for node in inlines:
        kind, content = node["t"], node.get("c", ())
        if kind == "Str":
            yield str(content), look
        elif kind in ("Space", "SoftBreak"):
            yield " ", look
        elif kind == "LineBreak":
            yield "\n", look
        elif kind == "Code":
            yield str(content[1]), replace(look, style="Code")
        elif content and kind not in ("Image", "Math", "RawInline", "Note"):
            yield from pieces(_inside(kind, content), _look(kind, content, look))


def _inside(kind: str, content: Any) -> Sequence[Node]:
    """Return the inline elements inside one: its second part where it has attributes or a kind of its own."""
    inside: Sequence[Node] = content[1] if kind in ("Span", "Link", "Quoted", "Cite") else content
    return inside


def _look(kind: str, content: Any, look: Look) -> Look:
    if kind == "Emph":
        return replace(look, italic=True)
    if kind == "Strong":
        return replace(look, bold=True)
    if kind == "Link":
        return replace(look, style="Hyperlink", target=str(content[2][0]))
    if kind == "Span":
        styles = [CHARACTER_STYLES[name] for name in content[0][1] if name in CHARACTER_STYLES]
        return replace(look, style=styles[0]) if styles else look
    return look


def plain(inlines: Sequence[Node]) -> str:
    """Return the text of pandoc's inline elements."""
    return "".join(text for text, _ in pieces(inlines, Look()))


def kept_together(text: str) -> str:
    r"""Return text in which an interval in brackets is not broken over lines.

    Examples
    --------
    >>> kept_together("74.2 [72.1, 76.3]").split(" ")
    ['74.2', '[72.1,\xa076.3]']
    """
    return _INTERVAL.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def paragraph(style: str, runs: str, properties: str = "") -> str:
    """Return a paragraph; `properties` stand behind the style in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def simple_field(instruction: str, shown: str) -> str:
    """Return a field with the result that is shown until it is computed anew."""
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'


def bookmark_name(anchor: str) -> str:
    """Return the name of a heading's bookmark, at most 40 letters, digits and low lines.

    Examples
    --------
    >>> bookmark_name("known-groups")
    '_Toc_known_groups'
    """
    return ("_Toc_" + re.sub(r"\W", "_", anchor))[:40]


def bookmark(number: int, name: str, inner: str) -> str:
    """Return runs inside a bookmark; its number is its own in the whole document."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'
