"""What a store promises, on SQLite (with the unit tests) and on PostgreSQL (with those of fieldwork)."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text, update

from satmeter.errors import JournalError
from satmeter.journal import Appended, Definition, Event, Job, Store, open_store, verify_chain
from satmeter.journal import batch as batch_module
from satmeter.journal import writer as writer_module

LINK = hashlib.sha256(b"a personal key").digest()
OPENED = {"language": "en", "mode": "web", "order": ["q2", "q1"], "site": "hall 3"}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with open_store(store_url, survey="staff") as opened:
        yield opened


def answered(response: str, key: str = "", page: int = 1, **values: Any) -> Event:
    return Event("answered", response, {"page": page, "values": values, "language": "en"}, key)


def add(store: Store, *events: Event, **more: Any) -> Appended:
    return store.append(events, definition="sha256:d1", **more)


def held(store: Store, jobs: list[Job]) -> list[Future[Appended]]:
    """Give jobs to the writer so that they come into one transaction."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        begun.set()
        assert go_on.wait(20)

    waiting = threading.Thread(target=store.transact, args=(hold,))
    waiting.start()
    assert begun.wait(20)
    try:
        return [store.submit(job) for job in jobs]
    finally:
        go_on.set()
        waiting.join()


def code(error: pytest.ExceptionInfo[JournalError]) -> str:
    [problem] = error.value.problems
    assert problem.text("en").startswith(f"{problem.code}: ")
    assert problem.text("zh-CN").startswith(f"{problem.code}: ")
    return problem.code


# --- events come back as they were given


def test_events_come_back_with_number_and_time_and_value(store: Store) -> None:
    assert add(store, Event("opened", "r1", OPENED)) == Appended(1)
    assert add(store, answered("r1", "k1", q1=4, q2="很好 ' \" \0 \ud800 <b>", q3=["a", "b"], q4=None)) == Appended(2)
    first, second = store.events()
    assert (first.seq, first.kind, first.response, first.definition) == (1, "opened", "r1", "sha256:d1")
    assert first.payload == OPENED
    assert second.payload == {
        "page": 1,
        "language": "en",
        "values": {"q1": 4, "q2": "很好 ' \" \0 \ud800 <b>", "q3": ["a", "b"], "q4": None},
    }
    assert len(first.at) == 27
    assert first.at <= second.at
    assert first.at.endswith("Z")


def test_the_links_are_the_hashes_that_the_documents_say(store: Store) -> None:
    add(store, Event("opened", "r1", OPENED), answered("r1", "k1", q1=4))
    with store.connection() as connection:
        rows = connection.exec_driver_sql(
            "SELECT seq, at, kind, response, definition, key, salt, payload, digest, link FROM event ORDER BY seq"
        ).all()
    previous = bytes(32)
    for row in rows:
        assert len(row.salt) == 16
        digest = hashlib.sha256(row.salt + row.payload.encode()).digest()
        told = "\0".join([str(row.seq), row.at, row.kind, row.response, row.definition, row.key or ""])
        previous = hashlib.sha256(previous + told.encode() + b"\0" + digest).digest()
        assert (row.digest, row.link) == (digest, previous)
    chain = verify_chain(store)
    assert (chain.events, chain.intact, chain.broken_at, chain.head) == (2, True, None, previous.hex())
    assert [event.link for event in store.events()][-1] == previous


def test_events_of_one_response_and_after_a_number(store: Store) -> None:
    for i in range(6):
        add(store, answered(f"r{i % 2}", q1=i))
    assert [event.seq for event in store.events("r1")] == [2, 4, 6]
    assert [event.seq for event in store.events("r1", after=2)] == [4, 6]
    assert [event.seq for event in store.events(after=4)] == [5, 6]
    assert list(store.events("nobody")) == []


def test_events_are_read_in_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satmeter.journal.reading._PIECE", 4)
    add(store, *(answered("r1", q1=i) for i in range(11)))
    assert [event.payload["values"]["q1"] for event in store.events()] == list(range(11))  # type: ignore[index]
    assert verify_chain(store).events == 11


# --- a key is stored once


def test_a_repeated_key_is_answered_as_the_first_time(store: Store) -> None:
    add(store, Event("opened", "r1", OPENED))
    page = (answered("r1", "k1", q1=4), Event("page", "r1", {"page": 1, "shown": ["q1"]}, "k1"))
    assert add(store, *page) == Appended(3)
    assert add(store, *page) == Appended(3, repeated=True)
    assert add(store, answered("r1", "k1", q1=5)) == Appended(3, repeated=True)
    assert add(store, answered("r2", "k1", q1=5)) == Appended(4), "another response's key is another key"
    assert add(store, answered("r1", "", q1=5)) == Appended(5)
    assert add(store, answered("r1", "", q1=5)) == Appended(6), "without a key everything is new"
    assert verify_chain(store).events == 6


def test_a_key_is_known_after_the_store_was_opened_again(store_url: str) -> None:
    with open_store(store_url, survey="staff") as first:
        add(first, Event("opened", "r1", OPENED, "begin"), link=LINK)
        add(first, answered("r1", "k1", q1=4))
    with open_store(store_url, survey="staff") as again:
        assert add(again, answered("r1", "k1", q1=4)) == Appended(2, repeated=True)
        assert add(again, Event("opened", "r9", OPENED, "begin"), link=LINK) == Appended(1, repeated=True)
        assert again.response_of(LINK) == "r1"
        assert add(again, answered("r1", "k2", q1=5)) == Appended(3)
        assert verify_chain(again).intact


def test_the_same_key_twice_in_one_transaction(store: Store) -> None:
    jobs = [Job((answered("r1", key, q1=i),), "d") for i, key in enumerate(["k1", "k2", "k1", "k1", "k3"])]
    results = [future.result(20) for future in held(store, jobs)]
    assert results == [Appended(1), Appended(2), Appended(1, True), Appended(1, True), Appended(3)]
    assert [event.payload["values"]["q1"] for event in store.events()] == [0, 1, 4]  # type: ignore[index]


def test_a_known_key_among_new_ones_in_one_transaction(store: Store) -> None:
    add(store, answered("r1", "old", q1=0))
    jobs = [Job((answered("r1", key, q1=i),), "d") for i, key in enumerate(["k1", "old", "k2", "k1"])]
    results = [future.result(20) for future in held(store, jobs)]
    assert results == [Appended(2), Appended(1, True), Appended(3), Appended(2, True)]
    assert verify_chain(store).events == 3
    assert store.latest("r1").seq == 3  # type: ignore[union-attr]


# --- personal links


def test_a_link_leads_to_its_response_and_is_bound_once(store: Store) -> None:
    assert store.response_of(LINK) is None
    add(store, Event("opened", "r1", OPENED), link=LINK)
    assert store.response_of(LINK) == "r1"
    assert add(store, Event("opened", "r2", OPENED), link=LINK) == Appended(1, repeated=True)
    assert store.response_of(LINK) == "r1"
    assert store.latest("r2") is None
    assert store.response_of(hashlib.sha256(b"another").digest()) is None


def test_two_openings_with_one_link_in_one_transaction(store: Store) -> None:
    jobs = [Job((Event("opened", f"r{i}", OPENED),), "d", LINK) for i in range(3)]
    assert [f.result(20) for f in held(store, jobs)] == [Appended(1), Appended(1, True), Appended(1, True)]
    assert store.response_of(LINK) == "r0"
    assert [event.response for event in store.events()] == ["r0"]


# --- guards and tables of other rooms

PLACES = Table("places", MetaData(), Column("name", Integer, primary_key=True), Column("left", Integer, nullable=False))


def take_place(connection: Any) -> str:
    taken = connection.execute(update(PLACES).where(PLACES.c.left > 0).values(left=PLACES.c.left - 1))
    return "" if taken.rowcount else "full"


@pytest.fixture
def places(store: Store) -> Callable[[], int]:
    store.transact(PLACES.metadata.create_all)
    store.transact(lambda c: c.execute(insert(PLACES).values(name=1, left=1)) and None)

    def left() -> int:
        with store.connection() as connection:
            return int(connection.scalar(select(PLACES.c.left)))

    return left


def test_twenty_at_once_for_the_last_place(store: Store, places: Callable[[], int]) -> None:
    barrier = threading.Barrier(20)
    results: list[Appended] = []

    def ask(i: int) -> None:
        barrier.wait(20)
        results.append(add(store, answered(f"r{i}", "k", q1=1), guard=take_place))

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.refused for result in results) == [""] + ["full"] * 19
    assert places() == 0
    [event] = store.events()
    assert [result.seq for result in results if not result.refused] == [event.seq] == [1]


def test_a_repetition_is_told_before_the_guard_is_asked(store: Store, places: Callable[[], int]) -> None:
    event = answered("r1", "k", q1=1)
    assert add(store, event, guard=take_place) == Appended(1)
    assert add(store, event, guard=take_place) == Appended(1, repeated=True)
    assert add(store, answered("r1", "k2", q1=1), guard=take_place) == Appended(0, refused="full")


def test_what_a_guard_wrote_before_it_refused_is_undone(store: Store, places: Callable[[], int]) -> None:
    def waste(connection: Any) -> str:
        connection.execute(update(PLACES).values(left=-7))
        return "changed my mind"

    jobs = [
        Job((answered("r1", "a", q1=1),), "d"),
        Job((answered("r2", "b", q1=2),), "d", LINK, waste),
        Job((answered("r3", "c", q1=3),), "d", guard=take_place),
        Job((), "d", guard=waste),
    ]
    results = [future.result(20) for future in held(store, jobs)]
    assert [result.refused for result in results] == ["", "changed my mind", "", "changed my mind"]
    assert [event.response for event in store.events()] == ["r1", "r3"]
    assert (places(), store.response_of(LINK), store.latest("r2")) == (0, None, None)
    assert verify_chain(store).intact


def test_a_guard_that_fails_takes_no_neighbour_with_it(store: Store, places: Callable[[], int]) -> None:
    def defect(connection: Any) -> str:
        connection.execute(update(PLACES).values(left=-7))
        raise LookupError("what the guard raises is what the caller gets")

    def wrong_table(connection: Any) -> str:
        connection.execute(update(PLACES).values(left=-7))
        connection.execute(text("SELECT * FROM there_is_no_such_table"))
        return ""

    jobs = [
        Job((answered("r1", "a", q1=1),), "d"),
        Job((answered("r2", "b", q1=1),), "d", guard=defect),
        Job((answered("r3", "c", q1=1),), "d", guard=wrong_table),
        Job((answered("r4", "d", q1=1),), "d", guard=take_place),
        Job((answered("r5", "e", q1=1),), "d"),
    ]
    first, second, third, fourth, fifth = held(store, jobs)
    assert (first.result(20).seq, fourth.result(20).seq, fifth.result(20).seq) == (1, 2, 3)
    with pytest.raises(LookupError, match="what the guard raises"):
        second.result(20)
    with pytest.raises(JournalError) as caught:
        third.result(20)
    assert code(caught) == "K014"
    assert places() == 0
    assert verify_chain(store).events == 3


def test_what_the_database_refuses_fails_alone(store: Store, store_url: str) -> None:
    store.transact(lambda c: c.execute(text(_REFUSAL["sqlite" if "sqlite" in store_url else "postgresql"])) and None)
    jobs = [Job((answered(f"r{i}", "k", q1=i), answered(f"r{i}", q1=-i)), "d") for i in range(5)]
    futures = held(store, jobs)
    with pytest.raises(JournalError) as caught:
        futures[2].result(20)
    assert code(caught) == "K014"
    assert "r2" not in caught.value.text("en")
    assert [futures[i].result(20).seq for i in (0, 1, 3, 4)] == [1, 3, 5, 7]
    assert {event.response for event in store.events()} == {"r0", "r1", "r3", "r4"}
    assert verify_chain(store).intact
    assert add(store, answered("r9", q1=1)) == Appended(9), "and the store goes on"


_REFUSAL = {
    "sqlite": "CREATE TRIGGER refusal BEFORE INSERT ON event WHEN NEW.response = 'r2' AND NEW.key IS NULL "
    "BEGIN SELECT RAISE(ABORT, 'not this one'); END",
    "postgresql": "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE 'not this one'; END $$ LANGUAGE plpgsql; "
    "CREATE TRIGGER refusal BEFORE INSERT ON event FOR EACH ROW "
    "WHEN (NEW.response = 'r2' AND NEW.key IS NULL) EXECUTE FUNCTION refuse()",
}


def test_transact_gives_back_what_the_function_returns_and_raises(store: Store, places: Callable[[], int]) -> None:
    assert store.transact(lambda connection: connection.scalar(select(PLACES.c.left))) == 1
    with pytest.raises(ZeroDivisionError):
        store.transact(lambda connection: connection.execute(update(PLACES).values(left=9)) and 1 // 0)
    assert places() == 1


def test_a_connection_for_reading_cannot_write(store: Store, places: Callable[[], int]) -> None:
    with pytest.raises(JournalError) as caught, store.connection() as connection:
        connection.execute(update(PLACES).values(left=5))
    assert code(caught) == "K008"
    assert places() == 1


# --- states


def test_latest_follows_every_kind_of_event(store: Store) -> None:
    assert store.latest("r1") is None
    add(store, Event("opened", "r1", OPENED), link=LINK)
    state = store.latest("r1")
    assert state is not None
    assert (state.order, state.language, state.mode, state.definition) == (("q2", "q1"), "en", "web", "sha256:d1")
    assert (state.opening["site"], state.page, state.submitted, state.seq) == ("hall 3", 0, False, 1)
    add(store, answered("r1", "a", q1=4, q2="x"), Event("page", "r1", {"page": 1, "shown": ["q1", "q2"]}))
    add(
        store, answered("r1", "b", page=3, q3=["u"]), Event("page", "r1", {"page": 3, "shown": ["q3"], "passed": False})
    )
    store.append(
        [Event("changed", "r1", {"page": 1, "values": {"q2": None, "q1": 5}, "language": "zh-CN"})], definition="d2"
    )
    state = store.latest("r1")
    assert state is not None
    assert (dict(state.values), state.page, state.pages_passed) == ({"q1": 5, "q3": ["u"]}, 1, frozenset({1}))
    assert (state.language, state.definition) == ("zh-CN", "sha256:d1"), "the definition is the one it was opened under"
    add(store, Event("changed", "r1", {"page": 4, "values": {}, "passed": True}))
    add(store, Event("submitted", "r1", {"language": "en", "seconds": 61}))
    state = store.latest("r1")
    assert state is not None
    assert (state.submitted, state.page, state.pages_passed) == (True, 4, frozenset({1, 4}))
    add(store, Event("reopened", "r1", {"by": "supervisor"}))
    assert store.latest("r1").submitted is False  # type: ignore[union-attr]
    add(store, Event("withdrawn", "r1", {"reason": "asked"}))
    state = store.latest("r1")
    assert state is not None
    assert (state.withdrawn, state.submitted) == (True, False)
    times = [event.at for event in store.events("r1")]
    assert (state.opened, state.seen, state.seq) == (times[0], times[-1], len(times))


def test_states_are_the_same_whether_remembered_or_read(store_url: str) -> None:
    with open_store(store_url, survey="staff", kept=2) as store:
        for i, (response, kind) in enumerate(
            itertools.product(["r1", "r2", "r3", "r4"], ["opened", "answered", "page"])
        ):
            payload = {"opened": OPENED, "answered": {"page": i, "values": {"q1": i}}, "page": {"page": i}}[kind]
            add(store, Event(kind, response, payload))  # type: ignore[arg-type]
            store.latest(response)
        remembered = {name: store.latest(name) for name in ("r1", "r2", "r3", "r4")}
        assert len(store._states._states) == 2
    with open_store(store_url, survey="staff", read_only=True) as again:
        assert {name: again.latest(name) for name in remembered} == remembered
        assert [state.values["q1"] for state in remembered.values() if state] == [1, 4, 7, 10]


def test_what_is_remembered_is_the_latest_and_needs_no_database(store: Store) -> None:
    add(store, Event("opened", "r1", OPENED), link=LINK)
    assert store.remembered(LINK) is None, "the state has not been read yet"
    state = store.latest("r1")
    assert state is not None
    assert store.remembered(LINK) is state
    add(store, answered("r1", q1=4))
    assert store.remembered(LINK) == store.latest("r1")
    assert store.remembered(bytes(32)) is None
    store.erase("r1")
    assert store.remembered(LINK) is None


def test_a_state_read_while_answers_come_in_is_never_kept_outdated(store: Store) -> None:
    add(store, Event("opened", "r1", OPENED))
    done = threading.Event()
    seen: list[int] = []

    def look() -> None:
        while not done.is_set():
            store._states.forget("r1")
            state = store.latest("r1")
            assert state is not None
            seen.append(state.seq)

    looking = threading.Thread(target=look)
    looking.start()
    for i in range(60):
        seq = add(store, answered("r1", f"k{i}", q1=i)).seq
        state = store.latest("r1")
        assert state is not None
        assert (state.seq, state.values["q1"]) == (seq, i)
    done.set()
    looking.join()
    assert seen == sorted(seen)


# --- definitions, erasure, time


def test_definitions_are_kept_in_their_order(store: Store) -> None:
    assert store.define("satmeter: 1 # 第一版", "sha256:a", "1", "first") is True
    assert store.define("satmeter: 1 # the same", "sha256:a", "1", "cosmetic") is False
    assert store.define("satmeter: 1 # second", "sha256:b", "1.1", "wording") is True
    assert store.define("satmeter: 1 # 第一版", "sha256:a", "1", "wording") is True, "back to the first"
    found = store.definitions()
    opened = [one.opened for one in found]
    assert found == (
        Definition("sha256:a", "1", opened[0], "satmeter: 1 # 第一版", "first"),
        Definition("sha256:b", "1.1", opened[1], "satmeter: 1 # second", "wording"),
        Definition("sha256:a", "1", opened[2], "satmeter: 1 # 第一版", "wording"),
    )
    assert opened == sorted(opened)


def test_an_erased_response_is_gone_and_the_chain_verifies(store: Store) -> None:
    add(store, Event("opened", "r1", OPENED), link=LINK)
    add(store, answered("r2", "k", q1="stays"))
    add(store, answered("r1", "k", q1="Zhang San"), Event("submitted", "r1", {"language": "en"}))
    head = verify_chain(store).head
    assert store.erase("r1") == 3
    assert store.erase("r1") == 0
    assert store.erase("nobody") == 0
    assert (store.latest("r1"), store.response_of(LINK)) == (None, None)
    assert [(event.kind, event.payload) for event in store.events("r1")] == [
        ("opened", None),
        ("answered", None),
        ("submitted", None),
        ("erased", {"payloads": 3}),
    ]
    assert dict(store.latest("r2").values) == {"q1": "stays"}  # type: ignore[union-attr]
    chain = verify_chain(store)
    assert (chain.events, chain.intact) == (5, True)
    assert [event.link.hex() for event in store.events()][3] == head, "links before the erasure are what they were"
    assert add(store, answered("r1", "late", q1="again")) == Appended(0, refused="erased")
    with store.connection() as connection:
        assert connection.scalar(text("SELECT count(*) FROM event WHERE salt IS NULL")) == 3


def test_an_erasure_is_known_after_the_store_was_opened_again(store_url: str) -> None:
    with open_store(store_url, survey="staff") as store:
        add(store, answered("r1", "k", q1="x"))
        store.erase("r1")
    with open_store(store_url, survey="staff") as store:
        assert add(store, answered("r1", "k2", q1="x")).refused == "erased"
        assert store.latest("r1") is None
        assert verify_chain(store).intact


def test_a_clock_that_goes_backwards_is_held(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(["2026-11-22T09:00:00.000005Z", "2026-11-22T08:00:00.000000Z", "2026-11-22T09:00:00.000006Z"])
    monkeypatch.setattr(batch_module, "now", lambda: next(clock))
    for i in range(3):
        add(store, answered("r1", q1=i))
    assert [event.at[11:] for event in store.events()] == ["09:00:00.000005Z", "09:00:00.000005Z", "09:00:00.000006Z"]
    assert verify_chain(store).intact


def test_a_clock_behind_the_store_is_held_after_it_was_opened_again(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(store_url, survey="staff") as store, monkeypatch.context() as patch:
        patch.setattr(batch_module, "now", lambda: "2099-01-01T00:00:00.000000Z")
        add(store, answered("r1", q1=1))
    with open_store(store_url, survey="staff") as store:
        add(store, answered("r1", q1=2))
        assert [event.at[:4] for event in store.events()] == ["2099", "2099"]


# --- what is committed is on the disk


def test_commits_are_durable(store: Store, store_url: str) -> None:
    """A killed process shows nothing of this: only a loss of power would."""
    if store_url.startswith("postgresql"):
        wanted = {"SHOW synchronous_commit": "on", "SHOW application_name": "satmeter"}
    else:
        wanted = {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA secure_delete": 1}
    assert {say: store.transact(lambda c, say=say: c.exec_driver_sql(say).scalar()) for say in wanted} == wanted  # type: ignore[misc]


@pytest.mark.fieldwork
def test_commits_are_durable_where_the_database_is_set_up_otherwise(postgresql: Any) -> None:
    url = postgresql.new_database()
    with open_store(url, survey="staff") as store:
        name = url.rpartition("/")[2]
        store.transact(lambda c: c.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off") and None)
    with open_store(url, survey="staff") as store:
        assert store.transact(lambda c: c.exec_driver_sql("SHOW synchronous_commit").scalar()) == "on"


# --- opening and closing


def test_many_events_and_links_of_one_transaction(store: Store) -> None:
    jobs = [Job((answered(f"r{i}", "k", q1=i), Event("page", f"r{i}", {"page": 1})), "d") for i in range(450)]
    opened = [Job((Event("opened", f"s{i}", OPENED),), "d", hashlib.sha256(bytes([i])).digest()) for i in range(250)]
    assert [future.result(20).seq for future in held(store, [*jobs, *opened])][::350] == [1, 701]
    assert [event.seq for event in store.events("r449")] == [899, 900]
    assert verify_chain(store).events == 1150
    store._states.forget()
    assert store.response_of(hashlib.sha256(bytes([249])).digest()) == "s249"


def test_close_writes_what_waits(store_url: str) -> None:
    store = open_store(store_url, survey="staff")
    futures = [store.submit(Job((answered("r1", f"k{i}", q1=i),), "d")) for i in range(500)]
    store.close()
    assert [future.result(0).seq for future in futures] == list(range(1, 501))
    with pytest.raises(JournalError) as caught:
        add(store, answered("r1", "late", q1=1))
    assert code(caught) == "K016"
    store.close()
    with open_store(store_url, survey="staff", read_only=True) as again:
        assert verify_chain(again).events == 500


def test_one_server_at_a_time_and_readers_always(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satmeter.journal.server_lock._PATIENCE", 0.2)
    with open_store(store_url, survey="staff") as server:
        add(server, answered("r1", q1=1))
        with pytest.raises(JournalError) as caught:
            open_store(store_url, survey="staff")
        assert code(caught) == "K009"
        with open_store(store_url, survey="staff", read_only=True) as reader:
            assert len(list(reader.events())) == 1
            add(server, answered("r1", q1=2))
            assert [event.seq for event in reader.events()] == [1, 2]
            assert reader.latest("r1").seq == 2  # type: ignore[union-attr]
            for write in (
                lambda: add(reader, answered("r1", q1=3)),
                lambda: reader.erase("r1"),
                lambda: reader.define("", "d", "1", "first"),
                lambda: reader.transact(lambda connection: None),
            ):
                with pytest.raises(JournalError) as caught:
                    write()
                assert code(caught) == "K017"
    with open_store(store_url, survey="staff") as next_server:
        assert add(next_server, answered("r1", q1=3)) == Appended(3)


def test_a_store_of_another_survey(store_url: str) -> None:
    open_store(store_url, survey="staff").close()
    with pytest.raises(JournalError) as caught:
        open_store(store_url, survey="customers")
    assert code(caught) == "K006"
    assert "staff" in caught.value.text("en")
    with open_store(store_url, read_only=True) as store:
        assert store.survey == "staff"


def test_a_store_made_by_a_newer_satmeter(store_url: str) -> None:
    with open_store(store_url, survey="staff") as store:
        store.transact(lambda c: c.execute(text("UPDATE satmeter_store SET schema = 2, satmeter = '9.9'")) and None)
    with pytest.raises(JournalError) as caught:
        open_store(store_url, survey="staff")
    assert code(caught) == "K007"
    assert "9.9" in caught.value.text("en")


def test_nothing_is_there(store_url: str) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(JournalError) as caught:
            open_store(store_url, survey="staff", **options)
        assert code(caught) == "K004"
    with pytest.raises(JournalError) as caught:
        open_store(store_url)
    assert code(caught) == "K004"
    open_store(store_url, survey="staff").close()


def test_a_full_queue_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_WAITING", 3)
    with pytest.raises(JournalError) as caught:
        held(store, [Job((answered("r1", f"k{i}", q1=i),), "d") for i in range(4)])
    assert code(caught) == "K015"


def test_who_stopped_waiting_in_the_queue_is_left_out(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()
    waiting = threading.Thread(target=store.transact, args=(lambda _: begun.set() or go_on.wait(20),))
    waiting.start()
    assert begun.wait(20)
    futures = [store.submit(Job((answered("r1", f"k{i}", q1=i),), "d")) for i in range(3)]
    assert futures[1].cancel()
    go_on.set()
    waiting.join()
    assert [futures[i].result(20).seq for i in (0, 2)] == [1, 2]
    assert [event.payload["values"]["q1"] for event in store.events()] == [0, 2]  # type: ignore[index]
