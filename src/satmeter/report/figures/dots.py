"""Dots with intervals: the index on its scale, scores in order, small multiples of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from satmeter.report.estimate import Estimate
from satmeter.report.figures.style import (
    GRID,
    INK,
    MAIN,
    MUTED,
    PAPER,
    SMALL,
    STRESS,
    WIDTH,
    add_axes,
    mark,
    new_figure,
    quiet,
    text_width,
    wrapped,
)
from satmeter.report.number_text import count, decimal
from satmeter.report.plots import DotPlot, PanelPlot, ScalePlot
from satmeter.report.sentences import points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL_CELLS = 18
ROW = 0.36
TICK = 11.0
GAP = 0.32
OWN_BASE = 0.9


def draw_scale(plot: ScalePlot) -> Figure:
    """Draw one number with its interval on the whole length of its scale."""
    figure = new_figure(0.62)
    axes = add_axes(figure, 0.14, 0.3, 0.14, 0.02)
    axes.set_xlim(plot.low, plot.high)
    axes.set_ylim(-1, 1)
    axes.hlines(0, plot.low, plot.high, color=GRID, linewidth=5, capstyle="round")
    e = plot.estimate
    if e.low is not None and e.high is not None:
        axes.hlines(0, e.low, e.high, color=MAIN, linewidth=5, capstyle="butt")
        axes.vlines((e.low, e.high), -0.55, 0.55, color=MAIN, linewidth=1.4)
    axes.plot(
        [e.value or 0.0], [0], "o", markersize=11, color=MAIN, markeredgecolor=PAPER, markeredgewidth=1.6, clip_on=False
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_yticks([])
    steps = 4
    axes.set_xticks([plot.low + (plot.high - plot.low) * i / steps for i in range(steps + 1)])
    axes.tick_params(length=0, labelsize=TICK, colors=MUTED, pad=3)
    return figure


def draw_dots(plot: DotPlot) -> Figure:
    """Draw one row an estimate: name, dot and interval, and the numbers at the right."""
    rows = plot.estimates
    labels = [wrapped(e.label, LABEL_CELLS) for e in rows]
    values = [points(e) for e in rows]
    heights = row_heights(labels)
    figure = new_figure(sum(heights) * ROW + 0.55)
    axes = add_axes(figure, label_inches(labels), 0.45, max(text_width(v) for v in values) * 0.066 + 0.12, 0.1)
    positions = row_positions(heights)
    placed = list(zip(range(len(rows)), positions, rows, strict=True))
    draw_rows(axes, [row for row in placed if row[2].label != plot.highlight], MAIN, "o", hollow=False)
    draw_rows(axes, [row for row in placed if row[2].label == plot.highlight], STRESS, "s", hollow=False)
    for y, value in zip(positions, values, strict=True):
        axes.annotate(
            value, (1, y), (5, 0), ("axes fraction", "data"), "offset points", va="center", color=INK, fontsize=SMALL
        )
    _finish(axes, plot.low, plot.high, sum(heights))
    _label_rows(axes, positions, labels)
    axes.set_xlabel(plot.axis, color=MUTED, fontsize=SMALL)
    return figure


def draw_panels(plot: PanelPlot) -> Figure:
    """Draw two columns of small dot plots; the names of the groups, with their bases, stand at the left."""
    names: dict[str, int] = {}
    for panel in plot.panels:
        for e in panel.estimates:
            names[e.label] = max(names.get(e.label, 0), e.n)
    labels = [wrapped(name, 14) + f"\nn = {count(n)}" for name, n in names.items()]
    heights = [0.5 * (label.count("\n") + 1) + 0.2 for label in labels]
    columns = 2 if len(plot.panels) > 1 else 1
    lines = -(-len(plot.panels) // columns)
    title = 0.26 * max(wrapped(p.title, 20).count("\n") + 1 for p in plot.panels) + 0.06
    inner = sum(heights) * ROW
    height = lines * (inner + title + 0.3) + 0.22
    figure = new_figure(height)
    left = label_inches(labels)
    width = (WIDTH - left - 0.15 - (columns - 1) * GAP) / columns
    positions = dict(zip(names, row_positions(heights), strict=True))
    n_before = 0
    for number, panel in enumerate(plot.panels):
        column, line = number % columns, number // columns
        start = left + column * (width + GAP)
        bottom = height - (line + 1) * (inner + title + 0.3) + 0.3 - 0.02
        axes = add_axes(figure, start, bottom, WIDTH - start - width, height - bottom - inner)
        if plot.line is not None:
            axes.axvline(plot.line, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        placed = [(j, positions[e.label], e) for j, e in enumerate(panel.estimates, start=n_before)]
        n_before += len(placed)
        for hollow in (False, True):
            draw_rows(axes, [row for row in placed if row[2].is_small is hollow], MAIN, "o", hollow=hollow)
        for e in panel.estimates:
            if e.n < OWN_BASE * names[e.label] and e.value is not None:
                _own_base(axes, positions[e.label], e)
        _finish(axes, plot.low, plot.high, sum(heights))
        axes.set_title(wrapped(panel.title, 20), fontsize=10, color=INK, loc="left", pad=4)
        if column == 0:
            _label_rows(axes, list(positions.values()), labels)
        else:
            axes.set_yticks([])
    figure.text(
        (left + (WIDTH - left) / 2) / WIDTH,
        0.08 / height,
        plot.axis,
        ha="center",
        va="bottom",
        color=MUTED,
        fontsize=SMALL,
    )
    return figure


def _own_base(axes: Axes, y: float, e: Estimate) -> None:
    """Write the base under a dot whose panel rests on far fewer respondents than the row's name says."""
    text = f"n = {count(e.n)}"
    axes.annotate(
        text, (e.value or 0.0, y), (0, -7), "data", "offset points", ha="center", va="top", color=MUTED, fontsize=7
    )


def label_inches(labels: list[str]) -> float:
    """Return the room that row labels need, in inches."""
    return max(text_width(line) for label in labels for line in label.split("\n")) * 0.071 + 0.16


def draw_rows(
    axes: Axes, rows: Sequence[tuple[int, float, Estimate]], color: str, marker: str, *, hollow: bool
) -> None:
    """Draw estimates, each with its number in the figure and its height: intervals as lines with ends, then marks.

    A small base is an open mark.
    """
    shown = [(j, y, e) for j, y, e in rows if e.value is not None]
    ends = [(y, e.low, e.high) for _, y, e in shown if e.low is not None and e.high is not None]
    if ends:
        at, low, high = ([end[i] for end in ends] for i in range(3))
        axes.hlines(at, low, high, color=color, linewidth=2, linestyles="dashed" if hollow else "solid")
        caps = [y for y in at for _ in range(2)]
        axes.vlines(
            [x for end in ends for x in end[1:]],
            [y - 0.13 for y in caps],
            [y + 0.13 for y in caps],
            color=color,
            linewidth=1.4,
        )
    for j, y, e in shown:
        line = axes.plot([e.value or 0.0], [y], marker, markersize=7, color=PAPER if hollow else color)[0]
        line.set_markeredgecolor(color)
        line.set_markeredgewidth(1.5)
        line.set_gid(mark(j))


def row_heights(labels: list[str]) -> list[float]:
    """Return how much room every row needs, in rows of one line."""
    return [label.count("\n") * 0.5 + 1.0 for label in labels]


def row_positions(heights: list[float]) -> list[float]:
    """Return the middle of every row, counted downwards from 0."""
    positions, top = [], 0.0
    for height in heights:
        positions.append(-(top + height / 2))
        top += height
    return positions


def _label_rows(axes: Axes, positions: list[float], labels: list[str]) -> None:
    axes.set_yticks(positions, labels)
    for label in axes.get_yticklabels():
        label.set_color(INK)
        label.set_fontsize(SMALL)
        label.set_linespacing(1.05)


def _finish(axes: Axes, low: float, high: float, total: float) -> None:
    quiet(axes)
    axes.set_xlim(low, high)
    axes.set_ylim(-total - 0.1, 0.1)
    step = _step(high - low)
    first = -(-low // step) * step
    ticks = [first + step * i for i in range(int((high - first) // step) + 1)]
    axes.set_xticks(ticks, [decimal(tick, 2) for tick in ticks] if step < 1 else None)


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
