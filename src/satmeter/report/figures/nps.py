"""Net promoter scores with the answers behind them: the points 0–10 and the three groups of respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    OPEN,
    SMALL,
    STRESS,
    WIDTH,
    add_axes,
    mark,
    new_figure,
    wrapped,
)
from satmeter.report.group_plots import NPS_POINTS, NpsPlot, NpsRow
from satmeter.report.number_text import count, percent
from satmeter.report.sentences import points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE_CELLS = 62
COLUMNS = 1.05
FOOT = 0.62
LEAST_WRITTEN = 0.005

SPANS = ((-0.42, 6.42, STRESS), (6.58, 8.42, OPEN), (8.58, 10.42, MAIN))
"""Detractors, passives, promoters: where their brackets begin and end, and their colour."""


def draw_nps(plot: NpsPlot) -> Figure:
    """Draw columns of the eleven points, an item under the other; brackets name the three groups with their shares."""
    titles = [wrapped(row.label, TITLE_CELLS) + "\n" + _score(plot, row) for row in plot.rows]
    heads = [0.17 * (title.count("\n") + 1) + 0.22 for title in titles]
    height = sum(heads) + len(plot.rows) * (COLUMNS + FOOT)
    figure = new_figure(height)
    most = max(share for row in plot.rows for share in row.shares)
    top = 0.0
    for number, (row, title, head) in enumerate(zip(plot.rows, titles, heads, strict=True)):
        figure.text(
            0.1 / WIDTH,
            1 - (top + 0.05) / height,
            title,
            ha="left",
            va="top",
            color=INK,
            fontsize=SMALL,
            linespacing=1.3,
        )
        axes = add_axes(figure, 0.1, height - top - head - COLUMNS, 0.1, top + head)
        _columns(axes, number, row, most)
        _brackets(axes, plot, row)
        top += head + COLUMNS + FOOT
    return figure


def _score(plot: NpsPlot, row: NpsRow) -> str:
    return f"{plot.score_word} {points(row.score)}, n = {count(row.score.n)}"


def _columns(axes: Axes, number: int, row: NpsRow, most: float) -> None:
    colours = [colour for low, high, colour in SPANS for code in range(11) if low < code < high]
    bars = axes.bar(range(11), row.shares, width=0.8, color=colours, alpha=0.8)
    for code, (bar, share) in enumerate(zip(bars, row.shares, strict=True)):
        bar.set_gid(mark(number, code))
        if share >= LEAST_WRITTEN:
            axes.text(code, share + 0.015 * most, percent(share), ha="center", va="bottom", color=INK, fontsize=7.5)
    axes.set_xlim(-0.6, 10.6)
    axes.set_ylim(0, most * 1.12 or 1.0)
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks(range(11))
    axes.tick_params(length=0, pad=2, labelsize=SMALL, colors=MUTED)


def _brackets(axes: Axes, plot: NpsPlot, row: NpsRow) -> None:
    across = axes.get_xaxis_transform()
    depth = -0.21
    for (low, high, colour), name, codes, share in zip(SPANS, plot.words, NPS_POINTS, row.parts, strict=True):
        line = axes.plot(
            [low, low, high, high], [depth + 0.04, depth, depth, depth + 0.04], color=colour, linewidth=1.4
        )[0]
        line.set_transform(across)
        line.set_clip_on(False)
        axes.text(
            (low + high) / 2,
            depth - 0.04,
            f"{name}\n{codes}: {percent(share, 1)}",
            transform=across,
            ha="center",
            va="top",
            color=INK,
            fontsize=SMALL - 1,
            linespacing=1.2,
        )
