"""The verb `diff`: exit codes, both languages, JSON."""

import json

import pytest

from satmeter.builtin import builtin
from satmeter.cli.main import run


@pytest.fixture
def later(tmp_path):
    """Write the built-in questionnaire with some text replaced."""
    text = (builtin("questionnaires") / "power-utility.yaml").read_text("utf-8")

    def later(before, after):
        assert before in text
        (tmp_path / "new.yaml").write_text(text.replace(before, after), "utf-8")
        return str(tmp_path / "new.yaml")

    return later


def test_a_break_is_an_exit_code_of_one(later, capsys, monkeypatch):
    monkeypatch.setenv("SATMETER_LANG", "en")
    new = later("Staff conduct themselves properly", "Staff are polite")
    assert run(["diff", "power-utility", new]) == 1
    said = capsys.readouterr().out
    assert "item pe4: other wording (en): “Staff conduct themselves properly” → “Staff are polite”" in said
    assert "Not comparable with before: pe4, staff\n" in said
    assert f"[{new}:" in said


def test_punctuation_is_none(later, capsys, monkeypatch):
    monkeypatch.setenv("SATMETER_LANG", "zh-CN")
    assert run(["diff", "power-utility", later("工作人员举止得体", "工作人员，举止得体。")]) == 0
    said = capsys.readouterr().out
    assert "题项 pe4：仅标点、空格、大小写或全半角不同（zh-CN）" in said
    assert "所有序列可以延续。" in said
    assert "使序列中断" not in said


def test_json_holds_everything(later, capsys):
    assert run(["diff", "--json", "power-utility", later("range: [0, 10]", "range: [1, 10]")]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {change["kind"] for change in found["changes"]} == {"scale"}
    assert "loyalty" in found["broken"]
    assert found["old"]["id"] == "power-utility"


def test_what_is_wrong_with_both_is_told_together(capsys, tmp_path):
    (tmp_path / "a.yaml").write_text("satmeter: 2\n", "utf-8")
    assert run(["diff", "no-such", str(tmp_path / "a.yaml")]) == 1
    said = capsys.readouterr().err
    assert "Q002" in said
    assert "a.yaml:1" in said


def test_two_names_are_needed(capsys):
    assert run(["diff", "power-utility"]) == 2
    assert "U003" in capsys.readouterr().err
