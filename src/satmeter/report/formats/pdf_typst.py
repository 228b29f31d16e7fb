r"""pandoc's syntax tree → typst code that calls the functions of a template's ``style.typ``.

Texts become string literals of typst's code mode, in which nothing but ``\`` and ``"`` has a meaning, so that no text
can turn into anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, cast

from satmeter.report.context import Align
from satmeter.report.formats.pdf_tables import Layout, breakable, layout

Node = dict[str, Any]
DROPPED = ("swipe",)
"""Classes of what only a screen needs."""
TEXT = ("Header", "Para", "BulletList")
"""What goes with a wide table when it lies on its side, if nothing else stands above it."""
CONTENTS = "contents"
"""Identifier of the div in whose place the table of contents stands."""


class Emitter:
    """Writes blocks and inlines as typst code.

    Parameters
    ----------
    drawings
        Name of every figure to its pieces, in code.
    """

    def __init__(self, drawings: Mapping[str, Sequence[str]]) -> None:
        self.drawings = drawings
        self.layouts: dict[int, Layout] = {}

    def document(self, blocks: Sequence[Node]) -> str:
        """Return the whole body; a table that is too wide lies on its side, with the text right above it."""
        code: list[str] = []
        for turned, group in groupby(self._marked(blocks), key=itemgetter(1)):
            lines = self._lines([block for block, _ in group])
            code += ["sideways({", *lines, "})"] if turned else lines
        return "\n".join(code)

    def _marked(self, blocks: Sequence[Node]) -> list[tuple[Node, bool]]:
        """Return blocks, each with whether it lies on its side."""
        marked: list[tuple[Node, bool]] = []
        for run in _runs(blocks):
            wide = [any(self._layout(table).sideways for table in _tables(block)) for block in run]
            first = wide.index(True) if True in wide else 0
            with_lead = all(block["t"] in TEXT for block in run[:first])
            marked += [
                (block, is_wide or (with_lead and place < first))
                for place, (block, is_wide) in enumerate(zip(run, wide, strict=True))
            ]
        return marked

    def _lines(self, blocks: Sequence[Node]) -> list[str]:
        """Return blocks as lines of code; two figures that follow each other stand side by side."""
        lines: list[str] = []
        waiting = ""
        for block in blocks:
            code = self.block(block)
            if not code:
                continue
            single = block["t"] == "Figure" and len(self._pieces(_image(block["c"]))) == 1
            if waiting and single:
                lines[-1] = f"beside-pictures(({waiting}, {self._picture(block['c'])}))"
            else:
                lines.append(code)
            waiting = self._picture(block["c"]) if single and not waiting else ""
        return lines

    def block(self, node: Node) -> str:
        """Return one block; empty for what is dropped."""
        writers: dict[str, Callable[[Any], str]] = {
            "Para": self._paragraph,
            "Plain": self.inlines,
            "Header": self._header,
            "BulletList": lambda items: f"bullets({self._items(items)})",
            "OrderedList": lambda c: f"numbers({c[0][0]}, {self._items(c[1])})",
            "DefinitionList": self._definitions,
            "BlockQuote": lambda blocks: f"quote(block: true, {self.blocks(blocks)})",
            "CodeBlock": lambda c: f"raw(block: true, {literal(c[1])})",
            "HorizontalRule": lambda _: "line(length: 100%)",
            "Table": self._table,
            "Figure": self._figure,
            "Div": self._div,
        }
        return writers[node["t"]](node.get("c"))

    def blocks(self, nodes: Sequence[Node]) -> str:
        """Return several blocks as one piece of content."""
        lines = [line for node in nodes if (line := self.block(node))]
        return "{" + "; ".join(lines) + "}" if lines else "[]"

    def inlines(self, nodes: Sequence[Node]) -> str:
        """Return a line of text with its spans."""
        parts: list[str] = []
        text = ""
        for node in nodes:
            match node["t"]:
                case "Str":
                    text += node["c"]
                case "Space" | "SoftBreak":
                    text += " "
                case _:
                    if text:
                        parts.append(literal(breakable(text)))
                    text = ""
                    parts.append(self._inline(node))
        if text:
            parts.append(literal(breakable(text)))
        return " + ".join(part for part in parts if part) or "[]"

    def _inline(self, node: Node) -> str:
        content: Any = node.get("c")
        match node["t"]:
            case "Span":
                (_, classes, _), inner = content
                return "" if _is_dropped(classes) else f"span({array(map(literal, classes))}, {self.inlines(inner)})"
            case "Link":
                return f"link({literal(content[2][0])}, {self.inlines(content[1])})"
            case "Image":
                return f"inline-picture({array(self._pieces(node))})"
            case "Code":
                return f"raw({literal(content[1])})"
            case "LineBreak":
                return "linebreak()"
            case "Emph":
                return f"emph({self.inlines(content)})"
            case _:  # Strong; the dialect has no other
                return f"strong({self.inlines(content)})"

    def _paragraph(self, inlines: Sequence[Node]) -> str:
        return "" if (text := self.inlines(inlines)) == "[]" else f"par({text})"

    def _header(self, content: Any) -> str:
        level, (name, classes, _), inlines = content
        numbered = "false" if "unlisted" in classes else "true"
        return f"head({max(1, level - 1)}, {literal(name)}, {numbered}, {self.inlines(inlines)})"

    def _items(self, items: Sequence[Sequence[Node]]) -> str:
        return array(self.blocks(item) for item in items)

    def _definitions(self, entries: Sequence[Any]) -> str:
        pairs = (array((self.inlines(word), self.blocks(list(chain(*meanings))))) for word, meanings in entries)
        return f"definitions({array(pairs)})"

    def _div(self, content: Any) -> str:
        (name, classes, _), blocks = content
        if name == CONTENTS:
            return "contents()"
        if _is_dropped(classes):
            return ""
        children = array(line for block in blocks if (line := self.block(block)))
        return f"div({array(map(literal, classes))}, {children})"

    def _figure(self, content: Any) -> str:
        return f"picture{self._picture(content)}"

    def _picture(self, content: Any) -> str:
        _, (_, caption), _ = content
        return f"({array(self._pieces(_image(content)))}, {self._caption(caption)})"

    def _pieces(self, image: Node) -> Sequence[str]:
        return self.drawings[image["c"][2][0].removeprefix("figure:")]

    def _cell(self, blocks: Sequence[Node]) -> str:
        """Return a cell; a single line is no paragraph of its own, which would make the file larger."""
        return self.inlines(blocks[0]["c"]) if [b["t"] for b in blocks] == ["Plain"] else self.blocks(blocks)

    def _caption(self, blocks: Sequence[Node]) -> str:
        return self.inlines([inline for block in blocks for inline in block["c"]])

    def _table(self, content: Any) -> str:
        rows, aligns, caption = _cells(content)
        found = self._layout(content)
        pieces = []
        for columns, widths in found.pieces:
            cells = [array(self._cell(row[i]) for i in columns) for row in rows]
            pieces.append(
                f"(widths: {array(f'{w}pt' for w in widths)}, align: {array(aligns[i] for i in columns)}, "
                f"header: {cells[0]}, rows: {array(cells[1:])})"
            )
        return f"figures-table({found.size}pt, {array(pieces)}, {self._caption(caption)})"

    def _layout(self, content: Any) -> Layout:
        if id(content) not in self.layouts:
            rows, aligns, _ = _cells(content)
            texts = [[_text(cell) for cell in row] for row in rows]
            self.layouts[id(content)] = layout(texts, aligns)
        return self.layouts[id(content)]


def literal(text: str) -> str:
    r"""Return a text as a string of typst's code.

    Examples
    --------
    >>> print(literal('#eval("1")\\'))
    "#eval(\"1\")\\"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def array(entries: Any) -> str:
    """Return an array of typst's code, of entries that are code already.

    Examples
    --------
    >>> array(["1"]), array(["1", "2"]), array([])
    ('(1,)', '(1, 2)', '()')
    """
    listed = list(entries)
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def _is_dropped(classes: Sequence[str]) -> bool:
    return any(name in DROPPED for name in classes)


def _cells(content: Any) -> tuple[list[list[list[Node]]], list[Align], list[Node]]:
    """Return the cells of a table, the headings of the columns first, the sides of its columns and its caption."""
    _, (_, caption), columns, head, bodies, _ = content
    rows = [*head[1], *(row for body in bodies for row in body[3])]
    aligns: list[Align] = ["right" if align["t"] == "AlignRight" else "left" for align, _ in columns]
    return [[cell[4] for cell in row[1]] for row in rows], aligns, caption


def _text(node: Any) -> str:
    """Return the text of a part of the tree."""
    if isinstance(node, list):
        return "".join(map(_text, node))
    match node:
        case {"t": "Str", "c": text}:
            return str(text)
        case {"t": "Space" | "SoftBreak"}:
            return " "
        case {"c": content}:
            return _text(content)
        case _:
            return ""


def _tables(node: Any) -> list[Any]:
    """Return the contents of all tables in a part of the tree."""
    if isinstance(node, list):
        return [table for entry in node for table in _tables(entry)]
    if isinstance(node, dict):
        return [node["c"]] if node.get("t") == "Table" else _tables(node.get("c"))
    return []


def _image(content: Any) -> Node:
    """Return the image of a figure."""
    (image,) = [inline for block in content[2] for inline in block["c"] if inline["t"] == "Image"]
    return cast(Node, image)


def _runs(blocks: Sequence[Node]) -> list[list[Node]]:
    """Return blocks in runs that begin with a heading; headings that follow each other begin one run together."""
    runs: list[list[Node]] = [[]]
    for block in blocks:
        if block["t"] == "Header" and any(before["t"] != "Header" for before in runs[-1]):
            runs.append([])
        runs[-1].append(block)
    return runs
