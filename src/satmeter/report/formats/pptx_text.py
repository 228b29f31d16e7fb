"""How much room a text takes on a slide: lines, heights, and what is split so that nothing is set too small."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from unicodedata import category, east_asian_width

LEAST = 12.0
"""Points: no text on a slide is smaller."""

TITLE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0)
TITLE_LINES = 2
_BOLD = 1.04

_WIDTHS = ((" ", 0.23), ("iljtfrI.,:;'!|()[]’‘-·", 0.32), ("mwMW%@—…“”", 0.86))
"""Widths of characters as shares of the font size: Calibri's, rounded up."""

_LOWER, _UPPER, _WIDE = 0.52, 0.64, 1.02
_LEADING = 1.22
_STOP = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"0-9])|(?<=。)")
_PIECE = re.compile(r"[^\s\u2e80-\uffef]+\s*|\s+|[\u2e80-\uffef][，。；：、）”！？》]*\s*")
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    r"""Return a text without the characters that no XML file may hold.

    Examples
    --------
    >>> printable("a\x00b\ud800")
    'ab'
    """
    return _CONTROL.sub("", text)


def single_width(text: str, size: float) -> float:
    """Return the width of a text on one line, in points.

    Examples
    --------
    >>> [round(single_width(text, 10.0), 1) for text in ("Staff", "服务", "▲")]
    [21.2, 20.4, 10.2]
    """
    return size * sum(_width(character) for character in text)


@cache
def _width(character: str) -> float:
    wide = east_asian_width(character)
    if wide in "WF" or (wide == "A" and category(character) == "So"):  # Chinese fonts draw marks as wide as a character
        return _WIDE
    known = next((width for some, width in _WIDTHS if character in some), None)
    return known or (_UPPER if character.isupper() or not character.isascii() else _LOWER)


@lru_cache(maxsize=4096)
def line_count(text: str, size: float, width: float) -> int:
    """Return how many lines a text takes; size and width in points.

    Examples
    --------
    >>> line_count("Complaint handling", 20.0, 220.0), line_count("Complaint handling", 20.0, 120.0)
    (1, 2)
    """
    return sum(_lines(line, size, width) for line in text.split("\n"))


def _lines(text: str, size: float, width: float) -> int:
    lines, used = 1, 0.0
    for piece in _PIECE.findall(text):
        long = single_width(piece.rstrip(), size)
        if used and used + long > width:
            lines, used = lines + 1, 0.0
        if long > width:
            lines += math.ceil(long / width) - 1
        used += single_width(piece, size)
    return lines


def text_height(text: str, size: float, width: float) -> float:
    """Return the height of a text in points."""
    return line_count(text, size, width) * size * _LEADING


def word_width(text: str, size: float) -> float:
    """Return the width of the longest word, which a column must hold; Chinese may be broken after three characters."""
    pieces = (piece.strip() for piece in _PIECE.findall(text))
    longest = max((single_width(piece, size) for piece in pieces), default=0.0)
    wide = any(east_asian_width(character) in "WF" for character in text)
    return max(longest, min(3 * size * _WIDE, single_width(text, size))) if wide else longest


def title_size(text: str, width: float) -> float | None:
    """Return the largest size at which a title fits: two lines, or three of the smallest; None where it never does."""
    found = next((size for size in TITLE_SIZES if line_count(text, size * _BOLD, width) <= TITLE_LINES), None)
    least = TITLE_SIZES[-1]
    return found or (least if line_count(text, least * _BOLD, width) <= TITLE_LINES + 1 else None)


def sentences(text: str) -> tuple[str, ...]:
    """Return a paragraph sentence by sentence.

    Examples
    --------
    >>> sentences("The index is 74.2 of 100. It rose."), sentences("指数为 74.2 分。次序未定。")
    (('The index is 74.2 of 100.', 'It rose.'), ('指数为 74.2 分。', '次序未定。'))
    """
    return tuple(part for part in (piece.strip() for piece in _STOP.split(text)) if part)


def pages(heights: Sequence[float], budget: float) -> tuple[tuple[int, int], ...]:
    """Return from where to where every page goes, so that each keeps to its height and the last is not nearly empty.

    Examples
    --------
    >>> pages([30.0] * 7, 100.0), pages([], 100.0)
    (((0, 2), (2, 5), (5, 7)), ())
    """
    cuts = _cuts(heights, budget)
    even = _even(heights, budget, len(cuts) - 1)
    return tuple(pairwise(even if len(even) == len(cuts) else cuts))


def _even(heights: Sequence[float], budget: float, count: int) -> list[int]:
    """Return cuts into so many pages of much the same height; into more where one would be too high."""
    cuts, used, left = [0], 0.0, sum(heights)
    for j, height in enumerate(heights):
        pages_left = count - len(cuts) + 1
        full = pages_left > 1 and used + height / 2 > (left + used) / pages_left
        if used and (full or used + height > budget + 1e-6):
            cuts.append(j)
            used = 0.0
        used, left = used + height, left - height
    return [*cuts, len(heights)]


def _cuts(heights: Sequence[float], budget: float) -> list[int]:
    cuts, used = [0], 0.0
    for j, height in enumerate(heights):
        if used and used + height > budget + 1e-6:
            cuts.append(j)
            used = 0.0
        used += height
    return [*cuts, len(heights)] if heights else [0]
