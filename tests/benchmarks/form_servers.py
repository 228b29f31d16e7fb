"""Servers that are measured: the application with a store, with none, and with one commit a request.

``form_servers.py KIND STORE MILLISECONDS``: writes its port, serves until it is killed. `KIND` is ``survey``,
``nothing`` (a store that keeps nothing) or ``each`` (the same application on a store whose every post is a transaction
of its own, in one of many threads, as applications on the web commonly are). A commit takes so many
milliseconds longer.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from form_load import ITEMS
from sqlalchemy import Connection, select, text
from starlette.applications import Starlette

from satmeter.collection.application import application
from satmeter.collection.server import listen, serve
from satmeter.collection.settings import Settings
from satmeter.journal import engines, null_store, open_store
from satmeter.journal.address import read_address
from satmeter.journal.batch import Batch, Head
from satmeter.journal.schema import EVENT
from satmeter.journal.states import States
from satmeter.journal.work import Work
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire

POINTS = "{1: {en: Never}, 2: {en: Seldom}, 3: {en: At times}, 4: {en: Often}, 5: {en: Always}}"
TEXT = f"""\
satmeter: 1
id: load
version: "1"
title: {{en: Thirty statements}}
languages: [en]
scales: {{often: {{points: {POINTS}}}}}
constructs:
  product:
    role: satisfaction
    label: {{en: Product}}
    scale: often
    items: {{{", ".join(f"{item}: {{en: Statement {item}}}" for item in ITEMS)}}}
questions:
  why: {{type: text, text: {{en: Why}}}}
pages:
  - grid: [product]
    required: true
  - items: [why]
"""


def questionnaire() -> Questionnaire:
    """Thirty statements that need an answer, and a question on a second page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.yaml"
        path.write_text(TEXT, "utf-8")
        return read_questionnaire(path)


def survey(store_url: str, *, each: bool = False) -> Starlette:
    """Satmeter's application; without an address nothing is stored."""
    asked = questionnaire()
    store = open_store(store_url, survey=asked.id) if store_url else null_store(asked.id)
    store.define(TEXT, asked.digest, asked.version, "first")
    if each:
        store._writer.close()
        store._writer = Each(store_url, store._states)
    return application(Settings(questionnaire=asked, store=store))


class Each:
    """Writes each piece of work by itself, in one of some threads with a connection each, and commits it."""

    def __init__(self, url: str, states: States) -> None:
        self._address = read_address(url)
        engines._WAIT = 60.0  # its threads wait for one another
        self._engine = engines.writing_engine(self._address)
        self._states = states
        self._here = threading.local()
        self._pool = ThreadPoolExecutor(8)

    def submit(self, work: Work) -> None:
        """Let a thread do it."""
        self._pool.submit(self._write, work)

    def close(self) -> None:
        """End."""
        self._pool.shutdown()

    def _write(self, work: Work) -> None:
        try:
            connection = self._connection()
            if self._address.kind == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
            row = connection.execute(select(EVENT).order_by(EVENT.c.seq.desc()).limit(1)).first()
            batch = Batch(connection, self._address, Head(row.seq, row.link, row.at) if row else Head(), set())
            batch.run([work])
            connection.commit()
            self._states.follow(batch.stored, batch.links)
            work.future.set_result(batch.results[0])
        except Exception as error:  # noqa: BLE001
            self._here.__dict__.clear()
            work.future.set_exception(error)

    def _connection(self) -> Connection:
        if not hasattr(self._here, "connection"):
            self._here.connection = self._engine.connect()
        found: Connection = self._here.connection
        return found


def slow_commits(milliseconds: float) -> None:
    """Let every commit of satmeter's take longer, as on a disk that is no virtual one."""
    commit = Connection.commit

    def slow(connection: Connection) -> None:
        time.sleep(milliseconds / 1000)
        commit(connection)

    Connection.commit = slow  # type: ignore[method-assign]


def main() -> None:
    """Serve."""
    kind, url, milliseconds = sys.argv[1:]
    made = survey("" if kind == "nothing" else url, each=kind == "each")
    if float(milliseconds):
        slow_commits(float(milliseconds))
    taken = listen("127.0.0.1", 0)
    print(taken.getsockname()[1], flush=True)
    serve(made, taken)


if __name__ == "__main__":
    main()
