"""Headers of every answer: nothing foreign is loaded, framed, guessed, told to others or kept by a browser."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
NOT_KEPT = (b"cache-control", b"no-store")


class SecurityHeaders:
    """Add the headers to whatever the application answers.

    An answer that says itself how long it may be kept (assets) keeps saying so; all others are kept by nobody.

    Parameters
    ----------
    app
        What is wrapped.
    secure
        Whether respondents come by https only: then browsers are told to stay there.
    """

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        self._app = app
        strict = ((b"strict-transport-security", b"max-age=31536000"),) if secure else ()
        self._headers = (*HEADERS, *strict)
        self._not_kept = (*self._headers, NOT_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                kept = any(name == b"cache-control" for name, _ in given)
                message = {**message, "headers": [*given, *(self._headers if kept else self._not_kept)]}
            await send(message)

        await self._app(scope, receive, with_headers)
