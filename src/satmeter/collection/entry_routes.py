"""Sheets of paper are keyed twice and compared, below ``/entry``; nobody who keys sees what another has keyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.agent_access import AgentAccess
from satmeter.collection.agents_file import Agent
from satmeter.collection.answers import Cell
from satmeter.collection.bodies import one, one_of
from satmeter.collection.entry_pages import differences_context, home_context, keying_context
from satmeter.collection.entry_store import Entries, differences, is_sheet_number, place_for
from satmeter.collection.entry_tables import KeyedSheet
from satmeter.collection.keying import typed
from satmeter.collection.monitor_access import language_of
from satmeter.collection.monitor_words import LANGUAGES
from satmeter.collection.staff_pages import StaffPages, staff_word
from satmeter.collection.survey import Survey, see_other

PATH = "/entry"

_Who = tuple[str, Agent]


class SheetEntry:
    """The routes of those who key sheets, and of leads who decide.

    Parameters
    ----------
    survey
        What is asked; its settings say who keys.
    """

    def __init__(self, survey: Survey) -> None:
        settings = survey.settings
        self._same_keyer = settings.fieldwork.modes.same_keyer
        self._entries = Entries(settings)
        self._entries.settle_waiting()
        self._pages = StaffPages(settings.questionnaire, PATH, "keying")
        secure = settings.base_url.startswith("https:")
        self._access = AgentAccess(settings.agents, "entry", self._pages.login, secure=secure, path=PATH)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(PATH, self.home, methods=["GET"]),
            Route(f"{PATH}/login", self._access.login_page, methods=["GET"]),
            Route(f"{PATH}/login", self._access.login, methods=["POST"]),
            Route(f"{PATH}/logout", self._access.logout, methods=["POST"]),
            self._pages.route(),
            Route(f"{PATH}/sheets", self.choose, methods=["POST"]),
            Route(f"{PATH}/sheets/{{number}}", self.sheet, methods=["GET"]),
            Route(f"{PATH}/sheets/{{number}}", self.key, methods=["POST"]),
            Route(f"{PATH}/differences", self.differences, methods=["GET"]),
            Route(f"{PATH}/differences/{{number}}", self.decide, methods=["POST"]),
        ]

    async def home(self, request: Request) -> Response:
        """Ask for the number of a sheet, and show which sheets wait for their second keying."""
        language, who = language_of(request), self._access.who(request)
        if who is None:
            return self._access.to_login(language)
        return await self._home(who, language, done=request.query_params.get("done", ""))

    async def choose(self, request: Request) -> Response:
        """Lead to the page of the sheet whose number was given."""
        session, agent, fields = await self._access.posted_by(request)
        language = one_of(fields, "language", LANGUAGES, language_of(request))
        number = one(fields, "number").strip()
        if not is_sheet_number(number):
            return await self._home((session, agent), language, complaint="no_number", status=422)
        sheet = await run_sync(self._entries.sheet, number)
        if not place_for(sheet, agent.id, same_keyer=self._same_keyer):
            return await self._home((session, agent), language, complaint="sheet_taken", status=409)
        return see_other(f"{PATH}/sheets/{number}?language={language}")

    async def sheet(self, request: Request) -> Response:
        """Show the boxes to be keyed, empty: also the second time."""
        language, who = language_of(request), self._access.who(request)
        if who is None:
            return self._access.to_login(language)
        number = _number_of(request)
        sheet = await run_sync(self._entries.sheet, number)
        if not place_for(sheet, who[1].id, same_keyer=self._same_keyer):
            return await self._home(who, language, complaint="sheet_taken", status=409)
        return self._keying(who, language, number, sheet, {}, {})

    async def key(self, request: Request) -> Response:
        """Store what was typed; where anything cannot stand, nothing is stored and the page is shown again."""
        session, agent, fields = await self._access.posted_by(request)
        who, language = (session, agent), one_of(fields, "language", LANGUAGES, language_of(request))
        number, questionnaire = _number_of(request), self._entries.questionnaire
        found = typed(questionnaire, fields)
        sheet = await run_sync(self._entries.sheet, number)
        if found.problems:
            return self._keying(who, language, number, sheet, fields, found.problems, status=422)
        spoken = one_of(fields, "spoken", questionnaire.languages, questionnaire.language)
        outcome = await run_sync(self._entries.key, number, spoken, agent.id, found)
        if outcome == "taken":
            return await self._home(who, language, complaint="sheet_taken", status=409)
        return see_other(f"{PATH}?language={language}&done={outcome}")

    async def differences(self, request: Request) -> Response:
        """Show a lead where keyings differ, and how often every keyer was wrong."""
        language, who = language_of(request), self._access.who(request)
        if who is None:
            return self._access.to_login(language)
        if "lead" not in who[1].roles:
            raise HTTPException(403)
        return await self._differences(who, language)

    async def decide(self, request: Request) -> Response:
        """Take a lead's decisions on one sheet."""
        session, agent, fields = await self._access.posted_by(request)
        if "lead" not in agent.roles:
            raise HTTPException(403)
        language = one_of(fields, "language", LANGUAGES, language_of(request))
        number = _number_of(request)
        sheet = await run_sync(self._entries.sheet, number)
        if sheet is None:
            raise HTTPException(404)
        readings, wrong = _decisions(self._entries, sheet, fields)
        if wrong:
            return await self._differences((session, agent), language, complaint="decision_wrong", status=422)
        outcome = await run_sync(self._entries.decide, number, agent.id, readings)
        if outcome == "taken":
            return await self._differences((session, agent), language, complaint="sheet_taken", status=409)
        return see_other(f"{PATH}/differences?language={language}")

    async def _home(
        self, who: _Who, language: str, *, done: str = "", complaint: str = "", status: int = 200
    ) -> Response:
        sheets = await run_sync(self._entries.sheets)
        more = home_context(sheets, who[1], language, same_keyer=self._same_keyer, done=done)
        return self._page("entry_home.html.j2", PATH, who, language, more, complaint, status)

    async def _differences(self, who: _Who, language: str, *, complaint: str = "", status: int = 200) -> Response:
        sheets = await run_sync(self._entries.sheets)
        more = differences_context(sheets, self._entries.questionnaire, language)
        return self._page("entry_differences.html.j2", f"{PATH}/differences", who, language, more, complaint, status)

    def _keying(
        self,
        who: _Who,
        language: str,
        number: str,
        sheet: KeyedSheet | None,
        fields: Mapping[str, Sequence[str]],
        problems: Mapping[str, Any],
        *,
        status: int = 200,
    ) -> Response:
        told = sheet.language if sheet else one(fields, "spoken")
        more = keying_context(self._entries.questionnaire, fields, problems, language, spoken=told)
        more |= {"number": number, "second": sheet is not None}
        path = f"{PATH}/sheets/{number}"
        return self._page("entry_sheet.html.j2", path, who, language, more, "sheet_wrong" if problems else "", status)

    def _page(
        self, template: str, path: str, who: _Who, language: str, more: dict[str, Any], complaint: str, status: int
    ) -> Response:
        signed = {"token": self._access.token(who[0]), "agent": who[1].id, "is_lead": "lead" in who[1].roles}
        told = {"complaint": complaint and staff_word(complaint, language)}
        return HTMLResponse(self._pages.render(template, language, path, more | signed | told), status)


def _number_of(request: Request) -> str:
    number: str = request.path_params["number"]
    if not is_sheet_number(number):
        raise HTTPException(404)
    return number


def _decisions(
    entries: Entries, sheet: KeyedSheet, fields: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[Cell, bool]], bool]:
    """Return what a lead has decided, variable by variable, and whether anything of it cannot stand."""
    found = typed(entries.questionnaire, fields)
    readings: dict[str, tuple[Cell, bool]] = {}
    wrong = False
    for difference in differences(sheet):
        name = difference.variable
        choice = one(fields, f"d.{name}")
        if choice in ("first", "second"):
            readings[name] = difference.first if choice == "first" else difference.second
        elif choice == "other":
            wrong = wrong or name in found.problems
            readings[name] = (found.cells.get(name), name in found.illegible)
    return readings, wrong
