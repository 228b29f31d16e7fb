"""What is remembered of responses and links, and for how long."""

from __future__ import annotations

import pytest

from satmeter.journal import State, Stored
from satmeter.journal.states import States


def test_links_of_a_forgotten_response_are_forgotten() -> None:
    states = States(10)
    states.follow([], {b"1": "r1", b"2": "r2", b"3": "r1"})
    states.forget("r1")
    assert [states.response_of(link, lambda: None) for link in (b"1", b"2", b"3")] == [None, "r2", None]


def test_links_that_were_used_last_are_kept() -> None:
    states = States(2)
    for link in (b"1", b"2", b"1", b"3"):
        assert states.response_of(link, lambda link=link: f"r{link.decode()}") == f"r{link.decode()}"  # type: ignore[misc]
    asked: list[bytes] = []
    for link in (b"1", b"3", b"2"):
        states.response_of(link, lambda link=link: asked.append(link))  # type: ignore[misc]
    assert asked == [b"2"]


def test_a_reading_that_fails_leaves_nothing_behind() -> None:
    states = States(2)
    with pytest.raises(ZeroDivisionError):
        states.state("r1", lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    assert (states._reading, states._outdated) == ({}, set())


def test_an_event_that_a_reading_has_seen_already_is_not_taken_in_twice() -> None:
    states = States(2)
    seen = State("r1", "d1", {"a": 2}, seq=5)
    assert states.state("r1", lambda: seen) is seen
    states.follow([Stored(5, "2026", "answered", "r1", "d1", {"values": {"a": 1}}, b"")], {})
    assert states.state("r1", lambda: None) is seen
    states.follow([Stored(6, "2026", "answered", "r1", "d1", {"values": {"a": 3}}, b"")], {})
    after = states.state("r1", lambda: None)
    assert after is not None
    assert (dict(after.values), after.seq) == ({"a": 3}, 6)
