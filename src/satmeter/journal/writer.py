"""The one thread that writes: all that waits goes into one transaction, and who waits is answered after the commit."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from satmeter.errors import JournalError, Problem
from satmeter.journal.address import Address
from satmeter.journal.batch import Batch, Head
from satmeter.journal.failures import failure, problem
from satmeter.journal.schema import EVENT, STORE
from satmeter.journal.server_lock import lock_database
from satmeter.journal.states import States
from satmeter.journal.work import Erasure, Work

_MOST = 1000  # pieces of work in one transaction
_WAITING = 20_000  # pieces of work that may wait
_PATIENCE = 5.0  # seconds in which a lost database may come back before those who wait are told
_PAUSE = 0.1


class Writer:
    """Takes work from a queue and writes it.

    Parameters
    ----------
    address, engine
        Of the store; the engine opens the one connection that writes, again when it was lost.
    states
        Told what has been committed.
    """

    def __init__(self, address: Address, engine: Engine, states: States) -> None:
        self._address = address
        self._engine = engine
        self._states = states
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._head = Head()
        self._erased: set[str] = set()
        self._file = _file_number(address)
        self._down = False
        self._thread = threading.Thread(target=self._run, name="satmeter journal", daemon=True)

    def start(self) -> None:
        """Connect, take the database's lock and begin."""
        self._connected()
        self._thread.start()

    def submit(self, work: Work) -> None:
        """Let a piece of work wait.

        Raises
        ------
        JournalError
            K015 when too much waits, K016 when the store has been closed.
        """
        with self._closing:
            if self._closed:
                raise JournalError(Problem("K016", file=self._address.shown))
            if self._queue.qsize() >= _WAITING:
                raise JournalError(Problem("K015", file=self._address.shown))
            self._queue.put(work)

    def close(self) -> None:
        """Write what waits, then end."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()
        self._disconnect()

    def _run(self) -> None:
        while True:
            work, last = self._taken()
            if work:
                self._answer(work)
            if last:
                return

    def _taken(self) -> tuple[list[Work], bool]:
        found: list[Work] = []
        piece = self._queue.get()
        while piece is not None:
            if piece.future.set_running_or_notify_cancel():
                found.append(piece)
            if len(found) >= _MOST:
                return found, False
            try:
                piece = self._queue.get_nowait()
            except Empty:
                return found, False
        return found, True

    def _answer(self, work: Sequence[Work]) -> None:
        try:
            results: Sequence[Any] = self._written(work).results
        except Exception as error:  # noqa: BLE001 - whatever happened, who waits is answered and the thread goes on
            self._disconnect()
            results = [self._told(error) for _ in work]
        for piece, result in zip(work, results, strict=True):
            if isinstance(result, Exception):
                piece.future.set_exception(result)
            else:
                piece.future.set_result(result)

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, SQLAlchemyError):
            return JournalError(problem(error, self._address))
        return JournalError(error.problems) if isinstance(error, JournalError) else error

    def _written(self, work: Sequence[Work]) -> Batch:
        """Return the batch after its commit; a lost database is waited for."""
        until = time.monotonic() + (0.0 if self._down else _PATIENCE)
        promised: tuple[Batch, str] | None = None
        careful = False
        while True:
            try:
                connection = self._connected()
                if promised and _stands(connection, *promised):
                    batch = promised[0]
                else:
                    batch, turn = self._prepared(connection, work, careful=careful)
                    promised = batch, turn
                    connection.commit()
                self._follow(batch, work)
                return batch
            except SQLAlchemyError as error:
                kind = failure(error)
                if kind == "refused" and not careful and self._connection is not None:
                    careful, promised = True, None
                    self._connection.rollback()
                    continue
                self._disconnect()
                self._down = kind == "lost"
                if not self._down or time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)

    def _prepared(self, connection: Connection, work: Sequence[Work], *, careful: bool) -> tuple[Batch, str]:
        batch = Batch(connection, self._address, self._head, self._erased, careful)
        batch.run(work)
        turn = ""
        if batch.tasks and not batch.stored:
            turn = secrets.token_hex(8)
            connection.execute(update(STORE).values(turn=turn))
        return batch, turn

    def _follow(self, batch: Batch, work: Sequence[Work]) -> None:
        self._down = False
        self._head = batch.head
        for piece, result in zip(work, batch.results, strict=True):
            if isinstance(piece.what, Erasure) and result:
                self._erased.add(piece.what.response)
                self._states.forget(piece.what.response)
        self._states.follow(batch.stored, batch.links)

    def _connected(self) -> Connection:
        if self._file != _file_number(self._address):
            raise JournalError(Problem("K020", file=self._address.shown))
        if self._connection is None:
            connection = self._engine.connect()
            try:
                if self._address.kind == "postgresql":
                    lock_database(connection, self._address)
                row = connection.execute(select(EVENT).order_by(EVENT.c.seq.desc()).limit(1)).first()
                erased = connection.scalars(select(EVENT.c.response).where(EVENT.c.kind == "erased"))
                self._erased = set(erased)
                connection.commit()
            except BaseException:
                connection.close()
                raise
            self._head = Head() if row is None else Head(row.seq, row.link, row.at)
            self._states.forget()
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _stands(connection: Connection, batch: Batch, turn: str) -> bool:
    """Return whether a batch whose commit was not answered has been committed."""
    if batch.stored:
        stands = connection.scalar(select(EVENT.c.link).where(EVENT.c.seq == batch.head.seq)) == batch.head.link
    else:
        stands = not turn or connection.scalar(select(STORE.c.turn)) == turn
    connection.rollback()
    return stands


def _file_number(address: Address) -> int:
    if not address.path:
        return 0
    try:
        return os.stat(address.path).st_ino
    except OSError:
        return -1
