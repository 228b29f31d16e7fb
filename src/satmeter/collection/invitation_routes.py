"""The pages of an invitation: `/i/{token}` shows what the survey is about, and its form begins it.

Looking changes nothing, so previews of links in messengers use up no invitation. Who has begun is led back to the own
answers; of an anonymous survey nobody knows whose they are, and the personal link leads back alone.
"""

from __future__ import annotations

import asyncio
from functools import partial

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.bodies import form_fields, one
from satmeter.collection.invitations import MESSAGES, Invitations, Word
from satmeter.collection.keys import link_of, new_key
from satmeter.collection.opening import STORE_SECONDS, open_response
from satmeter.collection.survey import Survey, see_other
from satmeter.journal.model import Event, Job

_STATUS = {"not_found": 404, "expired": 410, "used": 410}


class InvitationRoutes:
    """The routes of invitations.

    Parameters
    ----------
    survey
        What is asked.
    invitations
        Of its sample.
    """

    def __init__(self, survey: Survey, invitations: Invitations) -> None:
        self._survey = survey
        self._invitations = invitations

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/i/{token}", self.welcome, methods=["GET"]),
            Route("/i/{token}/begin", self.begin, methods=["POST"]),
        ]

    async def welcome(self, request: Request) -> Response:
        """Show what the survey is about; a link that was used leads on to the own answers, or says so."""
        token: str = request.path_params["token"]
        language = self._survey.language_of(request)
        word = await run_sync(self._look, token)
        if word == "begun":
            return see_other(await self._resume(token))
        if word:
            return self._refused(word, language)
        if self._survey.settings.closed:
            return self._survey.message("closed", language)
        fields = {"k": new_key(), "language": language}
        form = self._survey.current.form
        return HTMLResponse(form.welcome(language=language, action=f"/i/{token}/begin", fields=fields, personal=True))

    async def begin(self, request: Request) -> Response:
        """Redeem the link and lead to the first page; a second post leads to the same response."""
        token: str = request.path_params["token"]
        fields = await form_fields(request)
        language = one(fields, "language")
        if language not in self._survey.current.questionnaire.languages:
            language = self._survey.language_of(request)
        if self._survey.settings.closed:
            return self._survey.message("closed", language)
        if self._invitations.anonymous:
            return await self._begin_unknown(token, language)
        word = await run_sync(self._look, token)
        if word == "begun":
            return see_other(await self._resume(token))
        if word:
            return self._refused(word, language)
        key = self._invitations.personal_key(token)
        opened = await open_response(self._survey, language, key=key, guard=partial(self._invitations.guard, token))
        if opened.refused == "begun":
            return see_other(await self._resume(token))
        return self._refused(opened.refused, language) if opened.refused else see_other(opened.path)

    async def _begin_unknown(self, token: str, language: str) -> Response:
        """Mark the link as used, then open a response that has nothing to do with it."""
        word = await run_sync(self._invitations.claim, token)
        if word:
            return self._refused(word, language)
        try:
            opened = await open_response(self._survey, language)
        except BaseException:
            await asyncio.shield(run_sync(self._invitations.give_back, token))
            raise
        return see_other(opened.path)

    async def _resume(self, token: str) -> str:
        """Return the personal link of a response that has begun, binding it first where the invitation was replaced."""
        key = self._invitations.personal_key(token)
        event = await run_sync(self._unbound, token, key)
        if event is not None:
            definition = self._survey.current.questionnaire.digest
            async with asyncio.timeout(STORE_SECONDS):
                await asyncio.wrap_future(self._survey.settings.store.submit(Job((event,), definition, link_of(key))))
        return f"/r/{key}"

    def _unbound(self, token: str, key: str) -> Event | None:
        """Return the event that binds a personal link; None where it is bound, or nobody knows to what."""
        store = self._survey.settings.store
        if store.response_of(link_of(key)) is not None:
            return None
        with store.connection() as connection:
            response = self._invitations.response_of(connection, token)
        state = None if response is None else store.latest(response)
        if state is None:
            return None
        return Event("page", state.response, {"page": max(state.page, 1), "shown": [], "passed": False})

    def _look(self, token: str) -> Word:
        with self._survey.settings.store.connection() as connection:
            return self._invitations.look(connection, token)

    def _refused(self, word: str, language: str) -> Response:
        kind = MESSAGES[word]
        return self._survey.message(kind, language, status=_STATUS[kind])
