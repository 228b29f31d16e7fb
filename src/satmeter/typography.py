"""The Chinese font as a subset: exactly the characters that a page shows, so that it needs no other file.

The font is Noto Sans SC (SIL Open Font License), taken as a data file from the package `zhplot`, which is
never imported (importing it would change matplotlib's settings). Only the regular weight exists: emphasise
by size or colour.
"""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from satmeter.errors import Problem, ReportError

if TYPE_CHECKING:
    from uharfbuzz import Face

QUOTES = "‘’“”"
_UNUSED_TABLES = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"VORG", b"vhea", b"vmtx")
FONT_PACKAGE = "zhplot"
FONT_NAME = "NotoSansSC-Regular.ttf"


@cache
def font_file() -> Path:
    """Return the path of the font file that every page and figure is set in.

    Returns
    -------
    Path
        ``NotoSansSC-Regular.ttf`` (Noto Sans SC, covers GBK).

    Raises
    ------
    ReportError
        T001, when the package that carries the font is not installed or is not whole.

    Examples
    --------
    >>> font_file().name
    'NotoSansSC-Regular.ttf'
    """
    spec = find_spec(FONT_PACKAGE)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / "fonts" / FONT_NAME
        if path.is_file():
            return path
    raise ReportError(Problem("T001", params={"font": FONT_NAME, "package": FONT_PACKAGE}))


@cache
def _covered() -> frozenset[int]:
    """Return the code points that the font has a glyph for."""
    return frozenset(_face().unicodes)


@cache
def _face() -> Face:
    import uharfbuzz  # here, because only what is written for people needs it

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font_file())))


def missing_glyphs(text: str) -> str:
    r"""Return the characters of a text that the font cannot show, each once, in order of code point.

    Line breaks, tabs and other control or format characters need no glyph and are not reported.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Empty when the whole text can be shown.

    Examples
    --------
    >>> missing_glyphs("供电满意度 95 %\n")
    ''
    >>> missing_glyphs("满意 \U0001f600")
    '😀'
    """
    covered = _covered()
    return "".join(
        sorted(c for c in set(text) if ord(c) not in covered and unicodedata.category(c) not in ("Cc", "Cf"))
    )


def subset_css(text: str, family: str = "satmeter", *, quotes: Literal["wide", "narrow"] = "wide") -> str:
    """Return an ``@font-face`` rule that holds the font, reduced to the characters of a text.

    The rule carries the font as a base64 WOFF data address, so that the page asks for nothing. The same
    characters give the same bytes. Characters that the font lacks are left out (see `missing_glyphs`).

    Parameters
    ----------
    text
        All the text that will be set in the font; order and repetition do not matter.
    family
        Name by which the style sheet calls the font.
    quotes
        Curly quotation marks and apostrophe stand in a Chinese square (`wide`) or as in Latin text (`narrow`).

    Returns
    -------
    str
        One CSS rule.

    Raises
    ------
    ReportError
        T001, when the font is not there.

    Examples
    --------
    >>> rule = subset_css("满意度")
    >>> rule.startswith('@font-face{font-family:"satmeter";') and "data:font/woff;base64," in rule
    True
    """
    data = base64.b64encode(subset_font(text, quotes=quotes)).decode("ascii")
    return (
        f'@font-face{{font-family:"{family}";font-style:normal;font-weight:400;font-display:block;'
        f'src:url(data:font/woff;base64,{data}) format("woff")}}'
    )


def subset_font(text: str, *, quotes: Literal["wide", "narrow"] = "wide") -> bytes:
    r"""Return the font as a WOFF file, reduced to the characters of a text, as in `subset_css`.

    Examples
    --------
    >>> subset_font("满意度")[:4]
    b'wOFF'
    """
    return _subset("".join(sorted(set(text) | {" "})), quotes)


# HarfBuzz cuts the font in 3 ms, fontTools' own subsetter takes 400 ms; fontTools packs it, in 150 ms with its import.
# WOFF and not WOFF2: compressing would take a second a page for a font that is a quarter smaller (74 for 95 kB).
@lru_cache(maxsize=8)
def _subset(characters: str, quotes: str) -> bytes:
    import uharfbuzz

    face = _face()
    narrow = _narrow_glyphs(face, [c for c in QUOTES if c in characters]) if quotes == "narrow" else {}
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.set({ord(c) for c in characters})
    wanted.glyph_set.set(set(narrow.values()))
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    dropped = wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG)
    for tag in _UNUSED_TABLES:
        dropped.add(int.from_bytes(tag, "big"))
    plan = uharfbuzz.SubsetPlan(face, wanted)
    kept = plan.old_to_new_glyph_mapping
    return _web_font(plan.execute().blob.data, {code: kept[glyph] for code, glyph in narrow.items()})


def _web_font(font: bytes, glyphs: Mapping[int, int]) -> bytes:
    """Return a font as WOFF, where some code points have other glyphs."""
    from fontTools.ttLib import TTFont

    buffer = io.BytesIO()
    with TTFont(io.BytesIO(font), lazy=True, recalcTimestamp=False, recalcBBoxes=False) as file:
        if glyphs:
            named = {code: file.getGlyphName(glyph) for code, glyph in glyphs.items()}
            for table in file["cmap"].tables:
                table.cmap.update(named)
        file.flavor = "woff"
        file.save(buffer)
    return buffer.getvalue()


def _narrow_glyphs(face: Face, characters: Sequence[str]) -> dict[int, int]:
    """Return the glyphs of the font's proportional forms (its feature `pwid`) by code point."""
    import uharfbuzz

    font, glyphs = uharfbuzz.Font(face), {}
    for character in characters:
        text = uharfbuzz.Buffer()
        text.add_str(character)
        text.guess_segment_properties()
        uharfbuzz.shape(font, text, {"pwid": True})
        glyphs[ord(character)] = text.glyph_infos[0].codepoint
    return glyphs
