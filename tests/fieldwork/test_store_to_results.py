"""The same answers by either road: a store that a study reads, and the file that was exported from it."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from satmeter.builtin import builtin
from satmeter.cli.main import run
from satmeter.journal import Event, Job, open_store
from satmeter.journal.sealing import make_key, seal_values
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire
from satmeter.responses import read_responses, simulate

pytestmark = pytest.mark.fieldwork

STUDY = "satmeter: 1\nquestionnaire: power-utility\nresponses: {}\ngroups: [region]\nuncertainty: {{replicates: 100}}\n"


def _cell(questionnaire: Questionnaire, name: str, text: str) -> object:
    question = questionnaire.questions.get(name)
    if question is not None and question.type == "multiple":
        return text.split(";")
    plain = question is None or question.type == "number"
    return int(text) if plain and text not in {c.code for c in questionnaire.missing_of(name)} else text


def _field(url: str, key_file: Path, n: int) -> int:
    """Put simulated answers into a store, page by page; return how many were submitted."""
    text = (builtin("questionnaires") / "power-utility.yaml").read_text("utf-8")
    power = parse_questionnaire(text)
    key = make_key(key_file)
    answers = simulate(power, n, seed=11, missing=0.15).frame
    with open_store(url, survey=power.id) as store:
        store.define(text, power.digest, power.version, "first")
        waiting = []
        for row in answers.to_dict("records"):
            name = f"r{secrets.token_hex(12)}"
            events = [Event("opened", name, {"language": row["language"], "mode": "web", "order": list(power.items)})]
            for number, page in enumerate(power.pages, start=1):
                values = {m: _cell(power, m, row[m]) for m in page.members if row[m] != ""}
                sealed = seal_values(power, values, key, response=name)
                if values:
                    payload = {"page": number, "values": sealed, "language": row["language"], "passed": True}
                    events.append(Event("answered", name, payload))
            if row["submitted"]:
                events.append(Event("submitted", name, {"language": row["language"], "seconds": 0}))
            waiting.append(store.submit(Job(tuple(events), power.digest)))
        for future in waiting:
            future.result()
    return int((answers["submitted"] != "").sum())


def _results(folder: Path, source: str) -> dict[str, Any]:
    (folder / "study.yaml").write_text(STUDY.format(source), "utf-8")
    assert run(["run", str(folder / "study.yaml"), "-o", str(folder / "out"), "--no-figures"]) == 0
    found: dict[str, Any] = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    return found


def _address(database: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder / 'answers.db'}"
    url: str = request.getfixturevalue("postgresql").new_schema()
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_store_gives_the_figures_of_its_export(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], database: str
) -> None:
    url = _address(database, tmp_path, request)
    submitted = _field(url, tmp_path / "survey.key", 150)
    by_store = _results(tmp_path, url)
    ending = "csv" if database == "sqlite" else "sav"
    assert run(["export", url, "-o", str(tmp_path / f"answers.{ending}")]) == 0
    by_file = _results(tmp_path, f"answers.{ending}")
    for section in ("disposition", "quality", "items", "reliability", "scores", "drivers", "regression", "priorities"):
        assert by_store[section] == by_file[section], section
    assert by_store["disposition"]["rows"][0] == {"step": "read", "n": 150}
    codes = {note["code"] for note in by_store["study"]["notes"]}
    assert "R122" in codes
    assert "R110" not in codes
    said = json.dumps(by_store, ensure_ascii=False)
    assert "127.0.0.1" not in said
    assert str(tmp_path) not in said
    capsys.readouterr()
    assert run(["status", url, "--json"]) == 0
    state = json.loads(capsys.readouterr().out)
    assert (state["opened"], state["submitted"], state["chain"]["intact"]) == (150, submitted, True)


def test_a_study_reads_while_a_server_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'answers.db'}"
    _field(url, tmp_path / "survey.key", 60)
    power = read_questionnaire("power-utility")
    with open_store(url, survey="power-utility") as store:
        before = read_responses(url, power)
        definition = store.definitions()[0].digest
        store.append([Event("opened", "late", {"language": "en", "mode": "web", "order": []})], definition=definition)
        after = read_responses(url, power)
        assert run(["erase", url, "late", "--yes"]) == 1
        assert "K009" in capsys.readouterr().err
    assert (before.n_read, after.n_read) == (60, 61)
    assert before.digest != after.digest
    assert run(["erase", url, "late", "--yes"]) == 0
    assert read_responses(url, power).digest == before.digest
