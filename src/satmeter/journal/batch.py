"""One transaction: the work that waits is done in its order, each piece whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError

from satmeter.errors import JournalError
from satmeter.journal.address import Address
from satmeter.journal.chain import GENESIS, chain_link
from satmeter.journal.failures import failure, problem
from satmeter.journal.model import Appended, Event, Stored
from satmeter.journal.schema import EVENT, PERSONAL_LINK
from satmeter.journal.work import Erasure, ReadyEvent, ReadyJob, Task, Work, ready_event


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain."""

    seq: int = 0
    link: bytes = GENESIS
    at: str = ""


@dataclass(slots=True)
class Batch:
    """What one transaction does.

    Attributes
    ----------
    careful
        Every job is looked up first and stored in a savepoint of its own: what the database refuses fails alone.
        Otherwise jobs without a guard are taken for new, and one that is not makes the whole batch fail.
    results
        For every piece of work what it gave, or the error that it ended with.
    """

    connection: Connection
    address: Address
    head: Head
    erased: set[str]
    careful: bool = False
    results: list[Any] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    links: dict[bytes, str] = field(default_factory=dict)
    tasks: int = 0
    _at: str = ""
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _link_rows: list[tuple[Any, ...]] = field(default_factory=list)
    _keys: dict[tuple[str, str], int] = field(default_factory=dict)
    _bound: dict[bytes, int] = field(default_factory=dict)

    def run(self, work: Sequence[Work]) -> None:
        """Do the work; what fails by itself has its error as its result.

        Raises
        ------
        SQLAlchemyError
            When the database cannot go on; nothing of the batch may be committed then.
        """
        self._at = max(now(), self.head.at)
        for piece in work:
            what = piece.what
            if isinstance(what, ReadyJob) and what.guard is None and not self.careful:
                self.results.append(self._taken_for_new(what))
            else:
                self.results.append(self._alone(what))
        self._flush()

    def _taken_for_new(self, job: ReadyJob) -> Appended:
        refused = self._refused(job)
        return refused or self._known_here(job) or self._add(job)

    def _alone(self, what: ReadyJob | Erasure | Task) -> Any:
        self._flush()
        before = self.head, len(self.stored), dict(self._keys), dict(self._bound), dict(self.links)
        savepoint = self.connection.begin_nested()
        try:
            if isinstance(what, ReadyJob):
                result: Any = self._guarded(what)
            elif isinstance(what, Erasure):
                result = self._erase(what.response)
            else:
                self.tasks += 1
                result = what(self.connection)
            self._flush()
        except Exception as error:
            if isinstance(error, SQLAlchemyError) and failure(error) != "refused":
                raise
            result = JournalError(problem(error, self.address)) if isinstance(error, SQLAlchemyError) else error
        if isinstance(result, Exception) or (isinstance(result, Appended) and result.refused):
            savepoint.rollback()
            self._rows.clear()
            self._link_rows.clear()
            self.head, count, self._keys, self._bound, self.links = before
            del self.stored[count:]
        else:
            savepoint.commit()
        return result

    def _guarded(self, job: ReadyJob) -> Appended:
        found = self._refused(job) or self._known_here(job) or self._known_there(job)
        if found:
            return found
        if job.guard is not None:
            self.tasks += 1
            answer = job.guard(self.connection)
            if answer:
                return Appended(0, refused=answer)
        return self._add(job)

    def _refused(self, job: ReadyJob) -> Appended | None:
        if self.erased and any(event.response in self.erased for event in job.events):
            return Appended(0, refused="erased")
        return None

    def _known_here(self, job: ReadyJob) -> Appended | None:
        """Return the answer to a job that this batch has stored already."""
        if job.link in self._bound:
            return Appended(self._bound[job.link], repeated=True)
        names = ((event.response, event.key) for event in job.events if event.key)
        seqs = [self._keys[name] for name in names if name in self._keys]
        return Appended(max(seqs), repeated=True) if seqs else None

    def _known_there(self, job: ReadyJob) -> Appended | None:
        """Return the answer to a job that the database has already."""
        if job.link:
            seq = self.connection.scalar(select(PERSONAL_LINK.c.seq).where(PERSONAL_LINK.c.link == job.link))
            if seq is not None:
                return Appended(seq, repeated=True)
        keys = [(event.response, event.key) for event in job.events if event.key]
        if not keys:
            return None
        wanted = select(func.max(EVENT.c.seq)).where(tuple_(EVENT.c.response, EVENT.c.key).in_(keys))
        seq = self.connection.scalar(wanted)
        return None if seq is None else Appended(seq, repeated=True)

    def _add(self, job: ReadyJob) -> Appended:
        keyed = 0
        for event in job.events:
            seq = self._append(event, job.definition)
            if event.key:
                keyed = seq
                self._keys[event.response, event.key] = seq
        seq = keyed or (self.head.seq if job.events else 0)
        if job.link:
            self._bound[job.link] = seq
            self.links[job.link] = job.response
            self._link_rows.append((job.link, job.response, seq))
        return Appended(seq)

    def _append(self, event: ReadyEvent, definition: str) -> int:
        seq = self.head.seq + 1
        link = chain_link(
            self.head.link, seq, self._at, event.kind, event.response, definition, event.key, event.digest
        )
        row = (seq, self._at, event.kind, event.response, definition, event.key or None)
        self._rows.append((*row, event.salt, event.text, event.digest, link))
        self.stored.append(
            Stored(seq, self._at, event.kind, event.response, definition, event.payload, link)  # type: ignore[arg-type]
        )
        self.head = Head(seq, link, self._at)
        return seq

    def _erase(self, response: str) -> int:
        mine = EVENT.c.response == response
        wanted = select(EVENT.c.definition).where(mine).order_by(EVENT.c.seq).limit(1)
        definition = self.connection.scalar(wanted)
        if definition is None or response in self.erased:
            return 0
        gone = self.connection.execute(update(EVENT).where(mine).values(payload=None, salt=None)).rowcount
        self.connection.execute(delete(PERSONAL_LINK).where(PERSONAL_LINK.c.response == response))
        self._append(ready_event(Event("erased", response, {"payloads": gone})), definition)
        return gone

    def _flush(self) -> None:
        for table, rows in ((EVENT, self._rows), (PERSONAL_LINK, self._link_rows)):
            if rows:
                self.connection.exec_driver_sql(_insertion(table, self.connection.dialect.paramstyle), list(rows))
                rows.clear()


@cache
def _insertion(table: Table, style: str) -> str:
    """Return the statement that adds rows given as tuples: they go to the driver as they are, with half the work."""
    signs = ", ".join(["?" if style == "qmark" else "%s"] * len(table.columns))
    return f"INSERT INTO {table.name} VALUES ({signs})"  # noqa: S608 - no outside text


def now() -> str:
    """Return the clock's time, UTC, as ISO 8601 with microseconds.

    Examples
    --------
    >>> len(now())
    27
    """
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
