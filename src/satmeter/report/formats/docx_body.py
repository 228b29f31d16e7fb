"""The text of a Word report: every block of pandoc's syntax tree in the style that a class or its kind asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from satmeter.report.context import Figure
from satmeter.report.formats.docx_columns import UPRIGHT
from satmeter.report.formats.docx_figure import PIECE_WIDE, cut, drawn_pieces, image_xml, printed
from satmeter.report.formats.docx_package import Relations
from satmeter.report.formats.docx_sections import Flow
from satmeter.report.formats.docx_styles import NUMBERS
from satmeter.report.formats.docx_table import beside_table, figures_table, merged, read_grid, table_xml
from satmeter.report.formats.docx_text import (
    Inline,
    Node,
    bookmark,
    bookmark_name,
    kept_together,
    paragraph,
    plain,
    simple_field,
)
from satmeter.report.material import Material


@dataclass(frozen=True, slots=True)
class Place:
    """The paragraph styles of texts and list items where a block stands."""

    text: str = "BodyText"
    bullet: str = "ListBullet"


PLACES = {
    "notes": Place("Note", "NoteBullet"),
    "quality-line": Place("Note", "NoteBullet"),
    "read-first": Place("Warning", "WarningBullet"),
    "banner": Place("Banner", "WarningBullet"),
}
"""Class of a div to the styles inside it."""

_CONTENTS = Flow("", "contents")
_SPAN_PARTS = {"stat-name": "name", "big": "figure", "value": "figure", "definition": "definition"}


class Body:
    """Writes blocks one after another and counts headings, tables, figures and lists.

    Parameters
    ----------
    material
        What the report is made from.
    relations
        Takes images and addresses.
    """

    def __init__(self, material: Material, relations: Relations) -> None:
        self.relations = relations
        self.inline = Inline(material.report.language.startswith("zh"), relations.link)
        self.lists = 0
        self._words = material.words
        self._drawn = material
        self._figures = {figure.name: figure for figure in material.figures}
        self._headings: list[tuple[int, str, str]] = []
        self._counts = {"table": 0, "figure": 0}
        self._bookmarks: list[str] = []
        self._images = 0
        self._brief = False

    def written(self, blocks: Sequence[Node]) -> list[Flow]:
        """Return a document's blocks, its table of contents where the template wants it.

        A report without contents is a brief one: two figures that follow each other stand side by side.
        """
        self._brief = not _wants_contents(blocks)
        flows = list(self._blocks(blocks, Place()))
        return [Flow(self._contents(), "contents") if flow is _CONTENTS else flow for flow in flows]

    def _blocks(self, blocks: Sequence[Node], place: Place) -> Iterator[Flow]:
        pair = [node["t"] == "Figure" and self._brief for node in blocks]
        place_of = 0
        while place_of < len(blocks):
            if all(pair[place_of : place_of + 2]) and place_of + 1 < len(blocks):
                yield self._beside(blocks[place_of : place_of + 2])
                place_of += 2
            else:
                yield from self._block(blocks[place_of], place)
                place_of += 1

    def _beside(self, nodes: Sequence[Node]) -> Flow:
        """Return two figures side by side, each above its caption."""
        cells = []
        for figure in (self._figures[name] for node in nodes for name in figure_names(node)):
            png = self._drawn.png[figure.name]
            size = printed(png, most_wide=PIECE_WIDE)
            image = self.image(f"{figure.name}.png", png, size, figure.caption, figure.alt)
            caption = self._caption("figure", self.inline.run(figure.caption), "FigureCaption")
            cells.append(paragraph("Figure", image) + caption)
        return Flow(beside_table(cells, UPRIGHT), "figure")

    def _block(self, node: Node, place: Place) -> Iterator[Flow]:
        kind, content = node["t"], node.get("c")
        match kind, content:
            case "Para" | "Plain", _:
                yield from self._paragraph(content or (), place.text)
            case "Header", (level, attributes, inlines):
                yield self._heading(level, attributes[0], inlines)
            case "Div", (attributes, inside):
                yield from self._div(attributes, inside, place)
            case "Figure", (_, _, inside):
                yield from self._blocks(inside, place)
            case "Table", _:
                yield self._table(node)
            case "BulletList", _:
                for item in content or ():
                    yield from self._item(item, place, place.bullet, "")
            case "OrderedList", (_, items):
                yield from self._numbered(items, place)
            case "DefinitionList", _:
                yield from self._definitions(content or ())
            case "BlockQuote", _:
                yield from self._blocks(content or (), Place("Quote", place.bullet))
            case "CodeBlock", (_, text):
                yield Flow(paragraph("Preformatted", self.inline.run(text)), "text")

    def _paragraph(self, inlines: Sequence[Node], style: str) -> Iterator[Flow]:
        images = [name for node in inlines for name in figure_names(node)]
        for name in images:
            yield self._figure(self._figures[name])
        spans = {name for node in inlines if node["t"] == "Span" for name in node["c"][0][1]}
        if not images and "swipe" not in spans:
            yield Flow(paragraph(style, self.inline.runs(inlines)), "text")

    def _heading(self, level: int, identifier: str, inlines: Sequence[Node]) -> Flow:
        depth = min(max(level - 1, 1), 3)
        name = bookmark_name(identifier)
        if not identifier or name in self._bookmarks:
            name = f"_Toc_{len(self._headings) + 1:04d}"
        self._headings.append((depth, name, plain(inlines)))
        return Flow(paragraph(f"Heading{depth}", self._marked(name, self.inline.runs(inlines))), "heading")

    def _marked(self, name: str, inner: str) -> str:
        self._bookmarks.append(name)
        return bookmark(len(self._bookmarks), name, inner)

    def _div(self, attributes: Any, inside: Sequence[Node], place: Place) -> Iterator[Flow]:
        identifier, classes, _ = attributes
        if identifier == "contents":
            yield _CONTENTS
        elif "hero" in classes:
            yield from self._hero(inside, place)
        else:
            styled = [PLACES[name] for name in classes if name in PLACES]
            yield from self._blocks(inside, styled[0] if styled else place)

    def _item(self, blocks: Sequence[Node], place: Place, style: str, properties: str) -> Iterator[Flow]:
        for number, node in enumerate(blocks):
            if number == 0 and node["t"] in ("Para", "Plain"):
                yield Flow(paragraph(style, self.inline.runs(node["c"]), properties), "text")
            else:
                yield from self._block(node, place)

    def _numbered(self, items: Sequence[Sequence[Node]], place: Place) -> Iterator[Flow]:
        self.lists += 1
        number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{NUMBERS + self.lists}"/></w:numPr>'
        for item in items:
            yield from self._item(item, place, "ListNumber", number)

    def _definitions(self, terms: Sequence[Any]) -> Iterator[Flow]:
        for term, meanings in terms:
            yield Flow(paragraph("Term", self.inline.runs(term)), "text")
            for meaning in meanings:
                yield from self._blocks(meaning, Place("Meaning"))

    def _table(self, node: Node) -> Flow:
        """Return a table under its caption; one that is too wide for any page goes on in a table below."""
        grid = read_grid(node)
        layout = grid.layout()
        title = plain(grid.caption)
        written = self._caption("table", self.inline.runs(grid.caption), "Caption") if title else ""
        for place, block in enumerate(layout.blocks):
            if place:
                again = self._words.fill("document.continued", {"n": str(self._counts["table"])})
                written += paragraph("Caption", self.inline.run(again), "<w:keepNext/>")
            written += table_xml(grid, block, layout.points, self.inline, title)
        return Flow(written, "table", layout.across)

    def _figure(self, figure: Figure) -> Flow:
        """Return a figure above its caption; a tall one in pieces, two side by side."""
        drawn = drawn_pieces(figure, cut(self._drawn.svg[figure.name]))
        if not drawn:
            whole = self._drawn.png[figure.name]
            runs = self.image(f"{figure.name}.png", whole, printed(whole), figure.caption, figure.alt)
        else:
            runs = ""
            for place, png in enumerate(drawn, 1):
                name = self._words.fill("document.piece", {"caption": figure.caption, "n": str(place)})
                size = printed(png, most_wide=PIECE_WIDE)
                runs += self.image(f"{figure.name}-{place}.png", png, size, name, figure.alt if place == 1 else name)
        caption = self._caption("figure", self.inline.run(figure.caption), "FigureCaption")
        return Flow(paragraph("Figure", runs) + caption, "figure")

    def image(self, file: str, png: bytes, size: tuple[int, int], name: str, alt: str) -> str:
        """Return a run with an image that the package holds."""
        self._images += 1
        return image_xml(self._images, self.relations.image(file, png), size, name=name, alt=alt)

    def _caption(self, kind: str, runs: str, style: str) -> str:
        """Return a caption whose number is a field and stands in a bookmark, so that the text can refer to it."""
        self._counts[kind] += 1
        label, number = self._words[f"document.{kind}"], str(self._counts[kind])
        counted = self.inline.run(label) + simple_field(rf"SEQ {label.strip()} \* ARABIC", number)
        marked = self._marked(f"_Ref_{kind}_{number}", counted)
        gap = self.inline.run(self._words["document.caption_gap"])
        return paragraph(style, marked + gap + runs, "<w:keepNext/>" if kind == "table" else "")

    def _hero(self, blocks: Sequence[Node], place: Place) -> Iterator[Flow]:
        """Give the first screen's figures as a table, after the sentence that says the first of them."""
        rows: list[tuple[str, str]] = []
        rest: list[Flow] = []
        for stat in _stats(blocks):
            parts: dict[str, list[Node]] = {}
            for node in stat:
                inlines = node["c"] if node["t"] in ("Para", "Plain") else []
                found = [_SPAN_PARTS[n] for i in inlines if i["t"] == "Span" for n in i["c"][0][1] if n in _SPAN_PARTS]
                if found:
                    parts[found[0]] = inlines
                else:
                    rest += self._block(node, place)
            if "figure" in parts:
                rows.append((self._cell(parts, "name", "definition"), self._cell(parts, "figure")))
        yield from (flow for flow in rest if flow.kind != "figure")
        if rows:
            yield Flow(figures_table(rows, UPRIGHT, self._words["document.key_figures"]), "table")
        yield from (flow for flow in rest if flow.kind == "figure")

    def _cell(self, parts: dict[str, list[Node]], *names: str) -> str:
        """Return the paragraphs of one cell."""
        style = "TableNumber" if "figure" in names else "TableText"
        return "".join(
            paragraph(style, self.inline.joined((kept_together(text), look) for text, look in merged(parts[name])))
            for name in names
            if name in parts
        )

    def _contents(self) -> str:
        """Return the table of contents with entries that lead to headings; updating it adds the page numbers."""
        entries = [(depth, name, text) for depth, name, text in self._headings if depth <= 2]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        written = paragraph("TOCHeading", self.inline.run(self._words["page.contents"]))
        for place, (depth, name, text) in enumerate(entries):
            link = f'<w:hyperlink w:anchor="{name}" w:history="1">{self.inline.run(text)}</w:hyperlink>'
            runs = begin * (place == 0) + link + end * (place == len(entries) - 1)
            written += paragraph(f"TOC{depth}", runs)
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{written}</w:sdtContent></w:sdt>"
        )


def figure_names(node: Any) -> list[str]:
    """Return the names of the figures in a part of the syntax tree."""
    if isinstance(node, list):
        return [name for entry in node for name in figure_names(entry)]
    if not isinstance(node, dict):
        return []
    if node.get("t") == "Image":
        address = str(node["c"][2][0])
        return [address.removeprefix("figure:")] if address.startswith("figure:") else []
    return figure_names(node.get("c"))


def _wants_contents(blocks: Sequence[Node]) -> bool:
    divs = [node["c"] for node in blocks if node["t"] == "Div"]
    return any(attributes[0] == "contents" or _wants_contents(inside) for attributes, inside in divs)


def _stats(blocks: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """Give the blocks of every card of the first screen, the index first."""
    for node in blocks:
        if node["t"] != "Div":
            yield [node]
        elif {"index", "card"} & set(node["c"][0][1]):
            yield node["c"][1]
        else:
            yield from _stats(node["c"][1])
