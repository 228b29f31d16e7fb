"""Series over waves: dots with intervals, joined where they may be compared."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from satmeter.report.figures.sheet import POINTS, Dot, Plane, Sheet, Stroke
from satmeter.report.figures.style import GRID, INK, MAIN, MUTED, PAPER, SMALL, WIDTH, mark, text_width, wrapped
from satmeter.report.number_text import decimal
from satmeter.report.unit_plots import TrendPanel, TrendPlot, TrendPoint

SIDES = {"higher": "▲", "lower": "▼", "undecided": "", "break": "", "": ""}
HEIGHT, WIDE_HEIGHT = 1.05, 1.6
"""Inches of the plane of one of several panels, and of a single one."""
LEFT, GAP, FOOT, BELOW, HEAD = 0.42, 0.32, 0.42, 0.32, 0.15
CELL = 0.071
"""Inches of one cell of small text."""
HEADROOM = 0.2
"""Room for numbers above the upper line, as part of the scale."""
INSET = 0.35
"""Room at both ends of the axis of waves, in distances of two waves."""


def draw_trend(plot: TrendPlot) -> Sheet:
    """Draw one panel a series, two abreast where there are several; a broken line marks the end of a series."""
    columns = min(2, len(plot.panels))
    width = (WIDTH - LEFT - 0.12 - (columns - 1) * GAP) / columns
    inner = HEIGHT if columns == 2 else WIDE_HEIGHT
    titles = [wrapped(panel.title, round(width / CELL)) for panel in plot.panels]
    lines = -(-len(plot.panels) // columns)
    heads = [
        HEAD * (1 + max(t.count("\n") for t in titles[columns * i : columns * (i + 1)])) + 0.1 for i in range(lines)
    ]
    legend = _legend(plot, round((WIDTH - 0.2) / CELL))
    foot = FOOT + 0.14 * legend.count("\n")
    sheet = Sheet(lines * (inner + BELOW) + sum(heads) + foot)
    drawn = 0
    for number, (panel, title) in enumerate(zip(plot.panels, titles, strict=True)):
        line, column = divmod(number, columns)
        bottom = sheet.height - line * (inner + BELOW) - sum(heads[: line + 1]) - inner
        place = (POINTS * (LEFT + column * (width + GAP)), POINTS * bottom, POINTS * width, POINTS * inner)
        ends = (-INSET, len(plot.waves) - 1 + INSET)
        area = Plane(sheet, *place, ends, (plot.low, plot.high + HEADROOM * (plot.high - plot.low)))
        _frame(area, plot, first=column == 0)
        sheet.text(area.left, area.bottom + area.height + 4, title, SMALL, up="bottom")
        _series(area, plot, panel, drawn)
        drawn += len(panel.points)
    sheet.text(POINTS * WIDTH / 2, POINTS * (foot - 0.04), plot.axis, SMALL, MUTED, across="center", up="top")
    sheet.text(POINTS * 0.1, 4, legend, SMALL - 0.5, INK, up="bottom")
    return sheet


def _legend(plot: TrendPlot, cells: int) -> str:
    told = [plot.change_word]
    if any(point.change == "break" for panel in plot.panels for point in panel.points):
        told.append(plot.break_word)
    return wrapped("   ".join(told), cells)


def _frame(area: Plane, plot: TrendPlot, *, first: bool) -> None:
    """Draw lines at round values, named at the first panel of a line, and the names of the waves below."""
    sheet = area.sheet
    ticks = (plot.low, (plot.low + plot.high) / 2, plot.high)
    sheet.lines(((area.left, area.y(t), area.left + area.width, area.y(t)) for t in ticks), Stroke(GRID, 0.8))
    if first:
        for tick in ticks:
            sheet.text(area.left - 4, area.y(tick), f"{tick:g}".replace("-", "−"), SMALL, MUTED, across="right")
    room = area.width / POINTS / max(1, len(plot.waves)) / CELL
    step = next((s for s in (1, 2, 3, 4, 6, 12) if all(text_width(w) + 1 <= s * room for w in plot.waves)), 12)
    last = len(plot.waves) - 1
    for number in range(last, -1, -step):
        text = wrapped(plot.waves[number], max(4, round(step * room)))
        sheet.text(area.x(number), area.bottom - 3.5, text, SMALL, MUTED, across="center", up="top")


def _series(area: Plane, plot: TrendPlot, panel: TrendPanel, drawn: int) -> None:
    at = {wave: number for number, wave in enumerate(plot.waves)}
    placed = [(at[point.wave], point) for point in panel.points]
    sheet = area.sheet
    sheet.lines(_joined(area, placed), Stroke(MAIN, 1.2))
    sheet.lines(_breaks(area, placed), Stroke(MUTED, 1.0, (4, 3)))
    ends = [(area.x(x), p.score.low, p.score.high) for x, p in placed if p.score.low is not None]
    sheet.lines(
        ((x, area.y(low), x, area.y(high)) for x, low, high in ends if low is not None and high is not None),
        Stroke(MAIN, 2.0),
    )
    shown = [(j, x, point) for j, (x, point) in enumerate(placed, start=drawn) if point.score.value is not None]
    written = _written(area, plot)
    for j, x, point in shown:
        y = area.y(point.score.value or 0.0)
        fill = PAPER if point.score.is_small else MAIN
        sheet.shapes.append(Dot(area.x(x), y, 6.5, fill, Stroke(MAIN, 1.4), name=mark(j)))
        if x in written:
            top = (y if point.score.high is None else area.y(point.score.high)) + 4
            text = f"{decimal(point.score.value, 1)} {SIDES[point.change]}".strip()
            sheet.text(area.x(x), top, text, SMALL - 0.5, across="center", up="bottom")


def _written(area: Plane, plot: TrendPlot) -> frozenset[int]:
    """Return the waves whose numbers there is room for: all, or the first and the last."""
    n = len(plot.waves)
    room = area.width / POINTS / max(1, n) / CELL
    return frozenset(range(n)) if room >= 6 else frozenset((0, n - 1))


def _joined(area: Plane, placed: list[tuple[int, TrendPoint]]) -> Iterator[tuple[float, float, float, float]]:
    for (x0, before), (x1, after) in pairwise(placed):
        if after.change != "break" and before.score.value is not None and after.score.value is not None:
            yield area.x(x0), area.y(before.score.value), area.x(x1), area.y(after.score.value)


def _breaks(area: Plane, placed: list[tuple[int, TrendPoint]]) -> Iterator[tuple[float, float, float, float]]:
    for (x0, _), (x1, after) in pairwise(placed):
        if after.change == "break":
            middle = area.x((x0 + x1) / 2)
            yield middle, area.bottom, middle, area.bottom + area.height
