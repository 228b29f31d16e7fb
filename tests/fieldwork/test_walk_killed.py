"""The whole server is killed while simulated respondents walk its form; so is PostgreSQL below it."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from satmeter.cli.walk import simulated_of
from satmeter.collection.walk_check import compare
from satmeter.collection.walking import Walked, walk_all
from satmeter.journal import open_store
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate

pytestmark = pytest.mark.fieldwork

Serve = Callable[..., Any]
AT_ONCE = 12


class Walking:
    """Respondents who walk in a thread until they are told to stop, and send again what was not answered."""

    def __init__(self, address: str, n: int, seed: int) -> None:
        definition = read_questionnaire("ecsi-mobile")
        simulated = simulated_of(definition, simulate(definition, n, seed=seed, missing=0.04))
        self._stop = threading.Event()
        self.walked: Walked | None = None
        options: dict[str, Any] = {"at_once": AT_ONCE, "seed": seed, "patience": 90, "stopped": self._stop.is_set}
        begun = threading.Event()

        def work() -> None:
            self.walked = walk_all(address, simulated, progress=lambda share: begun.set(), **options)

        self._thread = threading.Thread(target=work)
        self._thread.start()
        assert begun.wait(30)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> Walked:
        self._stop.set()
        self._thread.join(120)
        assert self.walked is not None
        return self.walked


def check(store: str, walked: Walked) -> None:
    """All that was acknowledged is there once, and the chain is whole."""
    with open_store(store, read_only=True) as opened:
        found = compare(opened, walked.walks)
        with opened.connection() as connection:
            twice = connection.exec_driver_sql(
                "SELECT count(*) FROM (SELECT 1 FROM event WHERE key IS NOT NULL GROUP BY response, key "
                "HAVING count(*) > 1) AS doubled"
            ).scalar()
    assert (found.lost, found.differing, found.intact) == ((), (), True)
    assert twice == 0
    assert set(walked.trouble) <= {"lost", "503", "C132"}, walked.trouble  # C132: stopped while the server was away
    print(f"{found.responses} responses, {found.answers} answers, {dict(walked.trouble)}")


def kill_the_server(server: Any, store: str, times: int, seed: int) -> list[float]:
    """Kill and start again at random moments while respondents walk; return how long each start took."""
    chance = random.Random(seed)
    server.start()
    walking = Walking(server.address, 4000, seed)
    seconds = []
    try:
        for _ in range(times):
            time.sleep(chance.choice([0.1, chance.uniform(0, 1.0), chance.uniform(0, 3.0)]))
            assert walking.alive
            server.kill()
            seconds.append(server.start())
        time.sleep(0.5)
    finally:
        walked = walking.stop()
    check(store, walked)
    assert walked.answers > 5 * times
    print(f"{times} kills: start again in {statistics.median(seconds):.2f} s (median), {max(seconds):.2f} s (longest)")
    return seconds


def test_a_killed_server_comes_back_to_its_respondents(form_server: Serve, tmp_path: Any) -> None:
    store = f"sqlite:///{tmp_path}/answers.db"
    assert len(kill_the_server(form_server("ecsi-mobile", store), store, 3, seed=1)) == 3


@pytest.mark.long
def test_sixty_times_server_or_database_are_killed(form_server: Serve, tmp_path: Any, postgresql: Any) -> None:
    """Besides the two hundred times of test_store_killed.py, without HTTP before the store."""
    store = f"sqlite:///{tmp_path}/answers.db"
    seconds = kill_the_server(form_server("ecsi-mobile", store), store, 30, seed=10)
    store = postgresql.new_database()
    seconds += kill_the_server(form_server("ecsi-mobile", store), store, 15, seed=20)
    assert statistics.median(seconds) < 20  # most of it is the loading of Python's libraries
    store = postgresql.new_database()
    kill_the_database(form_server("ecsi-mobile", store), store, postgresql, 15)


def kill_the_database(server: Any, store: str, postgresql: Any, times: int) -> None:
    chance = random.Random(times)
    server.start()
    walking = Walking(server.address, 4000, times)
    away = []
    try:
        for _ in range(times):
            time.sleep(chance.uniform(0, 2.0))
            assert walking.alive
            begun = time.monotonic()
            postgresql.kill()
            postgresql.start()
            away.append(time.monotonic() - begun)
        time.sleep(0.5)
    finally:
        walked = walking.stop()
    server.stop()
    check(store, walked)
    print(
        f"{times} kills of PostgreSQL, away for {statistics.median(away):.2f} s (median), {max(away):.2f} s (longest)"
    )
