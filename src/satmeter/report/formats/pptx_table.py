"""Tables on slides: widths of columns, and rows and columns that go on to the next slide."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Table
from satmeter.report.formats.pptx_slides import TableBody
from satmeter.report.formats.pptx_text import pages, single_width, text_height, word_width
from satmeter.report.formats.pptx_theme import BODY, Box

PADDING = 14.0
ROW_PADDING = 6.0
SLACK = 1.15
"""How much wider than reckoned columns are made where there is room."""

FIRST_SHARE = 0.22
"""Part of the width that the names of rows get at least where columns go on to the next slide."""

STEP = 6.0
SIZES = (16.0, 14.0, 12.0)

MAP_BOX = Box(BODY.left, BODY.top, 560, BODY.height)
KEY_BOX = Box(BODY.left + 572, BODY.top, BODY.width - 572, BODY.height)


def table_bodies(table: Table, *, budget: float = BODY.height) -> tuple[TableBody, ...]:
    """Return a table on one slide in the largest of three sizes, or in as many parts of the smallest as it takes.

    Columns that do not fit go on to the next slide with the first one beside them.
    """
    for size in SIZES:
        bodies = _bodies(table, size, budget)
        if len(bodies) == 1:
            break
    return bodies


def _bodies(table: Table, size: float, budget: float) -> tuple[TableBody, ...]:
    found = []
    for chosen in _column_sets(table, size):
        some = Table(
            table.caption,
            tuple(table.columns[j] for j in chosen),
            tuple(tuple(row[j] for j in chosen) for row in table.rows),
        )
        widths = column_widths(some, size, BODY.width)
        heads = row_height([c.label for c in some.columns], widths, size)
        heights = [row_height(row, widths, size) for row in some.rows]
        for start, stop in pages(heights, budget - heads):
            found.append(TableBody(Table(some.caption, some.columns, some.rows[start:stop]), widths, size))
    return tuple(found)


def row_height(cells: Sequence[str], widths: Sequence[float], size: float) -> float:
    """Return the height of a row in points: that of its tallest cell."""
    rooms = zip(cells, widths, strict=True)
    return max(text_height(cell or " ", size, width - PADDING + 2) for cell, width in rooms) + ROW_PADDING


def key_widths(table: Table) -> tuple[float, ...]:
    """Return the widths of a table that stands beside a chart: number, name, mark."""
    mark = _wish(table, len(table.columns) - 1, 12.0)
    number = _wish(table, 0, 12.0)
    return (number, KEY_BOX.width - number - mark, mark)


def key_fits(table: Table) -> bool:
    """Tell whether a table has room beside a chart."""
    widths = key_widths(table)
    rows = (tuple(c.label for c in table.columns), *table.rows)
    return sum(row_height(row, widths, 12.0) for row in rows) <= KEY_BOX.height


def _least(table: Table, j: int, size: float) -> float:
    """Return the least width of a column: its longest word; numbers, which are never broken, on one line."""
    column = table.columns[j]
    cells = [row[j] for row in table.rows]
    if column.align == "right":
        return max([word_width(column.label, size), *(single_width(cell, size) for cell in cells)]) + PADDING
    words = max((word_width(cell, size) for cell in (column.label, *cells)), default=0.0)
    return max(words, 6.0 * size if j == 0 else 0.0) + PADDING


def _wish(table: Table, j: int, size: float) -> float:
    """Return the width of a column whose texts all stand on one line; a heading may take two."""
    label = table.columns[j].label
    head = max(word_width(label, size), 0.6 * single_width(label, size))
    return max([head, *(single_width(row[j], size) for row in table.rows)]) + PADDING


def _column_sets(table: Table, size: float) -> list[list[int]]:
    """Return which columns stand together: as many as have their least width, the first one in every set."""
    least = [_least(table, j, size) for j in range(len(table.columns))]
    first = min(_wish(table, 0, size), max(least[0], FIRST_SHARE * BODY.width))
    room = BODY.width - (first if sum(least[1:]) + first > BODY.width else least[0])
    return [[0, *range(start + 1, stop + 1)] for start, stop in pages(least[1:], room)] or [[0]]


def column_widths(table: Table, size: float, room: float) -> tuple[float, ...]:
    """Return widths from the least upwards: what is left goes, bit by bit, to the column with the longest cells.

    Examples
    --------
    >>> from satmeter.report.context import Column
    >>> table = Table("", (Column("Score"), Column("Change")), (("Staff", "surely higher"),))
    >>> round(column_widths(table, 12.0, 500.0)[1] / (single_width("surely higher", 12.0) + PADDING), 2)
    1.15
    """
    columns = range(len(table.columns))
    wishes = [_wish(table, j, size) for j in columns]
    widths = [min(_least(table, j, size), wishes[j]) for j in columns]
    spare = room - sum(widths[1:])
    widths[0] = max(widths[0], min(wishes[0], FIRST_SHARE * room, spare))
    while sum(widths) + STEP <= room:
        j = max(columns, key=lambda k: wishes[k] / widths[k])
        if widths[j] >= wishes[j]:
            break
        widths[j] = min(wishes[j], widths[j] + STEP)
    more = min(SLACK, room / sum(widths))  # widths are reckoned, and the reader's fonts are not known
    return tuple(width * max(more, 1.0) for width in widths)
