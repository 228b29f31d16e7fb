"""Bars from zero with intervals: shares of the explained variance."""

from __future__ import annotations

from satmeter.report.figures.dots import (
    CAP,
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
from satmeter.report.figures.sheet import Box, Dot, Sheet, Stroke, plane
from satmeter.report.figures.style import INK, MAIN, mark, text_width, wrapped
from satmeter.report.plots import BarPlot
from satmeter.report.sentences import share


def draw_bars(plot: BarPlot) -> Sheet:
    """Draw one bar a share (0–1), with its interval across its end and its numbers at the right."""
    rows = plot.estimates
    labels = [wrapped(e.label, LABEL_CELLS) for e in rows]
    values = [share(e) for e in rows]
    heights = row_heights(labels)
    sheet = Sheet(sum(heights) * ROW + 0.55)
    top = max(max(e.high or 0.0, e.value or 0.0) for e in rows)
    low = min(0.0, *(e.low or 0.0 for e in rows), 0.0)
    right = max(text_width(v) for v in values) * 0.07 + 0.12
    ends = (low, top * 1.04 or 1.0)
    axis = plane(sheet, (label_inches(labels), 0.45, right, 0.1), ends, (-sum(heights) - 0.05, 0.05))
    step = 0.05 if top <= 0.25 else 0.1 if top <= 0.45 else 0.25
    ticks = [step * i for i in range(int(top * 1.04 / step) + 1)]
    write_ticks(axis, ticks, [f"{100 * tick:.0f}%" for tick in ticks])
    positions = row_positions(heights)
    row = axis.y(1) - axis.y(0)
    for y, e in zip(positions, rows, strict=True):
        start, end = sorted((axis.x(0), axis.x(e.value or 0.0)))
        sheet.shapes.append(Box(start, axis.y(y) - 0.25 * row, end - start, 0.5 * row, MAIN, 0.45))
    for number, (y, e) in enumerate(zip(positions, rows, strict=True)):
        if e.low is not None and e.high is not None:
            sheet.lines([(axis.x(e.low), axis.y(y), axis.x(e.high), axis.y(y))], Stroke(INK, 1.6))
            caps = ((axis.x(v), axis.y(y - CAP), axis.x(v), axis.y(y + CAP)) for v in (e.low, e.high))
            sheet.lines(caps, Stroke(INK, 1.4))
        sheet.shapes.append(Dot(axis.x(e.value or 0.0), axis.y(y), 4.5, INK, Stroke(INK, 1), name=mark(number)))
    value_rows(axis, positions, values)
    label_rows(axis, positions, labels)
    name_axis(axis, plot.axis)
    return sheet
