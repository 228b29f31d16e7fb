"""What is asked: the frozen types of a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from satmeter.questionnaire.expressions import Expression

Role = Literal["driver", "cost", "satisfaction", "loyalty", "other"]
Mode = Literal["reflective", "formative"]
MissingReason = Literal[
    "not_asked", "not_applicable", "dont_know", "refused", "break_off", "no_answer"
]  # no_answer: the cell is blank and the data do not say why
QuestionType = Literal["choice", "multiple", "number", "text", "date", "consent"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one or several languages.

    Attributes
    ----------
    by_language
        Pairs of language tag and text, in the order of the questionnaire's languages.

    Examples
    --------
    >>> t = Text((("zh-CN", "满意"), ("en", "Satisfied")))
    >>> t.get("en"), t.get("fr")
    ('Satisfied', '满意')
    """

    by_language: tuple[tuple[str, str], ...] = ()

    def get(self, language: str) -> str:
        """Return the text in a language; where it is missing, in the first language that there is."""
        texts = dict(self.by_language)
        return texts.get(language) or next(iter(texts.values()), "")

    def has(self, language: str) -> bool:
        """Tell whether there is a text in this very language."""
        return bool(dict(self.by_language).get(language))


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a scale; inner points of a ``range`` scale have an empty label."""

    code: int
    label: Text


@dataclass(frozen=True, slots=True)
class MissingCode:
    """A code that stands for no answer, as it stands in the data (number or text)."""

    code: str
    label: Text
    reason: MissingReason


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale: its points in ascending order of code, and its missing codes."""

    id: str
    points: tuple[Point, ...]
    missing: tuple[MissingCode, ...] = ()
    is_range: bool = False
    line: int = 0

    @property
    def low(self) -> int:
        """The lowest code."""
        return self.points[0].code

    @property
    def high(self) -> int:
        """The highest code."""
        return self.points[-1].code

    @property
    def codes(self) -> tuple[int, ...]:
        """All valid codes, ascending."""
        return tuple(point.code for point in self.points)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement that is rated on a scale and belongs to a construct."""

    id: str
    construct: str
    text: Text
    scale: str
    reverse: bool = False
    show_if: Expression | None = None
    required: bool | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Construct:
    """What several items measure together."""

    id: str
    role: Role
    label: Text
    items: tuple[str, ...]
    mode: Mode = "reflective"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice or multiple question; its code is the text that stands in the data."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is no scale item.

    Attributes
    ----------
    options
        For `choice` and `multiple`; empty otherwise.
    low, high
        Bounds of a `number`.
    max_length
        Longest `text`, in characters (YAML key ``max``).
    pii
        '', 'possible' or 'yes': whether the answer may identify a person.
    """

    id: str
    type: QuestionType
    text: Text
    options: tuple[Option, ...] = ()
    missing: tuple[MissingCode, ...] = ()
    show_if: Expression | None = None
    required: bool | None = None
    low: float | None = None
    high: float | None = None
    max_length: int | None = None
    pii: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """An attention check: an item whose right answer is told (`instructed`)."""

    id: str
    scale: str
    expect: int
    text: Text
    type: Literal["instructed"] = "instructed"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the form.

    Attributes
    ----------
    members
        Ids of items, questions and checks, in the order of asking; constructs are already replaced by their
        items.
    grid
        Whether neighbouring members that share a scale are shown as one grid (cards on a phone).
    shuffle
        Whether scale items are shown in random order (scale points never are).
    required
        Whether members must be answered, unless they say otherwise themselves.
    """

    members: tuple[str, ...]
    grid: bool = False
    shuffle: bool = False
    required: bool = False
    title: Text = Text()
    text: Text = Text()
    show_if: Expression | None = None
    line: int = 0


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """A whole instrument, checked and frozen.

    Attributes
    ----------
    id, version, title, languages, source, licence
        As in the file; the first language is the default.
    intro, privacy, thanks
        What is shown before the first page, where it is told what becomes of the answers, and after the last page.
    scales, constructs, items, questions, checks
        By id, in the order of the file.
    model
        Outcome to predecessors; predecessors are constructs or questions.
    pages
        In the order of asking.
    digest
        ``sha256:…`` over the content (not over comments, order of keys or layout).
    file
        Where it was read from, as given by the user.
    """

    id: str
    version: str
    title: Text
    languages: tuple[str, ...]
    scales: dict[str, Scale]
    constructs: dict[str, Construct]
    items: dict[str, Item]
    questions: dict[str, Question] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    model: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    source: str = ""
    licence: str = ""
    intro: Text = Text()
    privacy: Text = Text()
    thanks: Text = Text()
    digest: str = ""
    file: str = ""

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Ids of all items, questions and checks in the order of asking: the columns of the data."""
        return tuple(member for page in self.pages for member in page.members)

    def scale_of(self, variable: str) -> Scale | None:
        """Return the scale of an item or check; None for a question."""
        entry = self.items.get(variable) or self.checks.get(variable)
        return self.scales[entry.scale] if entry else None

    def missing_of(self, variable: str) -> tuple[MissingCode, ...]:
        """Return the missing codes of an item, check or question."""
        scale = self.scale_of(variable)
        return scale.missing if scale else self.questions[variable].missing

    def text_of(self, variable: str) -> Text:
        """Return the wording of an item, question or check."""
        return (self.items.get(variable) or self.questions.get(variable) or self.checks[variable]).text

    def show_if_of(self, variable: str) -> Expression | None:
        """Return the condition under which an item or question is asked; None means always."""
        entry = self.items.get(variable) or self.questions.get(variable)
        return entry.show_if if entry else None

    def required_of(self, variable: str, page: Page) -> bool:
        """Tell whether an answer is demanded on this page."""
        entry = self.items.get(variable) or self.questions.get(variable)
        own = entry.required if entry else None
        return page.required if own is None else own

    def constructs_of_role(self, *roles: Role) -> tuple[Construct, ...]:
        """Return the constructs that have one of these roles, in the order of the file."""
        return tuple(c for c in self.constructs.values() if c.role in roles)
