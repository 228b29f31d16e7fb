"""What a respondent does becomes events of the journal."""

from __future__ import annotations

import asyncio
import datetime
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Connection

from satmeter.collection.judging import Judged
from satmeter.collection.navigation import shown_on
from satmeter.collection.quotas import FULL
from satmeter.collection.survey import Survey
from satmeter.collection.visits import Visit
from satmeter.errors import JournalError
from satmeter.journal.model import Appended, Event, Job
from satmeter.journal.sealing import seal_values

STORE_SECONDS = 15.0
_NOTED = 20_000
_log = logging.getLogger("satmeter.collection")


class Recorder:
    """Writes for one survey.

    Parameters
    ----------
    survey
        Its settings say where, and what is sealed.
    """

    def __init__(self, survey: Survey) -> None:
        self._settings = survey.settings
        self._noted: OrderedDict[tuple[str, int], frozenset[str]] = OrderedDict()

    def events(
        self, visit: Visit, page: int, key: str, language: str, judged: Judged, *, passed: bool, done: bool
    ) -> tuple[Event, ...]:
        """Return what a post adds to the journal; nothing when it says nothing new."""
        state = visit.state
        news = judged.changes or language != state.language or (passed and page not in state.pages_passed)
        if not (news or done):
            return ()
        known = any(visit.values.get(name) is not None for name in judged.changes)
        payload = {"page": page, "values": self._sealed(visit, judged.changes), "language": language}
        if passed:
            payload["passed"] = True
        once = f"{key[:22]}-{judged.digest}" if key else ""
        answers = Event("changed" if known else "answered", visit.response, payload, once)
        return (answers, self.submitted(visit, language, "")) if done else (answers,)

    def submitted(self, visit: Visit, language: str, key: str) -> Event:
        """Return the event that ends a response; `seconds` is what has passed since it was opened."""
        opened = datetime.datetime.fromisoformat(visit.state.opened)
        seconds = max(0, int((self._settings.now() - opened).total_seconds()))
        return Event("submitted", visit.response, {"language": language, "seconds": seconds}, key[:22])

    async def write(
        self, visit: Visit, events: tuple[Event, ...], *, values: Mapping[str, Any], done: bool = False
    ) -> Appended:
        """Write events and return when they are on the disk; who finds no place in a quota is withdrawn.

        Raises
        ------
        JournalError, TimeoutError
            When they are not.
        """
        guard = self._guard(visit, values, done)
        appended = await self._stored(Job(events, visit.state.definition, guard=guard))
        if appended.refused == FULL and self._settings.quotas is not None:
            gone = Event("withdrawn", visit.response, {"reason": FULL})
            release = self._settings.quotas.release(visit.response)
            await self._stored(Job((gone,), visit.state.definition, guard=release))
        return appended

    def note_shown(self, visit: Visit, page: int) -> None:
        """Note that a page was shown, once for each set of questions; nobody waits for it."""
        shown = shown_on(visit, page, visit.values)
        place = (visit.response, page)
        if self._noted.get(place) == frozenset(shown):
            return
        self._noted[place] = frozenset(shown)
        if len(self._noted) > _NOTED:
            self._noted.popitem(last=False)
        event = Event("page", visit.response, {"page": page, "shown": list(shown), "passed": False})
        try:
            future = self._settings.store.submit(Job((event,), visit.state.definition))
        except JournalError as error:
            tell_not_stored(error)
            return
        future.add_done_callback(_told)

    async def _stored(self, job: Job) -> Appended:
        async with asyncio.timeout(STORE_SECONDS):
            return await asyncio.wrap_future(self._settings.store.submit(job))

    def _guard(self, visit: Visit, values: Mapping[str, Any], done: bool) -> Callable[[Connection], str] | None:
        quotas = self._settings.quotas
        if quotas is None or visit.state.definition != self._settings.questionnaire.digest:
            return None
        return quotas.guard(visit.response, values, before=visit.values, seen=visit.state.seen, submitted=done)

    def _sealed(self, visit: Visit, changes: Mapping[str, Any]) -> dict[str, Any]:
        key = self._settings.sealing_key
        if key is None:
            return dict(changes)
        return seal_values(visit.edition.questionnaire, changes, key, response=visit.response)


def tell_not_stored(error: BaseException) -> None:
    """Tell the log that answers were not stored, by the code of what went wrong."""
    code = error.problems[0].code if isinstance(error, JournalError) else type(error).__name__
    _log.error("not stored: %s", code)


def _told(future: Future[Appended]) -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None:
        tell_not_stored(error)
