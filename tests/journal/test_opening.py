"""What cannot be opened is told with a code, and left as it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import satmeter.journal
from satmeter.errors import JournalError
from satmeter.journal import Event, open_store, verify_chain
from satmeter.journal.address import read_address

NOBODY = 65534


def refused(url: str | Path, **options: object) -> str:
    with pytest.raises(JournalError) as caught:
        open_store(str(url), **{"survey": "staff", **options})  # type: ignore[arg-type]
    [problem] = caught.value.problems
    for language in ("en", "zh-CN"):
        assert problem.text(language).startswith(f"{problem.code}: ")
        assert "secret" not in problem.text(language)
    return problem.code


def fill(path: Path) -> None:
    with open_store(str(path), survey="staff") as store:
        store.append([Event("opened", "r1", {"order": ["a"]})], definition="d1")


@pytest.fixture
def outsider() -> Iterator[Path]:
    """Return a folder of a user for whom file rights count, which they do not for root."""
    folder = Path("/tmp") / f"satmeter-{os.getpid()}"
    folder.mkdir(mode=0o755)
    root = os.geteuid() == 0
    try:
        if root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("answers.db", "answers.db"),
        ("sqlite:///answers.db", "answers.db"),
        ("sqlite:////var/answers.db", "/var/answers.db"),
        ("sqlite+pysqlite:///answers.db", "answers.db"),
        ("postgresql://me:secret@db/staff", "postgresql+psycopg://me:***@db/staff"),
        ("postgres://me@db/staff", "postgresql+psycopg://me@db/staff"),
        ("postgresql+psycopg://db:5433/staff", "postgresql+psycopg://db:5433/staff"),
    ],
)
def test_addresses(url: str, shown: str) -> None:
    address = read_address(url)
    assert address.shown == shown
    assert address.path == ("" if shown.startswith("postgresql") else os.path.abspath(shown))
    assert (address.url.password or "") == ("secret" if "secret" in url else "")


@pytest.mark.parametrize(
    "url",
    ["", "  ", "mysql://me:secret@db/staff", "postgresql+asyncpg://db/x", "sqlite://", "sqlite:///:memory:", ":memory:",
     "file:x.db", "postgresql://me:secret@db:port/x"],
)  # fmt: skip
def test_no_address(url: str) -> None:
    assert refused(url) == "K002"


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(JournalError) as caught:
        open_store("postgresql://127.0.0.1:1/x", survey="staff")
    assert caught.value.problems[0].code == "K001"
    assert "pip install 'satmeter[web]'" in caught.value.text("zh-CN")
    for missing, told in (("sqlalchemy.exc", JournalError), ("satmeter.nothing", ModuleNotFoundError)):

        def absent(_: str, missing: str = missing) -> None:
            raise ModuleNotFoundError(name=missing)

        monkeypatch.setattr(satmeter.journal, "import_module", absent)
        for name in satmeter.journal._PLACES:
            monkeypatch.delitem(satmeter.journal.__dict__, name, raising=False)
            with pytest.raises(told) as failed:
                getattr(satmeter.journal, name)
            assert isinstance(failed.value, ModuleNotFoundError) or failed.value.problems[0].code == "K001"
    with pytest.raises(AttributeError, match="no attribute"):
        _ = satmeter.journal.there_is_no_such_thing


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(JournalError) as caught:
        open_store("postgresql://me:secret@127.0.0.1:1/x", survey="staff")
    assert caught.value.problems[0].code == "K003"
    assert "refused" in caught.value.text("en")
    assert "secret" not in caught.value.text("en")


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert refused(tmp_path / "there" / "answers.db") == "K010"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path) == "K003"


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(b"respondent,q1\r\n1,4\r\n")
    assert refused(path) == "K005"
    assert path.read_bytes() == b"respondent,q1\r\n1,4\r\n"
    assert [file.name for file in tmp_path.iterdir()] == ["answers.csv"]


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE book (title)")
    connection.close()
    before = path.read_bytes()
    assert refused(path) == "K005"
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["library.db"]


def test_a_file_cut_off_after_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 40)
    assert refused(path) == "K005"


def test_a_store_without_its_row(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    fill(path)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM satmeter_store")
    connection.close()
    assert refused(path) == "K005"


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "answers.db"
    path.touch()
    assert refused(path, create=False) == "K004"
    fill(path)
    with open_store(f"sqlite:///{path}", survey="staff", create=False) as store:
        assert verify_chain(store).events == 1


def test_a_folder_that_cannot_be_written_to(outsider: Path) -> None:
    fill(outsider / "answers.db")
    outsider.chmod(0o555)
    assert refused(outsider / "answers.db") == "K008"
    assert refused(outsider / "new.db") == "K008"
    with open_store(str(outsider / "answers.db"), survey="staff", read_only=True) as store:
        assert [event.payload for event in store.events()] == [{"order": ["a"]}]
    outsider.chmod(0o755)


def test_a_file_that_cannot_be_written_to(outsider: Path) -> None:
    fill(outsider / "answers.db")
    (outsider / "answers.db").chmod(0o444)
    assert refused(outsider / "answers.db") == "K008"
    with open_store(str(outsider / "answers.db"), survey="staff", read_only=True) as store:
        assert verify_chain(store).intact


def test_a_file_that_cannot_be_read(outsider: Path) -> None:
    fill(outsider / "answers.db")
    (outsider / "answers.db").chmod(0o000)
    assert refused(outsider / "answers.db", read_only=True) == "K003"


def test_a_lock_that_cannot_be_made(outsider: Path) -> None:
    fill(outsider / "answers.db")
    (outsider / "answers.db-lock").chmod(0o444)
    assert refused(outsider / "answers.db") == "K008"


def test_something_else_in_the_place_of_the_lock(tmp_path: Path) -> None:
    (tmp_path / "answers.db-lock").mkdir()
    assert refused(tmp_path / "answers.db") == "K008"
    assert not (tmp_path / "answers.db").exists()


def test_only_the_owner_reads_a_new_store_whatever_the_habit_of_the_shell(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with open_store(str(tmp_path / "answers.db"), survey="staff") as store:
            store.append([Event("opened", "r1", {"order": ["a"]})], definition="d1")
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"answers.db", "answers.db-wal", "answers.db-shm", "answers.db-lock"} <= set(modes)
    assert set(modes.values()) == {0o600}
    (tmp_path / "answers.db").chmod(0o640)
    fill(tmp_path / "answers.db")
    assert stat.S_IMODE((tmp_path / "answers.db").stat().st_mode) == 0o640


def test_only_what_is_open_is_named_in_the_folder_after_close(tmp_path: Path) -> None:
    fill(tmp_path / "answers.db")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["answers.db", "answers.db-lock"]
