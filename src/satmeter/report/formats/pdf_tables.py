"""How a table is laid on a page of paper: size of type, widths of columns, upright or sideways, in one or more pieces.

Everything is measured here with the metrics of the font, before typst sees the table: typst alone would let a long
word or a number run out of its column and a wide table off the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from satmeter.report.context import Align
from satmeter.report.formats.pdf_fonts import width

PAPER = (595.28, 841.89)
"""A4 in points, upright."""
MARGIN = 50.0
"""White on the left and right of an upright page and of one that lies on its side, in points."""
INSET = 3.0
"""White on both sides of a cell, in points."""
AIR = 5.0
"""Added to every column where the room allows it, in points."""
SLACK = 0.2
"""Added to what is measured, in points, so that a rounded width never breaks a line."""
UPRIGHT, SIDEWAYS = PAPER[0] - 2 * MARGIN, PAPER[1] - 2 * MARGIN
SIZES = ((8.5, UPRIGHT), (7.5, UPRIGHT), (8.0, SIDEWAYS))
"""Size of type and room in points, in the order in which they are tried."""
COMFORT = 12.0
"""A column of words is not made narrower than this many em, unless nothing else fits."""
LONGEST_WORD = 16.0
"""A word without a place to break that is wider than this many em, such as a digest, is broken anywhere."""

_WIDE = "\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[^\s{_WIDE}]+|[{_WIDE}]")
_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is set.

    Attributes
    ----------
    size
        Size of type in points.
    sideways
        Whether it stands on a page that lies on its side.
    pieces
        Pieces that stand one under the other: the columns of each, by number, and their widths in points.
    """

    size: float
    sideways: bool
    pieces: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Need:
    """What a column needs, in em: at the least, to be read with ease, and on one line."""

    least: float
    ease: float
    line: float


def layout(rows: Sequence[Sequence[str]], aligns: Sequence[Align]) -> Layout:
    """Return how a table is set.

    Parameters
    ----------
    rows
        Texts of the cells, the headings of the columns first.
    aligns
        Side of every column; cells on the right hold numbers, which are not broken.
    """
    needs = [_need([row[i] for row in rows], align) for i, align in enumerate(aligns)]
    columns = tuple(range(len(needs)))
    for size, room in SIZES:
        if sum(need.ease for need in needs) * size + _white(columns) <= room:
            return Layout(size, room == SIDEWAYS, ((columns, _widths(needs, size, room)),))
    size, room = SIZES[-1]
    pieces = tuple((piece, _widths([needs[i] for i in piece], size, room)) for piece in _cut(needs, size, room))
    return Layout(size, True, pieces)


def breakable(text: str) -> str:
    r"""Return a text in which words that are too long for any column may be broken after each character.

    Examples
    --------
    >>> breakable("sha256") == "sha256", breakable("ab" * 32).count("\u200b")
    (True, 63)
    """
    return _WORD.sub(lambda m: _BREAK.join(m[0]) if width(m[0]) > LONGEST_WORD else m[0], text)


def _longest(text: str) -> float:
    return max((width(word) for word in _WORD.findall(text)), default=0.0)


def _need(cells: Sequence[str], align: Align) -> _Need:
    line = max(map(width, cells))
    words = max(map(_longest, cells))
    least = min(words, LONGEST_WORD)
    if align == "right":
        least = max([_longest(cells[0]), *map(width, cells[1:])])
        return _Need(least, least, line)
    return _Need(least, max(least, min(line, COMFORT)), line)


def _widths(needs: Sequence[_Need], size: float, room: float) -> tuple[float, ...]:
    """Return widths in points: what each column needs for one line, or a part of that where the room ends.

    The rest of the room is left empty, but for a little air.
    """
    free = room - _white(needs)
    base = [need.ease if sum(n.ease for n in needs) * size <= free else need.least for need in needs]
    wish = [max(need.line - least, 0.0) for need, least in zip(needs, base, strict=True)]
    left = max(free / size - sum(base), 0.0)
    part = min(1.0, left / sum(wish)) if sum(wish) else 0.0
    wide = [(least + part * more) * size for least, more in zip(base, wish, strict=True)]
    shrink = min(1.0, free / sum(wide))
    air = max(0.0, min(AIR, (free - sum(wide)) / len(wide)))
    return tuple(round(shrink * points + air + 2 * INSET + SLACK, 2) for points in wide)


def _cut(needs: Sequence[_Need], size: float, room: float) -> list[tuple[int, ...]]:
    """Return the columns of every piece, about as many in each; the first, which names the rows, stands in all."""
    points = [need.ease * size + 2 * INSET + SLACK for need in needs]
    most = len(needs) - 1
    while most > 1 and any(sum(points[i] for i in piece) > room for piece in _even(len(needs), most)):
        most -= 1
    return _even(len(needs), most)


def _even(columns: int, most: int) -> list[tuple[int, ...]]:
    """Return pieces of at most so many columns beside the first, as even as they can be."""
    pieces = math.ceil((columns - 1) / most)
    ends = [1 + round((columns - 1) * k / pieces) for k in range(pieces + 1)]
    return [(0, *range(start, stop)) for start, stop in pairwise(ends)]


def _white(columns: Sequence[object]) -> float:
    return (2 * INSET + SLACK) * len(columns)
