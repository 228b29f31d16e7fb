"""Rows of open answers: themes, words and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from satmeter.errors import Note


@dataclass(frozen=True, slots=True)
class VerbatimRow:
    """One theme of one text question, among all who answered it or those of one group.

    `mentions` counts answers with the theme, `n` answers in all; `estimate` is the weighted share, 0–1. An answer may
    have several themes, so shares may add up to more than 1. Themes `other` (no theme fits) and `none` (nothing to say)
    come last.
    """

    question: str
    theme: str
    label: dict[str, str]  # language to words
    group_by: str
    group: str
    mentions: int
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word, and in how many answers to a text question it stands; a start for a code frame."""

    question: str
    word: str
    n: int


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One answer, masked, as an example of a theme."""

    question: str
    theme: str
    respondent: str
    text: str


@dataclass(frozen=True, slots=True)
class Verbatims:
    """Themes, words and quotes of all questions that the plan names, and what must be known about them."""

    themes: tuple[VerbatimRow, ...] = ()
    words: tuple[WordRow, ...] = ()
    quotes: tuple[QuoteRow, ...] = ()
    notes: tuple[Note, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
