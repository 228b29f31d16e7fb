"""Tables of a Word report: cells that can be edited, head on every page, widths that suit what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from satmeter.report.formats.docx_columns import SIZES, Block, Layout, lay_out, measured
from satmeter.report.formats.docx_text import Inline, Look, Node, attribute, kept_together, paragraph, pieces, plain

_LOOK = (
    '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="1" w:noVBand="1"/>'
)

_KEPT_WHOLE = 12  # tables of no more rows stay on one page
_KEPT_ENDS = 3  # so many rows at least of longer ones stand on their first page, and on their last
_PLAIN = _LOOK.replace("0620", "0600").replace('w:firstRow="1"', 'w:firstRow="0"')


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of pandoc's syntax tree: caption, rows of the head and of the body, columns that stand right."""

    caption: tuple[Node, ...]
    head: tuple[tuple[tuple[Node, ...], ...], ...]
    body: tuple[tuple[tuple[Node, ...], ...], ...]
    right: tuple[bool, ...]

    def layout(self) -> Layout:
        """Return how the table fits on paper."""
        columns = []
        for place, right in enumerate(self.right):
            head = " ".join(plain(row[place]) for row in self.head)
            cells = [kept_together(plain(row[place])) for row in self.body]
            columns.append(measured(head, cells, number=right))
        return lay_out(columns, len(self.body))


def read_grid(node: Node) -> Grid:
    """Return a table of pandoc's syntax tree; a cell's blocks are lines of it."""
    _, caption, specs, head, bodies, foot = node["c"]
    rows = [row for body in bodies for part in (body[2], body[3]) for row in part] + foot[1]
    return Grid(
        tuple(_lines(caption[1])),
        tuple(_row(row) for row in head[1] if any(cell[4] for cell in row[1])),
        tuple(_row(row) for row in rows),
        tuple(spec[0]["t"] == "AlignRight" for spec in specs),
    )


def _row(row: Sequence[Any]) -> tuple[tuple[Node, ...], ...]:
    return tuple(tuple(_lines(cell[4])) for cell in row[1])


def _lines(blocks: Sequence[Node]) -> list[Node]:
    """Return the text of blocks as inline elements, a line break between two blocks."""
    lines: list[Node] = []
    for block in blocks:
        if block["t"] in ("Para", "Plain"):
            lines += [{"t": "LineBreak"}] * bool(lines) + block["c"]
    return lines


def table_xml(grid: Grid, block: Block, points: int, inline: Inline, title: str) -> str:
    """Return the columns of one block as a table.

    Parameters
    ----------
    grid, block, points
        The table, the columns that are wanted with their widths, and the size of type.
    inline
        Writes the text.
    title
        The table's name for a reader who does not see it.
    """
    size = "" if points == SIZES[0] else str(points)
    widths = "".join(f'<w:gridCol w:w="{width}"/>' for width in block.widths)
    properties = (
        f'<w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{sum(block.widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{_LOOK}<w:tblCaption w:val={attribute(title)}/></w:tblPr>'
    )
    rows = [_row_xml(row, grid.right, block, f"Heading{size}", inline, keep=True, head=True) for row in grid.head]
    for place, row in enumerate(grid.body, 1):
        keep = _kept_with_next(place, len(grid.body))
        rows.append(_row_xml(row, grid.right, block, size, inline, keep=keep))
    return f"<w:tbl>{properties}<w:tblGrid>{widths}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _kept_with_next(place: int, rows: int) -> bool:
    """Tell whether a row stays on the page of the next one.

    Examples
    --------
    >>> [place for place in range(1, 16) if _kept_with_next(place, 15)]
    [1, 2, 13, 14]
    """
    near_an_end = place < _KEPT_ENDS or place > rows - _KEPT_ENDS
    return place < rows and (rows <= _KEPT_WHOLE or near_an_end)


def _row_xml(
    row: Sequence[Sequence[Node]],
    right: Sequence[bool],
    block: Block,
    ending: str,
    inline: Inline,
    *,
    keep: bool,
    head: bool = False,
) -> str:
    cells, kept = "", "<w:keepNext/>" * keep
    for place, width in zip(block.columns, block.widths, strict=True):
        style = f"{'TableNumber' if right[place] else 'TableText'}{ending}"
        text = inline.joined((kept_together(text), look) for text, look in merged(row[place]))
        bottom = '<w:vAlign w:val="bottom"/>' if head else ""
        cells += (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{bottom}</w:tcPr>{paragraph(style, text, kept)}</w:tc>'
        )
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{cells}</w:tr>"


def merged(inlines: Sequence[Node]) -> list[tuple[str, Look]]:
    """Return pieces of text, neighbours that look alike as one, so that an interval stands in one piece."""
    found: list[tuple[str, Look]] = []
    for text, look in pieces(inlines, Look()):
        if found and found[-1][1] == look:
            found[-1] = (found[-1][0] + text, look)
        else:
            found.append((text, look))
    return found


def figures_table(rows: Sequence[tuple[str, str]], width: int, title: str) -> str:
    """Return the table of key figures: on the left names and definitions, on the right the figures.

    Parameters
    ----------
    rows
        Paragraphs of the left and of the right cell.
    width
        Of the text, in twips.
    title
        The table's name for a reader who does not see it.
    """
    widths = (round(0.64 * width), width - round(0.64 * width))
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    written = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
            for w, cell in zip(widths, row, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{_PLAIN}<w:tblCaption w:val={attribute(title)}/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{written}</w:tbl>"
    )


def beside_table(cells: Sequence[str], width: int) -> str:
    """Return what stands side by side, without lines: paragraphs a cell, over a width in twips."""
    each = width // len(cells)
    columns = f'<w:gridCol w:w="{each}"/>' * len(cells)
    written = "".join(f'<w:tc><w:tcPr><w:tcW w:w="{each}" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for cell in cells)
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>{_PLAIN}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{written}</w:tr></w:tbl>"
    )
