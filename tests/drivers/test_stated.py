"""Stated against derived importance."""

from dataclasses import replace

import numpy as np
import pytest

from satmeter.drivers import fit_drivers
from satmeter.drivers.deepen import deepen_drivers
from satmeter.moments import make_resampling


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(3)
    n = 300
    a, b, c = (rng.integers(1, 6, n) for _ in range(3))
    y = np.clip(np.round(0.7 * a + 0.2 * b + rng.normal(0, 0.8, n)), 1, 5).astype(int)
    said = {"wa": rng.integers(1, 3, n), "wb": rng.integers(4, 6, n), "wc": rng.integers(1, 3, n)}
    return {"a1": a, "b1": b, "c1": c, "y1": y} | said


def make(study_by_hand, answers, stated, **options):
    constructs = {name: ("driver", {f"{name}1": list(answers[f"{name}1"])}) for name in "abc"}
    constructs["y"] = ("satisfaction", {"y1": list(answers["y1"])})
    constructs["w"] = ("other", {name: list(answers[name]) for name in ("wa", "wb", "wc")})
    study = study_by_hand(constructs, model={"y": ("a", "b", "c")}, replicates=200, **options)
    plan = study.plan
    study = replace(study, plan=replace(plan, drivers=replace(plan.drivers, stated=stated)))
    resampling = make_resampling(study)
    return study, fit_drivers(study, resampling), deepen_drivers(study, resampling)["stated"]


def test_means_shares_ranks_and_kinds(study_by_hand, answers):
    _study, core, section = make(study_by_hand, answers, {"a": "wa", "b": "wb", "c": "wc"})
    rows = {row.driver: row for row in section.rows}
    lmg = {row.driver: row for row in core.drivers if row.method == "lmg"}
    for name, row in rows.items():
        assert row.stated == pytest.approx(25 * (np.mean(answers[f"w{name}"]) - 1), rel=1e-12)
        assert (row.derived, row.derived_low) == (lmg[name].share, lmg[name].share_low)
        assert row.stated_low < row.stated < row.stated_high
    assert {name: row.kind for name, row in rows.items()} == {"a": "derived", "b": "stated", "c": "neither"}
    assert [rows[name].derived_rank for name in "abc"] == [1.0, 2.0, 3.0]
    assert rows["b"].stated_rank == 1.0
    assert rows["a"].certain
    assert rows["b"].certain


def test_ties_share_their_rank(study_by_hand, answers):
    _, _, section = make(study_by_hand, answers | {"wc": answers["wa"]}, {"a": "wa", "b": "wb", "c": "wc"})
    assert [row.stated_rank for row in section.rows] == [2.5, 1.0, 2.5]


def test_fewer_than_two_drivers_give_a_note(study_by_hand, answers):
    _, _, section = make(study_by_hand, answers, {"a": "wa"})
    assert section.rows == ()
    assert [(note.code, note.about) for note in section.notes] == [("D132", "y")]


def test_nothing_asked_nothing_given(study_by_hand, answers):
    _, _, section = make(study_by_hand, answers, {})
    assert (section.rows, section.notes) == ((), ())
