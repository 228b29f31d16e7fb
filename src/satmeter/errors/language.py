"""Which language messages are written in."""

from __future__ import annotations

import os

LANGUAGES = ("zh-CN", "en")


def message_language() -> str:
    """Return the user's language: ``SATMETER_LANG``, else the locale, else English.

    Returns
    -------
    str
        ``zh-CN`` or ``en``.

    Examples
    --------
    >>> message_language() in LANGUAGES
    True
    """
    for name in ("SATMETER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value.startswith("zh"):
            return "zh-CN"
        if value.startswith("en"):
            return "en"
    return "en"
