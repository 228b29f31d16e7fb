"""The font that a document carries, only where a bare machine may lack the glyphs."""

from __future__ import annotations

from satmeter.typography import subset_css, subset_font

FAMILY = "satmeter"
_FIRST_WIDE = "\u2e80"


def font_rule(text: str) -> str:
    """Return the font rule for the East Asian characters of a text; empty when there are none.

    Parameters
    ----------
    text
        Everything that the document shows.

    Examples
    --------
    >>> font_rule("Next"), font_rule("下一页").startswith("@font-face")
    ('', True)
    """
    return subset_css(text, FAMILY) if _is_wide(text) else ""


def font_file(text: str) -> bytes:
    """Return the font itself, for a server to hand out; empty when a text has no East Asian characters.

    Examples
    --------
    >>> font_file("Next"), font_file("下一页")[:4]
    (b'', b'wOFF')
    """
    return subset_font(text) if _is_wide(text) else b""


def _is_wide(text: str) -> bool:
    return max(text, default="") >= _FIRST_WIDE
