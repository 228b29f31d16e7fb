"""The same application on a store that keeps nothing, made anew whenever the questionnaire is saved."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from satmeter.collection.application import application
from satmeter.collection.fieldwork_file import Fieldwork, read_fieldwork
from satmeter.collection.security_headers import SecurityHeaders
from satmeter.collection.settings import Settings
from satmeter.errors import Problem, SatmeterError, message_language
from satmeter.form.live_assets import live_assets
from satmeter.journal.store import Store
from satmeter.journal.unkept import null_store
from satmeter.questionnaire.read import read_questionnaire

_SCRIPT = "/preview/reload.js"
_STATE = "/preview/state"
_STYLE = "/preview/page.css"
_WORDS = {
    "en": ("The questionnaire cannot be shown", "This page is loaded again as soon as the file is saved."),
    "zh-CN": ("问卷无法显示", "保存文件后，本页会自动刷新。"),
}


class Preview:
    """An application that shows a questionnaire as it is now. It knows no store but one that forgets.

    Parameters
    ----------
    questionnaire
        A built-in name or the path of a file, which is looked at before every answer.
    fieldwork
        Path of a fieldwork file for its theme; empty: none.
    language
        As of `Settings`.
    """

    def __init__(self, questionnaire: str, *, fieldwork: str = "", language: str = "") -> None:
        self._questionnaire = questionnaire
        self._fieldwork = fieldwork
        self._language = language
        self._store: Store | None = None
        self._seen: tuple[object, ...] = ()
        self._count = 0
        self._making = asyncio.Lock()
        self._app: ASGIApp = SecurityHeaders(PlainTextResponse(""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the questionnaire as it stands in its file."""
        async with self._making:
            self._refresh()
        own = self._own(scope["path"]) if scope["type"] == "http" else None
        await (self._app if own is None else SecurityHeaders(own))(scope, receive, send)

    def _own(self, path: str) -> Response | None:
        if path == _STATE:
            return JSONResponse({"edition": self._count})
        if path == _SCRIPT:
            return Response(_script(), media_type="text/javascript")
        return Response(_style(), media_type="text/css") if path == _STYLE else None

    def _refresh(self) -> None:
        seen = tuple(_stamp(name) for name in (self._questionnaire, self._fieldwork) if name)
        if seen == self._seen and self._count:
            return
        self._seen = seen
        self._count += 1
        try:
            self._app = _Reloading(self._made())
        except SatmeterError as error:
            self._app = SecurityHeaders(_problems_page(error.problems))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._app = SecurityHeaders(
                _problems_page((Problem("U007", self._questionnaire, params={"reason": reason}),))
            )

    def _made(self) -> ASGIApp:
        questionnaire = read_questionnaire(self._questionnaire)
        fieldwork = read_fieldwork(self._fieldwork, questionnaire) if self._fieldwork else Fieldwork()
        if self._store is None:
            self._store = null_store(questionnaire.id)
        language = self._language if self._language in questionnaire.languages else ""
        shown = Fieldwork(
            title=fieldwork.title, colour=fieldwork.colour, logo=fieldwork.logo, logo_type=fieldwork.logo_type
        )
        return application(
            Settings(questionnaire=questionnaire, store=self._store, fieldwork=shown, language=language, preview=True)
        )


class _Reloading:
    """Add to every page the script that loads it again when the questionnaire was saved."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}

        async def added(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body = message.get("body", b"")
            if start and dict(start["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                body = body.replace(b"</body>", f'<script src="{_SCRIPT}" defer></script></body>'.encode())
                length = (b"content-length", str(len(body)).encode())
                start["headers"] = [*(h for h in start["headers"] if h[0] != b"content-length"), length]
            if start:
                await send(start)
                start = {}
            await send({**message, "body": body})

        await self._app(scope, receive, added)


def _problems_page(problems: tuple[Problem, ...]) -> Response:
    language = message_language()
    title, hint = _WORDS[language]
    html = (
        _environment()
        .get_template("preview_problems.html.j2")
        .render(
            language=language,
            title=title,
            hint=hint,
            problems=[problem.text(language) for problem in problems],
            style=_STYLE,
            script=_SCRIPT,
        )
    )
    return HTMLResponse(html, 503)


def _stamp(name: str) -> object:
    try:
        status = Path(name).stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@cache
def _script() -> str:
    return files("satmeter.collection").joinpath("js", "preview.js").read_text("utf-8")


@cache
def _style() -> bytes:
    own = next(data for name, (_, data) in live_assets().items() if name.endswith(".css"))
    return own + b"\npre { white-space: pre-wrap; overflow-wrap: anywhere; }\n"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("satmeter.collection", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
