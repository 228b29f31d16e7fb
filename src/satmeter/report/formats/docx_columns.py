"""How a table fits on paper: page upright or across, size of type, widths of columns, tables that are parted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from satmeter.report.figures.style import text_width

UPRIGHT, ACROSS = 9411, 14343
"""Width of the text in twips (twentieths of a point) on A4 with margins of 22 mm."""

SIZES = (9, 8, 7)
"""Points in which tables are set; the body text has 10.5."""

FEW_ROWS, FEW_BLOCKS = 6, 2

_CELL = 20 * 0.535  # twips of a half-width character for every point of type
_MARGINS = 170
_MOST_TEXT, _LEAST_TEXT = 26, 18  # half-width characters that a column of text asks for, before and instead of turning
_LONGEST_PIECE = 24  # longer pieces are broken inside
_SHORT = 4  # headings of two Chinese characters are not broken
_SHORT_SHARE = 6  # characters of ``99.7%`` and shorter shares
_BREAK = re.compile(r"[ \u200b]|(?<=[-–/])")


@dataclass(frozen=True, slots=True)
class Block:
    """Columns that stand side by side: their places in the table and their widths in twips."""

    columns: tuple[int, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table on paper: whether the page lies across, size of type, and its blocks, one below the other."""

    across: bool
    points: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column asks for, in half-width characters."""

    tight: int
    snug: int
    comfortable: int
    natural: int


def measured(head: str, cells: Sequence[str], *, number: bool) -> Column:
    """Return what a column asks for.

    Parameters
    ----------
    head, cells
        Texts of its heading and of the cells below.
    number
        Whether it holds numbers, which are not broken where a line may stay whole.
    """
    longest = max((_longest(cell) + _sign(cell) for cell in cells), default=1)
    natural = max((text_width(cell) + _sign(cell) for cell in cells), default=1)
    tight = max(_heading(head, 4), min(longest, _LONGEST_PIECE), 2)
    snug = max(tight, _heading(head, 3), min(natural, _LONGEST_PIECE if number else _LEAST_TEXT))
    comfortable = max(snug, _heading(head, 2), min(natural, _LONGEST_PIECE if number else _MOST_TEXT))
    return Column(tight, snug, comfortable, max(comfortable, natural, _heading(head, 1)))


def _sign(cell: str) -> int:
    """Return the room that a per cent sign takes beyond a digit's; longer cells have it to spare.

    Examples
    --------
    >>> _sign("67%"), _sign("67"), _sign("67% [61%, 73%]")
    (1, 0, 0)
    """
    return int("%" in cell and len(cell) <= _SHORT_SHARE)


def _heading(head: str, lines: int) -> int:
    """Return the width in which a heading takes about so many lines; it is bold, hence a little wider."""
    whole = text_width(head)
    return min(max(_longest(head), min(whole, _SHORT), -(-whole // lines)) + 1, _LONGEST_PIECE)


def lay_out(columns: Sequence[Column], rows: int) -> Layout:
    """Return how a table fits: as large and as upright as may be, never wider than the page.

    Where even the smallest type on a page across is too large, columns are parted into blocks, and the first column
    comes again in each. A table of few rows turns no page where two blocks hold it.
    """
    everything = tuple(range(len(columns)))
    comfortable = [column.comfortable for column in columns]
    snug, tight = [column.snug for column in columns], [column.tight for column in columns]
    upright = ((False, 9, comfortable), (False, 8, comfortable), (False, 9, snug), (False, 8, snug))
    turned = ((True, 9, comfortable), (True, 8, comfortable), (True, 7, comfortable), (True, 7, snug), (True, 7, tight))
    for across, points, asked in (*upright, *turned):
        page = ACROSS if across else UPRIGHT
        if _twips(asked, points) <= page:
            if across and rows <= FEW_ROWS and len(parts := _parted(columns, 8, UPRIGHT)) == FEW_BLOCKS:
                return Layout(False, 8, tuple(_block(columns, part, 8, UPRIGHT) for part in parts))
            return Layout(across, points, (_block(columns, everything, points, page),))
    return Layout(True, 8, tuple(_block(columns, part, 8, ACROSS) for part in _parted(columns, 8, ACROSS)))


def _parted(columns: Sequence[Column], points: int, page: int) -> list[tuple[int, ...]]:
    """Return blocks of about as many columns each, every one led by the first column."""
    rest = range(1, len(columns))
    for count in range(2, len(columns)):
        size = -(-len(rest) // count)
        blocks = [(0, *rest[start : start + size]) for start in range(0, len(rest), size)]
        if all(_twips([columns[i].comfortable for i in block], points) <= page for block in blocks):
            return blocks
    return [(0, i) for i in rest]


def _block(columns: Sequence[Column], places: tuple[int, ...], points: int, page: int) -> Block:
    """Return the widths: what is comfortable if it fits, then more for those whose text is longer."""
    found = [columns[i] for i in places]
    need: list[int] = []
    for asked in ([c.comfortable for c in found], [c.snug for c in found], [c.tight for c in found]):
        need = [_width(cells, points) for cells in asked]
        if sum(need) <= page:
            break
    else:
        need = [page * width // sum(need) for width in need]
    more = [max(0, _width(column.natural, points) - width) for column, width in zip(found, need, strict=True)]
    left = page - sum(need)
    if left < sum(more):
        return Block(places, tuple(w + left * m // sum(more) for w, m in zip(need, more, strict=True)))
    widths = [width + extra for width, extra in zip(need, more, strict=True)]
    if sum(widths) > 0.62 * page:
        widths = [width * page // sum(widths) for width in widths]
    return Block(places, tuple(widths))


def _twips(asked: Sequence[int], points: int) -> int:
    return sum(_width(cells, points) for cells in asked)


def _width(cells: int, points: int) -> int:
    return round(cells * _CELL * points) + _MARGINS


def _longest(text: str) -> int:
    """Return the width of the longest piece that has no place to break; a Chinese character is a piece."""
    longest = 0
    for word in _BREAK.split(text):
        run = 0
        for character in word:
            wide = east_asian_width(character) in "WF"
            run = 2 if wide else run + 1
            longest = max(longest, run)
    return longest
