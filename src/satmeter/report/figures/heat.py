"""Heat map of loadings: items in the blocks of their constructs, constructs as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    PAPER,
    SMALL,
    STRESS,
    WIDTH,
    add_axes,
    new_figure,
    text_width,
    wrapped,
)
from satmeter.report.number_text import decimal
from satmeter.report.plots import HeatPlot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL = 0.235
WIDEST = 0.9
TITLE_CELLS = 58
DARKEST = 0.62


def draw_heat(plot: HeatPlot) -> Figure:
    """Draw one cell an item and construct, darker for a higher number; a block's own cells have a frame.

    The frame of an item that goes at least as closely with another construct is broken and of another colour.
    """
    n_columns = len(plot.columns)
    titles = [wrapped(block.title, TITLE_CELLS) for block in plot.blocks]
    heights = [1.15 + 0.6 * title.count("\n") for title in titles]
    total = sum(heights) + sum(len(block.rows) for block in plot.blocks)
    left = max((text_width(row.label) for block in plot.blocks for row in block.rows), default=1) * 0.071 + 0.14
    figure = new_figure(total * CELL + 0.34)
    width = min(WIDTH - left - 0.04, WIDEST * n_columns)
    axes = add_axes(figure, left, 0.04, WIDTH - left - width, 0.28)
    axes.set_xlim(0, n_columns)
    axes.set_ylim(-total, 0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=2)
    axes.set_xticks([j + 0.5 for j in range(n_columns)], plot.columns, color=MUTED, fontsize=SMALL)
    at: list[float] = []
    labels: list[str] = []
    top = 0.0
    for block, title, height in zip(plot.blocks, titles, heights, strict=True):
        edge = -left / width
        axes.text(
            edge,
            -top - height + 0.14,
            title,
            transform=axes.get_yaxis_transform(),
            color=INK,
            fontsize=SMALL,
            va="bottom",
        )
        top += height
        for row in block.rows:
            at.append(-top - 0.5)
            labels.append(row.label)
            _cells(axes, row.values, top, block.own, stranger=row.stranger)
            top += 1
    axes.set_yticks(at, labels, color=MUTED, fontsize=SMALL - 0.5)
    return figure


def _cells(axes: Axes, values: tuple[float | None, ...], top: float, own: int | None, *, stranger: bool) -> None:
    from matplotlib.patches import Rectangle

    size = SMALL - 1 if len(values) <= 9 else SMALL - 2.5
    for j, value in enumerate(values):
        box = (j + 0.03, -top - 0.97)
        if value is not None:
            shade = DARKEST * min(abs(value), 1.0) ** 1.5
            color = MAIN if value >= 0 else STRESS
            axes.add_patch(Rectangle(box, 0.94, 0.94, facecolor=PAPER, linewidth=0))
            axes.add_patch(Rectangle(box, 0.94, 0.94, facecolor=color, alpha=shade, linewidth=0))
        if j == own:
            frame = Rectangle((j + 0.05, -top - 0.95), 0.9, 0.9, fill=False, linewidth=1.2)
            frame.set_edgecolor(STRESS if stranger else INK)
            frame.set_linestyle("dashed" if stranger else "solid")
            axes.add_patch(frame)
        axes.text(j + 0.5, -top - 0.53, decimal(value, 2), color=INK, fontsize=size, ha="center", va="center")
