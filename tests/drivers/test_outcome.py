"""Outcomes that cannot be analysed, and what is said about those that can."""

import numpy as np
import pytest

from satmeter.drivers import fit_drivers, fit_outcome
from satmeter.drivers.priorities import quadrant
from satmeter.errors import DriversError
from satmeter.moments import Resampling, make_resampling

NAN = float("nan")
N = 60


def column(seed, n=N):
    return list(np.random.default_rng(seed).integers(1, 6, n).astype(float))


def study_of(study_by_hand, drivers, outcome=None, roles=None, **options):
    constructs = {name: ((roles or {}).get(name, "driver"), {f"{name}_1": v}) for name, v in drivers.items()}
    constructs["satisfaction"] = ("satisfaction", {"s_1": outcome or column(99)})
    options.setdefault("model", {"satisfaction": tuple(drivers)})
    return study_by_hand(constructs, **options)


def raised(study, *names):
    with pytest.raises(DriversError) as found:
        fit_outcome(study, make_resampling(study), "satisfaction", names)
    return {p.code: p for p in found.value.problems}


def notes(study, code=None):
    found = fit_drivers(study, make_resampling(study))
    return found, [n for n in found.notes if code is None or n.code == code]


def test_constant_and_collinear_drivers_are_named_together(study_by_hand):
    a, b = column(1), column(2)
    study = study_of(study_by_hand, {"a": a, "b": b, "copy": a, "flat": [3] * N})
    problems = raised(study, "a", "b", "copy", "flat")
    assert set(problems) == {"D001", "D002"}
    assert problems["D001"].params["columns"] == "flat"
    assert problems["D002"].params["columns"] == "a, copy"
    found, noted = notes(study)
    assert [(n.code, n.about, n.params["columns"]) for n in noted] == [
        ("D101", "satisfaction", "flat"),
        ("D102", "satisfaction", "a, copy"),
    ]
    assert found.drivers == found.fit == ()


def test_choice_with_one_answer_is_constant(study_by_hand):
    study = study_of(study_by_hand, {"a": column(1)}, questions={"q": ("choice", ["x"] * N)})
    assert raised(study, "a", "q")["D001"].params["columns"] == "q"


def test_one_broken_outcome_does_not_lose_the_other(study_by_hand):
    a, b = column(1), column(2)
    study = study_by_hand(
        {
            "a": ("driver", {"a1": a}),
            "b": ("driver", {"b1": b}),
            "flat": ("driver", {"f1": [2] * N}),
            "satisfaction": ("satisfaction", {"s1": column(3)}),
            "loyalty": ("loyalty", {"l1": column(4)}),
        },
        model={"satisfaction": ("a", "flat"), "loyalty": ("a", "b")},
    )
    found, noted = notes(study, "D101")
    assert {r.outcome for r in found.fit} == {"loyalty"}
    assert [n.about for n in noted] == ["satisfaction"]


def test_too_few_respondents(study_by_hand):
    study = study_of(study_by_hand, {"a": column(1, 7), "b": column(2, 7)}, column(3, 7))
    problem = raised(study, "a", "b")["D003"]
    assert (problem.params["n"], problem.params["k"], problem.params["needed"]) == (7, 2, 7)
    assert [n.code for n in notes(study)[1]] == ["D103"]
    enough = study_of(study_by_hand, {"a": column(1, 8), "b": column(2, 8)}, column(3, 8))
    assert notes(enough)[0].fit[0].n == 8


def test_driver_that_nobody_answered(study_by_hand):
    study = study_of(study_by_hand, {"a": [NAN] * N, "b": column(2), "c": column(3)})
    assert set(raised(study, "a")) == {"D005"}
    found, noted = notes(study, "D109")
    assert [n.about for n in noted] == ["a"]
    assert [r.term for r in found.regression] == ["(intercept)", "b", "c"]


def test_drivers_that_nobody_answered_together(study_by_hand):
    half = N // 2
    study = study_of(study_by_hand, {"a": column(1)[:half] + [NAN] * half, "b": [NAN] * half + column(2)[half:]})
    assert raised(study, "a", "b")["D003"].params["n"] == 0


def test_a_weight_near_zero_beside_a_correlation_near_zero_is_no_suppression(study_by_hand):
    noise = study_of(study_by_hand, {f"d{j}": column(j) for j in range(5)})
    assert notes(noise, "D111")[1] == notes(noise, "D112")[1] == []


def test_outcome_without_differences(study_by_hand):
    study = study_of(study_by_hand, {"a": column(1)}, [4] * N)
    assert set(raised(study, "a")) == {"D004"}
    assert [n.code for n in notes(study)[1]] == ["D104"]


def test_predecessors_that_cannot_be_drivers(study_by_hand):
    study = study_of(
        study_by_hand,
        {"a": column(1)},
        questions={"why": ("text", ["because"] * N)},
        model={"satisfaction": ("why", "a_1", "nothing")},
    )
    assert set(raised(study, "why")) == {"D005"}
    assert [n.code for n in notes(study)[1]] == ["D105"]
    both = study_of(
        study_by_hand, {"a": column(1)}, questions={"why": ("text", ["x"] * N)}, model={"satisfaction": ("a", "why")}
    )
    assert [(n.about, n.params["type"]) for n in notes(both, "D107")[1]] == [("why", "text")]


def test_outcome_that_the_model_does_not_explain(study_by_hand):
    study = study_of(study_by_hand, {"a": column(1), "b": column(2)}, outcomes=("b", "satisfaction"))
    found, noted = notes(study, "D106")
    assert [n.about for n in noted] == ["b"]
    assert {r.outcome for r in found.fit} == {"satisfaction"}


def test_text_of_the_problem_with_the_outcome(study_by_hand):
    from satmeter.drivers.fit import _fit_one

    study = study_of(study_by_hand, {"a": column(1)})
    with pytest.raises(DriversError) as found:
        _fit_one(study, make_resampling(study), "a", {"satisfaction": ("a",)})
    assert [p.code for p in found.value.problems] == ["D006"]
    assert "one of satisfaction" in found.value.text("en")
    assert "以下之一：satisfaction" in found.value.text("zh-CN")


def test_nothing_to_explain(study_by_hand):
    found, noted = notes(study_of(study_by_hand, {"a": column(1)}, model={}))
    assert [n.code for n in noted] == ["D108"]
    assert found.drivers == ()


def test_replicates_of_another_study(study_by_hand):
    other = Resampling(np.ones(2), np.arange(2), np.ones((3, 2), dtype=np.uint16), np.ones(2), 1)
    with pytest.raises(DriversError) as found:
        fit_drivers(study_of(study_by_hand, {"a": column(1)}), other)
    assert [p.code for p in found.value.problems] == ["D007"]


def test_suppression_is_noted(study_by_hand):
    """y = x1 − 0.5·x2 with x1 and x2 strongly correlated: x2 correlates positively and weighs negatively."""
    rng = np.random.default_rng(0)
    x1 = rng.normal(size=400)
    x2 = x1 + 0.4 * rng.normal(size=400)
    y = x1 - 0.4 * x2 + 0.3 * rng.normal(size=400)
    found, noted = notes(study_of(study_by_hand, {"a": list(x1), "b": list(x2)}, list(y)), "D111")
    assert [n.about for n in noted] == ["b"]
    b = next(r.estimate for r in found.drivers if (r.driver, r.method) == ("b", "b"))
    assert noted[0].params["b"] == b < 0 < noted[0].params["r"]


def test_weight_that_cannot_be_told_from_zero(study_by_hand):
    """y follows x1; x2 is a copy with noise and weighs exactly −0.02, far less than its standard error."""
    rng = np.random.default_rng(3)
    x1 = rng.normal(size=100)
    x2 = x1 + 0.5 * rng.normal(size=100)
    design = np.column_stack([np.ones(100), x1, x2])
    noise = rng.normal(size=100)
    noise -= design @ np.linalg.lstsq(design, noise, rcond=None)[0]
    y = x1 - 0.02 * x2 + noise
    found, noted = notes(study_of(study_by_hand, {"a": list(x1), "b": list(x2)}, list(y)), "D114")
    assert [n.about for n in noted] == ["b"]
    row = next(r for r in found.drivers if (r.driver, r.method) == ("b", "b"))
    assert row.estimate == pytest.approx(-0.02)
    assert row.conf_low < row.estimate < 0 < row.conf_high
    assert noted[0].params["r"] > 0


def test_unexpected_direction_depends_on_the_role(study_by_hand):
    a = column(1)
    less = [6 - x for x in a]
    driver = notes(study_of(study_by_hand, {"a": a, "b": column(2)}, less), "D112")[1]
    cost = notes(study_of(study_by_hand, {"a": a, "b": column(2)}, less, roles={"a": "cost"}), "D112")[1]
    assert "a" in [n.about for n in driver]
    assert "a" not in [n.about for n in cost]
    more = notes(study_of(study_by_hand, {"a": a, "b": column(2)}, [*a[:-1], 3.0], roles={"a": "cost"}), "D112")[1]
    assert "a" in [n.about for n in more]


def test_listwise_loss_is_noted(study_by_hand):
    a = [NAN] * 20 + column(1)[20:]
    found, noted = notes(study_of(study_by_hand, {"a": a, "b": column(2)}), "D119")
    assert noted[0].params == {"n": 40, "answered": 60}
    assert found.fit[0].n == 40
    _, noted = notes(study_of(study_by_hand, {"a": a, "b": column(2)}), "D217")
    assert noted == []  # without a design nothing more is to be said


def test_respondents_lost_under_a_design_are_counted(study_by_hand):
    a = [NAN] * 3 + column(1)[3:]
    study = study_of(study_by_hand, {"a": a, "b": column(2)}, cluster=[i // 2 for i in range(N)])
    found, (note,) = notes(study, "D217")
    assert found.fit[0].n == N - 3
    assert note.text("en").startswith(f"satisfaction: 3 of {N} respondents with a score lack a driver or a control")
    assert "3 位缺少驱动因素或控制变量" in note.text("zh-CN")


def test_few_clusters_leave_no_tests(study_by_hand):
    cluster = [i % 3 for i in range(N)]
    study = study_of(study_by_hand, {"a": column(1), "b": column(2)}, cluster=cluster)
    found, noted = notes(study, "D118")
    assert [n.about for n in noted] == ["satisfaction"]
    assert {(r.df, r.p_value, r.conf_low) for r in found.regression} == {(None, None, None)}
    assert all(r.std_error > 0 for r in found.regression)
    percentile = [r for r in found.drivers if r.method in ("correlation", "beta", "lmg")]
    assert {(r.std_error, r.conf_low, r.conf_high, r.share_low) for r in percentile} == {(None, None, None, None)}
    assert sum(r.share for r in found.drivers if r.method == "lmg") == pytest.approx(1)
    assert [(p.importance_low, p.certain) for p in found.priorities] == [(None, False)] * 2


def test_rows_of_one_cluster_give_no_errors(study_by_hand):
    """Every replicate that holds the cluster is the sample itself: errors of 0 and intervals of no width are none."""
    a = column(1)
    answered = [*column(2)[:20], *[NAN] * (N - 20)]
    study = study_of(study_by_hand, {"a": a, "b": answered}, cluster=[i // 20 for i in range(N)])
    found, _ = notes(study)
    assert found.fit[0].n == 20
    figures = [*found.drivers, *found.regression, *found.fit]
    assert {(f.std_error, f.conf_low, f.conf_high) for f in figures} == {(None, None, None)}
    assert all(f.estimate is not None for f in figures)


def test_one_driver_has_no_priorities(study_by_hand):
    found, noted = notes(study_of(study_by_hand, {"a": column(1)}), "D122")
    assert found.priorities == ()
    assert [n.about for n in noted] == ["satisfaction"]


def test_many_drivers_lose_intervals_then_importance(study_by_hand):
    n = 80
    fifteen = study_of(study_by_hand, {f"d{j}": column(j, n) for j in range(15)}, column(99, n), replicates=20)
    found, noted = notes(fifteen, "D117")
    assert noted[0].params == {"k": 15, "maximum": 14}
    lmg = [r for r in found.drivers if r.method == "lmg"]
    assert {(r.conf_low, r.share_low, r.std_error) for r in lmg} == {(None, None, None)}
    assert sum(r.estimate for r in lmg) == pytest.approx(found.fit[0].estimate)
    assert {r.certain for r in found.priorities} == {False}
    many = study_of(study_by_hand, {f"d{j}": column(j, n) for j in range(25)}, column(99, n), replicates=20)
    found, noted = notes(many, "D116")
    assert noted[0].params == {"k": 25, "maximum": 24}
    assert not [r for r in found.drivers if r.method == "lmg"]
    assert found.fit[0].estimate > 0


def test_category_that_vanishes_in_replicates(study_by_hand):
    """Two respondents of sixty choose z: many replicates hold none of them, and the numbers still come."""
    kinds = ["z", "z", *["x", "y"] * 29]
    study = study_of(
        study_by_hand, {"a": column(1)}, questions={"q": ("choice", kinds)}, model={"satisfaction": ("a", "q")}
    )
    found, _ = notes(study)
    assert [r.term for r in found.regression] == ["(intercept)", "a", "q[y]", "q[z]"]
    lmg = [r for r in found.drivers if r.method == "lmg"]
    assert all(r.conf_low is not None and r.conf_low <= r.estimate <= r.conf_high for r in lmg)
    control = study_of(
        study_by_hand, {"a": column(1), "b": column(2)}, questions={"q": ("choice", kinds)}, controls=("q",)
    )
    shares = [r.share for r in notes(control)[0].drivers if r.method == "lmg"]
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("design", [{}, {"weights": [1.0, 2.0] * (N // 2)}, {"cluster": [i // 4 for i in range(N)]}])
def test_category_of_one_respondent_has_no_standard_error(study_by_hand, design):
    """One respondent fits the coefficient exactly in every replicate: the replicates' error would be far too small."""
    answers = ["a", "b"] * (N // 2)
    answers[7] = "c"
    study = study_of(
        study_by_hand,
        {"d": column(1)},
        questions={"q": ("choice", answers)},
        model={"satisfaction": ("d", "q")},
        **design,
    )
    found, noted = notes(study, "D123")
    rows = {row.term: row for row in found.regression}
    assert rows["q[c]"].estimate is not None
    assert (rows["q[c]"].std_error, rows["q[c]"].p_value, rows["q[c]"].conf_low) == (None, None, None)
    assert rows["q[b]"].std_error > 0
    assert rows["(intercept)"].std_error > 0
    assert [(n.about, n.params["terms"]) for n in noted] == [("satisfaction", "q[c]")]


def test_reference_category_of_one_cluster_leaves_its_comparisons_without_error(study_by_hand):
    study = study_of(
        study_by_hand,
        {"d": column(1)},
        questions={"q": ("choice", ["a"] * 4 + ["b", "c"] * (N // 2 - 2))},
        model={"satisfaction": ("d", "q")},
        cluster=[i // 4 for i in range(N)],
    )
    found, noted = notes(study, "D123")
    without = [row.term for row in found.regression if row.std_error is None]
    assert without == ["(intercept)", "q[b]", "q[c]"]
    assert [n.params["terms"] for n in noted] == [", ".join(without)]


def test_missing_category_is_no_category(study_by_hand):
    kinds = [None, *["x", "y"] * 29, "x"]
    found, _ = notes(
        study_of(
            study_by_hand, {"a": column(1)}, questions={"q": ("choice", kinds)}, model={"satisfaction": ("a", "q")}
        )
    )
    assert found.fit[0].n == N - 1


@pytest.mark.parametrize(
    ("importance", "performance", "expected"),
    [
        (0.5, 90, "strength"),
        (0.5, 10, "improve"),
        (0.1, 10, "opportunity"),
        (0.1, 90, "maintain"),
        (0.25, 50, "strength"),
    ],
)
def test_quadrants(importance, performance, expected):
    assert quadrant(importance, performance, 0.25, 50.0) == expected
