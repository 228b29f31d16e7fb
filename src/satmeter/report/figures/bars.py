"""Bars from zero with intervals: shares of the explained variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.dots import LABEL_CELLS, ROW, label_inches, row_heights, row_positions
from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    SMALL,
    add_axes,
    mark,
    new_figure,
    quiet,
    text_width,
    wrapped,
)
from satmeter.report.plots import BarPlot
from satmeter.report.sentences import share

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_bars(plot: BarPlot) -> Figure:
    """Draw one bar a share (0–1), with its interval across its end and its numbers at the right."""
    rows = plot.estimates
    labels = [wrapped(e.label, LABEL_CELLS) for e in rows]
    values = [share(e) for e in rows]
    heights = row_heights(labels)
    figure = new_figure(sum(heights) * ROW * 1.1 + 0.55)
    axes = add_axes(figure, label_inches(labels), 0.45, max(text_width(v) for v in values) * 0.07 + 0.12, 0.1)
    positions = row_positions(heights)
    axes.barh(
        positions, [e.value or 0.0 for e in rows], height=0.5, color=MAIN, alpha=0.45, edgecolor=MAIN, linewidth=0
    )
    for number, (y, e) in enumerate(zip(positions, rows, strict=True)):
        if e.low is not None and e.high is not None:
            axes.hlines(y, e.low, e.high, color=INK, linewidth=1.6)
            axes.vlines((e.low, e.high), y - 0.13, y + 0.13, color=INK, linewidth=1.4)
        axes.plot([e.value or 0.0], [y], "o", markersize=4.5, color=INK, gid=mark(number))
    for y, value in zip(positions, values, strict=True):
        axes.annotate(
            value, (1, y), (5, 0), ("axes fraction", "data"), "offset points", va="center", color=INK, fontsize=SMALL
        )
    quiet(axes)
    axes.set_yticks(positions, labels, color=INK, fontsize=SMALL)
    top = max(max(e.high or 0.0, e.value or 0.0) for e in rows)
    low = min(0.0, *(e.low or 0.0 for e in rows), 0.0)
    step = 0.05 if top <= 0.25 else 0.1 if top <= 0.45 else 0.25
    axes.set_xlim(low, top * 1.04 or 1.0)
    ticks = [step * i for i in range(int(top * 1.04 / step) + 1)]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}%" for tick in ticks])
    axes.set_xlabel(plot.axis, color=MUTED, fontsize=SMALL)
    axes.set_ylim(-sum(heights) - 0.05, 0.05)
    return figure
