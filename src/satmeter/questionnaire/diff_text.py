"""Two versions of a text compared: the same words, other punctuation only, or other words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from satmeter.questionnaire.model import Questionnaire, Text

Kind = Literal["typography", "wording"]
_MEANT = "%‰&#@/*+<>="  # punctuation to Unicode, but words to a reader


class TextChange(NamedTuple):
    """How a text was changed in one language."""

    language: str
    kind: Kind
    before: str
    after: str


def languages_of(old: Questionnaire, new: Questionnaire) -> tuple[str, ...]:
    """Return the languages that both questionnaires have."""
    return tuple(language for language in new.languages if language in old.languages)


def text_changes(old: Text, new: Text, languages: tuple[str, ...]) -> Iterator[TextChange]:
    """Compare two texts in every language that both questionnaires have.

    Examples
    --------
    >>> old, new = Text((("en", "Staff are kind"),)), Text((("en", "Staff are kind."),))
    >>> [change.kind for change in text_changes(old, new, ("en",))]
    ['typography']
    """
    for language in languages:
        before, after = (dict(text.by_language).get(language, "") for text in (old, new))
        if before != after:
            kind: Kind = "typography" if words_of(before) == words_of(after) else "wording"
            yield TextChange(language, kind, before, after)


def words_of(text: str) -> str:
    """Return what a reader takes in: no white space, case, width or punctuation, except in and before numbers.

    Examples
    --------
    >>> words_of("您对服务满意吗？") == words_of("您对服务满意吗?"), words_of("0-5") == words_of("05")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for place, sign in enumerate(plain) if _counts(plain, place))


def _counts(text: str, place: int) -> bool:
    sign = text[place]
    if unicodedata.category(sign)[0] not in "PZC" or sign in _MEANT:
        return True
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return after.isdigit() and (before.isdigit() or (sign in "-." and not before.isalnum()))
