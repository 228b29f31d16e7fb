"""Ranks that the data leave open: thin lines for all units together, thick ones for one unit alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.dots import LABEL_CELLS, ROW, label_inches, row_heights, row_positions
from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    PAPER,
    SMALL,
    add_axes,
    mark,
    new_figure,
    quiet,
    text_width,
    wrapped,
)
from satmeter.report.group_plots import RankPlot, RankRange

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_TICKS = 9


def open_ranks(row: RankRange) -> str:
    """Return the ranks that all units together leave open; always a range, never a bare rank.

    Examples
    --------
    >>> from satmeter.report.estimate import Estimate
    >>> first = RankRange(Estimate("North", 76.2), 1, 1, 6, 2, 4, 1)
    >>> open_ranks(first), own_ranks(first), rank_range(first)
    ('1–6', '2–4', '1–6 (2–4)')
    """
    return f"{row.low}–{row.high}"


def own_ranks(row: RankRange) -> str:
    """Return the ranks that are open to a reader of this unit alone."""
    return f"{row.own_low}–{row.own_high}"


def rank_range(row: RankRange) -> str:
    """Return the ranks that are open, those of the unit alone in brackets."""
    return f"{open_ranks(row)} ({own_ranks(row)})"


def draw_ranks(plot: RankPlot) -> Figure:
    """Draw one row a unit: the thin line holds for all units together, the thick one for it alone."""
    labels = [wrapped(row.score.label, LABEL_CELLS) for row in plot.rows]
    texts = [rank_range(row) for row in plot.rows]
    heights = row_heights(labels)
    figure = new_figure(sum(heights) * ROW * 0.86 + 0.86)
    axes = add_axes(figure, label_inches(labels), 0.76, max(text_width(t) for t in texts) * 0.066 + 0.14, 0.1)
    positions = row_positions(heights)
    thin = axes.hlines(positions, [r.low for r in plot.rows], [r.high for r in plot.rows], color=MAIN, linewidth=1.3)
    ends = [(end, y) for row, y in zip(plot.rows, positions, strict=True) for end in (row.low, row.high)]
    axes.vlines([x for x, _ in ends], [y - 0.14 for _, y in ends], [y + 0.14 for _, y in ends], color=MAIN)
    own = [r.own_low for r in plot.rows], [r.own_high for r in plot.rows]
    thick = axes.hlines(positions, *own, color=MAIN, linewidth=5.5, alpha=0.45, capstyle="round")
    for number, (y, row) in enumerate(zip(positions, plot.rows, strict=True)):
        dot = axes.plot([row.rank], [y], "o", markersize=5.5, color=PAPER if row.score.is_small else MAIN)[0]
        dot.set_markeredgecolor(MAIN)
        dot.set_gid(mark(number))
        axes.annotate(
            texts[number],
            (1, y),
            (7, 0),
            ("axes fraction", "data"),
            "offset points",
            va="center",
            color=INK,
            fontsize=SMALL,
        )
    quiet(axes)
    axes.set_yticks(positions, labels, color=INK, fontsize=SMALL)
    axes.set_ylim(-sum(heights) - 0.05, 0.05)
    axes.set_xlim(0.6, plot.n_units + 0.4)
    axes.set_xticks(_ticks(plot.n_units))
    axes.set_xlabel(plot.axis, color=MUTED, fontsize=SMALL)
    figure.legend(
        [thick, thin],
        [plot.own_word, plot.all_word],
        loc="lower center",
        ncols=2,
        frameon=False,
        fontsize=SMALL - 0.5,
        labelcolor=INK,
        handlelength=1.6,
        borderaxespad=0.1,
    )
    return figure


def _ticks(n_units: int) -> list[int]:
    """Return round ranks with the first and the last.

    Examples
    --------
    >>> _ticks(4), _ticks(20), _ticks(36)
    ([1, 2, 3, 4], [1, 5, 10, 15, 20], [1, 5, 10, 15, 20, 25, 30, 36])
    """
    if n_units <= MOST_TICKS:
        return list(range(1, n_units + 1))
    step = next(step for step in (5, 10, 20, 50, 100, 1000) if n_units / step <= MOST_TICKS)
    inner = [tick for tick in range(step, n_units, step) if n_units - tick >= step / 2]
    return [1, *inner, n_units]
