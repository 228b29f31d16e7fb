"""`satmeter password`."""

import io
import stat

import pytest

from satmeter.cli import password
from satmeter.cli.main import run
from satmeter.collection.agents_file import read_agents
from satmeter.collection.monitor_password import password_fits, read_password_file

GOOD = "correct horse 电池"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_one_line_of_standard_input(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\nmore\n"))
    path = tmp_path / "monitor.password"
    assert run(["password", "-o", str(path)]) == 0
    assert password_fits(read_password_file(path), GOOD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = capsys.readouterr()
    assert GOOD not in told.out + told.err
    assert "--monitor-password-file" in told.err


@pytest.mark.parametrize(("second", "code"), [(GOOD, 0), (GOOD + "!", 1)])
def test_asked_twice_in_a_terminal(tmp_path, monkeypatch, capsys, second, code):
    answers = [GOOD, second]
    hidden = []

    def prompt(text, *, hide_input, err):
        hidden.append(hide_input and err)
        return answers.pop(0)

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(password.click, "prompt", prompt)
    path = tmp_path / "p"
    assert run(["password", "-o", str(path)]) == code
    assert hidden == [True, True]
    assert path.exists() == (code == 0)
    assert ("C082" in capsys.readouterr().err) == (code == 1)


@pytest.mark.parametrize(("given", "code"), [("", "C083"), ("\n", "C083"), ("short\n", "C081")])
def test_what_is_no_password(tmp_path, monkeypatch, capsys, given, code):
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    assert run(["password", "-o", str(tmp_path / "p")]) == 1
    assert code in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_server_does_not_start_with_a_file_that_holds_no_password(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").write_text("correct horse")
    arguments = ["serve", "ecsi-mobile", "--store", "sqlite:///a.db", "--monitor-password-file", "p"]
    assert run(arguments) == 1
    assert "C080" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


def test_an_agent_is_written_into_a_file_of_agents(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(GOOD + "\n"))
    path = tmp_path / "agents.txt"
    assert run(["password", "-o", str(path), "--agent", "a01", "--role", "interviewer", "--role", "entry"]) == 0
    found = read_agents(path)
    assert [(agent.id, agent.roles) for agent in found] == [("a01", ("interviewer", "entry"))]
    assert password_fits(found[0].password_hash, GOOD)
    assert "--agents" in capsys.readouterr().err


def test_an_agent_without_a_role_is_refused_before_a_password_is_asked_for(tmp_path, capsys):
    assert run(["password", "-o", str(tmp_path / "agents.txt"), "--agent", "a01"]) == 1
    assert "C102" in capsys.readouterr().err
