"""Contacts recorded, contact data taken away, dispositions and reminders listed, in this order."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import inspect

from satmeter.collection.contacts import purge_contacts
from satmeter.collection.dispositions import case_list, cases, counts, record_contacts
from satmeter.collection.fieldwork_file import NoReply, parse_day
from satmeter.collection.reminders import reminder_list, reminders
from satmeter.collection.sample_tables import Database, open_database
from satmeter.errors import CollectionError, Problem
from satmeter.journal.schema import EVENT
from satmeter.journal.sealing import read_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderWish:
    """What `satmeter remind` is asked for; empty texts were not given."""

    store: str
    pii_key: str = ""
    cases: bool = False
    record: Path | None = None
    no_reply: NoReply = "UO"
    purge: str = ""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What came of it.

    Attributes
    ----------
    reminders, listed
        The list as CSV, and how many units stand in it.
    cases, counts
        The case list as CSV, and cases by AAPOR's group; empty where they were not wanted.
    recorded, purged
        Contacts that were recorded; units whose contact data were deleted.
    """

    reminders: bytes
    listed: int
    cases: bytes = b""
    counts: Mapping[str, int] = field(default_factory=dict)
    recorded: int = 0
    purged: int = 0


def remind(wish: ReminderWish, *, now: datetime.datetime) -> Reminded:
    """Do what is asked for.

    Parameters
    ----------
    wish
        The database of the sample: a store, or the people of an anonymous survey.
    now
        The time it is, in the local zone.

    Raises
    ------
    CollectionError
        C047 no day, C065 no sample, C068 contacts, C069 dispositions of an anonymous survey, C072 purged contact data.
    JournalError
        For key and database.
    """
    until = parse_day(wish.purge)
    if wish.purge and until is None:
        raise CollectionError(Problem("C047", about=("option", "--purge"), got=wish.purge))
    key = read_key(wish.pii_key) if wish.pii_key else None
    database = open_database(wish.store)
    try:
        anonymous = _is_alone(database)
        if anonymous:
            database.close()
            database = open_database(wish.store, alone=True)
            if wish.cases:
                raise CollectionError(Problem("C069", database.address.shown))
        recorded = record_contacts(database, wish.record, now=now) if wish.record else 0
        purged = purge_contacts(database, now.date(), until) if until else 0
        listed = reminders(database, anonymous=anonymous, key=key)
        if not wish.cases:
            return Reminded(reminder_list(listed), len(listed), recorded=recorded, purged=purged)
        with database.reading() as connection:
            found = cases(connection, no_reply=wish.no_reply)
        return Reminded(reminder_list(listed), len(listed), case_list(found), counts(found), recorded, purged)
    finally:
        database.close()


def _is_alone(database: Database) -> bool:
    """Tell whether a sample stands without a journal beside it, as that of an anonymous survey does."""
    with database.reading() as connection:
        return not inspect(connection).has_table(EVENT.name)
