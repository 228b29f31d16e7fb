"""A shared device: nobody sees what the one before answered, nobody writes into it, and nothing said is lost."""

import asyncio
import datetime
import re

import pytest

from satmeter.collection import kiosk
from satmeter.collection.fieldwork_file import Fieldwork, Site
from satmeter.collection.fieldwork_modes import Modes
from satmeter.collection.quotas import Quotas
from satmeter.collection.sample_tables import prepare
from satmeter.journal.view import view

SECRET = re.compile(r"/r/[A-Za-z0-9_-]{22}")
KIOSK = Fieldwork(modes=Modes(("web", "kiosk"), reset=45), sites=(Site("hall-1"),))


@pytest.fixture
def device(open_web):
    return open_web(fieldwork=KIOSK)


def test_nobody_is_told_at_a_kiosk_that_they_can_go_on_later(device, web):
    assert "go on later" in web.get("/").text
    assert "go on later" not in device.get("/kiosk").text


def begin(device, fields_of, path="/kiosk"):
    return device.post("/kiosk/begin", fields_of(device.get(path).text)).headers["location"]


def walk(device, place, answers):
    for page in answers:
        found = device.answer(place.partition("?")[0], page)
        assert found.status_code == 303, found.text
        place = found.headers["location"]
    return place


def opened(store):
    return [event for event in store.events() if event.kind == "opened"]


def test_without_the_mode_there_is_no_kiosk(web):
    assert web.get("/kiosk").status_code == 404
    assert web.post("/kiosk/begin", {"k": "x" * 22}).status_code == 404


def test_a_walk_is_recorded_as_kiosk_and_shows_no_address_to_go_on_at(device, store, fields_of, pages):
    place = begin(device, fields_of, "/kiosk?site=hall-1")
    assert re.fullmatch(r"/kiosk/v/[0-9a-f]{12}/1", place)
    page = device.get(place)
    assert not SECRET.search(page.text)
    assert "personal-link" not in page.text
    assert 'data-reset="45"' in page.text
    assert page.headers["cache-control"] == "no-store"
    end = walk(device, place, pages)
    thanks = device.get(end)
    assert "Thanks for the 9." in thanks.text
    assert "goes back to the beginning" in thanks.text
    assert thanks.headers["refresh"] == "10; url=/kiosk"
    found = view(store)
    assert (found.column("mode"), found.column("site"), found.column("ly")) == (["kiosk"], ["hall-1"], ["9"])


def test_after_the_thanks_no_address_of_the_turn_shows_anything(device, fields_of, pages):
    place = begin(device, fields_of)
    end = walk(device, place, pages)
    device.get(end)
    for path in (end, place, place[:-1] + "4", place.rpartition("/")[0]):
        again = device.get(path)
        assert (again.status_code, again.headers["location"], again.text) == (303, "/kiosk", "")


def test_the_begin_screen_ends_a_turn_that_broke_off_and_keeps_what_was_said(device, store, fields_of):
    place = begin(device, fields_of)
    device.request("POST", f"{place}/save", json={"k": "x" * 22, "values": {"ctype": "res"}, "language": "en"})
    assert "Household" in device.get(place).text
    device.get("/kiosk")
    assert device.get(place).headers["location"] == "/kiosk"
    assert store.latest(opened(store)[0].response).values == {"ctype": "res"}


def test_a_page_left_open_cannot_write_into_the_answers_of_the_next(device, store, fields_of, pages):
    first = begin(device, fields_of)
    left_open = fields_of(device.get(first).text)
    second = begin(device, fields_of)
    assert second != first
    stale = device.post(first, left_open | {"v.ctype": "biz", "v.firm": "ACME", "go": "next"})
    assert (stale.status_code, stale.headers["location"]) == (303, "/kiosk")
    late = device.request("POST", f"{first}/save", json={"k": "y" * 22, "values": {"ctype": "biz"}, "language": "en"})
    assert late.status_code == 404
    assert not late.headers.get_list("set-cookie")
    for event in opened(store):
        assert store.latest(event.response).values == {}
    assert walk(device, second, pages).endswith("/thanks")


def test_the_same_button_touched_twice_opens_one_response(device, store, fields_of, monkeypatch):
    fields = fields_of(device.get("/kiosk").text)
    found = device.together([("POST", "/kiosk/begin", {"data": fields})] * 3)
    assert len({answer.headers["location"].rstrip("/1") for answer in found}) == 1
    assert len(opened(store)) == 1
    monkeypatch.setattr(kiosk, "_TWO_TOUCHES", 0.0)
    asyncio.run(asyncio.sleep(0.01))
    device.post("/kiosk/begin", fields)
    assert len(opened(store)) == 2


def test_the_key_stands_in_a_cookie_of_the_kiosk_alone(open_web, fields_of):
    device = open_web(fieldwork=KIOSK, base_url="https://survey.example")
    answer = device.post("/kiosk/begin", fields_of(device.get("/kiosk").text))
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("kiosk="))
    assert cookie.lower().endswith("; httponly; path=/kiosk; samesite=strict; secure")
    key = cookie.partition("=")[2].partition(";")[0]
    assert key not in answer.headers["location"]
    assert "max-age" not in cookie.lower()


@pytest.mark.parametrize("cookie", ["", "x", "é", "x" * 22, "../../etc"])
def test_a_cookie_that_is_nobodys_leads_to_the_beginning(device, cookie):
    headers = {"cookie": f"kiosk={cookie}".encode()}
    for path in ("/kiosk/v/0123456789ab/1", "/kiosk/v/0123456789ab/thanks", "/kiosk/v/0123456789ab"):
        assert device.get(path, headers=headers).headers["location"] == "/kiosk"


def test_the_site_stays_with_the_device(device, store, fields_of):
    device.get("/kiosk?site=hall-1")
    begin(device, fields_of)
    device.get("/kiosk?site=nowhere")
    begin(device, fields_of)
    device.post("/kiosk/begin", fields_of(device.get("/kiosk").text) | {"site": "nowhere"})
    assert [event.payload.get("site") for event in opened(store)] == ["hall-1", "hall-1", None]


def test_a_page_without_a_script_goes_back_by_itself(device, fields_of):
    page = device.get(begin(device, fields_of)).text
    assert '<noscript><meta http-equiv="refresh" content="300;url=/kiosk"></noscript>' in page


def test_who_finds_the_quota_full_is_told_and_the_device_goes_back(open_web, store, fields_of):
    store.transact(prepare)
    full = Quotas({"ctype": {"res": 0}}, datetime.timedelta(minutes=60))
    device = open_web(fieldwork=KIOSK, quotas=full)
    place = begin(device, fields_of)
    told = device.answer(place, {"ctype": "res"})
    assert told.headers["refresh"] == "10; url=/kiosk"
    again = device.post(place, {"k": "x" * 22, "v.ctype": "res", "go": "next"})
    assert again.headers["location"] == "/kiosk/full"
    page = device.get("/kiosk/full")
    assert page.headers["refresh"] == "10; url=/kiosk"
    assert re.search(r"<h1[^>]*>([^<]*)<", page.text)[1] == re.search(r"<h1[^>]*>([^<]*)<", told.text)[1]
