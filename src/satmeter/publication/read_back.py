"""Numbers read back out of tables and reports, for releases that other versions made."""

from __future__ import annotations

import html
import re
from collections import Counter

_NUMBER = re.compile(r"[-\u2212]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?")
_HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
TEXTS = (".csv", ".html", ".md", ".txt", ".json")


def same_numbers(name: str, one: bytes, other: bytes) -> bool:
    """Tell whether two files of one name say the same numbers, each as often.

    Parameters
    ----------
    name
        Of the file; its ending says how it is read. Of pages the text is read, without drawings.
    one, other
        Their bytes. Files that are no text cannot be read back.

    Examples
    --------
    >>> same_numbers("a.html", b"<p>75.3 of 100</p>", b"<div>75.3</div> of <b>100</b>")
    True
    >>> same_numbers("a.html", b"<p>75.3 of 100</p>", b"<p>75.4 of 100</p>")
    False
    """
    if not name.endswith(TEXTS):
        return False
    return _numbers(name, one) == _numbers(name, other)


def same_text(name: str, one: bytes, other: bytes) -> bool:
    """Tell whether two files of one name say the same words and numbers in the same order.

    Parameters
    ----------
    name, one, other
        As for `same_numbers`.

    Examples
    --------
    >>> same_text("a.html", b"<p>North 75.3,  South 70.1</p>", b"<div>North 75.3, <b>South</b> 70.1</div>")
    True
    >>> same_text("a.html", b"<p>North 75.3, South 70.1</p>", b"<p>North 70.1, South 75.3</p>")
    False
    """
    return name.endswith(TEXTS) and _text(name, one).split() == _text(name, other).split()


def _numbers(name: str, content: bytes) -> Counter[str]:
    return Counter(_NUMBER.findall(_text(name, content)))


def _text(name: str, content: bytes) -> str:
    text = content.decode("utf-8", errors="replace")
    if name.endswith(".html"):
        text = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text)))
    return text
