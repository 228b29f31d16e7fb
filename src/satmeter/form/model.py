"""What the room hands out: a form, ready to be written to a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FormKind = Literal["html", "paper"]
KINDS: tuple[FormKind, ...] = ("html", "paper")


@dataclass(frozen=True, slots=True)
class Form:
    """One questionnaire as one self-contained HTML document.

    Attributes
    ----------
    html
        The whole document; nothing else is needed to use it. The same questionnaire gives the same text.
    language
        The language shown first (`html`) or the only one (`paper`).
    kind
        ``html``, a page to be filled in a browser, or ``paper``, a sheet to be printed.
    languages
        All languages that the document holds.
    questionnaire
        Id of the questionnaire.
    digest
        Its content digest, as it is stamped into every answer.
    """

    html: str
    language: str
    kind: FormKind
    languages: tuple[str, ...]
    questionnaire: str
    digest: str
