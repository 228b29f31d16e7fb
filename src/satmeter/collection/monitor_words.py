"""What the monitor says, in both languages, and how it writes numbers."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

LANGUAGES = ("zh-CN", "en")
NAMES = {"zh-CN": "中文", "en": "English"}
_DASH = "\u2013"


@cache
def _file() -> Mapping[str, Mapping[str, str | Mapping[str, str]]]:
    return tomllib.loads(files("satmeter.collection").joinpath("monitor_words.toml").read_text("utf-8"))


def word(key: str, language: str, fields: Mapping[str, object] | None = None) -> str:
    """Return one of the monitor's texts with its fields filled in.

    Parameters
    ----------
    key
        Of ``monitor_words.toml``; those of a signal are written ``bursts.title``.
    language
        One of `LANGUAGES`.
    fields
        Values for the names in braces.

    Examples
    --------
    >>> word("as_of", "en", {"time": "09:30"}), word("bursts.title", "zh-CN")
    ('As of 09:30', '集中到达')
    """
    section, _, name = key.rpartition(".")
    table = _file()[language][section] if section else _file()[language]
    text = str(table[name]) if isinstance(table, Mapping) else ""
    return text.format_map(fields) if fields else text


def has_word(key: str, language: str) -> bool:
    """Tell whether a signal has a text of its own for something."""
    section, _, name = key.rpartition(".")
    table = _file()[language][section]
    return isinstance(table, Mapping) and name in table


def plain_words(language: str) -> dict[str, str]:
    """Return the texts of one language that belong to no signal, for templates."""
    return {key: text for key, text in _file()[language].items() if isinstance(text, str)}


def all_words() -> str:
    """Return every character that the monitor's own texts may show."""
    return files("satmeter.collection").joinpath("monitor_words.toml").read_text("utf-8")


def percent(share: float, digits: int = 0) -> str:
    """Return a share as per cent.

    Examples
    --------
    >>> percent(0.254), percent(0.254, 1)
    ('25%', '25.4%')
    """
    return f"{100 * share:.{digits}f}%"


def probability(p: float) -> str:
    """Return a probability with three digits; a smaller one as less than 0.001.

    Examples
    --------
    >>> probability(0.25), probability(1e-9)
    ('0.250', '<0.001')
    """
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def length(seconds: float | None, language: str) -> str:
    """Return a length of time; a dash for none.

    Examples
    --------
    >>> length(9.6, "en"), length(605, "en"), length(None, "en")
    ('10 s', '10 min 05 s', '–')
    """
    if seconds is None or not math.isfinite(seconds):
        return _DASH
    minutes, rest = divmod(round(seconds), 60)
    return (
        word("minutes", language, {"m": minutes, "s": f"{rest:02d}"})
        if minutes
        else word("seconds", language, {"s": rest})
    )


def moment(at: float) -> str:
    """Return a time of the server's zone, to the minute."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
