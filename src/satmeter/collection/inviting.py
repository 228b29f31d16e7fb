"""A sample is invited: everything is read and checked before anything is stored."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from satmeter.collection.fieldwork_file import parse_day
from satmeter.collection.sample import Invited, invite
from satmeter.collection.sample_file import read_sample
from satmeter.collection.sample_tables import UNIT, Database, open_database
from satmeter.collection.server import check_base_url
from satmeter.errors import CollectionError, JournalError, Note, Problem, SatmeterError
from satmeter.journal.opening import open_store
from satmeter.journal.sealing import SealingKey, make_key, read_key
from satmeter.questionnaire.read import read_questionnaire


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationWish:
    """What `satmeter invite` is asked for; empty texts were not given.

    Attributes
    ----------
    sample, output
        The file of units, and that of their links.
    store, people
        Where the sample is kept: beside the answers, or, of an anonymous survey, in a database of its own.
    """

    sample: Path
    questionnaire: str
    base_url: str
    output: Path
    store: str = ""
    people: str = ""
    valid_until: str = ""
    pii_key: str = ""
    strata: Sequence[str] = ()
    contacts: Sequence[str] = ()
    replace: Sequence[str] = ()
    rebind: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """What came of it, how the sample was read, and whether the key was made just now."""

    invited: Invited
    notes: tuple[Note, ...]
    key: SealingKey | None
    key_made: bool


def invite_sample(wish: InvitationWish, *, today: datetime.date) -> Invitation:
    """Read the sample, and import it with a link for every unit.

    Parameters
    ----------
    wish
        What is asked for.
    today
        The day it is.

    Returns
    -------
    Invitation

    Raises
    ------
    QuestionnaireError
        For the questionnaire.
    CollectionError, ResponsesError
        C009 the address, C047 and C061 the last day, C063 no one place for the sample, and what is wrong with the
        sample file, all that apply together; then what `invite` raises.
    JournalError
        For key and store.
    """
    questionnaire = read_questionnaire(wish.questionnaire)
    problems: list[Problem] = []
    until = parse_day(wish.valid_until)
    if wish.valid_until and until is None:
        problems.append(Problem("C047", about=("option", "--valid-until"), got=wish.valid_until))
    elif until is not None and until < today:
        problems.append(Problem("C061", about=("option", "--valid-until"), got=wish.valid_until))
    if bool(wish.store) == bool(wish.people):
        problems.append(Problem("C063"))
    try:
        base_url = check_base_url(wish.base_url)
    except CollectionError as error:
        problems += error.problems
    try:
        sample = read_sample(wish.sample, questionnaire, strata=wish.strata, contacts=wish.contacts)
    except SatmeterError as error:
        problems += error.problems
    if problems:
        raise CollectionError(problems)
    if wish.store:
        _open_once(wish.store, questionnaire.id)
    database = open_database(wish.people or wish.store, alone=bool(wish.people))
    try:
        key, made = _key(wish.pii_key, database)
        invited = invite(
            database,
            sample.units,
            survey=questionnaire.id,
            version=questionnaire.version,
            key=key,
            file=wish.output,
            base_url=base_url,
            valid_until=until,
            replace=tuple(dict.fromkeys(wish.replace)),
            rebind=wish.rebind,
        )
    finally:
        database.close()
    return Invitation(invited, sample.notes, key, made)


def _open_once(url: str, survey: str) -> None:
    """Make the store where there is none, and see that it is this survey's, also while a server has it."""
    try:
        open_store(url, survey=survey).close()
    except JournalError as error:
        if [problem.code for problem in error.problems] != ["K009"]:
            raise
        open_store(url, survey=survey, read_only=True).close()


def _key(file: str, database: Database) -> tuple[SealingKey | None, bool]:
    """Read the key, or make it when neither it nor any contact data are there yet."""
    if not file:
        return None, False
    if Path(file).exists() or _has_contacts(database):
        return read_key(file), False
    return make_key(file), True


def _has_contacts(database: Database) -> bool:
    if not database.imported():
        return False
    with database.reading() as connection:
        return any(contacts for (contacts,) in connection.execute(select(UNIT.c.contacts)))
