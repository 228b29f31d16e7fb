"""The map of importance and performance as a native scatter of numbered points with both intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from satmeter.report.estimate import Estimate
from satmeter.report.figures.style import MAIN, MUTED, OPEN, PAPER
from satmeter.report.formats import pptx_chart_xml as xml
from satmeter.report.formats.pptx_chart_xml import CATEGORY_AXIS, VALUE_AXIS, Axis, Numbers, Texts
from satmeter.report.formats.pptx_charts import Chart, Heads
from satmeter.report.formats.pptx_workbook import Cell, Formula, column, workbook
from satmeter.report.plots import QuadrantPlot, QuadrantPoint

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0)
SIZES = {"circle": 19, "diamond": 22}
NO_MARKER = '<c:symbol val="none"/>'


@dataclass(frozen=True, slots=True)
class _Series:
    """Points of one look: their places, the intervals of both, their labels and where these stand."""

    name: str
    across: tuple[Estimate, ...]
    upwards: tuple[Estimate, ...]
    labels: tuple[str, ...] = ()
    label_place: str = "ctr"
    label_colour: str = PAPER
    marker: str = ""
    colour: str = ""
    dash: str = ""


def quadrant_chart(plot: QuadrantPlot, heads: Heads, *, language: str) -> Chart:
    """Return the scatter: settled points, open points, the dividing lines, and the names of the quadrants.

    Points are numbered in the order of the plot. Each series has a block of rows of its own in the workbook.
    """
    x_axis, y_axis = axes(plot)
    rows: list[list[Cell]] = []
    series = "".join(_written(rows, j, one, heads) for j, one in enumerate(_all_series(plot, x_axis, y_axis)))
    plots = (
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}'
        f'<c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/></c:scatterChart>'
    )
    horizontal = xml.value_axis(x_axis, number=CATEGORY_AXIS, crosses=VALUE_AXIS, at="min", between="midCat")
    vertical = xml.value_axis(y_axis, side="l", at="min", between="midCat")
    area = f"{xml.layout(0.12, 0.02, 0.85, 0.82)}{plots}{horizontal}{vertical}"
    return Chart(xml.chart_space(area, language=language), workbook(rows))


def axes(plot: QuadrantPlot) -> tuple[Axis, Axis]:
    """Return the axes of performance and importance: every interval and both lines lie inside, with some room."""
    shares = plot.importance_unit == "share"
    x_ends = [end for p in plot.points for end in _ends(p.performance)]
    y_ends = [end for p in plot.points for end in _ends(p.importance)]
    across = _axis(plot.x_axis, [*x_ends, plot.performance_line], 0.0, 100.0, "0")
    if shares:
        return across, _axis(plot.y_axis, [*y_ends, plot.importance_line], 0.0, 1.0, "0%")
    return across, _axis(plot.y_axis, [*y_ends, plot.importance_line], None, None, "0.0#")


def _axis(title: str, values: Sequence[float], lowest: float | None, highest: float | None, code: str) -> Axis:
    span = (max(values) - min(values)) or 1.0
    step = next((s for s in STEPS if span / s <= 6), STEPS[-1])
    low = step * math.floor((min(values) - 0.04 * span) / step)
    high = step * math.ceil((max(values) + 0.04 * span) / step)
    low = low if lowest is None else max(lowest, low)
    high = high if highest is None else min(highest, high)
    return Axis(title, round(low, 9), round(high, 9), step, code, grid=False)


def _ends(e: Estimate) -> tuple[float, ...]:
    return tuple(value for value in (e.value, e.low, e.high) if value is not None)


def _all_series(plot: QuadrantPlot, x_axis: Axis, y_axis: Axis) -> list[_Series]:
    numbered = list(enumerate(plot.points, 1))
    looks = ((True, plot.certain_word, MAIN, "circle"), (False, plot.uncertain_word, OPEN, "diamond"))
    found = [
        _of_points(word, [pair for pair in numbered if pair[1].certain is certain], colour, symbol)
        for certain, word, colour, symbol in looks
        if any(point.certain is certain for point in plot.points)
    ]
    found.sort(key=lambda one: -len(one.across))  # LibreOffice loses a first series that is not the longest
    low, high = _place(x_axis.low), _place(x_axis.high)
    bottom, top = _place(y_axis.low), _place(y_axis.high)
    line_x, line_y = _place(plot.performance_line), _place(plot.importance_line)
    found.append(_Series(plot.x_axis, (line_x, line_x), (bottom, top), colour=MUTED, dash="dash"))
    found.append(_Series(plot.y_axis, (low, high), (line_y, line_y), colour=MUTED, dash="dash"))
    names = plot.quadrants
    room = 0.04 * (y_axis.high - y_axis.low)
    upper, lower = _place(y_axis.high - room), _place(y_axis.low + room)
    for place, x, chosen in (("r", low, (0, 2)), ("l", high, (1, 3))):
        labels = tuple(names[j] for j in chosen)
        found.append(_Series(labels[0], (x, x), (upper, lower), labels=labels, label_place=place, label_colour=MUTED))
    return found


def _place(value: float) -> Estimate:
    return Estimate("", value)


def _of_points(word: str, numbered: Sequence[tuple[int, QuadrantPoint]], colour: str, symbol: str) -> _Series:
    return _Series(
        word,
        tuple(point.performance for _, point in numbered),
        tuple(point.importance for _, point in numbered),
        labels=tuple(str(number) for number, _ in numbered),
        marker=f'<c:symbol val="{symbol}"/><c:size val="{SIZES[symbol]}"/>{xml.shape(colour, PAPER)}',
        colour=colour,
    )


def _written(rows: list[list[Cell]], index: int, series: _Series, heads: Heads) -> str:
    """Add a series to the workbook and return its XML."""
    head = len(rows) + 1
    first, last = head + 1, head + len(series.across)
    points = list(zip(series.across, series.upwards, strict=True))
    errors = [[*_errors(x), *_errors(y)] for x, y in points]
    labels = series.labels or ("",) * len(points)
    ends_of = [f"{word} {way}" for way in "xy" for word in (heads.low, heads.high)]
    gaps_of = [f"{word} {way}" for way in "xy" for word in (heads.minus, heads.plus)]
    rows.append(["x", series.name, heads.text, heads.label, *ends_of, *gaps_of])
    for j, ((x, y), label) in enumerate(zip(points, labels, strict=True)):
        at = first + j
        ends: list[Cell] = [
            e if has else None for one in (x, y) for has in (one.has_interval,) for e in (one.low, one.high)
        ]
        ways = (f"A{at}-E{at}", f"F{at}-A{at}", f"B{at}-G{at}", f"H{at}-B{at}")
        gaps: list[Cell] = [None if v is None else Formula(f, v) for f, v in zip(ways, errors[j], strict=True)]
        rows.append([x.value, y.value, label or None, x.label or None, *ends, *gaps])
    rows.append([])

    def cells(at: int, values: Sequence[float | None]) -> Numbers:
        return Numbers(column(at, first, last), tuple(values))

    bars = ""
    for way, offset in (("x", 0), ("y", 2)):
        minus, plus = ([row[offset + k] for row in errors] for k in (0, 1))
        if any(v is not None for v in minus):
            bars += xml.error_bars(cells(8 + offset, minus), cells(9 + offset, plus), series.colour, direction=way)
    texts = Texts(column(2, first, last), labels)
    bold = bool(series.marker)
    shown = xml.cell_labels(texts, series.label_place, series.label_colour, bold=bold) if series.labels else ""
    path = xml.line(series.colour, 1.25, series.dash) if series.dash else xml.line("")
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{xml.name(Texts(column(1, head, head), (series.name,)))}'
        f"<c:spPr>{path}</c:spPr><c:marker>{series.marker or NO_MARKER}"
        f"</c:marker>{shown}{bars}<c:xVal>{xml.numbers(cells(0, [x.value for x, _ in points]))}</c:xVal>"
        f'<c:yVal>{xml.numbers(cells(1, [y.value for _, y in points]))}</c:yVal><c:smooth val="0"/>'
        f"{xml.label_range(texts) if series.labels else ''}</c:ser>"
    )


def _errors(e: Estimate) -> list[float | None]:
    if e.value is None or e.low is None or e.high is None:
        return [None, None]
    return [e.value - e.low, e.high - e.value]
