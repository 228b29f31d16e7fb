"""Measurement model: every construct with arrows to its items."""

from __future__ import annotations

import math

from satmeter.report.estimate import Estimate
from satmeter.report.figures.sheet import POINTS, Box, Plane, Polygon, Sheet, Stroke, plane
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
from satmeter.report.number_text import decimal, interval, with_interval
from satmeter.report.plots import Indicator, MeasurementPlot

ROW = 0.27
GAP = 0.55
NAME_CELLS = 15
NAME_INCHES = 1.12
HEAD = 3.2
"""Length of an arrow's head, in points; it is as wide."""
LOW = 0.5
"""Standardised loadings below this are drawn thin and in the stressed colour: less than a quarter of the variance."""


def draw_measurement(plot: MeasurementPlot) -> Sheet:
    """Draw every construct beside its items; the arrow is as thick as the loading is high."""
    heights = [max(len(items), 1 + _name_lines(name) * 0.7) for name, items in plot.constructs]
    total = sum(heights) + GAP * (len(heights) - 1)
    sheet = Sheet((total + 0.2) * ROW + 0.16)
    width = WIDTH - 0.12
    area = plane(sheet, (0.06, 0.08, 0.06, 0.08), (0, width), (-total - 0.1, 0.1))
    names = [item.label for _, items in plot.constructs for item in items]
    values = [_value(item.loading) for _, items in plot.constructs for item in items]
    value_width = max((text_width(value) for value in values), default=1) * 0.068
    name_width = max((text_width(name) for name in names), default=1) * 0.068 + 0.14
    box = width - value_width - name_width - 0.08
    top = 0.0
    for (name, items), height in zip(plot.constructs, heights, strict=True):
        _construct(area, name, -top - height / 2)
        for j, item in enumerate(items):
            y = -top - height / 2 + (len(items) - 1) / 2 - j
            _indicator(area, item, (NAME_INCHES, -top - height / 2), (box, y), name_width)
        top += height + GAP
    return sheet


def _name_lines(name: str) -> int:
    return wrapped(name, NAME_CELLS).count("\n") + 1


def _construct(area: Plane, name: str, y: float) -> None:
    height = (area.y(0.5 + 0.62 * _name_lines(name)) - area.y(0)) / 2
    left, right = area.x(0.02), area.x(NAME_INCHES - 0.02)
    frame = Stroke(INK, 1.1)
    radius = min(0.14 * POINTS, height)
    area.sheet.shapes.append(
        Box(left, area.y(y) - height, right - left, 2 * height, PAPER, stroke=frame, radius=radius)
    )
    area.sheet.text((left + right) / 2, area.y(y), wrapped(name, NAME_CELLS), SMALL - 0.5, across="center")


def _indicator(
    area: Plane, item: Indicator, start: tuple[float, float], end: tuple[float, float], name_width: float
) -> None:
    value = item.loading.value
    strong = value is not None and abs(value) >= LOW
    width = 0.5 + 1.6 * min(abs(value or 0.0), 1.0)
    dashes = () if strong else (3.7 * width, 1.6 * width)
    _arrow(area, start, end, Stroke(MAIN if strong else STRESS, width, dashes))
    (x, _), y = end, area.y(end[1])
    area.sheet.text(area.x(x + 0.05), y, item.label, SMALL - 0.5)
    area.sheet.text(area.x(x + name_width), y, _value(item.loading), SMALL, INK if strong else MUTED)


def _arrow(area: Plane, start: tuple[float, float], end: tuple[float, float], stroke: Stroke) -> None:
    """Draw a straight line with a filled head whose tip lies at its end."""
    (x0, y0), (x1, y1) = ((area.x(x), area.y(y)) for x, y in (start, end))
    length = math.dist((x0, y0), (x1, y1))
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    tip_x, tip_y = x1 - stroke.width * dx, y1 - stroke.width * dy
    x, y = tip_x - HEAD * dx, tip_y - HEAD * dy
    area.sheet.lines([(x0, y0, x, y)], stroke)
    side = (dy * HEAD / 2, -dx * HEAD / 2)
    corners = ((tip_x, tip_y), (x + side[0], y + side[1]), (x - side[0], y - side[1]))
    area.sheet.shapes.append(Polygon(corners, Stroke(stroke.color, stroke.width)))


def _value(loading: Estimate) -> str:
    return with_interval(decimal(loading.value, 2), interval(loading.low, loading.high, 2))
