"""Who a personal link belongs to and what is known of them; one request of a respondent at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from anyio.to_thread import run_sync

from satmeter.collection.keys import is_key, link_of
from satmeter.collection.survey import Edition, Survey
from satmeter.journal.model import State
from satmeter.journal.sealing import is_sealed, unseal


@dataclass(frozen=True, slots=True)
class Visit:
    """A respondent who has come.

    Attributes
    ----------
    key
        The secret of their personal link; it never leaves this process but to them.
    response, state, edition
        Their response, what the journal knows of it, and the definition under which it was opened.
    values
        Their answers, sealed ones opened.
    """

    key: str
    response: str
    state: State
    edition: Edition
    values: Mapping[str, Any]

    @property
    def order(self) -> tuple[str, ...]:
        """All variables in the order drawn for this respondent; as in the questionnaire when that has others."""
        variables = self.edition.questionnaire.variables
        return self.state.order if set(self.state.order) == set(variables) else variables

    def path(self, page: int | str = "") -> str:
        """Return the address of one of their pages, or their personal link."""
        return f"/r/{self.key}/{page}" if page else f"/r/{self.key}"


class Visits:
    """Finds visits by personal key.

    Parameters
    ----------
    survey
        The survey that they belong to.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # gone with the last request

    async def find(self, key: str) -> Visit | None:
        """Return the visit of a personal key, None when there is none.

        Raises
        ------
        JournalError
            When the store must be asked and does not answer.
        """
        if not is_key(key):
            return None
        link = link_of(key)
        state = self._survey.settings.store.remembered(link) or await run_sync(self._read, link)
        edition = self._survey.edition(state.definition) if state else None
        if state is None or edition is None:
            return None
        return Visit(key, state.response, state, edition, self._opened(state, edition))

    def _read(self, link: bytes) -> State | None:
        store = self._survey.settings.store
        response = store.response_of(link)
        return None if response is None else store.latest(response)

    def turn(self, key: str) -> asyncio.Lock:
        """Return the lock of a respondent: one of their requests at a time.

        Two windows then cannot both read the state before either has written.
        """
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        return lock

    def _opened(self, state: State, edition: Edition) -> Mapping[str, Any]:
        key = self._survey.settings.sealing_key
        found = state.values
        if key is None:
            return found
        opened = {
            name: unseal(found[name], key, response=state.response, variable=name)
            for name in edition.sealed
            if is_sealed(found.get(name))
        }
        return {**found, **opened} if opened else found
