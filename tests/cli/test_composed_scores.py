"""Trees and adjusted scores from study file to results and tables, on simulated answers."""

import json

import pytest

from satmeter.cli.analysis import STEPS, analyse
from satmeter.cli.main import run
from satmeter.cli.progress import Steps
from satmeter.record import read_results, results_file, table_files
from satmeter.study import read_study

STUDY = """\
satmeter: 1
questionnaire: power-utility
responses: answers.csv
groups: [region]
ranks: {units: [region]}
uncertainty: {replicates: 100}
trees:
  whole:
    label: {zh-CN: 综合, en: Whole}
    weights_from: Delphi 2026
    kind: journey
    of: {contact: 0.6, money: 0.4}
  contact: {weights_from: Delphi 2026, of: {service: 0.5, pe1: 0.5}}
case_mix: {units: [region], adjusters: [ctype, years], measures: [satisfaction]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("composed")
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    assert run(["simulate", "power-utility", "-n", "150", "--seed", "7", "-o", str(folder / "answers.csv")]) == 0
    return folder


@pytest.fixture(scope="module")
def document(folder):
    return analyse(read_study(folder / "study.yaml"), Steps(*STEPS))


def test_sections_say_what_the_study_file_asks_for(document):
    whole = [row for row in document["tree"]["rows"] if not row["group_by"]]
    assert [(r["node"], r["parent"], r["level"]) for r in whole] == [
        ("whole", "", 0),
        ("contact", "whole", 1),
        ("service", "contact", 2),
        ("pe1", "contact", 2),
        ("money", "whole", 1),
    ]
    score = next(r for r in document["scores"]["rows"] if (r["measure"], r["group_by"]) == ("money", ""))
    assert whole[4]["estimate"] == pytest.approx(100 - score["estimate"], rel=1e-12)
    assert {r["method"] for r in document["adjusted"]["rows"]} == {"raw", "adjusted"}
    assert {r["adjuster"] for r in document["case_mix"]["rows"]} == {"ctype", "years"}
    assert [r["adjuster"] for r in document["case_mix_checks"]["rows"]] == ["ctype", "years"]
    assert [r["statistic"] for r in document["ranks"]["rows"]] == ["mean_score"] * 3 + ["adjusted"] * 3
    (tree, contact) = document["study"]["trees"]
    assert (tree["weights_from"], tree["kind"], tree["missing"]) == ("Delphi 2026", "journey", "rescale")
    assert contact["label"] == {"und": "contact"}
    (note,) = document["tree"]["notes"]
    assert note["en"].startswith("In Whole, costs are entered")
    assert note["zh-CN"].startswith("在 综合 中")


def test_they_are_tables_and_read_back(document, folder):
    files = table_files(document)
    assert {"tree.csv", "adjusted.csv", "case_mix.csv", "case_mix_checks.csv"} <= set(files)
    (folder / "results.json").write_text(results_file(document), "utf-8")
    assert json.loads(results_file(read_results(folder))) == json.loads(results_file(document))


def test_without_the_keys_the_sections_are_empty(folder):
    (folder / "plain.yaml").write_text(STUDY.split("trees:")[0].replace("ranks: {units: [region]}\n", ""), "utf-8")
    plain = analyse(read_study(folder / "plain.yaml"), Steps(*STEPS))
    for section in ("tree", "adjusted", "case_mix", "case_mix_checks"):
        assert plain[section] == {"rows": [], "notes": []}
    assert plain["study"]["trees"] == []
