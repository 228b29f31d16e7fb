"""Disks that are full, databases that fail: who waits is told with a code, and the store goes on by itself."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from satmeter.errors import JournalError
from satmeter.journal import Appended, Event, Job, Store, open_store, verify_chain
from satmeter.journal import writer as writer_module


def answered(response: str, key: str = "", **values: Any) -> Event:
    return Event("answered", response, {"page": 1, "values": values}, key)


def add(store: Store, *events: Event) -> Appended:
    return store.append(events, definition="d1")


def refused(store: Store, *events: Event) -> str:
    with pytest.raises(JournalError) as caught:
        add(store, *events)
    [problem] = caught.value.problems
    assert problem.text("en").startswith(f"{problem.code}: ")
    assert problem.text("zh-CN").startswith(f"{problem.code}: ")
    return problem.code


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "answers.db"), survey="staff") as opened:
        yield opened


# --- the disk is full


def test_a_full_disk_is_told_and_the_store_goes_on_when_there_is_space(store: Store) -> None:
    add(store, answered("r1", "k1", q1="kept"))

    def limit(pages: int) -> Callable[[Connection], int]:
        return lambda connection: int(connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar() or 0)

    pages = store.transact(limit(1))  # answers how many there are at least
    large = "x" * 50_000
    assert refused(store, answered("r1", "k2", q1=large)) == "K012"
    # the writer has connected again, where SQLite's limit is not known any more
    store.transact(limit(pages))
    assert add(store, answered("r2", "k1", q1="small")) == Appended(2)
    assert refused(store, answered("r1", "k2", q1=large)) == "K012"
    state = store.latest("r1")
    assert state is not None
    assert (dict(state.values), state.seq) == ({"q1": "kept"}, 1)
    assert add(store, answered("r1", "k2", q1=large)) == Appended(3)
    assert verify_chain(store).events == 3


_SMALL_DISK = """
import resource, sys
from satmeter.errors import JournalError
from satmeter.journal import Event, open_store, verify_chain

path = sys.argv[1]
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
told, codes = {}, []
with open_store(path, survey="staff") as store:
    def add(i):
        event = Event("answered", f"r{i % 3}", {"values": {"a": "x" * 5000}}, f"k{i}")
        told[f"r{i % 3}", f"k{i}"] = store.append([event], definition="d1").seq
    for i in range(5):
        add(i)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))  # files cannot grow further
    for i in range(5, 60):
        try:
            add(i)
        except JournalError as error:
            codes.append(error.problems[0].code)
    full = len(told)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    for i in range(60):
        add(i)  # known ones are repetitions
    chain = verify_chain(store)
    assert chain.intact and chain.events == 60, chain
    found = {(e.response, e.seq) for e in store.events()}
    assert found == {(response, seq) for (response, key), seq in told.items()}
print(full, *codes)
"""


@pytest.mark.fieldwork
def test_files_that_cannot_grow_are_told_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SMALL_DISK, str(tmp_path / "answers.db")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    stored, *codes = done.stdout.split()
    assert int(stored) >= 5
    assert len(codes) == 60 - int(stored) > 10
    assert set(codes) == {"K012"}


_FULL = """
CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN
  RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER full_disk BEFORE INSERT ON event EXECUTE FUNCTION full_disk();
"""


@pytest.mark.fieldwork
def test_a_full_disk_of_postgresql_is_told_and_the_store_goes_on(postgresql: Any) -> None:
    import psycopg

    url = postgresql.new_database()
    with open_store(url, survey="staff") as store:
        add(store, answered("r1", "k1", q1=1))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_FULL)
            assert refused(store, answered("r1", "k2", q1=2)) == "K012"
            assert refused(store, answered("r1", "k2", q1=2)) == "K012"
            connection.execute("DROP TRIGGER full_disk ON event")
        assert add(store, answered("r1", "k2", q1=2)) == Appended(2)
        assert verify_chain(store).events == 2


# --- a commit that was not answered


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("what", ["events", "task"])
def test_a_commit_that_was_not_answered_is_looked_up_and_never_doubled(
    committed: bool, what: str, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(store_url, survey="staff") as store:
        add(store, answered("r1", "", q1=1))
        store.transact(lambda c: c.execute(text("CREATE TABLE place (n integer)")) and None)
        commit = Connection.commit
        lost: list[bool] = []

        def unanswered(connection: Connection) -> None:
            if lost or threading.current_thread().name != "satmeter journal":
                commit(connection)
                return
            lost.append(True)
            if committed:
                commit(connection)
            raise OperationalError("COMMIT", None, ConnectionError("gone"), connection_invalidated=True)

        monkeypatch.setattr(Connection, "commit", unanswered)
        if what == "events":
            assert add(store, answered("r1", "", q1=2), answered("r1", "", q1=3)) == Appended(3)
        else:
            store.transact(lambda c: c.execute(text("INSERT INTO place VALUES (1)")) and None)
        assert lost
        assert add(store, answered("r1", "k", q1=4)) == Appended(4 if what == "events" else 2)
        chain = verify_chain(store)
        assert (chain.intact, chain.events) == (True, 4 if what == "events" else 2)
        with store.connection() as connection:
            assert connection.scalar(text("SELECT count(*) FROM place")) == (what == "task")
        assert store.latest("r1").values == {"q1": 4}  # type: ignore[union-attr]


# --- other programs and other hands


def test_another_program_that_holds_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satmeter.journal.engines._WAIT", 0.1)
    with open_store(str(tmp_path / "answers.db"), survey="staff") as store:
        add(store, answered("r1", "k1", q1=1))
        other = sqlite3.connect(tmp_path / "answers.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert refused(store, answered("r1", "k2", q1=2)) == "K019"
        assert dict(store.latest("r1").values) == {"q1": 1}  # type: ignore[union-attr]
        other.execute("ROLLBACK")
        other.close()
        assert add(store, answered("r1", "k2", q1=2)) == Appended(2)


def test_a_file_that_was_moved_away(tmp_path: Path) -> None:
    path, aside = tmp_path / "answers.db", tmp_path / "aside.db"
    with open_store(str(path), survey="staff") as store:
        add(store, answered("r1", "k1", q1=1))
        path.rename(aside)
        assert refused(store, answered("r1", "k2", q1=2)) == "K020"
        path.write_bytes(aside.read_bytes())
        assert refused(store, answered("r1", "k2", q1=2)) == "K020", "a copy is another file"
        path.unlink()
        aside.rename(path)
        assert add(store, answered("r1", "k2", q1=2)) == Appended(2)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    with open_store(str(path), survey="staff") as store:
        for i in range(40):
            add(store, answered("r1", f"k{i}", q1="x" * 3000))
    raw = bytearray(path.read_bytes())
    for page in range(8, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 100] = os.urandom(100)
    path.write_bytes(raw)
    with open_store(str(path), survey="staff", read_only=True) as store:
        with pytest.raises(JournalError) as caught:
            verify_chain(store)
        assert [problem.code for problem in caught.value.problems] == ["K018"]


def test_a_defect_in_the_writer_is_told_to_who_waits_and_the_thread_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "Batch", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            add(store, answered("r1", "k1", q1=1))
    assert add(store, answered("r1", "k1", q1=1)) == Appended(1)


def test_another_program_that_holds_the_file_at_the_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satmeter.journal.engines._WAIT", 0.1)
    path = tmp_path / "answers.db"
    open_store(str(path), survey="staff").close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")  # a tool that "repairs" leaves files so
    other.execute("BEGIN")
    other.execute("SELECT * FROM event").fetchall()
    with pytest.raises(JournalError) as caught:
        open_store(str(path), survey="staff")
    assert [problem.code for problem in caught.value.problems] == ["K019"]
    other.close()
    with open_store(str(path), survey="staff") as store:
        assert add(store, answered("r1", q1=1)) == Appended(1)
        assert store.transact(lambda c: c.exec_driver_sql("PRAGMA journal_mode").scalar()) == "wal"


# --- PostgreSQL alone


@pytest.mark.fieldwork
def test_a_connection_that_is_lost_within_a_guard(postgresql: Any) -> None:
    asked: list[int] = []

    def guard(connection: Connection) -> str:
        asked.append(1)
        if len(asked) == 1:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return ""

    with open_store(postgresql.new_schema(), survey="staff") as store:
        job = Job((answered("r1", "k", q1=1),), "d1", guard=guard)
        assert store.submit(job).result(20) == Appended(1)
        assert (len(asked), verify_chain(store).events) == (2, 1)


@pytest.mark.fieldwork
def test_databases_of_postgresql_that_are_no_store(postgresql: Any) -> None:
    import psycopg

    def code(url: str) -> str:
        with pytest.raises(JournalError) as caught:
            open_store(url, survey="staff")
        assert "secret" not in caught.value.text("en")
        return caught.value.problems[0].code

    url = postgresql.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE book (title text)")
        assert code(url) == "K005"
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)
    assert code(postgresql.address("there_is_none")) == "K003"
    ascii_only = postgresql.new_database("ENCODING 'SQL_ASCII' TEMPLATE template0")
    assert code(ascii_only) == "K021"
    locked = postgresql.new_database()
    with psycopg.connect(postgresql.address("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE visitor LOGIN")
    assert code(locked.replace("survey@", "visitor:secret@")) == "K008"
    with open_store(locked, survey="staff") as store:
        add(store, answered("r1", q1=1))
        store.transact(lambda c: c.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO visitor")) and None)
    with open_store(locked.replace("survey@", "visitor@"), read_only=True) as store:
        assert verify_chain(store).events == 1
        assert refused(store, answered("r1", q1=1)) == "K017"


@pytest.mark.fieldwork
def test_what_was_erased_is_vacuumed(postgresql: Any) -> None:
    with open_store(postgresql.new_database(), survey="staff") as store:
        vacuumed = text("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'event'")
        add(store, answered("r1", q1="Wang Xiaoming lives in Nanjing"), answered("r2", q1=1))
        with store.connection() as connection:
            assert connection.scalar(vacuumed) == 0
        assert store.erase("r1") == 1
        with store.connection() as connection:
            assert connection.scalar(vacuumed) == 1
        assert [event.payload for event in store.events("r1")] == [None, {"payloads": 1}]
        assert verify_chain(store).events == 3


def test_jobs_of_many_threads_come_into_few_transactions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    commit = Connection.commit

    def counted(connection: Connection) -> None:
        commits.append(1)
        commit(connection)

    begun, go_on = threading.Event(), threading.Event()
    waiting = threading.Thread(target=store.transact, args=(lambda _: begun.set() or go_on.wait(20),))
    waiting.start()
    assert begun.wait(20)
    futures = [store.submit(Job((answered(f"r{i % 64}", f"k{i}", q1=i),), "d1")) for i in range(2500)]
    monkeypatch.setattr(Connection, "commit", counted)
    go_on.set()
    waiting.join()
    assert [future.result(20).seq for future in futures] == list(range(1, 2501))
    assert len(commits) == 4, "one for what held them up, then 1000, 1000 and 500"
