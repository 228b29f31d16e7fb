"""One server at a time writes to a store. The lock ends with the process that holds it, however that ends."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy import Connection, text

from satmeter.errors import JournalError, Problem
from satmeter.journal.address import Address
from satmeter.journal.engines import keep_private

_NUMBER = 0x5A7  # any number, the same for every satmeter
_PATIENCE = 2.0  # seconds in which PostgreSQL notices that a killed server is gone


class FileLock:
    """The lock of an SQLite store: an empty database beside it that is held exclusively."""

    def __init__(self, address: Address) -> None:
        name = f"{address.path}-lock"
        keep_private(name)
        try:
            self._connection = sqlite3.connect(name, timeout=0, isolation_level=None, check_same_thread=False)
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            held = error.sqlite_errorname.startswith("SQLITE_BUSY")
            raise JournalError(Problem("K009" if held else "K008", file=address.shown)) from error

    def release(self) -> None:
        """Let another server have the store."""
        self._connection.close()


def lock_database(connection: Connection, address: Address) -> None:
    """Take the lock of a PostgreSQL store; it belongs to the connection.

    Raises
    ------
    JournalError
        K009 when another server has it.
    """
    wanted = text("SELECT pg_try_advisory_lock(:number, hashtext(current_schema()))")
    until = time.monotonic() + _PATIENCE
    while not connection.scalar(wanted, {"number": _NUMBER}):
        if time.monotonic() > until:
            raise JournalError(Problem("K009", file=address.shown))
        time.sleep(0.1)
    connection.commit()
