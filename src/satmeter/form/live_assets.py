"""What a live form's pages ask the server for: style, script, font, logo, each under a name that says its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from satmeter.form.assets import pure_script, style
from satmeter.form.fonts import FAMILY
from satmeter.form.theme import Theme, theme_rules

SCRIPTS = ("expressions", "answers", "texts", "entries", "live_page", "live_send", "live")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}

Assets = dict[str, tuple[str, bytes]]


@cache
def _common() -> tuple[tuple[str, tuple[str, bytes]], ...]:
    sheet = style("screen") + style("live")
    return tuple(
        _named(stem, ending, kind, text.encode())
        for stem, ending, kind, text in (
            ("live", "css", "text/css; charset=utf-8", sheet),
            ("live", "js", "text/javascript; charset=utf-8", _script()),
            ("kiosk", "js", "text/javascript; charset=utf-8", pure_script("kiosk")),
        )
    )


def _script() -> str:
    """Return all parts as one function, so that a page can be shown in a window where it ran before."""
    body = pure_script(*SCRIPTS).replace("'use strict';\n", "")
    return f"(function () {{\n'use strict';\n{body}\n}}());\n"


def live_assets() -> Assets:
    """Return what all live forms share: name to media type and bytes. A name never stands for other bytes.

    Examples
    --------
    >>> sorted(name.rsplit(".", 1)[1] for name in live_assets())
    ['css', 'js', 'js']
    """
    return dict(_common())


def own_assets(theme: Theme, font: bytes) -> Assets:
    """Return what one form adds: its style with colour and font, the font, the logo.

    Parameters
    ----------
    theme
        Checked by `check_theme`.
    font
        A WOFF file; empty: none is needed.
    """
    found: Assets = {}
    rules = theme_rules(theme)
    if font:
        name, asset = _named("font", "woff", "font/woff", font)
        found[name] = asset
        rules += (
            f'@font-face{{font-family:"{FAMILY}";font-style:normal;font-weight:400;font-display:swap;'
            f'src:url("{name}") format("woff")}}'
        )
    if theme.logo is not None:
        name, asset = _named("logo", _ENDINGS[theme.logo_type], theme.logo_type, theme.logo)
        found[name] = asset
    if rules:
        name, asset = _named("form", "css", "text/css; charset=utf-8", rules.encode())
        found[name] = asset
    return found


def ending_in(assets: Mapping[str, object], start: str, *endings: str) -> str:
    """Return the name that begins and ends so; empty when there is none.

    Examples
    --------
    >>> ending_in({"live-1.css": 0, "live-2.js": 0}, "live-", "js")
    'live-2.js'
    """
    return next((name for name in assets if name.startswith(start) and name.rsplit(".", 1)[1] in endings), "")


def _named(stem: str, ending: str, kind: str, data: bytes) -> tuple[str, tuple[str, bytes]]:
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:20]}.{ending}", (kind, data)
