"""The verb `export`: a store or a file in, CSV, workbook, SPSS or Stata out."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pandas as pd
import pytest

from satmeter.builtin import builtin
from satmeter.cli.main import run
from satmeter.journal import Event, open_store
from satmeter.journal.sealing import make_key, seal_values
from satmeter.questionnaire.read import parse_questionnaire
from satmeter.responses import read_responses

SECRET = "我的电话 13800000000"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of three responses and its key."""
    folder = tmp_path_factory.mktemp("store")
    text = (builtin("questionnaires") / "power-utility.yaml").read_text("utf-8")
    power = parse_questionnaire(text)
    key = make_key(folder / "survey.key")
    items = {name: 4 for name in power.items}
    with open_store(str(folder / "answers.db"), survey=power.id) as store:
        store.define(text, power.digest, power.version, "first")
        for name, values, submitted in (
            ("a", {**items, "region": "city", "channel": "online", "matters": ["bill", "fault"], "why": SECRET}, True),
            ("b", {**items, "pv1": "98", "years": 12, "why": "=1+1"}, True),
            ("c", {"region": "town", "pv1": 2}, False),
        ):
            sealed = seal_values(power, values, key, response=name)
            events = [
                Event("opened", name, {"language": "zh-CN", "mode": "web", "order": ["pv2", "pv1"]}),
                Event("answered", name, {"page": 1, "values": sealed, "seconds": 0, "language": "zh-CN"}),
                *([Event("submitted", name, {"language": "zh-CN", "seconds": 0})] if submitted else []),
            ]
            store.append(events, definition=power.digest)
    return folder


@pytest.fixture
def here(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATMETER_LANG", "en")
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".sav", ".dta"])
def test_a_written_store_is_read_back_as_the_store(
    kept: Path, here: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    url = f"sqlite:///{kept / 'answers.db'}"
    assert run(["export", url, "-q", "power-utility", "-o", f"a{ending}"]) == 0
    said = capsys.readouterr()
    assert said.out == f"a{ending}\n"
    assert "R122: answers to why are sealed in the store and are left out" in said.err
    assert "3 responses, 55 columns" in said.err
    power = parse_questionnaire((builtin("questionnaires") / "power-utility.yaml").read_text("utf-8"))
    stored, written = read_responses(url, power), read_responses(here / f"a{ending}", power)
    pd.testing.assert_frame_equal(stored.frame, written.frame)
    pd.testing.assert_frame_equal(stored.missing, written.missing)
    pd.testing.assert_frame_equal(stored.other, written.other)
    assert stored.missing.loc["c", "pe1"] == "break_off"


def test_the_layout_is_that_of_the_form(kept: Path, here: Path) -> None:
    assert run(["export", str(kept / "answers.db"), "-o", "a.csv"]) == 0
    data = (here / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrespondent,started,submitted,seconds,language,digest,order,mode,page_reached,")
    assert b"\r\n" in data
    first, second, third = rows_of(here / "a.csv")
    assert (first["matters"], first["order"], first["mode"]) == ("bill┋fault", "pv2 pv1", "web")
    assert (second["pv1"], second["years"]) == ("98", "12")
    assert third["submitted"] == ""


def test_personal_answers_only_on_request_and_with_the_key(
    kept: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, key = str(kept / "answers.db"), str(kept / "survey.key")
    assert run(["export", store, "-o", "a.csv"]) == 0
    assert "why" not in rows_of(here / "a.csv")[0]
    assert SECRET.encode() not in (here / "a.csv").read_bytes()
    capsys.readouterr()
    assert run(["export", store, "-o", "b.csv", "--with-pii", "--pii-key", key]) == 0
    assert stat.S_IMODE(Path("b.csv").stat().st_mode) == 0o600
    assert [row["why"] for row in rows_of(here / "b.csv")] == [SECRET, "'=1+1", ""]
    assert "R122" not in capsys.readouterr().err
    for options in (["--with-pii"], ["--pii-key", key]):
        assert run(["export", store, "-o", "c.csv", *options]) == 1
        assert "R035" in capsys.readouterr().err
    assert not (here / "c.csv").exists()


def test_a_key_that_others_can_read_is_told(kept: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loose = here / "loose.key"
    loose.write_bytes((kept / "survey.key").read_bytes())
    loose.chmod(0o644)
    assert run(["export", str(kept / "answers.db"), "-o", "a.csv", "--with-pii", "--pii-key", str(loose)]) == 0
    assert "K054 (warning)" in capsys.readouterr().err
    make_key(here / "other.key")
    told = ["export", str(kept / "answers.db"), "-o", "b.csv", "--with-pii", "--pii-key", "other.key"]
    assert run(told) == 1
    said = capsys.readouterr().err
    assert "K052" in said
    assert "13800000000" not in said


def test_a_file_of_answers_in_place_of_a_store(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "power-utility", "-n", "20", "-o", "sim.csv"]) == 0
    capsys.readouterr()
    assert run(["export", "sim.csv", "-q", "power-utility", "-o", "a.sav", "--language", "zh-CN"]) == 0
    assert "R123: why may identify a person" in capsys.readouterr().err
    assert run(["export", "sim.csv", "-q", "power-utility", "-o", "b.csv", "--with-pii"]) == 0
    assert "why" in rows_of(here / "b.csv")[0]


def test_the_answers_themselves_are_never_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "power-utility", "-n", "5", "-o", "answers.csv"]) == 0
    before = (here / "answers.csv").read_bytes()
    assert run(["export", "answers.csv", "-q", "power-utility"]) == 1
    assert "R037" in capsys.readouterr().err
    assert (here / "answers.csv").read_bytes() == before


def test_what_cannot_be_written_is_told_at_once(kept: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(kept / "answers.db"), "-o", "a.pdf", "--language", "fr"]) == 1
    said = capsys.readouterr().err
    assert "R034" in said
    assert "R036" in said
    assert run(["export", "sim.csv", "-o", "a.csv"]) == 2
    assert "U003" in capsys.readouterr().err
    assert run(["export", "nothing.db", "-o", "a.csv"]) == 1
    assert "K004" in capsys.readouterr().err
    with open_store(str(here / "empty.db"), survey="power-utility"):
        pass
    assert run(["export", "empty.db", "-o", "a.csv"]) == 1
    assert "R030" in capsys.readouterr().err
    assert list(here.glob("a.*")) == []


def test_a_study_on_a_store_is_checked(kept: Path, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = here / "study.yaml"
    head = "satmeter: 1\nquestionnaire: power-utility\nresponses: "
    study.write_text(f"{head}sqlite:///{kept / 'answers.db'}\n", "utf-8")
    assert run(["check", "study.yaml"]) == 0
    study.write_text(f"{head}sqlite:///answer.db\n", "utf-8")
    assert run(["check", "study.yaml"]) == 1
    assert "S002" in capsys.readouterr().out
    with open_store("other.db", survey="shop"):
        pass
    (here / "no.db").write_bytes(b"no database at all")
    study.write_text(f"{head}[sqlite:///other.db, no.db]\n", "utf-8")
    assert run(["check", "study.yaml"]) == 1
    said = capsys.readouterr().out
    assert "K006" in said
    assert "K005" in said
