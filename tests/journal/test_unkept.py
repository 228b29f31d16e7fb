"""The store that keeps no answers does everything else."""

from __future__ import annotations

import pytest

from satmeter.journal import Appended, Chain, Event, null_store, verify_chain
from satmeter.journal.chain import GENESIS


def test_states_are_remembered_and_events_are_not() -> None:
    with null_store("staff", kept=2) as store:
        for i in range(3):
            opened = Event("opened", f"r{i}", {"order": ["a"], "language": "en"})
            assert store.append([opened], definition="d", link=bytes([i] * 32)) == Appended(i + 1)
        assert store.append([Event("answered", "r2", {"values": {"a": 4}})], definition="d") == Appended(4)
        state = store.latest("r2")
        assert state is not None
        assert (dict(state.values), state.order, state.seq) == ({"a": 4}, ("a",), 4)
        assert store.latest("r0") is None
        assert store.response_of(bytes([2] * 32)) == "r2"
        assert store.response_of(bytes([9] * 32)) is None
        assert list(store.events()) == []
        assert verify_chain(store) == Chain(0, True, None, GENESIS.hex())
        assert store.erase("r2") == 0
        assert (store.survey, store.read_only) == ("staff", False)


def test_definitions_and_tables_of_other_rooms_live_as_long_as_the_store() -> None:
    with null_store("staff") as store:
        assert store.define("satmeter: 1", "sha256:a", "1", "first")
        assert [one.digest for one in store.definitions()] == ["sha256:a"]
        store.transact(lambda connection: connection.exec_driver_sql("CREATE TABLE place (n)") and None)
        store.transact(lambda connection: connection.exec_driver_sql("INSERT INTO place VALUES (1)") and None)

        def guard(connection: object) -> str:
            taken = connection.exec_driver_sql("UPDATE place SET n = n - 1 WHERE n > 0")  # type: ignore[attr-defined]
            return "" if taken.rowcount else "full"

        answered = Event("answered", "r1", {"values": {"a": 4}})
        assert store.append([answered], definition="d", guard=guard) == Appended(1)
        assert store.append([answered], definition="d", guard=guard) == Appended(0, refused="full")
        with pytest.raises(ZeroDivisionError):
            store.transact(lambda connection: 1 // 0)
    with null_store("staff") as store:
        assert store.definitions() == ()
