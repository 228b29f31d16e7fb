"""Small multiples: the same groups in every panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from satmeter.report.estimate import Estimate
from satmeter.report.figures.dots import OWN_BASE, ROW, draw_rows, grid, label_inches, label_rows, row_positions
from satmeter.report.figures.sheet import POINTS, Plane, Sheet, Stroke
from satmeter.report.figures.style import MAIN, MUTED, SMALL, WIDTH, text_width, wrapped
from satmeter.report.number_text import count
from satmeter.report.plots import Panel, PanelPlot

MANY_ROWS = 8
"""More groups than these are set closely, in three columns of panels."""
ONE_LINE_CELLS = 20
"""Most cells of a name with its base behind it."""
NAME_CELLS = 14
TITLE_SIZE = 10.0
FOOT = 0.22


def panels_abreast(plot: PanelPlot) -> int:
    """Return how many panels stand side by side."""
    return min(len(plot.panels), 3 if len(_bases(plot)) > MANY_ROWS else 2) or 1


def draw_panels(plot: PanelPlot) -> Sheet:
    """Draw columns of small dot plots; the names of the groups, with their bases, stand at the left.

    What is not published is left out: a group that no panel may show has no row.
    """
    plot = replace(plot, panels=tuple(replace(p, estimates=_shown(p)) for p in plot.panels))
    bases = _bases(plot)
    columns = panels_abreast(plot)
    labels, heights = _rows(plot, bases)
    gap = 0.32 if columns < 3 else 0.18
    left = label_inches(labels)
    width = (WIDTH - left - 0.15 - (columns - 1) * gap) / columns
    size, cells = (TITLE_SIZE, 20) if columns < 3 else (SMALL, round((width + gap) / 0.071))
    titles = [wrapped(p.title, cells) for p in plot.panels]
    lines = -(-len(plot.panels) // columns)
    heads = [
        0.15 * (1 + max(t.count("\n") for t in titles[columns * line : columns * (line + 1)])) + 0.17
        for line in range(lines)
    ]
    inner = sum(heights) * ROW
    sheet = Sheet(lines * (inner + 0.3) + sum(heads) + FOOT)
    at = dict(zip(bases, row_positions(heights), strict=True))
    drawn = 0
    for number, (panel, title) in enumerate(zip(plot.panels, titles, strict=True)):
        column, line = number % columns, number // columns
        bottom = sheet.height - line * (inner + 0.3) - sum(heads[: line + 1]) - inner
        place = (POINTS * (left + column * (width + gap)), POINTS * bottom, POINTS * width, POINTS * inner)
        axis = Plane(sheet, *place, (plot.low, plot.high), (-sum(heights) - 0.1, 0.1))
        grid(axis)
        if plot.line is not None:
            axis.upright([plot.line], Stroke(MUTED, 1, (4, 3)))
        _estimates(axis, panel, drawn, at, bases)
        drawn += len(panel.estimates)
        above = axis.bottom + axis.height + 4
        sheet.text(axis.left, above, title, size, up="bottom")
        if column == 0:
            label_rows(axis, list(at.values()), labels)
    middle = POINTS * (left + WIDTH) / 2
    sheet.text(middle, POINTS * 0.06, plot.axis, SMALL, MUTED, across="center", up="bottom")
    return sheet


def _shown(panel: Panel) -> tuple[Estimate, ...]:
    return tuple(e for e in panel.estimates if not e.hidden)


def _bases(plot: PanelPlot) -> dict[str, int]:
    """Return every group with its largest base, in order."""
    bases: dict[str, int] = {}
    for panel in plot.panels:
        for e in _shown(panel):
            bases[e.label] = max(bases.get(e.label, 0), e.n)
    return bases


def _rows(plot: PanelPlot, bases: Mapping[str, int]) -> tuple[list[str], list[float]]:
    """Return labels and heights of the rows: many are set closely, with the base behind the name if it fits."""
    many = len(bases) > MANY_ROWS
    labels, heights = [], []
    for name, base in bases.items():
        behind = f"{name} · n = {count(base)}"
        beside = many and text_width(behind) <= ONE_LINE_CELLS
        label = behind if beside else wrapped(name, NAME_CELLS) + f"\nn = {count(base)}"
        own = any(e.label == name and _rests_on_fewer(e, bases) for panel in plot.panels for e in panel.estimates)
        labels.append(label)
        heights.append((0.42 if many else 0.5) * (label.count("\n") + 1) + (0.35 if own and beside else 0.2))
    return labels, heights


def _rests_on_fewer(e: Estimate, bases: Mapping[str, int]) -> bool:
    return e.value is not None and e.n < OWN_BASE * bases[e.label]


def _estimates(axis: Plane, panel: Panel, drawn: int, at: Mapping[str, float], bases: Mapping[str, int]) -> None:
    """Draw the rows of one panel, numbered on from what is `drawn`; an own base stands below its dot."""
    placed = [(j, at[e.label], e) for j, e in enumerate(panel.estimates, start=drawn)]
    for hollow in (False, True):
        draw_rows(axis, [row for row in placed if row[2].is_small is hollow], MAIN, hollow=hollow)
    for _, y, e in placed:
        if _rests_on_fewer(e, bases):
            text = f"n = {count(e.n)}"
            axis.sheet.text(axis.x(e.value or 0.0), axis.y(y) - 5, text, 7, MUTED, across="center", up="top")
