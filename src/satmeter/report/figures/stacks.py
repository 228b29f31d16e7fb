"""How often every point of the scale was chosen, as stacked bars that part at the middle of the scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.dots import LABEL_CELLS, ROW, label_inches, row_heights, row_positions
from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    OPEN,
    PAPER,
    SMALL,
    STRESS,
    add_axes,
    mark,
    new_figure,
    quiet,
    text_width,
    wrapped,
)
from satmeter.report.number_text import percent
from satmeter.report.plots import StackPlot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEAST_WRITTEN = 0.09
"""A narrower part of a bar has no room for its number."""

LEGEND_CELLS = 30

BAR = 0.62
"""Thickness of a bar, in rows of one line."""


def draw_stacks(plot: StackPlot) -> Figure:
    """Draw one bar an item: low points to the left of the middle, high ones to the right, a middle point astride."""
    labels = [wrapped(row.label, LABEL_CELLS) for row in plot.rows]
    heights = row_heights(labels)
    lines = _legend_lines(plot.points)
    foot = 0.42 + 0.2 * lines
    figure = new_figure(sum(heights) * ROW * 1.1 + foot + 0.1)
    axes = add_axes(figure, label_inches(labels), foot, 0.12, 0.1)
    positions = row_positions(heights)
    colours = shades(len(plot.points))
    left_end, right_end = 0.0, 0.0
    for number, (y, row) in enumerate(zip(positions, plot.rows, strict=True)):
        start = -_left_part(row.shares)
        left_end, right_end = min(left_end, start), max(right_end, start + sum(row.shares))
        _draw_row(axes, y, number, start, row.shares, colours)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    quiet(axes)
    axes.set_yticks(positions, labels, color=INK, fontsize=SMALL)
    axes.set_xlim(left_end - 0.01, right_end + 0.01)
    ticks = [t / 100 for t in range(-100, 101, 25) if left_end - 0.01 <= t / 100 <= right_end + 0.01]
    axes.set_xticks(ticks, [percent(abs(t)) for t in ticks])
    axes.set_ylim(-sum(heights) - 0.05, 0.05)
    _legend(figure, plot.points, colours)
    return figure


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
    axes: Axes,
    y: float,
    number: int,
    start: float,
    shares: tuple[float, ...],
    colours: tuple[tuple[str, float], ...],
) -> None:
    from matplotlib.patches import Rectangle

    for point, (share, (colour, opacity)) in enumerate(zip(shares, colours, strict=True)):
        box = (start, y - BAR / 2)
        axes.add_patch(Rectangle(box, share, BAR, color=PAPER, linewidth=0))
        axes.add_patch(Rectangle(box, share, BAR, color=colour, alpha=opacity, linewidth=0, gid=mark(number, point)))
        if share >= LEAST_WRITTEN:
            ink = PAPER if opacity > 0.6 else INK
            text = f"{100 * share:.0f}"
            axes.text(start + share / 2, y, text, ha="center", va="center", color=ink, fontsize=SMALL - 1)
        start += share


def _legend_lines(points: tuple[str, ...]) -> int:
    return -(-len(points) // _legend_columns(points))


def _legend_columns(points: tuple[str, ...]) -> int:
    widest = max((text_width(point) for point in points), default=1)
    return max(1, min(len(points), 68 // (min(widest, LEGEND_CELLS) + 5)))


def _legend(figure: Figure, points: tuple[str, ...], colours: tuple[tuple[str, float], ...]) -> None:
    from matplotlib.patches import Patch

    marks = [
        Patch(facecolor=colour, alpha=opacity, linewidth=0, label=wrapped(point, LEGEND_CELLS).split("\n")[0])
        for point, (colour, opacity) in zip(points, colours, strict=True)
    ]
    figure.legend(
        handles=marks,
        loc="lower center",
        ncols=_legend_columns(points),
        frameon=False,
        fontsize=SMALL - 0.5,
        labelcolor=INK,
        handlelength=1.0,
        handleheight=0.9,
        columnspacing=1.1,
        borderaxespad=0.15,
    )
