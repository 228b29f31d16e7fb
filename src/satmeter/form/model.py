"""What the room hands out: a form, ready to be written to a file, and what is ticked or written on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What stands in the controls of one question, before anybody asks whether it is sound.

    Attributes
    ----------
    picked
        Codes that are ticked.
    text
        What is written; used by number, text and date only.
    """

    picked: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What to say about an answer that cannot stand.

    Attributes
    ----------
    word
        A key of ``words.toml``.
    fields
        Values for the fields in braces of that word; never a respondent's answer.
    """

    word: str
    fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a live page is shown, when that is not the respondent's own browser.

    Attributes
    ----------
    script
        What an interviewer reads out; stands in a box of its own and is no part of any question.
    leave, leave_word
        Address of the way out of the interview, and the key of its word; empty: there is none.
    reset
        Seconds without a touch after which a shared device goes the way out by itself; 0: never.
    """

    script: str = ""
    leave: str = ""
    leave_word: str = ""
    reset: int = 0

    @property
    def patience(self) -> int:
        """Seconds after which a page goes the way out where no script can see that it is being touched."""
        return max(5 * self.reset, 300)


OWN_BROWSER = Desk()
