"""The verbs `status` and `erase`: what a store holds, and one respondent less."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from satmeter.builtin import builtin
from satmeter.cli.main import run
from satmeter.journal import Event, open_store
from satmeter.questionnaire.read import parse_questionnaire

TEXT = (builtin("questionnaires") / "power-utility.yaml").read_text("utf-8")
POWER = parse_questionnaire(TEXT)
LATER = TEXT.replace("Staff conduct themselves properly", "Staff are polite")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a store: two submitted, one that stopped on page 3, one that only opened, one withdrawn."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATMETER_LANG", "en")
    later = parse_questionnaire(LATER)
    with open_store("answers.db", survey=POWER.id) as store:
        store.define(TEXT, POWER.digest, POWER.version, "first")
        store.define(LATER, later.digest, later.version, "wording")
        for name, language, mode, passed, submitted, digest in (
            ("a", "zh-CN", "web", 7, True, POWER.digest),
            ("b", "en", "kiosk", 7, True, later.digest),
            ("c", "zh-CN", "web", 2, False, POWER.digest),
            ("d", "zh-CN", "web", 0, False, POWER.digest),
            ("e", "zh-CN", "web", 1, False, POWER.digest),
        ):
            events = [Event("opened", name, {"language": language, "mode": mode, "order": []})]
            for page in range(1, passed + 1):
                events.append(Event("answered", name, {"page": page, "values": {"pv1": 4}, "seconds": 0}))
                events.append(Event("page", name, {"page": page}))
            events += [Event("submitted", name, {"language": language, "seconds": 0})] if submitted else []
            store.append(events, definition=digest)
        store.append([Event("withdrawn", "e", {"reason": "asked"})], definition=POWER.digest)
    return tmp_path


def status(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert run(["status", "answers.db", "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_whole_state_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = status(capsys)
    keys = ("survey", "opened", "submitted", "unfinished", "withdrawn", "screened_out", "erased")
    numbers = {key: found[key] for key in keys}
    assert numbers == {
        "survey": "power-utility",
        "opened": 5,
        "submitted": 2,
        "unfinished": 2,
        "withdrawn": 1,
        "screened_out": 0,
        "erased": 0,
    }
    assert found["languages"] == [
        {"label": "en", "opened": 1, "submitted": 1},
        {"label": "zh-CN", "opened": 3, "submitted": 1},
    ]
    assert [row["label"] for row in found["modes"]] == ["kiosk", "web"]  # type: ignore[attr-defined]
    (day,) = found["days"]  # type: ignore[misc]
    assert (day["opened"], day["submitted"]) == (4, 2)
    pages = [(row["page"], row["reached"], row["stopped"]) for row in found["pages"]]  # type: ignore[attr-defined]
    assert pages == [(1, 4, 1), (2, 3, 0), (3, 3, 1), (4, 2, 0), (5, 2, 0), (6, 2, 0), (7, 2, 0)]
    assert found["median_seconds"] == 0
    definitions = [(row["change"], row["opened"], row["submitted"]) for row in found["definitions"]]  # type: ignore[attr-defined]
    assert definitions == [("first", 3, 1), ("wording", 1, 1)]
    assert found["chain"]["intact"] is True  # type: ignore[index]
    assert len(found["chain"]["head"]) == 64  # type: ignore[index]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["not submitted", "stopped there", "wording", "is intact. Head: "]),
        ("zh-CN", ["未提交", "停在此页", "措辞", "链完整。链尾："]),
    ],
)
def test_the_state_for_people(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, words: list[str]
) -> None:
    monkeypatch.setenv("SATMETER_LANG", language)
    assert run(["status", "sqlite:///answers.db"]) == 0
    said = capsys.readouterr().out
    for word in words:
        assert word in said
    assert "pv1" not in said


def test_an_altered_store_is_told_with_its_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(here / "answers.db") as database:
        (name,) = database.execute("select name from sqlite_master where sql like '%payload%'").fetchone()
        database.execute(f"update {name} set payload = replace(payload, '4', '5') where seq = 4")
    database.close()
    assert run(["status", "answers.db"]) == 1
    assert "BROKEN at event 4" in capsys.readouterr().out


def test_a_store_without_answers_has_a_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_store("empty.db", survey="shop"):
        pass
    assert run(["status", "empty.db", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["opened"], found["median_seconds"], found["pages"], found["chain"]["events"]) == (0, None, [], 0)
    assert run(["status", "empty.db"]) == 0


def test_no_store_no_state(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "nowhere.db"]) == 1
    assert "K004" in capsys.readouterr().err


def test_one_respondent_is_erased_and_the_chain_verifies(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = status(capsys)
    assert run(["erase", "answers.db", "a", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "16 events of a are empty now" in said
    assert "holds 4 other responses" in said
    assert "is intact" in said
    after = status(capsys)
    assert (after["opened"], after["submitted"], after["erased"]) == (before["opened"], 1, 1)
    assert run(["erase", "answers.db", "a", "--yes"]) == 1
    assert "K058" in capsys.readouterr().err


def test_all_respondents_are_erased_and_the_chain_verifies(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = status(capsys)
    assert run(["erase", "answers.db", "--all", "--yes"]) == 0
    said = capsys.readouterr().out
    assert f"of {before['opened']} responses are empty now" in said
    assert "holds 0 other responses" in said
    assert "is intact" in said
    after = status(capsys)
    assert (after["submitted"], after["unfinished"]) == (0, 0)
    with sqlite3.connect("answers.db") as database:
        texts = database.execute("SELECT payload FROM event WHERE kind <> 'erased' AND payload IS NOT NULL").fetchall()
    assert texts == []
    database.close()


@pytest.mark.parametrize("arguments", [["answers.db"], ["answers.db", "a", "--all"]])
def test_one_or_all_is_said(here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(["erase", *arguments, "--yes"]) == 2
    assert "U008" in capsys.readouterr().err


def test_nothing_is_erased_without_a_yes(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    before = status(capsys)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run(["erase", "answers.db", "a"]) == 1
    assert "nothing was erased" in capsys.readouterr().err
    assert status(capsys) == before
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert run(["erase", "answers.db", "a"]) == 0
    assert status(capsys)["erased"] == 1
