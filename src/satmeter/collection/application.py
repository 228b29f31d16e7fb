"""The application: routes, limits, headers, and a page for whatever goes wrong."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from satmeter.collection.failsafe import Failsafe
from satmeter.collection.invitation_routes import InvitationRoutes
from satmeter.collection.landing import Landing
from satmeter.collection.limits import Bounded, Refusal
from satmeter.collection.modes import mode_routes
from satmeter.collection.quotas import FULL
from satmeter.collection.respondent_routes import CLOSED, Respondents
from satmeter.collection.security_headers import SecurityHeaders
from satmeter.collection.settings import Settings
from satmeter.collection.survey import Survey
from satmeter.errors import JournalError

_KINDS = {
    400: "malformed",
    403: "malformed",
    404: "not_found",
    405: "wrong_method",
    410: "withdrawn",
    413: "too_large",
    415: "malformed",
    500: "broken",
    503: "busy",
}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_log = logging.getLogger("satmeter.collection")


def application(settings: Settings) -> Starlette:
    """Return the web application of one survey.

    Parameters
    ----------
    settings
        The survey as it is fielded.

    Returns
    -------
    Starlette
        To be run by uvicorn (`server.serve`) or called by a test client.
    """
    survey = Survey(settings)

    def refuse(scope: Scope, kind: Refusal) -> Response:
        return survey.message(kind, survey.language_of(Request(scope)), headers={"Connection": "close"})

    async def complain(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and 300 <= error.status_code < 400:
            return Response(status_code=error.status_code, headers=error.headers)
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        kind = error.detail if isinstance(error, HTTPException) and error.detail in (CLOSED, FULL) else ""
        return _complaint(survey, request, status, headers, kind)

    async def not_stored(request: Request, error: Exception) -> Response:
        code = error.problems[0].code if isinstance(error, JournalError) else type(error).__name__
        _log.error("the store did not answer: %s", code)
        return _complaint(survey, request, 503, {})

    def broken(scope: Scope) -> Response:
        return _complaint(survey, Request(scope), 500, {})

    made = Starlette(
        routes=[
            *Respondents(survey).routes(),
            *settings.routes,
            *mode_routes(survey),
            *Landing(survey).routes(),
            *(InvitationRoutes(survey, settings.invitations).routes() if settings.invitations else ()),
            _assets(survey),
            _health(),
        ],
        middleware=[
            Middleware(SecurityHeaders, secure=settings.base_url.startswith("https:")),
            Middleware(Failsafe, broken=broken),
            Middleware(Bounded, limits=settings.limits, refuse=refuse),
        ],
        exception_handlers={HTTPException: complain, JournalError: not_stored, TimeoutError: not_stored},
    )
    made.router.redirect_slashes = False  # Starlette would name the host that the request names
    return made


def _complaint(survey: Survey, request: Request, status: int, headers: dict[str, str], kind: str = "") -> Response:
    kind = kind or _KINDS.get(status, "malformed")
    if request.scope["path"].endswith("/save"):
        retry = {"Retry-After": "10"} if status == 503 else {}
        return JSONResponse({"ok": False, "reason": kind}, status, {**headers, **retry})
    return survey.message(kind, survey.language_of(request), status=status, headers=headers)


def _assets(survey: Survey) -> Route:
    files = {name: asset for edition in survey.editions.values() for name, asset in edition.form.assets.items()}

    async def asset(request: Request) -> Response:
        found = files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found[1], media_type=found[0], headers=_FOREVER)

    return Route("/assets/{name}", asset, methods=["GET"])


def _health() -> Route:
    async def health(request: Request) -> Response:
        return JSONResponse({"ok": True})

    return Route("/health", health, methods=["GET"])
