"""The room journal: the append-only record of answers. What needs a database is loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from satmeter.errors import JournalError, Problem
from satmeter.journal.model import Appended, Chain, Definition, Event, EventKind, Job, State, Stored

if TYPE_CHECKING:
    from satmeter.journal.chain import verify_chain
    from satmeter.journal.opening import open_store
    from satmeter.journal.store import Store
    from satmeter.journal.unkept import null_store

__all__ = [
    "Appended",
    "Chain",
    "Definition",
    "Event",
    "EventKind",
    "Job",
    "State",
    "Store",
    "Stored",
    "null_store",
    "open_store",
    "verify_chain",
]

_PLACES = {"Store": "store", "null_store": "unkept", "open_store": "opening", "verify_chain": "chain"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        found = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "sqlalchemy":
            raise
        raise JournalError(Problem("K001", params={"library": "SQLAlchemy"})) from error
    globals()[name] = found
    return found
