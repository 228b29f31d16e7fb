"""The last net of the application: whatever breaks becomes a page, and is told without a respondent's words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("satmeter.collection")


class Failsafe:
    """Answer a request whose handler broke.

    Parameters
    ----------
    app
        What is wrapped.
    broken
        Makes the page; when that breaks too, the answer is a plain line.
    """

    def __init__(self, app: ASGIApp, broken: Callable[[Scope], Response]) -> None:
        self._app = app
        self._broken = broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001  one broken request must not end the others
            _log.error("internal error: %s", place_of(error))
            if scope["type"] == "http" and not started:
                await self._page(scope)(scope, receive, send)

    def _page(self, scope: Scope) -> Response:
        try:
            return self._broken(scope)
        except Exception as error:  # noqa: BLE001
            _log.error("internal error: %s", place_of(error))
            return Response("internal error", 500, media_type="text/plain")


def place_of(error: BaseException) -> str:
    """Tell where something broke, without its message, which may hold what a respondent wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {at}"
