"""Native charts: the rows of a plot as chart XML and as the workbook inside the chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from satmeter.report.estimate import Estimate
from satmeter.report.figures.stacks import shades
from satmeter.report.figures.style import INK, MAIN, PAPER, STRESS
from satmeter.report.formats import pptx_chart_xml as xml
from satmeter.report.formats.pptx_chart_xml import CATEGORY_AXIS, VALUE_AXIS, Axis, Numbers, Texts
from satmeter.report.formats.pptx_text import line_count, single_width
from satmeter.report.formats.pptx_workbook import Cell, Formula, column, workbook
from satmeter.report.plots import StackPlot, StackRow

LABEL_SHARE = 0.4
"""At most this part of a chart's width goes to the names of its rows."""

ROW_LINE = 14.6
"""Points that a line of a row's name takes."""

LEAST_ROW = 21.0
MOST_ROW = 54.0
SIZES = (16.0, 14.0, 12.0)
FOOT = 46.0
"""Points under the rows: numbers and name of the axis."""

LEAST_WRITTEN = 0.05
"""A narrower part of a stacked bar has no room for its number."""

HOLLOW = "#d6e6f2"


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart: its XML and its workbook."""

    xml: bytes
    workbook: bytes


@dataclass(frozen=True, slots=True)
class Heads:
    """Names of the columns of the workbook, in the language of the report."""

    label: str
    estimate: str
    low: str
    high: str
    minus: str
    plus: str
    n: str
    text: str
    text_at: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from zero with intervals.

    Attributes
    ----------
    names
        Name of every row, as it stands beside its bar.
    estimates
        The numbers, in the same order.
    texts
        Value and interval as they are written behind the bar.
    axis
        Name, ends and number format of the axis.
    stressed, hollow
        Rows in another colour: those that are pointed out, and those with a small base.
    """

    names: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    texts: tuple[str, ...]
    axis: Axis
    stressed: frozenset[int] = frozenset()
    hollow: frozenset[int] = frozenset()

    def part(self, start: int, stop: int) -> Bars:
        """Return some of the rows, on the same axis."""
        return Bars(
            self.names[start:stop],
            self.estimates[start:stop],
            self.texts[start:stop],
            self.axis,
            frozenset(j - start for j in self.stressed if start <= j < stop),
            frozenset(j - start for j in self.hollow if start <= j < stop),
        )


def share_axis(title: str, values: Sequence[float | None]) -> Axis:
    """Return an axis of shares from 0 that holds all values, with some five steps.

    Examples
    --------
    >>> share_axis("share", [0.25, 0.33, None]).high, share_axis("share", [0.93]).high
    (0.4, 1.0)
    """
    most = max((v for v in values if v is not None), default=1.0)
    step = 0.05 if most <= 0.2 else 0.1 if most <= 0.5 else 0.2
    return Axis(title, 0.0, round(step * math.ceil(most / step - 1e-9), 9), step, "0%")


def name_width(names: Sequence[str], width: float, size: float) -> float:
    """Return the points that the names of rows get."""
    longest = max((single_width(name, size) for name in names), default=0.0)
    return min(longest + 14, LABEL_SHARE * width)


def row_height(names: Sequence[str], width: float, size: float) -> float:
    """Return the height that the rows of a bar chart need, in points.

    They are all equally high; a name of two lines may reach into the rows of neighbours of one line.
    """
    room = name_width(names, width, size) - 12
    lines = [line_count(name, size, room) for name in names] or [1]
    most = max([(one + other) / 2 for one, other in pairwise(lines)] + [min(lines)])
    return max(LEAST_ROW * size / 12, ROW_LINE * most * size / 12 + 3)


def fitted(names: Sequence[str], width: float, room: float) -> tuple[float, float]:
    """Return size of text and height of rows: the largest of three at which all rows fit, else the smallest."""
    for size in SIZES:
        height = row_height(names, width, size)
        if height * len(names) <= room:
            return size, min(room / max(1, len(names)), MOST_ROW)
    return SIZES[-1], row_height(names, width, SIZES[-1])


def bar_chart(bars: Bars, heads: Heads, *, width: float, height: float, language: str, size: float = 12.0) -> Chart:
    """Return bars with error bars, and value and interval behind each, taken from the cells of the workbook.

    A second, unseen series as long as the upper end of the interval carries the labels, so that they never lie on
    the error bar.
    """
    last = len(bars.names) + 1
    low = [e.low if e.has_interval else None for e in bars.estimates]
    high = [e.high if e.has_interval else None for e in bars.estimates]
    minus = [None if e.value is None or lo is None else e.value - lo for e, lo in zip(bars.estimates, low, strict=True)]
    plus = [None if e.value is None or hi is None else hi - e.value for e, hi in zip(bars.estimates, high, strict=True)]
    ends = [e.value if hi is None else hi for e, hi in zip(bars.estimates, high, strict=True)]
    rows: list[list[Cell]] = [
        [
            heads.label,
            heads.estimate,
            heads.low,
            heads.high,
            heads.minus,
            heads.plus,
            heads.n,
            heads.text,
            heads.text_at,
        ]
    ]
    for j, e in enumerate(bars.estimates):
        at = j + 2
        rows.append(
            [
                bars.names[j],
                e.value,
                low[j],
                high[j],
                _difference(f"B{at}-C{at}", minus[j]),
                _difference(f"D{at}-B{at}", plus[j]),
                e.n or None,
                bars.texts[j],
                _difference(f"D{at}", ends[j]) if high[j] is not None else ends[j],
            ]
        )
    names = Texts(column(0, 2, last), bars.names)
    labels = Texts(column(7, 2, last), bars.texts)

    def cells(index: int, values: Sequence[float | None]) -> Numbers:
        return Numbers(column(index, 2, last), tuple(values))

    painted = "".join(_painted(j, STRESS, STRESS) for j in sorted(bars.stressed))
    painted += "".join(_painted(j, HOLLOW, MAIN) for j in sorted(bars.hollow - bars.stressed))
    intervals = any(v is not None for v in minus)
    main = (
        f'<c:ser><c:idx val="0"/><c:order val="0"/>{xml.name(Texts(column(1, 1, 1), (heads.estimate,)))}'
        f'{xml.shape(MAIN)}<c:invertIfNegative val="0"/>{painted}'
        f"{xml.error_bars(cells(4, minus), cells(5, plus), INK) if intervals else ''}"
        f"<c:cat>{xml.texts(names)}</c:cat><c:val>{xml.numbers(cells(1, [e.value for e in bars.estimates]))}</c:val>"
        "</c:ser>"
    )
    carrier = (
        f'<c:ser><c:idx val="1"/><c:order val="1"/>{xml.name(Texts(column(8, 1, 1), (heads.text_at,)))}'
        f'{xml.shape("")}<c:invertIfNegative val="0"/>{xml.cell_labels(labels, "outEnd", INK, size=size)}'
        f"<c:cat>{xml.texts(names)}</c:cat><c:val>{xml.numbers(cells(8, ends))}</c:val>"
        f"{xml.label_range(labels)}</c:ser>"
    )
    room = max((single_width(text, size) for text in bars.texts), default=0.0) + 16
    left = name_width(bars.names, width, size)
    frame = xml.layout(left / width, 0.01, (width - left - room) / width, (height - FOOT - 4) / height)
    area = (
        f"{frame}{_bar_plot(main + carrier, 'clustered', 45)}{xml.category_axis(size=size)}{xml.value_axis(bars.axis)}"
    )
    return Chart(xml.chart_space(area, language=language), workbook(rows))


def _difference(formula: str, value: float | None) -> Cell:
    return None if value is None else Formula(formula, value)


def _painted(index: int, face: str, edge: str) -> str:
    flags = '<c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
    return f'<c:dPt><c:idx val="{index}"/>{flags}{xml.shape(face, edge)}</c:dPt>'


def _bar_plot(series: str, grouping: str, gap: int, *, upright: bool = False) -> str:
    return (
        f'<c:barChart><c:barDir val="{"col" if upright else "bar"}"/><c:grouping val="{grouping}"/>'
        f'<c:varyColors val="0"/>{series}<c:gapWidth val="{gap}"/><c:overlap val="100"/>'
        f'<c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/></c:barChart>'
    )


def stack_chart(
    plot: StackPlot,
    names: Sequence[str],
    heads: Heads,
    *,
    width: float,
    height: float,
    language: str,
    size: float = 12.0,
) -> Chart:
    """Return one stacked bar an item: the share of every point of the scale, lowest first."""
    last = len(plot.rows) + 1
    rows: list[list[Cell]] = [[heads.label, *plot.points, heads.n]]
    rows += [[label, *row.shares, row.n] for label, row in zip(names, plot.rows, strict=True)]
    series = ""
    for k, (point, colour, ink) in enumerate(_points(plot.points)):
        shares = tuple(row.shares[k] for row in plot.rows)
        hidden = [j for j, share in enumerate(shares) if share < LEAST_WRITTEN]
        series += (
            f'<c:ser><c:idx val="{k}"/><c:order val="{k}"/>{xml.name(Texts(column(k + 1, 1, 1), (point,)))}'
            f'{xml.shape(colour, PAPER)}<c:invertIfNegative val="0"/>{xml.value_labels("0%", ink, "ctr", hidden)}'
            f"<c:cat>{xml.texts(Texts(column(0, 2, last), tuple(names)))}</c:cat>"
            f"<c:val>{xml.numbers(Numbers(column(k + 1, 2, last), shares))}</c:val></c:ser>"
        )
    left = name_width(names, width, size)
    foot = 30 + ROW_LINE * legend_lines(plot.points, width)
    frame = xml.layout(left / width, 0.01, (width - left - 24) / width, (height - foot - 4) / height)
    axis = Axis("", 0.0, 1.0, 0.25, "0%")
    area = f"{frame}{_bar_plot(series, 'percentStacked', 40)}{xml.category_axis(size=size)}{xml.value_axis(axis)}"
    return Chart(xml.chart_space(area, language=language, legend=True), workbook(rows))


def legend_lines(points: Sequence[str], width: float) -> int:
    """Return how many lines a legend takes."""
    return math.ceil(sum(single_width(point, 12) + 28 for point in points) / (0.9 * width))


def _points(names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return name, colour and colour of the number of every point of a scale."""
    found = []
    for point, (colour, opacity) in zip(names, shades(len(names)), strict=True):
        found.append((point, blended(colour, opacity), PAPER if opacity > 0.6 else INK))
    return found


def blended(colour: str, opacity: float) -> str:
    """Return a colour as it looks on white.

    Examples
    --------
    >>> blended("#000000", 0.5), blended("#0072b2", 1.0)
    ('#808080', '#0072b2')
    """
    parts = (int(colour[j : j + 2], 16) for j in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * opacity):02x}" for part in parts)


def column_chart(
    row: StackRow, points: Sequence[str], colours: Sequence[str], heads: Heads, title: str, *, language: str
) -> Chart:
    """Return one upright bar for every point of a scale: the share that chose it."""
    last = len(points) + 1
    rows: list[list[Cell]] = [[heads.label, heads.estimate]]
    rows += [[point, share] for point, share in zip(points, row.shares, strict=True)]
    painted = "".join(_painted(j, colour, colour) for j, colour in enumerate(colours))
    series = (
        f'<c:ser><c:idx val="0"/><c:order val="0"/>{xml.name(Texts(column(1, 1, 1), (heads.estimate,)))}'
        f'{xml.shape(MAIN)}<c:invertIfNegative val="0"/>{painted}{xml.value_labels("0%", INK, "outEnd")}'
        f"<c:cat>{xml.texts(Texts(column(0, 2, last), tuple(points)))}</c:cat>"
        f"<c:val>{xml.numbers(Numbers(column(1, 2, last), row.shares))}</c:val></c:ser>"
    )
    most = max(row.shares, default=1.0)
    axis = share_axis(title, [min(1.0, most * 1.1)])
    plots = _bar_plot(series, "clustered", 30, upright=True)
    area = f"<c:layout/>{plots}{_upright_axes(axis)}"
    return Chart(xml.chart_space(area, language=language), workbook(rows))


def _upright_axes(axis: Axis) -> str:
    return xml.category_axis(side="b", downwards=False) + xml.value_axis(axis, side="l", at="autoZero")
