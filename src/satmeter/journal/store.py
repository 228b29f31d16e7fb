"""The store of answers: events in, states and events out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy import Connection, MetaData, func, insert, select

from satmeter.errors import JournalError, Problem
from satmeter.journal.batch import now
from satmeter.journal.model import Appended, Change, Definition, Event, Job, State, Stored
from satmeter.journal.reading import read_definitions, response_of_link, rows, stored
from satmeter.journal.schema import DEFINITION, METADATA
from satmeter.journal.states import States, fold
from satmeter.journal.work import Erasure, Work, make_ready

_T = TypeVar("_T")


class Writing(Protocol):
    """What a store gives its work to."""

    def submit(self, work: Work) -> None:
        """Let a piece of work wait for its turn."""

    def close(self) -> None:
        """End after what waits is done."""


class Base(Protocol):
    """The database behind a store."""

    shown: str

    def reading(self) -> AbstractContextManager[Connection]:
        """Return a connection that can only read."""

    def scrub(self) -> None:
        """Overwrite what was erased where the database keeps copies."""

    def close(self) -> None:
        """Let go of the database."""


class Store:
    """A journal of one survey, opened by `open_store`; to be closed, or used in a ``with`` statement.

    All functions may be called from several threads.

    Attributes
    ----------
    survey
        The id of the questionnaire that the store was made for.
    shown
        The store's address without a password, for messages.
    read_only
        Whether nothing can be written.
    """

    def __init__(self, survey: str, base: Base, states: States, writer: Writing | None) -> None:
        self.survey = survey
        self.shown = base.shown
        self.read_only = writer is None
        self._base = base
        self._states = states
        self._writer = writer

    def submit(self, job: Job) -> Future[Appended]:
        """Give a job to the writer.

        Parameters
        ----------
        job
            Events that are stored together or not at all.

        Returns
        -------
        Future
            Resolved after the commit: what it says is on the disk. Its error is a JournalError of the database (K012
            disk full, K013 connection lost, K014 refused, K018 damaged, K019 held by another program), or what the
            guard raised. After an error nothing of the job counts as stored; sent again with its key it is
            never doubled.

        Raises
        ------
        JournalError
            K011 for an event that cannot be stored, K015 when too much waits, K016 when closed, K017 when read-only.
        """
        return self._work(Work(make_ready(job)))

    def append(
        self,
        events: Iterable[Event],
        *,
        definition: str,
        link: bytes = b"",
        guard: Callable[[Connection], str] | None = None,
    ) -> Appended:
        """Store events and return when they are on the disk; raises what `submit` raises or its future holds."""
        return self.submit(Job(tuple(events), definition, link, guard)).result()

    def transact(self, do: Callable[[Connection], _T]) -> _T:
        """Run a function within a transaction of the writer and return what it returns, after the commit.

        It may run more than once and must do nothing but use the connection. What it raises undoes it alone.
        """
        result: _T = self._work(Work(do)).result()
        return result

    def response_of(self, link: bytes) -> str | None:
        """Return the response that a personal link (SHA-256 of its key) is bound to, or None."""
        return self._states.response_of(link, lambda: response_of_link(self, link))

    def latest(self, response: str) -> State | None:
        """Return where a response stands, or None when there is none or it has been erased."""
        if self.read_only:
            return self._read_state(response)
        return self._states.state(response, lambda: self._read_state(response))

    def remembered(self, link: bytes) -> State | None:
        """Return where the response of a personal link stands, as far as memory has it: never asks the database."""
        return self._states.remembered(link)

    def events(self, response: str | None = None, after: int = 0) -> Iterator[Stored]:
        """Yield the events of one response or of all, in the order of their numbers, from the one after `after`."""
        return (stored(row) for row in rows(self, response=response, after=after))

    def define(self, questionnaire_text: str, digest: str, version: str, change: Change) -> bool:
        """Take up a definition; answers that come from now on are given under it.

        Returns
        -------
        bool
            False when it is the one that stands, and nothing was added.
        """

        def add(connection: Connection) -> bool:
            found = connection.execute(select(DEFINITION.c.digest).order_by(DEFINITION.c.number.desc()).limit(1))
            if found.scalar() == digest:
                return False
            number = connection.scalar(select(func.count()).select_from(DEFINITION)) or 0
            row = {"number": number + 1, "digest": digest, "version": version, "opened": now()}
            connection.execute(insert(DEFINITION).values(**row, text=questionnaire_text, change=change))
            return True

        return self.transact(add)

    def definitions(self) -> tuple[Definition, ...]:
        """Return all definitions in the order in which they were taken up; the last one stands."""
        with self.connection() as connection:
            return read_definitions(connection)

    def erase(self, response: str, *, more: bool = False) -> int:
        """Erase what one respondent said: payloads, salts and personal link go, the chain still verifies.

        Parameters
        ----------
        response
            Whose.
        more
            Whether others are erased right after: the database's copies are then overwritten with the last of them.

        Returns
        -------
        int
            How many payloads are gone; 0 when there is no such response or it was erased before.
        """
        gone: int = self._work(Work(Erasure(response))).result()
        if gone and not more:
            self._base.scrub()
        return gone

    def connection(self) -> AbstractContextManager[Connection]:
        """Return a connection that can only read, for a ``with`` statement; its errors come as JournalError."""
        return self._base.reading()

    @property
    def metadata(self) -> MetaData:
        """The tables of the journal; other rooms keep tables of their own in the same database."""
        return METADATA

    def close(self) -> None:
        """Write what waits, then let go of the database. To close twice does no harm."""
        if self._writer is not None:
            self._writer.close()
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self, work: Work) -> Future[Any]:
        if self._writer is None:
            raise JournalError(Problem("K017", file=self.shown))
        self._writer.submit(work)
        return work.future

    def _read_state(self, response: str) -> State | None:
        return fold(self.events(response))
