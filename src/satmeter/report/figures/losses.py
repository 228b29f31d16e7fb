"""What is not there: responses lost on the way to respondents, and answers missing item by item."""

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
from satmeter.report.figures.style import GRID, MAIN, PAPER, STRESS, mark, text_width, wrapped
from satmeter.report.group_plots import FunnelPlot, FunnelStep, MissingPlot
from satmeter.report.number_text import count, percent

BAR = 14.0
"""Thickness of a bar in points."""

STEPS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25)
MOST_TICKS = 5


def draw_funnel(plot: FunnelPlot) -> Sheet:
    """Draw a bar a step for those who are left, and a broken frame behind it for those whom the step took."""
    most = max(step.n + step.lost for step in plot.steps) or 1
    labels = [wrapped(step.label, LABEL_CELLS) for step in plot.steps]
    texts = [_left_and_lost(step) for step in plot.steps]
    area, middles = _rows(labels, texts, (0.0, most), foot=0.1)
    for number, (y, step) in enumerate(zip(middles, plot.steps, strict=True)):
        bottom, left = y - BAR / 2, area.x(step.n)
        area.sheet.shapes.append(Box(area.left, bottom, left - area.left, BAR, MAIN, 0.55, name=mark(number)))
        if step.lost:
            frame = Stroke(STRESS, 1.1, (3, 2))
            area.sheet.shapes.append(Box(left, bottom, area.x(step.n + step.lost) - left, BAR, stroke=frame))
    return area.sheet


def _left_and_lost(step: FunnelStep) -> str:
    return f"{count(step.n)} (−{count(step.lost)})" if step.lost else count(step.n)


def draw_missing(plot: MissingPlot) -> Sheet:
    """Draw a row a construct with a dot an item, and a bar at the mean of its items."""
    most = max(item.share for _, items in plot.constructs for item in items)
    means = [sum(item.share for item in items) / len(items) for _, items in plot.constructs]
    labels = [wrapped(title, LABEL_CELLS) for title, _ in plot.constructs]
    area, middles = _rows(labels, [percent(mean, 1) for mean in means], (-0.02 * most, 1.05 * most), foot=0.5)
    sheet = area.sheet
    step = next((step for step in STEPS if most / step <= MOST_TICKS), STEPS[-1])
    ticks = [step * i for i in range(int(1.05 * most / step) + 1)]
    write_ticks(area, ticks, [percent(tick, 1 if step < 0.01 else 0) for tick in ticks])
    name_axis(area, plot.axis)
    sheet.lines(((area.left, y, area.left + area.width, y) for y in middles), Stroke(GRID, 0.8))
    number = 0
    for y, mean, (_, items) in zip(middles, means, plot.constructs, strict=True):
        sheet.lines([(area.x(mean), y - 7, area.x(mean), y + 7)], Stroke(STRESS, 2.0))
        for item in items:
            sheet.shapes.append(Dot(area.x(item.share), y, 6, PAPER, Stroke(MAIN, 1.2), name=mark(number)))
            number += 1
    return sheet


def _rows(labels: list[str], texts: list[str], ends: tuple[float, float], *, foot: float) -> tuple[Plane, list[float]]:
    """Return an area with names at its left and numbers at its right, and the middle of every row in points."""
    heights = row_heights(labels)
    right = max(text_width(text) for text in texts) * 0.07 + 0.18
    sheet = Sheet(sum(heights) * ROW * 0.9 + foot + 0.1)
    area = plane(sheet, (label_inches(labels), foot, right, 0.1), ends, (-sum(heights), 0.0))
    positions = row_positions(heights)
    label_rows(area, positions, labels)
    value_rows(area, positions, texts)
    return area, [area.y(at) for at in positions]
