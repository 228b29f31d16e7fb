"""The verbs `invite` and `remind`: files in, files out, coded errors, nothing by halves."""

import csv
import os
import stat

import pytest

from satmeter.cli.main import run
from satmeter.journal import open_store

SAMPLE = "id,region,email\nA,urban,a@example.cn\nB,rural,=b@example.cn\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATMETER_LANG", "en")
    (tmp_path / "sample.csv").write_text(SAMPLE, "utf-8")
    return tmp_path


def invite(
    *more,
    store=("--store", "sqlite:///answers.db"),
    output="links.csv",
    base="https://survey.example",
    q="power-utility",
):
    told = ["invite", "sample.csv", "-q", q, "--base-url", base, "-o", output]
    return run([*told, *store, *more])


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_sample_becomes_links_and_the_key_is_made(here, capsys):
    assert invite("--pii-key", "people.key") == 0
    said = capsys.readouterr()
    assert said.out == "links.csv\n"
    assert "2 links (2 new units, 0 replaced); 0 units were there already." in said.err
    assert "people.key was made just now" in said.err
    links = rows(here / "links.csv")
    assert [(row["id"], row["region"]) for row in links] == [("A", "urban"), ("B", "rural")]
    assert all(row["link"].startswith("https://survey.example/i/") for row in links)
    assert [stat.S_IMODE(os.stat(here / name).st_mode) for name in ("links.csv", "people.key")] == [0o600, 0o600]
    with open_store("sqlite:///answers.db", survey="power-utility", read_only=True) as store:
        assert store.survey == "power-utility"


def test_again_with_a_new_unit_and_a_replaced_link(here, capsys):
    invite("--pii-key", "people.key")
    (here / "sample.csv").write_text(SAMPLE + "C,town,\n", "utf-8")
    assert invite("--pii-key", "people.key", "--replace", "A", "--valid-until", "2999-01-01", output="more.csv") == 0
    assert "2 links (1 new units, 1 replaced); 2 units were there already." in capsys.readouterr().err
    assert [row["id"] for row in rows(here / "more.csv")] == ["C", "A"]


def test_a_sample_is_imported_while_a_server_has_the_store(here):
    with open_store("sqlite:///answers.db", survey="power-utility"):
        assert invite("--pii-key", "people.key") == 0


def test_every_mistake_of_the_command_is_told_at_once(here, capsys):
    (here / "sample.csv").write_text("id,shoe\n1,42\n1,43\n", "utf-8")
    assert invite("--valid-until", "2026-13-01", store=(), base="survey.example") == 1
    said = capsys.readouterr().err
    assert [code in said for code in ("C047", "C063", "C009", "C055", "C054")] == [True] * 5
    assert invite("--valid-until", "2020-01-01") == 1
    assert "C061" in capsys.readouterr().err
    assert not (here / "answers.db").exists()


def test_another_surveys_store_and_a_key_that_is_lost(here, capsys):
    invite("--pii-key", "people.key")
    assert invite("--strata", "region", output="x.csv", q="ecsi-mobile") == 1
    (here / "people.key").unlink()
    assert invite("--pii-key", "people.key", output="more.csv") == 1
    said = capsys.readouterr().err
    assert "K006" in said
    assert "K050" in said


def test_who_has_not_answered_is_listed(here, capsys):
    invite("--pii-key", "people.key")
    (here / "calls.csv").write_text("id,result,agent\nA,refused,a1\n", "utf-8")
    told = ["remind", "sqlite:///answers.db", "-o", "due.csv", "--pii-key", "people.key"]
    assert run([*told, "--record", "calls.csv", "--cases", "cases.csv"]) == 0
    said = capsys.readouterr().err
    assert "1 calls and visits recorded." in said
    assert "Dispositions: I 0, P 0, R 1, NC 0, O 0, UO 1, UH 0, NE 0." in said
    assert "1 units to remind." in said
    assert rows(here / "due.csv") == [
        {"id": "B", "region": "rural", "progress": "no_reply", "attempts": "0", "last_contact": "",
         "email": "'=b@example.cn"}
    ]  # fmt: skip
    assert [(row["id"], row["disposition"], row["result"]) for row in rows(here / "cases.csv")] == [
        ("A", "R", "refused"),
        ("B", "UO", "no_reply"),
    ]
    assert {stat.S_IMODE(os.stat(here / name).st_mode) for name in ("due.csv", "cases.csv")} == {0o600}


def test_the_list_on_standard_output_in_chinese(here, capsys, monkeypatch):
    invite("--pii-key", "people.key")
    monkeypatch.setenv("SATMETER_LANG", "zh-CN")
    capsys.readouterr()
    assert run(["remind", "sqlite:///answers.db", "-o", "-", "--no-reply", "NC"]) == 0
    said = capsys.readouterr()
    assert said.out.replace("\r", "") == (
        "id,region,progress,attempts,last_contact\nA,urban,no_reply,0,\nB,rural,no_reply,0,\n"
    )
    assert said.err == "待催访单元 2 个。\n"


def test_contact_data_are_purged_after_their_day(here, capsys):
    invite("--pii-key", "people.key")
    assert run(["remind", "sqlite:///answers.db", "--purge", "2999-01-01"]) == 0
    assert run(["remind", "sqlite:///answers.db", "--purge", "2020-01-01"]) == 0
    assert run(["remind", "sqlite:///answers.db", "--pii-key", "people.key", "-o", "due.csv"]) == 1
    assert run(["remind", "sqlite:///answers.db", "--purge", "yesterday"]) == 1
    said = capsys.readouterr().err
    assert "Contact data of 0 units deleted." in said
    assert "Contact data of 2 units deleted." in said
    assert "C072" in said
    assert "C047" in said


def test_the_people_of_an_anonymous_survey(here, capsys):
    assert invite("--pii-key", "people.key", store=("--people", "people.db")) == 0
    assert run(["remind", "people.db", "-o", "due.csv"]) == 0
    assert [(row["id"], row["progress"]) for row in rows(here / "due.csv")] == [("A", "not_begun"), ("B", "not_begun")]
    assert run(["remind", "people.db", "--cases", "cases.csv"]) == 1
    assert "C069" in capsys.readouterr().err
    assert not (here / "cases.csv").exists()


def test_where_no_sample_is(here, capsys):
    assert run(["remind", "nothing.db"]) == 1
    assert "C065" in capsys.readouterr().err
