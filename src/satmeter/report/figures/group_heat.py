"""Mean scores of groups as a heat map with bases: stronger is higher, triangles are sure, broken frames are small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from satmeter.report.figures.dots import OWN_BASE, label_inches, row_positions
from satmeter.report.figures.sheet import POINTS, Box, Plane, Polygon, Sheet, Stroke, plane
from satmeter.report.figures.style import INK, MAIN, MUTED, PAPER, SMALL, WIDTH, mark, wrapped
from satmeter.report.group_plots import GroupCell, GroupHeatPlot
from satmeter.report.number_text import count, decimal

FEWEST_COLUMNS, MOST_COLUMNS = 4, 6
WIDEST = 0.8
ROW, LINE, HEAD = 0.28, 0.12, 0.13
"""Inches of a row at least, of a line of its name, and of a line of a column's name."""

LEGEND = 0.5
LIGHTEST, DARKEST = 0.04, 0.6
LABEL_CELLS = 16
HEAD_SIZE, GAP, STEPS = 7.5, 0.8, 7


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns in blocks, one under the other, with the names as they are broken into lines."""

    width: float
    names: list[str]
    blocks: list[range]
    heads: list[float]


def draw_group_heat(plot: GroupHeatPlot) -> Sheet:
    """Draw a row a group and a column a construct; many constructs stand in several blocks, one under the other."""
    labels = [wrapped(row.label, LABEL_CELLS) + f"\nn = {count(row.n)}" for row in plot.rows]
    heights = [max(ROW, LINE * (label.count("\n") + 1) + 0.05) for label in labels]
    left = label_inches(labels)
    inner = sum(heights)
    layouts = [_layout(plot.columns, left, most) for most in range(MOST_COLUMNS, FEWEST_COLUMNS - 1, -1)]
    layout = min(layouts, key=lambda found: sum(found.heads) + len(found.blocks) * inner)
    total = sum(layout.heads) + len(layout.blocks) * inner + LEGEND
    sheet = Sheet(total)
    top = 0.0
    for block, head in zip(layout.blocks, layout.heads, strict=True):
        right = WIDTH - left - layout.width * len(block)
        area = plane(sheet, (left, total - top - head - inner, right, top + head), (0, len(block)), (-inner, 0))
        for k, j in enumerate(block):
            sheet.text(area.x(k + 0.5), area.y(0) + 3, layout.names[j], HEAD_SIZE, across="center", up="bottom")
        for middle, label in zip(row_positions(heights), labels, strict=True):
            sheet.text(area.left - 4, area.y(middle), label, SMALL - 1, across="right")
        _cells(area, plot, block, heights)
        top += head + inner
    _legend(sheet, plot)
    return sheet


def _layout(columns: Sequence[str], left: float, most: int) -> _Layout:
    """Return the columns in blocks of nearly the same size, at most so many beside each other."""
    n_blocks = -(-len(columns) // most)
    size = -(-len(columns) // n_blocks)
    width = min((WIDTH - left - 0.04) / size, WIDEST)
    names = [wrapped(name, max(6, int(width / 0.062))) for name in columns]
    blocks = [range(start, min(start + size, len(names))) for start in range(0, len(names), size)]
    heads = [HEAD * max(names[j].count("\n") + 1 for j in block) + 0.12 for block in blocks]
    return _Layout(width, names, blocks, heads)


def _cells(area: Plane, plot: GroupHeatPlot, block: range, heights: list[float]) -> None:
    for i, (middle, height, row) in enumerate(zip(row_positions(heights), heights, plot.rows, strict=True)):
        for k, j in enumerate(block):
            cell = row.cells[j]
            if cell is not None and cell.score.value is not None:
                box = (area.x(k) + GAP, area.y(middle - height / 2) + GAP, area.x(1) - area.x(0) - 2 * GAP)
                _cell(area.sheet, plot, cell, row.n, (*box, POINTS * height - 2 * GAP), i * len(plot.columns) + j)


def _cell(
    sheet: Sheet, plot: GroupHeatPlot, cell: GroupCell, base: int, box: tuple[float, float, float, float], number: int
) -> None:
    """Draw a score in its shade, its side, and its base where it rests on far fewer than the row's name says."""
    left, bottom, width, height = box
    value = cell.score.value or 0.0
    sheet.shapes.append(Box(*box, PAPER))
    sheet.shapes.append(Box(*box, MAIN, _shade(plot, value), name=mark(number)))
    if cell.score.is_small:
        sheet.shapes.append(Box(left + 1, bottom + 1, width - 2, height - 2, stroke=Stroke(INK, 0.9, (2.7, 1.8))))
    middle = bottom + height / 2
    own = cell.score.n < OWN_BASE * base
    x = left + width * (0.42 if cell.side else 0.5)
    sheet.text(x, middle + (3.2 if own else 0), decimal(value, 1), SMALL, across="center")
    if own:
        sheet.text(x, middle - 5.2, f"n={count(cell.score.n)}", 6.5, across="center")
    if cell.side:
        _triangle(sheet, left + width * 0.86, middle, 1 if cell.side == "above" else -1)


def _triangle(sheet: Sheet, x: float, y: float, up: int) -> None:
    corners = ((x - 2.3, y - 2 * up), (x + 2.3, y - 2 * up), (x, y + 2.2 * up))
    sheet.shapes.append(Polygon(corners, Stroke(INK, 0.1)))


def _shade(plot: GroupHeatPlot, value: float) -> float:
    part = (value - plot.low) / (plot.high - plot.low) if plot.high > plot.low else 0.5
    return LIGHTEST + (DARKEST - LIGHTEST) * min(max(part, 0.0), 1.0)


def _legend(sheet: Sheet, plot: GroupHeatPlot) -> None:
    """Say what shades, triangles and frames mean, in two lines at the foot."""
    middle, y, step = POINTS * WIDTH / 2, 27.0, 15.0
    for k in range(STEPS):
        shade = LIGHTEST + (DARKEST - LIGHTEST) * k / (STEPS - 1)
        sheet.shapes.append(Box(middle + (k - STEPS / 2) * step, y - 4, step, 8, MAIN, shade))
    side = step * STEPS / 2 + 6
    sheet.text(middle - side, y, decimal(plot.low, 0), SMALL - 1, MUTED, across="right")
    sheet.text(middle + side, y, decimal(plot.high, 0), SMALL - 1, MUTED)
    told = "   ".join(word for word in (plot.above_word, plot.below_word, plot.small_word) if word)
    sheet.text(middle, 9.0, told, SMALL - 1, MUTED, across="center")
