"""A place that refuses is told before any work goes into what shall stand there."""

import json

import pytest

from satmeter.cli.main import run


@pytest.mark.parametrize(
    ("arguments", "work"),
    [
        (["form", "power-utility", "-o", "{taken}/form.html"], "satmeter.cli.form.build_form"),
        (["simulate", "power-utility", "-o", "{taken}/a.csv"], "satmeter.cli.simulate.simulate"),
        (["demo", "-o", "{taken}/demo"], "satmeter.cli.demo.build_form"),
        (["report", "{results}", "-o", "{taken}/out"], "satmeter.cli.report.render_all"),
    ],
)
def test_the_place_is_tried_first(tmp_path, monkeypatch, capsys, arguments, work):
    taken, results = tmp_path / "taken", tmp_path / "results.json"
    taken.write_text("")
    results.write_text(json.dumps({"study": {"languages": ["en"]}}))
    called = []
    monkeypatch.setattr(work, lambda *given, **named: called.append(given))
    monkeypatch.setattr("satmeter.cli.report.read_results", lambda path: json.loads(path.read_text()))
    assert run([argument.format(taken=taken, results=results) for argument in arguments]) == 1
    told = capsys.readouterr().err
    assert told.startswith("U006: ")
    assert str(taken) in told
    assert called == []
