"""The policy's limit for tests and ranks: n, effective n, low bases, and the floor of the house."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from satmeter.measurement.comparisons import compare
from satmeter.measurement.ranking import rank_units
from satmeter.moments import make_resampling
from satmeter.study.plan import Comparisons, Ranks
from satmeter.study.policy import Policy

SIZES = {"a": 60, "b": 45, "c": 20}


def made(study_by_hand, policy, weights=None):
    rng = np.random.default_rng(11)
    ratings = {f"i{j}": list(rng.integers(1, 6, sum(SIZES.values()))) for j in range(3)}
    groups = [name for name, n in SIZES.items() for _ in range(n)]
    design = {} if weights is None else {"weights": weights}
    study = study_by_hand({"satisfaction": ("satisfaction", ratings)}, questions={"area": ("choice", groups)}, **design)
    plan = dataclasses.replace(
        study.plan,
        groups=("area",),
        comparisons=Comparisons(("rest", "pairs"), "none", {"satisfaction": 50.0}),
        ranks=Ranks(("area",), ("satisfaction",)),
        policy=policy,
    )
    return dataclasses.replace(study, plan=plan, groups={"area": study.frame["area"]})


def with_p(study):
    rows, notes = compare(study, make_resampling(study))
    scores = [r for r in rows if r.statistic == "mean_score"]
    return {(r.method, r.group, r.other) for r in scores if r.p_value is not None}, notes


def ranked(study):
    rows, notes = rank_units(study, make_resampling(study))
    return {r.unit for r in rows}, notes


@pytest.mark.parametrize(
    ("policy", "units"),
    [
        (None, {"a", "b", "c"}),
        (Policy(min_n=20), {"a", "b", "c"}),
        (Policy(min_n=21), {"a", "b"}),
        (Policy(test_n=30), {"a", "b"}),
        (Policy(min_n=5), {"a", "b", "c"}),
    ],
)
def test_groups_below_the_policys_limit_are_neither_tested_nor_ranked(study_by_hand, policy, units):
    study = made(study_by_hand, policy)
    found, notes = with_p(study)
    assert {group for method, group, _ in found if method == "rest"} == units
    assert {group for method, group, _ in found if method == "target" and group} == units
    assert {(a, b) for method, a, b in found if method == "pair"} == {
        (a, b) for a, b in (("a", "b"), ("a", "c"), ("b", "c")) if {a, b} <= units
    }
    league, rank_notes = ranked(study)
    assert league == units
    small = [n for n in notes if n.code == "S132"]
    assert [(n.about, n.params["n"]) for n in small] == ([] if "c" in units else [("area[c]", 20)])
    assert [n.about for n in rank_notes if n.code == "S132"] == [n.about for n in small]


def test_the_floor_of_the_house_stands_under_a_lenient_policy(study_by_hand):
    study = made(study_by_hand, Policy(min_n=0, test_n=3))
    mask = study.frame["area"].to_numpy() == "c"
    answers = study.frame["area"].where(~mask | (np.cumsum(mask) <= 9))
    study = dataclasses.replace(study, groups={"area": answers})
    found, notes = with_p(study)
    assert "c" not in {group for method, group, _ in found if method == "rest"}
    assert [(n.code, n.params["n"], n.params["least"]) for n in notes] == [("M240", 9, 10)]


def test_low_bases_are_named_once(study_by_hand):
    study = made(study_by_hand, Policy(min_n=10, flag_n=50))
    _, notes = with_p(study)
    assert [(n.code, n.about, n.params) for n in notes] == [("S133", "area", {"groups": "b, c", "least": 50})]
    _, rank_notes = ranked(study)
    assert [n.code for n in rank_notes] == ["S133"]
    assert "fewer than 50 respondents" in notes[0].text("en")
    assert "样本量不足 50 人" in notes[0].text("zh-CN")


def test_the_effective_n_is_held_against_the_limit(study_by_hand):
    weights = np.ones(sum(SIZES.values()))
    weights[60:75] = 8.0  # of b: 15 at 8, 30 at 1: (120 + 30)² / (15·64 + 30) = 22.7
    plain = made(study_by_hand, Policy(min_n=30), weights)
    strict = made(study_by_hand, Policy(min_n=30, use_effective_n=True), weights)
    assert ranked(plain)[0] == {"a", "b"}
    league, notes = ranked(strict)
    assert league == set()
    assert [(n.code, n.about) for n in notes] == [("S132", "area[b]"), ("S132", "area[c]"), ("M242", "area")]
    assert notes[0].params == {"n": 22, "least": 30}
    assert "fewer than the 30 that the policy asks for" in notes[0].text("en")
    assert "少于公布规则要求的 30" in notes[0].text("zh-CN")
