"""A process that makes children which write to a store until they are killed; loads its libraries only once.

Reads a store's address from each line of its input, and writes ``child PID``, ``ack RESPONSE KEY SEQ`` for every job
that was acknowledged, and ``dead`` when the child has been killed.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import threading
import time

from satmeter.journal import Event, Store, open_store

_THREADS = 6


def _say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())  # one write: lines of threads do not mix


def _answer(store: Store) -> None:
    response = secrets.token_urlsafe(16)
    chance = random.Random(response)
    number = 0
    while True:
        number += 1
        key = f"k{number}"
        values = {f"q{i}": chance.randrange(7) for i in range(20)}
        events = [Event("answered", response, {"page": number, "values": values}, key)]
        if chance.random() < 0.3:
            events.append(Event("page", response, {"page": number}, key))
        for _ in range(1 + (chance.random() < 0.2)):  # some are sent twice
            _say("ack", response, key, store.append(events, definition="d1").seq)


def _live(url: str) -> None:
    store = open_store(url, survey="staff")
    for _ in range(_THREADS):
        threading.Thread(target=_answer, args=(store,), daemon=True).start()
    time.sleep(60)


def main() -> None:
    """Make one child a line, one after the other."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _live(line.strip())
            finally:
                os._exit(1)
        _say("child", pid)
        os.waitpid(pid, 0)
        _say("dead")


if __name__ == "__main__":
    main()
