"""A respondent's own pages: `/r/{key}` and what hangs below it.

Nobody but who has the personal link can name these addresses, so a foreign site cannot post to them: they carry their
own proof, and no token against cross-site requests is needed.
"""

from __future__ import annotations

from collections.abc import Mapping

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from satmeter.collection.bodies import form_fields, json_object, one, one_of, page_key
from satmeter.collection.judging import Judged, judge_cells, judge_page
from satmeter.collection.keys import is_page_key, new_key
from satmeter.collection.lateness import Lateness, ages_of, given_anew, number_of
from satmeter.collection.navigation import first_open_page, furthest, is_end, may_see, shown_on, where_next
from satmeter.collection.quotas import FULL
from satmeter.collection.recording import Recorder, tell_not_stored
from satmeter.collection.steps import place
from satmeter.collection.survey import RETRY, Survey, see_other
from satmeter.collection.visits import Visit, Visits
from satmeter.errors import JournalError
from satmeter.form.model import OWN_BROWSER, Desk

CLOSED = "closed"
"""What a request is refused with after the last day; the kind of message."""

_GOES = ("next", "back", "stay")
_NOTICES = ("further", "elsewhere", "open")


class Respondents:
    """The routes of respondents.

    Parameters
    ----------
    survey
        What is asked.
    """

    root = "/r/{key}"
    """Below which the pages of one respondent stand."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._visits = Visits(survey)
        self._recorder = Recorder(survey)
        self._lateness = Lateness()

    def routes(self) -> list[Route]:
        """Return the routes, the busiest first."""
        return [
            Route(f"{self.root}/{{page:int}}", self.take, methods=["POST"]),
            Route(f"{self.root}/{{page:int}}", self.show, methods=["GET"]),
            Route(f"{self.root}/{{page:int}}/save", self.save, methods=["POST"]),
            Route(f"{self.root}/submit", self.submit, methods=["POST"]),
            Route(f"{self.root}/thanks", self.thanks, methods=["GET"]),
            Route(self.root, self.resume, methods=["GET"]),
        ]

    async def resume(self, request: Request) -> Response:
        """Lead to the furthest page, or to the thanks."""
        visit = await self._visit(request)
        return see_other(visit.path("thanks" if visit.state.submitted else furthest(visit)))

    async def show(self, request: Request) -> Response:
        """Show one page; one that is not reached yet, or not asked, leads to the furthest one."""
        visit = await self._visit(request)
        page: int = request.path_params["page"]
        if visit.state.submitted:
            return see_other(visit.path("thanks"))
        if not may_see(visit, page):
            return see_other(visit.path(furthest(visit)))
        if request.method == "GET":
            self._recorder.note_shown(visit, page)
        notice = request.query_params.get("notice", "")
        return self._page(visit, page, notice=notice if notice in _NOTICES else "")

    async def thanks(self, request: Request) -> Response:
        """Thank for a response that is complete."""
        visit = await self._visit(request)
        if not visit.state.submitted:
            return see_other(visit.path())
        return self.say("thanks", visit, visit.state.language)

    async def take(self, request: Request) -> Response:
        """Take the answers of one page; a repeated post is answered as the first one."""
        fields = await form_fields(request)
        key, go, number = page_key(fields), one_of(fields, "go", _GOES, "next"), number_of(one(fields, "n"))
        async with self._visits.turn(self.key_of(request)):
            visit = await self._visit(request)
            page = _page_of(request, visit)
            questionnaire = visit.edition.questionnaire
            language = one_of(fields, "language", questionnaire.languages, visit.state.language)
            on_page = fields.get("q") or shown_on(visit, page, visit.values)
            judged = judge_page(questionnaire, page, fields, on_page=on_page, known=visit.values)
            if visit.state.submitted:
                return self._after_the_end(visit, judged)
            if not judged.changes and not may_see(visit, page):
                return see_other(visit.path(furthest(visit)))
            if judged.changes and self._lateness.is_late(visit.response, page, key, number):
                return self._page(visit, page, judged, language=language, notice="conflict", status=409)
            answer = await self._taken(visit, page, key, go, language, judged)
        if answer.status_code != 503:
            self._lateness.note(visit.response, page, key, number)
        return answer

    async def save(self, request: Request) -> Response:
        """Store answers that the page's script sends while its respondent goes on; answered once they are safe.

        What was answered anew since is passed over; what cannot stand is told (422), and all else of it is stored.
        """
        body = await json_object(request)
        cells, key, language = body.get("values"), body.get("k"), body.get("language")
        if not isinstance(cells, dict) or not isinstance(key, str) or not is_page_key(key):
            raise HTTPException(400)
        number, ages = number_of(body.get("n")), ages_of(body.get("ages"), cells)
        async with self._visits.turn(self.key_of(request)):
            visit = await self._visit(request)
            page, questionnaire = _page_of(request, visit), visit.edition.questionnaire
            if self._lateness.is_late(visit.response, page, key, number):
                return JSONResponse({"ok": True, "seq": visit.state.seq})
            if ages:
                anew = await run_sync(self._given_anew, visit.response, page, (key, body.get("was")), ages)
                cells = {name: cell for name, cell in cells.items() if name not in anew}
            judged = judge_cells(questionnaire, page, cells, known=visit.values)
            if visit.state.submitted:
                late = bool(judged.changes)
                return JSONResponse({"ok": not late, "reason": "submitted_already"}, 409 if late else 200)
            known = isinstance(language, str) and language in questionnaire.languages
            spoken = str(language) if known else visit.state.language
            events = self._recorder.events(visit, page, "", spoken, judged, passed=False, done=False)
            appended = await self._recorder.write(visit, events, values=judged.values) if events else None
        if appended is not None and appended.refused:
            return JSONResponse({"ok": False, "reason": appended.refused}, 403)
        self._lateness.note(visit.response, page, key, number, appended.seq if appended else 0)
        if judged.unsound:
            return JSONResponse({"ok": False, "reason": "unsound", "questions": sorted(judged.problems)}, 422)
        return JSONResponse({"ok": True, "seq": appended.seq if appended else visit.state.seq})

    def _given_anew(
        self, response: str, page: int, keys: tuple[object, ...], ages: Mapping[str, float]
    ) -> frozenset[str]:
        settings = self._survey.settings
        others = self._lateness.of_others(settings.store.events(response), response, page, keys)
        return given_anew(others, ages, settings.now())

    async def submit(self, request: Request) -> Response:
        """Finish a response all of whose pages are done."""
        key = page_key(await form_fields(request))
        async with self._visits.turn(self.key_of(request)):
            visit = await self._visit(request)
            if not visit.state.submitted:
                missing = first_open_page(visit.edition.questionnaire, visit.values, visit.state.pages_passed)
                if missing is not None:
                    return see_other(visit.path(f"{missing}?notice=open"))
                event = self._recorder.submitted(visit, visit.state.language, key)
                appended = await self._recorder.write(visit, (event,), values=visit.values, done=True)
                if appended.refused:
                    return self.say(appended.refused, visit, visit.state.language)
        return see_other(visit.path("thanks"))

    async def _taken(self, visit: Visit, page: int, key: str, go: str, language: str, judged: Judged) -> Response:
        passed = go == "next" and judged.passes and may_see(visit, page)
        done = passed and is_end(visit, page, judged)
        events = self._recorder.events(visit, page, key, language, judged, passed=passed, done=done)
        if events:
            try:
                appended = await self._recorder.write(visit, events, values=judged.values, done=done)
            except (JournalError, TimeoutError) as error:
                tell_not_stored(error)
                return self._page(visit, page, judged, language=language, key=key, notice="not_stored", status=503)
            if appended.refused:
                return self.say(appended.refused, visit, language)
            if appended.repeated and judged.changes:
                return self._page(visit, page, judged, language=language, notice="conflict", status=409)
        if done:
            return see_other(visit.path("thanks"))
        if judged.problems and (go == "next" or judged.unsound):
            return self._page(visit, page, judged, language=language, status=200 if go == "stay" else 422)
        return see_other(where_next(visit, page, go, judged, passed=passed))

    def key_of(self, request: Request) -> str:
        """Return the key of the personal link of whoever asks; empty: nobody."""
        key: str = request.path_params["key"]
        return key

    def at(self, request: Request, visit: Visit) -> Visit:
        """Return the visit as it is seen from where it is asked for."""
        return visit

    def desk(self, visit: Visit, page: int, language: str) -> Desk:
        """Return where a page is shown."""
        return OWN_BROWSER

    def link(self, visit: Visit) -> str:
        """Return the address at which the respondent goes on later; empty: it is not shown."""
        return self._survey.settings.base_url + visit.path()

    def say(self, kind: str, visit: Visit, language: str) -> Response:
        """Return a page that says one thing to a respondent."""
        values = visit.values if kind == "thanks" else None
        return self._survey.message(kind, language, edition=visit.edition, values=values)

    async def _visit(self, request: Request) -> Visit:
        visit = await self._visits.find(self.key_of(request))
        if visit is None:
            raise HTTPException(404)
        if visit.state.withdrawn:
            raise HTTPException(403, FULL) if visit.state.reason == FULL else HTTPException(410)
        if self._survey.settings.over and not visit.state.submitted:
            raise HTTPException(403, CLOSED)
        return self.at(request, visit)

    def _after_the_end(self, visit: Visit, judged: Judged) -> Response:
        """Answer a post to a complete response: the same again is thanked for, anything else is too late."""
        if not (judged.changes or judged.elsewhere or judged.unsound):
            return see_other(visit.path("thanks"))
        return self.say("submitted_already", visit, visit.state.language)

    def _page(
        self,
        visit: Visit,
        page: int,
        judged: Judged | None = None,
        *,
        language: str = "",
        key: str = "",
        notice: str = "",
        status: int = 200,
    ) -> Response:
        """Make a page; after a post it shows what stood in the controls."""
        values = judged.values if judged else visit.values
        number, of = place(visit.edition.questionnaire, values, page)
        html = visit.edition.form.page(
            page,
            language=language or visit.state.language,
            values=values,
            order=visit.order,
            shown=shown_on(visit, page, values),
            errors=judged.problems if judged else {},
            action=visit.path(page),
            key=key or new_key(),
            number=number,
            of=of,
            personal_link=self.link(visit),
            notice=notice,
            raw=judged.raw if judged else None,
            desk=self.desk(visit, page, language or visit.state.language),
        )
        return HTMLResponse(html, status, RETRY if status == 503 else None)


def _page_of(request: Request, visit: Visit) -> int:
    page: int = request.path_params["page"]
    if not 1 <= page <= len(visit.edition.questionnaire.pages):
        raise HTTPException(404)
    return page
