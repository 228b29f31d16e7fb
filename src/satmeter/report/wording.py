"""The report's own words, one folder a language (``words/<language>/*.toml``); every folder has the same keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from satmeter.errors.sentences import read_sentences

LANGUAGES = ("zh-CN", "en")
_AFTER_WIDE = re.compile(r"([）〕，。；：、]) (?=\S)")  # a full-width mark brings its own space


@dataclass(frozen=True, eq=False)
class Words:
    """The words of one language under dotted keys such as ``heading.method``.

    Attributes
    ----------
    language
        ``zh-CN`` or ``en``.
    table
        Key to sentence; fields in braces are filled by `fill`.

    Examples
    --------
    >>> read_words("en")["heading.method"]
    'Method'
    """

    language: str
    table: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.table[key]

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def fill(self, key: str, fields: Mapping[str, str]) -> str:
        """Return a sentence with its fields filled in; braces inside the fields stay as they are.

        In Chinese no space is left after a full-width mark.
        """
        text = self.table[key].format_map(fields)
        return _AFTER_WIDE.sub(r"\1", text) if self.language == "zh-CN" else text

    def plural(self, key: str, n: int | float, fields: Mapping[str, str]) -> str:
        """Return the sentence ``key.one`` or ``key.other`` with its fields filled in."""
        return self.fill(f"{key}.one" if n == 1 else f"{key}.other", fields)

    def name(self, table: str, key: str) -> str:
        """Return the name of a code, e.g. ``step.read``; a code that nobody knows is shown as it is."""
        return self.table.get(f"{table}.{key}", key)

    def tagged(self, label: str, rest: str) -> str:
        """Return ``label: rest``; a label that ends in a stop, such as a question, needs no colon.

        Examples
        --------
        >>> read_words("en").tagged("Region", "North"), read_words("zh-CN").tagged("您在哪里？", "北区")
        ('Region: North', '您在哪里？北区')
        """
        stop = label.rstrip().endswith(("?", "？", "!", "！", ".", "。", ":", "："))
        return label + self["list.sentence" if stop else "list.colon"] + rest

    def join(self, parts: Sequence[str]) -> str:
        """Return a list in words: ``a, b and c``.

        Examples
        --------
        >>> read_words("en").join(["a", "b", "c"]), read_words("zh-CN").join(["甲", "乙", "丙"])
        ('a, b and c', '甲、乙和丙')
        """
        if len(parts) < 2:
            return "".join(parts)
        return self["list.separator"].join(parts[:-1]) + self["list.last"] + parts[-1]

    def paragraph(self, sentences: Sequence[str]) -> str:
        """Return sentences as one paragraph, with a space between them where the language has one."""
        return self["list.sentence"].join(s for s in sentences if s)


@cache
def read_words(language: str) -> Words:
    """Return the words of one language.

    Parameters
    ----------
    language
        ``zh-CN`` or ``en``; the caller has checked that there is such a table.
    """
    folder = files("satmeter.report").joinpath("words", language)
    sources = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    table: dict[str, str] = {}
    for source in sources:
        words = _flat(read_sentences(source.read_text("utf-8")))
        if twice := table.keys() & words.keys():
            raise KeyError(f"{source.name}: {sorted(twice)}")
        table |= words
    return Words(language, table)


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, str):
            flat[prefix + key] = value
        else:
            flat |= _flat(value, f"{prefix}{key}.")
    return flat
