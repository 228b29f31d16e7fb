"""Tables of the sample, of quota places and of devices, and the databases in which they stand.

They stand beside the journal, in its own database; of an anonymous survey the sample stands in another one, which knows
neither times nor responses.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    NullPool,
    String,
    Table,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.exc import SQLAlchemyError

from satmeter.errors import CollectionError, JournalError, Problem
from satmeter.journal.address import Address, read_address
from satmeter.journal.engines import reading_engine, writing_engine
from satmeter.journal.failures import problem

_WAIT = 10.0  # seconds for a lock that another program holds

TABLES = MetaData()

UNIT = Table(
    "sample_unit",
    TABLES,
    Column("number", Integer, primary_key=True),  # place in the sample, from 1
    Column("survey", String, nullable=False),
    Column("id", String, nullable=False, unique=True),
    Column("strata", JSON, nullable=False),
    Column("contacts", JSON, nullable=False),  # column → sealed value; {} after the purge
)
TOKEN = Table(
    "sample_token",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("unit", ForeignKey("sample_unit.number"), nullable=False, index=True),
    Column("survey", String, nullable=False),
    Column("version", String, nullable=False),
    Column("valid_until", String, nullable=False),  # a day, or empty
    Column("revoked", Boolean, nullable=False),
    Column("used", Boolean, nullable=False),
    Column("response", String, unique=True),  # never filled in an anonymous survey
)
CONTACT = Table(
    "sample_contact",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("unit", ForeignKey("sample_unit.number"), nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("result", String, nullable=False),
    Column("agent", String, nullable=False),
)
PLACE = Table(
    "quota_place",
    TABLES,
    Column("response", String, primary_key=True),
    Column("question", String, primary_key=True),
    Column("code", String, nullable=False),
    Column("kept", Boolean, nullable=False),  # submitted: not given back any more
    Column("since", String, nullable=False),  # when it was taken
    Index("quota_place_cell", "question", "code", "kept", "since"),
    sqlite_with_rowid=False,
)
CELL = Table(
    "quota_cell",
    TABLES,
    Column("question", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("taken", Integer, nullable=False),  # places of this cell in `quota_place`
    sqlite_with_rowid=False,
)
DEVICE = Table(
    "device",
    TABLES,
    Column("hash", LargeBinary, primary_key=True),
    Column("responses", Integer, nullable=False),
    sqlite_with_rowid=False,
)


def prepare(connection: Connection) -> None:
    """Make the tables that are not there; run within the writer's transaction or `Database.writing`."""
    TABLES.create_all(connection)


class Database:
    """The database in which a sample stands.

    Parameters
    ----------
    address
        Where it is.
    writer
        For connections that write, one at a time.
    """

    def __init__(self, address: Address, writer: Engine) -> None:
        self.address = address
        self._writer = writer

    @cached_property
    def _reader(self) -> Engine:
        """Made when it is first needed: how a file is opened for reading depends on the file."""
        return reading_engine(self.address)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is committed at the end, or rolled back after an error.

        Raises
        ------
        JournalError
            What the database complains of (K008, K012 to K019).
        """
        with self._told(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that only reads.

        Raises
        ------
        CollectionError
            C065 where no sample was imported.
        JournalError
            What the database complains of.
        """
        if not self.imported():
            raise CollectionError(Problem("C065", file=self.address.shown))
        with self._told(), self._reader.connect() as connection:
            yield connection

    def imported(self) -> bool:
        """Tell whether a sample was imported."""
        if self.address.kind == "sqlite" and not os.path.exists(self.address.path):
            return False
        with self._told(), self._reader.connect() as connection:
            return inspect(connection).has_table(UNIT.name)

    def forget(self) -> None:
        """Take what was deleted out of the files, too: the log of an SQLite file, old rows of PostgreSQL."""
        sqlite = self.address.kind == "sqlite"  # what is deleted is overwritten there, but may stand in the log
        with self._told(), closing(self._writer.raw_connection()) as connection:
            raw: Any = connection.driver_connection
            if not sqlite:
                raw.autocommit = True
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)" if sqlite else f"VACUUM FULL {UNIT.name}")

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise JournalError(problem(error, self.address)) from error


def open_database(url: str, *, alone: bool = False) -> Database:
    """Open the database of a sample; nothing is connected to before it is used.

    Parameters
    ----------
    url
        As of the store.
    alone
        Whether it is that of the people of an anonymous survey: an SQLite file that is changed in its place, keeps no
        log of its changes and overwrites what is deleted.

    Raises
    ------
    JournalError
        K002 when it is no address of a database.
    CollectionError
        C062 when an anonymous survey's people are not to stand in an SQLite file.
    """
    address = read_address(url)
    if not alone:
        return Database(address, writing_engine(address))
    if address.kind != "sqlite":
        raise CollectionError(Problem("C062", got=address.shown))
    writer = create_engine(address.url, poolclass=NullPool, creator=lambda: _connect_alone(address.path))
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return Database(address, writer)


def people_apart(url: str, store: str) -> Database:
    """Open the database of the people of an anonymous survey.

    Raises
    ------
    CollectionError
        C062 as for `open_database`; C063 when it is the store of the answers.
    """
    database = open_database(url, alone=True)
    path = read_address(store).path
    if path and os.path.realpath(path) == os.path.realpath(database.address.path):
        raise CollectionError(Problem("C063", got=database.address.shown))
    return database


def _connect_alone(path: str) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
