"""A respondent with a browser, from the welcome to the thanks, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.fieldwork

VALUES = {
    "consent": "yes",
    "visit": "often",
    "best": '<b onmouseover="alert(1)">x</b>',
    "bought": ["food", "toys"],
    "years": 12.5,
    "last": "2026-02-28",
    "sv1": 5,
    "sv2": "98",
    "sv3": 2,
    "sv4": 1,
    "ac1": 4,
    "ly1": 3,
    "ly2": "99",
    "why": "slow\nand dear",
}


def tick(page: Page, variable: str, code: str) -> None:
    page.locator(f'[name="v.{variable}"][value="{code}"]').check(force=True)


def write(page: Page, variable: str, text: str) -> None:
    page.fill(f'[name="v.{variable}"]', text)


def go_on(page: Page) -> None:
    before = page.url
    page.click('button.main[name="go"]')
    page.wait_for_url(lambda url: url != before)


def look(page: Page, found: list[str]) -> None:
    """Note what axe finds and what sticks out."""
    violations = Axe().run(page).response["violations"]
    found += [f"{page.url[-3:]}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in violations]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url[-3:]}: wider than the window")


def answer_all(page: Page, look_at: Callable[[Page], None] = lambda page: None) -> None:
    """Answer every page as in `VALUES`; the first try on each is empty where that is an error."""
    go_wrong(page, look_at)
    tick(page, "consent", "yes")
    go_on(page)
    go_wrong(page, look_at)
    tick(page, "visit", "often")
    write(page, "best", str(VALUES["best"]))
    tick(page, "bought", "toys")
    tick(page, "bought", "food")
    write(page, "years", "１２．５")
    write(page, "last", "2026-02-28")
    go_on(page)
    go_wrong(page, look_at)
    for variable, code in {"sv1": "5", "sv2": "98", "sv3": "2", "sv4": "1", "ac1": "4"}.items():
        tick(page, variable, code)
    look_at(page)
    go_on(page)
    tick(page, "ly1", "3")
    tick(page, "ly2", "99")
    go_on(page)
    assert "x</b>" in page.inner_text("form")
    write(page, "why", "slow\nand dear")
    look_at(page)
    go_on(page)
    assert page.url.endswith("/thanks")


def go_wrong(page: Page, look_at: Callable[[Page], None]) -> None:
    page.click('button.main[name="go"]')
    page.wait_for_selector("#summary:focus")
    assert page.locator(".error:not([hidden])").count() >= 1
    look_at(page)


@pytest.mark.parametrize(("language", "width", "scheme"), [("zh-CN", 390, "light"), ("en", 1200, "dark")])
def test_a_whole_walk(
    served: Any, device: Callable[..., BrowserContext], language: str, width: int, scheme: str
) -> None:
    found: list[str] = []
    page = device(width=width, language=language, scheme=scheme).new_page()
    page.goto(served.url)
    assert page.get_attribute("html", "lang") == language
    assert ("答案两年后删除。" if language == "zh-CN" else "Answers are deleted after two years.") in page.inner_text(
        "main"
    )
    look(page, found)
    page.click("button.main")
    page.wait_for_url("**/1")
    answer_all(page, lambda here: look(here, found))
    look(page, found)
    assert found == []
    assert served.values() == VALUES
    assert served.is_submitted()
    assert served.kinds().count("submitted") == 1
    assert page.evaluate("Object.keys(localStorage)") == []


def test_the_same_without_javascript_on_either_database(served_on: Any, device: Callable[..., BrowserContext]) -> None:
    page = device(script=False, width=390).new_page()
    page.goto(served_on.url)
    page.click("text=中文")
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.click("text=English")
    page.click("button.main")
    tick(page, "consent", "yes")
    page.click('button[name="language"][value="zh-CN"]')
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert page.locator('[name="v.consent"]').is_checked()
    go_on(page)
    tick(page, "visit", "often")
    assert not page.locator('[name="v.best"]').is_visible()
    write(page, "years", "81")
    page.click('button.main[name="go"]')
    assert page.locator('[name="v.best"]').is_visible()
    assert page.input_value('[name="v.years"]') == "81"
    assert "请填写 0 至 80 之间的数字。" in page.inner_text("#summary")
    page.click("#summary a")
    assert page.evaluate("document.activeElement.name") == "v.years"
    write(page, "years", "8")
    page.click('button.main[name="go"]')
    assert page.url.partition("?")[0].endswith("/2")
    write(page, "best", "价格")
    go_on(page)
    assert served_on.values() == {"consent": "yes", "visit": "often", "years": 8, "best": "价格"}
    for variable in ("sv1", "sv2", "sv3", "sv4", "ac1"):
        tick(page, variable, "4")
    go_on(page)
    tick(page, "ly1", "2")
    page.click('button[name="go"][value="back"]')
    page.wait_for_url("**/3")
    assert page.locator('[name="v.sv4"][value="4"]').is_checked()
    go_on(page)
    assert page.locator('[name="v.ly1"][value="2"]').is_checked()
    tick(page, "ly2", "9")
    go_on(page)
    write(page, "why", "便宜")
    go_on(page)
    assert page.url.endswith("/thanks")
    assert "祝您生活愉快。" in page.inner_text("main")
    assert served_on.is_submitted()


def test_keyboard_only(begin: Callable[..., Page], served: Any) -> None:
    page = begin()

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)

    def to(selector: str) -> None:
        for _ in range(40):
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            press("Tab")
        raise AssertionError(selector)

    to('[name="v.consent"]')
    press("Space")
    to('button.main[name="go"]')
    press("Enter")
    page.wait_for_url("**/2")
    to('[name="v.visit"]')
    press("Space", "ArrowDown")
    assert page.locator('[name="v.visit"][value="rarely"]').is_checked()
    press("ArrowUp", "Tab")
    page.keyboard.type("prices")
    to('[name="v.years"]')
    page.keyboard.type("4")
    press("Enter")
    page.wait_for_url("**/3")
    assert served.values() == {"consent": "yes", "visit": "often", "best": "prices", "years": 4}
    to('button[name="go"][value="back"]')
    press("Space")
    page.wait_for_url("**/2")
    expect(page.locator('[name="v.best"]')).to_have_value("prices")
