"""The font that a document carries, only where a bare machine may lack the glyphs."""

from __future__ import annotations

from satmeter.typography import subset_css

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
    wide = sorted({character for character in text if character >= _FIRST_WIDE})
    if not wide:
        return ""
    return subset_css("".join(sorted(set(text))), FAMILY)
