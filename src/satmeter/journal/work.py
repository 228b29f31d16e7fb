"""What the writer is given to do: jobs checked and made ready by whoever asks, so that the writer only writes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from satmeter.errors import JournalError, Problem
from satmeter.journal.chain import canonical, payload_digest
from satmeter.journal.model import KINDS, Event, Job

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST = 1_000_000  # characters of a payload
_SALT = 16


@dataclass(frozen=True, slots=True)
class ReadyEvent:
    """An event of which everything is known but its number, its time and its link."""

    kind: str
    response: str
    key: str
    text: str
    payload: Mapping[str, Any]
    salt: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class ReadyJob:
    """A job that can be stored; of several events with the same key the last carries it."""

    events: tuple[ReadyEvent, ...]
    definition: str
    link: bytes
    guard: Callable[[Connection], str] | None

    @property
    def response(self) -> str:
        """Return the response that the link is bound to."""
        return self.events[0].response if self.events else ""


@dataclass(frozen=True, slots=True)
class Erasure:
    """All payloads of a response are to go."""

    response: str


Task = Callable[[Connection], Any]


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to be done within a transaction, and who waits for it."""

    what: ReadyJob | Erasure | Task
    future: Future[Any] = field(default_factory=Future)


def make_ready(job: Job) -> ReadyJob:
    """Check a job and do all of the work that needs no database.

    Raises
    ------
    JournalError
        K011 when an event cannot be stored.
    """
    reasons = [reason for event in job.events for reason in _reasons(event)]
    if job.events and not _plain(job.definition):
        reasons.append("definition")
    if job.link and (len(job.link) != 32 or not job.events):
        reasons.append("link")
    if reasons:
        raise JournalError([Problem("K011", params={"part": reason}) for reason in dict.fromkeys(reasons)])
    last = {(event.response, event.key): i for i, event in enumerate(job.events) if event.key}
    events = [
        ready_event(event, key=event.key if last.get((event.response, event.key)) == i else "")
        for i, event in enumerate(job.events)
    ]
    return ReadyJob(tuple(events), job.definition, job.link, job.guard)


def ready_event(event: Event, *, key: str = "") -> ReadyEvent:
    """Return an event with its payload as it is stored, a salt and the digest.

    Raises
    ------
    JournalError
        K011 when JSON cannot hold the payload or when it is too long.
    """
    try:
        text = canonical(event.payload)
    except (TypeError, ValueError, RecursionError):
        raise JournalError(Problem("K011", params={"part": "payload"})) from None
    if len(text) > _LARGEST:
        raise JournalError(Problem("K011", params={"part": "payload"}))
    salt = os.urandom(_SALT)
    return ReadyEvent(event.kind, event.response, key, text, json.loads(text), salt, payload_digest(salt, text))


def _reasons(event: Event) -> list[str]:
    wrong = [] if event.kind in KINDS and event.kind != "erased" else ["kind"]
    if not _NAME.fullmatch(event.response):
        wrong.append("response")
    if event.key and not _NAME.fullmatch(event.key):
        wrong.append("key")
    return wrong


def _plain(text: str) -> bool:
    return 0 < len(text) <= 200 and text.isascii() and text.isprintable()
