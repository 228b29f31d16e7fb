"""Whatever is done to a store, its states are those of a simple model."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.journal import Appended, Event, Store, open_store, verify_chain

RESPONSES = st.sampled_from(["r1", "r2", "r3", "r4"])
KEYS = st.sampled_from(["", "", "k1", "k2", "k3"])
CELLS = st.one_of(st.none(), st.integers(0, 10), st.text(max_size=5), st.lists(st.sampled_from("abc"), max_size=3))
VALUES = st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), CELLS, max_size=3)
PAYLOADS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "opened": st.fixed_dictionaries({"order": st.permutations(["q1", "q2", "q3"]), "language": st.just("zh-CN")}),
    "page": st.fixed_dictionaries({"page": st.integers(1, 5), "passed": st.booleans()}),
    "answered": st.fixed_dictionaries({"values": VALUES, "language": st.sampled_from(["en", "zh-CN"])}),
    "changed": st.fixed_dictionaries({"values": VALUES}),
    "submitted": st.just({"seconds": 3}),
    "reopened": st.just({}),
    "withdrawn": st.just({"reason": "asked"}),
}
EVENTS = st.sampled_from(sorted(PAYLOADS)).flatmap(
    lambda kind: st.builds(Event, st.just(kind), RESPONSES, PAYLOADS[kind], KEYS)
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.lists(EVENTS, min_size=1, max_size=3)),
        st.tuples(st.just("append"), st.lists(EVENTS, min_size=1, max_size=1)),
        st.tuples(st.just("erase"), RESPONSES),
        st.tuples(st.just("look"), RESPONSES),
        st.tuples(st.just("again"), st.none()),
    ),
    max_size=25,
)


@dataclass
class Model:
    """What a store is, in the plainest words: a list of events and the responses that were erased."""

    events: list[Event] = field(default_factory=list)
    seqs: dict[tuple[str, str], int] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def append(self, events: list[Event]) -> Appended:
        if any(event.response in self.erased for event in events):
            return Appended(0, refused="erased")
        known = [self.seqs[event.response, event.key] for event in events if (event.response, event.key) in self.seqs]
        if known:
            return Appended(max(known), repeated=True)
        carrying = 0
        last = {(event.response, event.key): i for i, event in enumerate(events)}
        for i, event in enumerate(events):
            self.events.append(event)
            if event.key and last[event.response, event.key] == i:
                carrying = self.seqs[event.response, event.key] = len(self.events)
        return Appended(carrying or len(self.events))

    def erase(self, response: str) -> int:
        mine = sum(event.response == response for event in self.events)
        if not mine or response in self.erased:
            return 0
        self.events.append(Event("erased", response))
        self.erased.add(response)
        return mine

    def state(self, response: str) -> dict[str, Any] | None:
        mine = [event for event in self.events if event.response == response]
        if not mine or response in self.erased:
            return None
        values: dict[str, Any] = {}
        order: list[str] = []
        pages: set[int] = set()
        submitted = withdrawn = False
        language = ""
        for event in mine:
            language = event.payload.get("language", language)
            values |= event.payload.get("values", {})
            order = event.payload.get("order", order)
            if event.kind == "page" and event.payload["passed"]:
                pages.add(event.payload["page"])
            submitted = event.kind == "submitted" or (submitted and event.kind != "reopened")
            withdrawn = event.kind == "withdrawn" or (withdrawn and event.kind != "reopened")
        return {
            "values": {name: cell for name, cell in values.items() if cell is not None},
            "order": tuple(order),
            "page": max(pages, default=0),
            "pages_passed": pages,
            "submitted": submitted,
            "withdrawn": withdrawn,
            "language": language,
            "seq": max(i for i, event in enumerate(self.events, 1) if event.response == response),
        }


def state_of(store: Store, response: str) -> dict[str, Any] | None:
    state = store.latest(response)
    if state is None:
        return None
    names = ("values", "order", "page", "pages_passed", "submitted", "withdrawn", "language", "seq")
    return {name: getattr(state, name) for name in names}


def walk(url: str, steps: list[tuple[str, Any]], kept: int) -> None:
    model = Model()
    store = open_store(url, survey="staff", kept=kept)
    try:
        for step, what in steps:
            if step == "append":
                assert store.append(what, definition="d1") == model.append(what)
            elif step == "erase":
                assert store.erase(what) == model.erase(what)
            elif step == "look":
                assert state_of(store, what) == model.state(what)
            else:
                store.close()
                store = open_store(url, survey="staff", kept=kept)
        for response in ("r1", "r2", "r3", "r4"):
            assert state_of(store, response) == model.state(response)
        stored = [(event.seq, event.kind, event.response) for event in store.events()]
        assert stored == [(i, event.kind, event.response) for i, event in enumerate(model.events, 1)]
        chain = verify_chain(store)
        assert (chain.events, chain.intact) == (len(model.events), True)
        with store.connection() as connection:
            keys = connection.exec_driver_sql("SELECT response, key, seq FROM event WHERE key IS NOT NULL").all()
        assert Counter(keys) == Counter((*name, seq) for name, seq in model.seqs.items())
    finally:
        store.close()


@settings(max_examples=15)
@given(steps=STEPS, kept=st.sampled_from([1, 2, 100]))
def test_a_store_is_what_the_simple_model_is(steps: list[tuple[str, Any]], kept: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        walk(f"{folder}/answers.db", steps, kept)


@pytest.mark.fieldwork
@settings(max_examples=6)
@given(steps=STEPS, kept=st.sampled_from([1, 100]))
def test_a_store_of_postgresql_is_what_the_simple_model_is(
    steps: list[tuple[str, Any]], kept: int, postgresql: Any
) -> None:
    walk(postgresql.new_schema(), steps, kept)
