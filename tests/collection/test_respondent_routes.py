"""The walk of a respondent: pages, back, resume, repeats, two windows, late answers, a store that fails."""

from __future__ import annotations

import datetime
import json
from concurrent.futures import Future

import pytest

from satmeter.collection import landing
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.errors import JournalError, Problem
from satmeter.journal import Event


def kinds(store):
    return [event.kind for event in store.events() if event.kind != "page"]


def state_of(store):
    (response,) = {event.response for event in store.events()}
    return store.latest(response)


def save(web, link, page, values, **more):
    body = {"k": "k" * 22, "language": "en", "values": values} | more
    return web.request("POST", f"{link}/{page}/save", json=body)


def test_a_whole_walk_is_in_the_store_before_the_respondent_is_thanked(web, store, pages):
    link = web.begin()
    end = web.walk(link, pages)
    assert end.headers["location"] == f"{link}/thanks"
    thanks = web.get(f"{link}/thanks")
    assert thanks.status_code == 200
    assert "Thanks for the 9." in thanks.text
    assert kinds(store) == ["opened", "answered", "answered", "answered", "answered", "submitted"]
    state = state_of(store)
    assert dict(state.values) == {
        "ctype": "res", "p1": 1, "p2": 2, "p3": "98", "used": ["a", "b"], "age": 42, "since": "2020-02-29",
        "ly": 9, "ly2": 8,
    }  # fmt: skip
    assert (state.submitted, state.page, state.language, state.mode) == (True, 4, "en", "web")
    assert sorted(state.order) == sorted(
        ["ctype", "firm", "p1", "p2", "p3", "used", "age", "since", "ly", "ly2", "why"]
    )


def test_every_page_that_was_shown_is_noted_once_with_its_order(web, store, pages):
    link = web.begin()
    for _ in range(3):
        web.get(f"{link}/1")
    web.walk(link, pages[:1])
    web.get(f"{link}/2")
    store.transact(lambda _: None)  # nobody waits for such notes: let the writer come to its end
    shown = [event.payload for event in store.events() if event.kind == "page"]
    order = state_of(store).order
    assert shown == [
        {"page": 1, "passed": False, "shown": ["ctype"]},
        {"page": 2, "passed": False, "shown": [name for name in order if name in ("p1", "p2", "p3")]},
    ]


def test_the_items_stand_in_the_order_that_was_drawn(web, store, pages):
    link = web.begin()
    page = web.answer(f"{link}/1", pages[0]) and web.get(f"{link}/2").text
    order = [name for name in state_of(store).order if name in ("p1", "p2", "p3")]
    assert sorted(order, key=lambda name: page.index(f'name="v.{name}"')) == order


def test_a_repeated_post_is_answered_as_the_first_and_adds_nothing(web, store, pages, fields_of):
    link = web.begin()
    fields = fields_of(web.get(f"{link}/1").text) | {"v.ctype": "res", "go": "next"}
    answers = [web.post(f"{link}/1", fields) for _ in range(3)]
    assert {(a.status_code, a.headers["location"]) for a in answers} == {(303, f"{link}/2")}
    assert kinds(store) == ["opened", "answered"]


def test_the_last_page_sent_twice_submits_once(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:-1])
    fields = fields_of(web.get(f"{link}/4").text) | {"v.ly": "9", "v.ly2": "8", "go": "next"}
    answers = web.together([("POST", f"{link}/4", {"data": fields})] * 5)
    assert {(a.status_code, a.headers["location"]) for a in answers} == {(303, f"{link}/thanks")}
    assert kinds(store).count("submitted") == 1


def test_one_welcome_page_opens_one_response(web, store, fields_of):
    fields = fields_of(web.get("/").text)
    answers = web.together([("POST", "/begin", {"data": fields})] * 5)
    assert len({a.headers["location"] for a in answers}) == 1
    assert kinds(store) == ["opened"]


def test_a_welcome_page_of_somebody_else_leads_to_no_answers_of_others(web, store, fields_of, monkeypatch):
    fields = fields_of(web.get("/").text)
    first = web.post("/begin", fields).headers["location"]
    assert web.post("/begin", fields).headers["location"] == first
    monkeypatch.setattr(landing, "AGAIN_SECONDS", -1.0)
    assert web.post("/begin", fields).headers["location"] != first
    assert kinds(store) == ["opened"] * 2
    for site, place in (("cross-site", "/"), ("same-origin", "/r/"), ("none", "/r/")):
        fields = fields_of(web.get("/").text)
        answer = web.post("/begin", fields, headers={"sec-fetch-site": site})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(place)
        assert (answer.headers["location"] == "/") == (site == "cross-site")
    assert kinds(store) == ["opened"] * 4


def test_an_old_post_that_comes_late_does_not_undo_a_newer_one(web, store, fields_of):
    link = web.begin()
    old = fields_of(web.get(f"{link}/1").text) | {"v.ctype": "res", "go": "next"}
    new = fields_of(web.get(f"{link}/1").text) | {
        "v.ctype": "biz",
        "v.firm": "Acme",
        "q": ["ctype", "firm"],
        "go": "next",
    }
    assert web.post(f"{link}/1", old).status_code == 303
    assert web.post(f"{link}/1", new).status_code == 303
    late = web.post(f"{link}/1", old)
    assert late.status_code == 409
    assert "answered differently in the meantime" in late.text
    assert state_of(store).values["ctype"] == "biz"
    again = fields_of(late.text)
    assert again["v.ctype"] == ["res"]
    assert web.post(f"{link}/1", again | {"go": "next"}).status_code == 303
    assert state_of(store).values["ctype"] == "res"


def test_two_windows_are_answered_one_after_the_other(web, store, pages, fields_of):
    link = web.begin()
    first, second = (fields_of(web.get(f"{link}/1").text) for _ in range(2))
    posts = [
        ("POST", f"{link}/1", {"data": first | {"v.ctype": "res", "go": "next"}}),
        ("POST", f"{link}/1", {"data": second | {"v.ctype": "biz", "v.firm": "Acme", "go": "next"}}),
    ]
    assert [answer.status_code for answer in web.together(posts)] == [303, 303]
    assert kinds(store) == ["opened", "answered", "changed"]
    assert state_of(store).values["ctype"] == "biz"


def test_a_window_left_open_empties_nothing_that_was_answered_in_another(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:2])
    stale = fields_of(web.get(f"{link}/3").text)
    web.answer(f"{link}/3", pages[2])
    known = state_of(store).values
    late = web.post(f"{link}/3", stale | {"v.age": "43", "go": "next"})
    assert late.headers["location"] == f"{link}/3?notice=elsewhere"
    assert state_of(store).values == {**known, "age": 43}
    page = web.get(late.headers["location"]).text
    assert "answered in another window" in page
    seen = fields_of(page)
    assert seen["v.since"] == ["2020-02-29"]
    emptied = {name: value for name, value in seen.items() if name != "v.used"} | {"v.since": "", "go": "next"}
    assert web.post(f"{link}/3", emptied).headers["location"] == f"{link}/4"
    assert {"since", "used"} & state_of(store).values.keys() == set()


def test_going_back_shows_the_answers_and_loses_none(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:2])
    back = web.answer(f"{link}/3", {"age": "42"}, go="back")
    assert back.headers["location"] == f"{link}/2"
    fields = fields_of(web.get(f"{link}/2").text)
    assert {name: fields[name] for name in ("v.p1", "v.p2", "v.p3")} == {"v.p1": ["1"], "v.p2": ["2"], "v.p3": ["98"]}
    assert state_of(store).values["age"] == 42
    assert state_of(store).pages_passed == frozenset({1, 2})


def test_going_back_needs_no_finished_page_but_leaves_no_unsound_text_behind(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:1])
    assert web.answer(f"{link}/2", {"p1": "1"}, go="back").headers["location"] == f"{link}/1"
    web.answer(f"{link}/2", {"p1": "1", "p2": "1", "p3": "1"})
    kept = web.answer(f"{link}/3", {"age": "many"}, go="back")
    assert kept.status_code == 422
    assert fields_of(kept.text)["v.age"] == ["many"]


def test_the_personal_link_leads_to_the_furthest_page_on_any_device(web, open_web, store, pages):
    link = web.begin()
    web.walk(link, pages[:2])
    other = open_web("zh-CN")
    assert other.get(link).headers["location"] == f"{link}/3"
    assert '<html lang="en">' in other.get(f"{link}/3").text


def test_what_is_sound_is_kept_when_a_page_has_problems(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:1])
    answer = web.answer(f"{link}/2", {"p1": "3", "p2": "no such code"})
    assert answer.status_code == 422
    assert state_of(store).values == {"ctype": "res", "p1": 3}
    assert fields_of(answer.text)["v.p1"] == ["3"]
    assert 'aria-invalid="true"' in answer.text
    assert web.get(link).headers["location"] == f"{link}/2"
    assert web.answer(f"{link}/2", {"p1": "3", "p2": "1", "p3": "2"}).headers["location"] == f"{link}/3"


def test_a_page_that_asks_more_after_an_answer_is_shown_again(web, store, fields_of):
    link = web.begin()
    answer = web.answer(f"{link}/1", {"ctype": "biz"})
    assert answer.headers["location"] == f"{link}/1?notice=further"
    page = web.get(f"{link}/1?notice=further").text
    assert "further questions" in page
    assert fields_of(page)["q"] == ["ctype", "firm"]
    assert state_of(store).values == {"ctype": "biz"}
    assert web.answer(f"{link}/1", {}).status_code == 422
    assert web.answer(f"{link}/1", {"firm": "Acme"}).headers["location"] == f"{link}/2"


def test_an_answer_that_becomes_hidden_stays_in_the_journal_and_comes_back(web, store, fields_of):
    link = web.begin()
    web.answer(f"{link}/1", {"ctype": "biz"})
    web.answer(f"{link}/1", {"firm": "Acme"})
    web.answer(f"{link}/1", {"ctype": "res", "firm": None})
    assert state_of(store).values == {"ctype": "res", "firm": "Acme"}
    web.answer(f"{link}/1", {"ctype": "biz"})
    assert fields_of(web.get(f"{link}/1").text)["v.firm"] == ["Acme"]


def test_an_answer_that_was_taken_back_is_taken_back(web, store, pages):
    link = web.begin()
    web.walk(link, pages[:3])
    web.answer(f"{link}/3", {"used": None, "age": ""})
    assert "used" not in state_of(store).values
    assert "age" not in state_of(store).values
    assert [event.payload["values"] for event in store.events() if event.kind == "changed"] == [
        {"used": None, "age": None}
    ]


def test_a_page_of_which_all_questions_are_skipped_is_skipped(web, store, pages):
    link = web.begin()
    web.walk(link, pages[:3])
    answer = web.answer(f"{link}/4", {"ly": "3", "ly2": "3"})
    assert answer.headers["location"] == f"{link}/5"
    assert "Why a 3?" in web.get(f"{link}/5").text
    assert web.answer(f"{link}/4", {"ly": "9"}).headers["location"] == f"{link}/thanks"
    assert web.get(f"{link}/5").headers["location"] == f"{link}/thanks"


def test_nobody_jumps_over_a_page(web, pages):
    link = web.begin()
    for page in (0, 2, 4, 6, 99):
        assert web.get(f"{link}/{page}").headers["location"] == f"{link}/1"
    jumped = web.post(f"{link}/4", {"k": "k" * 22, "go": "next", "v.ly": "9", "v.ly2": "9", "q": ["ly", "ly2"]})
    assert jumped.headers["location"] != f"{link}/thanks"
    assert web.post(f"{link}/submit", {"k": "k" * 22}).headers["location"] == f"{link}/1?notice=open"
    assert web.get(f"{link}/thanks").headers["location"] == link


def test_an_early_page_that_became_necessary_is_asked_before_the_end(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:3])
    window = fields_of(web.get(f"{link}/4").text)
    web.answer(f"{link}/1", {"ctype": "biz"}, go="stay")
    end = web.post(f"{link}/4", window | {"v.ly": "9", "v.ly2": "8", "go": "next"})
    assert end.headers["location"] == f"{link}/1?notice=open"
    state = state_of(store)
    assert (state.submitted, state.values["ly"], state.values["ly2"]) == (False, 9, 8)
    assert web.walk(link, [{"firm": "Acme"}, {}, {}, {}]).headers["location"] == f"{link}/thanks"


def test_the_language_changes_on_any_page_and_no_answer_is_lost(web, store, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:1])
    fields = fields_of(web.get(f"{link}/2").text) | {"v.p1": "3", "language": ["en", "zh-CN"]}
    answer = web.post(f"{link}/2", fields)
    assert answer.headers["location"] == f"{link}/2"
    page = web.get(f"{link}/2").text
    assert '<html lang="zh-CN">' in page
    assert fields_of(page)["v.p1"] == ["3"]
    assert state_of(store).language == "zh-CN"


def test_a_language_change_keeps_what_cannot_be_stored(web, pages, fields_of):
    link = web.begin()
    web.walk(link, pages[:2])
    fields = fields_of(web.get(f"{link}/3").text) | {"v.age": "many", "language": ["en", "zh-CN"]}
    answer = web.post(f"{link}/3", fields)
    assert answer.status_code == 200
    assert '<html lang="zh-CN">' in answer.text
    assert fields_of(answer.text)["v.age"] == ["many"]


def test_late_answers_are_refused_kindly_and_change_nothing(web, store, pages, fields_of):
    link = web.begin()
    window = fields_of(web.get(f"{link}/1").text)
    web.walk(link, pages)
    before = [event.seq for event in store.events()]
    late = web.post(f"{link}/1", window | {"v.ctype": "biz", "v.firm": "Acme", "go": "next"})
    assert late.status_code == 409
    assert "can no longer be changed" in late.text
    same = web.post(f"{link}/1", window | {"v.ctype": "res", "go": "next"})
    assert same.headers["location"] == f"{link}/thanks"
    assert save(web, link, 1, {"ctype": "biz"}).status_code == 409
    assert web.post(f"{link}/submit", {"k": "k" * 22}).headers["location"] == f"{link}/thanks"
    for path in (link, f"{link}/1", f"{link}/5"):
        assert web.get(path).headers["location"] == f"{link}/thanks"
    assert [event.seq for event in store.events()] == before


def test_single_answers_are_answered_once_they_are_stored(web, store, pages):
    link = web.begin()
    found = save(web, link, 1, {"ctype": "biz", "firm": "Acme", "p1": 3, "nonsense": 1}).json()
    assert found["ok"] is True
    last = list(store.events())[-1]
    assert (last.seq, last.kind, last.payload["values"]) == (found["seq"], "answered", {"ctype": "biz", "firm": "Acme"})
    assert save(web, link, 1, {"ctype": "biz"}).json()["ok"] is True
    assert list(store.events())[-1].seq == last.seq
    assert save(web, link, 1, {"ctype": "res"}).json()["ok"] is True
    assert list(store.events())[-1].kind == "changed"
    assert state_of(store).pages_passed == frozenset()


def test_single_answers_that_cannot_stand_are_not_stored(web, store):
    link = web.begin()
    answer = save(web, link, 1, {"ctype": "no such code", "firm": ["x"]})
    assert (answer.status_code, answer.json()) == (
        422,
        {"ok": False, "reason": "unsound", "questions": ["ctype", "firm"]},
    )
    assert state_of(store).values == {}
    partly = save(web, link, 1, {"ctype": "biz", "firm": "x" * 41})
    assert (partly.status_code, partly.json()["questions"]) == (422, ["firm"])
    assert state_of(store).values == {"ctype": "biz"}


def test_an_older_message_of_a_page_that_comes_late_changes_nothing(web, store, fields_of):
    link = web.begin()
    assert save(web, link, 1, {"ctype": "res"}, n=7).json()["ok"] is True
    assert save(web, link, 1, {"ctype": "biz"}, n=6).json() == {"ok": True, "seq": state_of(store).seq}
    assert state_of(store).values == {"ctype": "res"}
    assert save(web, link, 1, {"ctype": "biz"}, n=8).json()["ok"] is True
    fields = fields_of(web.get(f"{link}/1").text) | {"k": ["k" * 22], "go": "next"}
    assert web.post(f"{link}/1", fields | {"v.ctype": "res", "n": "12"}).status_code == 303
    save(web, link, 1, {"ctype": "biz"}, n=9)
    assert state_of(store).values == {"ctype": "res"}
    late = web.post(f"{link}/1", fields | {"v.ctype": "biz", "v.firm": "x", "n": "11"})
    assert late.status_code == 409
    assert state_of(store).values == {"ctype": "res"}
    save(web, link, 1, {"ctype": "biz"}, n=13)
    save(web, link, 2, {"p1": 3}, n=2)
    assert state_of(store).values == {"ctype": "biz", "p1": 3}


def test_an_answer_that_was_kept_without_a_network_does_not_undo_one_given_since(web, store):
    link = web.begin()
    save(web, link, 1, {"ctype": "res"})
    late = save(web, link, 1, {"ctype": "biz", "firm": "Kept"}, ages={"ctype": 60_000, "firm": 60_000})
    assert late.json()["ok"] is True
    assert state_of(store).values == {"ctype": "res", "firm": "Kept"}
    for odd in ({"ctype": -1}, {"ctype": "x"}, {"ctype": True}, {"ctype": 0}, {"p1": 60_000}, [1], "x"):
        save(web, link, 1, {"ctype": "biz"}, ages=odd)
        assert state_of(store).values["ctype"] == "biz"
        save(web, link, 1, {"ctype": "res"})


def test_a_slow_message_of_the_same_page_says_nothing_against_what_was_given_before_it_came(web, store):
    link = web.begin()
    slow, reloaded, elsewhere = "slow" * 5, "reloaded" * 3, "elsewhere" * 3
    save(web, link, 1, {"ctype": "biz"}, k=slow, n=5)
    save(web, link, 1, {"ctype": "res"}, k=slow, n=6, ages={"ctype": 60_000})
    assert state_of(store).values == {"ctype": "res"}
    save(web, link, 1, {"ctype": "biz"}, k=elsewhere, n=7, ages={"ctype": 60_000})
    assert state_of(store).values == {"ctype": "res"}
    save(web, link, 1, {"ctype": "biz"}, k=reloaded, was=slow, n=8, ages={"ctype": 60_000})
    assert state_of(store).values == {"ctype": "biz"}
    save(web, link, 1, {"ctype": "res"}, k=elsewhere, was=["x"], n=9, ages={"ctype": 60_000})
    assert state_of(store).values == {"ctype": "biz"}


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", '"x"', "{", '{"k": 1}', '{"values": []}', '{"k": "short", "values": {}}',
        '{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"p1": NaN}}',
        '{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"firm": "\\ud800"}}',
        '{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"a": 1, "a": 2}}',
        '{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"p1": 1e999}}',
        '{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"p1": ' + "[" * 400 + "]" * 400 + "}}",
        '{"k": "kkkkkkkkkkkkkkkkkkkkkk", "values": {"p1": ' + "9" * 9000 + "}}",
    ],
)  # fmt: skip
def test_what_is_no_document_of_answers_is_refused(web, store, body):
    link = web.begin()
    answer = web.request("POST", f"{link}/1/save", content=body.encode(), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (400, False)
    assert state_of(store).values == {}


def broken(*_):
    future: Future[None] = Future()
    future.set_exception(JournalError(Problem("K012", file="answers.db", params={"reason": "SQLITE_FULL"})))
    return future


def refusing(*_):
    raise JournalError(Problem("K015", file="answers.db"))


@pytest.mark.parametrize("failing", [broken, refusing])
def test_a_store_that_fails_is_told_and_nothing_typed_is_lost(
    web, store, pages, fields_of, monkeypatch, caplog, failing
):
    link = web.begin()
    web.walk(link, pages[:2])
    with monkeypatch.context() as patch:
        patch.setattr(store, "submit", failing)
        answer = web.answer(f"{link}/3", {"age": "42", "used": ["a"]})
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "10"
        assert "could not be stored just now" in answer.text
        assert save(web, link, 3, {"age": 42}).status_code == 503
        assert web.post("/begin", fields_of(web.get("/").text)).status_code == 503
    assert "42" not in caplog.text
    assert "K012" in caplog.text or "K015" in caplog.text
    fields = fields_of(answer.text)
    assert (fields["v.age"], fields["v.used"]) == (["42"], ["a"])
    assert web.post(f"{link}/3", fields | {"go": "next"}).headers["location"] == f"{link}/4"
    assert state_of(store).values["age"] == 42


def test_a_store_that_cannot_be_read_is_told(web, open_web, store, monkeypatch):
    link = web.begin()

    def lost(*_):
        raise JournalError(Problem("K013", file="answers.db", params={"reason": "x"}))

    monkeypatch.setattr(store, "remembered", lambda link: None)
    monkeypatch.setattr(store, "response_of", lost)
    for answer in (web.get(link), web.get(f"{link}/1"), web.post(f"{link}/1", {"k": "k" * 22})):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize("key", ["x" * 22, "x", "x" * 23, "%00" * 22, "..%2f..%2fetc", "中" * 22, "x" * 3000])
def test_a_foreign_link_leads_nowhere(web, key):
    web.begin()
    for path in (f"/r/{key}", f"/r/{key}/1", f"/r/{key}/thanks"):
        assert web.get(path).status_code == 404
    assert web.post(f"/r/{key}/1", {"k": "k" * 22}).status_code == 404
    assert web.post(f"/r/{key}/submit", {"k": "k" * 22}).status_code == 404
    assert save(web, f"/r/{key}", 1, {}).status_code == 404


def test_nobody_sees_the_answers_of_another(web, store, pages):
    one, other = web.begin(), web.begin()
    web.walk(one, [{"ctype": "biz", "q": ["ctype", "firm"], "firm": "Secret Ltd"}])
    assert "Secret Ltd" in web.get(f"{one}/1").text
    assert "Secret Ltd" not in web.get(f"{other}/1").text
    responses = {event.response for event in store.events()}
    keys = {one.rpartition("/")[2], other.rpartition("/")[2]}
    assert not any(key in response or response in key for key in keys for response in responses)


def test_an_erased_and_a_withdrawn_response_are_gone(web, store, pages):
    link, second = web.begin(), web.begin()
    web.walk(link, pages[:1])
    first, other = dict.fromkeys(event.response for event in store.events())
    store.erase(first)
    assert web.get(f"{link}/1").status_code == 404
    digest = next(store.events()).definition
    store.append([Event("withdrawn", other, {"reason": "own wish"})], definition=digest)
    assert web.get(f"{second}/1").status_code == 410
    assert web.post(f"{second}/1", {"k": "k" * 22}).status_code == 410


def test_after_the_last_day_nobody_begins_and_who_has_begun_has_a_day_to_finish(open_web, store, pages, fields_of):
    day = [datetime.datetime(2026, 12, 31, 23, 59, tzinfo=datetime.UTC)]
    web = open_web(fieldwork=Fieldwork(closes=datetime.date(2026, 12, 31)), now=lambda: day[0])
    begun, unfinished, welcome = web.begin(), web.begin(), fields_of(web.get("/").text)
    day[0] += datetime.timedelta(minutes=2)
    assert web.get("/").status_code == 403
    assert "closed" in web.get("/").text
    assert web.post("/begin", welcome).status_code == 403
    assert web.walk(begun, pages).headers["location"] == f"{begun}/thanks"
    day[0] += datetime.timedelta(days=1)
    assert web.get(f"{begun}/thanks").status_code == 200
    assert web.get(f"{unfinished}/1").status_code == 403
    assert web.post(f"{unfinished}/1", {"k": "k" * 22, "v.ctype": "res"}).status_code == 403
    assert json.loads(save(web, unfinished, 1, {"ctype": "res"}).text) == {"ok": False, "reason": "closed"}


def test_seconds_are_those_that_passed_on_the_server(open_web, store, pages):
    start = datetime.datetime.now(datetime.UTC)
    clock = [start]
    web = open_web(now=lambda: clock[0])
    link = web.begin()
    web.walk(link, pages[:-1])
    clock[0] = start + datetime.timedelta(seconds=200)
    web.answer(f"{link}/4", pages[-1])
    last = list(store.events())[-1]
    assert last.kind == "submitted"
    assert 195 <= last.payload["seconds"] <= 200
