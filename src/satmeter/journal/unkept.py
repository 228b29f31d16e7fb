"""A store that keeps no answers: for previews, and to measure what storing costs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, StaticPool, create_engine

from satmeter.journal.address import Address
from satmeter.journal.batch import Batch, Head
from satmeter.journal.schema import METADATA
from satmeter.journal.states import States
from satmeter.journal.store import Store
from satmeter.journal.work import ReadyJob, Work

_KEPT = 20_000


def null_store(survey: str, *, kept: int = _KEPT) -> Store:
    """Return a store that forgets: states of the last responses are in memory, events nowhere.

    Parameters
    ----------
    survey
        The questionnaire's id.
    kept
        How many responses are remembered.

    Returns
    -------
    Store
        `events` yields nothing, a repeated key is not known as such; definitions and the tables of other rooms live in
        memory until the store is closed.

    Examples
    --------
    >>> from satmeter.journal import Event
    >>> with null_store("staff") as store:
    ...     store.append([Event("opened", "r1", {"order": ["a"]})], definition="d1").seq
    ...     store.append([Event("answered", "r1", {"page": 1, "values": {"a": 4}})], definition="d1").seq
    ...     dict(store.latest("r1").values), list(store.events())
    1
    2
    ({'a': 4}, [])
    """
    states = States(kept, alone=True)
    memory = _Memory()
    return Store(survey, memory, states, _Forgetful(memory, states))


class _Memory:
    shown = "null"

    def __init__(self) -> None:
        arguments = {"check_same_thread": False, "isolation_level": None}
        self.engine: Engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args=arguments, hide_parameters=True
        )
        self.lock = threading.RLock()
        METADATA.create_all(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.lock, self.engine.connect() as connection:
            yield connection

    def scrub(self) -> None:
        pass

    def close(self) -> None:
        self.engine.dispose()


@dataclass(slots=True)
class _Unwritten(Batch):
    def _flush(self) -> None:
        self._rows.clear()
        self._link_rows.clear()


class _Forgetful:
    """Answers at once."""

    def __init__(self, memory: _Memory, states: States) -> None:
        self._memory = memory
        self._states = states
        self._address = Address("sqlite", memory.engine.url, memory.shown)
        self._head = Head()

    def submit(self, work: Work) -> None:
        with self._memory.lock, self._memory.engine.connect() as connection:
            batch = _Unwritten(connection, self._address, self._head, set())
            if not isinstance(work.what, ReadyJob) or work.what.guard:
                connection.exec_driver_sql("BEGIN")
            batch.run([work])
            connection.commit()
            self._head = batch.head
            self._states.follow(batch.stored, batch.links)
        [result] = batch.results
        if isinstance(result, Exception):
            work.future.set_exception(result)
        else:
            work.future.set_result(result)

    def close(self) -> None:
        pass
