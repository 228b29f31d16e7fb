"""What is handed to a store and what it gives back. Nothing here needs a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sqlalchemy import Connection

EventKind = Literal["opened", "page", "answered", "changed", "submitted", "reopened", "withdrawn", "erased"]
KINDS: tuple[EventKind, ...] = (
    "opened",
    "page",
    "answered",
    "changed",
    "submitted",
    "reopened",
    "withdrawn",
    "erased",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one response.

    Attributes
    ----------
    kind
        ``opened`` {language, mode, order: [ids]}; ``page``, a page was shown and passed, {page, shown: [ids]}, with
        ``passed: false`` only shown; ``answered`` and ``changed`` {page, values: {id: cell}, language, seconds}, where
        the cell null empties a question, and ``passed: true`` says that the page is done with; ``submitted`` {language,
        seconds}; ``reopened`` {by}; ``withdrawn`` {reason}. A payload may carry more.
    response
        Name of the response: random, at most 64 letters, digits, ``-`` and ``_``.
    payload
        What JSON can hold. Values of questions that identify a person are sealed before they come here.
    key
        Idempotency key, unique within the response, of the same letters; empty for none. Events of one job may
        share it.
    """

    kind: EventKind
    response: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """Events that are stored together or not at all.

    Attributes
    ----------
    events
        In the order in which they happened; may be empty when only `guard` has work.
    definition
        Digest of the questionnaire under which they happened.
    link
        SHA-256 of a personal key, bound to the response of the first event. A link that is bound already makes the job
        a repetition.
    guard
        Runs within the transaction before the events are stored. A non-empty answer refuses the job, and what the guard
        wrote is undone. It may run more than once for one job and must do nothing but use the connection.
    """

    events: tuple[Event, ...]
    definition: str
    link: bytes = b""
    guard: Callable[[Connection], str] | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a job.

    Attributes
    ----------
    seq
        Number of the event that carries the job's key, of the last event when there is no key; 0 when nothing is
        stored.
    repeated
        The key or the link was known: the job was stored before and nothing was added.
    refused
        The guard's answer; ``erased`` when the response has been erased.
    """

    seq: int
    repeated: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as it stands in the store.

    Attributes
    ----------
    at
        The server's time, UTC, as ISO 8601 with microseconds; never before that of the event before.
    payload
        None when it has been erased.
    link
        The chain's link at this event, 32 bytes.
    """

    seq: int
    at: str
    kind: EventKind
    response: str
    definition: str
    payload: Mapping[str, Any] | None
    link: bytes


@dataclass(frozen=True, slots=True)
class State:
    """Where a response stands after its events.

    Attributes
    ----------
    values
        The last cell of every answered question; emptied ones are left out, hidden ones are still here.
    order
        Ids in the order that was drawn when the response was opened.
    page
        The furthest page that was passed; 0 for none.
    reason
        Why it was withdrawn; empty when it was not.
    opened, seen
        Times of the first and of the last event.
    opening
        The whole payload of `opened`: mode, agent, site and whatever else was said there.
    seq
        Number of the last event.
    """

    response: str
    definition: str
    values: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    language: str = ""
    page: int = 0
    pages_passed: frozenset[int] = frozenset()
    submitted: bool = False
    withdrawn: bool = False
    reason: str = ""
    opened: str = ""
    seen: str = ""
    mode: str = ""
    opening: Mapping[str, Any] = field(default_factory=dict)
    seq: int = 0


Change = Literal["first", "cosmetic", "wording", "coding"]


@dataclass(frozen=True, slots=True)
class Definition:
    """A questionnaire under which answers were given.

    Attributes
    ----------
    opened
        When the store took it up.
    text
        The YAML file's text.
    change
        How deep it differs from the one before.
    """

    digest: str
    version: str
    opened: str
    text: str
    change: Change


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether the journal is as it was written.

    Attributes
    ----------
    events
        How many events are stored.
    broken_at
        Number of the first event that is missing or was altered; None when the chain is intact.
    head
        The last link as hexadecimal digits: who has written it down can tell later that nothing was cut off.
    """

    events: int
    intact: bool
    broken_at: int | None
    head: str
