"""The examples are short, check, and read the data that they name."""

import os
import runpy
import shutil
from pathlib import Path

import pytest

from satmeter.questionnaire import check_questionnaire, read_questionnaire
from satmeter.responses import read_responses
from satmeter.study import read_study

EXAMPLES = Path(__file__).parents[2] / "examples"


def mobi():
    """The real answers; the test that needs them is skipped, loudly, where they are not."""
    folder = Path(os.environ.get("SATMETER_DATA", EXAMPLES.parents[1] / "shared" / "data"))
    data = folder / "ecsi-mobile" / "mobi.csv"
    if not data.is_file():
        pytest.skip("no real data: set SATMETER_DATA")
    return data


def test_the_study_file_of_ecsi_is_under_twenty_lines():
    assert len((EXAMPLES / "ecsi-mobile" / "study.yaml").read_text("utf-8").splitlines()) < 20


def test_ecsi_reads_its_250_customers(tmp_path):
    shutil.copy(EXAMPLES / "ecsi-mobile" / "study.yaml", tmp_path)
    shutil.copy(mobi(), tmp_path / "mobi.csv")
    plan = read_study(tmp_path / "study.yaml")
    responses = read_responses(plan.responses, read_questionnaire(plan.questionnaire), columns=plan.columns)
    assert responses.frame.shape == (250, 24)
    assert responses.unknown == ()
    assert responses.absent == ()
    assert responses.frame["CUSA1"].mean() == pytest.approx(7.988)


def test_housing_reads_its_72_rows(tmp_path):
    for name in ("study.yaml", "housing.yaml", "make_data.py"):
        shutil.copy(EXAMPLES / "housing" / name, tmp_path)
    runpy.run_path(str(tmp_path / "make_data.py"))["main"]()
    plan = read_study(tmp_path / "study.yaml")
    responses = read_responses(plan.responses, read_questionnaire(plan.questionnaire), columns=plan.columns)
    assert responses.frame.shape == (72, 4)
    assert responses.unknown == ()
    frequency = responses.other[plan.design.frequency].astype(int)
    assert frequency.sum() == 1681
    counts = frequency.groupby(responses.frame["sat"]).sum()
    assert counts.to_dict() == {1.0: 567, 2.0: 446, 3.0: 668}
    assert frequency[responses.frame["infl"] == "High"].sum() == 395


def test_housing_questionnaire_has_one_explained_warning():
    found = [(p.code, p.severity) for p in check_questionnaire(EXAMPLES / "housing" / "housing.yaml")]
    assert found == [("Q047", "warning")]
