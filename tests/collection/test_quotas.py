"""Quotas: a place is taken when the answer is given, held while the respondent is there, kept when submitted."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, insert, select

from satmeter.collection.quotas import Cell, Quotas
from satmeter.collection.sample_tables import CELL, PLACE, prepare
from satmeter.journal.schema import EVENT

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
LIMITS = {"ctype": {"res": 2, "biz": 1}, "region": {"urban": 2}}


class Hall:
    """Quotas in a database of their own, and a clock that is moved by hand."""

    def __init__(self, limits=LIMITS):
        self.connection = create_engine("sqlite://").connect()
        self.now = NOON
        self.quotas = Quotas(limits, datetime.timedelta(minutes=60), lambda: self.now)
        prepare(self.connection)
        EVENT.create(self.connection)
        self.events = 0

    def happens(self, response):
        """Write an event of a response into the journal."""
        self.events += 1
        row = {"seq": self.events, "at": self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "kind": "answered"}
        row |= {"response": response, "definition": "d", "digest": b"", "link": b""}
        self.connection.execute(insert(EVENT).values(**row))

    def post(self, response, submitted=False, **values):
        point = self.connection.begin_nested()
        word = self.quotas.guard(response, values, submitted=submitted)(self.connection)
        if word:
            point.rollback()
        else:
            self.happens(response)
            point.commit()
        return word

    def release(self, response):
        return self.quotas.release(response)(self.connection)

    def later(self, **time):
        self.now += datetime.timedelta(**time)

    def state(self):
        return {(c.question, c.code): (c.kept, c.held, c.full) for c in self.quotas.cells(self.connection)}


@pytest.fixture
def hall():
    hall = Hall()
    yield hall
    hall.connection.close()


def test_places_are_taken_until_a_cell_is_full(hall):
    assert [hall.post(name, ctype="res") for name in ("a", "b", "c")] == ["", "", "quota_full"]
    assert hall.post("c", ctype="biz") == ""
    assert hall.post("d", ctype="biz") == "quota_full"
    assert hall.quotas.cells(hall.connection) == (
        Cell("ctype", "res", 2, 0, 2),
        Cell("ctype", "biz", 1, 0, 1),
        Cell("region", "urban", 2, 0, 0),
    )


def test_answers_without_a_quota_take_no_place(hall):
    assert hall.post("a", region="rural", other="res") == ""
    assert hall.post("b", ctype=["res"], region=3) == ""
    assert set(hall.state().values()) == {(0, 0, False)}


def test_who_gives_the_same_answer_again_holds_one_place(hall):
    assert [hall.post("a", ctype="res") for _ in range(5)] == [""] * 5
    assert hall.state()["ctype", "res"] == (0, 1, False)


def test_a_changed_or_emptied_answer_gives_the_place_back(hall):
    hall.post("a", ctype="res")
    hall.post("a", ctype="biz")
    assert (hall.state()["ctype", "res"], hall.state()["ctype", "biz"]) == ((0, 0, False), (0, 1, True))
    hall.post("a", ctype=None)
    assert hall.state()["ctype", "biz"] == (0, 0, False)


def test_who_does_not_get_the_new_place_keeps_the_old_one(hall):
    hall.post("a", ctype="biz")
    hall.post("b", ctype="res")
    assert hall.post("b", ctype="biz") == "quota_full"
    assert hall.state()["ctype", "res"] == (0, 1, False)


def test_places_of_several_questions_are_taken_together_or_not_at_all(hall):
    hall.post("a", ctype="biz")
    assert hall.post("b", region="urban", ctype="biz") == "quota_full"
    assert hall.state()["region", "urban"] == (0, 0, False)


def test_a_place_is_given_to_others_after_the_hold_and_not_before(hall):
    hall.post("a", ctype="biz")
    hall.later(minutes=60, microseconds=-1)
    assert hall.post("b", ctype="biz") == "quota_full"
    hall.later(microseconds=1)
    assert hall.post("b", ctype="biz") == ""
    assert hall.post("a", ctype="biz") == "quota_full"
    assert hall.release("b") == ""
    assert hall.post("a", ctype="biz") == ""


def test_who_goes_on_answering_keeps_the_place(hall):
    hall.post("a", ctype="biz")
    for _ in range(4):
        hall.later(minutes=40)
        assert hall.post("a", ctype="biz") == ""
    assert hall.post("b", ctype="biz") == "quota_full"


def test_a_submitted_response_keeps_its_place_for_ever(hall):
    hall.post("a", ctype="biz")
    assert hall.post("a", submitted=True, ctype="biz") == ""
    hall.later(days=30)
    assert hall.post("b", ctype="biz") == "quota_full"
    assert hall.state()["ctype", "biz"] == (1, 0, True)
    assert hall.post("a", ctype="biz") == ""
    hall.later(days=30)
    assert hall.state()["ctype", "biz"] == (1, 0, True)


def test_who_submits_after_the_hold_needs_a_place_still(hall):
    hall.post("a", ctype="biz")
    hall.later(hours=2)
    hall.post("b", ctype="biz", submitted=True)
    assert hall.post("a", ctype="biz", submitted=True) == "quota_full"


def test_who_comes_back_late_and_finds_the_place_unwanted_goes_on(hall):
    hall.post("a", ctype="biz")
    hall.later(hours=5)
    assert hall.state()["ctype", "biz"] == (0, 0, False)
    assert hall.post("a", ctype="biz", submitted=True) == ""
    assert hall.state()["ctype", "biz"] == (1, 0, True)


def test_only_posts_that_may_change_a_place_ask_the_database(hall):
    guard = hall.quotas.guard
    lately, long_ago = "2026-11-22T11:30:00.000000Z", "2026-11-22T10:59:59.000000Z"
    res, biz, none = {"ctype": "res"}, {"ctype": "biz"}, {"other": "x"}
    assert guard("a", res, before=res, seen=lately) is None
    assert guard("a", none, before=none, seen=long_ago) is None
    for values, more in (
        (res, {}),
        (res, {"before": none, "seen": lately}),
        (biz, {"before": res, "seen": lately}),
        (none, {"before": res, "seen": lately}),
        (res, {"before": res, "seen": long_ago}),
        (res, {"before": res, "seen": lately, "submitted": True}),
    ):
        assert guard("a", values, **more) is not None


def test_no_places_means_nobody():
    hall = Hall({"ctype": {"res": 0}})
    assert hall.post("a", ctype="res") == "quota_full"
    assert hall.post("a", ctype="biz") == ""


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"),
            st.sampled_from(["res", "biz", "other", None]),
            st.booleans(),
            st.sampled_from([0, 1, 50, 70]),
        ),
        max_size=25,
    )
)
def test_never_more_responses_are_submitted_than_there_are_places(posts):
    hall = Hall()
    submitted = {}
    for response, code, submit, minutes in posts:
        hall.later(minutes=minutes)
        if response in submitted:
            continue
        if hall.post(response, submitted=submit, ctype=code) == "" and submit:
            submitted[response] = code
        for name, limit in LIMITS["ctype"].items():
            kept, held, full = hall.state()["ctype", name]
            assert kept == list(submitted.values()).count(name)
            assert kept + held <= limit
            assert full == (kept + held == limit)
        counted = dict(hall.connection.execute(select(PLACE.c.code, func.count()).group_by(PLACE.c.code)).all())
        taken = {code: n for code, n in hall.connection.execute(select(CELL.c.code, CELL.c.taken)) if n}
        assert taken == counted
    hall.connection.close()
