"""The monitor's password file."""

import stat

import pytest

from satmeter.collection.monitor_password import (
    hash_password,
    password_fits,
    read_password_file,
    write_password_file,
)
from satmeter.errors import CollectionError

PASSWORD = "correct horse 电池"


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_a_file_holds_a_hash_that_its_owner_alone_can_read(tmp_path):
    path = tmp_path / "monitor.password"
    path.write_text("old")
    path.chmod(0o644)
    write_password_file(path, PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text("utf-8")
    stored = read_password_file(path)
    assert stored.startswith("$argon2id$")
    assert password_fits(stored, PASSWORD)
    assert not password_fits(stored, PASSWORD + " ")
    assert not password_fits(stored, "")
    assert [p.name for p in tmp_path.iterdir()] == ["monitor.password"]


def test_the_same_password_has_another_hash_each_time():
    one, two = (hash_password(PASSWORD, time_cost=1, memory_cost=64) for _ in range(2))
    assert one != two


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaa", "x" * 1000 + "电" * 10])
def test_a_password_that_is_easy_or_endless_is_refused(password, tmp_path):
    with pytest.raises(CollectionError) as error:
        write_password_file(tmp_path / "p", password)
    assert codes(error) == ["C081"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "content",
    [None, b"", b"correct horse", b"\xff\xfe", b"$2b$12$abcdefghijklmnopqrstuv", b"$argon2id$v=19$m=65536,t=3,p=4$x"],
)
def test_a_file_with_anything_else_is_refused(content, tmp_path):
    path = tmp_path / "p"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CollectionError) as error:
        read_password_file(path)
    assert codes(error) == ["C080"]
    text = error.value.text("en") + error.value.text("zh-CN")
    assert "correct horse" not in text
    assert "没有默认密码" in text


def test_a_hash_that_would_take_all_memory_is_refused(tmp_path):
    path = tmp_path / "p"
    path.write_text(hash_password(PASSWORD, time_cost=1, memory_cost=64).replace("m=64", "m=4000000"))
    with pytest.raises(CollectionError) as error:
        read_password_file(path)
    assert codes(error) == ["C080"]


def test_what_is_no_text_is_no_password():
    stored = hash_password(PASSWORD, time_cost=1, memory_cost=64)
    assert not password_fits(stored, "\ud800" * 20)
    assert not password_fits(stored, "x" * 5000)
