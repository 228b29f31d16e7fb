"""A disk that is full, a database that is away: the page keeps what was typed, and the server goes on."""

from __future__ import annotations

import html
import os
import re
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from satmeter.collection.application import application
from satmeter.collection.server import address_of, listen, server_of
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition
from satmeter.journal import open_store, verify_chain
from satmeter.questionnaire.read import parse_questionnaire

pytestmark = pytest.mark.fieldwork

TEXT = """\
satmeter: 1
id: shop
version: "1"
title: {en: Shop survey}
languages: [en]
scales: {agree: {points: {1: {en: No}, 2: {en: Yes}}}}
constructs:
  product: {role: satisfaction, label: {en: Product}, scale: agree, items: {p1: {en: Reliable}, p2: {en: Durable}}}
questions:
  why: {type: text, max: 20000, text: {en: Why}}
"""


def begin(client: httpx.Client) -> str:
    """Begin a response and return the address of its first page."""
    key = re.search(r'name="k" value="([^"]+)"', client.get("/").text)
    assert key
    return client.post("/begin", data={"k": key[1], "language": "en"}).headers["location"]


def answer(client: httpx.Client, place: str, text: str) -> httpx.Response:
    """Post a text on a page."""
    return client.post(place, data=fields(client.get(place).text) | {"v.why": text})


def fields(page: str) -> dict[str, Any]:
    """Return what must be posted with any page."""
    key = re.search(r'name="k" value="([^"]+)"', page)
    assert key, page
    return {"k": key[1], "q": ["why"], "go": "next"}


def typed(page: str) -> str:
    """Return what stands in the page's field."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


@contextmanager
def serving(url: str) -> Iterator[httpx.Client]:
    questionnaire = parse_questionnaire(TEXT)
    with open_store(url, survey="shop") as store:
        open_edition(store, questionnaire, TEXT)
        taken = listen("127.0.0.1", 0)
        server = server_of(application(Settings(questionnaire=questionnaire, store=store)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            with httpx.Client(base_url=address_of(taken), timeout=60) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(30)


def test_a_database_that_is_away_loses_nothing_that_was_typed(postgresql):
    url = postgresql.new_schema()
    with serving(url) as client:
        place = begin(client)
        window = fields(client.get(place).text)
        postgresql.kill()
        try:
            away = client.post(place, data=window | {"v.why": "Because & so"})
            assert (away.status_code, away.headers["retry-after"]) == (503, "10")
            assert "could not be stored just now" in away.text
            assert typed(away.text) == "Because & so"
            assert client.get("/health").status_code == 200
            assert client.get("/").status_code == 200
            assert client.get(place).status_code in (200, 503)
        finally:
            postgresql.start()
        stored = client.post(place, data=fields(away.text) | {"v.why": "Because & so"})
        assert stored.headers["location"] == place.replace("/1", "/2")
    with open_store(url, read_only=True) as store:
        told = [event.payload["values"] for event in store.events() if event.kind == "answered"]
        assert told == [{"why": "Because & so"}]
        assert verify_chain(store).intact


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server whose files may not grow beyond a size."""
    (tmp_path / "shop.yaml").write_text(TEXT, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "satmeter", "serve", "shop.yaml", "--store", "sqlite:///answers.db", "--port", "0"],
        cwd=tmp_path, env=os.environ | {"SATMETER_LANG": "en"}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    told = ""
    while "Ctrl+C" not in told:
        line = process.stderr.readline()
        assert line, told
        told += line
    found = re.search(r"http://[\d.]+:\d+", told)
    assert found
    yield process, found[0]
    process.kill()
    process.wait()
    process.stderr.close()


def test_a_full_disk_loses_nothing_that_was_typed(started, tmp_path):
    process, address = started
    limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    with httpx.Client(base_url=address, timeout=60) as client:
        place = begin(client)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (500_000, limits[1]))
        kept = []
        for number in range(60):
            text = f"{number} " + "x" * 15_000
            found = answer(client, place, text)
            if found.status_code == 503:
                break
            assert found.status_code == 303
            kept.append(text)
        assert found.status_code == 503
        assert typed(found.text) == text
        assert client.get(place).status_code == 200
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
        assert begin_refused(client) == 503
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        assert client.post(place, data=fields(found.text) | {"v.why": text}).status_code == 303
        assert begin(client).endswith("/1")
    process.terminate()
    assert process.wait(30) == 0
    with open_store(f"sqlite:///{tmp_path}/answers.db", read_only=True) as store:
        told = [event.payload["values"]["why"] for event in store.events() if event.kind in ("answered", "changed")]
        assert told == [*kept, text]
        assert verify_chain(store).intact


def begin_refused(client: httpx.Client) -> int:
    key = re.search(r'name="k" value="([^"]+)"', client.get("/").text)
    assert key
    return client.post("/begin", data={"k": key[1], "language": "en"}).status_code
