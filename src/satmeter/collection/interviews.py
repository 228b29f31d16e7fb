"""The pages of an interview: the respondent's own pages, asked by an interviewer, open to one session only."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from satmeter.collection.agent_access import AgentAccess
from satmeter.collection.respondent_routes import Respondents
from satmeter.collection.survey import Survey
from satmeter.collection.visits import Visit
from satmeter.form.model import Desk

PATH = "/agent"
_MOST_OPEN = 2000


@dataclass(frozen=True, slots=True)
class Interview(Visit):
    """A respondent who is asked by an interviewer.

    Attributes
    ----------
    unit
        Address of the sampled unit.
    proof
        Shows that an address was made for the interviewer's session; there is no key in it.
    """

    unit: str
    proof: str

    def path(self, page: int | str = "") -> str:
        """Return the address of one of the pages."""
        return f"{self.unit}/{self.proof}/{page}" if page else f"{self.unit}/{self.proof}"


class Interviews(Respondents):
    """The pages of interviews; nobody comes to them but who was admitted in the same session.

    Parameters
    ----------
    survey
        What is asked.
    access
        The door.
    """

    root = f"{PATH}/units/{{unit:int}}/{{proof}}"

    def __init__(self, survey: Survey, access: AgentAccess) -> None:
        super().__init__(survey)
        self._access = access
        self._keys: OrderedDict[tuple[str, int], str] = OrderedDict()

    def admit(self, session: str, unit: int, key: str) -> str:
        """Let a session into the interview of a unit and return its address."""
        self._keys[session, unit] = key
        if len(self._keys) > _MOST_OPEN:
            self._keys.popitem(last=False)
        return f"{unit_path(unit)}/{self._proof(session, unit)}"

    def key_of(self, request: Request) -> str:
        """Return the key of the interview into which the session of a request was let; empty: none."""
        session, unit = self._access.session_of(request), request.path_params["unit"]
        fits = bool(session) and request.path_params["proof"] == self._proof(session, unit)
        return self._keys.get((session, unit), "") if fits else ""

    def at(self, request: Request, visit: Visit) -> Interview:
        """Return the visit with addresses below the unit's."""
        unit, proof = unit_path(request.path_params["unit"]), request.path_params["proof"]
        return Interview(visit.key, visit.response, visit.state, visit.edition, visit.values, unit, proof)

    def desk(self, visit: Visit, page: int, language: str) -> Desk:
        """Return what the interviewer reads out on a page, and the way back to the unit."""
        script = self._survey.settings.fieldwork.script.pages.get(page)
        return Desk(script.get(language) if script else "", _unit_of(visit), "live_leave_agent")

    def link(self, visit: Visit) -> str:
        """Show no address to go on at: the unit's own link leads to the answers."""
        return ""

    def say(self, kind: str, visit: Visit, language: str) -> Response:
        """Say one thing, with the way back to the unit."""
        values = visit.values if kind == "thanks" else None
        fields = {"link": _unit_of(visit)}
        return HTMLResponse(visit.edition.form.message(kind, language=language, fields=fields, values=values))

    async def thanks(self, request: Request) -> Response:
        """Thank; afterwards the interview is closed to its interviewer, too."""
        answer = await super().thanks(request)
        if answer.status_code == 200:
            self._keys.pop((self._access.session_of(request), request.path_params["unit"]), None)
        return answer

    async def _visit(self, request: Request) -> Visit:
        """Return the visit; who was not let in is led to the unit, and from there to the door."""
        try:
            return await super()._visit(request)
        except HTTPException as error:
            if request.scope["path"].endswith("/save"):
                raise
            raise HTTPException(303, headers={"Location": unit_path(request.path_params["unit"])}) from error

    def _proof(self, session: str, unit: int) -> str:
        return self._access.proof(session, f"unit {unit}")


def unit_path(unit: int) -> str:
    """Return the address of a sampled unit.

    Examples
    --------
    >>> unit_path(12)
    '/agent/units/12'
    """
    return f"{PATH}/units/{unit}"


def _unit_of(visit: Visit) -> str:
    return visit.path().rpartition("/")[0]
