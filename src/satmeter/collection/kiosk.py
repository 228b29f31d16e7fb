"""A shared device at a counter: whoever stands before it answers, and leaves nothing behind.

The key of the respondent's personal link is in a cookie that no script reads and no address holds. The begin screen
takes the cookie away, so that after it no address of the last respondent leads anywhere: neither the way back in the
browser's history nor a page that was left open. Every address names the turn it belongs to, so that a page of the last
respondent cannot write into the answers of the next.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.bodies import form_fields, one
from satmeter.collection.keys import is_page_key, link_of, new_key
from satmeter.collection.opening import open_response
from satmeter.collection.quotas import FULL
from satmeter.collection.respondent_routes import Respondents
from satmeter.collection.survey import Survey, see_other
from satmeter.collection.visits import Visit
from satmeter.form.model import Desk

PATH = "/kiosk"
COOKIE = "kiosk"
SITE_COOKIE = "kiosk_site"
THANKS_SECONDS = 10
_GO_BACK = {"Refresh": f"{THANKS_SECONDS}; url={PATH}"}
_TURN = 12
_TWO_TOUCHES = 5.0  # seconds within which a begin screen that is posted again is taken as touched twice


@dataclass(frozen=True, slots=True)
class KioskVisit(Visit):
    """A respondent at a shared device: their addresses hold no key."""

    def path(self, page: int | str = "") -> str:
        """Return the address of one of their pages."""
        base = f"{PATH}/v/{turn_of(self.key)}"
        return f"{base}/{page}" if page else base


def turn_of(key: str) -> str:
    """Return what addresses are told apart by: enough to see that a page is another respondent's, and no key."""
    return link_of(key).hex()[:_TURN]


class Kiosk(Respondents):
    """The routes of shared devices.

    Parameters
    ----------
    survey
        What is asked.
    """

    root = f"{PATH}/v/{{turn}}"

    def __init__(self, survey: Survey) -> None:
        super().__init__(survey)
        self._begun: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._kiosk = Desk(leave=PATH, reset=survey.settings.fieldwork.modes.reset)
        self._within = Desk(leave=PATH, leave_word="live_leave_kiosk", reset=survey.settings.fieldwork.modes.reset)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(PATH, self.welcome, methods=["GET"]),
            Route(f"{PATH}/begin", self.begin, methods=["POST"]),
            Route(f"{PATH}/full", self.full, methods=["GET"]),
            *super().routes(),
        ]

    async def welcome(self, request: Request) -> Response:
        """Show the begin screen; whoever was there before has left."""
        language, site = self._survey.language_of(request), self._site(request)
        if self._survey.settings.closed:
            answer: Response = self._survey.message("closed", language)
        else:
            fields = {"k": new_key(), "language": language, **({"site": site} if site else {})}
            form = self._survey.current.form
            answer = HTMLResponse(
                form.welcome(language=language, action=f"{PATH}/begin", fields=fields, desk=self._kiosk)
            )
        answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")
        if site:
            self._set(answer, SITE_COOKIE, site)
        return answer

    async def begin(self, request: Request) -> Response:
        """Open a response under a fresh key."""
        fields = await form_fields(request)
        language, site = one(fields, "language"), one(fields, "site")
        if language not in self._survey.current.questionnaire.languages:
            language = self._survey.language_of(request)
        if self._survey.settings.closed:
            return self._survey.message("closed", language)
        if not is_page_key(one(fields, "k")):
            return see_other(PATH)
        key = self._fresh_key(one(fields, "k"))
        more = {"mode": "kiosk", **({"site": site} if self._is_site(site) else {})}
        opened = await open_response(self._survey, language, key=key, more=more)
        page = opened.path.removeprefix(f"/r/{key}")
        answer = see_other(f"{PATH}/v/{turn_of(key)}{page}")
        self._set(answer, COOKIE, key)
        return answer

    async def thanks(self, request: Request) -> Response:
        """Thank, and go back to the beginning; the key is gone already."""
        answer = await super().thanks(request)
        if answer.status_code == 200:
            answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")
        return answer

    def key_of(self, request: Request) -> str:
        """Return the key of whoever is there; empty when the address belongs to somebody who has left."""
        key = request.cookies.get(COOKIE, "")
        fits = key.isascii() and turn_of(key) == request.path_params["turn"]
        return key if fits else ""

    def at(self, request: Request, visit: Visit) -> Visit:
        """Return the visit with addresses without a key."""
        return KioskVisit(visit.key, visit.response, visit.state, visit.edition, visit.values)

    def desk(self, visit: Visit, page: int, language: str) -> Desk:
        """Return what makes a page one of a shared device."""
        return self._within

    def link(self, visit: Visit) -> str:
        """Show nobody an address to go on at."""
        return ""

    def say(self, kind: str, visit: Visit, language: str) -> Response:
        """Say one thing, and go back to the beginning: with the script, and without."""
        html = visit.edition.form.message(
            kind,
            language=language,
            fields={"link": PATH},
            values=visit.values if kind == "thanks" else None,
            desk=self._kiosk,
        )
        return HTMLResponse(html, headers=_GO_BACK)

    async def _visit(self, request: Request) -> Visit:
        """Return the visit; a page of somebody who has left leads to the begin screen."""
        try:
            return await super()._visit(request)
        except HTTPException as error:
            if request.scope["path"].endswith("/save"):
                raise
            where = f"{PATH}/full" if error.status_code == 410 or error.detail == FULL else PATH
            raise HTTPException(303, headers={"Location": where}) from error

    async def full(self, request: Request) -> Response:
        """Tell somebody whose quota is full, whose response the server has withdrawn, and go back to the beginning."""
        form, language = self._survey.current.form, self._survey.language_of(request)
        html = form.message("quota_full", language=language, fields={"link": PATH}, desk=self._kiosk)
        return HTMLResponse(html, headers=_GO_BACK)

    def _fresh_key(self, posted: str) -> str:
        """Return a new key; a second touch of the same button gets the key of the first."""
        now = time.monotonic()
        while self._begun and next(iter(self._begun.values()))[1] < now - _TWO_TOUCHES:
            self._begun.popitem(last=False)
        return self._begun.setdefault(posted, (new_key(), now))[0]

    def _site(self, request: Request) -> str:
        asked = request.query_params.get("site", "") or request.cookies.get(SITE_COOKIE, "")
        return asked if self._is_site(asked) else ""

    def _is_site(self, name: str) -> bool:
        return any(site.id == name for site in self._survey.settings.fieldwork.sites)

    def _set(self, answer: Response, name: str, value: str) -> None:
        secure = self._survey.settings.base_url.startswith("https:")
        answer.set_cookie(name, value, path=PATH, secure=secure, httponly=True, samesite="strict")
