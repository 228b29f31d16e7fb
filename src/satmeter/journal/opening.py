"""A store is opened: found or made, checked, locked."""

from __future__ import annotations

import os

from sqlalchemy.exc import SQLAlchemyError

from satmeter.errors import JournalError, Problem
from satmeter.journal.address import Address, read_address
from satmeter.journal.database import Database
from satmeter.journal.engines import may_write, writing_engine
from satmeter.journal.failures import problem
from satmeter.journal.states import States
from satmeter.journal.store import Store
from satmeter.journal.writer import Writer

_KEPT = 5000  # responses whose states are kept in memory


def open_store(url: str, *, survey: str = "", create: bool = True, read_only: bool = False, kept: int = _KEPT) -> Store:
    """Open the store of a survey.

    Parameters
    ----------
    url
        ``sqlite:///answers.db``, ``postgresql://user@host/database``, or simply the name of a file.
    survey
        The questionnaire's id; empty for whatever survey is there.
    create
        Make the store when nothing is there.
    read_only
        Only read; any number of programs may, also while a server writes.
    kept
        Of how many responses the states are kept in memory.

    Returns
    -------
    Store
        To be closed.

    Raises
    ------
    JournalError
        K001 a library is missing, K002 no address, K003 unreachable, K004 nothing there, K005 no store, K006 another
        survey's, K007 made by a newer satmeter, K008 cannot be written to, K009 another server has it, K010 no such
        folder, K021 not UTF-8.

    Examples
    --------
    >>> import tempfile
    >>> from satmeter.journal import Event
    >>> folder = tempfile.TemporaryDirectory()
    >>> with open_store(f"{folder.name}/answers.db", survey="staff") as store:
    ...     store.append([Event("opened", "r1", {"language": "en", "order": ["a"]})], definition="d1").seq
    ...     store.append([Event("answered", "r1", {"page": 1, "values": {"a": 4}}, key="k1")], definition="d1").seq
    ...     store.append([Event("answered", "r1", {"page": 1, "values": {"a": 4}}, key="k1")], definition="d1").repeated
    ...     dict(store.latest("r1").values)
    1
    2
    True
    {'a': 4}
    >>> folder.cleanup()
    """
    address = read_address(url)
    database = Database(address)
    try:
        found = _checked(database, survey)
        if found is None and (read_only or not create or not survey):
            raise JournalError(Problem("K004", file=address.shown))
        if read_only:
            return Store(found or survey, database, States(0), None)
        _check_writable(address)
        database.lock()
        if found is None and _checked(database, survey) is None:
            database.create(survey)
        states = States(kept)
        writer = Writer(address, writing_engine(address), states)
        writer.start()
    except SQLAlchemyError as error:
        database.close()
        raise JournalError(problem(error, address)) from error
    except BaseException:
        database.close()
        raise
    return Store(found or survey, database, states, writer)


def _checked(database: Database, survey: str) -> str | None:
    found = database.survey()
    if found is None:
        return None
    if survey and found != survey:
        raise JournalError(Problem("K006", file=database.shown, got=found, params={"survey": survey}))
    return found


def _check_writable(address: Address) -> None:
    if not address.path:
        return
    places = [os.path.dirname(address.path), *(f"{address.path}{end}" for end in ("", "-lock", "-wal"))]
    if not all(may_write(place) for place in places if os.path.exists(place)):
        raise JournalError(Problem("K008", file=address.shown))
