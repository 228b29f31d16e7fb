"""What reads a store: its events in pieces, so that no long transaction holds up the writer, and its definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select

from satmeter.journal.model import Definition, Stored
from satmeter.journal.schema import DEFINITION, EVENT, PERSONAL_LINK

_PIECE = 2000


class Readable(Protocol):
    """What gives connections for reading."""

    def connection(self) -> AbstractContextManager[Connection]:
        """Return a connection that can only read."""


def rows(store: Readable, *, response: str | None = None, after: int = 0) -> Iterator[Row[Any]]:
    """Yield the rows of events in the order of their numbers.

    Parameters
    ----------
    store
        Where to read.
    response
        Only the events of this response.
    after
        Only events with a greater number.

    Raises
    ------
    JournalError
        When the database cannot be read.
    """
    if response is not None:  # few: sorted here, because an order asked of the database tempts it to walk all events
        mine = select(EVENT).where(EVENT.c.response == response)
        with store.connection() as connection:
            yield from sorted((row for row in connection.execute(mine) if row.seq > after), key=_number)
        return
    last = after
    while True:
        wanted = select(EVENT).where(EVENT.c.seq > last).order_by(EVENT.c.seq).limit(_PIECE)
        with store.connection() as connection:
            piece = connection.execute(wanted).all()
        yield from piece
        if len(piece) < _PIECE:
            return
        last = piece[-1].seq


def _number(row: Row[Any]) -> int:
    return int(row.seq)


def stored(row: Row[Any]) -> Stored:
    """Return a row as an event."""
    payload = None if row.payload is None else json.loads(row.payload)
    return Stored(row.seq, row.at, row.kind, row.response, row.definition, payload, row.link)


def responses_kept(store: Readable) -> tuple[str, ...]:
    """Return the names of all responses of which something has not been erased, in alphabetical order."""
    kept = select(EVENT.c.response).distinct().where(EVENT.c.payload.is_not(None), EVENT.c.kind != "erased")
    with store.connection() as connection:
        return tuple(sorted(connection.scalars(kept)))


def response_of_link(store: Readable, link: bytes) -> str | None:
    """Return the response that a personal link is bound to."""
    with store.connection() as connection:
        return connection.scalar(select(PERSONAL_LINK.c.response).where(PERSONAL_LINK.c.link == link))


def read_definitions(connection: Connection) -> tuple[Definition, ...]:
    """Return the definitions in the order in which they were taken up."""
    found = connection.execute(select(DEFINITION).order_by(DEFINITION.c.number))
    return tuple(Definition(row.digest, row.version, row.opened, row.text, row.change) for row in found)
