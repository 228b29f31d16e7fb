"""The file of agents: written with hashes only, read strictly, all that is wrong told at once."""

import stat

import pytest

from satmeter.collection import agents_file
from satmeter.collection.agents_file import has_role, read_agents, write_agent
from satmeter.collection.monitor_password import hash_password, password_fits
from satmeter.errors import CollectionError

HASH = hash_password("correct horse", time_cost=1, memory_cost=64)
GREEDY = HASH.replace("m=64", "m=2097152")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(agents_file, "hash_password", lambda text: hash_password(text, time_cost=1, memory_cost=64))


def codes(error):
    return [(problem.code, problem.line) for problem in error.value.problems]


def test_agents_are_written_replaced_and_read(tmp_path):
    path = tmp_path / "agents.txt"
    write_agent(path, "a01", ("interviewer",), "correct horse")
    write_agent(path, "k01", ("entry", "lead", "entry"), "battery staple")
    write_agent(path, "a01", ("interviewer", "entry"), "another horse")
    found = read_agents(path)
    assert [(agent.id, agent.roles) for agent in found] == [
        ("k01", ("entry", "lead")),
        ("a01", ("interviewer", "entry")),
    ]
    assert password_fits(found[1].password_hash, "another horse")
    assert not password_fits(found[1].password_hash, "correct horse")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "horse" not in path.read_text()
    assert [entry.name for entry in tmp_path.iterdir()] == ["agents.txt"]
    assert (has_role(found, "interviewer"), has_role(found[:1], "interviewer")) == (True, False)


@pytest.mark.parametrize(
    "line",
    [
        "a01",
        "a01:interviewer",
        "a01:interviewer:secret",
        f"a01:boss:{HASH}",
        f"a01::{HASH}",
        f"-a:entry:{HASH}",
        f"a b:entry:{HASH}",
        f"a01:entry:{GREEDY}",
        f"a01:entry:{HASH.replace('argon2id', 'argon2i')}",
    ],
    ids=[
        "id",
        "role",
        "plain",
        "unknown-role",
        "no-role",
        "dash",
        "space",
        "greedy",
        "argon2i",
    ],  # a hash has another salt in every process
)
def test_lines_of_another_form_are_refused(tmp_path, line):
    path = tmp_path / "agents.txt"
    path.write_text(f"# calls\n\n{line}\nb01:entry:{HASH}\n", "utf-8")
    with pytest.raises(CollectionError) as error:
        read_agents(path)
    assert codes(error) == [("C100", 3)]
    assert "人员文件" in error.value.text("zh-CN")


def test_all_that_is_wrong_is_told_at_once_without_a_hash(tmp_path):
    path = tmp_path / "agents.txt"
    path.write_text(f"a01:entry:{HASH}\nx\na01:lead:{HASH}\n", "utf-8")
    with pytest.raises(CollectionError) as error:
        read_agents(path)
    assert codes(error) == [("C100", 2), ("C101", 3)]
    assert "argon2" not in error.value.text("en").replace("argon2id hash", "")
    assert "重复" in error.value.text("zh-CN")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"# nobody\n"])
def test_a_file_without_agents_is_none(tmp_path, content):
    path = tmp_path / "agents.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CollectionError) as error:
        read_agents(path)
    assert codes(error) == [("C100", 1)]


@pytest.mark.parametrize(("agent", "roles"), [("", ("entry",)), ("a:b", ("entry",)), ("a01", ()), ("a01", ("chief",))])
def test_agents_that_cannot_be_are_not_written(tmp_path, agent, roles):
    with pytest.raises(CollectionError) as error:
        write_agent(tmp_path / "agents.txt", agent, roles, "correct horse")
    assert [problem.code for problem in error.value.problems] == ["C102"]
    assert "interviewer" in error.value.text("en")
    assert list(tmp_path.iterdir()) == []
