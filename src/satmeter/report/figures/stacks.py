"""How often every point of the scale was chosen, as stacked bars that part at the middle of the scale."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.figures.dots import (
    LABEL_CELLS,
    ROW,
    label_inches,
    label_rows,
    row_heights,
    row_positions,
    write_ticks,
)
from satmeter.report.figures.letters import EM, laid_out
from satmeter.report.figures.sheet import POINTS, Box, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import INK, MAIN, MUTED, OPEN, PAPER, SMALL, STRESS, mark, text_width, wrapped
from satmeter.report.number_text import percent
from satmeter.report.plots import StackPlot, StackRow

LEAST_WRITTEN = 0.09
"""A narrower part of a bar has no room for its number."""

LEGEND_CELLS = 30
LEGEND_LINE = 13.0

BAR = 0.62
"""Thickness of a bar, in rows of one line."""


def draw_stacks(plot: StackPlot) -> Sheet:
    """Draw one bar an item: low points to the left of the middle, high ones to the right, a middle point astride."""
    labels = [wrapped(row.label, LABEL_CELLS) for row in plot.rows]
    heights = row_heights(labels)
    lines = _legend_lines(plot.points)
    foot = 0.32 + LEGEND_LINE / POINTS * lines
    sheet = Sheet(sum(heights) * ROW + foot + 0.1)
    starts = [-_left_part(row.shares) for row in plot.rows]
    left_end = min(0.0, *starts) - 0.01
    right_end = max(0.0, *(start + sum(row.shares) for start, row in zip(starts, plot.rows, strict=True))) + 0.01
    ends, rows = (left_end, right_end), (-sum(heights) - 0.05, 0.05)
    axis = plane(sheet, (label_inches(labels), foot, 0.12, 0.1), ends, rows)
    ticks = [t / 100 for t in range(-100, 101, 25) if left_end <= t / 100 <= right_end]
    write_ticks(axis, ticks, [percent(abs(t)) for t in ticks])
    positions = row_positions(heights)
    colours = shades(len(plot.points))
    for number, (y, start, row) in enumerate(zip(positions, starts, plot.rows, strict=True)):
        _draw_row(axis, y, number, start, row.shares, colours)
    axis.upright([0], Stroke(MUTED, 0.8))
    _write_shares(axis, positions, starts, plot.rows, colours)
    label_rows(axis, positions, labels)
    _legend(sheet, plot.points, colours)
    return sheet


def shades(n_points: int) -> tuple[tuple[str, float], ...]:
    """Return colour and opacity of every point: stressed below the middle, main above it, grey in it.

    Examples
    --------
    >>> [opacity for _, opacity in shades(5)]
    [0.85, 0.425, 0.3, 0.425, 0.85]
    """
    half = n_points // 2
    found = []
    for j in range(n_points):
        if n_points % 2 and j == half:
            found.append((OPEN, 0.3))
            continue
        below = j < half
        steps = half - j if below else j - (n_points - 1 - half)
        found.append((STRESS if below else MAIN, 0.85 * steps / half))
    return tuple(found)


def _left_part(shares: tuple[float, ...]) -> float:
    """Return what stands left of the middle: the lower points and half of a middle point."""
    half = len(shares) // 2
    return sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0.0)


def _draw_row(
    axis: Plane,
    y: float,
    number: int,
    start: float,
    shares: tuple[float, ...],
    colours: tuple[tuple[str, float], ...],
) -> None:
    bottom, high = axis.y(y - BAR / 2), axis.y(BAR) - axis.y(0)
    for point, (share, (colour, opacity)) in enumerate(zip(shares, colours, strict=True)):
        left, wide = axis.x(start), axis.x(start + share) - axis.x(start)
        axis.sheet.shapes.append(Box(left, bottom, wide, high, PAPER))
        axis.sheet.shapes.append(Box(left, bottom, wide, high, colour, opacity, name=mark(number, point)))
        start += share


def _write_shares(
    axis: Plane,
    positions: Sequence[float],
    starts: Sequence[float],
    rows: Sequence[StackRow],
    colours: tuple[tuple[str, float], ...],
) -> None:
    """Write every share into its part of the bar where it fits."""
    for y, start, row in zip(positions, starts, rows, strict=True):
        left = start
        for share, (_, opacity) in zip(row.shares, colours, strict=True):
            if share >= LEAST_WRITTEN:
                ink, x = PAPER if opacity > 0.6 else INK, axis.x(left + share / 2)
                axis.sheet.text(x, axis.y(y), f"{100 * share:.0f}", SMALL - 1, ink, across="center")
            left += share


def _legend_lines(points: tuple[str, ...]) -> int:
    return -(-len(points) // _legend_columns(points))


def _legend_columns(points: tuple[str, ...]) -> int:
    widest = max((text_width(point) for point in points), default=1)
    return max(1, min(len(points), 68 // (min(widest, LEGEND_CELLS) + 5)))


def _legend(sheet: Sheet, points: tuple[str, ...], colours: tuple[tuple[str, float], ...]) -> None:
    """Write what the colours are, in columns below the axis."""
    size = SMALL - 0.5
    names = [wrapped(point, LEGEND_CELLS).split("\n")[0] for point in points]
    columns, lines = _legend_columns(points), _legend_lines(points)
    by_column = [names[lines * j : lines * (j + 1)] for j in range(columns)]
    widths = [max((laid_out(name).width / EM * size for name in part), default=0.0) + 2.9 * size for part in by_column]
    left = (POINTS * sheet.width - sum(widths) + 1.1 * size) / 2
    for j, part in enumerate(by_column):
        x = left + sum(widths[:j])
        for line, name in enumerate(part):
            y = 4 + LEGEND_LINE * (lines - line - 0.5)
            colour, opacity = colours[lines * j + line]
            sheet.shapes.append(Box(x, y - 0.45 * size, size, 0.9 * size, colour, opacity))
            sheet.text(x + 1.8 * size, y, name, size)
