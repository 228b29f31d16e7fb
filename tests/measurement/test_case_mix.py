"""Scores adjusted for case mix: R's arithmetic, properties, missing adjusters, checks, ranks."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from satmeter.measurement.case_mix import adjust_for_case_mix
from satmeter.measurement.scores import score_rows
from satmeter.measurement.trees import tree_rows
from satmeter.moments import make_resampling
from satmeter.numerics.replicate_weights import replicate_set
from satmeter.study.composed_scores import CaseMix, Tree
from satmeter.study.plan import Ranks, Uncertainty

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "case_mix.json").read_text("utf-8"))
VALUES, RTOL = REFERENCE["values"], REFERENCE["rtol"]


def number(values):
    return [np.nan if v in (None, "NA") else float(v) for v in values]


def study_of(study_by_hand, data, *, adjusters, jackknife=True, ranks=False, **options):
    """One item on 0 to 100 as the construct, the unit as a choice question."""
    n = len(data["score"])
    questions = {"unit": ("choice", [f"u{u}" for u in data["unit"]])}
    for name in adjusters:
        if name == "wide":
            answers = [None if np.isnan(v) else f"w{v:.0f}" for v in number(data[name])]
            questions[name] = ("choice", answers)
        else:
            questions[name] = ("number", number(data[name]))
    weights = np.asarray(data.get("w", np.ones(n)), dtype=float)
    study = study_by_hand(
        {"quality": ("satisfaction", {"q1": number(data["score"])})},
        scales={"q1": (0, 100)},
        questions=questions,
        weights=None if (weights == 1).all() else list(weights),
        groups=("unit",),
        **options,
    )
    uncertainty = dataclasses.replace(study.plan.uncertainty, method="jackknife" if jackknife else "bootstrap")
    plan = dataclasses.replace(
        study.plan,
        uncertainty=uncertainty,
        case_mix=CaseMix(("unit",), tuple(adjusters)),
        ranks=Ranks(("unit",)) if ranks else None,
    )
    return dataclasses.replace(study, plan=plan)


def adjusted(study):
    return adjust_for_case_mix(study, make_resampling(study))


def column(rows, key, **wanted):
    return [getattr(r, key) for r in rows if all(getattr(r, k) == v for k, v in wanted.items())]


@pytest.mark.parametrize("name", ["plain", "weighted", "missing", "strata", "clusters"])
def test_scores_coefficients_errors_and_checks_are_those_of_r(study_by_hand, name):
    case = VALUES[name]
    options = {"strata": case["data"]["stratum"]} if name == "strata" else {}
    options |= {"cluster": case["data"]["cluster"]} if name == "clusters" else {}
    found = adjusted(study_of(study_by_hand, case["data"], adjusters=("meals", "grad", "wide"), **options))
    for method in ("raw", "adjusted"):
        assert column(found.adjusted, "estimate", method=method) == pytest.approx(case[method], rel=RTOL)
        assert column(found.adjusted, "std_error", method=method) == pytest.approx(case[f"{method}_error"], rel=RTOL)
    shift = np.subtract(case["adjusted"], case["raw"])
    assert column(found.adjusted, "shift", method="adjusted") == pytest.approx(list(shift), rel=RTOL)
    assert set(column(found.adjusted, "shift", method="raw")) == {None}
    assert column(found.coefficients, "estimate") == pytest.approx(case["b"], rel=RTOL)
    assert column(found.coefficients, "std_error") == pytest.approx(case["b_error"], rel=RTOL)
    assert column(found.coefficients, "term") == ["meals", "grad", "wide[w1]"]
    for check in found.checks:
        f, q, df2, p = case["interaction"][check.adjuster]
        if f is None:
            assert (check.f, check.df, check.p_value, check.p_adjusted) == (None, 0, None, None)
        else:
            assert (check.f, check.df, check.df2, check.p_value) == pytest.approx((f, q, df2, p), rel=RTOL)


@pytest.mark.parametrize("unit", [0, 1, 2])
def test_nodes_of_a_tree_have_the_values_and_errors_of_r(study_by_hand, unit):
    data, expected = VALUES["tree"]["data"], VALUES["tree"]["units"][unit]
    study = study_by_hand(
        {k: ("driver", {f"{k}1": data[k]}) for k in "abc"},
        scales={f"{k}1": (0, 100) for k in "abc"},
        questions={"unit": ("choice", [f"u{u}" for u in data["unit"]])},
        weights=data["w"],
        groups=("unit",),
    )
    trees = (Tree("whole", {"a": 0.5, "inner": 0.5}, "x"), Tree("inner", {"b": 0.5, "c": 0.5}, "x"))
    plan = dataclasses.replace(study.plan, trees=trees, uncertainty=Uncertainty(method="jackknife"))
    study = dataclasses.replace(study, plan=plan)
    rows = {r.node: r for r in tree_rows(study, make_resampling(study)).rows if r.group == f"u{unit}"}
    found = [rows["whole"], rows["inner"]]
    assert [r.estimate for r in found] == pytest.approx(expected["value"], rel=RTOL)
    assert [r.std_error for r in found] == pytest.approx(expected["jackknife"], rel=RTOL)
    assert [r.std_error for r in found] == pytest.approx(expected["linearised"], rel=0.06)


def world(study_by_hand, *, n=400, units=4, seed=2, slope=(0.0, 0.0, 0.0, 0.0), gaps=0.0, ranks=False):
    """Units whose respondents differ in age and whose scores differ by age alone (plus `slope` by unit)."""
    rng = np.random.default_rng(seed)
    unit = np.arange(n) % units
    age = rng.normal(size=n) * 10 + 40 + 5 * unit
    score = 50 + (0.8 + np.asarray(slope)[unit]) * (age - 40) + rng.normal(size=n) * 8
    data = {"score": list(np.clip(score, 0, 100)), "unit": list(unit), "meals": list(age)}
    data["wide"] = list((rng.random(n) < 0.3 + 0.1 * unit).astype(float))
    if gaps:
        data["meals"] = [np.nan if gone else v for gone, v in zip(rng.random(n) < gaps, age, strict=True)]
    return study_of(study_by_hand, data, adjusters=("meals", "wide"), jackknife=False, ranks=ranks)


def test_the_adjustment_takes_away_what_the_adjuster_explains(study_by_hand):
    rows = adjusted(world(study_by_hand)).adjusted
    raw, clean = column(rows, "estimate", method="raw"), column(rows, "estimate", method="adjusted")
    assert np.ptp(raw) > 10
    assert np.ptp(clean) < 4
    errors = column(rows, "std_error", method="adjusted")
    assert all(e < r for e, r in zip(errors, column(rows, "std_error", method="raw"), strict=True))


def test_adjusted_scores_have_the_mean_of_the_raw_ones(study_by_hand):
    rows = adjusted(world(study_by_hand, gaps=0.2)).adjusted
    n = column(rows, "n", method="raw")
    means = [np.average(column(rows, "estimate", method=m), weights=n) for m in ("raw", "adjusted")]
    assert means[0] == pytest.approx(means[1], rel=1e-12)


def test_raw_scores_are_the_published_ones(study_by_hand):
    study = world(study_by_hand)
    resampling = make_resampling(study)
    published = [r for r in score_rows(study, resampling)[0] if r.statistic == "mean_score" and r.group_by == "unit"]
    raw = [r for r in adjust_for_case_mix(study, resampling).adjusted if r.method == "raw"]
    assert len(raw) == 4
    for mine, theirs in zip(raw, published, strict=True):
        keys = ("estimate", "std_error", "conf_low", "conf_high", "df", "n")
        assert [getattr(mine, k) for k in keys] == pytest.approx([getattr(theirs, k) for k in keys], rel=1e-9)


def test_unanswered_adjusters_are_told(study_by_hand):
    found = adjusted(world(study_by_hand, gaps=0.2))
    (note,) = found.notes
    assert (note.code, note.about) == ("M246", "meals")
    assert 50 < note.params["n"] < 110
    (term,) = [r for r in found.coefficients if r.term == "meals"]
    assert term.n == 400 - note.params["n"]
    assert note.text("en") != note.text("zh-CN")


def test_a_unit_that_did_not_answer_an_adjuster_is_not_moved_by_it(study_by_hand):
    study = world(study_by_hand)
    study.frame.loc[study.frame["unit"] == "u3", "meals"] = np.nan
    plan = dataclasses.replace(study.plan, case_mix=CaseMix(("unit",), ("meals",)))
    rows = adjusted(dataclasses.replace(study, plan=plan)).adjusted
    shifts = column(rows, "shift", method="adjusted")
    assert shifts[3] == pytest.approx(0, abs=1e-9)
    assert min(abs(s) for s in shifts[:3] if s != shifts[1]) > 1


def test_what_cannot_be_adjusted_for_is_told(study_by_hand):
    study = world(study_by_hand)
    unit = np.arange(400) % 4
    study.frame["wide"] = [f"w{u % 2}" for u in unit]
    found = adjusted(study)
    told = [(n.code, n.params["terms"]) for n in found.notes]
    assert told == [("M245", "wide[w1]"), ("M258", "wide[w0]"), ("M258", "wide[w1]")]
    lacking = {n.params["terms"]: n.params["groups"] for n in found.notes if n.code == "M258"}
    assert lacking == {"wide[w0]": "unit[u1], unit[u3]", "wide[w1]": "unit[u0], unit[u2]"}
    assert [r.term for r in found.coefficients] == ["meals"]
    plan = dataclasses.replace(study.plan, case_mix=CaseMix(("unit",), ("wide",)))
    found = adjusted(dataclasses.replace(study, plan=plan))
    assert ("M247", "unit") in [(n.code, n.about) for n in found.notes]
    assert (found.adjusted, found.coefficients, found.checks) == ((), (), ())
    for note in found.notes:
        assert note.text("en") != note.text("zh-CN")


def test_effects_that_differ_by_unit_are_found_and_told(study_by_hand):
    found = adjusted(world(study_by_hand, slope=(0.0, 0.0, 0.0, -0.8)))
    by = {c.adjuster: c for c in found.checks}
    assert by["meals"].p_adjusted < 0.001
    assert by["wide"].p_adjusted > 0.01
    assert [by["meals"].df, by["wide"].df] == [3, 3]
    (note,) = found.notes
    assert (note.code, note.about, note.params) == ("M259", "unit", {"adjusters": "meals", "measure": "quality"})
    assert note.text("en") != note.text("zh-CN")


def test_adjusted_scores_are_ranked_where_raw_ones_are(study_by_hand):
    study = world(study_by_hand, ranks=True)
    found = adjusted(study)
    assert {r.statistic for r in found.ranks} == {"adjusted"}
    clean = {r.unit: r.estimate for r in found.adjusted if r.method == "adjusted"}
    assert [r.unit for r in found.ranks] == sorted(clean, key=lambda u: -clean[u])
    assert [(r.rank_low, r.rank_high) for r in found.ranks] == [(1, 4)] * 4  # age is all there is
    assert adjusted(world(study_by_hand)).ranks == ()


def test_a_unit_of_one_has_a_score_and_no_error(study_by_hand):
    study = world(study_by_hand)
    unit = ["solo", *study.frame["unit"].to_list()[1:]]
    study.frame["unit"] = unit
    found = adjusted(dataclasses.replace(study, groups={"unit": study.frame["unit"]}))
    row = next(r for r in found.adjusted if r.unit == "solo" and r.method == "adjusted")
    assert row.estimate is not None
    assert (row.std_error, row.conf_low, row.df, row.n) == (None, None, None, 1)


def test_replicate_weights_give_errors_and_the_test_of_their_jackknife(study_by_hand):
    data = VALUES["weighted"]["data"]
    study = study_of(study_by_hand, data, adjusters=("meals", "grad", "wide"))
    n, w = study.n, study.weights
    table = np.where(np.eye(n, dtype=bool), 0.0, n / (n - 1)) * w[None, :]
    found = adjusted(dataclasses.replace(study, replicates=replicate_set(w, table, "jk1")))
    assert column(found.adjusted, "estimate", method="adjusted") == pytest.approx(VALUES["weighted"]["adjusted"])
    errors = column(found.adjusted, "std_error", method="adjusted")
    assert errors == pytest.approx(VALUES["weighted"]["adjusted_error"], rel=1e-7)
    for check in found.checks:
        f, q, df2, p = VALUES["weighted"]["interaction"][check.adjuster]
        if f is not None:
            assert (check.f, check.df, check.df2, check.p_value) == pytest.approx((f, q, df2, p), rel=1e-7)
    assert {check.adjuster for check in found.checks if check.f is not None} >= {"meals", "grad"}


def test_a_question_that_all_answered_alike_is_told(study_by_hand):
    study = world(study_by_hand)
    study.frame["wide"] = "w1"
    found = adjusted(study)
    assert [(n.code, n.params) for n in found.notes] == [("M245", {"terms": "wide"})]
    assert [r.term for r in found.coefficients] == ["meals"]


def test_without_the_key_there_is_nothing(study_by_hand):
    study = world(study_by_hand)
    plan = dataclasses.replace(study.plan, case_mix=None)
    found = adjust_for_case_mix(dataclasses.replace(study, plan=plan), make_resampling(study))
    assert found == type(found)()
