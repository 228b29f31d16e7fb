"""The monitor's routes: a password, the figures, the data. Without a password file there is no monitor."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from satmeter.collection.bodies import one, one_of
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.monitor_access import PATH, Access, language_of
from satmeter.collection.monitor_answers import ratings
from satmeter.collection.monitor_cache import Latest
from satmeter.collection.monitor_downloads import FORMATS, Downloads
from satmeter.collection.monitor_figures import MIN_CELL, Figures, make_figures
from satmeter.collection.monitor_pages import Pages
from satmeter.collection.monitor_records import EventSource, Record, Records
from satmeter.collection.monitor_signals import Signal, signals
from satmeter.collection.monitor_words import LANGUAGES
from satmeter.errors import SatmeterError
from satmeter.questionnaire.model import Questionnaire

FloatArray = npt.NDArray[np.float64]

SIGNAL_PATIENCE = 2.0
"""Seconds that a page waits for new signals before it is shown with those that there are."""

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def routes(
    questionnaire: Questionnaire,
    store: EventSource,
    *,
    password_hash: str,
    downloads: Downloads,
    fieldwork: Fieldwork | None = None,
    base_url: str = "",
    min_cell: int = MIN_CELL,
) -> list[Route]:
    """Return the routes of the monitor, all of them under ``/monitor``.

    Parameters
    ----------
    questionnaire
        The one that is fielded.
    store
        Its events are read; nothing is written.
    password_hash
        From `monitor_password.read_password_file`.
    downloads
        Where the data are read from, and whether answers that identify a person may be asked for.
    fieldwork
        Plan and quotas.
    base_url
        Where it begins with ``https:``, cookies go over https only.
    min_cell
        Fewest respondents of whom a score is shown.
    """
    return Monitor(
        questionnaire,
        store,
        password_hash=password_hash,
        downloads=downloads,
        fieldwork=fieldwork or Fieldwork(),
        secure=base_url.startswith("https:"),
        min_cell=min_cell,
    ).routes()


@dataclass(frozen=True, slots=True)
class _Standing:
    """The figures and what they were made from, for the signals."""

    figures: Figures
    records: tuple[Record, ...]
    done: tuple[Record, ...]
    codes: dict[str, FloatArray]


def _standing(questionnaire: Questionnaire, store: Records, fieldwork: Fieldwork, min_cell: int) -> _Standing:
    records = store.now()
    done = tuple(record for record in records if record.submitted is not None)
    codes = ratings(questionnaire, done)
    figures = make_figures(
        questionnaire,
        records,
        codes,
        plan=fieldwork.plan,
        quotas=fieldwork.quotas,
        min_cell=min_cell,
        now=time.time(),
    )
    return _Standing(figures, records, done, codes)


class Monitor:
    """The monitor of one survey; see `routes`."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        store: EventSource,
        *,
        password_hash: str,
        downloads: Downloads,
        fieldwork: Fieldwork,
        secure: bool,
        min_cell: int,
    ) -> None:
        self._standing = Latest(partial(_standing, questionnaire, Records(store, questionnaire), fieldwork, min_cell))
        self._signals: Latest[tuple[Signal, ...]] = Latest(self._look)
        self._questionnaire = questionnaire
        self._downloads = downloads
        self._pages = Pages(questionnaire, min_cell=min_cell, formats=FORMATS, with_pii=downloads.may_open)
        self._access = Access(password_hash, self._login_page, secure=secure)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(PATH, self.figures, methods=["GET"]),
            Route(f"{PATH}/login", self._access.login_page, methods=["GET"]),
            Route(f"{PATH}/login", self._access.login, methods=["POST"]),
            Route(f"{PATH}/logout", self._access.logout, methods=["POST"]),
            Route(f"{PATH}/download", self.download, methods=["POST"]),
            Route(f"{PATH}/assets/{{name}}", self.asset, methods=["GET"]),
        ]

    async def figures(self, request: Request) -> Response:
        """Show the figures."""
        language = language_of(request)
        session = self._access.session_of(request)
        if not session:
            return self._access.to_login(language)
        return await self._page(session, language)

    async def download(self, request: Request) -> Response:
        """Make a file and hand it over at once: it has no address and is kept nowhere."""
        session, fields = await self._access.posted(request)
        language = one_of(fields, "language", LANGUAGES, language_of(request))
        kind = one(fields, "format")
        if kind not in FORMATS:
            raise HTTPException(400)
        try:
            made = await self._downloads.make(kind, language=language, with_pii=one(fields, "pii") == "yes")
        except SatmeterError as error:
            return await self._page(session, language, complaint=error.text(language), status=409)
        headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
        return Response(made.content, media_type=made.media_type, headers=headers)

    async def asset(self, request: Request) -> Response:
        """Hand out style, script and font."""
        found = self._pages.assets.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return Response(found[1], media_type=found[0], headers=_FOREVER)

    async def _page(self, session: str, language: str, *, complaint: str = "", status: int = 200) -> Response:
        standing = self._latest = await self._standing.get()
        found = await self._signals.soon(SIGNAL_PATIENCE)
        token = self._access.token(session)
        return HTMLResponse(
            self._pages.figures(standing.figures, found, language, token=token, complaint=complaint), status
        )

    def _look(self) -> tuple[Signal, ...]:
        standing = self._latest
        return signals(self._questionnaire, standing.done, standing.codes, standing.records)

    def _login_page(self, language: str, token: str, complaint: str) -> str:
        return self._pages.login(language, token=token, complaint=complaint)
