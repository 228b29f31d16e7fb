"""The monitor in a real browser: both languages, phone and desktop, light and dark, accessible, renewed."""

from __future__ import annotations

import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from uvicorn import Config, Server

from satmeter.collection import monitor, monitor_cache
from satmeter.collection.application import application
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.monitor_downloads import Downloads
from satmeter.collection.monitor_password import hash_password
from satmeter.collection.server import address_of, listen
from satmeter.collection.settings import Settings
from satmeter.collection.steps import draw_order
from satmeter.collection.versions import open_edition, questionnaire_text
from satmeter.journal import Store, open_store
from satmeter.journal.model import Event, Stored
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate

pytestmark = pytest.mark.fieldwork

PASSWORD = "correct horse battery"
QUESTIONNAIRE = read_questionnaire("power-utility")
PEOPLE = 60


def events_of(name: str, row: dict[str, str], order: tuple[str, ...]) -> list[Event]:
    """One simulated respondent, page by page; one in ten leaves after the second page."""
    found = [Event("opened", name, {"language": "zh-CN", "mode": "web", "order": list(order)})]
    last = 2 if name.endswith("0") else len(QUESTIONNAIRE.pages)
    for number, page in enumerate(QUESTIONNAIRE.pages[:last], start=1):
        values = {v: cell(v, row[v]) for v in page.members if row[v]}
        found.append(Event("answered", name, {"page": number, "values": values, "passed": True}, key=f"k{number}"))
    return [*found, Event("submitted", name, {})] if last == len(QUESTIONNAIRE.pages) else found


def cell(variable: str, text: str) -> object:
    if QUESTIONNAIRE.scale_of(variable) is not None:
        return int(text)
    kind = QUESTIONNAIRE.questions[variable].type
    return text.split(";") if kind == "multiple" else float(text) if kind == "number" else text


def rows(n: int) -> list[dict[str, str]]:
    return [
        row.to_dict() for _, row in simulate(QUESTIONNAIRE, n, seed=3, careless=0.05, missing=0.02).frame.iterrows()
    ]


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    taken = listen("127.0.0.1", 0)
    server = Server(Config(application(settings), access_log=False, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    try:
        yield address_of(taken)
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    drawn = random.Random(1)
    with open_store(f"sqlite:///{tmp_path}/answers.db", survey=QUESTIONNAIRE.id) as opened:
        open_edition(opened, QUESTIONNAIRE, questionnaire_text("power-utility"))
        for i, row in enumerate(rows(PEOPLE)):
            opened.append(events_of(f"r{i}", row, draw_order(QUESTIONNAIRE, drawn)), definition=QUESTIONNAIRE.digest)
        yield opened


@pytest.fixture
def monitored(store: Store, tmp_path: Path) -> Iterator[str]:
    """A survey that sixty people have answered within a second, with its monitor."""
    routes = monitor.routes(
        QUESTIONNAIRE,
        store,
        password_hash=hash_password(PASSWORD, time_cost=1, memory_cost=1024),
        downloads=Downloads(QUESTIONNAIRE, f"sqlite:///{tmp_path}/answers.db"),
        fieldwork=Fieldwork(plan={"ctype": {"res": 60, "biz": 20}}, quotas={"ctype": {"res": 10}}),
    )
    with serving(Settings(questionnaire=QUESTIONNAIRE, store=store, routes=routes)) as url:
        yield url


def enter(context: BrowserContext, url: str, language: str = "en") -> Page:
    page = context.new_page()
    page.goto(f"{url}/monitor?language={language}")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#figures")
    for _ in range(10):  # signals may be worked out still
        if page.locator(".pending").count() == 0:
            break
        page.wait_for_timeout(1000)
        page.reload()
    return page


def violations(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


@pytest.mark.parametrize(("width", "scheme", "language"), [(390, "light", "zh-CN"), (1200, "dark", "en")])
def test_everybody_can_read_it(
    monitored: str, device: Callable[..., BrowserContext], width: int, scheme: str, language: str, tmp_path: Path
) -> None:
    context = device(width=width, scheme=scheme)
    page = context.new_page()
    page.goto(f"{monitored}/monitor?language={language}")
    assert violations(page) == []
    page.fill("#password", "wrong wrong wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    page = enter(context, monitored, language)
    assert page.get_attribute("html", "lang") == language
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tall = page.locator(".tile .value").all_inner_texts()
    assert tall[0] == str(PEOPLE - PEOPLE // 10)
    expect(page.locator(".signal.raised").first).to_be_visible()


def test_it_is_complete_without_a_script(monitored: str, device: Callable[..., BrowserContext]) -> None:
    page = enter(device(script=False), monitored)
    assert page.locator("section.card").count() == 6
    expect(page.locator("#automatic")).to_be_hidden()
    with page.expect_download() as started:
        page.click("form.download button")
    text = Path(started.value.path()).read_text("utf-8-sig")
    assert len(text.splitlines()) == PEOPLE + 1
    page.click("form.leave button")
    expect(page.locator("#password")).to_be_visible()
    page.goto(f"{monitored}/monitor")
    expect(page.locator("#password")).to_be_visible()


def test_it_renews_itself_when_asked_to_and_keeps_what_is_open(
    monitored: str, store: Store, device: Callable[..., BrowserContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor_cache, "KEPT_SECONDS", 0.1)
    monkeypatch.setattr(monitor_cache, "REST", 0.1)
    page = device().new_page()
    page.clock.install()
    page.goto(f"{monitored}/monitor?language=en")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#figures")
    page.locator("summary").first.click()
    page.check("#automatic")
    page.locator("h1").click()
    time.sleep(0.5)
    store.append(
        [Event("opened", "late", {"language": "en", "mode": "web", "order": []})], definition=QUESTIONNAIRE.digest
    )
    with page.expect_response(lambda answer: "/monitor" in answer.url and answer.ok):
        page.clock.run_for(61_000)
    expect(page.locator(".tile .value").nth(1)).to_have_text(str(PEOPLE // 10 + 1))
    assert page.locator("details").first.evaluate("(part) => part.open")


@dataclass(frozen=True)
class Memory:
    """Events in memory."""

    stored: list[Stored]

    def events(self, response: str | None = None, after: int = 0) -> Iterator[Stored]:
        return iter(self.stored[after:])


def many(n: int) -> Memory:
    """Ten thousand responses: a thousand simulated ones, ten times over."""
    people, stored = rows(1000), []
    for i in range(n):
        at = datetime.fromtimestamp(time.time() - 86400 * 10 * (n - i) / n, UTC).isoformat(timespec="microseconds")
        for event in events_of(f"r{i}", people[i % 1000], QUESTIONNAIRE.variables):
            stored.append(Stored(len(stored) + 1, at, event.kind, event.response, "d", event.payload, b""))
    return Memory(stored)


def test_figures_of_ten_thousand_responses_do_not_stop_respondents(
    store: Store, tmp_path: Path, device: Callable[..., BrowserContext]
) -> None:
    routes = monitor.routes(
        QUESTIONNAIRE,
        many(10_000),
        password_hash=hash_password(PASSWORD, time_cost=1, memory_cost=1024),
        downloads=Downloads(QUESTIONNAIRE, f"sqlite:///{tmp_path}/answers.db"),
    )
    with serving(Settings(questionnaire=QUESTIONNAIRE, store=store, routes=routes)) as url:
        waits: list[float] = []
        ended = threading.Event()

        def ask() -> None:
            while not ended.is_set():
                began = time.perf_counter()
                with urllib.request.urlopen(f"{url}/?language=en") as answer:
                    answer.read()
                waits.append(time.perf_counter() - began)

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            context = device()
            context.set_default_timeout(60_000)
            page = enter(context, url)
            assert page.locator(".tile .value").first.inner_text() == "9000"
        finally:
            ended.set()
            asking.join()
    assert len(waits) > 20
    assert sorted(waits)[int(0.95 * len(waits))] < 0.5
