"""The open link: a welcome, and the beginning of a response."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.bodies import form_fields, one
from satmeter.collection.devices import COOKIE, cookie_header, device_of, guard
from satmeter.collection.keys import is_page_key, new_key
from satmeter.collection.opening import Opened, open_response
from satmeter.collection.survey import Survey, see_other

_REMEMBERED = 10_000
AGAIN_SECONDS = 600.0
"""Time in which a welcome page that is posted again leads to the same response; later it may be somebody else's."""


class Landing:
    """The routes of the open link.

    Parameters
    ----------
    survey
        What is asked.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._begun: OrderedDict[str, tuple[asyncio.Task[Opened], float]] = OrderedDict()

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
        site = self._site(request.query_params.get("site", ""))
        fields = {"k": new_key(), "language": language, **site}
        html = self._survey.current.form.welcome(language=language, action="/begin", fields=fields)
        return HTMLResponse(html)

    async def begin(self, request: Request) -> Response:
        """Open a response and lead to its first page; the same welcome page opens one response only.

        A page of another site may not begin: who knows its key would be led to the answers.
        """
        if request.headers.get("sec-fetch-site") == "cross-site":
            return see_other("/")
        fields = await form_fields(request)
        key, language = one(fields, "k"), one(fields, "language")
        if language not in self._survey.current.questionnaire.languages:
            language = self._survey.language_of(request)
        if self._survey.settings.closed:
            return self._survey.message("closed", language)
        if not is_page_key(key):
            return see_other("/")
        limit = self._survey.settings.fieldwork.device_limit
        device = device_of(request.cookies.get(COOKIE)) if limit else ""
        task = self._begun_with(key)
        if task is None:
            allowed = partial(_of_device, device, limit) if limit else None
            site = self._site(one(fields, "site"))
            task = asyncio.ensure_future(open_response(self._survey, language, guard=allowed, more=site))
            self._begun[key] = task, time.monotonic()
            self._begun.move_to_end(key)
            if len(self._begun) > _REMEMBERED:
                self._begun.popitem(last=False)
        opened = await asyncio.shield(task)
        if opened.refused:
            return self._survey.message(opened.refused, language, status=403)
        answer = see_other(opened.path)
        if limit:
            secure = self._survey.settings.base_url.startswith("https:")
            answer.headers.append("Set-Cookie", cookie_header(device, secure=secure))
        return answer

    def _begun_with(self, key: str) -> asyncio.Task[Opened] | None:
        """Return the opening of a response that this very page asked for a moment ago, unless it failed."""
        task, at = self._begun.get(key, (None, 0.0))
        if task is None or time.monotonic() - at > AGAIN_SECONDS:
            return None
        return None if task.done() and task.exception() is not None else task

    def _site(self, name: str) -> dict[str, str]:
        """Return the site that an address names, as far as the fieldwork file knows it."""
        return {"site": name} if any(site.id == name for site in self._survey.settings.fieldwork.sites) else {}


def _of_device(device: str, limit: int, response: str) -> Callable[[Connection], str]:
    return guard(device, limit)
