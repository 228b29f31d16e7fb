"""Colours, measures and the font that all figures share.

The colours are those of Okabe and Ito, told apart by people with any colour vision; shapes differ too, so that a
figure can be read in grey. `VARIABLES` names the CSS variable that takes a colour's place inside a page, where it
follows light and dark.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from satmeter.typography import font_file

# The font draws a curly apostrophe as wide as a Chinese character.
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1f2a33"
MUTED = "#56636e"
GRID = "#d3dae0"
PAPER = "#fefefe"
MAIN = "#0072b2"
STRESS = "#c2500a"
OPEN = "#7c8791"

VARIABLES = {
    INK: "--fig-ink",
    MUTED: "--fig-muted",
    GRID: "--fig-grid",
    PAPER: "--fig-paper",
    MAIN: "--fig-main",
    STRESS: "--fig-stress",
    OPEN: "--fig-open",
}

WIDTH = 4.4
TEXT = 10.0
SMALL = 9.0


@cache
def _family() -> str:
    from matplotlib.font_manager import FontProperties, fontManager

    fontManager.addfont(str(font_file()))
    return FontProperties(fname=str(font_file())).get_name()


def families() -> tuple[str, str]:
    """Return the names of the font of all figures and of the one that steps in where it has no glyph."""
    return _family(), "DejaVu Sans"


def settings() -> Any:
    """Return the matplotlib settings under which figures are drawn and written."""
    return {
        "font.family": list(families()),
        "font.size": TEXT,
        "font.weight": "normal",
        "axes.unicode_minus": True,
        "axes.linewidth": 0.8,
        "text.color": INK,
        "svg.fonttype": "path",
        "svg.hashsalt": "satmeter",
        "text.usetex": False,
        "text.parse_math": False,
        "figure.dpi": 72,
        "savefig.dpi": 72,
    }


def new_figure(height: float) -> Figure:
    """Return an empty figure of the common width; height in inches."""
    from matplotlib.figure import Figure as Canvas

    return Canvas(figsize=(WIDTH, height), dpi=72)


def add_axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Return axes whose margins to the figure's edges are given in inches."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (width - left - right) / width, (height - bottom - top) / height)
    return figure.add_axes(box)


def quiet(axes: Axes) -> None:
    """Leave only a light vertical grid and the labels of the horizontal axis."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, labelsize=SMALL, colors=MUTED)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def mark(row: int, column: int | None = None) -> str:
    """Return the id of the mark that draws a row, or one number of it, of `satmeter.report.figures.numbers`.

    Examples
    --------
    >>> mark(3), mark(0, 2)
    ('mark-3', 'mark-0-2')
    """
    return f"mark-{row}" if column is None else f"mark-{row}-{column}"


def text_width(text: str) -> int:
    """Return the width of a text in half-width cells; a Chinese character is two.

    Examples
    --------
    >>> text_width("服务 A")
    6
    """
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, cells: int) -> str:
    r"""Return a text broken into lines of at most so many half-width cells, at spaces or between Chinese characters.

    Examples
    --------
    >>> wrapped("Complaint handling", 10), wrapped("供电可靠性与电压", 8)
    ('Complaint\nhandling', '供电可靠\n性与电压')
    >>> wrapped("characters go", 8)
    'charact-\ners go'
    """
    lines, line = [], ""
    for piece in _pieces(_APOSTROPHE.sub("'", text)):
        if line and text_width((line + piece).rstrip()) > cells:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while text_width(line.strip()) > cells:
            head = _head(line.strip(), cells - 1)
            lines.append(head + ("-" if head[-1].isascii() and head[-1].isalpha() else ""))
            line = line.lstrip()[len(head) :]
    return "\n".join([*lines, line.rstrip()] if line.strip() else lines)


def _head(text: str, cells: int) -> str:
    """Return the longest beginning of a text that is not wider than this; at least one character."""
    end = 1
    while end < len(text) and text_width(text[: end + 1]) <= cells:
        end += 1
    return text[:end]


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for character in text:
        wide = east_asian_width(character) in "WF"
        after_break = pieces[-1] and (pieces[-1][-1] == " " or east_asian_width(pieces[-1][-1]) in "WF")
        if (wide or (after_break and character != " ")) and character not in "，。；：、）”！？":
            pieces.append(character)
        else:
            pieces[-1] += character
    return [piece for piece in pieces if piece]
