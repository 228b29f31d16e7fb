"""Measurement model: every construct with arrows to its items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.estimate import Estimate
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
from satmeter.report.number_text import decimal, interval, with_interval
from satmeter.report.plots import Indicator, MeasurementPlot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.27
GAP = 0.55
NAME_CELLS = 15
NAME_INCHES = 1.12
LOW = 0.5
"""Standardised loadings below this are drawn thin and in the stressed colour: less than a quarter of the variance."""


def draw_measurement(plot: MeasurementPlot) -> Figure:
    """Draw every construct beside its items; the arrow is as thick as the loading is high."""
    heights = [max(len(items), 1 + _name_lines(name) * 0.7) for name, items in plot.constructs]
    total = sum(heights) + GAP * (len(heights) - 1)
    figure = new_figure((total + 0.2) * ROW + 0.16)
    axes = add_axes(figure, 0.06, 0.08, 0.06, 0.08)
    width = WIDTH - 0.12
    axes.set_xlim(0, width)
    axes.set_ylim(-total - 0.1, 0.1)
    axes.axis("off")
    names = [item.label for _, items in plot.constructs for item in items]
    values = [_value(item.loading) for _, items in plot.constructs for item in items]
    value_width = max((text_width(value) for value in values), default=1) * 0.068
    name_width = max((text_width(name) for name in names), default=1) * 0.068 + 0.14
    box = width - value_width - name_width - 0.08
    top = 0.0
    for (name, items), height in zip(plot.constructs, heights, strict=True):
        _construct(axes, name, -top - height / 2)
        for j, item in enumerate(items):
            y = -top - height / 2 + (len(items) - 1) / 2 - j
            _indicator(axes, item, (NAME_INCHES, -top - height / 2), (box, y), name_width)
        top += height + GAP
    return figure


def _name_lines(name: str) -> int:
    return wrapped(name, NAME_CELLS).count("\n") + 1


def _construct(axes: Axes, name: str, y: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    height = 0.5 + 0.62 * _name_lines(name)
    patch = FancyBboxPatch(
        (0.02, y - height / 2),
        NAME_INCHES - 0.04,
        height,
        boxstyle="round,pad=0,rounding_size=0.14",
        mutation_aspect=1 / ROW,
        facecolor=PAPER,
        edgecolor=INK,
        linewidth=1.1,
    )
    axes.add_patch(patch)
    axes.text(NAME_INCHES / 2, y, wrapped(name, NAME_CELLS), ha="center", va="center", color=INK, fontsize=SMALL - 0.5)


def _indicator(
    axes: Axes, item: Indicator, start: tuple[float, float], end: tuple[float, float], name_width: float
) -> None:
    value = item.loading.value
    strong = value is not None and abs(value) >= LOW
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": MAIN if strong else STRESS,
            "linewidth": 0.5 + 1.6 * min(abs(value or 0.0), 1.0),
            "linestyle": "solid" if strong else "dashed",
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 8,
        },
    )
    x, y = end
    axes.text(x + 0.05, y, item.label, ha="left", va="center", color=INK, fontsize=SMALL - 0.5)
    axes.text(
        x + name_width, y, _value(item.loading), ha="left", va="center", color=INK if strong else MUTED, fontsize=SMALL
    )


def _value(loading: Estimate) -> str:
    return with_interval(decimal(loading.value, 2), interval(loading.low, loading.high, 2))
