"""Who has not answered yet, and may be reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from satmeter.collection.contacts import opened_contacts
from satmeter.collection.csv_cells import csv_bytes
from satmeter.collection.dispositions import ENDED, cases
from satmeter.collection.sample_tables import CONTACT, TOKEN, UNIT, Database
from satmeter.errors import CollectionError, Problem
from satmeter.journal.sealing import SealingKey

_OPEN = ("begun", "partial")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One unit that has not answered.

    Attributes
    ----------
    id, strata
        Of the sample.
    progress
        `begun`, `partial`, or the last result of a contact, or `no_reply`; of an anonymous survey always
        `not_begun`, for how far anybody came is not known there.
    attempts, last
        Recorded calls and visits, and the time of the last one.
    contacts
        Column to text; empty without the key.
    """

    id: str
    strata: dict[str, str]
    progress: str
    attempts: int
    last: str
    contacts: dict[str, str]


def reminders(database: Database, *, anonymous: bool, key: SealingKey | None = None) -> tuple[Reminder, ...]:
    """List who has not answered, in the order of the sample.

    Parameters
    ----------
    database
        Of the sample.
    anonymous
        Whether it is that of an anonymous survey: then those are listed whose link was never used.
    key
        Opens contact data; None leaves them out.

    Returns
    -------
    tuple of Reminder
        Without those who refused, cannot answer or are not eligible.

    Raises
    ------
    CollectionError
        C065 without a sample; C072 with a key where the contact data were purged.
    JournalError
        K052 for another key.
    """
    with database.reading() as connection:
        progress = _not_begun(connection) if anonymous else _not_complete(connection)
        tried: dict[int, list[Any]] = {}
        for row in connection.execute(select(CONTACT).order_by(CONTACT.c.number)):
            tried.setdefault(row.unit, []).append(row)
        units = connection.execute(select(UNIT).order_by(UNIT.c.number)).all()
    if key is not None and units and not any(unit.contacts for unit in units):
        raise CollectionError(Problem("C072", database.address.shown))
    found = []
    for unit in units:
        own = tried.get(unit.number, [])
        if unit.id not in progress or (own and own[-1].result in ENDED):
            continue
        contacts = opened_contacts(unit.id, unit.contacts, key) if key is not None else {}
        last = own[-1].at if own else ""
        found.append(Reminder(unit.id, unit.strata, progress[unit.id], len(own), last, contacts))
    return tuple(found)


def reminder_list(found: Sequence[Reminder]) -> bytes:
    """Return the list as CSV; the links of the units stand in the file of links, under the same ids."""
    strata = list(dict.fromkeys(name for unit in found for name in unit.strata))
    contacts = list(dict.fromkeys(name for unit in found for name in unit.contacts))
    rows = (
        [unit.id, *(unit.strata.get(name, "") for name in strata), unit.progress, str(unit.attempts), unit.last]
        + [unit.contacts.get(name, "") for name in contacts]
        for unit in found
    )
    return csv_bytes(["id", *strata, "progress", "attempts", "last_contact", *contacts], rows)


def _not_begun(connection: Connection) -> dict[str, str]:
    used = select(TOKEN.c.unit).where(TOKEN.c.used)
    return {row.id: "not_begun" for row in connection.execute(select(UNIT.c.id).where(UNIT.c.number.not_in(used)))}


def _not_complete(connection: Connection) -> dict[str, str]:
    return {
        case.id: case.result
        for case in cases(connection)
        if case.result in _OPEN or case.disposition in ("UO", "UH", "NC")
    }
