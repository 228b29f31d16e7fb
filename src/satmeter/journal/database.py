"""The database behind a store: whether it is one, whose it is, and how it is read."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from sqlalchemy import Connection, Engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from satmeter import __version__
from satmeter.errors import JournalError, Problem
from satmeter.journal.address import Address
from satmeter.journal.batch import now
from satmeter.journal.engines import reading_engine, writing_engine
from satmeter.journal.failures import failure, problem
from satmeter.journal.schema import METADATA, SCHEMA, STORE
from satmeter.journal.server_lock import FileLock

_SQLITE_FILE = b"SQLite format 3\0"
_SCRUBBING = 3.0  # seconds in which readers may hold up the emptying of SQLite's log


class Database:
    """A database of either kind.

    Parameters
    ----------
    address
        Of the store.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.shown = address.shown
        self._lock: FileLock | None = None
        self._engine: Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that can only read."""
        try:
            with self._reader().connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise JournalError(problem(error, self.address)) from error

    def lock(self) -> None:
        """Keep other servers out; for PostgreSQL the writer's connection does it."""
        if self.address.path:
            self._lock = FileLock(self.address)

    def survey(self) -> str | None:
        """Return the survey whose store this is; None when nothing is here yet.

        Raises
        ------
        JournalError
            K003 when the database cannot be reached, K005 when it is no store, K007 when a newer satmeter made it, K021
            when its texts are not UTF-8.
        """
        if self.address.path and not self._is_file():
            return None
        try:
            with self._reader().connect() as connection:
                return self._survey(connection)
        except SQLAlchemyError as error:
            if failure(error) == "damaged" and self.address.path:
                raise JournalError(Problem("K005", file=self.shown)) from error
            raise JournalError(unreachable(error, self.address)) from error

    def create(self, survey: str) -> None:
        """Make the tables of a store in one transaction."""
        engine = writing_engine(self.address)
        try:
            with engine.begin() as connection:
                METADATA.create_all(connection)
                row = {"schema": SCHEMA, "survey": survey, "made": now(), "satmeter": __version__, "turn": ""}
                connection.execute(insert(STORE).values(**row))
        except SQLAlchemyError as error:
            raise JournalError(problem(error, self.address)) from error

    def scrub(self) -> None:
        """Overwrite what was erased in SQLite's log; give back the room that it takes in PostgreSQL's pages."""
        with suppress(SQLAlchemyError, sqlite3.Error):  # the erasure stands; the database does the rest later
            self._scrub(writing_engine(self.address))

    def _scrub(self, engine: Engine) -> None:
        if not self.address.path:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM event")
            return
        with closing(engine.raw_connection()) as raw:  # not within a transaction
            cursor = raw.cursor()
            cursor.execute("PRAGMA busy_timeout=200")
            until = time.monotonic() + _SCRUBBING
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] and time.monotonic() < until:
                time.sleep(0.05)

    def close(self) -> None:
        """Let go of connections and lock."""
        if self._engine is not None:
            self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def _reader(self) -> Engine:
        if self._engine is None:
            self._engine = reading_engine(self.address)
        return self._engine

    def _is_file(self) -> bool:
        path = self.address.path
        if not os.path.isdir(os.path.dirname(path)):
            raise JournalError(Problem("K010", file=self.shown))
        if not os.path.exists(path):
            return False
        try:
            with open(path, "rb") as file:
                start = file.read(len(_SQLITE_FILE))
        except OSError as error:
            raise JournalError(Problem("K003", file=self.shown, params={"reason": error.strerror or ""})) from error
        if start and start != _SQLITE_FILE:
            raise JournalError(Problem("K005", file=self.shown))
        return bool(start)

    def _survey(self, connection: Connection) -> str | None:
        letters = "UTF8" if self.address.path else connection.scalar(text("SHOW server_encoding"))
        if letters != "UTF8":
            raise JournalError(Problem("K021", file=self.shown, got=str(letters)))
        tables = inspect(connection).get_table_names()
        if not tables:
            return None
        if STORE.name not in tables:
            raise JournalError(Problem("K005", file=self.shown))
        row = connection.execute(select(STORE)).first()
        if row is None:
            raise JournalError(Problem("K005", file=self.shown))
        if row.schema > SCHEMA:
            raise JournalError(Problem("K007", file=self.shown, params={"satmeter": row.satmeter}))
        return str(row.survey)


def unreachable(error: SQLAlchemyError, address: Address) -> Problem:
    """Return the problem of a database that cannot be opened; there are no answers in what it says."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return Problem("K003", file=address.shown, params={"reason": str(original).strip().splitlines()[0]})
