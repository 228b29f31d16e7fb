"""Interviewers at work: whom to call, what came of it, and the beginning of an interview, below ``/agent``."""

from __future__ import annotations

import asyncio
import datetime
import re
from functools import partial

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.agent_access import AgentAccess
from satmeter.collection.agent_lists import list_context, unit_context
from satmeter.collection.agents_file import Agent
from satmeter.collection.bodies import one, one_of
from satmeter.collection.calls import CALL_RESULTS, CallUnit, call_list, record_call, redeem_unit
from satmeter.collection.contacts import opened_contacts
from satmeter.collection.interviews import PATH, Interviews, unit_path
from satmeter.collection.invitations import Guard
from satmeter.collection.keys import link_of, new_key
from satmeter.collection.monitor_access import language_of
from satmeter.collection.monitor_words import LANGUAGES
from satmeter.collection.opening import STORE_SECONDS, open_response
from satmeter.collection.sample_tables import prepare
from satmeter.collection.staff_pages import StaffPages, staff_word
from satmeter.collection.survey import Survey, see_other
from satmeter.errors import JournalError
from satmeter.journal.model import Event, Job
from satmeter.journal.sealing import SealingKey

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
_MOST_UNITS = 2**31 - 1  # a larger number is none for a database
_BEGINS = ("due", "later", "ended")


class Agents:
    """The routes of interviewers.

    Parameters
    ----------
    survey
        What is asked; its settings say who the interviewers are.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        settings = survey.settings
        settings.store.transact(prepare)
        self._pages = StaffPages(settings.questionnaire, PATH, "interviews")
        secure = settings.base_url.startswith("https:")
        self._access = AgentAccess(settings.agents, "interviewer", self._pages.login, secure=secure, path=PATH)
        self._interviews = Interviews(survey, self._access)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(PATH, self.units, methods=["GET"]),
            Route(f"{PATH}/login", self._access.login_page, methods=["GET"]),
            Route(f"{PATH}/login", self._access.login, methods=["POST"]),
            Route(f"{PATH}/logout", self._access.logout, methods=["POST"]),
            self._pages.route(),
            Route(f"{PATH}/units/{{unit:int}}", self.unit, methods=["GET"]),
            Route(f"{PATH}/units/{{unit:int}}/call", self.call, methods=["POST"]),
            Route(f"{PATH}/units/{{unit:int}}/begin", self.begin, methods=["POST"]),
            *self._interviews.routes(),
        ]

    async def units(self, request: Request) -> Response:
        """Show whom to call, those who come next first."""
        language, who = language_of(request), self._access.who(request)
        if who is None:
            return self._access.to_login(language)
        found = await run_sync(self._list, who[1])
        more = list_context(found, request.query_params, language) | self._signed(who)
        return HTMLResponse(self._pages.render("agent_list.html.j2", language, more["path"], more))

    async def unit(self, request: Request) -> Response:
        """Show one unit: how it is reached, what came of earlier calls, what can be done."""
        language, who = language_of(request), self._access.who(request)
        if who is None:
            return self._access.to_login(language)
        return await self._unit(request, who, language)

    async def call(self, request: Request) -> Response:
        """Record a call."""
        session, agent, fields = await self._access.posted_by(request)
        language = one_of(fields, "language", LANGUAGES, language_of(request))
        result, appointment = one(fields, "result"), one(fields, "appointment")
        await run_sync(self._find, agent, request.path_params["unit"])
        complaint = _complaint(result, appointment)
        if complaint:
            return await self._unit(request, (session, agent), language, complaint=complaint, status=422)
        number, at = request.path_params["unit"], self._survey.settings.now().isoformat(timespec="seconds")
        done = partial(record_call, number=number, result=result, at=at, agent=agent.id, appointment=appointment)
        await run_sync(self._survey.settings.store.transact, done)
        return see_other(f"{PATH}?language={language}")

    async def begin(self, request: Request) -> Response:
        """Begin the interview of a unit, or go on with one that is open to this interviewer."""
        session, agent, fields = await self._access.posted_by(request)
        language = one_of(fields, "language", LANGUAGES, language_of(request))
        unit = await run_sync(self._find, agent, request.path_params["unit"])
        key = new_key()
        if unit.standing == "open":
            await self._bind(unit.response, key)
            return see_other(self._interviews.admit(session, unit.number, key))
        refused = "closed" if self._survey.settings.closed else "" if unit.standing in _BEGINS else "begun"
        if not refused:
            languages = self._survey.current.questionnaire.languages
            spoken = one_of(fields, "spoken", languages, self._survey.language)
            guard = partial(_guard, unit.number, self._survey.settings.questionnaire.id)
            more = {"mode": "agent", "agent": agent.id}
            refused = (await open_response(self._survey, spoken, key=key, guard=guard, more=more)).refused
        if refused:
            told = f"begin_{refused}"
            return await self._unit(request, (session, agent), language, complaint=told, status=409)
        return see_other(self._interviews.admit(session, unit.number, key))

    async def _unit(
        self, request: Request, who: tuple[str, Agent], language: str, *, complaint: str = "", status: int = 200
    ) -> Response:
        settings = self._survey.settings
        unit = await run_sync(self._find, who[1], request.path_params["unit"])
        contacts = _contacts(unit, settings.sealing_key)
        more = unit_context(unit, contacts, settings.fieldwork.script.start, language) | self._signed(who)
        more |= {
            "sealed": bool(unit.contacts) and not contacts,
            "complaint": complaint and staff_word(complaint, language),
            "spoken": self._survey.current.questionnaire.languages,
            "now": settings.now().strftime("%Y-%m-%dT%H:%M"),
        }
        return HTMLResponse(self._pages.render("agent_unit.html.j2", language, unit_path(unit.number), more), status)

    def _signed(self, who: tuple[str, Agent]) -> dict[str, str]:
        return {"token": self._access.token(who[0]), "agent": who[1].id}

    def _list(self, agent: Agent) -> tuple[CallUnit, ...]:
        with self._survey.settings.store.connection() as connection:
            now = self._survey.settings.now()
            return call_list(connection, now=now, may_go_on=partial(self._may_go_on, agent))

    def _find(self, agent: Agent, number: int) -> CallUnit:
        if number > _MOST_UNITS:
            raise HTTPException(404)
        with self._survey.settings.store.connection() as connection:
            now = self._survey.settings.now()
            may_go_on = partial(self._may_go_on, agent)
            found = call_list(connection, now=now, may_go_on=may_go_on, number=number)
        if not found:
            raise HTTPException(404)
        return found[0]

    def _may_go_on(self, agent: Agent, response: str) -> bool:
        """Tell whether an agent may go on with a response: their own interview, a lead with that of any agent."""
        state = self._survey.settings.store.latest(response)
        if state is None or state.mode != "agent":
            return False
        return state.opening.get("agent") == agent.id or "lead" in agent.roles

    async def _bind(self, response: str, key: str) -> None:
        """Bind another key to a response: the interviewer who goes on needs none of the earlier ones."""
        store = self._survey.settings.store
        state = await run_sync(store.latest, response)
        if state is None:
            raise HTTPException(404)
        event = Event("page", response, {"page": max(state.page, 1), "shown": [], "passed": False})
        async with asyncio.timeout(STORE_SECONDS):
            await asyncio.wrap_future(store.submit(Job((event,), state.definition, link_of(key))))


def _guard(number: int, survey: str, response: str) -> Guard:
    return redeem_unit(number, response, survey=survey)


def _contacts(unit: CallUnit, key: SealingKey | None) -> dict[str, str]:
    """Return contact data as far as the server's key opens them."""
    try:
        return opened_contacts(unit.id, unit.contacts, key) if key else {}
    except JournalError:
        return {}


def _complaint(result: str, appointment: str) -> str:
    """Return the word of what is wrong with a call; empty when it can be recorded."""
    if result not in CALL_RESULTS:
        return "no_result"
    if not appointment:
        return ""
    if result != "callback":
        return "no_callback"
    try:
        sound = _MOMENT.fullmatch(appointment) is not None and datetime.datetime.fromisoformat(appointment) is not None
    except ValueError:
        sound = False
    return "" if sound else "no_moment"
