"""Ranks that the data leave open: thin lines for all units together, thick ones for one unit alone."""

from __future__ import annotations

from satmeter.report.figures.dots import (
    LABEL_CELLS,
    ROW,
    label_inches,
    label_rows,
    name_axis,
    row_heights,
    row_positions,
    value_rows,
    write_ticks,
)
from satmeter.report.figures.sheet import Box, Dot, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import MAIN, PAPER, SMALL, mark, text_width, wrapped
from satmeter.report.group_plots import RankPlot, RankRange

FOOT, DOT, THICK = 0.66, 5.5, 5.5
"""Inches under the rows; points of a dot and of a thick line."""

MOST_TICKS = 9


def draw_ranks(plot: RankPlot) -> Sheet:
    """Draw one row a unit: the thin line holds for all units together, the thick one for it alone."""
    labels = [wrapped(row.score.label, LABEL_CELLS) for row in plot.rows]
    texts = [row.rank_range for row in plot.rows]
    heights = [0.86 * height for height in row_heights(labels)]
    sheet = Sheet(sum(heights) * ROW + FOOT + 0.1)
    right = max(text_width(text) for text in texts) * 0.066 + 0.14
    margins = (label_inches(labels), FOOT, right, 0.1)
    area = plane(sheet, margins, (0.6, plot.n_units + 0.4), (-sum(heights), 0.0))
    ticks, positions = _ticks(plot.n_units), row_positions(heights)
    write_ticks(area, ticks, [str(tick) for tick in ticks])
    name_axis(area, plot.axis)
    label_rows(area, positions, labels)
    value_rows(area, positions, texts)
    for number, (at, row) in enumerate(zip(positions, plot.rows, strict=True)):
        y = area.y(at)
        _ranges(area, row, y)
        fill = PAPER if row.score.is_small else MAIN
        sheet.shapes.append(Dot(area.x(row.rank), y, DOT, fill, Stroke(MAIN, 1.0), name=mark(number)))
    _legend(sheet, plot)
    return sheet


def _ranges(area: Plane, row: RankRange, y: float) -> None:
    low, high, own_low, own_high = (area.x(end) for end in (row.low, row.high, row.own_low, row.own_high))
    bar = Box(own_low - THICK / 2, y - THICK / 2, own_high - own_low + THICK, THICK, MAIN, 0.45, radius=THICK / 2)
    area.sheet.shapes.append(bar)
    area.sheet.lines([(low, y, high, y), (low, y - 4, low, y + 4), (high, y - 4, high, y + 4)], Stroke(MAIN, 1.3))


def _legend(sheet: Sheet, plot: RankPlot) -> None:
    """Name the two lines at the foot, side by side."""
    x, y = 24.0, 7.0
    sheet.shapes.append(Box(x, y - THICK / 2, 18, THICK, MAIN, 0.45, radius=THICK / 2))
    sheet.text(x + 23, y, plot.own_word, SMALL - 0.5)
    x += 23 + text_width(plot.own_word) * 4.6 + 18
    sheet.lines([(x, y, x + 18, y), (x, y - 4, x, y + 4), (x + 18, y - 4, x + 18, y + 4)], Stroke(MAIN, 1.3))
    sheet.text(x + 23, y, plot.all_word, SMALL - 0.5)


def _ticks(n_units: int) -> list[int]:
    """Return round ranks with the first and the last.

    Examples
    --------
    >>> _ticks(4), _ticks(20), _ticks(36)
    ([1, 2, 3, 4], [1, 5, 10, 15, 20], [1, 5, 10, 15, 20, 25, 30, 36])
    """
    if n_units <= MOST_TICKS:
        return list(range(1, n_units + 1))
    step = next(step for step in (5, 10, 20, 50, 100, 1000) if n_units / step <= MOST_TICKS)
    inner = [tick for tick in range(step, n_units, step) if n_units - tick >= step / 2]
    return [1, *inner, n_units]
