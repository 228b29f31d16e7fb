"""Invitations on the web: looking uses nothing up, beginning redeems once, and the link leads back."""

import datetime
import html
import re

import pytest

from satmeter.collection.fieldwork_file import Fieldwork, Site
from satmeter.collection.invitations import Invitations
from satmeter.collection.quotas import Quotas
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import open_database, prepare


@pytest.fixture
def database(tmp_path, store):
    database = open_database(f"sqlite:///{tmp_path}/answers.db")
    store.transact(prepare)
    yield database
    database.close()


@pytest.fixture
def people(tmp_path):
    database = open_database(str(tmp_path / "people.db"), alone=True)
    yield database
    database.close()


def made(database, folder, *names, file="links.csv", **options):
    """Invite units and return their links."""
    told = {"survey": "shop", "version": "1", "key": None, "base_url": "http://survey.example"} | options
    found = invite(database, [Unit(name, {}, {}) for name in names], file=folder / file, **told)
    return {link.unit.id: f"/i/{link.token}" for link in found.links}


def opened(store):
    return [event for event in store.events() if event.kind == "opened"]


def begin(web, fields_of, link):
    return web.post(f"{link}/begin", fields_of(web.get(link).text))


def test_looking_at_an_invitation_uses_nothing_up(open_web, database, store, tmp_path):
    web = open_web(invitations=Invitations("shop", "1"))
    link = made(database, tmp_path, "A")["A"]
    for _ in range(3):
        page = web.get(link)
        assert (page.status_code, "Welcome to the survey" in page.text) == (200, True)
    assert list(store.events()) == []


def test_beginning_redeems_once_and_the_link_leads_back_until_the_end(
    open_web, database, store, tmp_path, fields_of, pages
):
    web = open_web(invitations=Invitations("shop", "1"))
    link = made(database, tmp_path, "A", "B")["A"]
    place = begin(web, fields_of, link)
    assert (place.status_code, place.headers["location"].endswith("/1")) == (303, True)
    mine = place.headers["location"].removesuffix("/1")
    web.walk(mine, pages[:2])
    for again in (web.get(link), web.post(f"{link}/begin", {"language": "en"})):
        assert (again.status_code, again.headers["location"]) == (303, mine)
    assert web.get(mine).headers["location"] == f"{mine}/3"
    web.answer(f"{mine}/3", pages[2])
    web.answer(f"{mine}/4", pages[3])
    assert web.get(web.get(link).headers["location"]).headers["location"] == f"{mine}/thanks"
    assert len(opened(store)) == 1


def test_begun_twice_at_once_is_one_response(open_web, database, store, tmp_path, fields_of):
    web = open_web(invitations=Invitations("shop", "1"))
    link = made(database, tmp_path, "A")["A"]
    fields = fields_of(web.get(link).text)
    answers = web.together([("POST", f"{link}/begin", {"data": fields})] * 8)
    assert {answer.status_code for answer in answers} == {303}
    assert len({re.match("/r/[^/]+", answer.headers["location"])[0] for answer in answers}) == 1
    assert len(opened(store)) == 1


def test_links_that_are_worth_nothing_say_so_and_open_nothing(open_web, database, store, tmp_path):
    yesterday = datetime.date.today() - datetime.timedelta(1)
    links = made(database, tmp_path, "A", "B")
    links |= made(database, tmp_path, "late", file="late.csv", valid_until=yesterday)
    made(database, tmp_path, file="new.csv", replace=["B"])
    web = open_web(invitations=Invitations("shop", "1"))
    foreign = open_web(invitations=Invitations("other", "1"))
    later = open_web(invitations=Invitations("shop", "2"))
    for browser, link, status, title in (
        (web, "/i/" + "x" * 22, 404, "This page does not exist"),
        (web, "/i/none", 404, "This page does not exist"),
        (foreign, links["A"], 404, "This page does not exist"),
        (web, links["B"], 410, "This link is no longer valid"),
        (web, links["late"], 410, "This link is no longer valid"),
        (later, links["A"], 410, "This link is no longer valid"),
    ):
        for answer in (browser.get(link), browser.post(f"{link}/begin", {"language": "en"})):
            assert (answer.status_code, title in answer.text) == (status, True)
    assert opened(store) == []


def test_a_token_is_no_personal_link_and_a_personal_link_no_token(open_web, database, tmp_path, fields_of):
    web = open_web(invitations=Invitations("shop", "1"))
    link = made(database, tmp_path, "A")["A"]
    mine = begin(web, fields_of, link).headers["location"].removesuffix("/1")
    assert web.get(link.replace("/i/", "/r/")).status_code == 404
    assert web.get(mine.replace("/r/", "/i/")).status_code == 404


def test_a_link_that_replaces_one_that_has_begun_goes_on_with_the_same_response(
    open_web, database, store, tmp_path, fields_of, pages
):
    web = open_web(invitations=Invitations("shop", "1"))
    old = made(database, tmp_path, "A")["A"]
    web.walk(begin(web, fields_of, old).headers["location"].removesuffix("/1"), pages[:2])
    new = made(database, tmp_path, file="new.csv", replace=["A"])["A"]
    assert web.get(old).status_code == 410
    mine = web.get(new).headers["location"]
    assert web.get(mine).headers["location"] == f"{mine}/3"
    assert web.get(new).headers["location"] == mine
    assert len(opened(store)) == 1


def test_nobody_begins_after_the_last_day(open_web, database, store, tmp_path):
    web = open_web(invitations=Invitations("shop", "1"), fieldwork=Fieldwork(closes=datetime.date(2026, 1, 1)))
    link = made(database, tmp_path, "A")["A"]
    for answer in (web.get(link), web.post(f"{link}/begin", {"language": "en"})):
        assert (answer.status_code, "The survey is closed" in answer.text) == (403, True)
    assert opened(store) == []


def test_an_invitation_to_an_anonymous_survey_is_used_and_nothing_leads_back(
    open_web, people, store, tmp_path, fields_of
):
    web = open_web(invitations=Invitations("shop", "1", people))
    links = made(people, tmp_path, "A", "B")
    place = begin(web, fields_of, links["A"])
    assert re.fullmatch("/r/[A-Za-z0-9_-]{22}/1", place.headers["location"])
    for answer in (web.get(links["A"]), web.post(f"{links['A']}/begin", {"language": "en"})):
        assert (answer.status_code, "This link has been used" in answer.text) == (410, True)
    assert web.get(place.headers["location"]).status_code == 200
    assert len(opened(store)) == 1
    assert set(opened(store)[0].payload) == {"language", "mode", "order"}


def test_an_anonymous_invitation_is_good_again_when_the_store_fails(
    open_web, people, store, tmp_path, fields_of, monkeypatch
):
    web = open_web(invitations=Invitations("shop", "1", people))
    link = made(people, tmp_path, "A")["A"]
    fields = fields_of(web.get(link).text)

    def broken(job):
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(store, "submit", broken)
        assert web.post(f"{link}/begin", fields).status_code == 503
    assert web.post(f"{link}/begin", fields).status_code == 303
    assert len(opened(store)) == 1


def test_a_device_begins_as_often_as_it_may(open_web, database, store, fields_of):
    web = open_web(fieldwork=Fieldwork(device_limit=2), base_url="https://survey.example")

    def beginning():
        return web.post("/begin", fields_of(web.get("/").text), headers={"cookie": "; ".join(jar)})

    jar = []
    first = beginning()
    cookie = first.headers["set-cookie"]
    assert re.fullmatch("device=[A-Za-z0-9_-]{22}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure", cookie)
    jar.append(cookie.partition(";")[0])
    assert beginning().status_code == 303
    third = beginning()
    assert (third.status_code, "set-cookie" in third.headers, len(opened(store))) == (403, False, 2)
    jar.clear()
    assert beginning().status_code == 303


def test_without_a_limit_no_cookie_is_set(web, fields_of):
    answer = web.post("/begin", fields_of(web.get("/").text))
    assert (answer.status_code, "set-cookie" in answer.headers) == (303, False)


def test_a_site_is_recorded_when_the_fieldwork_file_knows_it(open_web, store, fields_of):
    web = open_web(fieldwork=Fieldwork(sites=(Site("hall-1"),)))
    for asked in ("/?site=hall-1", "/?site=hall-9", "/?site=%22%3E%3Cb%3E", "/"):
        web.post("/begin", fields_of(web.get(asked).text))
    forged = fields_of(web.get("/").text) | {"site": "hall-9"}
    web.post("/begin", forged)
    assert [event.payload.get("site") for event in opened(store)] == ["hall-1", None, None, None, None]


def test_who_finds_no_place_is_told_kindly_and_the_journal_knows(open_web, database, store, pages):
    quotas = Quotas({"ctype": {"res": 1}}, datetime.timedelta(hours=1))
    web = open_web(quotas=quotas)
    assert web.answer(f"{web.begin()}/1", pages[0]).status_code == 303
    full = web.answer(f"{web.begin()}/1", pages[0])
    assert (full.status_code, "Thank you for your interest" in full.text) == (403, True)
    withdrawn = [event for event in store.events() if event.kind == "withdrawn"]
    assert [event.payload for event in withdrawn] == [{"reason": "quota_full"}]
    with store.connection() as connection:
        assert [(cell.held, cell.full) for cell in quotas.cells(connection)] == [(1, True)]


def test_who_was_refused_while_answering_is_told_why_on_every_page_and_later(open_web, database, pages, fields_of):
    quotas = Quotas({"ctype": {"res": 1}}, datetime.timedelta(hours=1))
    web = open_web(quotas=quotas)
    web.walk(web.begin(), pages[:1])
    link = web.begin()
    fields = fields_of(web.get(f"{link}/1").text)
    saved = web.request("POST", f"{link}/1/save", json={"k": "k" * 22, "language": "en", "values": {"ctype": "res"}})
    assert (saved.status_code, saved.json()["reason"]) == (403, "quota_full")
    for after in (
        web.post(f"{link}/1", fields | {"v.ctype": "res", "go": "next"}),
        web.get(f"{link}/1"),
        web.get(link),
    ):
        assert (after.status_code, "Thank you for your interest" in after.text) == (403, True)
        assert "As you wished" not in after.text


def test_twenty_who_post_at_once_for_the_last_place(open_web, database, store, fields_of, pages):
    quotas = Quotas({"ctype": {"res": 1}}, datetime.timedelta(hours=1))
    web = open_web(quotas=quotas)
    places = [f"{web.begin()}/1" for _ in range(20)]
    posts = [fields_of(web.get(place).text) | {"v.ctype": "res", "go": "next"} for place in places]
    answers = web.together([("POST", place, {"data": post}) for place, post in zip(places, posts, strict=True)])
    assert sorted(answer.status_code for answer in answers) == [303, *[403] * 19]
    assert sum("Thank you for your interest" in answer.text for answer in answers) == 19
    reasons = [event.payload["reason"] for event in store.events() if event.kind == "withdrawn"]
    assert reasons == ["quota_full"] * 19
    states = [store.latest(event.response) for event in opened(store)]
    assert [dict(state.values) for state in states if not state.withdrawn] == [{"ctype": "res"}]


def test_the_site_is_not_lost_when_the_language_is_changed(open_web, store, fields_of):
    web = open_web(fieldwork=Fieldwork(sites=(Site("hall-1"),)))
    page = web.get("/?site=hall-1").text
    links = [html.unescape(link) for link in re.findall(r'href="(\?[^"]*language=zh-CN[^"]*)"', page)]
    assert links
    web.post("/begin", fields_of(web.get("/" + links[0]).text))
    assert opened(store)[0].payload["site"] == "hall-1"


@pytest.mark.parametrize(
    "token",
    ["%00", "%ff", "..%2f..%2fetc", "%F0%9F%98%80", "a" * 5000, "x%0d%0aSet-Cookie:%20a=b", "%27%20OR%201=1--", "<b>"],
)
def test_hostile_tokens_are_links_that_do_not_exist(open_web, database, people, tmp_path, token):
    made(people, tmp_path, "A")
    for invitations in (Invitations("shop", "1"), Invitations("shop", "1", people)):
        web = open_web(invitations=invitations)
        for answer in (web.get(f"/i/{token}"), web.post(f"/i/{token}/begin", {"language": "en"})):
            assert answer.status_code == 404
            assert "set-cookie" not in answer.headers
            assert "<b>" not in answer.text


def test_without_a_sample_no_link_exists(open_web, store):
    web = open_web(invitations=Invitations("shop", "1"))
    token = "x" * 22
    for answer in (web.get(f"/i/{token}"), web.post(f"/i/{token}/begin", {"language": "en"})):
        assert answer.status_code == 404
    assert opened(store) == []


def test_what_the_look_did_not_know_the_guard_refuses(open_web, database, store, tmp_path, monkeypatch):
    """Between looking and beginning a link may be revoked: the transaction has the last word."""
    link = made(database, tmp_path, "A")["A"]
    invitations = Invitations("shop", "1")
    web = open_web(invitations=invitations)
    monkeypatch.setattr(Invitations, "look", lambda self, connection, token: "")
    made(database, tmp_path, file="new.csv", replace=["A"])
    answer = web.post(f"{link}/begin", {"language": "en"})
    assert (answer.status_code, "This link is no longer valid" in answer.text) == (410, True)
    assert opened(store) == []
