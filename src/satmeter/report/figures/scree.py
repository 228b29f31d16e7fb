"""Eigenvalues beside those of uncorrelated data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.style import GRID, INK, MAIN, MUTED, OPEN, PAPER, SMALL, add_axes, mark, new_figure
from satmeter.report.plots import ScreePlot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 2.9


def draw_scree(plot: ScreePlot) -> Figure:
    """Draw both lines; the eigenvalues that count as factors are filled."""
    figure = new_figure(HEIGHT)
    axes = add_axes(figure, 0.55, 0.8, 0.12, 0.1)
    numbers = range(1, len(plot.values) + 1)
    axes.plot(numbers, plot.reference, color=OPEN, linewidth=1.3, linestyle=(0, (4, 2)), label=plot.reference_word)
    axes.plot(numbers, plot.values, color=MAIN, linewidth=1.5, label=plot.value_word)
    for number, value in zip(numbers, plot.values, strict=True):
        face = MAIN if number <= plot.counted else PAPER
        axes.plot(
            [number],
            [value],
            "o",
            markersize=5,
            color=face,
            markeredgecolor=MAIN,
            markeredgewidth=1.3,
            gid=mark(number - 1),
        )
    for spine in axes.spines.values():
        spine.set_color(GRID)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, colors=MUTED)
    axes.set_xlabel(plot.x_axis, color=MUTED, fontsize=SMALL)
    axes.set_ylabel(plot.y_axis, color=MUTED, fontsize=SMALL)
    axes.set_ylim(0, max((*plot.values, *plot.reference)) * 1.06)
    step = max(1, len(plot.values) // 10)
    axes.set_xticks([n for n in numbers if n == 1 or n % step == 0])
    figure.legend(loc="lower center", ncols=2, frameon=False, fontsize=SMALL, labelcolor=INK)
    return figure
