"""Jobs are checked before they reach the writer: what cannot be stored is told with all of its reasons."""

from __future__ import annotations

from typing import Any

import pytest

from satmeter.errors import JournalError
from satmeter.journal import Event, Job
from satmeter.journal.work import make_ready

ENDLESS: dict[str, Any] = {}
ENDLESS["again"] = ENDLESS


def parts(job: Job) -> list[Any]:
    with pytest.raises(JournalError) as caught:
        make_ready(job)
    assert {problem.code for problem in caught.value.problems} == {"K011"}
    assert "Zhang" not in caught.value.text("en")
    return [problem.params["part"] for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        (Event("erased", "r1"), ["kind"]),
        (Event("opend", "r1"), ["kind"]),  # type: ignore[arg-type]
        (Event("opened", ""), ["response"]),
        (Event("opened", "r 1"), ["response"]),
        (Event("opened", "r1\n"), ["response"]),
        (Event("opened", "r" * 65), ["response"]),
        (Event("opened", "r1", {}, "k\0"), ["key"]),
        (Event("opened", "一", {}, "二"), ["response", "key"]),
        (Event("opened", "r1", {"name": {"Zhang"}}), ["payload"]),
        (Event("opened", "r1", {"name": b"Zhang"}), ["payload"]),
        (Event("opened", "r1", {"n": float("nan")}), ["payload"]),
        (Event("opened", "r1", {"name": "Zhang" * 200_001}), ["payload"]),
        (Event("opened", "r1", ENDLESS), ["payload"]),
    ],
)
def test_events_that_cannot_be_stored(event: Event, wrong: list[str]) -> None:
    assert parts(Job((event,), "d1")) == wrong


def test_definitions_and_links_that_cannot_be_stored() -> None:
    assert parts(Job((Event("opened", "r1"),), "")) == ["definition"]
    assert parts(Job((Event("opened", "r1"),), "d\n")) == ["definition"]
    assert parts(Job((Event("opened", "r1"),), "d" * 201)) == ["definition"]
    assert parts(Job((Event("opened", "r1"),), "d", b"short")) == ["link"]
    assert parts(Job((), "", bytes(32))) == ["link"]
    assert parts(Job((Event("opened", ""), Event("erased", "")), "")) == ["response", "kind", "definition"]


def test_the_last_of_several_events_carries_their_key() -> None:
    job = Job((Event("answered", "r1", {}, "k"), Event("page", "r1", {}, "k"), Event("page", "r2", {}, "k")), "d")
    assert [event.key for event in make_ready(job).events] == ["", "k", "k"]


def test_every_event_has_a_salt_of_its_own() -> None:
    events = make_ready(Job(tuple(Event("answered", "r1", {"a": 1}) for _ in range(50)), "d")).events
    assert len({event.salt for event in events}) == len({event.digest for event in events}) == 50
    assert {event.text for event in events} == {'{"a":1}'}
