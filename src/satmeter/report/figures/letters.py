"""Texts as outlines of letters: laid out once a process, drawn in as many figures as wanted."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from satmeter.report.figures.style import families
from satmeter.typography import font_file

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

EM = 100.0
"""Size at which texts are laid out."""

_COMMANDS = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("z", 0)}
"""matplotlib's codes of a path to SVG's, and how many points each of them takes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text at size `EM`: its letters with their places, its width, and characters without a glyph."""

    letters: tuple[tuple[str, float, float], ...]
    width: float
    missing: frozenset[str]


@cache
def _fonts() -> tuple[str, ...]:
    from matplotlib.font_manager import FontProperties, findfont

    _, *others = families()
    return (str(font_file()), *(findfont(FontProperties(family=name)) for name in others))


@cache
def _characters() -> frozenset[int]:
    """Return the code points that one of the fonts shows."""
    from matplotlib.font_manager import get_font

    return frozenset(code for path in _fonts() for code in get_font(path).get_charmap())


def _font() -> FT2Font:
    from matplotlib.font_manager import get_font

    font: FT2Font = get_font(list(_fonts()))
    font.set_size(EM, 72)  # other users of the font set their own size
    return font


@lru_cache(maxsize=8192)
def laid_out(text: str) -> Line:
    """Return one line of text as letters; those without a glyph are told and drawn as a box.

    Examples
    --------
    >>> line = laid_out("0.7")
    >>> len(line.letters), line.missing
    (3, frozenset())
    """
    from matplotlib.ft2font import LoadFlags
    from matplotlib.textpath import text_to_path

    missing = frozenset(c for c in text if ord(c) not in _characters())
    font = _font()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # characters without a glyph are told above
        letters: Any = _seen
        info, new, _ = text_to_path.get_glyphs_with_font(font, text, glyph_map=letters, return_new_glyphs_only=True)
        _seen.update(new)
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width = font.get_width_height()[0] / 64
    return Line(tuple((name, float(x), float(y)) for name, x, y, _ in info), width, missing)


_seen: dict[str, tuple[Any, Any]] = {}
"""Corners and codes of every letter that was laid out, at size `EM`."""


@cache
def outline(letter: str) -> str:
    """Return the path of a letter that `laid_out` has named, in 64ths of a unit; empty for a space."""
    corners, codes = _seen[letter]
    words: list[str] = []
    at = 0
    while at < len(codes):
        command, count = _COMMANDS[int(codes[at])]
        words += [command, " ".join(f"{64 * value:g}" for point in corners[at : at + count] for value in point)]
        at += max(count, 1)
    return "".join(words)


@lru_cache(maxsize=8192)
def curves(text: str) -> tuple[Any, Any]:
    """Return corners and codes of a whole line of text at size `EM`, as matplotlib's paths have them."""
    import numpy as np

    placed = [(_seen[name], (x, y)) for name, x, y in laid_out(text).letters if len(_seen[name][1])]
    if not placed:
        return np.empty((0, 2)), np.empty(0, dtype=np.uint8)
    corners = np.concatenate([corners + place for (corners, _), place in placed])
    return corners, np.concatenate([codes for (_, codes), _ in placed])
