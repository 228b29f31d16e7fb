"""Pages that a walk seldom meets: messages, themes, notices, the preview; none sticks out and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route

from satmeter.form.live import LiveForm, Theme, live_form
from satmeter.form.model import FieldProblem
from satmeter.questionnaire import read_questionnaire

pytestmark = pytest.mark.fieldwork

SOURCE = Path(__file__).parents[2] / "form" / "every-type.yaml"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40"><rect width="40" height="10"/></svg>'
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HOME = "http://127.0.0.1:1"


def pages(form: LiveForm, language: str) -> dict[str, str]:
    errors = {"ly1": FieldProblem("error_choose"), "ly2": FieldProblem("live_error_unknown")}
    return {
        "/welcome": form.welcome(language=language, action="/begin", personal=True),
        "/page": form.page(
            4,
            language=language,
            values={"ly1": 3},
            order=(),
            shown=("ly1", "ly2"),
            errors=errors,
            action="/r/key/4",
            key="k" * 22,
            number=4,
            of=5,
            personal_link=f"https://a-long-name-of-a-survey.example.org/r/{'k' * 22}",
            notice="conflict",
        ),
        "/thanks": form.message("thanks", language=language),
        "/busy": form.message("busy", language=language, fields={"link": "/r/key"}),
    }


@pytest.mark.parametrize(
    ("language", "width", "scheme", "colour"), [("zh-CN", 320, "light", "#ffd500"), ("en", 1200, "dark", "#30107a")]
)
def test_pages_of_a_theme(
    device: Callable[..., BrowserContext], language: str, width: int, scheme: str, colour: str
) -> None:
    form = live_form(read_questionnaire(SOURCE), Theme(None, colour, LOGO, "image/svg+xml"), preview=True)
    documents = pages(form, language)
    refused: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOME)
        if path in documents:
            headers = {"Content-Security-Policy": POLICY}
            return route.fulfill(body=documents[path], content_type="text/html; charset=utf-8", headers=headers)
        kind, data = form.assets[path.removeprefix("/assets/")]
        return route.fulfill(body=data, content_type=kind)

    context = device(width=width, scheme=scheme)
    context.route(f"{HOME}/**", answer)
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    found = [complaint for path in documents for complaint in complaints(page, path)]
    assert found == []
    assert refused == []


def complaints(page: Page, path: str) -> list[str]:
    """Return what is wrong with a page: what axe finds, what sticks out, a logo that does not show."""
    page.goto(HOME + path)
    if path == "/page":
        page.click("summary")
        page.evaluate("document.getElementById('net').textContent = 'No connection.'")
    found = [f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path}: wider than the window")
    if not page.evaluate("document.querySelector('.logo').naturalWidth > 0"):
        found.append(f"{path}: no logo")
    return found
