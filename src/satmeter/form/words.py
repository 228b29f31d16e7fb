"""The form's own words, such as 'Next', in every language that the package knows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FALLBACK = "en"


@cache
def _file() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("satmeter.form").joinpath("words.toml").read_text("utf-8"))


def word(key: str, language: str, fields: Mapping[str, str | int] | None = None) -> str:
    """Return one of the form's own words; English when the language is not known.

    Parameters
    ----------
    key
        A key of ``words.toml``.
    language
        A language tag.
    fields
        Values for the fields in braces.

    Examples
    --------
    >>> word("page_of", "en", {"page": 2, "pages": 5})
    'Page 2 of 5'
    >>> word("next", "zh-CN"), word("next", "it")
    ('下一页', 'Next')
    """
    words = _file().get(language, _file()[FALLBACK])
    return words[key].format_map(fields) if fields else words[key]


def screen_words(languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Return the words of the offline page: key → language → text, only for languages that the package knows.

    A questionnaire in none of the known languages gets English words.
    """
    known = [language for language in languages if language in _file()] or [FALLBACK]
    keys = [key for key in _file()[FALLBACK] if not key.startswith(("paper_", "live_"))]
    return {key: {language: _file()[language][key] for language in known} for key in keys}


def all_words(languages: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Return the words that a live form can show: ``ui.<word>`` → language → text, as in `screen_words`."""
    known = [language for language in languages if language in _file()] or [FALLBACK]
    keys = [key for key in _file()[FALLBACK] if not key.startswith("paper_")]
    return {f"ui.{key}": {language: _file()[language][key] for language in known} for key in keys}


def voice_of(language: str, languages: tuple[str, ...]) -> str:
    """Return the language in which a form speaks its own words: the wanted one, else the first that is known.

    Parameters
    ----------
    language
        Wanted.
    languages
        Of the questionnaire.

    Examples
    --------
    >>> voice_of("en", ("zh-CN", "en")), voice_of("it", ("it", "zh-CN")), voice_of("it", ("it",))
    ('en', 'zh-CN', 'en')
    """
    return next((tag for tag in (language, *languages) if tag in _file()), FALLBACK)


def language_name(language: str) -> str:
    """Return a language's name in that language; the tag itself when it is not known.

    Examples
    --------
    >>> language_name("zh-CN"), language_name("xx")
    ('中文', 'xx')
    """
    return _file()["names"].get(language, language)
