"""The page's style and script, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

SCRIPTS = ("expressions", "answers", "texts", "state", "record", "entries", "page")
_WIDEST_SCALE = 101


@cache
def script() -> str:
    """Return the page's script: the files of ``js/``, one after the other.

    Examples
    --------
    >>> script().startswith("'use strict';") and "eval(" not in script()
    True
    """
    parts = (_read("js", f"{name}.js") for name in SCRIPTS)
    body = "\n".join(part.replace("'use strict';\n", "") for part in parts)
    return f"'use strict';\n{body}"


def pure_script(*names: str) -> str:
    """Return parts of the script that touch no page and run in any engine.

    Parameters
    ----------
    *names
        Of ``expressions``, ``answers``, ``texts``, ``record``; a part stands after those that it uses.
    """
    return "\n".join(_read("js", f"{name}.js") for name in names)


@cache
def style(kind: str) -> str:
    """Return the style sheet of one kind of form, without the fonts."""
    counts = "\n".join(f".n{n}{{--n:{n}}}" for n in range(1, _WIDEST_SCALE + 1)) if kind == "screen" else ""
    return _read("css", f"{kind}.css") + counts


def policy(style_text: str, script_text: str = "") -> str:
    """Return a content security policy that allows this style and this script and no request at all.

    Parameters
    ----------
    style_text, script_text
        Exactly what stands inside the elements.

    Examples
    --------
    >>> policy("a{}").startswith("default-src 'none'; style-src 'sha256-")
    True
    """
    rules = ["default-src 'none'", f"style-src {_hash(style_text)}"]
    if script_text:
        rules.append(f"script-src {_hash(script_text)}")
    rules += ["img-src data:", "font-src data:", "form-action 'none'", "base-uri 'none'"]
    return "; ".join(rules)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _read(folder: str, name: str) -> str:
    return files("satmeter.form").joinpath(folder, name).read_text("utf-8").replace("\r\n", "\n")
