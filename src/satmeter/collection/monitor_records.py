"""What the monitor knows of every response: the journal's events, folded as they come, each read once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from satmeter.questionnaire.model import Questionnaire

LONGEST_LOOK = 1800.0  # seconds; what lies longer between two events of a response is a pause, not time on a page
_SOMETHING = "\u2026"  # stands for an answer that may identify a person: whether there is one decides what is asked


class StoredEvent(Protocol):
    """An event as the journal gives it."""

    @property
    def seq(self) -> int: ...  # noqa: D102
    @property
    def at(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def response(self) -> str: ...  # noqa: D102
    @property
    def payload(self) -> Mapping[str, Any] | None: ...  # noqa: D102


class EventSource(Protocol):
    """A store of events."""

    def events(self, response: str | None = None, after: int = 0) -> Iterable[StoredEvent]:
        """Return the events after a number, in their order."""


@dataclass(slots=True)
class Record:
    """One response.

    Attributes
    ----------
    opened, submitted, last
        Server time in seconds since 1970; `submitted` None while it is not.
    page
        The furthest page that was passed, 0 when none was.
    seconds
        Page to the time spent there: what the browser measured, never more than passed on the server since the event
        before; pauses of half an hour and more are left out.
    values
        Variable to cell; no answer that may identify a person.
    withdrawn, erased
        Such a response is counted nowhere.
    """

    response: str
    opened: float
    last: float
    language: str = ""
    mode: str = ""
    order: tuple[str, ...] = ()
    submitted: float | None = None
    page: int = 0
    seconds: dict[int, float] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    withdrawn: bool = False
    erased: bool = False


class Records:
    """All responses of a store, brought up to date by reading the events that are new.

    Parameters
    ----------
    store
        Gives events in the order of their numbers.
    questionnaire
        Says which answers may identify a person; these are not kept in memory.
    """

    def __init__(self, store: EventSource, questionnaire: Questionnaire) -> None:
        self._store = store
        self._kept = {
            name
            for name in questionnaire.variables
            if (question := questionnaire.questions.get(name)) is None
            or (question.type not in ("text", "date") and not question.pii)
        }
        self._known = frozenset(questionnaire.variables)
        self._records: dict[str, Record] = {}
        self._seq = 0
        self._lock = threading.Lock()

    def now(self) -> tuple[Record, ...]:
        """Read what is new and return every response that counts, in the order of opening; copies."""
        with self._lock:
            for event in self._store.events(after=self._seq):
                self._seq = event.seq
                self._take(event)
            counted = [r for r in self._records.values() if not r.withdrawn and not r.erased]
            return tuple(replace(r, seconds=dict(r.seconds), values=dict(r.values)) for r in counted)

    def _take(self, event: StoredEvent) -> None:
        at = datetime.fromisoformat(event.at).timestamp()
        record = self._records.get(event.response)
        if record is None:
            record = self._records[event.response] = Record(event.response, at, at)
        waited, record.last = at - record.last, at
        if event.payload is None or event.kind == "erased":
            record.erased = True
            record.values, record.seconds, record.order = {}, {}, ()
        elif not record.erased:
            self._follow(record, event.kind, event.payload, at, waited)

    def _follow(self, record: Record, kind: str, told: Mapping[str, Any], at: float, waited: float) -> None:
        record.language = str(told.get("language") or record.language)
        if kind == "opened":
            record.mode, record.order = str(told.get("mode", "")), tuple(map(str, told.get("order", ())))
        elif kind in ("page", "answered", "changed"):
            if told.get("passed", kind == "page"):
                record.page = max(record.page, int(told["page"]))
            if kind != "page":
                self._answer(record, told, waited)
        elif kind == "submitted":
            record.submitted = at
        elif kind == "reopened":
            record.submitted, record.withdrawn = None, False
        elif kind == "withdrawn":
            record.withdrawn = True

    def _answer(self, record: Record, told: Mapping[str, Any], waited: float) -> None:
        page, measured = int(told["page"]), told.get("seconds")
        if isinstance(measured, int | float) and not isinstance(measured, bool) and measured >= 0:
            waited = min(waited, float(measured))
        if waited < LONGEST_LOOK:
            record.seconds[page] = record.seconds.get(page, 0.0) + waited
        for name, cell in told.get("values", {}).items():
            if name in self._kept:
                record.values[name] = cell
            elif name in self._known:
                record.values[name] = None if cell in (None, "", []) else _SOMETHING
