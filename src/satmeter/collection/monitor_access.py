"""The monitor's door: log in, log out, and the check of every request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from satmeter.collection.bodies import form_fields, one, one_of
from satmeter.collection.keys import is_key, new_key
from satmeter.collection.monitor_password import password_fits
from satmeter.collection.monitor_sessions import LONGEST_DELAY, Familiar, Patience, Sessions
from satmeter.collection.monitor_words import LANGUAGES

PATH = "/monitor"
SESSION_COOKIE = "satmeter_monitor"
VISIT_COOKIE = "satmeter_visit"
RENEWAL = "x-satmeter-renewal"
_LOGIN, _ACT = "login", "act"
_KNOWN_SECONDS = 30 * 24 * 3600

LoginPage = Callable[[str, str, str], str]
"""Language, token and complaint to the page that asks for the password."""


class Access:
    """Who may see the monitor.

    Parameters
    ----------
    password_hash
        From `read_password_file`.
    page
        Makes the page that asks for the password.
    secure
        Whether cookies go over https only.
    sessions, patience
        Of this process.
    path, session_cookie, visit_cookie
        Below which the pages stand, and the names of the cookies.
    """

    def __init__(
        self,
        password_hash: str,
        page: LoginPage,
        *,
        secure: bool,
        sessions: Sessions | None = None,
        patience: Patience | None = None,
        path: str = PATH,
        session_cookie: str = SESSION_COOKIE,
        visit_cookie: str = VISIT_COOKIE,
    ) -> None:
        self._path = path
        self._session_cookie = session_cookie
        self._visit_cookie = visit_cookie
        self._known_cookie = f"{session_cookie}_known"
        self._hash = password_hash
        self._page = page
        self._secure = secure
        self._sessions = sessions or Sessions()
        self._patience = patience or Patience()
        self._familiar = Familiar()
        self._looking = asyncio.Lock()  # one hash at a time: each takes 64 MiB

    def session_of(self, request: Request) -> str:
        """Return the id of the live session of a request; empty when there is none.

        A page that renews itself does not keep its session alive.
        """
        session = request.cookies.get(self._session_cookie, "")
        live = is_key(session) and self._sessions.is_live(session, touch=RENEWAL not in request.headers)
        return session if live else ""

    def token(self, session: str) -> str:
        """Return what the forms of a session must carry."""
        return self._sessions.token(session, _ACT)

    async def posted(self, request: Request) -> tuple[str, dict[str, list[str]]]:
        """Return the session and the fields of a form that was made for it.

        Raises
        ------
        HTTPException
            403 without a live session, or without its token.
        """
        fields = await form_fields(request)
        session = self.session_of(request)
        if not session or not self._sessions.token_fits(session, _ACT, one(fields, "token")):
            raise HTTPException(403)
        return session, fields

    def to_login(self, language: str) -> Response:
        """Lead to the page that asks for the password."""
        return RedirectResponse(f"{self._path}/login?language={language}", 303)

    async def login_page(self, request: Request) -> Response:
        """Ask for the password."""
        language = language_of(request)
        if self.session_of(request):
            return RedirectResponse(f"{self._path}?language={language}", 303)
        return self._ask(request, language)

    async def login(self, request: Request) -> Response:
        """Look at a password: after a wait that grows with the wrong ones before it, beside the other requests.

        A browser that was let in before waits for its own wrong ones only, so that strangers do not keep it out.
        """
        fields = await form_fields(request)
        language = one_of(fields, "language", LANGUAGES, language_of(request))
        if not self._sessions.token_fits(request.cookies.get(self._visit_cookie, ""), _LOGIN, one(fields, "token")):
            return self._ask(request, language, "stale", 403)
        known = self._familiar.patience_with(request.cookies.get(self._known_cookie, ""))
        patience = known or self._patience
        seconds = patience.enter()
        if seconds is None:
            answer = self._ask(request, language, "wait", 429)
            answer.headers["Retry-After"] = str(round(LONGEST_DELAY))
            return answer
        right = False
        try:
            await asyncio.sleep(seconds)
            async with self._looking:
                right = await asyncio.to_thread(self.fits, fields)
        finally:
            patience.leave(right=right)
        if not right:
            return self._ask(request, language, "wrong", 403)
        answer = RedirectResponse(f"{self._path}?language={language}", 303)
        self._sessions.end(request.cookies.get(self._session_cookie, ""))
        session = self._sessions.begin()
        self.begun(session, fields)
        self._set(answer, self._session_cookie, session)
        if known is None:
            self._set(answer, self._known_cookie, self._familiar.greet(), _KNOWN_SECONDS)
        answer.delete_cookie(self._visit_cookie, path=self._path, secure=self._secure, httponly=True, samesite="strict")
        return answer

    def fits(self, fields: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether what was posted lets anybody in; runs in a thread of its own."""
        return password_fits(self._hash, one(fields, "password"))

    def begun(self, session: str, fields: Mapping[str, Sequence[str]]) -> None:
        """Note whose session has begun."""

    async def logout(self, request: Request) -> Response:
        """End the session."""
        session, fields = await self.posted(request)
        self._sessions.end(session)
        answer = self.to_login(one_of(fields, "language", LANGUAGES, language_of(request)))
        answer.delete_cookie(
            self._session_cookie, path=self._path, secure=self._secure, httponly=True, samesite="strict"
        )
        return answer

    def _ask(self, request: Request, language: str, complaint: str = "", status: int = 200) -> Response:
        visit = request.cookies.get(self._visit_cookie, "")
        known = is_key(visit)
        visit = visit if known else new_key()
        answer = HTMLResponse(self._page(language, self._sessions.token(visit, _LOGIN), complaint), status)
        if not known:
            self._set(answer, self._visit_cookie, visit)
        return answer

    def _set(self, answer: Response, name: str, value: str, seconds: int | None = None) -> None:
        answer.set_cookie(
            name, value, max_age=seconds, path=self._path, secure=self._secure, httponly=True, samesite="strict"
        )


def language_of(request: Request) -> str:
    """Return the language for a request: as asked in the address, else Chinese where the browser asks for it."""
    asked = request.query_params.get("language", "")
    if asked in LANGUAGES:
        return asked
    return "zh-CN" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
