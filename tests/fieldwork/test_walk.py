"""Fifty simulated respondents at a time walk the real form over HTTP; the store holds what they gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from satmeter.cli.main import run
from satmeter.cli.walk import simulated_of
from satmeter.collection.walk_check import Compared, compare
from satmeter.collection.walking import Walked, quantile, walk_all
from satmeter.errors import CollectionError
from satmeter.journal import open_store
from satmeter.journal.sealing import read_key
from satmeter.journal.view import view
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate

pytestmark = pytest.mark.fieldwork

Serve = Callable[..., Any]
EVERY_TYPE = str(Path(__file__).parents[1] / "form" / "every-type.yaml")


def walk(address: str, questionnaire: str, n: int, **options: Any) -> Walked:
    definition = read_questionnaire(questionnaire)
    simulation = simulate(definition, n, seed=1, careless=0.05, missing=0.04)
    return walk_all(address, simulated_of(definition, simulation), **options)


def compared(store: str, walked: Walked, key: Path | None = None) -> Compared:
    with open_store(store, read_only=True) as opened:
        return compare(opened, walked.walks, key=read_key(key) if key else None)


def test_ten_thousand_answers_of_fifty_at_a_time(form_server: Serve, store_url: str, tmp_path: Path) -> None:
    key = tmp_path / "a.key"
    server = form_server("power-utility", store_url, "--pii-key", str(key))
    server.start()
    walked = walk(server.address, "power-utility", 240, at_once=50)
    print(f"{walked.answers} answers in {walked.seconds:.1f} s, post p99 {quantile(walked.posts, 0.99):.3f} s")
    assert not walked.trouble
    assert walked.answers >= 10_000
    endings = Counter(found.ending for found in walked.walks)
    assert endings["complete"] + endings["broke_off"] == 240
    assert endings["broke_off"] >= 2
    habits: Counter[str] = Counter()
    for found in walked.walks:
        habits.update(found.habits)
    assert min(habits[name] for name in ("again", "back", "changed", "corrected", "told", "twice")) >= 5
    found = compared(store_url, walked, key)
    assert (found.lost, found.differing, found.sealed, found.intact) == ((), (), 0, True)
    assert found.responses == 240
    assert found.answers == sum(len(one.given) for one in walked.walks) > 9_800
    server.stop()
    with open_store(store_url, read_only=True) as store:
        rows = view(store, pii=read_key(key)).rows
    assert len(rows) == 240
    assert "Ended in good order: 240 responses" in server.log()


def test_every_kind_of_question_is_walked(form_server: Serve, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/answers.db"
    key = tmp_path / "a.key"
    server = form_server(EVERY_TYPE, store, "--pii-key", str(key))
    server.start()
    walked = walk(server.address, EVERY_TYPE, 40, at_once=10)
    assert not walked.trouble
    assert compared(store, walked, key).same
    kinds = {name for one in walked.walks for name in one.given}
    assert {"consent", "visit", "bought", "years", "sv1", "ly1"} <= kinds


def test_what_is_not_there_or_is_another_is_found(form_server: Serve, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/answers.db"
    server = form_server("ecsi-mobile", store)
    server.start()
    walked = walk(server.address, "ecsi-mobile", 6, at_once=3)
    assert compared(store, walked).same
    first, second, third = walked.walks[:3]
    name = next(iter(first.given))
    first.given[name] = "-1"
    second.given["nowhere"] = "7"
    third.key = "x" * 22
    found = compared(store, walked)
    assert set(found.differing) == {(0, name), (1, "nowhere")}
    assert found.lost == ((2, "response"),)


def test_the_verb_tells_what_happened(
    form_server: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:///{tmp_path}/answers.db"
    server = form_server("ecsi-mobile", store)
    server.start()
    words = ["simulate", "ecsi-mobile", "-n", "4", "--walk", server.address, "--respondents", "4"]
    for language, first, fifth in (
        ("en", "4 respondents: ", "0 errors"),
        ("zh-CN", "4 \u540d\u53d7\u8bbf\u8005", "0 \u4e2a\u9519\u8bef"),
    ):
        monkeypatch.setenv("SATMETER_LANG", language)
        assert run([*words, "--verify", store]) == 0
        told = capsys.readouterr().out.splitlines()
        assert len(told) == 6
        assert told[0].startswith(first)
        assert told[4] == fifth
        assert "answers.db" in told[5]
    other = f"sqlite:///{tmp_path}/other.db"
    open_store(other, survey="ecsi-mobile").close()
    assert run([*words, "--verify", other]) == 1
    assert capsys.readouterr().err.startswith("C135: ")
    words[1] = "power-utility"
    assert run(words) == 1
    told_wrong = capsys.readouterr().err
    assert told_wrong.startswith("C134: ")
    assert "unknown question 4" in told_wrong
    assert not (tmp_path / "answers.csv").exists()


def test_a_survey_that_is_closed_is_told(form_server: Serve, tmp_path: Path) -> None:
    (tmp_path / "fieldwork.yaml").write_text("satmeter: 1\ncloses: 2020-01-01\n", "utf-8")
    server = form_server("ecsi-mobile", f"sqlite:///{tmp_path}/a.db", "--fieldwork", "fieldwork.yaml")
    server.start()
    with pytest.raises(CollectionError) as refused:
        walk(server.address, "ecsi-mobile", 2)
    assert [problem.code for problem in refused.value.problems] == ["C133"]
    assert refused.value.problems[0].params["status"] == 403
