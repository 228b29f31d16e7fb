"""What a database complains of, told as a coded problem."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from satmeter.errors import Problem
from satmeter.journal.address import Address

Failure = Literal["lost", "full", "busy", "damaged", "readonly", "refused"]

CODES: dict[Failure, str] = {
    "lost": "K013",
    "full": "K012",
    "busy": "K019",
    "damaged": "K018",
    "readonly": "K008",
    "refused": "K014",
}
_SQLITE: dict[str, Failure] = {
    "SQLITE_FULL": "full",
    "SQLITE_IOERR": "full",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_READONLY": "readonly",
    "SQLITE_CANTOPEN": "lost",
}
_STATES: dict[str, Failure] = {  # classes and codes of PostgreSQL
    "53100": "full",
    "53": "busy",
    "55P03": "busy",
    "40": "busy",
    "57P": "lost",
    "08": "lost",
    "XX001": "damaged",
    "XX002": "damaged",
    "58": "damaged",
    "25006": "readonly",
    "42501": "readonly",
}


def failure(error: SQLAlchemyError) -> Failure:
    """Return of what kind a database's complaint is; `refused` when it concerns what was asked, not the database."""
    if not isinstance(error, DBAPIError):
        return "refused"
    if error.connection_invalidated:
        return "lost"
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return next((kind for start, kind in _SQLITE.items() if str(name).startswith(start)), "refused")
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # psycopg gives none when the server cannot be reached
        return "lost" if type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout") else "refused"
    return next((kind for start, kind in _STATES.items() if str(state).startswith(start)), "refused")


def problem(error: SQLAlchemyError, address: Address) -> Problem:
    """Return the problem to be told. The database's own words are not shown: they may hold an answer."""
    return Problem(CODES[failure(error)], file=address.shown, params={"reason": reason(error)})


def reason(error: SQLAlchemyError) -> str:
    """Return the name of a complaint, without the values that it may quote."""
    original = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return str(name) if name else type(original).__name__
