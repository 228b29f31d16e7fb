"""Whatever is altered in a stored event is found at its place."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satmeter.journal import Chain, Event, Store, open_store, verify_chain
from satmeter.journal.chain import GENESIS

COLUMNS = ("seq", "at", "kind", "response", "definition", "key", "salt", "payload", "digest", "link")
N = 6


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chain") / "answers.db"
    with open_store(str(path), survey="staff") as store:
        store.append([Event("opened", "r1", {"order": ["a"]})], definition="d1")
        for i in range(N - 1):
            event = Event("answered", f"r{i % 2 + 1}", {"page": 1, "values": {"a": i}}, f"k{i}")
            store.append([event], definition="d1")
    return path


@pytest.fixture(scope="module")
def rows(path: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM event ORDER BY seq").fetchall()
    connection.close()
    return found


@pytest.fixture(scope="module")
def store(path: Path) -> Any:
    with open_store(str(path), survey="staff", read_only=True) as opened:
        yield opened


def put(path: Path, rows: list[tuple[Any, ...]]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM event")
        connection.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
    connection.close()


def verified(path: Path, store: Store, rows: list[tuple[Any, ...]], altered: list[tuple[Any, ...]]) -> Chain:
    put(path, altered)
    try:
        return verify_chain(store)
    finally:
        put(path, rows)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_altered_byte_is_found_at_its_place(
    data: st.DataObject, path: Path, rows: list[tuple[Any, ...]], store: Store
) -> None:
    place = data.draw(st.integers(0, N - 1))
    column = data.draw(st.sampled_from(COLUMNS[1:]))
    value = rows[place][COLUMNS.index(column)]
    if value is None:  # the first event has no key
        other: Any = data.draw(st.text(st.characters(min_codepoint=1, max_codepoint=0x2FFF), min_size=1, max_size=3))
    else:
        raw = bytearray(value if isinstance(value, bytes) else value.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255 if isinstance(value, bytes) else 127))
        other = bytes(raw) if isinstance(value, bytes) else bytes(raw).decode("latin-1")
        if isinstance(other, str) and "\0" in other:
            other = other.replace("\0", "\x01")
    altered = [list(row) for row in rows]
    altered[place][COLUMNS.index(column)] = other
    found = verified(path, store, rows, [tuple(row) for row in altered])
    assert (found.intact, found.broken_at) == (False, place + 1)


@pytest.mark.parametrize("place", range(N - 1))
def test_a_missing_event_is_found_at_its_place(
    place: int, path: Path, rows: list[tuple[Any, ...]], store: Store
) -> None:
    found = verified(path, store, rows, rows[:place] + rows[place + 1 :])
    assert (found.events, found.intact, found.broken_at) == (N - 1, False, place + 1)


def test_events_that_changed_places_are_found(path: Path, rows: list[tuple[Any, ...]], store: Store) -> None:
    first, second = list(rows[2]), list(rows[3])
    first[1:], second[1:] = second[1:], first[1:]
    found = verified(path, store, rows, [*rows[:2], tuple(first), tuple(second), *rows[4:]])
    assert (found.intact, found.broken_at) == (False, 3)


@pytest.mark.parametrize("columns", [("payload",), ("salt",), ("payload", "salt")])
def test_a_payload_that_is_gone_without_an_erasure(
    columns: tuple[str, ...], path: Path, rows: list[tuple[Any, ...]], store: Store
) -> None:
    altered = [None if name in columns else cell for name, cell in zip(COLUMNS, rows[4], strict=True)]
    found = verified(path, store, rows, [*rows[:4], tuple(altered), *rows[5:]])
    assert (found.intact, found.broken_at) == (False, 5)


def test_an_end_that_was_cut_off_is_told_by_the_head(path: Path, rows: list[tuple[Any, ...]], store: Store) -> None:
    whole, cut = verify_chain(store), verified(path, store, rows, rows[:-2])
    assert (whole.intact, cut.intact) == (True, True)
    assert whole.head == rows[-1][-1].hex() != cut.head == rows[-3][-1].hex()


def test_a_store_without_events_is_intact(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "new.db"), survey="staff") as store:
        assert verify_chain(store) == Chain(0, True, None, GENESIS.hex())


def test_erasing_one_leaves_others_verifiable_and_no_trace_in_the_files(tmp_path: Path) -> None:
    words = "Wang Xiaoming lives in Nanjing"
    with open_store(str(tmp_path / "answers.db"), survey="staff") as store:
        for i in range(60):
            cell = words if i % 20 == 7 else f"other {i}"
            response = "r-erased" if i % 20 == 7 else f"r{i}"
            store.append([Event("answered", response, {"values": {"a": cell * 30}}, "k" * (i + 1))], definition="d")
        assert any(words.encode() in file.read_bytes() for file in tmp_path.iterdir())
        assert store.erase("r-erased") == 3
        for file in tmp_path.iterdir():
            assert words.encode() not in file.read_bytes(), file.name
        found = verify_chain(store)
        assert (found.events, found.intact) == (61, True)
        assert sum(event.payload is None for event in store.events()) == 3
    for file in tmp_path.iterdir():
        assert words.encode() not in file.read_bytes(), file.name


def test_a_reader_may_hold_up_the_emptying_of_the_log_but_not_the_erasure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("satmeter.journal.database._SCRUBBING", 0.1)
    words = b"Wang Xiaoming"
    with open_store(str(tmp_path / "answers.db"), survey="staff") as store:
        store.append([Event("answered", "r1", {"values": {"a": words.decode()}})], definition="d")
        with store.connection() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM event").scalar() == 1
            assert store.erase("r1") == 1
        assert store.append([Event("answered", "r2", {"values": {"a": 1}})], definition="d").seq == 3
        assert verify_chain(store).intact
    assert all(words not in file.read_bytes() for file in tmp_path.iterdir())
