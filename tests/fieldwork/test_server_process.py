"""The server as it runs: connections that say nothing, what is no HTTP, signals, ports, what is printed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from satmeter.collection import connections
from satmeter.collection.security_headers import HEADERS, SecurityHeaders
from satmeter.collection.server import listen, server_of

pytestmark = pytest.mark.fieldwork

QUESTIONNAIRE = """\
satmeter: 1
id: shop
version: "1"
title: {en: Shop survey}
languages: [en]
scales: {agree: {points: {1: {en: No}, 2: {en: Yes}}}}
constructs:
  product: {role: satisfaction, label: {en: Product}, scale: agree, items: {p1: {en: Reliable}, p2: {en: Durable}}}
questions:
  why: {type: text, max: 200, text: {en: Why}}
"""


@contextmanager
def running(http: str = "auto", text: str = "good") -> Iterator[tuple[str, int]]:
    """A server of this process in a thread of its own."""
    taken = listen("127.0.0.1", 0)
    address = taken.getsockname()[:2]
    server = server_of(SecurityHeaders(PlainTextResponse(text)), http=http)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def answers(address: tuple[str, int], *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces and return all that comes until the server closes."""
    with socket.create_connection(address, timeout=10) as client:
        for piece in pieces:
            try:
                client.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        found = b""
        while True:
            try:
                more = client.recv(65536)
            except ConnectionResetError:
                return found
            if not more:
                return found
            found += more


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_who_says_little_is_not_waited_for(http, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.4)
    with running(http) as address:
        assert answers(address, HEAD + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        begun = time.monotonic()
        assert answers(address).startswith(b"HTTP/1.1 408 ")
        assert answers(address, HEAD).startswith(b"HTTP/1.1 408 ")
        assert answers(address, *([HEAD] + [b"X: y\r\n"] * 20), pause=0.05).startswith(b"HTTP/1.1 408 ")
        assert 0.9 < time.monotonic() - begun < 6
        kept = answers(address, HEAD + b"\r\n", HEAD, pause=0.1)
        assert kept.startswith(b"HTTP/1.1 200 OK")
        assert b"HTTP/1.1 408 " in kept


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_a_head_without_end_is_refused(http):
    with running(http) as address:
        line = b"X-Long: " + b"y" * 8000 + b"\r\n"
        found = answers(address, HEAD, *([line] * 40), pause=0.005)
        assert found[:12] in (b"HTTP/1.1 408", b"HTTP/1.1 400", b"")
        assert answers(address, HEAD + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_what_is_no_request_gets_the_headers_of_every_answer(http):
    with running(http) as address:
        for nonsense in (b"nonsense\r\n\r\n", b"\x16\x03\x01\x00\xa5", b"GET / HTTP/1.1\r\nHost : x\r\n\r\n"):
            found = answers(address, nonsense + b"\r\n\r\n")
            assert found.startswith(b"HTTP/1.1 400 ")
            assert all(name + b": " + value in found for name, value in HEADERS)
            assert b"\r\nserver:" not in found.lower()


def test_one_connection_too_many_is_told_so(monkeypatch):
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 2)
    with running() as address:
        with socket.create_connection(address), socket.create_connection(address):
            time.sleep(0.2)
            assert answers(address).startswith(b"HTTP/1.1 503 ")
        time.sleep(0.2)
        assert answers(address, HEAD + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


def bytes_until_the_end(client: socket.socket, pause: float = 0.0) -> int:
    """Read until the server closes and return how much came."""
    client.settimeout(10)
    read = 0
    while True:
        try:
            more = client.recv(65536)
        except ConnectionResetError:
            return read
        if not more:
            return read
        read += len(more)
        time.sleep(pause)


@pytest.mark.parametrize("http", ["httptools", "h11"])
def test_who_does_not_read_is_cut_off_and_who_reads_slowly_is_not(http, monkeypatch):
    monkeypatch.setattr(connections, "READ_SECONDS", 0.5)
    with running(http, "x" * 12_000_000) as address, socket.create_connection(address) as stalled:
        stalled.sendall(HEAD + b"Connection: close\r\n\r\n")
        with socket.create_connection(address) as slow:
            slow.sendall(HEAD + b"Connection: close\r\n\r\n")
            assert bytes_until_the_end(slow, pause=0.01) > 12_000_000
        assert 0 < bytes_until_the_end(stalled) < 12_000_000


def test_requests_without_end_ahead_of_their_answers_are_cut_off():
    request = HEAD + b"\r\n"
    with running() as address, socket.create_connection(address) as greedy:
        for _ in range(3):
            greedy.sendall(request)
        time.sleep(0.2)
        with suppress(OSError):
            greedy.sendall(request * 1000)
        assert bytes_until_the_end(greedy) < 100 * 700
        assert answers(address, HEAD + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start `satmeter` in a folder and wait until it names its address."""
    (tmp_path / "shop.yaml").write_text(QUESTIONNAIRE, "utf-8")
    processes = []

    def started(*words: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "satmeter", *words],
            cwd=tmp_path,
            env=os.environ | {"SATMETER_LANG": "en"},
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stderr is not None
        told = ""
        while "http://" not in told:
            line = process.stderr.readline()
            assert line, told
            told += line
        return process, re.findall(r"http://[\d.]+:\d+", told)[-1]

    yield started
    for process in processes:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def refusal(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "satmeter", *words],
        cwd=folder, env=os.environ | {"SATMETER_LANG": "en"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == ""
    return done.returncode, done.stderr.split(":")[0]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_survey_is_served_and_ends_in_good_order(start, tmp_path, ending):
    process, address = start("serve", "shop.yaml", "--store", "sqlite:///answers.db", "--port", "0")
    with httpx.Client(base_url=address) as client:
        welcome = client.get("/")
        assert "server" not in welcome.headers
        key = re.search(r'name="k" value="([^"]+)"', welcome.text)[1]
        place = client.post("/begin", data={"k": key, "language": "en"}).headers["location"]
        link = place.rpartition("/")[0]
        page = client.get(place).text
        fields = {"k": re.search(r'name="k" value="([^"]+)"', page)[1], "q": ["why"], "v.why": "Because", "go": "next"}
        for body in (fields, fields):
            assert client.post(place, data=body).headers["location"] == f"{link}/2"
        number = address.rpartition(":")[2]
        other = ("serve", "shop.yaml", "--store", "sqlite:///other.db", "--port", number)
        assert refusal(tmp_path, *other) == (1, "C002")
        assert not (tmp_path / "other.db").exists()
        assert refusal(tmp_path, "serve", "shop.yaml", "--store", "sqlite:///answers.db", "--port", "0") == (1, "K009")
        process.send_signal(ending)
        rest = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert "Ended in good order: 1 responses in answers.db, 0 of them complete." in rest
    assert link.rpartition("/")[2] not in rest
    _, address = start("serve", "shop.yaml", "--store", "sqlite:///answers.db", "--port", "0")
    with httpx.Client(base_url=address) as client:
        assert client.get(link).headers["location"] == f"{link}/2"
        assert "Because" in client.get(f"{link}/1").text


def test_a_preview_is_served_and_leaves_nothing(start, tmp_path):
    process, address = start("preview", "shop.yaml", "--port", "0")
    assert "Preview: nothing is stored" in httpx.get(address).text
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["shop.yaml"]
