"""The rectangle that a journal stands for: one row a response, cells as the HTML form writes them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from satmeter.errors import JournalError, Problem
from satmeter.journal.model import Definition, State, Stored
from satmeter.journal.sealing import SealingKey, is_sealed, unseal
from satmeter.journal.states import next_state
from satmeter.questionnaire.evaluate import Answer, asked, names_in
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire

PARADATA = (
    "respondent",
    "started",
    "submitted",
    "seconds",
    "language",
    "digest",
    "order",
    "mode",
    "page_reached",
)
SOMETIMES = ("agent", "site")
"""Columns that are there when any response was opened with them."""
QUOTA_FULL = "quota_full"
"""Reason of a withdrawal by the server: the respondent's quota had no place left."""
PAUSE = 1800.0
"""Seconds after which nobody is taken to be still at it; a longer gap between two events adds nothing."""
JOINT = "┋"
_SEALED = "\N{BULLET}"  # stands for an answer that nobody may read, where a condition asks whether there is one


class Journal(Protocol):
    """What a view reads: a store, or anything else that holds events."""

    def events(self, response: str | None = None, after: int = 0) -> Iterator[Stored]:
        """Yield the events in the order of their numbers."""

    def definitions(self) -> tuple[Definition, ...]:
        """Return the definitions in the order in which they were taken up."""


@dataclass(frozen=True, eq=False)
class Rectangle:
    """Answers as text, in the order in which the responses were opened.

    Attributes
    ----------
    columns
        Paradata, then the variables of the newest definition in the order of asking, then those of older ones.
    rows
        One tuple of texts a response. Withdrawn and erased responses are not here.
    definitions
        All definitions of the store, the oldest first; the column ``digest`` says which one a row belongs to.
    questionnaires
        Digest to questionnaire, of the definitions that rows belong to.
    sealed
        Variables that hold sealed answers which were left blank.
    withdrawn, screened_out, erased
        How many responses were taken back, how many were ended because a quota was full, and how many were erased.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    definitions: tuple[Definition, ...]
    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    sealed: tuple[str, ...] = ()
    withdrawn: int = 0
    screened_out: int = 0
    erased: int = 0

    @property
    def digest(self) -> str:
        """``sha256:…`` of columns and rows: the same as long as the answers are the same."""
        hashed = hashlib.sha256()
        for row in (self.columns, *self.rows):
            hashed.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        return f"sha256:{hashed.hexdigest()}"

    def column(self, name: str) -> list[str]:
        """Return the cells of one column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


@dataclass(slots=True)
class _Walk:
    """What is gathered from the events of one response."""

    first: int
    state: State
    submitted: str = ""
    seconds: float = 0.0
    seen: datetime | None = None
    reason: str = ""


def view(store: Journal, *, pii: SealingKey | None = None) -> Rectangle:
    """Derive the rectangle of a store from its events.

    Parameters
    ----------
    store
        From `open_store`.
    pii
        The key that opens sealed answers; without it they are left blank.

    Returns
    -------
    Rectangle
        Answers to questions that the skip logic hides in the end are left out, as the HTML form does. ``started`` and
        ``submitted`` are the server's times; ``submitted`` is empty for a response that broke off or was opened again.
        ``seconds`` sums, over the pages, what the browser measured, but never more than passed on the server since the
        event before; where nothing was measured, what passed on the server, pauses of more than half an hour aside.

    Raises
    ------
    JournalError
        K052 and K055 for sealed answers that the key does not open, K057 for answers under a definition that the store
        does not hold.
    """
    definitions = store.definitions()
    walks, erased = _walked(store.events())
    kept = sorted((walk for walk in walks if not walk.state.withdrawn), key=lambda walk: walk.first)
    screened_out = sum(1 for walk in walks if walk.state.withdrawn and walk.reason == QUOTA_FULL)
    readers = _readers(definitions, {walk.state.definition for walk in kept}, pii)
    variables = list(dict.fromkeys(name for reader in reversed(readers.values()) for name in reader.variables))
    head = _paradata_names(variables)
    more = [name for name in SOMETIMES if any(walk.state.opening.get(name) for walk in kept)]
    rows = tuple(_row(walk, more, variables, readers) for walk in kept)
    sealed = {name for reader in readers.values() for name in reader.left_blank}
    return Rectangle(
        columns=(*(head[name] for name in (*PARADATA, *more)), *variables),
        rows=rows,
        definitions=definitions,
        questionnaires={digest: reader.questionnaire for digest, reader in readers.items()},
        sealed=tuple(name for name in variables if name in sealed),
        withdrawn=len(walks) - len(kept) - screened_out,
        screened_out=screened_out,
        erased=erased,
    )


def _walked(events: Iterable[Stored]) -> tuple[list[_Walk], int]:
    """Return what is gathered of every response that is still there, and how many were erased."""
    walks: dict[str, _Walk] = {}
    gone: set[str] = set()
    for event in events:
        walk = walks.get(event.response)
        if walk is None:
            start = State(event.response, event.definition, opened=event.at)
            walk = walks[event.response] = _Walk(event.seq, start)
        state = None if event.response in gone else next_state(walk.state, event)
        if state is None:
            gone.add(event.response)
            continue
        walk.state = state
        seen = datetime.fromisoformat(event.at)
        walk.seconds += _seconds(walk.seen, seen, event)
        walk.seen = seen
        if event.kind == "submitted":
            walk.submitted = event.at
        elif event.kind == "withdrawn":
            walk.reason = str((event.payload or {}).get("reason", ""))
    return [walk for name, walk in walks.items() if name not in gone], len(gone)


def _seconds(before: datetime | None, now: datetime, event: Stored) -> float:
    """Return what an event adds to the time that the respondent took."""
    if before is None or event.kind not in ("answered", "changed", "submitted"):
        return 0.0
    passed = max((now - before).total_seconds(), 0.0)
    told = (event.payload or {}).get("seconds")
    if isinstance(told, int | float) and not isinstance(told, bool) and told >= 0:
        return min(float(told), passed)
    return passed if passed <= PAUSE else 0.0


def _paradata_names(variables: Iterable[str]) -> dict[str, str]:
    """Return the column names of paradata; one that is taken by a variable is called otherwise."""
    taken = set(variables)
    return {name: f"paradata_{name}" if name in taken else name for name in (*PARADATA, *SOMETIMES)}


def _readers(definitions: Iterable[Definition], wanted: set[str], pii: SealingKey | None) -> dict[str, _Reader]:
    found = {d.digest: _Reader(parse_questionnaire(d.text), pii) for d in definitions if d.digest in wanted}
    problems = [
        Problem("K057", got=digest.removeprefix("sha256:")[:12]) for digest in sorted(wanted) if digest not in found
    ]
    if problems:
        raise JournalError(problems)
    return found


class _Reader:
    """Reads the answers given under one definition."""

    def __init__(self, questionnaire: Questionnaire, pii: SealingKey | None) -> None:
        self.questionnaire = questionnaire
        self.variables = questionnaire.variables
        self.left_blank: set[str] = set()
        self._pii = pii
        self._names = _names_of_conditions(questionnaire)
        self._asked: dict[tuple[tuple[str, Answer], ...], frozenset[str]] = {}

    def cells(self, state: State) -> dict[str, str]:
        """Return the cells of one response, hidden and sealed ones left out."""
        opened = {name: self._opened(state, name, value) for name, value in state.values.items()}
        sealed = {name for name, value in opened.items() if is_sealed(value)}
        self.left_blank |= sealed
        answers = {name: _answer(value) for name, value in opened.items()}
        shown = self._shown(answers)
        if sealed:
            shown |= _depending(self.questionnaire, sealed)
        return {name: cell_text(value) for name, value in opened.items() if name in shown and name not in sealed}

    def _opened(self, state: State, name: str, value: Any) -> Any:
        if self._pii is None or not is_sealed(value):
            return value
        return unseal(value, self._pii, response=state.response, variable=name)

    def _shown(self, answers: Mapping[str, Answer]) -> frozenset[str]:
        """Return what is asked; answers that no condition looks at make no difference, so few walks serve many."""
        pattern = tuple((name, answers[name]) for name in self._names if name in answers)
        if pattern not in self._asked:
            self._asked[pattern] = frozenset(asked(self.questionnaire, dict(pattern)))
        return self._asked[pattern]


def _answer(value: Any) -> Answer:
    if is_sealed(value):
        return _SEALED
    return tuple(value) if isinstance(value, list) else value


def _names_of_conditions(questionnaire: Questionnaire) -> tuple[str, ...]:
    conditions = [page.show_if for page in questionnaire.pages]
    conditions += [questionnaire.show_if_of(variable) for variable in questionnaire.variables]
    return tuple(dict.fromkeys(name for condition in conditions if condition for name in names_in(condition)))


def _depending(questionnaire: Questionnaire, sealed: set[str]) -> frozenset[str]:
    """Return the variables whose condition rests on a sealed answer: nobody can tell whether they were asked."""
    unsure = set(sealed)
    for page in questionnaire.pages:
        for member in page.members:
            conditions = (page.show_if, questionnaire.show_if_of(member))
            if any(not unsure.isdisjoint(names_in(condition)) for condition in conditions if condition):
                unsure.add(member)
    return frozenset(unsure - sealed)


def _row(walk: _Walk, more: Iterable[str], variables: Iterable[str], readers: Mapping[str, _Reader]) -> tuple[str, ...]:
    state = walk.state
    cells = readers[state.definition].cells(state)
    head = (
        state.response,
        _to_milliseconds(state.opened),
        _to_milliseconds(walk.submitted) if state.submitted else "",
        "" if state.mode == "paper" else str(round(walk.seconds)),  # nobody knows how long a sheet took
        state.language,
        state.definition,
        " ".join(state.order),
        state.mode,
        str(state.page),
        *(str(state.opening.get(name) or "") for name in more),
    )
    return (*head, *(cells.get(name, "") for name in variables))


def _to_milliseconds(at: str) -> str:
    """Return a time as browsers write it: ``2026-11-22T08:00:00.000Z``."""
    return datetime.fromisoformat(at).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if at else ""


def cell_text(value: Any) -> str:
    """Return the text of one cell of an event, as the form's CSV has it.

    Examples
    --------
    >>> cell_text(4), cell_text(2.5), cell_text(["bill", "fault"]), cell_text(None), cell_text(1e-5)
    ('4', '2.5', 'bill┋fault', '', '0.00001')
    """
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return JOINT.join(str(code) for code in value)
    if isinstance(value, float):
        return _number_text(value)
    return str(value)


def _number_text(value: float) -> str:
    if 1e-6 <= abs(value) < 1e21 or value == 0:
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return re.sub(r"e([+-])0+", r"e\1", repr(value))
