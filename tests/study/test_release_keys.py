"""The keys of a release in the study file."""

import pytest

from satmeter.errors import StudyError
from satmeter.questionnaire.spec import Collector
from satmeter.questionnaire.yaml_text import parse_yaml
from satmeter.study import read_study
from satmeter.study.release_keys import Microdata, ReleaseKeys, read_release_keys


def read(text):
    collector = Collector("study.yaml")
    found = read_release_keys(parse_yaml(text), collector)
    return found, [(problem.code, problem.line) for problem in collector.ordered]


def test_what_may_be_typed():
    assert read("sponsor: x") == (ReleaseKeys(), [])
    for off in ("false", "no", "off", "", "~"):
        assert read(f"microdata: {off}")[0].microdata is None
    assert read("microdata: true")[0].microdata == Microdata(line=1)
    found, problems = read("microdata: {include: [a, b], k: 7, suppress: true, round: {years: 5, income: 1e3}}")
    assert found.microdata == Microdata(("a", "b"), 7, True, {"years": 5.0, "income": 1000.0}, 1)
    assert read("date: 2026-05-31")[0].date == "2026-05-31"
    assert problems == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("date: May 2026", "P012"), ("date: 2026-13-01", "P012"), ("microdata: {round: {years: 0}}", "P013"),
     ("microdata: {round: {years: x}}", "P013"), ("microdata: {k: 1}", "Q029"), ("microdata: {keep: a}", "Q016")],
)  # fmt: skip
def test_what_may_not(text, code):
    assert [found for found, _ in read(text)[1]] == [code]


def test_questions_that_cannot_be_released(tmp_path):
    (tmp_path / "a.csv").write_text("pv1\n4\n")
    (tmp_path / "study.yaml").write_text(
        "satmeter: 1\nquestionnaire: power-utility\nresponses: a.csv\n"
        "publication:\n  microdata: {include: [regoin, why, pv1, channel], round: {region: 5, years: 5}}\n"
    )
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path / "study.yaml")
    found = caught.value.problems
    assert [(p.code, p.got, p.line) for p in found] == [
        ("P014", "regoin", 5),
        ("P014", "why", 5),
        ("P014", "pv1", 5),
        ("P014", "region", 5),
    ]
    assert found[0].suggestion == "region"
