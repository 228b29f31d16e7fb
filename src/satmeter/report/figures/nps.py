"""Net promoter scores with the answers behind them: the points 0–10 and the three groups of respondents."""

from __future__ import annotations

from satmeter.report.figures.sheet import POINTS, Box, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import INK, MAIN, MUTED, OPEN, SMALL, STRESS, mark, wrapped
from satmeter.report.group_plots import NPS_POINTS, NpsPlot, NpsRow
from satmeter.report.number_text import count, percent
from satmeter.report.sentences import points

TITLE_CELLS = 62
COLUMNS, FOOT, EDGE = 1.05, 0.62, 0.1
"""Inches of the columns, of what stands under them, and of the sides."""

LEAST_WRITTEN = 0.005

SPANS = ((-0.42, 6.42, STRESS), (6.58, 8.42, OPEN), (8.58, 10.42, MAIN))
"""Detractors, passives, promoters: where their brackets begin and end, and their colour."""


def draw_nps(plot: NpsPlot) -> Sheet:
    """Draw columns of the eleven points, an item under the other; brackets name the three groups with their shares."""
    titles = [wrapped(row.label, TITLE_CELLS) + "\n" + _score(plot, row) for row in plot.rows]
    heads = [0.14 * (title.count("\n") + 1) + 0.3 for title in titles]
    sheet = Sheet(sum(heads) + len(plot.rows) * (COLUMNS + FOOT))
    most = max(share for row in plot.rows for share in row.shares) or 1.0
    top = 0.0
    for number, (row, title, head) in enumerate(zip(plot.rows, titles, heads, strict=True)):
        sheet.text(POINTS * EDGE, POINTS * (sheet.height - top - 0.05), title, SMALL, up="top")
        margins = (EDGE, sheet.height - top - head - COLUMNS, EDGE, top + head)
        area = plane(sheet, margins, (-0.6, 10.6), (0.0, most))
        _columns(area, number, row)
        _brackets(area, plot, row)
        top += head + COLUMNS + FOOT
    return sheet


def _score(plot: NpsPlot, row: NpsRow) -> str:
    return f"{plot.score_word} {points(row.score)}, n = {count(row.score.n)}"


def _columns(area: Plane, number: int, row: NpsRow) -> None:
    sheet = area.sheet
    colours = [colour for low, high, colour in SPANS for code in range(11) if low < code < high]
    for code, (share, colour) in enumerate(zip(row.shares, colours, strict=True)):
        left, high = area.x(code - 0.4), area.y(share) - area.bottom
        sheet.shapes.append(
            Box(left, area.bottom, area.x(code + 0.4) - left, high, colour, 0.8, name=mark(number, code))
        )
        if share >= LEAST_WRITTEN:
            sheet.text(area.x(code), area.y(share) + 1.5, percent(share), 7.5, across="center", up="bottom")
        sheet.text(area.x(code), area.bottom - 3, str(code), SMALL, MUTED, across="center", up="top")


def _brackets(area: Plane, plot: NpsPlot, row: NpsRow) -> None:
    y = area.bottom - 17
    for (low, high, colour), name, codes, share in zip(SPANS, plot.words, NPS_POINTS, row.parts, strict=True):
        left, right = area.x(low), area.x(high)
        ends = [(left, y, right, y), (left, y, left, y + 3), (right, y, right, y + 3)]
        area.sheet.lines(ends, Stroke(colour, 1.4))
        told = f"{name}\n{codes}: {percent(share, 1)}"
        area.sheet.text((left + right) / 2, y - 3, told, SMALL - 1, INK, across="center", up="top")
