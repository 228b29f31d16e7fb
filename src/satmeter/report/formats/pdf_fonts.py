"""The two fonts that a PDF is set in: where they lie, what they can show, how wide a text is."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from satmeter.typography import font_file

FAMILIES = ("Noto Sans SC", "DejaVu Sans")
"""The second is asked only for characters that the first lacks, as in figures."""


def font_folders() -> tuple[Path, ...]:
    """Return the folders that typst looks for fonts in; fonts of the machine are left alone.

    Raises
    ------
    ReportError
        T001, when Noto Sans SC is not there.
    """
    return (font_file().parent, _matplotlib_fonts())


def without_glyph(text: str) -> str:
    """Return the characters that neither font can show, each once, in order of code point.

    Examples
    --------
    >>> without_glyph("满意度 ≥ 90 % ⅔"), without_glyph("满意 🚀")
    ('', '🚀')
    """
    shown = (c for c in set(text) if unicodedata.category(c) not in ("Cc", "Cf"))
    return "".join(sorted(c for c in shown if not any(font.get_nominal_glyph(ord(c)) for font, _ in _fonts())))


def width(text: str) -> float:
    """Return the width of a text in em, with the quarter that typst puts between Chinese and Latin characters.

    Examples
    --------
    >>> width("满意"), width("满意95") > 2 + 2 * width("9")
    (2.0, True)
    """
    total = sum(map(_advance, text))
    borders = sum(1 for a, b in pairwise(text) if a.isalnum() and b.isalnum() and _wide(a) != _wide(b))
    return total + borders / 4


@cache
def _advance(character: str) -> float:
    for font, units in _fonts():
        if glyph := font.get_nominal_glyph(ord(character)):
            return float(font.get_glyph_h_advance(glyph)) / units
    return 1.0


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _matplotlib_fonts() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def _fonts() -> tuple[tuple[Any, int], ...]:
    import uharfbuzz

    files = (font_file(), _matplotlib_fonts() / "DejaVuSans.ttf")
    faces = [uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file))) for file in files]
    return tuple((uharfbuzz.Font(face), face.upem) for face in faces)
