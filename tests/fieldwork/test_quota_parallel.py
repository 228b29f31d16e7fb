"""The last place, and the one invitation, wanted by twenty at once: one gets it, on both databases."""

import datetime
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from satmeter.collection.devices import guard as device_guard
from satmeter.collection.invitations import Invitations
from satmeter.collection.quotas import Quotas
from satmeter.collection.sample import invite
from satmeter.collection.sample_file import Unit
from satmeter.collection.sample_tables import open_database, prepare
from satmeter.journal import Event, open_store

MANY = 20
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def store(store_url):
    with open_store(store_url, survey="shop") as store:
        store.transact(prepare)
        yield store


def at_once(do, n=MANY):
    """Run `do(number)` in so many threads that begin together."""
    barrier = Barrier(n)

    def wait(number):
        barrier.wait()
        return do(number)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(wait, range(n)))


def answered(store, quotas, response, code, submitted=False):
    event = Event("answered", response, {"page": 1, "values": {"ctype": code}, "language": "en"})
    guard = quotas.guard(response, {"ctype": code}, submitted=submitted)
    return store.append([event], definition="d", guard=guard).refused


def state(store, quotas):
    with store.connection() as connection:
        return [(cell.code, cell.kept, cell.held, cell.full) for cell in quotas.cells(connection)]


def test_of_twenty_posts_for_the_last_place_one_is_accepted(store):
    quotas = Quotas({"ctype": {"res": 3, "biz": 1}}, HOUR)
    assert [answered(store, quotas, name, "res") for name in "ab"] == ["", ""]
    told = at_once(lambda number: answered(store, quotas, f"r{number}", "res"))
    assert Counter(told) == {"": 1, "quota_full": MANY - 1}
    assert state(store, quotas) == [("res", 0, 3, True), ("biz", 0, 0, False)]
    assert len([event for event in store.events() if event.kind == "answered"]) == 3


def test_twenty_who_change_their_answer_at_once_share_the_places(store):
    quotas = Quotas({"ctype": {"res": MANY, "biz": 7}}, HOUR)
    assert {answered(store, quotas, f"r{number}", "res") for number in range(MANY)} == {""}
    told = at_once(lambda number: answered(store, quotas, f"r{number}", "biz", submitted=number % 2 == 0))
    assert Counter(told) == {"": 7, "quota_full": MANY - 7}
    kept = sum(word == "" and number % 2 == 0 for number, word in enumerate(told))
    assert state(store, quotas) == [("res", 0, MANY - 7, False), ("biz", kept, 7 - kept, True)]


def test_a_place_that_is_given_back_goes_to_one_other(store):
    quotas = Quotas({"ctype": {"biz": 1}}, HOUR)
    answered(store, quotas, "a", "biz")
    gone = Event("withdrawn", "a", {"reason": "asked"})
    assert store.append([gone], definition="d", guard=quotas.release("a")).refused == ""
    told = at_once(lambda number: answered(store, quotas, f"r{number}", "biz"))
    assert Counter(told) == {"": 1, "quota_full": MANY - 1}


def test_a_place_that_was_left_goes_to_one_other_and_one_that_is_used_does_not(store):
    quotas = Quotas({"ctype": {"res": 1, "biz": 1}}, HOUR)
    assert [answered(store, quotas, "left", "res"), answered(store, quotas, "kept", "biz", True)] == ["", ""]
    later = replace(quotas, clock=lambda: datetime.datetime.now(datetime.UTC) + 2 * HOUR)
    assert state(store, quotas) == [("res", 0, 1, True), ("biz", 1, 0, True)]
    assert state(store, later) == [("res", 0, 0, False), ("biz", 1, 0, True)]
    told = at_once(lambda number: answered(store, later, f"r{number}", "res" if number % 2 else "biz"))
    assert Counter(told) == {"": 1, "quota_full": MANY - 1}
    assert state(store, later) == [("res", 0, 1, True), ("biz", 1, 0, True)]


def test_one_invitation_begun_twenty_times_at_once_opens_one_response(store, store_url, tmp_path):
    database = open_database(store_url)
    links = invite(
        database,
        [Unit("A", {}, {})],
        survey="shop",
        version="1",
        key=None,
        file=tmp_path / "l.csv",
        base_url="http://x",
    ).links
    database.close()
    invitations = Invitations("shop", "1")

    def begin(number):
        event = Event("opened", f"r{number}", {"language": "en", "mode": "web", "order": []})
        guard = invitations.guard(links[0].token, f"r{number}")
        return store.append([event], definition="d", guard=guard).refused

    told = at_once(begin)
    assert Counter(told) == {"": 1, "begun": MANY - 1}
    opened = [event.response for event in store.events() if event.kind == "opened"]
    with store.connection() as connection:
        assert [invitations.response_of(connection, links[0].token)] == opened


def test_one_device_begins_as_often_as_it_may_however_fast(store):
    def begin(number):
        event = Event("opened", f"r{number}", {"language": "en", "mode": "web", "order": []})
        return store.append([event], definition="d", guard=device_guard("x" * 22, 3)).refused

    assert Counter(at_once(begin)) == {"": 3, "device_limit": MANY - 3}


def test_a_sample_is_imported_and_purged_beside_a_store_at_work(store, store_url, tmp_path):
    database = open_database(store_url)
    sample = [Unit(f"u{number}", {}, {}) for number in range(200)]

    def work(number):
        if number == 0:
            told = {"survey": "shop", "version": "1", "key": None, "base_url": "http://x"}
            return len(invite(database, sample, file=tmp_path / "l.csv", **told).links)
        quotas = Quotas({"ctype": {"res": MANY}}, HOUR)
        return answered(store, quotas, f"r{number}", "res")

    assert at_once(work, 8) == [200, *[""] * 7]
    database.forget()
    database.close()
