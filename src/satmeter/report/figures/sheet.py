"""A drawing as a list of simple shapes, written as SVG: what most figures need, at a fraction of the cost of axes.

Lengths are points, counted from the lower left corner. Shapes lie on each other in the order in which they come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from satmeter.report.figures.letters import EM, Line, laid_out, outline
from satmeter.report.figures.style import INK, WIDTH

POINTS = 72.0
PITCH = 1.05
"""Distance of the lines of a text, in its size."""
MIDDLE, ASCENT, DESCENT = 0.37, 0.88, 0.12
"""Middle, top and foot of a line above and below its base, in its size."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters, which have no letter and which no XML file may hold."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn; `dashes` are lengths of line and gap."""

    color: str
    width: float
    dashes: tuple[float, ...] = ()
    round: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Straight lines, each from one point to another."""

    ends: tuple[tuple[float, float, float, float], ...]
    stroke: Stroke


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled or framed, with round corners of a `radius`; `name` is the id of its mark."""

    left: float
    bottom: float
    width: float
    height: float
    fill: str = ""
    opacity: float = 1.0
    stroke: Stroke | None = None
    name: str = ""
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed figure of straight lines, filled and drawn in one colour."""

    corners: tuple[tuple[float, float], ...]
    stroke: Stroke


@dataclass(frozen=True, slots=True)
class Dot:
    """A round or square mark; `name` is its id."""

    x: float
    y: float
    size: float
    fill: str
    stroke: Stroke
    square: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text from the left end of its base."""

    x: float
    y: float
    text: str
    size: float
    color: str

    @property
    def line(self) -> Line:
        """The letters of the text."""
        return laid_out(self.text)


Shape = Lines | Box | Polygon | Dot | Text


@dataclass(slots=True)
class Sheet:
    """A drawing of the common width; `height` and `width` in inches."""

    height: float
    width: float = WIDTH
    shapes: list[Shape] = field(default_factory=list)

    def lines(self, ends: Iterable[tuple[float, float, float, float]], stroke: Stroke) -> None:
        """Add straight lines of one look."""
        if found := tuple(ends):
            self.shapes.append(Lines(found, stroke))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        color: str = INK,
        *,
        across: Literal["left", "center", "right"] = "left",
        up: Literal["center", "top", "bottom"] = "center",
    ) -> None:
        """Add a text of one or more lines, each to the side that is asked for."""
        lines = _UNSEEN.sub("", text).split("\n")
        block = (len(lines) - 1) * PITCH * size
        bases = {"center": block / 2 - MIDDLE * size, "top": -ASCENT * size, "bottom": block + DESCENT * size}
        for number, line in enumerate(lines):
            width = laid_out(line).width / EM * size
            start = x - {"left": 0.0, "center": width / 2, "right": width}[across]
            self.shapes.append(Text(start, y + bases[up] - number * PITCH * size, line, size, color))

    @property
    def missing(self) -> frozenset[str]:
        """Characters that neither font shows."""
        return frozenset().union(*(shape.line.missing for shape in self.shapes if isinstance(shape, Text)))

    def svg(self) -> str:
        """Return the drawing as an SVG document; its letters are paths, each of them kept once."""
        high = self.height * POINTS
        letters = dict.fromkeys(
            name for shape in self.shapes if isinstance(shape, Text) for name, _, _ in shape.line.letters
        )
        kept = "".join(
            f'<path id="{name}" d="{outline(name)}" transform="scale(0.015625)"/>\n'
            for name in letters
            if outline(name)
        )
        body = "\n".join(_svg(shape, high) for shape in self.shapes)
        box = f"0 0 {_number(self.width * POINTS)} {_number(high)}"
        return f'<svg viewBox="{box}">\n<defs>\n{kept}</defs>\n{body}\n</svg>\n'


@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle of a sheet with a linear scale each way.

    Attributes
    ----------
    left, bottom, width, height
        Where it lies, in points.
    x_ends, y_ends
        Values at its edges.
    """

    sheet: Sheet
    left: float
    bottom: float
    width: float
    height: float
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]

    def x(self, value: float) -> float:
        """Return where a value of the horizontal scale lies."""
        low, high = self.x_ends
        return self.left + (value - low) / (high - low) * self.width

    def y(self, value: float) -> float:
        """Return where a value of the vertical scale lies."""
        low, high = self.y_ends
        return self.bottom + (value - low) / (high - low) * self.height

    def holds(self, value: float) -> bool:
        """Tell whether a value of the horizontal scale lies between its ends."""
        return self.x_ends[0] <= value <= self.x_ends[1]

    def within(self, value: float) -> float:
        """Return where a value lies on the horizontal scale, or the edge that it lies beyond."""
        return self.x(min(max(value, self.x_ends[0]), self.x_ends[1]))

    def upright(self, values: Sequence[float], stroke: Stroke) -> None:
        """Draw lines from the lower to the upper edge."""
        top = self.bottom + self.height
        self.sheet.lines(((self.x(v), self.bottom, self.x(v), top) for v in values if self.holds(v)), stroke)


def plane(
    sheet: Sheet,
    margins: tuple[float, float, float, float],
    x_ends: tuple[float, float],
    y_ends: tuple[float, float],
) -> Plane:
    """Return a plane whose distances to the left, lower, right and upper edge of the sheet are given in inches."""
    left, bottom, right, top = (POINTS * margin for margin in margins)
    width, height = POINTS * sheet.width, POINTS * sheet.height
    return Plane(sheet, left, bottom, width - left - right, height - bottom - top, x_ends, y_ends)


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _svg(shape: Shape, high: float) -> str:
    match shape:
        case Lines(ends, stroke):
            path = "".join(
                f"M{_number(x0)} {_number(high - y0)}L{_number(x1)} {_number(high - y1)}" for x0, y0, x1, y1 in ends
            )
            return f'<path d="{path}" style="fill: none{_line_style(stroke)}"/>'
        case Box():
            return _named(shape.name, _box(shape, high))
        case Polygon(corners, stroke):
            path = "L".join(f"{_number(x)} {_number(high - y)}" for x, y in corners)
            return f'<path d="M{path}z" style="fill: {stroke.color}{_line_style(stroke)}"/>'
        case Dot():
            return _named(shape.name, _dot(shape, high))
        case Text():
            return _text(shape, high)


def _named(name: str, drawn: str) -> str:
    return f'<g id="{name}">{drawn}</g>' if name else drawn


def _line_style(stroke: Stroke) -> str:
    dashes = f"; stroke-dasharray: {','.join(map(_number, stroke.dashes))}" if stroke.dashes else ""
    cap = "; stroke-linecap: round" if stroke.round else ""
    return f"; stroke: {stroke.color}; stroke-width: {_number(stroke.width)}{dashes}{cap}"


def _box(box: Box, high: float) -> str:
    fill = f"fill: {box.fill or 'none'}" + (f"; opacity: {box.opacity:.3g}" if box.opacity < 1 else "")
    line = _line_style(box.stroke) if box.stroke else ""
    left, top = _number(box.left), _number(high - box.bottom - box.height)
    style = f'style="{fill}{line}"/>'
    if box.radius:
        size = f'width="{_number(box.width)}" height="{_number(box.height)}" rx="{_number(box.radius)}"'
        return f'<rect x="{left}" y="{top}" {size} {style}'
    wide = _number(box.width)
    return f'<path d="M{left} {top}h{wide}v{_number(box.height)}h-{wide}z" {style}'


def _dot(dot: Dot, high: float) -> str:
    style = f'style="fill: {dot.fill}{_line_style(dot.stroke)}"'
    x, y, half = dot.x, high - dot.y, dot.size / 2
    if dot.square:
        side = _number(dot.size)
        return f'<path d="M{_number(x - half)} {_number(y - half)}h{side}v{side}h-{side}z" {style}/>'
    return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(half)}" {style}/>'


def _text(text: Text, high: float) -> str:
    letters = "".join(f'<use xlink:href="#{name}"{_moved(x, y)}/>' for name, x, y in text.line.letters if outline(name))
    scale = f"{text.size / EM:.5g}"
    place = f"translate({_number(text.x)} {_number(high - text.y)}) scale({scale} -{scale})"
    return f'<g style="fill: {text.color}" transform="{place}">{letters}</g>'


def _moved(x: float, y: float) -> str:
    return f' transform="translate({_number(x)} {_number(y)})"' if x or y else ""
