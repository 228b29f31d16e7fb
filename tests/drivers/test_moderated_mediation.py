"""Moderated mediation of a study: against separate regressions, and which routes it takes."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from satmeter.drivers.deepen import usable_regressions
from satmeter.drivers.moderated_mediation import moderated_mediation_sections
from satmeter.drivers.section import DeepInput
from satmeter.moments import make_resampling

MODEL = {"m": ("x", "w", "c"), "y": ("m", "w", "d")}


def customers(n=600, seed=4):
    rng = np.random.default_rng(seed)
    x, w, c, d = rng.normal(size=(4, n))
    m = 0.5 * x + 0.3 * w + 0.3 * x * w + 0.2 * c + rng.normal(size=n)
    y = 0.4 * m + 0.3 * m * w + 0.2 * d + 0.2 * x + rng.normal(size=n)
    return {k: np.clip(np.round(20 + 4 * v), 0, 40) for k, v in zip("xwcdmy", (x, w, c, d, m, y), strict=True)}


def sections_of(study_by_hand, data, moderations, **options):
    roles = dict.fromkeys(data, "driver") | {"y": "loyalty"}
    constructs = {name: (roles[name], {f"{name}1": list(column)}) for name, column in data.items()}
    scales = {f"{name}1": (0, 40) for name in data}
    study = study_by_hand(constructs, scales=scales, **{"model": MODEL, "replicates": 200, **options})
    drivers = replace(study.plan.drivers, moderations=moderations)
    study = replace(study, plan=replace(study.plan, drivers=drivers))
    resampling = make_resampling(study)
    given = DeepInput(study, resampling, usable_regressions(study, resampling))
    return moderated_mediation_sections(given)["moderated_mediation"]


def slopes(y, *columns):
    return sm.OLS(y, sm.add_constant(np.column_stack(columns))).fit().params[1:]


@pytest.fixture(scope="module")
def points():
    return {name: 2.5 * column for name, column in customers().items()}


def test_a_moderated_second_step_is_that_of_two_regressions(study_by_hand, points):
    section = sections_of(study_by_hand, customers(), {"y": (("m", "w"),)})
    assert [r.source for r in section.rows] == ["x"] * 4 + ["c"] * 4
    assert [(n.code, n.params["source"]) for n in section.notes] == [("D203", "w")]
    p = points
    product = (p["m"] - p["m"].mean()) * (p["w"] - p["w"].mean())
    first = slopes(p["m"], p["x"], p["w"], p["c"])[0]
    second = slopes(p["y"], p["m"], p["x"], p["w"], product, p["d"])
    rows = {r.at: r for r in section.rows if r.source == "x"}
    spread = p["w"].std(ddof=1)
    for at, distance in (("low", -spread), ("mean", 0.0), ("high", spread)):
        assert rows[at].estimate == pytest.approx(first * (second[0] + second[3] * distance), rel=1e-9)
        assert rows[at].value == pytest.approx(p["w"].mean() + distance, rel=1e-12)
        assert rows[at].conf_low < rows[at].estimate < rows[at].conf_high
    assert rows["index"].estimate == pytest.approx(first * second[3], rel=1e-9)
    assert rows["index"].conf_low > 0
    assert {(r.mediator, r.moderator, r.outcome, r.stage, r.n) for r in rows.values()} == {
        ("m", "w", "y", "second", 600)
    }


def test_a_moderated_first_step_is_that_of_two_regressions(study_by_hand, points):
    section = sections_of(study_by_hand, customers(), {"m": (("x", "w"),)})
    p = points
    product = (p["x"] - p["x"].mean()) * (p["w"] - p["w"].mean())
    first = slopes(p["m"], p["x"], p["w"], product, p["c"])
    second = slopes(p["y"], p["m"], p["x"], p["w"], p["d"])[0]
    rows = {r.at: r for r in section.rows}
    assert rows["index"].estimate == pytest.approx(first[2] * second, rel=1e-9)
    assert rows["mean"].estimate == pytest.approx(first[0] * second, rel=1e-9)
    assert {(r.source, r.mediator, r.outcome, r.stage) for r in section.rows} == {("x", "m", "y", "first")}


def test_a_number_question_moderates_and_stays_a_control(study_by_hand, points):
    years = np.random.default_rng(1).integers(1, 40, 600).astype(float)
    options = {"questions": {"years": ("number", list(years))}, "controls": ("years",)}
    section = sections_of(study_by_hand, customers(), {"m": (("x", "years"),)}, **options)
    p = points
    product = (p["x"] - p["x"].mean()) * (years - years.mean())
    first = slopes(p["m"], p["x"], years, product, p["w"], p["c"])
    second = slopes(p["y"], p["m"], p["x"], p["w"], p["d"], years)[0]
    rows = {r.at: r for r in section.rows}
    assert rows["index"].estimate == pytest.approx(first[2] * second, rel=1e-9)


def test_choices_and_outcomes_at_the_end_have_no_route(study_by_hand):
    city = {"city": ("choice", ["n", "s"] * 300)}
    model = {"m": ("x",), "y": ("m", "city")}
    section = sections_of(
        study_by_hand, customers(), {"y": (("m", "city"), ("city", "m"))}, questions=city, model=model
    )
    assert (section.rows, section.notes) == ((), ())
    section = sections_of(study_by_hand, customers(), {"y": (("d", "w"),)})
    assert (section.rows, section.notes) == ((), ())


def test_weights_count(study_by_hand, points):
    weights = np.random.default_rng(2).uniform(0.3, 3, 600)
    section = sections_of(study_by_hand, customers(), {"m": (("x", "w"),)}, weights=list(weights))
    p = points
    centre = {k: np.average(p[k], weights=weights) for k in "xw"}
    product = (p["x"] - centre["x"]) * (p["w"] - centre["w"])
    x = sm.add_constant(np.column_stack([p["x"], p["w"], product, p["c"]]))
    first = sm.WLS(p["m"], x, weights).fit().params[3]
    x = sm.add_constant(np.column_stack([p["m"], p["x"], p["w"], p["d"]]))
    second = sm.WLS(p["y"], x, weights).fit().params[1]
    assert section.rows[3].estimate == pytest.approx(first * second, rel=1e-9)


def test_too_few_respondents_and_copies(study_by_hand):
    few = {name: column[:25] for name, column in customers().items()}
    (note,) = sections_of(study_by_hand, few, {"m": (("x", "w"),)}).notes
    assert (note.code, note.params["n"]) == ("D204", 25)
    assert "仅 25 人" in note.text("zh-CN")
    data = customers()
    data["c"] = data["w"]
    (note,) = sections_of(study_by_hand, data, {"m": (("x", "w"),)}).notes
    assert (note.code, note.params["code"]) == ("D205", "N005")
