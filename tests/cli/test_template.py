"""``satmeter template``: a new template is commented, complete, and tried on results."""

import importlib.util
import json
from pathlib import Path

import pytest

from satmeter.cli.main import run
from satmeter.report.template import find_template


@pytest.fixture
def results(tmp_path):
    source = Path(__file__).parents[1] / "report" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path / "results.json"
    sections = {name: {"rows": [], "notes": []} for name in ("fit",)}
    path.write_text(json.dumps(sections | module.document()), "utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "word"), [("en", "A template of your own"), ("zh-CN", "\u81ea\u5df1\u7684\u6a21\u677f")]
)
def test_a_new_template_is_good(tmp_path, results, monkeypatch, capsys, language, word):
    monkeypatch.setenv("SATMETER_LANG", language)
    monkeypatch.chdir(tmp_path)
    assert run(["template", "new", "ours"]) == 0
    assert word in (tmp_path / "ours" / "template.toml").read_text("utf-8")
    assert find_template("./ours").folders[1].name == "satisfaction"
    assert run(["template", "check", "ours", "--results", str(results)]) == 0
    shown = capsys.readouterr().out
    assert "  headline: Headline" in shown
    assert "zh-CN, en" in shown


def test_a_new_template_overwrites_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours").mkdir()
    assert run(["template", "new", "ours"]) == 1
    assert "T038" in capsys.readouterr().err
    assert list((tmp_path / "ours").iterdir()) == []
    assert run(["template", "new", "theirs", "--from", "satisfactio"]) == 1
    assert "T002" in capsys.readouterr().err
    assert not (tmp_path / "theirs").exists()


def test_mistakes_are_told_once_for_both_languages(tmp_path, results, monkeypatch, capsys):
    monkeypatch.setenv("SATMETER_LANG", "en")
    monkeypatch.chdir(tmp_path)
    assert run(["template", "new", "ours"]) == 0
    (tmp_path / "ours" / "report.md.j2").write_text("\n{{ report.titel }}\n", "utf-8")
    assert run(["template", "check", "ours", "--results", str(results)]) == 1
    told = capsys.readouterr().err
    assert told.count("T035") == 1
    assert "report.md.j2:2" in told
