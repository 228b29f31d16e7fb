"""Answers to questions: the figures of a published table, by hand, and under designs."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from satmeter.measurement.answers import answer_figures
from satmeter.moments import make_resampling
from satmeter.study.plan import Answers

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "scores.json").read_text("utf-8"))["values"]
RATINGS = {"c": ("driver", {"a": [3.0] * 6})}


def figures(study, answers=None, **more):
    study = replace(study, plan=replace(study.plan, answers=answers or Answers(), **more))
    return answer_figures(study, make_resampling(study))


def one(found, question, statistic, option="", group=""):
    (row,) = [
        r for r in found.rows if (r.question, r.statistic, r.option, r.group) == (question, statistic, option, group)
    ]
    return row


def ends(row):
    return row.conf_low, row.conf_high


@pytest.fixture(scope="session")
def merchants(study_by_hand):
    """The survey of 200 merchants: 187 sole traders, wants of which several may be named."""
    wants = [("bank", "fees") if i < 122 else ("bank",) if i < 168 else ("fees",) for i in range(200)]
    return study_by_hand(
        {"c": ("driver", {"a": [3.0] * 200})},
        questions={
            "owner": ("choice", ["sole"] * 187 + ["firm"] * 13),
            "wants": ("multiple", wants),
            "market": ("choice", ["m"] * 100 + ["k"] * 100),
        },
        groups=("market",),
        replicates=400,
    )


def test_the_published_table_of_merchants(merchants):
    found = figures(merchants)
    sole, bank, fees = (
        one(found, *which)
        for which in [("owner", "share_cases", "sole")] + [("wants", "share_cases", o) for o in ("bank", "fees")]
    )
    assert [round(100 * x, 1) for x in (sole.estimate, *ends(sole))] == [93.5, 89.2, 96.2]
    assert [round(100 * x, 1) for x in (bank.estimate, *ends(bank))] == [84.0, 78.3, 88.4]
    assert [round(100 * x, 1) for x in (fees.estimate, *ends(fees))] == [77.0, 70.7, 82.3]
    assert (bank.n, bank.df, bank.deff) == (200, 199.0, 1.0)


def test_shares_of_answers_add_up_to_one_and_know_that_answers_come_in_pairs(merchants):
    found = figures(merchants)
    bank, fees = (one(found, "wants", "share_answers", option) for option in ("bank", "fees"))
    assert bank.estimate == pytest.approx(168 / 322)
    assert bank.estimate + fees.estimate == pytest.approx(1)
    # by the ratio estimator, y = chose the bank, x = number of choices
    y, x = np.repeat([1.0, 1.0, 0.0], [122, 46, 32]), np.repeat([2.0, 1.0, 1.0], [122, 46, 32])
    error = np.std(y - bank.estimate * x, ddof=1) / x.mean() / 200**0.5
    assert bank.std_error == pytest.approx(error, rel=0.08)
    size = min(bank.estimate * (1 - bank.estimate) / bank.std_error**2, 322)  # at most the answers that were given
    wilson = stats.norm.ppf(0.975)
    centre = (bank.estimate + wilson**2 / (2 * size)) / (1 + wilson**2 / size)
    assert sum(ends(bank)) / 2 == pytest.approx(centre, abs=1e-9)
    assert "应答百分比" in bank.definition["zh-CN"]
    assert not [r for r in found.rows if r.question == "owner" and r.statistic == "share_answers"]


def test_groups_have_bases_of_their_own(merchants):
    found = figures(merchants)
    bank = one(found, "wants", "share_cases", "bank", "k")
    assert (bank.estimate, bank.n, bank.group_by) == (0.68, 100, "market")
    assert not [r for r in found.rows if r.question == r.group_by]
    assert [(r.group_by, r.group) for r in found.rows if (r.question, r.option) == ("owner", "sole")] == [
        ("", ""), ("market", "k"), ("market", "m"),
    ]  # fmt: skip


def test_only_named_questions_in_the_order_of_the_plan(merchants):
    found = figures(merchants, Answers(questions=("wants", "owner")), groups=())
    assert list(dict.fromkeys(r.question for r in found.rows)) == ["wants", "owner"]
    study = replace(merchants, plan=replace(merchants.plan, answers=None))
    assert answer_figures(study, make_resampling(study)).rows == ()


@pytest.fixture(scope="session")
def numbers(study_by_hand):
    spend = [10.0, 20.0, 30.0, 40.0, 1000.0, None]
    return study_by_hand(
        RATINGS,
        questions={
            "spend": ("number", spend),
            "visits": ("number", [1, 2, None, 4, 5, 6]),
            "g": ("choice", list("aabbcc")),
        },
        groups=("g",),
    )


def test_numbers_by_hand(numbers):
    found = figures(numbers, Answers(trim=0.2, ratios={"per_visit": ("spend", "visits")}))
    assert one(found, "spend", "mean").estimate == pytest.approx(220)
    assert one(found, "spend", "median").estimate == 30
    assert (one(found, "spend", "quantile25").estimate, one(found, "spend", "quantile75").estimate) == (20, 40)
    trimmed = one(found, "spend", "trimmed_mean")
    assert (trimmed.estimate, trimmed.df, trimmed.n) == (pytest.approx(30), 2.0, 5)
    ratio = one(found, "per_visit", "ratio")
    assert (ratio.estimate, ratio.n) == (pytest.approx(1070 / 12), 4)
    assert "“spend” over the sum of those to “visits”" in ratio.definition["en"]
    assert "最低 20%" in trimmed.definition["zh-CN"]
    assert list(dict.fromkeys(r.statistic for r in found.rows if r.question == "spend")) == [
        "mean", "quantile25", "median", "quantile75", "trimmed_mean",
    ]  # fmt: skip


def test_answers_far_out_are_noted_with_their_part_of_the_sum(numbers):
    (note,) = [n for n in figures(numbers).notes if n.code == "M251"]
    assert (note.about, dict(note.params)) == ("spend", {"n": 1, "all": 5, "share": "91%"})
    assert "1000" not in note.text("en")
    assert "91%" in note.text("zh-CN")


def test_what_cannot_be_had_is_noted(study_by_hand):
    study = study_by_hand(
        RATINGS,
        questions={
            "spend": ("number", [None] * 6),
            "zero": ("number", [0.0] * 6),
            "wants": ("multiple", [None, None, None, ("x",), ("x",), ("x",)]),
        },
    )
    found = figures(study, Answers(ratios={"r": ("spend", "zero"), "s": ("zero", "zero")}))
    assert {(n.code, n.about) for n in found.notes} == {("M252", "spend"), ("M253", "r"), ("M253", "s"), ("M254", "")}
    (silent,) = [n for n in found.notes if n.code == "M254"]
    for name in (
        "zero (mean, quantile25, median, quantile75, trimmed_mean)",
        "wants (share_cases[x], share_answers[x])",
    ):
        assert name in silent.text("en")
    share = one(found, "wants", "share_cases", "x")
    assert (share.estimate, share.n, share.std_error) == (1.0, 3, None)
    assert share.conf_low == pytest.approx(3 / (3 + 1.959964**2), rel=1e-6)
    assert {r.question for r in found.rows} == {"zero", "wants"}


def test_a_group_that_nobody_of_answered_has_no_rows(numbers):
    found = figures(numbers, Answers(questions=("visits", "spend")))
    assert one(found, "spend", "mean", group="c").n == 1
    assert one(found, "spend", "median", group="c").conf_low is None
    study = replace(numbers, frame=numbers.frame.assign(spend=[10.0, 20.0, 30.0, 40.0, None, None]))
    assert not [r for r in figures(study).rows if (r.question, r.group) == ("spend", "c")]


def test_the_median_that_is_the_highest_answer_has_an_interval(study_by_hand):
    study = study_by_hand({"c": ("driver", {"a": [3.0] * 50})}, questions={"q": ("number", [1.0] * 20 + [2.0] * 30)})
    row = one(figures(study), "q", "median")
    assert (row.estimate, row.conf_low, row.conf_high) == (2.0, 1.0, 2.0)


@pytest.mark.parametrize("name", ["simple", "stratified", "clustered"])
def test_designs_agree_with_r_survey(study_by_hand, name):
    data, expected = REFERENCE["data"][name], REFERENCE["designs"][name]
    n = len(data["enroll"])
    study = study_by_hand(
        {"c": ("driver", {"a": [3.0] * n})},
        questions={
            "enroll": ("number", data["enroll"]),
            "students": ("number", data["api_stu"]),
            "high": ("choice", ["y" if x > 700 else "n" for x in data["api00"]]),
        },
        weights=None if name == "simple" else data["pw"],
        strata=data.get("stratum"),
        cluster=data.get("cluster"),
        replicates=3000,
    )
    found = figures(study, Answers(ratios={"stu": ("students", "enroll")}))
    ratio, share = one(found, "stu", "ratio"), one(found, "high", "share_cases", "y")
    for row, values in ((ratio, expected["ratios"]["stu"]), (share, expected["shares"]["high"])):
        assert row.estimate == pytest.approx(values["estimate"], rel=1e-9)
        assert row.std_error == pytest.approx(values["std_error"], rel=0.06)
        assert row.df == values["df"]
    if name != "simple":
        np.testing.assert_allclose(ends(share), expected["shares"]["high"]["interval"], rtol=0.04)
    quartiles = expected["quantiles"]["enroll"]
    for k, statistic in enumerate(("quantile25", "median", "quantile75")):
        row = one(found, "enroll", statistic)
        assert row.estimate == quartiles["estimate"][k]
        assert row.conf_low == pytest.approx(quartiles["low"][k], rel=0.06)
        assert row.conf_high == pytest.approx(quartiles["high"][k], rel=0.16)


def test_the_error_of_a_trimmed_mean_is_that_of_trimmed_replicates(study_by_hand):
    """Linearised, against trimming every replicate anew."""
    rng = np.random.default_rng(8)
    cluster = np.repeat(np.arange(30), 10)
    spend = np.exp(rng.normal(size=300) + 0.5 * rng.normal(size=30)[cluster])
    study = study_by_hand(
        {"c": ("driver", {"a": [3.0] * 300})},
        questions={"q": ("number", list(spend))},
        cluster=cluster,
        replicates=1000,
    )
    row = one(figures(study), "q", "trimmed_mean")
    trimmed = []
    for _ in range(1000):
        drawn = np.bincount(rng.integers(0, 30, 29), minlength=30)[cluster]
        again = np.sort(np.repeat(spend, drawn))
        trimmed.append(stats.trim_mean(again, 0.1))
    assert row.std_error == pytest.approx(np.std(trimmed), rel=0.1)
    assert row.deff > 1.3
    assert row.df == 29.0


def test_answers_stay_within_the_bounds_of_the_question(study_by_hand):
    study = study_by_hand(RATINGS, questions={"q": ("number", [0.0, 0.0, 0.0, 0.0, 1.0, 1.0])})
    question = replace(study.questionnaire.questions["q"], low=0.0, high=1.0)
    questionnaire = replace(study.questionnaire, questions={"q": question})
    bounded = replace(study, responses=replace(study.responses, questionnaire=questionnaire))
    assert one(figures(study), "q", "mean").conf_low < 0
    assert ends(one(figures(bounded), "q", "mean"))[0] == 0.0


def test_answers_that_are_personal_data_are_not_published(numbers):
    questions = numbers.questionnaire.questions
    secret = {**questions, "spend": replace(questions["spend"], pii="yes")}
    hidden = replace(numbers.questionnaire, questions=secret)
    study = replace(numbers, responses=replace(numbers.responses, questionnaire=hidden))
    assert {row.question for row in figures(study).rows} == {"visits", "g"}


def test_a_finite_population_leaves_less_to_chance(study_by_hand):
    spend = np.exp(np.random.default_rng(4).normal(size=200))
    study = study_by_hand(
        {"c": ("driver", {"a": [3.0] * 200})}, questions={"q": ("number", list(spend))}, replicates=400
    )
    length = {}
    for part in (0.0, 0.75, 1.0):
        row = one(figures(replace(study, fraction=np.full(200, part))), "q", "median")
        length[part] = row.conf_high - row.conf_low
    assert length[0.75] < 0.7 * length[0.0]
    assert (length[1.0], row.conf_low, row.std_error) == (0.0, row.estimate, 0.0)


def test_in_a_finite_population_too_no_more_than_the_answers_stand_behind_a_median(study_by_hand):
    """Clusters that agree nearly: a population without end and one of 10⁹ are the same."""
    spend = np.sort(np.random.default_rng(4).normal(50.0, 9.0, 200))
    study = study_by_hand(
        {"c": ("driver", {"a": [3.0] * 200})},
        questions={"q": ("number", list(spend))},
        cluster=[i % 20 for i in range(200)],
    )
    endless, large = (one(figures(replace(study, fraction=part)), "q", "median") for part in (None, np.full(200, 2e-7)))
    assert (large.conf_low, large.conf_high) == pytest.approx((endless.conf_low, endless.conf_high), rel=1e-6)


def test_replicate_weights_and_the_jackknife_stand_behind_the_figures(study_by_hand):
    """Errors of means under the jackknife are those of the formula; the median's interval hardly differs."""
    spend = np.exp(np.random.default_rng(5).normal(size=150))
    study = study_by_hand({"c": ("driver", {"a": [3.0] * 150})}, questions={"q": ("number", list(spend))})
    plan = replace(study.plan, uncertainty=replace(study.plan.uncertainty, method="jackknife"))
    left_out, drawn = figures(replace(study, plan=plan)), figures(study)
    mean, trimmed = one(left_out, "q", "mean"), one(left_out, "q", "trimmed_mean")
    assert mean.std_error == pytest.approx(spend.std(ddof=1) / 150**0.5, rel=1e-9)
    winsorised = np.clip(spend, np.sort(spend)[15], np.sort(spend)[134])
    assert trimmed.std_error == pytest.approx(winsorised.std(ddof=1) / 150**0.5 / 0.8, rel=1e-9)
    assert ends(one(left_out, "q", "median")) == pytest.approx(ends(one(drawn, "q", "median")), rel=0.1)


def test_clusters_that_agree_by_chance_do_not_make_an_interval_of_nothing(study_by_hand):
    """Both clusters have the same shares, so the design's error is 0 but for rounding: no more is known than n tell."""
    wants = [("a",), ("a", "b"), ("b", "c"), ("c",)] * 2
    study = study_by_hand(
        {"c": ("driver", {"a": [3.0] * 8})},
        questions={"w": ("multiple", wants), "q": ("number", [1.0, 2.0, 3.0, 4.0] * 2)},
        cluster=[1, 1, 1, 1, 2, 2, 2, 2],
    )
    found = figures(study)
    for row in (one(found, "w", "share_answers", "a"), one(found, "w", "share_cases", "a")):
        assert row.conf_low < row.estimate - 0.1
        assert row.conf_high > row.estimate + 0.1
    assert ends(one(found, "q", "median"))[0] < 2.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_figures_lie_within_their_intervals_whatever_was_answered(study_by_hand, seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 30))
    draws = (
        rng.poisson(1, n),
        rng.normal(size=n) * 10.0 ** rng.integers(-9, 12),
        rng.choice([0, 5], n),
        -rng.poisson(2, n),
    )
    spend = [np.nan if rng.random() < 0.3 else float(x) for x in draws[rng.integers(0, 4)]]
    wants = [None if rng.random() < 0.2 else tuple(o for o in "abc" if rng.random() < 0.4) for _ in range(n)]
    study = study_by_hand(
        {"c": ("driver", {"a": [3.0] * n})},
        questions={
            "spend": ("number", spend),
            "visits": ("number", [float(x) for x in rng.integers(0, 3, n)]),
            "wants": ("multiple", wants),
            "g": ("choice", list(rng.choice(list("pq"), n))),
        },
        groups=("g",),
        weights=list(rng.uniform(0.1, 9, n)) if seed % 2 else None,
        cluster=[k % 4 for k in range(n)] if seed % 3 else None,
        replicates=100,
    )
    ratios = {"over": ("spend", "visits"), "under": ("visits", "spend")}
    for row in figures(study, Answers(trim=float(rng.choice([0, 0.1, 0.45])), ratios=ratios)).rows:
        if row.conf_low is None:
            continue
        slack = 1e-9 * max(1.0, abs(row.estimate))
        assert row.conf_low - slack <= row.estimate <= row.conf_high + slack, row
        assert not row.option or 0 <= row.conf_low <= row.conf_high <= 1


def test_weights_of_zero_do_not_count(study_by_hand):
    study = study_by_hand(
        RATINGS, questions={"q": ("number", [1.0, 2.0, 3.0, 4.0, 5.0, 900.0])}, weights=[1, 1, 1, 1, 1, 0]
    )
    found = figures(study)
    assert (one(found, "q", "median").estimate, one(found, "q", "median").n) == (3.0, 5)
    assert one(found, "q", "mean").estimate == pytest.approx(3.0)
    assert not [n for n in found.notes if n.code == "M251"]


def test_an_answer_of_none_of_the_options_counts_as_a_case(study_by_hand):
    study = study_by_hand(RATINGS, questions={"w": ("multiple", [("x",), (), ("x", "y"), None, ("y",), ()])})
    found = figures(study)
    assert (one(found, "w", "share_cases", "x").estimate, one(found, "w", "share_cases", "x").n) == (0.4, 5)
    assert one(found, "w", "share_answers", "x").estimate == pytest.approx(0.5)
