"""Everything that a server needs, made ready in an order that leaves nothing behind when something is missing."""

from __future__ import annotations

import datetime
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import distinct, func, select

from satmeter.collection.agents_file import Agent, Role, has_role, read_agents
from satmeter.collection.contacts import purge_contacts
from satmeter.collection.fieldwork_file import Fieldwork, read_fieldwork
from satmeter.collection.invitations import Invitations
from satmeter.collection.quotas import Quotas
from satmeter.collection.sample_tables import Database, open_database, people_apart, prepare
from satmeter.collection.server import address_of, check_base_url, exposure, listen
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition, questionnaire_text, stored_questionnaires
from satmeter.errors import CollectionError, JournalError, Problem
from satmeter.journal.opening import open_store
from satmeter.journal.reading import responses_kept
from satmeter.journal.schema import EVENT
from satmeter.journal.sealing import SealingKey, is_sealed, make_key, pii_variables, read_key
from satmeter.journal.store import Store
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import read_questionnaire


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What `satmeter serve` is asked for; empty texts were not given."""

    questionnaire: str
    store: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    language: str = ""
    base_url: str = ""
    fieldwork: str = ""
    people: str = ""
    agents: str = ""
    pii_key: str = ""
    new_version: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A server that only has to be run.

    Attributes
    ----------
    taken
        The listening socket.
    warnings
        To be shown.
    key_made
        Whether the key file was made just now.
    """

    settings: Settings
    taken: socket.socket
    warnings: tuple[Problem, ...]
    key_made: bool

    @property
    def address(self) -> str:
        """Where the server listens."""
        return address_of(self.taken)


@contextmanager
def make_ready(wish: Wish) -> Iterator[Ready]:
    """Read, take the port, open the store; at the end write what waits and let go of everything.

    Raises
    ------
    QuestionnaireError, JournalError
        For the questionnaire and the store.
    CollectionError
        C001 no store, C005 no key, C008 the language, C009 the base URL, all that apply together; then the fieldwork
        file's and that of agents, C104 and C105; then C002 to C004 the address; then C006, C007, C014 the live
        questionnaire.
    """
    questionnaire = read_questionnaire(wish.questionnaire)
    problems = _problems(wish, questionnaire)
    if problems:
        raise CollectionError(problems)
    fieldwork = read_fieldwork(wish.fieldwork, questionnaire) if wish.fieldwork else Fieldwork()
    agents = _agents(wish, fieldwork)
    with ExitStack() as stack:
        taken = stack.enter_context(listen(wish.host, wish.port))
        store = stack.enter_context(open_store(wish.store, survey=questionnaire.id))
        key, made = _key(wish.pii_key, store)
        _check_key(key, store, wish.questionnaire)
        if fieldwork.quotas or fieldwork.device_limit:
            store.transact(prepare)
        changed = open_edition(
            store, questionnaire, questionnaire_text(wish.questionnaire), new_version=wish.new_version
        )
        people = stack.enter_context(closing(people_apart(wish.people, wish.store))) if wish.people else None
        if fieldwork.contacts_until is not None:
            _purge(people or stack.enter_context(closing(open_database(wish.store))), fieldwork.contacts_until)
        settings = _settings(wish, questionnaire, store, fieldwork, people)
        loose = key.warnings if key else ()
        yield Ready(
            settings=replace(settings, sealing_key=key, agents=agents),
            taken=taken,
            warnings=(*loose, *_kept_too_long(store, fieldwork.until), *changed, *exposure(wish.host, wish.base_url)),
            key_made=made,
        )


def _kept_too_long(store: Store, until: datetime.date | None) -> list[Problem]:
    """Say that answers are still there whose last day, by the fieldwork file, is past."""
    if until is None or datetime.date.today() <= until:
        return []
    n = len(responses_kept(store))
    params: dict[str, str | int] = {"until": until.isoformat(), "n": n, "store": store.shown}
    return [Problem("C015", store.shown, params=params, severity="warning")] if n else []


def _agents(wish: Wish, fieldwork: Fieldwork) -> tuple[Agent, ...]:
    """Return who calls and keys; `--agents` goes before what the fieldwork file names."""
    file = Path(wish.agents) if wish.agents else fieldwork.agents
    found = read_agents(file) if file else ()
    wanted: dict[str, Role] = {"agent": "interviewer", "paper": "entry"}
    missing = [name for name, role in wanted.items() if name in fieldwork.modes.names and not has_role(found, role)]
    problems = [Problem("C104", wish.fieldwork, about=("key", "modes"), got=name) for name in missing]
    if fieldwork.anonymous and has_role(found, "interviewer"):
        problems.append(Problem("C105", str(file)))
    if problems:
        raise CollectionError(problems)
    return found


def _purge(sample: Database, until: datetime.date) -> None:
    """Delete contact data whose day is past, where a sample was imported."""
    if sample.imported():
        purge_contacts(sample, datetime.date.today(), until)


def _settings(
    wish: Wish, questionnaire: Questionnaire, store: Store, fieldwork: Fieldwork, people: Database | None
) -> Settings:
    hold = datetime.timedelta(minutes=fieldwork.hold_minutes)
    linked = fieldwork.anonymous and people is None  # a sample beside the answers would be joined with them
    return Settings(
        questionnaire=questionnaire,
        store=store,
        fieldwork=fieldwork,
        language=wish.language,
        base_url=check_base_url(wish.base_url) if wish.base_url else "",
        invitations=None if linked else Invitations(questionnaire.id, questionnaire.version, people),
        quotas=Quotas(fieldwork.quotas, hold) if fieldwork.quotas else None,
    )


def _problems(wish: Wish, questionnaire: Questionnaire) -> list[Problem]:
    found = []
    if not wish.store:
        found.append(Problem("C001", params={"proposal": f"sqlite:///{questionnaire.id}.db"}))
    if wish.language and wish.language not in questionnaire.languages:
        choices = ", ".join(questionnaire.languages)
        found.append(Problem("C008", wish.questionnaire, got=wish.language, params={"choices": choices}))
    if wish.base_url:
        try:
            check_base_url(wish.base_url)
        except CollectionError as error:
            found.extend(error.problems)
    names = pii_variables(questionnaire)
    if names and not wish.pii_key:
        params = {"proposal": f"{questionnaire.id}.key"}
        found.append(Problem("C005", wish.questionnaire, about=("question", ", ".join(names)), params=params))
    return found


def _key(file: str, store: Store) -> tuple[SealingKey | None, bool]:
    """Read the key, or make it when neither it nor any definition is there yet."""
    if not file:
        return None, False
    if not Path(file).exists() and not store.definitions():
        return make_key(file), True
    return read_key(file), False


def _check_key(key: SealingKey | None, store: Store, file: str) -> None:
    """Refuse to go on without a key, or with another one, where answers were or may be sealed.

    Raises
    ------
    CollectionError
        C005 when an earlier questionnaire, under which responses may be finished, has such questions.
    JournalError
        K052 for another key than the one that is in use.
    """
    names = {name for old in stored_questionnaires(store).values() for name in pii_variables(old)}
    if key is None:
        if names:
            params = {"proposal": f"{store.survey}.key"}
            raise CollectionError(Problem("C005", file, about=("question", ", ".join(sorted(names))), params=params))
        return
    sealed = select(EVENT.c.payload).where(EVENT.c.payload.like('%{"sealed":"%')).limit(1)
    with store.connection() as connection:
        text = connection.scalar(sealed) if names else None
    for cell in json.loads(text)["values"].values() if text else ():
        used = str(cell["sealed"]).partition(".")[0] if is_sealed(cell) else key.id
        if used != key.id:
            raise JournalError(Problem("K052", key.file, params={"key": key.id, "needed": used}))


def responses(store: Store) -> tuple[int, int]:
    """Return how many responses were opened and how many of them are submitted, without those that were erased."""
    of_kind = select(func.count(distinct(EVENT.c.response))).where(EVENT.c.payload.is_not(None))
    with store.connection() as connection:
        opened = connection.scalar(of_kind.where(EVENT.c.kind == "opened"))
        submitted = connection.scalar(of_kind.where(EVENT.c.kind == "submitted"))
    return opened or 0, submitted or 0
