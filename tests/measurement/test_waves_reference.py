"""Changes between waves against R: Welch, Agresti and Caffo, Agresti and Min, survey's jackknife of stacked samples."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from satmeter.measurement.wave_pairs import WaveStudy
from satmeter.measurement.waves import follow_waves
from satmeter.moments import make_resampling
from satmeter.study.plan import Uncertainty
from satmeter.study.wave_plan import WavePlan

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "waves.json").read_text("utf-8"))
VALUES, RTOL = REFERENCE["values"], REFERENCE["rtol"]
KEYS = {"mean": ("y", "mean_rating"), "share": ("high", "top2"), "nps": ("nps", "nps")}


def wave(study_by_hand, label, scores, *, ids=None, groups=None, **design):
    """Make a wave of test scores: as ratings on 200–1000, as a share of at least 700, as a balance."""
    y = np.asarray(scores, dtype=float)
    likely = np.minimum(10, np.floor((y - 300) / 55))
    study = study_by_hand(
        {
            "school": ("other", {"y": list(y)}),
            "satisfaction": ("satisfaction", {"high": list(np.where(y >= 700, 5.0, 1.0))}),
            "loyalty": ("loyalty", {"nps": list(likely)}),
        },
        scales={"y": (200, 1000), "nps": (0, 10)},
        questions={"awards": ("choice", list(["Yes"] * len(y) if groups is None else groups))},
        groups=("awards",),
        **design,
    )
    plan = dataclasses.replace(study.plan, uncertainty=Uncertainty(method="jackknife"))
    study = dataclasses.replace(study, plan=plan)
    if ids is not None:
        other = pd.DataFrame({"respondent": list(ids)}, index=study.frame.index)
        study = dataclasses.replace(study, responses=dataclasses.replace(study.responses, other=other))
    return WaveStudy(label, study, make_resampling(study))


def changes(old, new, *, panel=False):
    """Return the rows of change, by measure, statistic and group."""
    plan = dataclasses.replace(new.study.plan, waves=WavePlan("wave", panel=panel))
    newest = dataclasses.replace(new, study=dataclasses.replace(new.study, plan=plan))
    rows = [row for row in follow_waves((old, newest)).rows if row.role]
    return {(row.measure, row.statistic, row.group): row for row in rows}


def codes(labels):
    return list(np.unique(labels, return_inverse=True)[1])


def agrees(row, expected):
    assert row.change == pytest.approx(expected.get("plain", expected["change"]), rel=RTOL)
    assert row.t * row.change_std_error == pytest.approx(expected["change"], rel=RTOL)
    assert expected["change"] == pytest.approx(expected.get("textbook", expected["change"]), rel=1e-3)
    assert row.change_std_error == pytest.approx(expected["std_error"], rel=RTOL)
    assert row.df == pytest.approx(expected["df"], rel=RTOL)
    assert row.t == pytest.approx(expected["t"], rel=RTOL)
    assert row.p_value == pytest.approx(expected["p_value"], rel=1e-6)  # tails of t by another algorithm
    assert row.change_conf_low == pytest.approx(expected["conf_low"], rel=RTOL)
    assert row.change_conf_high == pytest.approx(expected["conf_high"], rel=RTOL)


@pytest.mark.parametrize("statistic", KEYS)
def test_two_simple_random_samples(study_by_hand, statistic):
    expected = VALUES["simple"]
    found = changes(wave(study_by_hand, "old", expected["old"]), wave(study_by_hand, "new", expected["new"]))
    agrees(found[*KEYS[statistic], ""], expected[statistic])


@pytest.fixture(scope="module")
def complex_samples(study_by_hand):
    first, second = (pd.DataFrame(VALUES["complex"][part]) for part in ("first", "second"))
    old = wave(
        study_by_hand,
        "old",
        first["y"],
        groups=first["awards"],
        cluster=codes(first["unit"]),
        weights=list(first["weight"]),
    )
    new = wave(
        study_by_hand,
        "new",
        second["y"],
        groups=second["awards"],
        strata=codes(second["stratum"]),
        weights=list(second["weight"]),
    )
    return old, changes(old, new)


@pytest.mark.parametrize("statistic", KEYS)
def test_a_clustered_and_a_stratified_sample(complex_samples, statistic):
    _, found = complex_samples
    row, expected = found[*KEYS[statistic], ""], VALUES["complex"][statistic]
    assert row.estimate == pytest.approx(expected["estimate"], rel=RTOL)
    assert row.std_error == pytest.approx(expected["errors"][1], rel=RTOL)
    assert row.df == pytest.approx(expected["df"], rel=RTOL)
    if statistic == "share":  # drawn towards zero, with the plain error of survey
        assert row.change == pytest.approx(expected["change"], rel=RTOL)
        p, q, n, m = expected["estimate"], expected["other"], row.n, row.n_other
        effect = expected["std_error"] ** 2 / (p * (1 - p) / n + q * (1 - q) / m)
        n, m = n / effect, m / effect
        a, b = (p * n + 1) / (n + 2), (q * m + 1) / (m + 2)
        assert row.change_std_error == pytest.approx(np.sqrt(a * (1 - a) / (n + 2) + b * (1 - b) / (m + 2)), rel=RTOL)
        assert row.t * row.change_std_error == pytest.approx(a - b, rel=RTOL)
    else:
        agrees(row, expected)


def test_a_group_of_a_clustered_and_a_stratified_sample(complex_samples):
    _, found = complex_samples
    row, expected = found["school", "mean_score", "Yes"], VALUES["complex"]["mean_awarded"]
    assert row.change * 8 == pytest.approx(expected["change"], rel=RTOL)  # points of 0–100 are 8 of the test
    assert row.change_std_error * 8 == pytest.approx(expected["std_error"], rel=RTOL)
    assert row.estimate * 8 + 200 == pytest.approx(expected["estimate"], rel=RTOL)
    assert row.std_error * 8 == pytest.approx(expected["errors"][1], rel=RTOL)
    assert row.df == pytest.approx(expected["df"], rel=RTOL)
    assert row.p_value == pytest.approx(expected["p_value"], rel=1e-6)


@pytest.mark.parametrize(("design", "statistic"), [(d, s) for d, p in VALUES["panels"].items() for s in KEYS if s in p])
def test_the_same_schools_twice(study_by_hand, design, statistic):
    sample = VALUES["panels"][design]
    ids = [f"school {i}" for i in range(len(sample["now"]))]
    options = {"weights": sample["weight"]}
    options |= {"strata": codes(sample["stratum"])} if "stratum" in sample else {}
    options |= {"cluster": codes(sample["cluster"])} if "cluster" in sample else {}
    old = wave(study_by_hand, "old", sample["then"][::-1], ids=ids[::-1])
    found = changes(old, wave(study_by_hand, "new", sample["now"], ids=ids, **options), panel=True)
    agrees(found[*KEYS[statistic], ""], sample[statistic])
