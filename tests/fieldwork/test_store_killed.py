"""Servers and databases are killed at random moments: what was acknowledged is there, once, and the chain is whole."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from satmeter.errors import JournalError
from satmeter.journal import Event, Store, open_store, verify_chain

pytestmark = pytest.mark.fieldwork

Acknowledged = dict[tuple[str, str], int]


class Nursery:
    """Children that write to a store, and are killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("store_nursery.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live_and_die(self, url: str, seconds: float) -> Acknowledged:
        """Let a child write for some time after its first acknowledgement, kill it, and return what it was told."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{url}\n")
        self._process.stdin.flush()
        told: Acknowledged = {}
        pid = 0
        for line in self._process.stdout:
            word, *rest = line.split()
            if word == "child":
                pid = int(rest[0])
            elif word == "dead":
                return told
            else:
                response, key, seq = rest
                assert told.setdefault((response, key), int(seq)) == int(seq), "sent twice, answered differently"
                if len(told) == 1:
                    threading.Timer(seconds, os.kill, (pid, signal.SIGKILL)).start()
        raise AssertionError("the nursery has ended")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(20)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def check(store: Store, told: Acknowledged) -> None:
    with store.connection() as connection:
        rows = connection.exec_driver_sql("SELECT response, key, seq FROM event WHERE key IS NOT NULL").all()
    found = {(response, key): seq for response, key, seq in rows}
    assert max(Counter((response, key) for response, key, _ in rows).values()) == 1, "nothing is doubled"
    assert {name: found.get(name) for name in told} == told, "nothing that was acknowledged is lost"
    chain = verify_chain(store)
    assert chain.intact, chain


def kill_again_and_again(nursery: Nursery, urls: list[str], rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    acknowledged = 0
    for url in urls:
        told: Acknowledged = {}
        for _ in range(rounds):
            told |= nursery.live_and_die(url, chance.choice([0.0, chance.uniform(0, 0.03), chance.uniform(0, 0.15)]))
            with open_store(url, survey="staff") as store:  # at once, as a restarted server does
                check(store, told)
        acknowledged += len(told)
    return acknowledged


def test_a_killed_server_loses_nothing_sqlite(nursery: Nursery, tmp_path: Path) -> None:
    assert kill_again_and_again(nursery, [str(tmp_path / "answers.db")], 12, seed=1) >= 12
    with sqlite3.connect(tmp_path / "answers.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_killed_server_loses_nothing_postgresql(nursery: Nursery, postgresql: Any) -> None:
    assert kill_again_and_again(nursery, [postgresql.new_database()], 4, seed=2) >= 4


@pytest.mark.long
def test_two_hundred_killed_servers_lose_nothing(nursery: Nursery, tmp_path: Path, postgresql: Any) -> None:
    files = [str(tmp_path / f"answers{i}.db") for i in range(16)]
    assert kill_again_and_again(nursery, files, 10, seed=3) >= 160
    assert kill_again_and_again(nursery, [postgresql.new_database() for _ in range(4)], 10, seed=4) >= 40


class Writers:
    """Threads that answer until they are told to stop, and send again what was not acknowledged, as a browser does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.told: Acknowledged = {}
        self.codes: Counter[str] = Counter()
        self.slowest = 0.0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(f"r{i}",)) for i in range(6)]
        for thread in self._threads:
            thread.start()

    def _write(self, response: str) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            key = f"k{number}"
            event = Event("answered", response, {"page": number, "values": {"q1": number}}, key)
            begun = time.monotonic()
            while (response, key) not in self.told:
                try:
                    self.told[response, key] = self.store.append([event], definition="d1").seq
                except JournalError as error:
                    self.codes[error.problems[0].code] += 1
                    time.sleep(0.02)
            self.slowest = max(self.slowest, time.monotonic() - begun)

    def wait_for(self, more: int) -> None:
        until = len(self.told) + more
        for _ in range(1200):
            if len(self.told) >= until:
                return
            time.sleep(0.025)
        raise AssertionError(f"no answers came through: {self.codes}")

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_a_killed_postgresql_is_waited_for_and_nothing_is_lost(postgresql: Any) -> None:
    chance = random.Random(5)
    with open_store(postgresql.new_database(), survey="staff") as store:
        writers = Writers(store)
        try:
            for _ in range(2):
                writers.wait_for(30)
                time.sleep(chance.uniform(0, 0.1))
                postgresql.kill()
                postgresql.start()
                writers.wait_for(30)
        finally:
            writers.stop()
        check(store, writers.told)
        assert set(writers.codes) <= {"K013"}
        for response in ("r0", "r5"):
            state = store.latest(response)
            assert state is not None
            assert state.seq == max(seq for (name, _), seq in writers.told.items() if name == response)


def test_a_connection_that_is_cut_is_made_again_and_nobody_notices(postgresql: Any) -> None:
    import psycopg

    with open_store(postgresql.new_database(), survey="staff") as store:
        writers = Writers(store)
        try:
            for _ in range(5):
                writers.wait_for(20)
                with psycopg.connect(postgresql.address("postgres"), autocommit=True) as connection:
                    cut = connection.execute(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                        "WHERE application_name = 'satmeter' AND pid <> pg_backend_pid()"
                    ).fetchone()
                assert cut is not None
                assert cut[0] >= 1
        finally:
            writers.stop()
        check(store, writers.told)
        assert writers.codes == Counter()


def test_a_postgresql_that_stays_away_is_told_and_found_again(postgresql: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satmeter.journal.writer._PATIENCE", 0.3)
    with open_store(postgresql.new_database(), survey="staff") as store:
        store.append([Event("answered", "r1", {"values": {"a": 1}}, "k1")], definition="d1")
        postgresql.kill()
        try:
            for attempt in range(2):
                begun = time.monotonic()
                with pytest.raises(JournalError) as caught:
                    store.append([Event("answered", "r1", {"values": {"a": 2}}, "k2")], definition="d1")
                assert [problem.code for problem in caught.value.problems] == ["K013"]
                assert attempt == 0 or time.monotonic() - begun < 0.3, "who comes later is told at once"
            with pytest.raises(JournalError) as caught:
                list(store.events())
            assert [problem.code for problem in caught.value.problems] == ["K013"]
        finally:
            postgresql.start()
        assert store.append([Event("answered", "r1", {"values": {"a": 2}}, "k2")], definition="d1").seq == 2
        assert dict(store.latest("r1").values) == {"a": 2}  # type: ignore[union-attr]
        assert verify_chain(store).intact


def test_a_server_that_took_over_meanwhile_is_not_written_over(
    postgresql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr("satmeter.journal.server_lock._PATIENCE", 0.2)
    url = postgresql.new_database()
    with open_store(url, survey="staff") as first:
        first.append([Event("answered", "r1", {"values": {"a": 1}}, "k1")], definition="d1")
        with psycopg.connect(postgresql.address("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'satmeter'"
            )
        with open_store(url, survey="staff") as second:
            assert second.append([Event("answered", "r1", {"values": {"a": 2}}, "k2")], definition="d1").seq == 2
            with pytest.raises(JournalError) as caught:
                first.append([Event("answered", "r1", {"values": {"a": 3}}, "k3")], definition="d1")
            assert [problem.code for problem in caught.value.problems] == ["K009"]
        assert first.append([Event("answered", "r1", {"values": {"a": 3}}, "k3")], definition="d1").seq == 3
        assert dict(first.latest("r1").values) == {"a": 3}  # type: ignore[union-attr]
        assert verify_chain(first).events == 3
