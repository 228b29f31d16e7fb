"""One change between two questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChangeKind = Literal[
    "wording",
    "lead_in",
    "scale",
    "labels",
    "reverse",
    "filter",
    "items",
    "item_gone",
    "construct_gone",
    "question_gone",
    "type",
    "option",
    "option_gone",
    "typography",
    "missing_codes",
    "required",
    "item_new",
    "renamed",
    "construct_new",
    "role",
    "mode",
    "label",
    "question_new",
    "option_new",
    "bounds",
    "check",
    "order",
    "page",
    "language_new",
    "language_gone",
    "frame",
    "model",
]

BREAKING: frozenset[str] = frozenset(
    {
        "wording",
        "lead_in",
        "scale",
        "labels",
        "reverse",
        "filter",
        "items",
        "item_gone",
        "construct_gone",
        "question_gone",
        "type",
        "option",
    }
)
"""Kinds of change after which figures before and after do not belong to one series."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs between two questionnaires.

    Attributes
    ----------
    kind
        What sort of change; it decides whether a series is broken.
    about
        Kind of thing and its id, e.g. ``("item", "sat1")``.
    before, after
        What stood and what stands there, shortened to what differs.
    language
        Of a text: in which language.
    items, constructs
        Whose series is concerned.
    groups
        Pairs of a choice question and an option's code (empty: all of its options).
    line
        In the newer file, 0 where the thing is gone.
    """

    kind: ChangeKind
    about: tuple[str, str]
    before: str = ""
    after: str = ""
    language: str = ""
    items: tuple[str, ...] = ()
    constructs: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    line: int = 0

    @property
    def breaks(self) -> bool:
        """Whether figures before and after do not belong to one series."""
        return self.kind in BREAKING
