"""Mean scores of groups as a heat map with bases: stronger is higher, triangles are sure, broken frames are small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from satmeter.report.figures.dots import OWN_BASE, label_inches
from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    PAPER,
    SMALL,
    WIDTH,
    add_axes,
    mark,
    new_figure,
    wrapped,
)
from satmeter.report.group_plots import GroupCell, GroupHeatPlot
from satmeter.report.number_text import count, decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Placed = tuple[int, int, int, GroupCell]

FEWEST_COLUMNS, MOST_COLUMNS = 4, 6
WIDEST = 0.8
ROW, LINE, HEAD = 0.28, 0.12, 0.13
"""Inches of a row at least, of a line of its name, and of a line of a column's name."""

LEGEND = 0.5
LIGHTEST, DARKEST = 0.04, 0.6
LABEL_CELLS = 16


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns in blocks, one under the other, with the names as they are broken into lines."""

    width: float
    names: list[str]
    blocks: list[range]
    heads: list[float]


def draw_group_heat(plot: GroupHeatPlot) -> Figure:
    """Draw a row a group and a column a construct; many constructs stand in several blocks, one under the other."""
    labels = [wrapped(row.label, LABEL_CELLS) + f"\nn = {count(row.n)}" for row in plot.rows]
    heights = [max(ROW, LINE * (label.count("\n") + 1) + 0.05) for label in labels]
    left = label_inches(labels)
    inner = sum(heights)
    layouts = [_layout(plot.columns, left, most) for most in range(MOST_COLUMNS, FEWEST_COLUMNS - 1, -1)]
    layout = min(layouts, key=lambda found: sum(found.heads) + len(found.blocks) * inner)
    total = sum(layout.heads) + len(layout.blocks) * inner + LEGEND
    figure = new_figure(total)
    top = 0.0
    for block, head in zip(layout.blocks, layout.heads, strict=True):
        right = WIDTH - left - layout.width * len(block)
        axes = add_axes(figure, left, total - top - head - inner, right, top + head)
        axes.set_xlim(0, len(block))
        axes.set_ylim(-inner, 0)
        axes.xaxis.tick_top()
        axes.tick_params(length=0, pad=3)
        axes.set_xticks([k + 0.5 for k in range(len(block))], [layout.names[j] for j in block], color=INK, fontsize=7.5)
        for spine in axes.spines.values():
            spine.set_visible(False)
        _label(axes, labels, heights)
        _cells(axes, plot, block, heights)
        top += head + inner
    _legend(figure, plot, total)
    return figure


def _layout(columns: Sequence[str], left: float, most: int) -> _Layout:
    """Return the columns in blocks of nearly the same size, at most so many beside each other."""
    n_blocks = -(-len(columns) // most)
    size = -(-len(columns) // n_blocks)
    width = min((WIDTH - left - 0.04) / size, WIDEST)
    names = [wrapped(name, max(6, int(width / 0.062))) for name in columns]
    blocks = [range(start, min(start + size, len(names))) for start in range(0, len(names), size)]
    heads = [HEAD * max(names[j].count("\n") + 1 for j in block) + 0.12 for block in blocks]
    return _Layout(width, names, blocks, heads)


def _label(axes: Axes, labels: list[str], heights: list[float]) -> None:
    axes.set_yticks(_middles(heights), labels, color=INK, fontsize=SMALL - 1)
    for text in axes.get_yticklabels():
        text.set_linespacing(1.0)


def _middles(heights: Sequence[float]) -> list[float]:
    return [-(sum(heights[:i]) + height / 2) for i, height in enumerate(heights)]


def _cells(axes: Axes, plot: GroupHeatPlot, block: range, heights: list[float]) -> None:
    from matplotlib.collections import PolyCollection

    placed: list[Placed] = []
    for i, row in enumerate(plot.rows):
        for k, j in enumerate(block):
            cell = row.cells[j]
            if cell is not None and cell.score.value is not None:
                placed.append((i, k, i * len(plot.columns) + j, cell))
    middles = _middles(heights)
    boxes = [_box(k, middles[i], heights[i], 0.02) for i, k, _, _ in placed]
    shades = [_shade(plot, cell.score.value or 0.0) for _, _, _, cell in placed]
    axes.add_collection(PolyCollection(boxes, facecolors=PAPER, linewidths=0))
    axes.add_collection(PolyCollection(boxes, facecolors=MAIN, alpha=shades, linewidths=0))
    small = [_box(k, middles[i], heights[i], 0.045) for i, k, _, cell in placed if cell.score.is_small]
    axes.add_collection(
        PolyCollection(small, facecolors="none", edgecolors=INK, linewidths=0.9, linestyles=[(0, (3, 2))])
    )
    for side, shape in (("above", "^"), ("below", "v")):
        at = [(k + 0.84, middles[i]) for i, k, _, cell in placed if cell.side == side]
        axes.scatter([x for x, _ in at], [y for _, y in at], s=18, color=INK, marker=shape, linewidths=0)
    for i, k, number, cell in placed:
        _text(axes, k + (0.43 if cell.side else 0.5), middles[i], number, cell, plot.rows[i].n)


def _text(axes: Axes, x: float, y: float, number: int, cell: GroupCell, base: int) -> None:
    """Write a score, and its base where it rests on far fewer respondents than the row's name says."""
    own = cell.score.n < OWN_BASE * base
    value = axes.text(
        x, y + (0.045 if own else 0), decimal(cell.score.value, 1), ha="center", va="center", fontsize=SMALL
    )
    value.set_gid(mark(number))
    if own:
        axes.text(x, y - 0.1, f"n={count(cell.score.n)}", ha="center", va="center", color=INK, fontsize=6.5)


def _box(k: int, middle: float, height: float, gap: float) -> list[tuple[float, float]]:
    left, right, low, high = k + gap, k + 1 - gap, middle - height / 2 + gap / 2, middle + height / 2 - gap / 2
    return [(left, low), (right, low), (right, high), (left, high)]


def _shade(plot: GroupHeatPlot, value: float) -> float:
    part = (value - plot.low) / (plot.high - plot.low) if plot.high > plot.low else 0.5
    return LIGHTEST + (DARKEST - LIGHTEST) * min(max(part, 0.0), 1.0)


def _legend(figure: Figure, plot: GroupHeatPlot, total: float) -> None:
    """Say what shades, triangles and frames mean, in two lines at the foot."""
    lines = (
        f"{decimal(plot.low, 0)} – {decimal(plot.high, 0)}",
        "   ".join(word for word in (plot.above_word, plot.below_word, plot.small_word) if word),
    )
    figure.text(0.62, 0.37 / total, lines[0], ha="left", va="center", color=MUTED, fontsize=SMALL - 1)
    bar = add_axes(figure, WIDTH * 0.62 - 1.5, 0.31, WIDTH * 0.38 + 0.1, total - 0.43)
    from matplotlib.collections import PolyCollection

    steps = 7
    boxes = [[(k, 0), (k + 1, 0), (k + 1, 1), (k, 1)] for k in range(steps)]
    shades = [LIGHTEST + (DARKEST - LIGHTEST) * k / (steps - 1) for k in range(steps)]
    bar.add_collection(PolyCollection(boxes, facecolors=MAIN, alpha=shades, linewidths=0))
    bar.set_xlim(0, steps)
    bar.set_ylim(0, 1)
    bar.set_axis_off()
    figure.text(0.5, 0.12 / total, lines[1], ha="center", va="center", color=MUTED, fontsize=SMALL - 1)
