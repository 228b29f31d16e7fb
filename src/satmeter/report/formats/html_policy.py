"""What the page may do: its own style and its own script, known by their digests, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_STYLE = re.compile(r' style="([^"]*)"')
SIDES = {"text-align: left;": "", "text-align: right;": "right"}
"""Styles of cells that the template's style sheet names: left is the side of every cell."""

_CLASS = re.compile(r' class="([^"]*)"')


def policy(style: str, script: str) -> str:
    """Return a content security policy under which exactly this style and this script are used, and nothing is asked.

    Examples
    --------
    >>> policy("a{}", "let a").split("; ")[0]
    "default-src 'none'"
    """
    rules = ("default-src 'none'", f"style-src {_digest(style)}", f"script-src {_digest(script)}")
    return "; ".join((*rules, "font-src data:", "img-src data:", "base-uri 'none'", "form-action 'none'"))


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def styles_apart(body: str) -> tuple[str, str]:
    """Return the body without style attributes, and the style sheet that takes their place.

    The policy lets no attribute style anything; equal ones become one class.

    Examples
    --------
    >>> styles_apart('<p class="a" style="x: y;">style="b"</p><i style="x: y;"></i>')
    ('<p class="a s0">style="b"</p><i class="s0"></i>', '.s0{x: y;}')
    """
    names: dict[str, str] = {}

    def classed(tag: re.Match[str]) -> str:
        found = _STYLE.search(tag[0])
        if found is None:
            return tag[0]
        rest = tag[0].replace(found[0], "", 1)
        name = SIDES.get(found[1])
        if name is None:
            name = names.setdefault(found[1], f"s{len(names)}")
        if not name:
            return rest
        if _CLASS.search(rest):
            return _CLASS.sub(rf' class="\1 {name}"', rest, count=1)
        return re.sub(r"^<[^\s/>]+", rf'\g<0> class="{name}"', rest)

    body = _TAG.sub(classed, body)
    return body, "\n".join(f".{name}{{{style}}}" for style, name in names.items())
