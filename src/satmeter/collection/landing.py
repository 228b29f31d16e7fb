"""The open link: a welcome, and the beginning of a response."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.bodies import form_fields, one
from satmeter.collection.keys import is_page_key, link_of, new_key, new_response
from satmeter.collection.steps import draw_order, next_page
from satmeter.collection.survey import Survey, see_other
from satmeter.journal.model import Event, Job

_REMEMBERED = 10_000
_STORE_SECONDS = 15.0


class Landing:
    """The routes of the open link.

    Parameters
    ----------
    survey
        What is asked.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._begun: OrderedDict[str, asyncio.Task[str]] = OrderedDict()

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.welcome, methods=["GET"]),
            Route("/begin", self.begin, methods=["POST"]),
        ]

    async def welcome(self, request: Request) -> Response:
        """Show what the survey is about; nothing is stored before the respondent begins."""
        language = self._survey.language_of(request)
        if self._survey.settings.closed:
            return self._survey.message("closed", language)
        fields = {"k": new_key(), "language": language}
        html = self._survey.current.form.welcome(language=language, action="/begin", fields=fields)
        return HTMLResponse(html)

    async def begin(self, request: Request) -> Response:
        """Open a response and lead to its first page; the same welcome page opens one response only."""
        fields = await form_fields(request)
        key, language = one(fields, "k"), one(fields, "language")
        if language not in self._survey.current.questionnaire.languages:
            language = self._survey.language_of(request)
        if self._survey.settings.closed:
            return self._survey.message("closed", language)
        if not is_page_key(key):
            return see_other("/")
        task = self._begun.get(key)
        if task is None or (task.done() and task.exception() is not None):
            task = asyncio.ensure_future(open_response(self._survey, language))
            self._begun[key] = task
            if len(self._begun) > _REMEMBERED:
                self._begun.popitem(last=False)
        return see_other(await asyncio.shield(task))


async def open_response(survey: Survey, language: str) -> str:
    """Open a response and return the address of its first page.

    Raises
    ------
    JournalError, TimeoutError
        When it could not be stored.
    """
    questionnaire = survey.current.questionnaire
    key, response = new_key(), new_response()
    order = draw_order(questionnaire, secrets.SystemRandom())
    event = Event("opened", response, {"language": language, "mode": survey.settings.mode, "order": list(order)})
    job = Job((event,), definition=questionnaire.digest, link=link_of(key))
    async with asyncio.timeout(_STORE_SECONDS):
        await asyncio.wrap_future(survey.settings.store.submit(job))
    return f"/r/{key}/{next_page(questionnaire, {}, 0) or 1}"
