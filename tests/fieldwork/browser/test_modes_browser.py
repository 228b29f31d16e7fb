"""A shared device, an interviewer and two keyers in a real browser: walks, and every page accessible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from uvicorn import Config, Server

from satmeter.builtin import builtin
from satmeter.collection.agents_file import Agent
from satmeter.collection.application import application
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.fieldwork_modes import Modes, Script
from satmeter.collection.invitations import Invitations
from satmeter.collection.monitor_password import hash_password
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import open_database
from satmeter.collection.server import address_of, listen
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition
from satmeter.journal import Store, open_store
from satmeter.journal.sealing import make_key, read_key
from satmeter.journal.view import view
from satmeter.questionnaire.model import Text
from satmeter.questionnaire.read import parse_questionnaire

pytestmark = pytest.mark.fieldwork

PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD, time_cost=1, memory_cost=64)
TEXT = (builtin("questionnaires") / "power-utility.yaml").read_text("utf-8")
POWER = parse_questionnaire(TEXT)
AGENTS = (
    Agent("a01", ("interviewer",), HASH),
    Agent("k01", ("entry",), HASH),
    Agent("k02", ("entry",), HASH),
    Agent("boss", ("lead",), HASH),
)
SCRIPT = Script(
    Text((("zh-CN", "您好，这里是 95598。"), ("en", "Good morning, this is 95598."))),
    {1: Text((("zh-CN", "我先问几个问题。"), ("en", "A few questions to begin with.")))},
)
LOOKS = (("zh-CN", 390), ("en", 1200))
"""Languages and widths in which every page is looked at."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a sample of three."""
    key = make_key(tmp_path / "people.key")
    with open_store(f"sqlite:///{tmp_path}/answers.db", survey=POWER.id) as opened:
        open_edition(opened, POWER, TEXT)
        database = open_database(f"sqlite:///{tmp_path}/answers.db")
        units = [Unit(f"A-{n}", {"tier": "居民" if n < 3 else "企业"}, {"phone": f"555-010{n}"}) for n in (1, 2, 3)]
        told = {"survey": POWER.id, "version": POWER.version, "base_url": "http://survey.example"}
        invite(database, units, key=key, file=tmp_path / "links.csv", **told)
        database.close()
        yield opened


@pytest.fixture
def home(store: Store, tmp_path: Path) -> Iterator[str]:
    """Address of a server that is open to all ways of answering; its kiosk waits a minute."""
    taken = listen("127.0.0.1", 0)
    settings = Settings(
        questionnaire=POWER,
        store=store,
        agents=AGENTS,
        sealing_key=read_key(tmp_path / "people.key"),
        invitations=Invitations(POWER.id, POWER.version),
        fieldwork=Fieldwork(script=SCRIPT, modes=Modes(("web", "agent", "kiosk", "paper"), reset=60)),
    )
    server = Server(Config(application(settings), access_log=False, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    try:
        yield address_of(taken)
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def looked_at(tmp_path: Path) -> Iterator[Callable[[Page, str], None]]:
    """Look at a page in a language and width: nothing for axe to find, nothing that sticks out."""
    found: list[str] = []

    def look(page: Page, name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        found.extend(f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in violations(page))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name}: wider than the window")

    yield look
    assert found == []


def violations(page: Page) -> list[dict[str, list[dict[str, str]]]]:
    listed: list[dict[str, list[dict[str, str]]]] = Axe().run(page).response["violations"]
    return listed


def sign_in(page: Page, home: str, path: str, agent: str, language: str) -> None:
    page.goto(f"{home}/{path}/login?language={language}")
    page.fill("#agent", agent)
    page.fill("#password", PASSWORD)
    page.click("form.login button")
    page.wait_for_url(f"{home}/{path}?language={language}")


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_a_shared_device_goes_back_to_its_beginning_and_shows_nothing_of_who_was_there(
    home: str,
    store: Store,
    device: Callable[..., BrowserContext],
    looked_at: Callable[[Page, str], None],
    language: str,
    width: int,
) -> None:
    page = device(language=language, width=width).new_page()
    page.clock.install()
    page.goto(f"{home}/kiosk")
    looked_at(page, "kiosk-begin")
    page.click("main button.main")
    first = page.url
    page.check("input[name='v.consent']")
    looked_at(page, "kiosk-page")
    page.clock.fast_forward(50_000)
    expect(page.locator("#still")).to_be_visible()
    looked_at(page, "kiosk-warning")
    page.click("#still-here")
    expect(page.locator("#still")).to_be_hidden()
    page.clock.fast_forward(40_000)
    expect(page.locator("#still")).to_be_hidden()
    page.clock.fast_forward(25_000)
    page.wait_for_url(f"{home}/kiosk", timeout=8_000)
    expect(page.locator("main button.main")).to_be_visible()
    response = next(event.response for event in store.events())
    state = store.latest(response)
    assert state is not None
    assert (state.values, state.submitted, state.mode) == ({"consent": "yes"}, False, "kiosk")
    assert page.evaluate("Object.keys(window.localStorage).length") == 0
    page.go_back()
    expect(page).to_have_url(f"{home}/kiosk")
    page.goto(first)
    expect(page).to_have_url(f"{home}/kiosk")
    page.click("main button.main")
    expect(page.locator("input[name='v.consent']")).not_to_be_checked()


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_an_interviewer_calls_reads_out_and_asks(
    home: str,
    store: Store,
    device: Callable[..., BrowserContext],
    looked_at: Callable[[Page, str], None],
    language: str,
    width: int,
) -> None:
    page = device(language=language, width=width).new_page()
    page.goto(f"{home}/agent/login?language={language}")
    looked_at(page, "agent-login")
    sign_in(page, home, "agent", "a01", language)
    looked_at(page, "agent-list")
    page.click("text=A-1")
    looked_at(page, "agent-unit")
    page.select_option("#result", "no_answer")
    page.click("section:has(#result) button")
    expect(page.locator("tbody tr").last).to_contain_text("A-1")
    page.click("text=A-1")
    page.click("form[action$='/begin'] button")
    expect(page.locator(".read-out .prose")).to_have_text(SCRIPT.pages[1].get(language))
    page.check("input[name='v.consent']")
    looked_at(page, "agent-page")
    page.click(".way-out a")
    expect(page.locator("form[action$='/begin'] button")).to_be_visible()
    looked_at(page, "agent-open")
    page.click("form[action$='/begin'] button")
    page.wait_for_url("**/agent/units/1/*/*")
    found = view(store)
    assert (found.column("mode"), found.column("agent"), found.column("consent")) == (["agent"], ["a01"], ["yes"])


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_a_sheet_is_keyed_by_the_keyboard_alone_and_a_lead_decides(
    home: str,
    store: Store,
    device: Callable[..., BrowserContext],
    looked_at: Callable[[Page, str], None],
    language: str,
    width: int,
) -> None:
    for agent, age in (("k01", "1"), ("k02", "2")):
        page = device(language=language, width=width).new_page()
        sign_in(page, home, "entry", agent, language)
        page.keyboard.type("0042")
        page.keyboard.press("Enter")
        page.wait_for_url("**/entry/sheets/0042*")
        expect(page.locator("input.key >> nth=0")).to_be_focused()
        if agent == "k02":
            expect(page.locator("input.key >> nth=0")).to_have_value("")
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        page.keyboard.type("99")
        page.keyboard.press("Enter")
        wrong = page.locator("input.key[aria-invalid='true']")
        expect(wrong).to_have_count(1)
        if agent == "k01":
            looked_at(page, "entry-sheet")
        page.keyboard.type(age)
        expect(wrong).to_have_count(0)
        for _ in range(page.locator("input.key").count() - 1):
            page.keyboard.press("Enter")
        expect(page.locator("#store")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/entry?*done=*")
    looked_at(page, "entry-home")
    page = device(language=language, width=width).new_page()
    sign_in(page, home, "entry", "boss", language)
    page.click("a[href*='/differences']")
    looked_at(page, "entry-differences")
    expect(page.locator("input[type='radio'] >> nth=0")).to_be_visible()
    expect(page.locator("input.key")).to_be_visible()
    page.check("input[value='second']")
    page.click("form.keying button")
    expect(page.locator("form.keying")).to_have_count(0)
    looked_at(page, "entry-rates")
    assert view(store).column("mode") == ["paper"]
