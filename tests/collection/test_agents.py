"""Interviewers: who is let in, whom they call, and that nobody sees an interview that is not theirs."""

import datetime
import re

import pytest
from sqlalchemy import update

from satmeter.collection import monitor_access
from satmeter.collection.agents_file import Agent
from satmeter.collection.application import application
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.fieldwork_modes import Script
from satmeter.collection.invitations import Invitations
from satmeter.collection.monitor_password import hash_password
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import TOKEN, open_database
from satmeter.collection.settings import Settings
from satmeter.journal.model import Event
from satmeter.journal.sealing import make_key
from satmeter.journal.view import view
from satmeter.questionnaire.model import Text

PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD, time_cost=1, memory_cost=64)
AGENTS = (
    Agent("a01", ("interviewer",), HASH),
    Agent("a02", ("interviewer",), HASH),
    Agent("boss", ("lead",), HASH),
    Agent("k01", ("entry",), HASH),
)
SCRIPT = Script(
    Text((("zh-CN", "您好，我是"), ("en", "Good morning, <b>my name</b> is"))),
    {2: Text((("en", "Now the <product>"),))},
)
NOON = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def key(tmp_path):
    return make_key(tmp_path / "people.key")


@pytest.fixture
def links(store, tmp_path, key):
    """Three sampled units, their contact data sealed: id to link."""
    database = open_database(f"sqlite:///{tmp_path}/answers.db")
    units = [
        Unit("A-1", {"tier": "high", "weight": "1.5"}, {"phone": "555-0101"}),
        Unit("A-2", {"tier": "low", "weight": "0.5"}, {"phone": "555-0102"}),
        Unit("A-3", {"tier": "low", "weight": "0.5"}, {"phone": "555-0103"}),
    ]
    told = {"survey": "shop", "version": "1", "base_url": "http://survey.example", "file": tmp_path / "links.csv"}
    found = invite(database, units, key=key, **told)
    database.close()
    return {link.unit.id: f"/i/{link.token}" for link in found.links}


@pytest.fixture
def app(store, questionnaire, links):
    """The application; every browser before it is another device."""

    def made(**more):
        given = {"fieldwork": Fieldwork(script=SCRIPT), "agents": AGENTS, "now": lambda: NOON} | more
        invitations = Invitations("shop", "1")
        return application(Settings(questionnaire=questionnaire, store=store, invitations=invitations, **given))

    return made


@pytest.fixture
def desk(app, new_web):
    """A browser in which an interviewer has signed in, at the only server."""
    shared = app()

    def opened(agent="a01", running=None):
        web = new_web(running or shared)
        assert sign_in(web, agent).status_code == 303
        return web

    return opened


def token_of(page):
    return re.search(r'name="token" value="([0-9a-f]{64})"', page.text)[1]


def sign_in(web, agent, password=PASSWORD, path="/agent"):
    page = web.get(f"{path}/login?language=en")
    return web.post(f"{path}/login", {"token": token_of(page), "agent": agent, "password": password})


def begin(web, unit, **more):
    page = web.get(f"/agent/units/{unit}?language=en")
    return web.post(f"/agent/units/{unit}/begin", {"token": token_of(page), "spoken": "en"} | more)


def call(web, unit, result, **more):
    page = web.get(f"/agent/units/{unit}?language=en")
    return web.post(f"/agent/units/{unit}/call", {"token": token_of(page), "result": result} | more)


def listed(web, query=""):
    page = web.get(f"/agent?language=en{query}").text
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a></th><td>([^<]*)</td>', page)


def walk(web, place, answers):
    for page in answers:
        found = web.answer(place.partition("?")[0], page)
        assert found.status_code == 303, found.text
        place = found.headers["location"]
    return place


def test_without_agents_there_are_no_pages_for_them(web):
    for path in ("/agent", "/agent/login", "/agent/units/1", "/agent/assets/x.css"):
        assert web.get(path).status_code == 404


@pytest.mark.parametrize(
    ("agent", "password"), [("a01", "wrong"), ("nobody", PASSWORD), ("", ""), ("k01", PASSWORD), ("A01", PASSWORD)]
)
def test_only_interviewers_with_their_own_password_come_in(app, new_web, monkeypatch, agent, password):
    monkeypatch.setattr(monitor_access.asyncio, "sleep", _at_once)
    web = new_web(app())
    found = sign_in(web, agent, password)
    assert (found.status_code, "Id and password do not fit." in found.text) == (403, True)
    assert web.get("/agent").headers["location"].startswith("/agent/login")


async def _at_once(seconds):
    return None


ROUTES = (
    ("GET", "/agent", 303),
    ("GET", "/agent/units/1", 303),
    ("POST", "/agent/units/1/call", 403),
    ("POST", "/agent/units/1/begin", 403),
    ("POST", "/agent/logout", 403),
)


@pytest.mark.parametrize(("method", "path", "status"), ROUTES)
def test_no_route_answers_without_a_session(app, new_web, store, method, path, status):
    web = new_web(app())
    found = web.request(method, path, **({"data": {"token": "0" * 64}} if method == "POST" else {}))
    assert found.status_code == status
    assert "A-1" not in found.text
    assert list(store.events()) == []


@pytest.mark.parametrize("path", ["/agent/units/1/call", "/agent/units/1/begin", "/agent/logout"])
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_no_post_is_taken_without_the_token_of_its_session(desk, store, path, token):
    web = desk()
    assert web.post(path, {"token": token, "result": "refused"}).status_code == 403
    assert list(store.events()) == []


def test_a_token_of_another_session_does_not_fit(desk):
    foreign = token_of(desk("a02").get("/agent/units/1"))
    assert desk("a01").post("/agent/units/1/begin", {"token": foreign}).status_code == 403


def test_an_interview_is_recorded_with_mode_and_agent_and_uses_the_units_link_up(
    desk, app, new_web, store, links, pages
):
    web = desk()
    place = begin(web, 1).headers["location"]
    assert re.fullmatch(r"/agent/units/1/[0-9a-f]{32}", place)
    first = web.get(place).headers["location"]
    end = walk(web, first, pages)
    assert "Thanks for the 9." in web.get(end).text
    found = view(store)
    assert (found.column("mode"), found.column("agent"), found.column("ly")) == (["agent"], ["a01"], ["9"])
    assert ("A-1", "answered") in listed(web, "&show=all")
    assert ("A-1", "answered") not in listed(web)
    assert begin(web, 1).status_code == 409
    respondent = new_web(app())
    assert respondent.get(links["A-1"]).status_code == 303
    assert [event.kind for event in store.events()].count("opened") == 1


def test_who_began_by_their_own_link_is_not_interviewed(desk, app, new_web, store, links, fields_of):
    respondent = new_web(app())
    respondent.post(f"{links['A-2']}/begin", fields_of(respondent.get(links["A-2"]).text))
    web = desk()
    assert ("A-2", "begun elsewhere") in listed(web, "&show=all")
    found = begin(web, 2)
    assert (found.status_code, "nobody answers twice" in found.text) == (409, True)
    assert [event.payload["mode"] for event in store.events() if event.kind == "opened"] == ["web"]


def test_two_interviewers_begin_at_once_and_one_does(desk, store):
    one, two = desk("a01"), desk("a02")
    tokens = [token_of(web.get("/agent/units/3")) for web in (one, two)]
    found = [web.post("/agent/units/3/begin", {"token": token}) for web, token in zip((one, two), tokens, strict=True)]
    assert [answer.status_code for answer in found] == [303, 409]
    assert [event.payload["agent"] for event in store.events() if event.kind == "opened"] == ["a01"]


def test_nobody_sees_an_interview_of_another_session(desk, app, new_web, store):
    web = desk("a01")
    place = begin(web, 1).headers["location"]
    web.answer(f"{place}/1", {"ctype": "biz", "firm": "ACME & Sons"})
    assert "ACME" in web.get(f"{place}/1").text
    other, nobody = desk("a02"), new_web(app())
    for foreign in (other, nobody):
        for path in ("", "/1", "/2", "/thanks"):
            answer = foreign.get(place + path)
            assert (answer.status_code, answer.text) == (303, "")
            assert answer.headers["location"] == "/agent/units/1"
        for path in ("/1", "/submit"):
            assert foreign.post(place + path, {"k": "x" * 22, "v.ctype": "res"}).headers["location"] == "/agent/units/1"
        told = {"k": "x" * 22, "values": {"ctype": "res"}, "language": "en"}
        assert foreign.request("POST", f"{place}/1/save", json=told).status_code == 404
    assert begin(other, 1).status_code == 409
    assert "ACME" not in other.get("/agent/units/1").text
    response = next(event.response for event in store.events())
    assert store.latest(response).values["firm"] == "ACME & Sons"


def test_an_interview_of_one_unit_is_no_key_to_that_of_another(desk):
    web = desk("a01")
    one, two = begin(web, 1).headers["location"], begin(web, 2).headers["location"]
    proof = one.rpartition("/")[2]
    assert proof != two.rpartition("/")[2]
    assert web.get(f"/agent/units/2/{proof}/1").headers["location"] == "/agent/units/2"
    assert web.get(f"/agent/units/3/{proof}/1").headers["location"] == "/agent/units/3"


def test_the_own_interview_is_gone_on_with_after_a_break(desk, store):
    web = desk("a01")
    place = begin(web, 1).headers["location"]
    web.answer(f"{place}/1", {"ctype": "res"})
    again = desk("a01")
    assert ("A-1", "interview open") in listed(again)
    onward = begin(again, 1).headers["location"]
    assert onward != place
    assert again.get(onward).headers["location"] == f"{onward}/2"
    assert [event.kind for event in store.events()].count("opened") == 1


def test_a_lead_goes_on_with_the_interview_of_another(desk):
    place = begin(desk("a01"), 1).headers["location"]
    boss = desk("boss")
    assert ("A-1", "interview open") in listed(boss)
    onward = begin(boss, 1).headers["location"]
    assert onward.startswith("/agent/units/1/")
    assert onward != place
    assert boss.get(onward).headers["location"] == f"{onward}/1"


def test_after_the_thanks_the_interview_is_closed_to_its_interviewer_too(desk, pages):
    web = desk()
    place = begin(web, 1).headers["location"]
    end = walk(web, f"{place}/1", pages)
    assert web.get(end).status_code == 200
    for path in ("/1", "/4", "/thanks"):
        assert web.get(place + path).headers["location"] == "/agent/units/1"


def test_signing_out_closes_the_interview(desk):
    web = desk()
    place = begin(web, 1).headers["location"]
    web.post("/agent/logout", {"token": token_of(web.get("/agent/units/1"))})
    assert web.get(f"{place}/1").headers["location"] == "/agent/units/1"
    assert web.get("/agent/units/1").headers["location"].startswith("/agent/login")


def test_calls_are_recorded_and_order_the_list(desk, store):
    web = desk()
    assert [name for name, _ in listed(web)] == ["A-1", "A-2", "A-3"]
    assert call(web, 1, "no_answer").status_code == 303
    assert [name for name, _ in listed(web)] == ["A-2", "A-3", "A-1"]
    call(web, 3, "callback", appointment="2026-11-22T11:30")
    call(web, 2, "callback", appointment="2026-11-22T18:00")
    assert listed(web) == [("A-3", "to call"), ("A-1", "to call"), ("A-2", "appointment")]
    call(web, 3, "refused")
    assert listed(web) == [("A-1", "to call"), ("A-2", "appointment")]
    assert ("A-3", "no interview") in listed(web, "&show=all")
    page = web.get("/agent/units/3?language=en").text
    assert page.index("asks for a call back</td>") < page.index("refused</td>")


@pytest.mark.parametrize(
    ("result", "appointment", "told"),
    [
        ("", "", "Please choose a result."),
        ("complete", "", "Please choose a result."),
        ("busy", "2026-11-22T18:00", "An appointment goes with"),
        ("callback", "tomorrow", "Please give day and time"),
        ("callback", "2026-02-30T18:00", "Please give day and time"),
        ("callback", "2026-11-22T25:00", "Please give day and time"),
    ],
)
def test_a_call_that_cannot_be_is_told_and_not_recorded(desk, result, appointment, told):
    web = desk()
    found = call(web, 1, result, appointment=appointment, language="en")
    assert (found.status_code, told in found.text) == (422, True)
    assert "Earlier calls" not in web.get("/agent/units/1?language=en").text


def test_a_unit_that_is_not_there_is_not_found(desk):
    web = desk()
    token = token_of(web.get("/agent/units/1"))
    assert web.get("/agent/units/99").status_code == 404
    assert web.get(f"/agent/units/{10**30}").status_code == 404
    assert web.post("/agent/units/99/begin", {"token": token}).status_code == 404
    assert web.post("/agent/units/99/call", {"token": token, "result": "busy"}).status_code == 404


def test_contact_data_are_shown_with_the_key_only(desk, app, key):
    assert "555-0101" in desk("a01", app(sealing_key=key)).get("/agent/units/1").text
    without = desk("a01").get("/agent/units/1?language=en").text
    assert "555-0101" not in without
    assert "sealed; the server was started without their key" in without


def test_the_list_is_narrowed_by_group_and_weights_are_no_group(desk):
    web = desk()
    assert [name for name, _ in listed(web, "&stratum=tier:low")] == ["A-2", "A-3"]
    assert [name for name, _ in listed(web, "&stratum=tier:none")] == ["A-1", "A-2", "A-3"]
    assert [name for name, _ in listed(web, "&page=999")] == ["A-1", "A-2", "A-3"]
    assert re.findall(r'<option value="([^"]+)"', web.get("/agent").text) == ["tier:high", "tier:low"]


def test_what_is_read_out_stands_in_a_box_and_not_in_a_question(desk):
    web = desk()
    start = web.get("/agent/units/1?language=en").text
    assert "Good morning, &lt;b&gt;my name&lt;/b&gt; is" in start
    place = begin(web, 1).headers["location"]
    assert 'class="read-out"' not in web.get(f"{place}/1").text
    web.answer(f"{place}/1", {"ctype": "res"})
    page = web.get(f"{place}/2").text
    box = re.search(r'<aside class="read-out".*?</aside>', page, re.DOTALL)[0]
    assert "Now the &lt;product&gt;" in box
    assert "product&gt;" not in page.replace(box, "")
    assert "personal-link" not in page


def test_a_survey_that_is_closed_begins_no_interview(desk, app):
    closed = app(fieldwork=Fieldwork(closes=datetime.date(2026, 11, 21)))
    found = begin(desk("a01", closed), 1, language="en")
    assert (found.status_code, "The survey is closed." in found.text) == (409, True)


def test_a_unit_whose_link_was_withdrawn_begins_no_interview(desk, store):
    web = desk()
    store.transact(lambda connection: connection.execute(update(TOKEN).values(revoked=True)))
    found = begin(web, 1, language="en")
    assert (found.status_code, "link has been withdrawn" in found.text) == (409, True)
    assert list(store.events()) == []


@pytest.mark.parametrize("path", ["/agent", "/agent/units/1", "/agent/login"])
def test_pages_are_kept_by_nobody_and_speak_both_languages(desk, path):
    web = desk()
    for language in ("zh-CN", "en"):
        page = web.get(f"{path}?language={language}")
        if page.status_code == 200:
            assert page.headers["cache-control"] == "no-store"
            assert f'<html lang="{language}">' in page.text


def test_a_unit_whose_response_was_withdrawn_is_over(desk, store):
    web = desk()
    begin(web, 1)
    response = next(event.response for event in store.events())
    store.append([Event("withdrawn", response, {"reason": "asked"})], definition=store.definitions()[-1].digest)
    assert ("A-1", "quota full or withdrawn") in listed(web, "&show=all")
    assert begin(web, 1).status_code == 409
