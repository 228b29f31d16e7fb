"""A funnel plot: units by base and score, inside or beyond the limits that chance alone sets."""

from __future__ import annotations

import math
from itertools import pairwise

from satmeter.report.figures.dots import name_axis
from satmeter.report.figures.sheet import POINTS, Dot, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import GRID, INK, MAIN, MUTED, PAPER, SMALL, STRESS, WIDTH, mark, text_width, wrapped
from satmeter.report.number_text import count
from satmeter.report.unit_plots import ControlPlot, ControlPoint

HEIGHT, FOOT, LEFT = 2.6, 0.75, 0.45
CELL = 0.071
STEPS = 60
"""Straight pieces that a curved limit is made of."""
DASHES = ((), (4, 3), (1.5, 2.5))
NAME_CELLS = 16


def draw_control(plot: ControlPlot) -> Sheet:
    """Draw every unit as a dot over its base, the common score, and the limits, which narrow as bases grow."""
    sheet = Sheet(HEIGHT)
    bases = [point.score.n for point in plot.points]
    first, last = 0.85 * min(bases), 1.08 * max(bases)
    low, high = _ends(plot, first)
    area = plane(sheet, (LEFT, FOOT, 0.12, 0.12), (first, last), (low, high))
    _axes(area, plot)
    curve = [first + (last - first) * i / STEPS for i in range(STEPS + 1)]
    for number, (z, _) in enumerate(plot.limits):
        for sign in (-1, 1):
            ys = [plot.centre + sign * z * plot.spread / math.sqrt(n) for n in curve]
            seen = [(area.x(n), area.y(y)) for n, y in zip(curve, ys, strict=True) if low <= y <= high]
            ends = [(*a, *b) for a, b in pairwise(seen)]
            sheet.lines(ends, Stroke(MUTED, 1.0, DASHES[min(number + 1, 2)]))
    y = area.y(plot.centre)
    sheet.lines([(area.left, y, area.left + area.width, y)], Stroke(MUTED, 1.2))
    for number, point in enumerate(plot.points):
        _unit(area, point, number)
    _legend(sheet, plot)
    return sheet


def _ends(plot: ControlPlot, least: float) -> tuple[float, float]:
    """Return round ends that hold all units and, as far as they are near, the limits at the smallest base."""
    values = [p.score.value for p in plot.points if p.score.value is not None]
    reach = max([abs(v - plot.centre) for v in values] + [2 * plot.spread / math.sqrt(least)])
    step = _step(2.2 * reach)
    return step * math.floor((plot.centre - 1.1 * reach) / step), step * math.ceil((plot.centre + 1.1 * reach) / step)


def _step(length: float) -> int:
    """Return the distance of the horizontal lines, in points of the score."""
    return next((step for step in (1, 2, 5, 10, 20) if length <= 6 * step), 50)


def _axes(area: Plane, plot: ControlPlot) -> None:
    sheet, (low, high) = area.sheet, area.y_ends
    step = _step(high - low)
    ticks = [float(tick) for tick in range(round(low), round(high) + 1, step)]
    sheet.lines(((area.left, area.y(t), area.left + area.width, area.y(t)) for t in ticks), Stroke(GRID, 0.8))
    for tick in ticks:
        sheet.text(area.left - 4, area.y(tick), f"{tick:g}".replace("-", "−"), SMALL, MUTED, across="right")
    first, last = area.x_ends
    size = 10 ** math.floor(math.log10(max(1.0, last - first)))
    apart = max(1.0, next(s * size for s in (0.1, 0.2, 0.5, 1, 2, 5) if (last - first) / (s * size) <= 5))
    for number in range(math.ceil(first / apart), math.floor(last / apart) + 1):
        sheet.text(
            area.x(number * apart), area.bottom - 3.5, count(number * apart), SMALL, MUTED, across="center", up="top"
        )
    name_axis(area, plot.x_axis)


def _unit(area: Plane, point: ControlPoint, number: int) -> None:
    if point.score.value is None:
        return
    x, y = area.x(point.score.n), area.y(point.score.value)
    color = STRESS if point.side else MAIN
    fill = PAPER if point.score.is_small else color
    area.sheet.shapes.append(Dot(x, y, 6.5, fill, Stroke(color, 1.4), square=bool(point.side), name=mark(number)))
    if point.side:
        right = x > area.left + 0.6 * area.width
        name = wrapped(point.score.label, NAME_CELLS)
        area.sheet.text(x + (-6 if right else 6), y, name, SMALL - 0.5, INK, across="right" if right else "left")


def _legend(sheet: Sheet, plot: ControlPlot) -> None:
    """Name the limits at the foot, each with its line."""
    x = POINTS * 0.1
    for number, (_, name) in enumerate(plot.limits):
        wide = 26 + text_width(name) * CELL * POINTS
        if x + wide > POINTS * WIDTH:
            break
        sheet.lines([(x, 8, x + 20, 8)], Stroke(MUTED, 1.0, DASHES[min(number + 1, 2)]))
        sheet.text(x + 24, 8, name, SMALL - 0.5)
        x += wide + 12
