"""What is not there: responses lost on the way to respondents, and answers missing item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.dots import LABEL_CELLS, ROW, label_inches, row_heights, row_positions
from satmeter.report.figures.style import (
    GRID,
    INK,
    MAIN,
    MUTED,
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
from satmeter.report.group_plots import FunnelPlot, FunnelStep, MissingPlot
from satmeter.report.number_text import count, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BAR = 0.56


def draw_funnel(plot: FunnelPlot) -> Figure:
    """Draw a bar a step for those who are left, and an open one behind it for those whom the step took."""
    labels = [wrapped(step.label, LABEL_CELLS) for step in plot.steps]
    texts = [_left_and_lost(step) for step in plot.steps]
    heights = row_heights(labels)
    figure = new_figure(sum(heights) * ROW + 0.2)
    axes = add_axes(figure, label_inches(labels), 0.1, max(text_width(t) for t in texts) * 0.07 + 0.14, 0.1)
    positions = row_positions(heights)
    bars = axes.barh(positions, [step.n for step in plot.steps], height=BAR, color=MAIN, alpha=0.55)
    for number, bar in enumerate(bars):
        bar.set_gid(mark(number))
    took = [(y, step) for y, step in zip(positions, plot.steps, strict=True) if step.lost]
    axes.barh(
        [y for y, _ in took],
        [step.lost for _, step in took],
        height=BAR,
        left=[step.n for _, step in took],
        color="none",
        edgecolor=STRESS,
        linewidth=1.1,
        linestyle=(0, (3, 2)),
    )
    for y, text in zip(positions, texts, strict=True):
        axes.annotate(
            text, (1, y), (5, 0), ("axes fraction", "data"), "offset points", va="center", color=INK, fontsize=SMALL
        )
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_yticks(positions, labels, color=INK, fontsize=SMALL)
    axes.set_xlim(0, max(step.n + step.lost for step in plot.steps) * 1.005 or 1)
    axes.set_ylim(-sum(heights) - 0.05, 0.05)
    return figure


def _left_and_lost(step: FunnelStep) -> str:
    return f"{count(step.n)} (−{count(step.lost)})" if step.lost else count(step.n)


def draw_missing(plot: MissingPlot) -> Figure:
    """Draw a row a construct with a dot an item, and a bar at the mean of its items."""
    labels = [wrapped(title, LABEL_CELLS) for title, _ in plot.constructs]
    means = [sum(item.share for item in items) / len(items) for _, items in plot.constructs]
    texts = [percent(mean, 1) for mean in means]
    heights = row_heights(labels)
    figure = new_figure(sum(heights) * ROW * 0.9 + 0.6)
    axes = add_axes(figure, label_inches(labels), 0.5, max(text_width(t) for t in texts) * 0.07 + 0.2, 0.1)
    positions = row_positions(heights)
    most = max(item.share for _, items in plot.constructs for item in items)
    axes.hlines(positions, 0, most, color=GRID, linewidth=0.8)
    axes.vlines(means, [y - 0.3 for y in positions], [y + 0.3 for y in positions], color=STRESS, linewidth=2)
    number = 0
    for y, (_, items) in zip(positions, plot.constructs, strict=True):
        for item in items:
            dot = axes.plot([item.share], [y], "o", markersize=6, color=PAPER, alpha=0.75, gid=mark(number))[0]
            dot.set_markeredgecolor(MAIN)
            dot.set_markeredgewidth(1.2)
            number += 1
    for y, text in zip(positions, texts, strict=True):
        axes.annotate(
            text, (1, y), (7, 0), ("axes fraction", "data"), "offset points", va="center", color=INK, fontsize=SMALL
        )
    quiet(axes)
    axes.set_yticks(positions, labels, color=INK, fontsize=SMALL)
    axes.set_ylim(-sum(heights) - 0.05, 0.05)
    axes.set_xlim(-0.02 * most, most * 1.05)
    step = next(step for step in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25) if most / step <= 5 or step == 0.25)
    ticks = [step * i for i in range(int(most * 1.05 / step) + 1)]
    axes.set_xticks(ticks, [percent(tick, 1 if step < 0.01 else 0) for tick in ticks])
    axes.set_xlabel(plot.axis, color=MUTED, fontsize=SMALL)
    return figure
