"""The network goes and comes back: no answer is lost, none is doubled, and the respondent is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

pytestmark = pytest.mark.fieldwork

NOTICE = "#net"
KEPT = "JSON.stringify(localStorage)"


def tick(page: Page, variable: str, code: str) -> None:
    page.locator(f'[name="v.{variable}"][value="{code}"]').check(force=True)


def write(page: Page, variable: str, text: str) -> None:
    page.fill(f'[name="v.{variable}"]', text)


def go_on(page: Page) -> None:
    page.click('button.main[name="go"]')


def until(page: Page, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 8
    while not holds():
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def saved(page: Page, act: Callable[[], None]) -> None:
    """Do something and wait until the answer has been saved."""
    with page.expect_response(lambda answer: answer.url.endswith("/save") and answer.ok):
        act()


def test_each_answer_is_saved_at_once(second: Callable[..., Page], served: Any) -> None:
    page = second()
    started = time.monotonic()
    saved(page, lambda: tick(page, "visit", "often"))
    assert time.monotonic() - started < 2
    assert served.values() == {"consent": "yes", "visit": "often"}
    saved(page, lambda: write(page, "best", "prices"))
    saved(page, lambda: tick(page, "visit", "rarely"))
    assert not page.locator('[name="v.best"]').is_visible()
    saved(page, lambda: tick(page, "visit", "often"))
    expect(page.locator('[name="v.best"]')).to_have_value("prices")
    assert page.inner_text('[data-entry="best"] .stem').startswith("You come Often.")
    saved(page, lambda: write(page, "best", ""))
    write(page, "years", "81")
    page.wait_for_timeout(600)
    assert served.values() == {"consent": "yes", "visit": "often"}
    saved(page, lambda: write(page, "years", "80"))
    assert served.values()["years"] == 80
    page.reload()
    expect(page.locator('[name="v.years"]')).to_have_value("80")
    assert page.evaluate(KEPT) == "{}"


def test_answers_given_without_a_network_are_kept_told_and_sent(second: Callable[..., Page], served: Any) -> None:
    page = second()
    page.context.set_offline(True)
    tick(page, "visit", "often")
    write(page, "best", "<b>价格")
    expect(page.locator(NOTICE)).to_contain_text("kept on this device")
    assert "价格" in page.evaluate(KEPT)
    link = page.url.rpartition("/")[0].rpartition("/")[2]
    assert link not in page.evaluate(KEPT)
    assert served.values() == {"consent": "yes"}
    page.context.set_offline(False)
    expect(page.locator(NOTICE)).to_contain_text("have been saved")
    assert served.values() == {"consent": "yes", "visit": "often", "best": "<b>价格"}
    assert page.evaluate(KEPT) == "{}"
    tick(page, "bought", "food")
    expect(page.locator(NOTICE)).to_be_empty()


def test_a_page_posted_without_a_network_goes_on_by_itself_and_once(second: Callable[..., Page], served: Any) -> None:
    page = second(language="zh-CN")
    saved(page, lambda: tick(page, "visit", "rarely"))
    page.context.set_offline(True)
    go_on(page)
    expect(page.locator(NOTICE)).to_contain_text("自动继续")
    write(page, "years", "7")
    page.wait_for_timeout(500)
    assert page.url.endswith("/2")
    page.context.set_offline(False)
    page.wait_for_url("**/3")
    assert served.values() == {"consent": "yes", "visit": "rarely", "years": 7}
    page.click('button[name="go"][value="back"]')
    page.wait_for_url("**/2")
    expect(page.locator('[name="v.years"]')).to_have_value("7")
    assert page.evaluate(KEPT) == "{}"


def test_an_answer_of_the_server_that_got_lost_doubles_nothing(second: Callable[..., Page], served: Any) -> None:
    page = second()
    saved(page, lambda: tick(page, "visit", "rarely"))
    keys: list[str] = []

    def lose(route: Route, request: Request) -> None:
        if request.method != "POST" or request.url.endswith("/save"):
            return route.continue_()
        keys.append(str(request.post_data).split("&")[0])
        if len(keys) > 1:
            return route.continue_()
        route.fetch(max_redirects=0)
        route.abort("connectionreset")
        return None

    page.route("**/r/**", lose)
    before = served.kinds()
    go_on(page)
    page.wait_for_url("**/3")
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert served.kinds() == [*before, "answered"]


def test_a_server_that_cannot_just_now_is_asked_again(second: Callable[..., Page], served: Any) -> None:
    page = second()
    refused: list[str] = []

    def busy(route: Route) -> None:
        if len(refused) < 2:
            refused.append(route.request.url)
            return route.fulfill(status=503, body="{}", headers={"Retry-After": "10"})
        return route.continue_()

    page.route("**/save", busy)
    tick(page, "visit", "often")
    expect(page.locator(NOTICE)).to_contain_text("kept on this device")
    until(page, lambda: served.values() == {"consent": "yes", "visit": "often"})
    assert len(refused) == 2
    expect(page.locator(NOTICE)).to_contain_text("have been saved")


def test_what_a_broken_server_did_not_take_is_kept(second: Callable[..., Page], served: Any) -> None:
    page = second()

    def broken(route: Route, request: Request) -> None:
        body = "<!doctype html><html lang=en><title>x</title><h1>Broken</h1></html>"
        if request.method == "POST":
            return route.fulfill(status=500, body=body, content_type="text/html")
        return route.continue_()

    page.route("**/r/**", broken)
    tick(page, "visit", "rarely")
    write(page, "years", "8")
    go_on(page)
    expect(page.locator("h1")).to_have_text("Broken")
    (kept,) = json.loads(page.evaluate(KEPT)).values()
    assert sorted(json.loads(kept)["raws"]) == ["visit", "years"]
    page.unroute("**/r/**")
    page.goto(page.url)
    expect(page.locator('[name="v.years"]')).to_have_value("8")
    until(page, lambda: served.values() == {"consent": "yes", "visit": "rarely", "years": 8})


def test_half_a_word_of_an_input_method_is_not_sent(second: Callable[..., Page], served: Any) -> None:
    page = second()
    saved(page, lambda: tick(page, "visit", "often"))
    typing = """(area, [text, kind, more]) => { area.value = text;
      area.dispatchEvent(new window[kind](more.type, { bubbles: true, ...more })); }"""
    area = page.locator('[name="v.best"]')
    area.evaluate(typing, ["jia'ge", "InputEvent", {"type": "input", "isComposing": True}])
    page.wait_for_timeout(600)
    assert served.values() == {"consent": "yes", "visit": "often"}
    saved(page, lambda: area.evaluate(typing, ["价格", "CompositionEvent", {"type": "compositionend"}]))
    assert served.values()["best"] == "价格"


def test_unsent_answers_outlive_a_reload(second: Callable[..., Page], served: Any) -> None:
    page = second()
    page.route("**/save", lambda route: route.abort())
    tick(page, "visit", "often")
    write(page, "best", "prices")
    write(page, "years", "eighty")
    expect(page.locator(NOTICE)).not_to_be_empty()
    page.unroute("**/save")
    page.reload()
    until(page, lambda: served.values() == {"consent": "yes", "visit": "often", "best": "prices"})
    expect(page.locator('[name="v.best"]')).to_have_value("prices")
    expect(page.locator('[name="v.years"]')).to_have_value("eighty")
    go_on(page)
    expect(page.locator("#summary")).to_contain_text("in figures")
    expect(page.locator('[name="v.years"]')).to_have_value("eighty")
    write(page, "years", "80")
    expect(page.locator("#summary")).to_be_hidden()
    go_on(page)
    page.wait_for_url("**/3")
    assert page.evaluate(KEPT) == "{}"


def test_a_page_left_while_offline_goes_on_when_it_is_opened_again(second: Callable[..., Page], served: Any) -> None:
    page = second()
    page.route("**/r/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    tick(page, "visit", "rarely")
    go_on(page)
    expect(page.locator(NOTICE)).to_contain_text("goes on by itself")
    place = page.url
    page.unroute("**/r/**")
    other = page.context.new_page()
    page.close()
    other.goto(place)
    other.wait_for_url("**/3")
    assert served.values() == {"consent": "yes", "visit": "rarely"}


def test_what_one_page_left_unsent_is_sent_from_another(second: Callable[..., Page], served: Any) -> None:
    page = second()
    page.route("**/save", lambda route: route.abort())
    tick(page, "visit", "often")
    write(page, "best", "prices")
    expect(page.locator(NOTICE)).to_contain_text("kept on this device")
    place = page.url
    other = page.context.new_page()
    other.goto(place.partition("/r/")[0] + "/health")
    until(other, lambda: "prices" in other.evaluate(KEPT))  # Chromium writes a moment later what a page keeps
    page.close()
    other.goto(place.removesuffix("2") + "1")
    until(other, lambda: served.values() == {"consent": "yes", "visit": "often", "best": "prices"})
    until(other, lambda: other.evaluate(KEPT) == "{}")


def test_what_was_kept_does_not_undo_what_was_answered_since_on_another_device(
    second: Callable[..., Page], device: Callable[..., BrowserContext], served: Any
) -> None:
    page = second()
    page.route("**/save", lambda route: route.abort())
    tick(page, "visit", "often")
    write(page, "best", "prices")
    expect(page.locator(NOTICE)).to_contain_text("kept on this device")
    page.wait_for_timeout(2100)  # what was given less than two seconds ago counts as given now
    place = page.url
    phone = device(width=390, language="en").new_page()
    phone.goto(place)
    tick(phone, "visit", "rarely")
    until(phone, lambda: served.values() == {"consent": "yes", "visit": "rarely"})
    other = page.context.new_page()
    other.goto(place.partition("/r/")[0] + "/health")
    until(other, lambda: "prices" in other.evaluate(KEPT))  # Chromium writes a moment later what a page keeps
    page.close()
    other.goto(place.removesuffix("2") + "1")
    until(other, lambda: served.values() == {"consent": "yes", "visit": "rarely", "best": "prices"})
    until(other, lambda: other.evaluate(KEPT) == "{}")


def test_closing_the_window_at_once_still_sends(second: Callable[..., Page], served: Any) -> None:
    page = second()
    tick(page, "visit", "rarely")
    another = page.context.new_page()
    page.close(run_before_unload=True)
    until(another, lambda: served.values() == {"consent": "yes", "visit": "rarely"})


def test_a_browser_that_keeps_nothing_says_so(
    device: Callable[..., BrowserContext], second: Callable[..., Page]
) -> None:
    context = device()
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
    page = second(context)
    context.set_offline(True)
    tick(page, "visit", "often")
    expect(page.locator(NOTICE)).to_contain_text("cannot keep answers")
    context.set_offline(False)
    expect(page.locator(NOTICE)).to_contain_text("have been saved")


def test_what_is_kept_names_no_link_and_is_for_one_page(second: Callable[..., Page]) -> None:
    page = second()
    page.context.set_offline(True)
    tick(page, "visit", "often")
    expect(page.locator(NOTICE)).not_to_be_empty()
    kept = json.loads(page.evaluate(KEPT))
    (name,) = kept
    assert name.startswith("satmeter/live/")
    assert name.endswith("/2")
    assert json.loads(kept[name])["raws"] == {"visit": {"picked": ["often"], "text": ""}}
