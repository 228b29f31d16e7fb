"""Top boxes, CSAT, CES and single questions from study file to results, on simulated answers."""

import json

import pytest

from satmeter.cli.analysis import STEPS, analyse
from satmeter.cli.main import run
from satmeter.cli.progress import Steps
from satmeter.record import results_file, table_files
from satmeter.study import read_study

QUESTIONNAIRE = """\
satmeter: 1
id: bank
version: "1"
title: {zh-CN: 商户, en: Merchants}
languages: [zh-CN, en]
scales:
  sat5: {range: [1, 5], low: {zh-CN: 不满意, en: Dissatisfied}, high: {zh-CN: 满意, en: Satisfied}}
  ease7: {range: [1, 7], low: {zh-CN: 不同意, en: Disagree}, high: {zh-CN: 同意, en: Agree}}
constructs:
  staff:
    role: driver
    label: {zh-CN: 人员, en: Staff}
    scale: sat5
    items: {st1: {zh-CN: 甲, en: A}, st2: {zh-CN: 乙, en: B}}
  satisfaction:
    {role: satisfaction, label: {zh-CN: 满意, en: Satisfaction}, scale: sat5, items: {sa1: {zh-CN: 丙, en: C}}}
  ease: {role: other, label: {zh-CN: 省力, en: Ease}, scale: ease7, items: {e1: {zh-CN: 丁, en: D}}}
questions:
  market: {type: choice, text: {zh-CN: 市场, en: Market}, options: {m: {zh-CN: 东, en: East}, k: {zh-CN: 西, en: West}}}
  wants:
    type: multiple
    text: {zh-CN: 希望, en: Wants}
    options: {a: {zh-CN: 网银, en: Web}, b: {zh-CN: 减费, en: Fees}, c: {zh-CN: 贷款, en: Loan}}
  spend: {type: number, min: 100, max: 20000, text: {zh-CN: 支出, en: Spending}}
  visits: {type: number, min: 1, max: 30, text: {zh-CN: 次数, en: Visits}}
model: {satisfaction: [staff]}
pages: [[market, wants, spend, visits], [staff, satisfaction, ease]]
"""
STUDY = """\
satmeter: 1
questionnaire: ./q.yaml
responses: answers.csv
groups: [market]
scores: {boxes: [1, 2, 3], csat: [sa1], ces: {e1: [mean, share, net]}}
answers: {ratios: {per_visit: [spend, visits]}}
uncertainty: {replicates: 100}
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bank")
    (folder / "q.yaml").write_text(QUESTIONNAIRE, "utf-8")
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    assert run(["simulate", str(folder / "q.yaml"), "-n", "200", "--seed", "7", "-o", str(folder / "answers.csv")]) == 0
    return analyse(read_study(folder / "study.yaml"), Steps(*STEPS))


def rows_of(document, question):
    return {r["statistic"]: r for r in document["answers"]["rows"] if r["question"] == question and not r["group_by"]}


def test_everything_asked_for_is_in_the_results(document):
    assert {row["statistic"] for row in document["scores"]["rows"]} >= {
        *("top1", "top2", "top3", "csat", "ces_mean", "ces_share", "ces_net"),
    }
    answers = document["answers"]["rows"]
    assert list(dict.fromkeys(row["question"] for row in answers if not row["group_by"])) == [
        *("market", "wants", "spend", "visits", "per_visit"),
    ]
    assert {row["group"] for row in answers} == {"", "m", "k"}
    for row in answers:
        assert row["conf_low"] <= row["estimate"] <= row["conf_high"], row
        assert set(row["definition"]) == {"zh-CN", "en"}
    assert json.loads(results_file(document))["answers"]["rows"] == answers
    head, *lines = table_files(document)["answers.csv"].decode("utf-8-sig").splitlines()
    assert "definition.zh-CN" in head
    assert len(lines) == len(answers)


def test_shares_agree_with_the_sample(document):
    sample = {(r["question"], r["option"]): r["share"] for r in document["sample"]["rows"]}
    shares = [r for r in document["answers"]["rows"] if r["statistic"] == "share_cases" and not r["group_by"]]
    assert {(r["question"], r["option"]): r["estimate"] for r in shares} == pytest.approx(sample)


def test_simulated_answers_give_plausible_figures(document):
    """The simulation draws numbers from Beta(2, 4) between their bounds, whose median is 0.314 and whose mean 1/3."""
    for question, low, high in (("spend", 100, 20000), ("visits", 1, 30)):
        found = rows_of(document, question)
        assert found["mean"]["conf_low"] < low + (high - low) / 3 < found["mean"]["conf_high"]
        middle = low + 0.314 * (high - low)
        assert found["median"]["conf_low"] - 0.5 < middle < found["median"]["conf_high"] + 0.5  # answers are whole
        assert found["quantile25"]["estimate"] < found["median"]["estimate"] < found["quantile75"]["estimate"]
        assert found["trimmed_mean"]["estimate"] < found["mean"]["estimate"]  # skewed to the right
    wants = [r for r in document["answers"]["rows"] if r["question"] == "wants" and not r["group_by"]]
    cases, parts = (
        [r["estimate"] for r in wants if r["statistic"] == name] for name in ("share_cases", "share_answers")
    )
    assert sum(cases) > 1
    assert sum(parts) == pytest.approx(1)
    assert [note["code"] for note in document["answers"]["notes"]] == []
