"""What the command line says, in the user's language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from satmeter.errors import message_language


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("satmeter.cli").joinpath("words.toml").read_text("utf-8"))


def words(key: str, *, language: str | None = None) -> str:
    """Return a text of words.toml, e.g. ``words("run.summary")``; empty when there is none.

    Examples
    --------
    >>> words("labels.options", language="en")
    'Options'
    """
    section, name = key.split(".")
    text: str = _table()[section].get(name, {}).get(language or message_language(), "")
    return text
