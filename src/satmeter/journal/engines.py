"""Connections to the two kinds of databases, set up so that what is committed is on the disk."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, QueuePool, create_engine, event

from satmeter.errors import JournalError, Problem
from satmeter.journal.address import Address

_WAIT = 5.0  # seconds for a lock that another program holds on an SQLite file
_SQLITE_WRITING = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
_ALIVE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"  # a cut line frees the lock
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "application_name": "satmeter",
    "client_encoding": "utf8",
}


def writing_engine(address: Address) -> Engine:
    """Return an engine for the one connection that writes; it is opened anew each time it is asked for."""
    if address.kind == "postgresql":
        options = f"-c synchronous_commit=on -c default_transaction_read_only=off {_ALIVE}"
        return _postgresql(address, options, poolclass=NullPool)
    engine = create_engine(
        address.url, poolclass=NullPool, creator=lambda: _connect_writing(address.path), hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_writing)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(address: Address) -> Engine:
    """Return an engine whose connections can only read."""
    if address.kind == "postgresql":
        return _postgresql(address, "-c default_transaction_read_only=on", pool_pre_ping=True)
    target = _readable(address.path)
    engine = create_engine(
        address.url,
        creator=lambda: sqlite3.connect(target, uri=True, **_sqlite_arguments()),
        poolclass=QueuePool,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_reading)
    event.listen(engine, "begin", _begin)
    return engine


def may_write(path: str) -> bool:
    """Return whether this process may write to a file or into a folder."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def keep_private(path: str) -> None:
    """Make an empty file that only its owner can read (mode 0600) where there is none; one that is there stays.

    SQLite gives the files that it keeps beside a database the same mode.
    """
    with suppress(OSError):  # what is wrong is told by SQLite
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _connect_writing(path: str) -> sqlite3.Connection:
    keep_private(path)
    connection: sqlite3.Connection = sqlite3.connect(path, **_sqlite_arguments())
    return connection


def _postgresql(address: Address, options: str, **pool: Any) -> Engine:
    url = address.url
    given = url.query.get("options", "")
    told = options if not given else f"{given if isinstance(given, str) else ' '.join(given)} {options}"
    arguments = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
    try:
        return create_engine(
            url.difference_update_query(["options"]),
            connect_args={**arguments, "options": told},
            hide_parameters=True,
            **pool,
        )
    except ModuleNotFoundError as error:
        raise JournalError(Problem("K001", params={"library": error.name or "psycopg"})) from error


def _sqlite_arguments() -> dict[str, Any]:
    return {"timeout": _WAIT, "check_same_thread": False, "isolation_level": None}


def _readable(path: str) -> str:
    """Return how SQLite is to open a file for reading; a folder that cannot be written to has no room for its lock."""
    name = f"file:{quote(path)}"
    if may_write(path) and may_write(os.path.dirname(path)):
        return f"{name}?mode=rw"
    return f"{name}?mode=ro" if os.path.exists(f"{path}-wal") else f"{name}?mode=ro&immutable=1"


def _prepare_writing(connection: sqlite3.Connection, _: object) -> None:
    for pragma in _SQLITE_WRITING:
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reading(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
