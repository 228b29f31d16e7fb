"""Addresses: what may be listened at, what respondents may come by, what is warned of."""

from __future__ import annotations

import errno
import socket

import pytest

from satmeter.collection import server
from satmeter.collection.connections import MOST_CONNECTIONS, make_room
from satmeter.collection.server import address_of, check_base_url, exposure, listen
from satmeter.errors import CollectionError


def codes(call):
    with pytest.raises(CollectionError) as caught:
        call()
    return [problem.code for problem in caught.value.problems]


def test_a_free_port_is_taken_and_named():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert address_of(taken) == f"http://127.0.0.1:{port}"
        assert codes(lambda: listen("127.0.0.1", port)) == ["C002"]


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "x" * 300, "\udc00", "127.0.0.1/8"])
def test_a_host_of_another_machine(host):
    assert codes(lambda: listen(host, 0)) == ["C003"]


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EACCES, "C004"), (errno.EADDRNOTAVAIL, "C003"), (errno.EADDRINUSE, "C002")]
)
def test_what_the_system_refuses_is_told(monkeypatch, number, code):
    class Refusing(socket.socket):
        def bind(self, address):
            raise OSError(number, "no")

    monkeypatch.setattr(server.socket, "socket", Refusing)
    assert codes(lambda: listen("127.0.0.1", 65535)) == [code]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://survey.example.org", "https://survey.example.org"),
        ("https://survey.example.org:8443/", "https://survey.example.org:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_of_a_survey(text, kept):
    assert check_base_url(text) == kept


@pytest.mark.parametrize(
    "text",
    ["survey.example.org", "ftp://x", "https://", "https://x/survey", "https://x?y", "https://x#y", "https://a:b@x",
     "https://x:0", "https://x:99999", "https://中文", "https://x\r\ny", "javascript:alert(1)", "https://[x"],
)  # fmt: skip
def test_what_is_no_address_of_a_survey(text):
    assert codes(lambda: check_base_url(text)) == ["C009"]


@pytest.mark.parametrize(
    ("host", "base_url", "told"),
    [
        ("127.0.0.1", "", []), ("::1", "", []), ("localhost", "", []), ("127.3.3.3", "http://x", []),
        ("0.0.0.0", "", ["C010"]), ("192.168.1.5", "http://x", ["C010"]), ("server.example", "", ["C010"]),
        ("0.0.0.0", "https://survey.example.org", []),
    ],
)  # fmt: skip
def test_answers_that_others_can_read_on_their_way_are_warned_of(host, base_url, told):
    found = exposure(host, base_url)
    assert [problem.code for problem in found] == told
    assert all(problem.severity == "warning" for problem in found)


def test_there_is_room_for_all_connections_and_the_store():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, before[1]), before[1]))
        make_room()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert hard == before[1]
    assert soft >= min(MOST_CONNECTIONS + 100, hard)
