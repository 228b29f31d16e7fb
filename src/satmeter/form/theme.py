"""The look of a live form: title, logo and one colour, from which readable ones are worked out for light and dark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from satmeter.errors import FormError, Problem
from satmeter.questionnaire.model import Text

_COLOUR = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_LOGO_STARTS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_SVG = re.compile(rb"\A(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*|<!DOCTYPE\s+svg[^>\[]*>\s*)*<svg[\s>]", re.S)
_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_READABLE = 4.5  # WCAG 2.2, 1.4.3
_STEPS = 50

Colour = tuple[float, float, float]  # sRGB, each from 0 to 1


@dataclass(frozen=True, slots=True)
class Theme:
    """How a live form looks.

    Attributes
    ----------
    title
        Shown instead of the questionnaire's own title; None: the latter.
    colour
        ``#rrggbb`` or ``#rgb``; empty: the form's own. Made darker or lighter as far as texts need it.
    logo, logo_type
        The bytes of a picture and its media type: PNG, JPEG or SVG.
    """

    title: Text | None = None
    colour: str = ""
    logo: bytes | None = None
    logo_type: str = ""


def check_theme(theme: Theme) -> None:
    """Refuse a colour that is none and a logo that is not the picture it is said to be.

    Raises
    ------
    FormError
        F004, the colour; F005, the logo. Both that apply come together.

    Examples
    --------
    >>> check_theme(Theme(colour="#0b6173"))
    """
    problems = []
    if theme.colour and not _COLOUR.fullmatch(theme.colour):
        problems.append(Problem("F004", got=repr(theme.colour)))
    if theme.logo is not None and not _is_picture(theme.logo, theme.logo_type):
        problems.append(Problem("F005", got=theme.logo_type))
    if problems:
        raise FormError(problems)


def theme_rules(theme: Theme) -> str:
    """Return the style rules of a theme's colour; empty for the form's own.

    Every pair of text and ground has a contrast of at least 4.5: texts in the colour on cards and on tinted cards, and
    the text on buttons, which is white or black.

    Examples
    --------
    >>> theme_rules(Theme())
    ''
    >>> theme_rules(Theme(colour="#ffd500")).count("--accent")
    2
    """
    if not theme.colour:
        return ""
    colour = _parse(theme.colour)
    light = _palette(colour, ground=_parse("#ffffff"), towards=_BLACK, tint=0.10)
    dark = _palette(colour, ground=_parse("#19212a"), towards=_WHITE, tint=0.18)
    return f":root{{{light}}}@media (prefers-color-scheme: dark){{:root{{{dark}}}}}"


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21.

    Examples
    --------
    >>> round(contrast((0, 0, 0), (1, 1, 1)), 6)
    21.0
    """
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def _palette(colour: Colour, *, ground: Colour, towards: Colour, tint: float) -> str:
    for step in range(_STEPS + 1):
        accent = _mixed(colour, towards, step / _STEPS)
        tinted = _mixed(ground, accent, tint)
        if min(contrast(accent, ground), contrast(accent, tinted)) >= _READABLE:
            break
    on_accent = max((_WHITE, _BLACK), key=lambda text: contrast(text, accent))
    return f"--accent:{_written(accent)};--on-accent:{_written(on_accent)};--tint:{_written(tinted)}"


def _is_picture(data: bytes, kind: str) -> bool:
    if kind == "image/svg+xml":
        return bool(_SVG.match(data[:4096]))
    return kind in _LOGO_STARTS and data.startswith(_LOGO_STARTS[kind])


def _parse(text: str) -> Colour:
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def _written(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours and keep what can be written in 8 bits, so that what was checked is what is shown."""
    red, green, blue = (round(255 * (a + (b - a) * share)) / 255 for a, b in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
