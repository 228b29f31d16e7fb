"""One response, several windows and devices: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.fieldwork


def tick(page: Page, variable: str, code: str) -> None:
    page.locator(f'[name="v.{variable}"][value="{code}"]').check(force=True)


def go_on(page: Page) -> None:
    page.click('button.main[name="go"]')


def answer_all(page: Page, *, first: int = 1) -> None:
    """Answer every page from one on, as shortly as can be."""
    pages: tuple[tuple[tuple[str, str], ...], ...] = (
        (("consent", "yes"),),
        (("visit", "rarely"),),
        tuple((variable, "4") for variable in ("sv1", "sv2", "sv3", "ac1")),
        (("ly1", "9"), ("ly2", "9")),
    )
    for number, answers in enumerate(pages[first - 1 :], start=first):
        page.wait_for_url(f"**/{number}")
        for variable, code in answers:
            tick(page, variable, code)
        go_on(page)
    page.wait_for_url("**/thanks")


def test_a_response_goes_on_on_another_device(
    begin: Callable[..., Page], device: Callable[..., BrowserContext], served: Any
) -> None:
    page = begin(language="zh-CN")
    tick(page, "consent", "yes")
    go_on(page)
    page.wait_for_url("**/2")
    page.click("summary")
    assert "稍后" in page.inner_text(".later")
    link = page.inner_text("#personal-link")
    assert link == page.url.rpartition("/")[0]
    phone = device(width=390, language="en").new_page()
    phone.goto(link)
    assert phone.url == f"{link}/2"
    assert phone.get_attribute("html", "lang") == "zh-CN"
    phone.click('button[name="language"][value="en"]')
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    answer_all(phone, first=2)
    page.reload()
    assert page.url == f"{link}/thanks"
    assert served.responses() != []
    assert served.is_submitted()


def test_the_browsers_own_back_button_loses_nothing(begin: Callable[..., Page], served: Any) -> None:
    page = begin()
    tick(page, "consent", "yes")
    go_on(page)
    page.wait_for_url("**/2")
    tick(page, "visit", "often")
    page.fill('[name="v.best"]', "prices")
    page.go_back()
    page.wait_for_url("**/1")
    expect(page.locator('[name="v.consent"]')).to_be_checked()
    page.go_forward()
    page.wait_for_url("**/2")
    expect(page.locator('[name="v.best"]')).to_have_value("prices")
    assert served.values() == {"consent": "yes", "visit": "often", "best": "prices"}
    page.go_back()
    page.wait_for_url("**/1")
    go_on(page)
    page.wait_for_url("**/2")
    assert served.values() == {"consent": "yes", "visit": "often", "best": "prices"}


def test_of_two_windows_the_last_word_stands(begin: Callable[..., Page], served: Any) -> None:
    page = begin()
    tick(page, "consent", "yes")
    go_on(page)
    page.wait_for_url("**/2")
    other = page.context.new_page()
    other.goto(page.url)
    for window, code, years in ((page, "rarely", "3"), (other, "often", "5")):
        tick(window, "visit", code)
        if code == "often":
            window.fill('[name="v.best"]', "prices")
        window.fill('[name="v.years"]', years)
    go_on(other)
    other.wait_for_url("**/3")
    go_on(page)
    page.wait_for_url("**/3")
    assert served.values() == {"consent": "yes", "visit": "rarely", "best": "prices", "years": 3}
    assert len(served.responses()) == 1


def test_a_window_left_open_after_the_end_is_told(begin: Callable[..., Page], served: Any) -> None:
    page = begin()
    stale = page.context.new_page()
    stale.goto(page.url)
    answer_all(page)
    assert served.kinds().count("submitted") == 1
    known = served.values()
    tick(stale, "consent", "yes")
    expect(stale.locator("#net")).to_be_empty()
    stale.locator('[name="v.consent"]').uncheck(force=True)
    expect(stale.locator("#net")).to_contain_text("no longer taken")
    go_on(stale)
    expect(stale.locator("h1")).to_have_text("Already finished")
    assert served.values() == known
    assert stale.evaluate("JSON.stringify(localStorage)") == "{}"
    stale.goto(page.url)
    expect(stale.locator("h1")).to_have_text("Thank you!")


def test_enter_goes_on_and_a_double_click_posts_once(begin: Callable[..., Page], served: Any) -> None:
    page = begin()
    tick(page, "consent", "yes")
    page.locator('[name="v.consent"]').press("Enter")
    page.wait_for_url("**/2")
    tick(page, "visit", "rarely")
    page.dblclick('button.main[name="go"]')
    page.wait_for_url("**/3")
    assert page.url.endswith("/3")
    passed = [event for event in served.store.events() if event.payload and event.payload.get("passed")]
    assert [event.payload["page"] for event in passed] == [1, 2]
