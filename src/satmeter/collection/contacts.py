"""How sampled units are reached: sealed when they are stored, opened with the key, deleted after their date."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import UNIT, Database
from satmeter.journal.sealing import SealingKey, seal, unseal


def sealed_contacts(unit: Unit, key: SealingKey | None) -> dict[str, Any]:
    """Return the contact data of a unit as they are stored, every value bound to unit and column."""
    if key is None:
        return {}
    return {name: seal(text, key, response=unit.id, variable=name) for name, text in unit.contacts.items()}


def opened_contacts(unit: str, contacts: Mapping[str, Any], key: SealingKey) -> dict[str, str]:
    """Return the contact data of a unit, given its id and what is stored.

    Raises
    ------
    JournalError
        K052 for another key, K055 for data that were changed or belong to another unit.
    """
    return {name: str(unseal(cell, key, response=unit, variable=name)) for name, cell in contacts.items()}


def purge_contacts(database: Database, today: datetime.date, until: datetime.date) -> int:
    """Delete the contact data of all units once the day `until` is past.

    Returns
    -------
    int
        Units whose contact data were deleted; 0 on the day itself and before.

    Raises
    ------
    CollectionError
        C065 without a sample.
    """
    if today <= until:
        return 0
    with database.reading() as connection:
        filled = [number for number, contacts in connection.execute(select(UNIT.c.number, UNIT.c.contacts)) if contacts]
    with database.writing() as connection:
        connection.execute(update(UNIT).values(contacts={}))
    database.forget()
    return len(filled)
