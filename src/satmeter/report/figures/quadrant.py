"""Importance against performance; the labels of the points never lie on each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from satmeter.report.estimate import Estimate
from satmeter.report.figures.style import (
    GRID,
    INK,
    MAIN,
    MUTED,
    OPEN,
    PAPER,
    SMALL,
    TEXT,
    add_axes,
    mark,
    new_figure,
    text_width,
    wrapped,
)
from satmeter.report.number_text import decimal
from satmeter.report.plots import QuadrantPlot, QuadrantPoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Box = tuple[float, float, float, float]

HEIGHT = 4.9
LABEL_CELLS = 16
LINE_COST = 14.0
CONFUSION_COST = 80.0
NAME_GAP = 6.0
"""Pixels between the dividing line and the name of a quadrant."""


def draw_quadrant(plot: QuadrantPlot) -> Figure:
    """Draw the points with both intervals, the two dividing lines and the names of the quadrants."""
    figure = new_figure(HEIGHT)
    axes = add_axes(figure, 0.72, 0.95, 0.12, 0.12)
    axes.set_xlim(*_range([v for p in plot.points for v in _ends(p.performance)], plot.performance_line, 100.0))
    importance = [v for p in plot.points for v in _ends(p.importance)]
    within = _range if plot.importance_unit == "share" else _open_range
    axes.set_ylim(*within(importance, plot.importance_line, 1.0))
    axes.axvline(plot.performance_line, color=MUTED, linewidth=1, linestyle=(0, (5, 3)))
    axes.axhline(plot.importance_line, color=MUTED, linewidth=1, linestyle=(0, (5, 3)))
    for number, point in sorted(enumerate(plot.points), key=lambda entry: entry[1].certain):
        _draw_point(axes, number, point)
    _frame(axes, plot)
    names = _name_quadrants(axes, plot.quadrants)
    axes.set_xlim(*_beside_names(axes, plot.performance_line, names))
    dividing = [
        _line_box(axes, (plot.performance_line, axes.get_ylim()[0]), (plot.performance_line, axes.get_ylim()[1])),
        _line_box(axes, (axes.get_xlim()[0], plot.importance_line), (axes.get_xlim()[1], plot.importance_line)),
    ]
    _place_labels(axes, plot.points, names, dividing)
    _legend(figure, plot)
    return figure


def _ends(e: Estimate) -> tuple[float, ...]:
    return tuple(value for value in (e.value, e.low, e.high) if value is not None)


def _range(values: Iterable[float], line: float, highest: float) -> tuple[float, float]:
    """Return the ends of an axis from 0 to `highest`: all values and the line, with room at both sides."""
    found = [*values, line]
    low, high = min(found), max(found)
    room = max(0.16 * (high - low), 0.02 * highest)
    low, high = max(-0.02 * highest, low - room), min(1.02 * highest, high + room)
    return low, high


def _open_range(values: Iterable[float], line: float, least: float) -> tuple[float, float]:
    """Return the ends of an axis without ends of its own, with room at both sides that depends on `least`."""
    found = [*values, line]
    room = max(0.16 * (max(found) - min(found)), 0.02 * least)
    return min(found) - room, max(found) + room


def _beside_names(axes: Axes, line: float, names: Sequence[Box]) -> tuple[float, float]:
    """Return the ends of the axis, so far apart that the dividing line runs between the names of the quadrants."""
    low, high = axes.get_xlim()
    frame = axes.get_window_extent()
    left, right = (
        (edge - frame.x0) / frame.width
        for edge in (max(names[0][2], names[2][2]) + NAME_GAP, min(names[1][0], names[3][0]) - NAME_GAP)
    )
    if line - low < left * (high - low):
        low = (line - left * high) / (1 - left)
    if line - low > right * (high - low):
        high = low + (line - low) / right
    return low, high


def _draw_point(axes: Axes, number: int, point: QuadrantPoint) -> None:
    color = MAIN if point.certain else OPEN
    x, y = point.performance.value or 0.0, point.importance.value or 0.0
    style: Literal["solid", "dotted"] = "solid" if point.certain else "dotted"
    if point.performance.low is not None and point.performance.high is not None:
        axes.hlines(y, point.performance.low, point.performance.high, color=color, linewidth=1.3, linestyles=style)
    if point.importance.low is not None and point.importance.high is not None:
        axes.vlines(x, point.importance.low, point.importance.high, color=color, linewidth=1.3, linestyles=style)
    marker, face = ("o", color) if point.certain else ("D", PAPER)
    axes.plot([x], [y], marker, markersize=8, color=face, markeredgecolor=color, markeredgewidth=1.6, gid=mark(number))


def _frame(axes: Axes, plot: QuadrantPlot) -> None:
    for spine in axes.spines.values():
        spine.set_color(GRID)
    axes.tick_params(length=0, labelsize=SMALL, colors=MUTED)
    axes.set_xlabel(plot.x_axis, color=MUTED, fontsize=SMALL)
    axes.set_ylabel(plot.y_axis, color=MUTED, fontsize=SMALL)
    shares = plot.importance_unit == "share"
    axes.yaxis.set_major_formatter(
        lambda value, _position: f"{100 * value:.0f}%" if shares else decimal(round(value, 9), 2)
    )
    axes.locator_params(nbins=5)


def _name_quadrants(axes: Axes, names: Sequence[str]) -> list[Box]:
    corners = ((0.015, 0.985), (0.985, 0.985), (0.015, 0.015), (0.985, 0.015))
    boxes = []
    for name, (x, y) in zip(names, corners, strict=True):
        text = axes.text(
            x,
            y,
            name,
            transform=axes.transAxes,
            ha="left" if x < 0.5 else "right",
            va="bottom" if y < 0.5 else "top",
            color=MUTED,
            fontsize=TEXT + 1,
        )
        extent = text.get_window_extent()
        boxes.append((extent.x0, extent.y0, extent.x1, extent.y1))
    return boxes


def _segments(point: QuadrantPoint) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the ends of the point's two intervals in data units."""
    x, y = point.performance.value or 0.0, point.importance.value or 0.0
    segments = []
    if point.performance.low is not None and point.performance.high is not None:
        segments.append(((point.performance.low, y), (point.performance.high, y)))
    if point.importance.low is not None and point.importance.high is not None:
        segments.append(((x, point.importance.low), (x, point.importance.high)))
    return segments


def _line_box(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> Box:
    """Return the thin box, in points of the figure, that a line covers."""
    (x0, y0), (x1, y1) = axes.transData.transform(start), axes.transData.transform(end)
    return float(x0) - 2, float(y0) - 2, float(x1) + 2, float(y1) + 2


def _place_labels(axes: Axes, points: Sequence[QuadrantPoint], taken: list[Box], dividing: Sequence[Box]) -> None:
    """Write every label beside its point, with a thin leader where it had to move away."""
    from matplotlib.patheffects import withStroke

    at = [tuple(axes.transData.transform((p.performance.value or 0.0, p.importance.value or 0.0))) for p in points]
    size = [_label_size(p.label) for p in points]
    inside = axes.get_window_extent()
    frame = (inside.x0, inside.y0, inside.x1, inside.y1)
    lines = [_line_box(axes, *segment) for p in points for segment in _segments(p)]
    boxes = place_boxes([(float(x), float(y)) for x, y in at], size, frame, taken, [*lines, *dividing])
    back = axes.transData.inverted()
    for point, (x, y), box in zip(points, at, boxes, strict=True):
        near = (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3]))
        if _distance(x, y, box) > 16:
            (x0, y0), (x1, y1) = back.transform((x, y)), back.transform(near)
            axes.plot([x0, x1], [y0, y1], color=OPEN, linewidth=0.7)
        tx, ty = back.transform(_middle(box))
        axes.text(
            tx,
            ty,
            wrapped(point.label, LABEL_CELLS),
            ha="center",
            va="center",
            color=INK if point.certain else MUTED,
            fontsize=SMALL,
            linespacing=1.05,
            path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
        )


def _label_size(label: str) -> tuple[float, float]:
    """Return width and height of a label in points, a little generous."""
    lines = wrapped(label, LABEL_CELLS).split("\n")
    return max(text_width(line) for line in lines) * SMALL * 0.56 + 3, len(lines) * SMALL * 1.45 + 1


def place_boxes(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    frame: Box,
    taken: Sequence[Box],
    lines: Sequence[Box] = (),
) -> list[Box]:
    """Return one box a point, near it and overlapping neither another box, nor a point, nor what is taken.

    Parameters
    ----------
    points, sizes
        Where the points lie and how large their labels are, in the same unit.
    frame
        Box that the labels should stay in.
    taken
        Boxes that are occupied already.
    lines
        Thin boxes that are avoided where that does not lead far away.

    Returns
    -------
    list of (left, bottom, right, top)
        For each point the nearest free place in rings around it; without a free place inside the frame, one outside.
    """
    dots = [(x - 7, y - 7, x + 7, y + 7) for x, y in points]
    placed: list[Box] = []
    for (x, y), (width, height) in zip(points, sizes, strict=True):
        blocked = [*taken, *placed, *dots]
        others = [point for point in points if point != (x, y)]
        candidates = list(_rings(x, y, width, height))
        costs = {box: _cost((x, y), box, others, lines) for box in candidates if _contains(frame, box)}
        ordered = (*sorted(costs, key=lambda box: costs[box]), *candidates)
        free = (box for box in ordered if not any(_overlap(box, other) for other in blocked))
        placed.append(next(free, candidates[-1]))
    return placed


def _rings(x: float, y: float, width: float, height: float) -> Iterable[Box]:
    for radius in range(10, 400, 6):
        for angle in (0, 180, 90, 270, 45, 135, 315, 225, 22, 158, 338, 202, 68, 112, 292, 248):
            dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            cx, cy = x + dx * (radius + width / 2), y + dy * (radius + height / 2)
            yield cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _cost(point: tuple[float, float], box: Box, others: Sequence[tuple[float, float]], lines: Sequence[Box]) -> float:
    """Return how bad a place is: far from its point, across lines, or nearer to another point than to its own."""
    own = _distance(*point, box)
    confusing = any(_distance(*other, box) < own + 4 for other in others)
    return own + LINE_COST * sum(_overlap(box, line) for line in lines) + CONFUSION_COST * confusing


def _distance(x: float, y: float, box: Box) -> float:
    """Return how far a point lies from the nearest edge of a box."""
    return math.dist((x, y), (min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])))


def _contains(frame: Box, box: Box) -> bool:
    return frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _legend(figure: Figure, plot: QuadrantPlot) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker="o", linestyle="none", markersize=7, color=MAIN, label=plot.certain_word),
        Line2D(
            [],
            [],
            marker="D",
            linestyle="none",
            markersize=6,
            color=PAPER,
            markeredgecolor=OPEN,
            label=plot.uncertain_word,
        ),
    ]
    figure.legend(handles=marks, loc="lower center", ncols=2, frameon=False, fontsize=SMALL, labelcolor=INK)
