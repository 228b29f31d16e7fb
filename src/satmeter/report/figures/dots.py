"""Dots with intervals: the index on its scale, scores in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from satmeter.report.estimate import Estimate
from satmeter.report.figures.sheet import PITCH, POINTS, Dot, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import (
    GRID,
    INK,
    MAIN,
    MUTED,
    PAPER,
    SMALL,
    STRESS,
    mark,
    text_width,
    wrapped,
)
from satmeter.report.number_text import decimal
from satmeter.report.plots import DotPlot, ScalePlot
from satmeter.report.sentences import points

LABEL_CELLS = 18
ROW = 0.36
TICK = 11.0
OWN_BASE = 0.9
TICK_PAD = 3.5
"""Points between an axis and its labels."""
LABEL_GAP = 9.0
"""Points between the labels of two rows."""
CAP = 0.13
"""Half the length of the end of an interval, in rows."""
DASHES = (3.7, 1.6)
"""Lengths of the dashes of a broken line and of their gaps, in its width."""


def draw_scale(plot: ScalePlot) -> Sheet:
    """Draw one number with its interval on the whole length of its scale."""
    sheet = Sheet(0.62)
    axis = plane(sheet, (0.14, 0.3, 0.14, 0.02), (plot.low, plot.high), (-1, 1))
    middle = axis.y(0)
    sheet.lines([(axis.x(plot.low), middle, axis.x(plot.high), middle)], Stroke(GRID, 5, round=True))
    e = plot.estimate
    if e.low is not None and e.high is not None:
        sheet.lines([(axis.x(e.low), middle, axis.x(e.high), middle)], Stroke(MAIN, 5))
        ends = ((axis.x(end), axis.y(-0.55), axis.x(end), axis.y(0.55)) for end in (e.low, e.high))
        sheet.lines(ends, Stroke(MAIN, 1.4))
    sheet.shapes.append(Dot(axis.x(e.value or 0.0), middle, 11, MAIN, Stroke(PAPER, 1.6)))
    steps = 4
    for tick in (plot.low + (plot.high - plot.low) * i / steps for i in range(steps + 1)):
        sheet.text(axis.x(tick), axis.bottom - 3, f"{tick:g}", TICK, MUTED, across="center", up="top")
    return sheet


def draw_dots(plot: DotPlot) -> Sheet:
    """Draw one row an estimate: name, dot and interval, and the numbers at the right."""
    rows = plot.estimates
    labels = [wrapped(e.label, LABEL_CELLS) for e in rows]
    values = [points(e) for e in rows]
    heights = row_heights(labels)
    sheet = Sheet(sum(heights) * ROW + 0.55)
    right = max(text_width(v) for v in values) * 0.066 + 0.12
    axis = plane(sheet, (label_inches(labels), 0.45, right, 0.1), (plot.low, plot.high), (-sum(heights) - 0.1, 0.1))
    grid(axis)
    positions = row_positions(heights)
    placed = list(zip(range(len(rows)), positions, rows, strict=True))
    draw_rows(axis, [row for row in placed if row[2].label != plot.highlight], MAIN)
    draw_rows(axis, [row for row in placed if row[2].label == plot.highlight], STRESS, square=True)
    value_rows(axis, positions, values)
    label_rows(axis, positions, labels)
    name_axis(axis, plot.axis)
    return sheet


def label_inches(labels: list[str]) -> float:
    """Return the room that row labels need, in inches."""
    return max(text_width(line) for label in labels for line in label.split("\n")) * 0.071 + 0.16


def row_heights(labels: list[str]) -> list[float]:
    """Return how much room every row needs, in rows of one line."""
    line = SMALL * PITCH / (POINTS * ROW)
    return [max(1.0, (label.count("\n") + 1) * line + LABEL_GAP / (POINTS * ROW)) for label in labels]


def row_positions(heights: list[float]) -> list[float]:
    """Return the middle of every row, counted downwards from 0."""
    positions, top = [], 0.0
    for height in heights:
        positions.append(-(top + height / 2))
        top += height
    return positions


def label_rows(axis: Plane, positions: Sequence[float], labels: Sequence[str]) -> None:
    """Write the names of the rows at the left."""
    for y, label in zip(positions, labels, strict=True):
        axis.sheet.text(axis.left - TICK_PAD, axis.y(y), label, SMALL, INK, across="right")


def value_rows(axis: Plane, positions: Sequence[float], values: Sequence[str]) -> None:
    """Write the numbers of the rows at the right."""
    for y, value in zip(positions, values, strict=True):
        axis.sheet.text(axis.left + axis.width + 5, axis.y(y), value, SMALL, INK)


def grid(axis: Plane) -> None:
    """Draw light vertical lines at round numbers and write these below."""
    low, high = axis.x_ends
    step = _step(high - low)
    first = -(-low // step) * step
    ticks = [first + step * i for i in range(int((high - first) // step) + 1)]
    write_ticks(axis, ticks, [decimal(tick, 2 if step < 1 else 0) for tick in ticks])


def write_ticks(axis: Plane, ticks: Sequence[float], texts: Iterable[str]) -> None:
    """Draw light vertical lines and what they stand for."""
    axis.upright(ticks, Stroke(GRID, 0.8))
    for tick, text in zip(ticks, texts, strict=True):
        axis.sheet.text(axis.x(tick), axis.bottom - TICK_PAD, text, SMALL, MUTED, across="center", up="top")


def name_axis(axis: Plane, name: str) -> None:
    """Write what the numbers of the horizontal axis are."""
    below = axis.bottom - TICK_PAD - SMALL - 4.0
    axis.sheet.text(axis.left + axis.width / 2, below, name, SMALL, MUTED, across="center", up="top")


def draw_rows(
    axis: Plane, rows: Sequence[tuple[int, float, Estimate]], color: str, *, square: bool = False, hollow: bool = False
) -> None:
    """Draw estimates, each with its number in the figure and its height: intervals as lines with ends, then marks.

    A small base is an open mark.
    """
    shown = [(j, y, e) for j, y, e in rows if e.value is not None]
    ends = [(axis.y(y), e.low, e.high) for _, y, e in shown if e.low is not None and e.high is not None]
    dashes = (2 * DASHES[0], 2 * DASHES[1]) if hollow else ()
    axis.sheet.lines(((axis.within(low), y, axis.within(high), y) for y, low, high in ends), Stroke(color, 2, dashes))
    cap = axis.y(CAP) - axis.y(0)
    caps = [(axis.x(end), y) for y, *both in ends for end in both if axis.holds(end)]
    axis.sheet.lines(((x, y - cap, x, y + cap) for x, y in caps), Stroke(color, 1.4))
    for j, y, e in shown:
        if axis.holds(e.value or 0.0):
            dot = Dot(
                axis.x(e.value or 0.0), axis.y(y), 7, PAPER if hollow else color, Stroke(color, 1.5), square, mark(j)
            )
            axis.sheet.shapes.append(dot)


SHORT_STEPS = ((0.4, 0.1), (0.7, 0.2), (1.0, 0.25), (2.0, 0.5))
"""Length of a short axis, and the distance of its marks."""


def _step(length: float) -> float:
    """Return the distance of the marks on an axis: for scores, or for weights, whose axis is far shorter.

    Examples
    --------
    >>> _step(35.0), _step(100.0), _step(0.9), _step(0.45)
    (10, 25, 0.25, 0.2)
    """
    if length > 4:
        return 10 if length <= 40 else 20 if length <= 80 else 25
    return next((step for most, step in SHORT_STEPS if length <= most), 1)
