"""One survey at work: its editions, its pages, its words to respondents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from satmeter.collection.settings import Settings
from satmeter.collection.versions import stored_questionnaires
from satmeter.form.live import LiveForm, Theme, live_form
from satmeter.journal.sealing import pii_variables
from satmeter.questionnaire.model import Questionnaire

_ASKED = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}|\*)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?")
_STATUS = {
    "thanks": 200,
    "submitted_already": 409,
    "not_found": 404,
    "wrong_method": 405,
    "malformed": 400,
    "too_large": 413,
    "too_slow": 408,
    "busy": 503,
    "broken": 500,
    "closed": 403,
    "quota_full": 403,
    "withdrawn": 410,
}
RETRY = {"Retry-After": "10"}


@dataclass(frozen=True, slots=True)
class Edition:
    """A definition under which responses were opened, ready to be shown.

    Attributes
    ----------
    sealed
        The questions whose answers are sealed.
    """

    questionnaire: Questionnaire
    form: LiveForm
    sealed: tuple[str, ...]


class Survey:
    """Everything that the routes for respondents share.

    Parameters
    ----------
    settings
        The survey as it is fielded. Forms of all definitions in the store are made at once, so that a response that
        was opened under an earlier one is finished under it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        given = settings.fieldwork
        theme = Theme(given.title, given.colour, given.logo, given.logo_type)
        current = settings.questionnaire
        known = {} if settings.preview else stored_questionnaires(settings.store)
        self.editions = {
            digest: self._edition(questionnaire, theme)
            for digest, questionnaire in (known | {current.digest: current}).items()
        }
        self.current = self.editions[current.digest]
        self.language = settings.language or current.language

    def _edition(self, questionnaire: Questionnaire, theme: Theme) -> Edition:
        form = live_form(questionnaire, theme, preview=self.settings.preview)
        return Edition(questionnaire, form, pii_variables(questionnaire))

    def edition(self, digest: str) -> Edition | None:
        """Return the edition under which a response goes on: its own; in a preview always the newest."""
        return self.current if self.settings.preview else self.editions.get(digest)

    def language_of(self, request: Request) -> str:
        """Return the language to speak to somebody of whom nothing else is known.

        An address with ``?language=`` says it, else the browser's list of wishes, else the settings.
        """
        languages = self.current.questionnaire.languages
        wanted = request.query_params.get("language", "")
        return wanted if wanted in languages else self._wished(request.headers.get("accept-language", ""))

    def _wished(self, header: str) -> str:
        wishes: list[tuple[float, str]] = []
        for part in header[:500].split(","):
            found = _ASKED.fullmatch(part)
            if found is not None:
                wishes.append((float(found[2] or 1), found[1].lower()))
        for weight, wish in sorted(wishes, key=lambda pair: -pair[0]):
            for language in self.current.questionnaire.languages if weight > 0 else ():
                if wish == language.lower() or wish.split("-")[0] == language.lower().split("-")[0]:
                    return language
        return self.language

    def message(
        self,
        kind: str,
        language: str,
        *,
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        edition: Edition | None = None,
        fields: Mapping[str, str | int] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Response:
        """Return a page that says one thing."""
        kind = "withdrawn" if kind == "erased" else kind
        status = status or _STATUS.get(kind, 200)
        more = RETRY if status == 503 else {}
        form = (edition or self.current).form
        html = form.message(kind, language=language, fields=fields, values=values)
        return HTMLResponse(html, status, {**more, **(headers or {})})


def see_other(path: str) -> Response:
    """Return a redirect within this server; the host is never named, so that nobody can forge it."""
    return RedirectResponse(path, 303)
