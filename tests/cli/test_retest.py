"""A study file with a retest, differences and EM, from files to results."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from satmeter.cli.analysis import STEPS, analyse, retest_study
from satmeter.cli.progress import Steps
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate, write_simulation
from satmeter.study import read_study

STUDY = """\
satmeter: 1
questionnaire: power-utility
responses: first.csv
measurement: full
missing: {items: em}
design: {weight: w}
groups: [region]
retest: {responses: again.csv}
differences: [[product, service]]
uncertainty: {replicates: 100}
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("retest")
    simulation = simulate(read_questionnaire("power-utility"), 200, seed=3, missing=0.03)
    path, _ = write_simulation(simulation, folder / "first.csv")
    table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    table.iloc[50:110].to_csv(folder / "again.csv", index=False, encoding="utf-8")
    table["w"] = np.where(np.arange(200) % 2, "1", "2")
    table.to_csv(folder / "first.csv", index=False, encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    return read_study(folder / "study.yaml")


def test_the_second_file_needs_no_weights_and_keeps_the_rules(plan):
    again = retest_study(plan, read_questionnaire(plan.questionnaire))
    assert again is not None
    assert 50 <= again.n <= 60
    assert not again.weighted
    assert again.plan.missing == plan.missing


def test_rows_reach_the_results(plan):
    document = analyse(plan, Steps(*STEPS))
    rows = {(r["construct"], r["coefficient"]): r for r in document["reliability"]["rows"]}
    same = rows["product", "test_retest"]
    assert same["estimate"] == pytest.approx(1.0, abs=1e-3)  # the same answers; EM of fewer respondents fills the gaps
    assert 50 <= same["n"] <= 60
    assert rows["product-service", "difference_reliability"]["estimate"] is not None
    assert ("", "alpha") in rows
    codes = {note["code"] for note in document["reliability"]["notes"]}
    assert {"M180", "M190"} <= codes
    assert document["study"]["missing_rule"] == "em"
    assert document["provenance"]["retest_digest"].startswith("sha256:")
    assert document["provenance"]["retest_source"] == plan.retest.responses[0].name
    assert document["provenance"]["retest_digest"] != document["provenance"]["data_digest"]


def test_what_is_wrong_with_the_second_file_is_noted(plan):
    path = plan.retest.responses[0]
    table = pd.read_csv(path, dtype=str, encoding="utf-8", keep_default_na=False)
    table.loc[3, "pv1"] = "wonderful"
    path.with_name("worse.csv").write_text(table.to_csv(index=False), "utf-8")
    worse = replace(plan, retest=replace(plan.retest, responses=(path.with_name("worse.csv"),)))
    notes = analyse(worse, Steps(*STEPS))["reliability"]["notes"]
    (found,) = [note for note in notes if note["code"] == "R104"]
    assert "pv1" in found["en"] + found["about"]
    assert not any("wonderful" in note["en"] for note in notes)
