"""The door of those who work for a survey: an id and a password, and who a session belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request

from satmeter.collection.agents_file import Agent, Role
from satmeter.collection.bodies import one
from satmeter.collection.monitor_access import Access, LoginPage
from satmeter.collection.monitor_password import password_fits


class AgentAccess(Access):
    """Who may work below one path.

    Parameters
    ----------
    agents
        All there are.
    role
        What is needed here; a ``lead`` has it, too.
    page
        Makes the page that asks for id and password.
    secure
        Whether cookies go over https only.
    path
        Below which the pages stand; the session's cookie is sent to no other.
    """

    def __init__(self, agents: Sequence[Agent], role: Role, page: LoginPage, *, secure: bool, path: str) -> None:
        name = path.strip("/")
        super().__init__(
            "",
            page,
            secure=secure,
            path=path,
            session_cookie=f"satmeter_{name}",
            visit_cookie=f"satmeter_{name}_visit",
        )
        self._agents = {agent.id: agent for agent in agents if {role, "lead"} & set(agent.roles)}
        self._decoy = agents[0].password_hash
        self._who: dict[str, Agent] = {}

    def fits(self, fields: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether id and password belong together; an id that is not there takes as long as one that is."""
        agent = self._agents.get(one(fields, "agent"))
        right = password_fits(agent.password_hash if agent else self._decoy, one(fields, "password"))
        return right and agent is not None

    def begun(self, session: str, fields: Mapping[str, Sequence[str]]) -> None:
        """Note whose session has begun."""
        self._who = {known: agent for known, agent in self._who.items() if self._sessions.is_live(known, touch=False)}
        self._who[session] = self._agents[one(fields, "agent")]

    def who(self, request: Request) -> tuple[str, Agent] | None:
        """Return session and agent of a request; None when nobody has logged in."""
        session = self.session_of(request)
        agent = self._who.get(session)
        return (session, agent) if agent is not None else None

    async def posted_by(self, request: Request) -> tuple[str, Agent, dict[str, list[str]]]:
        """Return session, agent and fields of a form that was made for the session.

        Raises
        ------
        HTTPException
            403 without a live session, or without its token.
        """
        session, fields = await self.posted(request)
        agent = self._who.get(session)
        if agent is None:
            raise HTTPException(403)
        return session, agent, fields

    def proof(self, session: str, purpose: str) -> str:
        """Return what an address carries to show that it was made for a session."""
        return self._sessions.token(session, purpose)[:32]
