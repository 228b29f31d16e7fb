"""How much of the server one request may take: bytes of its body, time to send it, places among all requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Refusal = Literal["too_large", "too_slow", "busy", "not_found"]
LONGEST_PATH = 200
"""Characters of a path; no address of a survey is nearly as long."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed.

    Attributes
    ----------
    body
        Bytes of one body.
    body_seconds
        Time from the first look at a body to its last byte.
    requests
        Requests that are worked on at the same time; more are asked to come again.
    """

    body: int = 256 * 1024
    body_seconds: float = 20.0
    requests: int = 512


class Bounded:
    """Read the whole body of a request within the limits before the application sees it.

    Parameters
    ----------
    app
        What is wrapped.
    limits
        What is allowed.
    refuse
        Makes the page that tells of a refusal.
    """

    def __init__(self, app: ASGIApp, limits: Limits, refuse: Callable[[Scope, Refusal], Response]) -> None:
        self._app = app
        self._limits = limits
        self._refuse = refuse
        self._working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["path"]) > LONGEST_PATH:
            await self._refuse(scope, "not_found")(scope, receive, send)
            return
        if not _has_body(scope):
            await self._answer(scope, receive, send)
            return
        body = await self._body(scope, receive)
        if isinstance(body, str):
            await self._refuse(scope, body)(scope, receive, send)
        elif body is not None:
            await self._answer(scope, _replay(body, receive), send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application work when it has a place; neither a body that is still coming nor an answer takes one.

        Answers are made whole before they begin, so that a client that does not read keeps nobody out.
        """
        if self._working >= self._limits.requests:
            await self._refuse(scope, "busy")(scope, receive, send)
            return
        place = 1
        self._working += place

        async def answering(message: Message) -> None:
            nonlocal place
            self._working -= place
            place = 0
            await send(message)

        try:
            await self._app(scope, receive, answering)
        finally:
            self._working -= place

    async def _body(self, scope: Scope, receive: Receive) -> bytes | Refusal | None:
        """Return the body, the reason why it is refused, or None when the client has gone."""
        length = _stated_length(scope)
        if length > self._limits.body:
            return "too_large"
        message = await self._first(receive)
        if isinstance(message, str):
            return message
        if message["type"] == "http.disconnect":
            return None
        if not message.get("more_body"):
            whole: bytes = message.get("body", b"")
            return whole if len(whole) <= self._limits.body else "too_large"
        return await self._rest(message.get("body", b""), receive)

    async def _first(self, receive: Receive) -> Message | Refusal:
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await receive()
        except TimeoutError:
            return "too_slow"

    async def _rest(self, begun: bytes, receive: Receive) -> bytes | Refusal | None:
        parts, size = [begun], len(begun)
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                while size <= self._limits.body:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            return "too_slow"
        return b"".join(parts) if size <= self._limits.body else "too_large"


def _has_body(scope: Scope) -> bool:
    return scope["method"] not in ("GET", "HEAD", "OPTIONS")


def _stated_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replayed() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
