"""What a respondent does becomes events; who finds no place in a quota is withdrawn."""

from __future__ import annotations

import datetime
from concurrent.futures import Future

import pytest

from satmeter.collection.quotas import Quotas
from satmeter.collection.sample_tables import prepare


@pytest.fixture
def quota_web(open_web, store):
    store.transact(prepare)
    quotas = Quotas({"ctype": {"res": 1}}, datetime.timedelta(minutes=60))
    return open_web(quotas=quotas)


def told(store, kind):
    return [event.payload for event in store.events() if event.kind == kind]


def test_the_last_place_is_given_once_and_the_others_are_told_kindly(quota_web, store, pages, fields_of):
    first, second, third = (quota_web.begin() for _ in range(3))
    quota_web.walk(first, pages[:1])
    full = quota_web.answer(f"{second}/1", {"ctype": "res"})
    assert full.status_code == 403
    assert "heard enough people of your group" in full.text
    assert told(store, "withdrawn") == [{"reason": "quota_full"}]
    again = quota_web.get(f"{second}/1")
    assert again.status_code == 403
    assert "heard enough people of your group" in again.text
    assert quota_web.answer(f"{third}/1", {"ctype": "biz"}).status_code == 303
    assert quota_web.walk(first, [{}, *pages[1:]]).headers["location"] == f"{first}/thanks"
    late = quota_web.begin()
    body = {"k": "k" * 22, "language": "en", "values": {"ctype": "res"}}
    refused = quota_web.request("POST", f"{late}/1/save", json=body)
    assert (refused.status_code, refused.json()) == (403, {"ok": False, "reason": "quota_full"})


def test_a_note_of_a_page_that_cannot_be_stored_troubles_nobody(web, store, monkeypatch, caplog):
    link = web.begin()
    cancelled: Future[None] = Future()
    cancelled.cancel()
    monkeypatch.setattr(store, "submit", lambda job: cancelled)
    assert web.get(f"{link}/1").status_code == 200
    assert caplog.text == ""


def test_a_response_that_is_erased_while_its_page_is_posted(web, store, monkeypatch):
    link = web.begin()
    web.get(f"{link}/1")
    before = store.latest(next(store.events()).response)
    monkeypatch.setattr(store, "remembered", lambda _: before)
    store.erase(before.response)
    answer = web.answer(f"{link}/1", {"ctype": "res"})
    assert answer.status_code == 410
    assert "can no longer be opened" in answer.text
    body = {"k": "k" * 22, "language": "en", "values": {"ctype": "res"}}
    saved = web.request("POST", f"{link}/1/save", json=body)
    assert (saved.status_code, saved.json()) == (403, {"ok": False, "reason": "erased"})
    assert {event.payload is None for event in store.events() if event.kind != "erased"} == {True}


def test_an_event_says_what_was_known_before(web, store, pages):
    link = web.begin()
    web.walk(link, pages[:1])
    web.answer(f"{link}/1", {"ctype": "biz"}, go="stay")
    kinds = [(event.kind, event.payload.get("passed")) for event in store.events() if event.kind != "page"]
    assert kinds == [("opened", None), ("answered", True), ("changed", None)]
    web.answer(f"{link}/1", {"ctype": "biz"}, go="stay")
    assert [event.kind for event in store.events() if event.kind != "page"] == [kind for kind, _ in kinds]
