"""A survey served over HTTP on the loopback, and Debian's Chromium before it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from uvicorn import Config, Server

from satmeter.collection.application import application
from satmeter.collection.keys import new_key
from satmeter.collection.server import address_of, listen
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition
from satmeter.journal import Store, open_store
from satmeter.questionnaire.read import parse_questionnaire

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SOURCE = Path(__file__).parents[2] / "form" / "every-type.yaml"
CHANGES = (
    ("thanks: ", "privacy: {zh-CN: 答案两年后删除。, en: Answers are deleted after two years.}\nthanks: "),
    (
        "  bought:\n",
        """  best:
    type: text
    max: 60
    required: true
    show_if: "visit == 'often'"
    text: {zh-CN: "您{visit}来，最喜欢什么？", en: "You come {visit}. What do you like best?"}
  bought:
""",
    ),
    ("items: [visit, bought,", "items: [visit, best, bought,"),
    ("您{visit}光顾，为什么打 {ly1} 分？", "您说“{best}”，为什么打 {ly1} 分？"),
    ("You come {visit}. Why a {ly1}?", "You wrote {best}. Why a {ly1}?"),
)


def _text() -> str:
    text = SOURCE.read_text("utf-8")
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Served:
    """A survey that is being served."""

    url: str
    store: Store

    def open(self, language: str) -> str:
        """Begin a response as a browser would, and return the address of its first page."""
        begun = httpx.post(f"{self.url}/begin", data={"k": new_key(), "language": language})
        return self.url + begun.headers["location"]

    def responses(self) -> list[str]:
        """Return the responses in the order in which they were opened."""
        return [event.response for event in self.store.events() if event.kind == "opened"]

    def values(self, response: str = "") -> dict[str, Any]:
        """Return what the journal knows of a response (the first), empty answers left out."""
        state = self.store.latest(response or self.responses()[0])
        assert state is not None
        return {name: cell for name, cell in state.values.items() if cell is not None}

    def is_submitted(self) -> bool:
        """Tell whether the first response is complete."""
        state = self.store.latest(self.responses()[0])
        return state is not None and state.submitted

    def kinds(self) -> list[str]:
        """Return the kinds of all events, without those that only say that a page was shown."""
        return [event.kind for event in self.store.events() if event.kind != "page"]


@contextmanager
def _served(url: str) -> Iterator[Served]:
    text = _text()
    questionnaire = parse_questionnaire(text, name="every-type.yaml")
    with open_store(url, survey=questionnaire.id) as store:
        open_edition(store, questionnaire, text)
        taken = listen("127.0.0.1", 0)
        settings = Settings(questionnaire=questionnaire, store=store, base_url=address_of(taken))
        server = Server(Config(application(settings), access_log=False, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        try:
            yield Served(address_of(taken), store)
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A survey with every kind of question, on SQLite."""
    with _served(f"sqlite:///{tmp_path}/answers.db") as survey:
        yield survey


@pytest.fixture
def served_on(tmp_path: Path, store_url: str) -> Iterator[Served]:
    """The same on either database."""
    with _served(store_url) as survey:
        yield survey


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests; skipped loudly when there is none, a failure in CI."""
    path = os.environ.get("SATMETER_CHROMIUM", "/usr/bin/chromium")
    if not Path(path).is_file():
        reason = f"NO CHROMIUM at {path}: the walks over HTTP do not run (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def device(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a fresh device; no script of its pages may fail and no request may leave the loopback."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    strangers: list[str] = []

    def made(*, width: int = 1200, script: bool = True, language: str = "en", scheme: str = "light") -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            locale=language,
            reduced_motion="reduce",
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(8_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda request: _note(request.url, strangers))
        contexts.append(context)
        return context

    yield made
    for context in contexts:
        context.close()
    assert complaints == []
    assert strangers == []


def _note(url: str, strangers: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:")):
        strangers.append(url)


@pytest.fixture
def begin(served: Served, device: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Open the first page of a new response on a device."""

    def opened(context: BrowserContext | None = None, *, language: str = "en", **more: Any) -> Page:
        page = (context or device(language=language, **more)).new_page()
        page.goto(served.open(language))
        return page

    return opened


@pytest.fixture
def second(served: Served, device: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Open the second page of a new response on a device."""

    def opened(context: BrowserContext | None = None, *, language: str = "en", **more: Any) -> Page:
        page = (context or device(language=language, **more)).new_page()
        first = served.open(language)
        consent = {"k": new_key(), "language": language, "go": "next", "q": "consent", "v.consent": "yes"}
        page.goto(
            first.rpartition("/")[0] + "/" + httpx.post(first, data=consent).headers["location"].rpartition("/")[2]
        )
        return page

    return opened
