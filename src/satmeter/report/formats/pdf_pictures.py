"""The drawings of a report on paper: as large as can be read, tall ones in pieces side by side."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from satmeter.report.context import Figure
from satmeter.report.figures import draw_svg
from satmeter.report.figures.pieces import by_rows
from satmeter.report.figures.pieces import pieces as cut
from satmeter.report.formats.pdf_tables import UPRIGHT
from satmeter.report.material import Material
from satmeter.report.plots import Plot

TALLEST = 600.0
"""Room for a drawing above its caption, in points."""
HALF = 340.0
"""Up to this height a drawing leaves room for what stands above it, so that no page stays half empty."""
LARGEST, SMALLEST = 1.0, 0.7
"""Drawings have type of 9 and 10 points: no larger than drawn; cut, if they can be, where they would be smaller."""
GAP = 12.0
"""White between two pieces, in points."""
_VIEW = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')


@dataclass(frozen=True, slots=True)
class Picture:
    """One piece of a drawing: its file, SVG, width in points, and the text that stands for it."""

    file: str
    svg: str
    width: float
    alt: str


def pictures(figure: Figure, material: Material) -> tuple[Picture, ...]:
    """Return a figure as the pieces that it is printed in; one, unless it would be small to read or fill a page."""
    whole = material.svg[figure.name]
    if _measures(whole)[1] * SMALLEST <= HALF:
        return (Picture(f"{figure.name}.svg", whole, _printed(whole, UPRIGHT, HALF), figure.alt),)
    column = (UPRIGHT - GAP) / 2
    plots = cut(figure.plot, max(2, _needed(whole, column)))
    drawn = [svg for plot in plots for svg in _drawn(figure, plot, column)]
    if len(drawn) == 1:
        return (Picture(f"{figure.name}.svg", whole, _printed(whole, UPRIGHT, TALLEST), figure.alt),)
    rest = material.words.fill("pdf.continued", {"caption": figure.caption})
    return tuple(
        Picture(f"{figure.name}.{number}.svg", svg, _printed(svg, column, TALLEST), figure.alt if number == 1 else rest)
        for number, svg in enumerate(drawn, 1)
    )


def _drawn(figure: Figure, plot: Plot, column: float) -> list[str]:
    """Return a piece drawn; one that is still too tall, such as panels of many groups, is cut between its rows."""
    svg = draw_svg(replace(figure, plot=plot))
    wanted = _needed(svg, column)
    if wanted == 1:
        return [svg]
    return [draw_svg(replace(figure, plot=part)) for part in by_rows(plot, wanted)]


def _needed(svg: str, column: float) -> int:
    """Return in how many pieces a drawing fits a column of the page at the column's width."""
    width, height = _measures(svg)
    return math.ceil(height * column / width / TALLEST)


def _measures(svg: str) -> tuple[float, float]:
    view = _VIEW.search(svg)
    if view is None:
        raise ValueError("a drawing without a viewBox")
    return float(view[1]), float(view[2])


def _printed(svg: str, room: float, tallest: float) -> float:
    width, height = _measures(svg)
    return round(width * min(LARGEST, room / width, tallest / height), 2)
