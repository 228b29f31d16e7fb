"""What stands where: the questionnaire as pages, runs and members, the same for screen and paper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from satmeter.questionnaire.evaluate import names_in
from satmeter.questionnaire.expressions import Expression
from satmeter.questionnaire.model import Page, Questionnaire
from satmeter.questionnaire.piping import piped_names

MemberKind = Literal["scale", "range", "choice", "multiple", "number", "text", "date", "consent"]
CONSENT_CODE = "yes"
_CHOOSABLE = ("dont_know", "not_applicable", "refused")
_WIDEST_GRID = 13
_WRITTEN = ("number", "text", "date")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be ticked.

    Attributes
    ----------
    code
        As it stands in the data.
    key
        Key of its text; empty when the code itself is shown (points of a range scale).
    anchor
        Key of the text at the end of a range scale; empty elsewhere.
    """

    code: str
    key: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, check or question as it is asked.

    Attributes
    ----------
    choices, missing
        What can be ticked; `missing` are the offered ways not to answer, set off from the rest.
    number
        Place in the order of asking, from 1; printed on paper.
    show_if
        Its own condition; the page's stands in `Sheet`.
    """

    id: str
    kind: MemberKind
    number: int
    choices: tuple[Choice, ...] = ()
    missing: tuple[Choice, ...] = ()
    required: bool = False
    low: float | None = None
    high: float | None = None
    max_length: int | None = None
    show_if: Expression | None = None
    scale: str = ""

    @property
    def written(self) -> bool:
        """Whether the answer is written, not ticked."""
        return self.kind in _WRITTEN


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring entries of a page; `grid` when they share a scale and are shown as one grid."""

    entries: tuple[Entry, ...]
    grid: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page.

    Attributes
    ----------
    shuffle
        Groups of ids that change places among each other; every group shares one scale.
    has_title, has_text
        Whether the page has words of its own.
    """

    number: int
    runs: tuple[Run, ...]
    shuffle: tuple[tuple[str, ...], ...]
    show_if: Expression | None
    has_title: bool
    has_text: bool

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of the questionnaire."""
        return tuple(entry for run in self.runs for entry in run.entries)


def lay_out(questionnaire: Questionnaire) -> tuple[Sheet, ...]:
    """Return the pages of a questionnaire, ready for a template.

    Parameters
    ----------
    questionnaire
        A checked questionnaire.

    Returns
    -------
    tuple of Sheet
        In the order of asking.
    """
    numbers = {variable: number for number, variable in enumerate(questionnaire.variables, start=1)}
    return tuple(_sheet(questionnaire, page, index, numbers) for index, page in enumerate(questionnaire.pages))


def _sheet(questionnaire: Questionnaire, page: Page, index: int, numbers: dict[str, int]) -> Sheet:
    entries = [_entry(questionnaire, page, variable, numbers[variable]) for variable in page.members]
    if page.grid:
        groups = [(scale, tuple(group)) for scale, group in groupby(entries, key=lambda entry: entry.scale)]
    else:
        groups = [("", (entry,)) for entry in entries]
    runs: list[Run] = []
    for scale, group in groups:
        if scale and len(group) > 1 and len(group[0].choices) + len(group[0].missing) <= _WIDEST_GRID:
            runs.append(Run(group, grid=True))
        else:
            runs.extend(Run((entry,), grid=False) for entry in group)
    return Sheet(
        number=index + 1,
        runs=tuple(runs),
        shuffle=_shuffled(questionnaire, page, entries),
        show_if=page.show_if,
        has_title=bool(page.title.by_language),
        has_text=bool(page.text.by_language),
    )


def _shuffled(questionnaire: Questionnaire, page: Page, entries: list[Entry]) -> tuple[tuple[str, ...], ...]:
    """Group the entries that may change places; one that is asked about on its own page stays where it is."""
    if not page.shuffle:
        return ()
    fixed: set[str] = set()
    for entry in entries:
        own = set(piped_names(questionnaire.text_of(entry.id)))
        if entry.show_if:
            own |= set(names_in(entry.show_if))
        if own:
            fixed |= own | {entry.id}
    groups: dict[str, list[str]] = {}
    for entry in entries:
        if entry.scale and entry.id not in fixed:
            groups.setdefault(entry.scale, []).append(entry.id)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _entry(questionnaire: Questionnaire, page: Page, variable: str, number: int) -> Entry:
    scale = questionnaire.scale_of(variable)
    required = questionnaire.required_of(variable, page)
    show_if = questionnaire.show_if_of(variable)
    owner = f"s.{scale.id}" if scale else f"v.{variable}"
    missing = tuple(
        Choice(code.code, key=f"{owner}.m.{code.code}")
        for code in questionnaire.missing_of(variable)
        if code.reason in _CHOOSABLE and code.label.by_language
    )
    if scale:
        choices = tuple(_point(scale.id, scale.is_range, p.code, bool(p.label.by_language)) for p in scale.points)
        kind: MemberKind = "range" if scale.is_range else "scale"
        return Entry(variable, kind, number, choices, missing, required, show_if=show_if, scale=scale.id)
    question = questionnaire.questions[variable]
    if question.type == "consent":
        choices = (Choice(CONSENT_CODE, key="ui.agree"),)
    else:
        choices = tuple(Choice(option.code, key=f"{owner}.o.{option.code}") for option in question.options)
    return Entry(
        variable,
        question.type,
        number,
        choices,
        missing,
        required,
        low=question.low,
        high=question.high,
        max_length=question.max_length,
        show_if=show_if,
    )


def _point(scale: str, is_range: bool, code: int, labelled: bool) -> Choice:
    key = f"s.{scale}.p.{code}" if labelled else ""
    return Choice(str(code), anchor=key) if is_range else Choice(str(code), key=key)
