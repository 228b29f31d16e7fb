"""Heat map of loadings: items in the blocks of their constructs, constructs as columns."""

from __future__ import annotations

from satmeter.report.figures.sheet import Box, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    PAPER,
    SMALL,
    STRESS,
    WIDTH,
    text_width,
    wrapped,
)
from satmeter.report.number_text import decimal
from satmeter.report.plots import HeatPlot

CELL = 0.235
WIDEST = 0.9
TITLE_CELLS = 58
DARKEST = 0.62
_FRAME = Stroke(INK, 1.2)
_BROKEN = Stroke(STRESS, 1.2, (4.4, 1.9))


def draw_heat(plot: HeatPlot) -> Sheet:
    """Draw one cell an item and construct, darker for a higher number; a block's own cells have a frame.

    The frame of an item that goes at least as closely with another construct is broken and of another colour.
    """
    n_columns = len(plot.columns)
    titles = [wrapped(block.title, TITLE_CELLS) for block in plot.blocks]
    heights = [1.15 + 0.6 * title.count("\n") for title in titles]
    total = sum(heights) + sum(len(block.rows) for block in plot.blocks)
    left = max((text_width(row.label) for block in plot.blocks for row in block.rows), default=1) * 0.071 + 0.14
    sheet = Sheet(total * CELL + 0.34)
    width = min(WIDTH - left - 0.04, WIDEST * n_columns)
    cells = plane(sheet, (left, 0.04, WIDTH - left - width, 0.28), (0, n_columns), (-total, 0))
    for j, column in enumerate(plot.columns):
        sheet.text(cells.x(j + 0.5), cells.y(0) + 2, column, SMALL, MUTED, across="center", up="bottom")
    top = 0.0
    for block, title, height in zip(plot.blocks, titles, heights, strict=True):
        sheet.text(0, cells.y(-top - height + 0.14), title, SMALL, up="bottom")
        top += height
        for row in block.rows:
            sheet.text(cells.left - 2, cells.y(-top - 0.5), row.label, SMALL - 0.5, MUTED, across="right")
            _cells(cells, row.values, top, block.own, stranger=row.stranger)
            top += 1
    return sheet


def _cells(cells: Plane, values: tuple[float | None, ...], top: float, own: int | None, *, stranger: bool) -> None:
    size = SMALL - 1 if len(values) <= 9 else SMALL - 2.5
    wide, high = cells.x(1) - cells.x(0), cells.y(1) - cells.y(0)
    for j, value in enumerate(values):
        left, bottom = cells.x(j), cells.y(-top - 1)
        if value is not None:
            shade = DARKEST * min(abs(value), 1.0) ** 1.5
            place = (left + 0.03 * wide, bottom + 0.03 * high, 0.94 * wide, 0.94 * high)
            cells.sheet.shapes.append(Box(*place, PAPER))
            cells.sheet.shapes.append(Box(*place, MAIN if value >= 0 else STRESS, shade))
        if j == own:
            place = (left + 0.05 * wide, bottom + 0.05 * high, 0.9 * wide, 0.9 * high)
            cells.sheet.shapes.append(Box(*place, stroke=_BROKEN if stranger else _FRAME))
        cells.sheet.text(left + wide / 2, bottom + 0.47 * high, decimal(value, 2), size, across="center")
