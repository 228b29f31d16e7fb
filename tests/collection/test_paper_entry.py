"""Sheets of paper: keyed twice without seeing each other, compared, decided, and only then in the data."""

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.collection.agents_file import Agent
from satmeter.collection.application import application
from satmeter.collection.entry_report import KeyerRate, difference_list, keyer_rates, read_sheets
from satmeter.collection.entry_store import Entries
from satmeter.collection.entry_tables import open_sheets
from satmeter.collection.erasure import forget_everybody, forget_respondent
from satmeter.collection.fieldwork_file import Fieldwork
from satmeter.collection.fieldwork_modes import Modes
from satmeter.collection.keying import as_typed, hint_of, typed
from satmeter.collection.monitor_password import hash_password
from satmeter.collection.settings import Settings
from satmeter.collection.steps import sheets_of
from satmeter.collection.versions import open_edition
from satmeter.errors import CollectionError
from satmeter.form.layout import Choice, Entry
from satmeter.form.paper_codes import paper_codes
from satmeter.journal import open_store
from satmeter.journal.sealing import make_key
from satmeter.journal.view import view
from satmeter.questionnaire.read import parse_questionnaire

PASSWORD = "correct horse battery"
HASH = hash_password(PASSWORD, time_cost=1, memory_cost=64)
AGENTS = (
    Agent("k01", ("entry",), HASH),
    Agent("k02", ("entry",), HASH),
    Agent("boss", ("lead",), HASH),
    Agent("a01", ("interviewer",), HASH),
)
SHEET = {
    "v.ctype": "2",
    "v.firm": "ACME",
    "v.p1": "1",
    "v.p2": "2",
    "v.p3": "98",
    "v.used": "1 2",
    "v.age": "42",
    "v.since": "2020-02-29",
    "v.ly": "9",
    "v.ly2": "8",
}


@pytest.fixture
def made(store, questionnaire):
    """The settings of a survey with keyers."""

    def _made(**more):
        return Settings(**({"questionnaire": questionnaire, "store": store, "agents": AGENTS} | more))

    return _made


@pytest.fixture
def keyer(made, new_web):
    """A browser in which somebody has signed in at the only server."""
    running = []

    def opened(agent="k01", **more):
        if not running or more:
            running.append(application(made(**more)))
        web = new_web(running[-1])
        page = web.get("/entry/login?language=en")
        assert (
            web.post("/entry/login", {"token": token_of(page), "agent": agent, "password": PASSWORD}).status_code == 303
        )
        return web

    return opened


def token_of(page):
    return re.search(r'name="token" value="([0-9a-f]{64})"', page.text)[1]


def key(web, number, sheet, **more):
    page = web.get("/entry?language=en")
    fields = {"token": token_of(page), "language": "en", "spoken": "en"}
    return web.post(f"/entry/sheets/{number}", fields | dict(sheet) | more)


def decide(web, number, **choices):
    page = web.get("/entry/differences?language=en")
    fields = {"token": token_of(page), "language": "en"}
    return web.post(f"/entry/differences/{number}", fields | choices)


def outcome(answer):
    return answer.headers["location"].rpartition("done=")[2]


def waiting(store):
    with store.connection() as connection:
        return open_sheets(connection)


def test_without_keyers_there_is_no_entry(web, made, new_web):
    for running in (web, new_web(application(made(agents=AGENTS[3:])))):
        for path in ("/entry", "/entry/login", "/entry/sheets/1", "/entry/differences"):
            assert running.get(path).status_code == 404


def test_two_keyings_that_agree_become_a_response_of_mode_paper(keyer, store):
    assert outcome(key(keyer("k01"), "0001", SHEET)) == "first"
    assert (view(store).rows, waiting(store)) == ((), 1)
    assert outcome(key(keyer("k02"), "0001", SHEET)) == "agreed"
    found = view(store)
    cells = {
        name: found.column(name)[0] for name in ("mode", "language", "seconds", "ctype", "firm", "p3", "used", "age")
    }
    assert cells == {
        "mode": "paper",
        "language": "en",
        "seconds": "",
        "ctype": "biz",
        "firm": "ACME",
        "p3": "98",
        "used": "a┋b",
        "age": "42",
    }
    assert found.column("submitted")[0] != ""
    assert waiting(store) == 0


def test_the_first_keying_is_not_seen_by_the_second(keyer):
    key(keyer("k01"), "7", SHEET | {"v.firm": "Hidden Ltd"})
    second = keyer("k02")
    page = second.get("/entry/sheets/7?language=en")
    assert "Why a […]?" in page.text
    assert "Second keying" in page.text
    assert "Hidden" not in page.text
    assert 'value="42"' not in page.text
    assert "Hidden" not in second.get("/entry").text
    assert second.get("/entry/differences").status_code == 403


def test_nobody_keys_a_sheet_twice_unless_the_file_allows_it(keyer, store):
    one = keyer("k01")
    key(one, "7", SHEET)
    assert one.get("/entry/sheets/7").status_code == 409
    assert key(one, "7", SHEET).status_code == 409
    assert one.post("/entry/sheets", {"token": token_of(one.get("/entry")), "number": "7"}).status_code == 409
    assert view(store).rows == ()
    same = keyer("k01", fieldwork=Fieldwork(modes=Modes(("paper",), same_keyer=True)))
    assert outcome(key(same, "7", SHEET)) == "agreed"


def test_a_third_keying_is_not_taken(keyer, store):
    for agent in ("k01", "k02"):
        key(keyer(agent), "7", SHEET)
    assert key(keyer("boss"), "7", SHEET | {"v.age": "43"}).status_code == 409
    assert view(store).column("age") == ["42"]


def test_differences_wait_for_a_lead_who_decides(keyer, store):
    key(keyer("k01"), "7", SHEET)
    assert outcome(key(keyer("k02"), "7", SHEET | {"v.age": "24", "v.p1": "?", "v.used": "1"})) == "differs"
    assert (view(store).rows, waiting(store)) == ((), 1)
    boss = keyer("boss")
    page = boss.get("/entry/differences?language=en").text
    assert re.findall(r'name="d\.(\w+)" value="first"', page) == ["p1", "used", "age"]
    assert "Keyed by k02: <strong>?</strong>" in page
    assert decide(boss, "7", **{"d.age": "second", "d.p1": "first"}).status_code == 303
    assert view(store).rows == ()
    decide(boss, "7", **{"d.used": "other", "v.used": "2"})
    found = view(store)
    assert [found.column(name)[0] for name in ("age", "p1", "used")] == ["24", "1", "b"]
    assert waiting(store) == 0
    assert decide(boss, "7", **{"d.age": "first"}).status_code == 409
    assert view(store).column("age") == ["24"]


def test_a_decision_that_cannot_stand_stores_nothing(keyer, store):
    key(keyer("k01"), "7", SHEET)
    key(keyer("k02"), "7", SHEET | {"v.age": "24"})
    boss = keyer("boss")
    for typed_age in ("12", "forty", "/98"):
        assert decide(boss, "7", **{"d.age": "other", "v.age": typed_age}).status_code == 422
    assert decide(boss, "8", **{"d.age": "first"}).status_code == 404
    assert view(store).rows == ()
    assert decide(boss, "7", **{"d.age": "other", "v.age": "?"}).status_code == 303
    assert view(store).column("age") == [""]
    last = [event for event in store.events() if event.kind == "answered"]
    assert [event.payload.get("illegible") for event in last if event.payload["page"] == 3] == [["age"]]


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("ctype", "3", "There is no box with this number."),
        ("ctype", "biz", "There is no box with this number."),
        ("ctype", "1 2", "Please give one answer only"),
        ("p1", "4", "There is no box with this number."),
        ("p1", "0", "There is no box with this number."),
        ("ly", "11", "There is no box with this number."),
        ("used", "1 3", "There is no box with this number."),
        ("age", "17", "18"),
        ("age", "x", "number"),
        ("since", "2020-02-30", "date"),
    ],
)
def test_what_cannot_stand_is_told_and_nothing_is_stored(keyer, store, variable, text, told):
    found = key(keyer(), "7", SHEET | {f"v.{variable}": text})
    assert found.status_code == 422
    problem = re.search(rf'id="e-v-{variable}" role="status">([^<]*)<', found.text)[1]
    assert told in problem
    assert 'value="ACME"' in found.text
    assert waiting(store) == 0


def test_a_blank_sheet_is_a_sheet(keyer, store):
    for agent in ("k01", "k02"):
        key(keyer(agent), "9", {})
    found = view(store)
    assert (found.column("mode"), found.column("ctype"), found.column("p1")) == (["paper"], [""], [""])


@pytest.mark.parametrize("number", ["", "-1", "a b", "x" * 33, "../1", "é"])
def test_a_number_that_no_sheet_has(keyer, number):
    web = keyer()
    found = web.post("/entry/sheets", {"token": token_of(web.get("/entry")), "number": number, "language": "en"})
    assert (found.status_code, "at most 32" in found.text) == (422, True)
    assert web.get(f"/entry/sheets/{number or '-'}").status_code == 404


ROUTES = (
    ("GET", "/entry", 303),
    ("GET", "/entry/sheets/7", 303),
    ("GET", "/entry/differences", 303),
    ("POST", "/entry/sheets", 403),
    ("POST", "/entry/sheets/7", 403),
    ("POST", "/entry/differences/7", 403),
    ("POST", "/entry/logout", 403),
)


def test_no_route_answers_without_a_session_and_no_post_without_its_token(made, new_web, keyer, store):
    key(keyer("k01"), "7", SHEET)
    for web, status in ((new_web(application(made())), None), (keyer("k02"), 403)):
        for method, path, closed in ROUTES:
            if status is not None and method == "GET":
                continue
            found = web.request(method, path, **({"data": {"token": "0" * 64}} if method == "POST" else {}))
            assert found.status_code == (status or closed), path
            assert "ACME" not in found.text
    assert waiting(store) == 1


def test_only_a_lead_decides(keyer, store):
    key(keyer("k01"), "7", SHEET)
    key(keyer("k02"), "7", SHEET | {"v.age": "24"})
    web = keyer("k02")
    token = token_of(web.get("/entry"))
    assert web.post("/entry/differences/7", {"token": token, "d.age": "second"}).status_code == 403
    assert view(store).rows == ()


def test_error_rates_count_answers_of_settled_sheets(keyer, store):
    key(keyer("k01"), "1", SHEET)
    key(keyer("k02"), "1", SHEET)
    key(keyer("k01"), "2", SHEET)
    key(keyer("k02"), "2", SHEET | {"v.age": "24", "v.why": "too dear"})
    key(keyer("k01"), "3", SHEET)
    boss = keyer("boss")
    assert [(r.agent, r.n, r.errors) for r in keyer_rates(read_sheets(store, None))] == [("k01", 10, 0), ("k02", 10, 0)]
    decide(boss, "2", **{"d.age": "first", "d.why": "second"})
    assert keyer_rates(read_sheets(store, None)) == (KeyerRate("k01", 2, 21, 1), KeyerRate("k02", 2, 21, 1))
    page = boss.get("/entry/differences?language=en").text
    assert (
        '<th scope="row">k01</th><td class="number">2</td><td class="number">21</td><td class="number">1</td>' in page
    )
    assert "4.76%" in page


def test_wilsons_interval_of_an_error_rate():
    low, high = KeyerRate("k", 10, 100, 5).interval  # R: prop.test(5, 100, correct = FALSE)
    assert (low, high) == pytest.approx((0.02154368, 0.1117505), abs=1e-7)
    assert KeyerRate("k", 1, 10, 0).interval[0] == 0.0
    assert KeyerRate("k", 0, 0, 0).rate != KeyerRate("k", 0, 0, 0).rate


def test_the_list_of_differences_holds_what_was_typed_and_is_safe_in_a_spreadsheet(keyer, store, questionnaire):
    key(keyer("k01"), "7", SHEET | {"v.firm": "=1+1"})
    key(keyer("k02"), "7", SHEET | {"v.ctype": "1"})
    decide(keyer("boss"), "7", **{"d.ctype": "first"})
    text = difference_list(read_sheets(store, None), questionnaire).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["variable"], row["first"], row["second"], row["decided"], row["decided_by"]) for row in rows] == [
        ("ctype", "2", "1", "2", "boss"),
        ("firm", "'=1+1", "ACME", "", ""),
    ]
    assert {(row["sheet"], row["respondent"], row["first_keyer"]) for row in rows} == {("7", "", "k01")}


def test_a_server_that_ended_before_it_settled_settles_when_it_starts(made, store, questionnaire, monkeypatch):
    entries = Entries(made())
    monkeypatch.setattr(Entries, "_settle", lambda self, number: "differs")
    found = typed(questionnaire, {name: [text] for name, text in SHEET.items()})
    assert [entries.key("7", "en", agent, found) for agent in ("k01", "k02")] == ["first", "differs"]
    assert view(store).rows == ()
    monkeypatch.undo()
    application(made())
    assert (len(view(store).rows), waiting(store)) == (1, 0)
    application(made())
    assert len(view(store).rows) == 1


def test_what_may_identify_a_person_is_sealed_in_keyings_too(tmp_path, new_web, keyer, store):
    text = store.definitions()[0].text.replace("firm: {type: text,", "firm: {type: text, pii: 'yes',")
    private, secret = parse_questionnaire(text, name="private.yaml"), make_key(tmp_path / "pii.key")
    with open_store(f"sqlite:///{tmp_path}/private.db", survey="shop") as own:
        open_edition(own, private, text)
        more = {"questionnaire": private, "store": own, "sealing_key": secret}
        key(keyer("k01", **more), "7", SHEET)
        assert outcome(key(keyer("k02"), "7", SHEET)) == "agreed"
        key(keyer("k01"), "8", SHEET)
        assert outcome(key(keyer("k02"), "8", SHEET | {"v.firm": "Other"})) == "differs"
        assert b"ACME" not in (tmp_path / "private.db").read_bytes() + (tmp_path / "private.db-wal").read_bytes()
        decide(keyer("boss"), "8", **{"d.firm": "second"})
        assert view(own, pii=secret).column("firm") == ["ACME", "Other"]
        assert b"Other" not in (tmp_path / "private.db-wal").read_bytes()
        with pytest.raises(CollectionError) as error:
            read_sheets(own, None)
        assert error.value.problems[0].code == "C107"
        assert "--pii-key" in error.value.text("zh-CN")
        sheets = read_sheets(own, secret)
        assert [sheet.keyings[1].cells["firm"] for sheet in sheets] == ["ACME", "Other"]


def test_a_store_without_sheets_says_so(store):
    with pytest.raises(CollectionError) as error:
        read_sheets(store, None)
    assert error.value.problems[0].code == "C108"
    assert "录入" in error.value.text("zh-CN")


def test_who_is_erased_leaves_no_keying_behind(keyer, store):
    for agent in ("k01", "k02"):
        key(keyer(agent), "7", SHEET)
    sheet = read_sheets(store, None)[0]
    store.transact(lambda connection: forget_respondent(connection, sheet.response))
    store.erase(sheet.response)
    assert read_sheets(store, None) == (replace(sheet, keyings=()),)
    assert view(store).erased == 1


def test_when_all_are_erased_what_was_keyed_once_goes_too(keyer, store):
    key(keyer("k01"), "7", SHEET)
    assert len(read_sheets(store, None)[0].keyings) == 1
    store.transact(forget_everybody)
    assert read_sheets(store, None)[0].keyings == ()


def test_the_numbers_on_paper_are_the_codes_or_places(questionnaire):
    entries = {entry.id: entry for sheet in sheets_of(questionnaire) for entry in sheet.entries}
    assert dict(paper_codes(entries["ctype"])) == {"1": "res", "2": "biz"}
    assert dict(paper_codes(entries["p1"])) == {"1": "1", "2": "2", "3": "3", "98": "98"}
    assert [hint_of(entries[name]) for name in ("ctype", "p1", "ly", "age")] == ["1 2", "1–3 98", "0–10", ""]
    number = Entry("x", "number", 1, missing=(Choice("98"), Choice("none")))
    assert (hint_of(number), as_typed(number, "none"), as_typed(number, 98)) == ("/98 /1", "/1", "98")


@given(st.data())
def test_what_is_shown_as_typed_is_read_back_as_the_same_cell(questionnaire, data):
    entries = [entry for sheet in sheets_of(questionnaire) for entry in sheet.entries if not entry.written]
    fields = {}
    for entry in entries:
        numbers = list(paper_codes(entry))
        few = (
            st.lists(st.sampled_from(numbers), min_size=1, max_size=2, unique=True)
            if entry.kind == "multiple"
            else (st.sampled_from(numbers).map(lambda number: [number]))
        )
        fields[f"v.{entry.id}"] = [" ".join(data.draw(few))]
    found = typed(questionnaire, fields)
    assert not found.problems
    again = {f"v.{entry.id}": [as_typed(entry, found.cells[entry.id])] for entry in entries}
    assert typed(questionnaire, again).cells == found.cells
