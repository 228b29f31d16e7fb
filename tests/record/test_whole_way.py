"""The two example studies through the real rooms, from files to the results document, against R."""

import json
import os
import runpy
import shutil
from pathlib import Path

import pytest

from satmeter.drivers import fit_drivers
from satmeter.measurement import measure
from satmeter.measurement.dimensionality import dimensionality
from satmeter.measurement.validity import validate
from satmeter.moments import make_resampling
from satmeter.questionnaire import read_questionnaire
from satmeter.record import make_provenance, read_results, results_document, results_file, write_results
from satmeter.responses import read_responses
from satmeter.study import make_study, read_study

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"


def reference(name):
    return json.loads((REFERENCE / f"{name}.json").read_text("utf-8"))["values"]


def analyse(study_file):
    plan = read_study(study_file)
    responses = read_responses(plan.responses, read_questionnaire(plan.questionnaire), columns=plan.columns)
    study = make_study(plan, responses)
    resampling = make_resampling(study)
    measurement, drivers = measure(study, resampling), fit_drivers(study, resampling)
    validity, explored = validate(study, resampling), dimensionality(study, resampling)
    return results_document(
        study,
        measurement,
        drivers,
        validity=validity,
        dimensionality=explored,
        provenance=make_provenance(study),
    )


@pytest.fixture(scope="module")
def ecsi_folder(tmp_path_factory):
    folder = Path(os.environ.get("SATMETER_DATA", ROOT.parent / "shared" / "data")) / "ecsi-mobile"
    if not (folder / "mobi.csv").is_file():
        pytest.skip("no real data: set SATMETER_DATA")
    place = tmp_path_factory.mktemp("ecsi")
    shutil.copy(ROOT / "examples" / "ecsi-mobile" / "study.yaml", place)
    shutil.copy(folder / "mobi.csv", place)
    return place


@pytest.fixture(scope="module")
def ecsi(ecsi_folder):
    return analyse(ecsi_folder / "study.yaml")


@pytest.fixture(scope="module")
def housing(tmp_path_factory):
    place = tmp_path_factory.mktemp("housing")
    for name in ("study.yaml", "housing.yaml", "make_data.py"):
        shutil.copy(ROOT / "examples" / "housing" / name, place)
    runpy.run_path(str(place / "make_data.py"))["main"]()
    return analyse(place / "study.yaml")


def rows(document, section, **wanted):
    return [r for r in document[section]["rows"] if all(r[k] == v for k, v in wanted.items())]


def test_ecsi_validity_is_that_of_semtools(ecsi):
    expected = reference("discriminant")["ecsi"]
    names = [{"expectations": "expectation"}.get(name, name) for name in expected["blocks"]]
    for statistic in ("htmt", "htmt2"):
        found = {(r["construct"], r["other"]): r["estimate"] for r in rows(ecsi, "validity", statistic=statistic)}
        assert len(found) == 15
        for (first, second), value in found.items():
            at = names.index(first), names.index(second)
            assert value == pytest.approx(expected[statistic][at[0]][at[1]], rel=1e-9)
    (share,) = rows(ecsi, "validity", statistic="single_factor_share")
    assert (share["estimate"], share["n"]) == (pytest.approx(expected["first_component"], rel=1e-9), 250)


@pytest.mark.parametrize("name", ["image", "expectations", "quality", "value", "satisfaction", "loyalty"])
def test_ecsi_reliability_is_that_of_psych(ecsi, name):
    expected = reference("reliability")["ecsi"][name]
    construct = {"expectations": "expectation"}.get(name, name)
    found = {r["coefficient"]: r for r in rows(ecsi, "reliability", construct=construct)}
    assert found["alpha"]["estimate"] == pytest.approx(expected["alpha"], rel=1e-9)
    assert found["alpha_std"]["estimate"] == pytest.approx(expected["alpha_std"], rel=1e-9)
    if "omega_total" in expected:
        # psych stops its optimiser early
        assert found["omega_total"]["estimate"] == pytest.approx(expected["omega_formula"], abs=5e-5)
    items = {r["item"]: r for r in rows(ecsi, "items", construct=construct)}
    assert [items[i]["item_rest_r"] for i in expected["items"]] == pytest.approx(expected["item_rest_r"], rel=1e-9)
    assert all(r["conf_low"] < r["estimate"] < r["conf_high"] for r in found.values())


def test_ecsi_bootstrap_interval_of_alpha_is_that_of_r(ecsi):
    """Image, percentile bootstrap in R: .643–.771."""
    (row,) = rows(ecsi, "reliability", construct="image", coefficient="alpha")
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((0.643, 0.771), abs=0.012)


@pytest.mark.parametrize("outcome", ["satisfaction", "loyalty"])
def test_ecsi_drivers_are_those_of_r(ecsi, outcome):
    expected = reference("drivers")[f"ecsi_{outcome}"]
    regression = rows(ecsi, "regression", outcome=outcome)
    assert [r["estimate"] for r in regression] == pytest.approx(expected["coefficients"], rel=1e-9)
    assert [r["std_error"] for r in regression] == pytest.approx(expected["std_error_hc3"], rel=1e-9)
    lmg = rows(ecsi, "drivers", outcome=outcome, method="lmg")
    assert [r["estimate"] for r in lmg] == pytest.approx(expected["lmg"], rel=1e-9)
    (score,) = rows(ecsi, "scores", measure=outcome, statistic="mean_score")
    assert score["estimate"] == pytest.approx(expected["mean"][0], rel=1e-9)


def test_housing_drivers_are_those_of_r(housing):
    expected = reference("drivers")["housing"]
    regression = rows(housing, "regression")
    assert [r["estimate"] for r in regression] == pytest.approx(expected["coefficients"], rel=1e-9)
    assert [r["std_error"] for r in regression] == pytest.approx(expected["std_error_hc3"], rel=1e-9)
    assert [r["estimate"] for r in rows(housing, "drivers", method="lmg")] == pytest.approx(expected["lmg"], rel=1e-9)
    assert {r["n"] for r in regression} == {1681}


def test_housing_groups_and_sample(housing):
    groups = rows(housing, "scores", measure="satisfaction", statistic="mean_score", group_by="infl")
    assert [(r["group"], r["n"]) for r in groups] == [("Low", 627), ("Medium", 659), ("High", 395)]
    (overall,) = rows(housing, "scores", statistic="mean_score", group_by="")
    assert sum(r["estimate"] * r["n"] for r in groups) / 1681 == pytest.approx(overall["estimate"], rel=1e-12)
    assert overall["estimate"] == pytest.approx((446 * 50 + 668 * 100) / 1681)
    assert sum(r["share"] for r in rows(housing, "sample", question="type")) == pytest.approx(1)


def test_same_files_same_bytes(ecsi, ecsi_folder, tmp_path):
    again = analyse(ecsi_folder / "study.yaml")
    assert results_file(again) == results_file(ecsi)
    assert read_results(write_results(again, tmp_path)) == json.loads(results_file(ecsi))
