"""Addresses of stores: ``sqlite:///answers.db``, ``postgresql://…`` or simply the name of a file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from satmeter.errors import JournalError, Problem

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is.

    Attributes
    ----------
    shown
        For messages: the file, or the URL without its password.
    path
        The file of an SQLite store, absolute; empty elsewhere.
    """

    kind: Literal["sqlite", "postgresql"]
    url: URL
    shown: str
    path: str = ""


def read_address(text: str) -> Address:
    """Read the address of a store.

    Parameters
    ----------
    text
        A URL of SQLite or PostgreSQL, or the name of an SQLite file.

    Raises
    ------
    JournalError
        K002 when it is none of these.

    Examples
    --------
    >>> read_address("postgresql://survey:secret@localhost/staff").shown
    'postgresql+psycopg://survey:***@localhost/staff'
    """
    if not _SCHEME.match(text):
        return _file(text, text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise JournalError(Problem("K002")) from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise JournalError(Problem("K002", got=url.drivername))
    if driver.startswith("sqlite"):
        return _file(url.database or "", text)
    shown = url.set(drivername=driver)
    return Address("postgresql", shown, shown.render_as_string(hide_password=True))


def _file(name: str, text: str) -> Address:
    if not name.strip() or name == ":memory:" or "\0" in name or name.startswith("file:"):
        raise JournalError(Problem("K002", got=text))
    path = os.path.abspath(name)
    return Address("sqlite", URL.create("sqlite+pysqlite", database=path), name, path)
