"""Simulated answers, whose truth is known, through the real rooms: the analysis must find it again."""

import pytest

from satmeter.drivers import fit_drivers
from satmeter.measurement import measure
from satmeter.moments import make_resampling
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import read_responses, simulate
from satmeter.study import make_study, read_study

FAR = 4.0  # standard errors: one in 16,000


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    place = tmp_path_factory.mktemp("known")
    questionnaire = read_questionnaire("power-utility")
    simulation = simulate(questionnaire, 3000, seed=7, missing=0.02)
    simulation.frame.to_csv(place / "answers.csv", index=False)
    lines = ["satmeter: 1", "questionnaire: power-utility", "responses: answers.csv", "uncertainty: {replicates: 300}"]
    (place / "study.yaml").write_text("\n".join(lines), "utf-8")
    plan = read_study(place / "study.yaml")
    study = make_study(plan, read_responses(plan.responses, questionnaire, columns=plan.columns))
    resampling = make_resampling(study)
    return simulation.truth, measure(study, resampling), fit_drivers(study, resampling)


def near(row, truth):
    assert abs(row.estimate - truth) < FAR * row.std_error, (row, truth)


def test_mean_scores(analysed):
    truth, measurement, _ = analysed
    rows = [r for r in measurement.scores if r.statistic == "mean_score" and not r.group_by]
    assert len(rows) == 11
    for row in rows:
        near(row, truth["expected"]["mean_score"][row.measure])


def test_alpha(analysed):
    truth, measurement, _ = analysed
    rows = [r for r in measurement.reliability if r.coefficient == "alpha"]
    assert {r.construct for r in rows} == {k for k, v in truth["expected"]["alpha"].items() if v is not None}
    for row in rows:
        near(row, truth["expected"]["alpha"][row.construct])


def test_correlations_of_drivers_with_their_outcomes(analysed):
    truth, _, drivers = analysed
    names, matrix = truth["expected"]["correlations"]["variables"], truth["expected"]["correlations"]["matrix"]
    rows = [r for r in drivers.drivers if r.method == "correlation"]
    assert len(rows) == 10
    for row in rows:
        near(row, matrix[names.index(row.outcome)][names.index(row.driver)])


def test_nothing_is_suspected_of_wrong_coding(analysed):
    """Reverse-keyed items are reversed once, costs have their sign."""
    _, measurement, drivers = analysed
    codes = {n.code for n in (*measurement.item_notes, *measurement.reliability_notes, *drivers.notes)}
    assert codes.isdisjoint({"M105", "M106", "M107", "D111", "D112"})


def test_importance_and_fit(analysed):
    truth, _, drivers = analysed
    expected = truth["expected"]
    lmg = [r for r in drivers.drivers if r.method == "lmg"]
    assert len(lmg) == 10
    for row in lmg:
        near(row, expected["lmg"][row.outcome][row.driver])
    for row in (r for r in drivers.fit if r.statistic == "r2_adjusted"):
        near(row, expected["r2"][row.outcome])
