"""Paper on the command line: the printed sheet, the differences of two keyings, what is still open."""

import csv
import io
import json

import pytest

from satmeter.builtin import builtin
from satmeter.cli.main import run
from satmeter.collection.entry_store import Entries
from satmeter.collection.keying import typed
from satmeter.collection.settings import Settings
from satmeter.collection.versions import open_edition
from satmeter.journal import open_store
from satmeter.journal.sealing import make_key
from satmeter.questionnaire.read import parse_questionnaire

TEXT = (builtin("questionnaires") / "power-utility.yaml").read_text("utf-8")
POWER = parse_questionnaire(TEXT)
ITEM = next(iter(POWER.items))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A store with one settled sheet, one with a difference, one keyed once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATMETER_LANG", "en")
    with open_store("sqlite:///answers.db", survey=POWER.id) as store:
        open_edition(store, POWER, TEXT)
        entries = Entries(Settings(questionnaire=POWER, store=store, sealing_key=make_key(tmp_path / "pii.key")))
        for number, agent, value in (
            ("1", "a", "4"),
            ("1", "b", "4"),
            ("2", "a", "4"),
            ("2", "b", "5"),
            ("3", "a", "4"),
        ):
            entries.key(number, "en", agent, typed(POWER, {f"v.{ITEM}": [value], "v.ctype": ["1"]}))
    return tmp_path


def test_differences_and_error_rates_are_told(here, capsys):
    assert run(["entry", "sqlite:///answers.db", "-o", "differences.csv", "--pii-key", "pii.key"]) == 0
    told = capsys.readouterr().err
    assert "3 sheets: 1 settled, 1 with differences, 1 keyed once" in told
    assert "a: 0 errors in n = 2 answers on 1 sheets, 0.00% (95% interval 0.00% to 65.76%)" in told
    rows = list(csv.reader(io.StringIO((here / "differences.csv").read_text("utf-8-sig"))))
    assert rows[1:] == [["2", "", ITEM, "4", "a", "5", "b", "", ""]]


def test_a_store_without_sheets_is_told(here, capsys):
    with open_store("sqlite:///other.db", survey=POWER.id) as store:
        open_edition(store, POWER, TEXT)
    assert run(["entry", "sqlite:///other.db"]) == 1
    assert "C108" in capsys.readouterr().err


def test_open_sheets_stand_in_the_status(here, capsys):
    assert run(["status", "sqlite:///answers.db"]) == 0
    told = capsys.readouterr().out
    assert "Sheets of paper not settled" in told
    assert "paper" in told
    assert run(["status", "sqlite:///answers.db", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["open_sheets"], found["submitted"], found["median_seconds"]) == (2, 1, None)


def test_the_mode_is_a_column_of_the_export(here, capsys):
    assert run(["export", "sqlite:///answers.db", "-o", "answers.csv"]) == 0
    rows = list(csv.DictReader(io.StringIO((here / "answers.csv").read_text("utf-8-sig"))))
    assert [(row["mode"], row["seconds"], row[ITEM], row["ctype"]) for row in rows] == [("paper", "", "4", "res")]


def test_the_sheet_is_printed_with_a_code_to_the_web(here, capsys):
    given = ["form", "power-utility", "--to", "paper", "--language", "en"]
    assert run([*given, "--link", "https://s.example", "-o", "sheet.html"]) == 0
    page = (here / "sheet.html").read_text("utf-8")
    assert '<p class="address">https://s.example/</p>' in page
    assert page.count("<svg") == 1
    assert run(["form", "power-utility", "--link", "https://s.example", "-o", "web.html"]) == 1
    assert run([*given, "--link", "s.example", "-o", "sheet2.html"]) == 1
    told = capsys.readouterr().err
    assert "C106" in told
    assert "C009" in told
    assert not (here / "web.html").exists()
