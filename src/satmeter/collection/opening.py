"""A response is opened: by the open link, or by an invitation."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from satmeter.collection.keys import link_of, new_key, new_response
from satmeter.collection.steps import draw_order, next_page
from satmeter.collection.survey import Survey
from satmeter.journal.model import Event, Job

STORE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of opening a response: the address of its first page, or the word of the guard that refused."""

    path: str
    refused: str = ""


async def open_response(
    survey: Survey,
    language: str,
    *,
    key: str = "",
    guard: Callable[[str], Callable[[Connection], str]] | None = None,
    more: Mapping[str, str] | None = None,
) -> Opened:
    """Open a response.

    Parameters
    ----------
    survey
        What is asked.
    language
        Of the respondent.
    key
        Of the personal link; a new one where none is given.
    guard
        From the id of the response to the guard of the job that opens it.
    more
        What else is said of the response, e.g. its site.

    Returns
    -------
    Opened
        A key that is bound to a response already leads there and opens none.

    Raises
    ------
    JournalError, TimeoutError
        When it could not be stored.
    """
    questionnaire = survey.current.questionnaire
    key, response = key or new_key(), new_response()
    order = list(draw_order(questionnaire, secrets.SystemRandom()))
    payload = {"language": language, "mode": survey.settings.mode, "order": order, **(more or {})}
    event = Event("opened", response, payload)
    job = Job((event,), questionnaire.digest, link_of(key), guard(response) if guard else None)
    async with asyncio.timeout(STORE_SECONDS):
        appended = await asyncio.wrap_future(survey.settings.store.submit(job))
    if appended.repeated:
        return Opened(f"/r/{key}")
    return Opened(f"/r/{key}/{next_page(questionnaire, {}, 0) or 1}", appended.refused)
