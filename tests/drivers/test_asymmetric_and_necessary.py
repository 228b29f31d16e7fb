"""Penalty and reward, necessary conditions, gaps to the best group: planted truths, hand computation, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from satmeter.drivers import fit_drivers
from satmeter.drivers.deepen import deepen_drivers
from satmeter.moments import make_resampling


def scores(rng, n):
    return rng.choice([1, 2, 3, 4, 5], n, p=[0.1, 0.2, 0.3, 0.25, 0.15])


@pytest.fixture(scope="module")
def planted():
    """Three drivers: a lack of `a` takes 30 points, much of `b` brings 30, `c` does both by 10."""
    rng = np.random.default_rng(11)
    n = 1500
    a, b, c = (scores(rng, n) for _ in range(3))
    middle = {name: rng.random(n) < 0.4 for name in "abc"}
    data = {name: np.where(middle[name], 7, np.where(x <= 3, 2, 10)) for name, x in zip("abc", (a, b, c), strict=True)}
    effect = -30 * (data["a"] <= 5) + 30 * (data["b"] >= 8) - 10 * (data["c"] <= 5) + 10 * (data["c"] >= 8)
    y = np.clip(np.round((50 + effect + rng.normal(0, 8, n)) / 10), 0, 10).astype(int)
    return {"a1": data["a"], "b1": data["b"], "c1": data["c"], "y1": y}


def deep(study_by_hand, data, roles=None, cut="mean", replicates=200, **options):
    constructs = {name[0]: ((roles or {}).get(name[0], "driver"), {name: list(data[name])}) for name in data}
    constructs["y"] = ("satisfaction", {"y1": list(data["y1"])})
    scales = dict.fromkeys(data, (0, 10))
    model = {"y": tuple(name[0] for name in data if name != "y1")}
    study = study_by_hand(constructs, scales=scales, model=model, replicates=replicates, **options)
    study = replace(study, plan=replace(study.plan, drivers=replace(study.plan.drivers, cut=cut)))
    resampling = make_resampling(study)
    return study, fit_drivers(study, resampling), deepen_drivers(study, resampling)


def test_planted_asymmetries_are_found(study_by_hand, planted):
    _, _, found = deep(study_by_hand, planted)
    rows = {row.driver: row for row in found["asymmetry"].rows}
    assert {name: row.kind for name, row in rows.items()} == {"a": "basic", "b": "excitement", "c": "performance"}
    assert rows["a"].penalty_low < -30 < rows["a"].penalty_high
    assert rows["a"].reward_low < 0 < rows["a"].reward_high
    assert rows["b"].reward_low < 30 < rows["b"].reward_high
    assert rows["c"].index_low < 0 < rows["c"].index_high
    part = np.asarray(planted["a1"])
    assert (rows["a"].n_low, rows["a"].n_high) == ((part <= 5).sum(), (part >= 8).sum())


def test_a_cost_is_turned_round(study_by_hand, planted):
    turned = planted | {"a1": 10 - np.asarray(planted["a1"])}
    rows = {r.driver: r for r in deep(study_by_hand, turned, {"a": "cost"})[2]["asymmetry"].rows}
    same = {r.driver: r for r in deep(study_by_hand, planted)[2]["asymmetry"].rows}
    # 7 of 10 is middle, and so is 30 turned round
    assert rows["a"].penalty == pytest.approx(same["a"].penalty, abs=1e-9)
    assert rows["a"].n_low == same["a"].n_low


def test_clusters_take_the_errors_of_the_replicates(study_by_hand, planted):
    rng = np.random.default_rng(5)
    cluster = rng.integers(0, 60, len(planted["y1"]))
    plain = deep(study_by_hand, planted)[2]["asymmetry"].rows
    clustered = deep(study_by_hand, planted, cluster=cluster)[2]["asymmetry"].rows
    for one, other in zip(plain, clustered, strict=True):
        assert one.penalty == pytest.approx(other.penalty, abs=1e-9)
        assert one.penalty_low != other.penalty_low
        width = (other.penalty_high - other.penalty_low) / (one.penalty_high - one.penalty_low)
        assert 0.6 < width < 1.6  # random clusters change nothing but noise


def test_drivers_that_nobody_rates_low_are_named(study_by_hand, planted):
    data = planted | {"b1": np.maximum(planted["b1"], 7)}
    section = deep(study_by_hand, data)[2]["asymmetry"]
    assert [row.driver for row in section.rows] == ["a", "c"]
    (note,) = section.notes
    assert (note.code, note.about, note.params["drivers"]) == ("D133", "y", "b")


def test_drivers_without_a_row_are_held_equal_all_the_same(study_by_hand, planted):
    rng = np.random.default_rng(3)
    high = np.where(rng.random(len(planted["a1"])) < 0.2, 7, 10)
    near = np.where(planted["a1"] == 10, 10, high)  # goes with a, nobody low
    y = np.clip(np.asarray(planted["y1"]) + (near == 10), 0, 10)
    channel = np.where(rng.random(len(y)) < 0.4, "n", "w")
    study = study_by_hand(
        {
            "a": ("driver", {"a1": list(planted["a1"])}),
            "b": ("driver", {"b1": list(near)}),
            "y": ("satisfaction", {"y1": list(y)}),
        },
        scales=dict.fromkeys(("a1", "b1", "y1"), (0, 10)),
        questions={"channel": ("choice", list(channel))},
        model={"y": ("a", "b", "channel")},
        replicates=100,
    )
    (row,) = deepen_drivers(study, make_resampling(study))["asymmetry"].rows
    a = 10.0 * np.asarray(planted["a1"])
    x = np.column_stack([np.ones(len(a)), a <= 50, a >= 75, 10.0 * near, channel == "w"])
    b = np.linalg.lstsq(x, 10.0 * y, rcond=None)[0]
    assert (row.driver, row.penalty, row.reward) == ("a", pytest.approx(b[1]), pytest.approx(b[2]))


def test_contrasts_that_follow_from_one_another(study_by_hand, planted):
    data = {key: planted[key] for key in ("a1", "c1", "y1")}
    copied = data | {"b1": np.where(np.asarray(data["a1"]) <= 5, 1, np.where(np.asarray(data["a1"]) >= 8, 8, 6))}
    section = deep(study_by_hand, copied)[2]["asymmetry"]
    assert section.rows == ()
    assert [note.code for note in section.notes] == ["D135"]


def test_no_degrees_of_freedom_left(study_by_hand, planted):
    cluster = np.arange(len(planted["y1"])) % 7
    section = deep(study_by_hand, planted, cluster=cluster)[2]["asymmetry"]
    assert section.rows == ()
    assert [note.code for note in section.notes] == ["D134"]


def test_a_necessary_condition_has_an_empty_corner(study_by_hand):
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 11, 400), rng.integers(0, 11, 400)
    y = np.minimum(a, rng.integers(0, 11, 400))  # without a no y
    section = deep(study_by_hand, {"a1": a, "b1": b, "y1": y})[2]
    rows = {(row.driver, row.ceiling): row for row in section["necessity"].rows}
    assert rows["a", "ce_fdh"].estimate > 0.4
    assert rows["a", "ce_fdh"].p_value == pytest.approx(1 / 1001)
    assert rows["b", "ce_fdh"].estimate < 0.1
    assert rows["b", "ce_fdh"].p_value > 0.05
    assert [note.code for note in section["necessity"].notes] == ["D137"]
    needed = {(row.driver, row.level): row for row in section["bottlenecks"].rows}
    for level in (50.0, 80.0, 90.0):
        reached = 10 * a[10 * y >= level].min()
        assert needed["a", level].needed == pytest.approx(reached)
        assert needed["a", level].attained


def test_a_level_that_nobody_reaches_is_told_from_one_that_needs_nothing(study_by_hand):
    rng = np.random.default_rng(4)
    a, y = rng.integers(0, 11, 200), rng.integers(0, 10, 200)
    a[0], y[0] = 0, 9
    rows = {row.level: row for row in deep(study_by_hand, {"a1": a, "y1": y})[2]["bottlenecks"].rows}
    assert (rows[90.0].needed, rows[90.0].attained) == (None, True)
    assert (rows[100.0].needed, rows[100.0].attained) == (None, False)


def test_small_samples_have_no_ceiling(study_by_hand):
    rng = np.random.default_rng(4)
    section = deep(study_by_hand, {"a1": rng.integers(0, 11, 40), "y1": rng.integers(0, 11, 40)})[2]["necessity"]
    assert section.rows == ()
    assert [note.code for note in section.notes] == ["D136"]


def test_the_gap_to_the_best_group_times_b(study_by_hand, planted):
    n = len(planted["y1"])
    region = np.where(np.arange(n) < 700, "n", np.where(np.arange(n) < 1490, "s", "w"))
    study, core, found = deep(
        study_by_hand, planted, questions={"region": ("choice", list(region))}, groups=("region",)
    )
    rows = {row.driver: row for row in found["potential"].rows}
    b = {row.driver: row.estimate for row in core.drivers if row.method == "b"}
    for name, row in rows.items():
        score = study.construct_scores[name].to_numpy()
        means = {g: score[region == g].mean() for g in "ns"}  # ten respondents of w are too few to be the best
        assert row.best == max(means, key=means.get)
        assert row.mean == pytest.approx(score.mean(), rel=1e-12)
        assert row.gap == pytest.approx(max(means.values()) - score.mean(), rel=1e-9)
        assert row.estimate == pytest.approx(b[name] * row.gap, rel=1e-9)
        assert row.conf_low < row.estimate < row.conf_high


def test_without_two_groups_there_is_no_best_one(study_by_hand, planted):
    region = ["n"] * (len(planted["y1"]) - 5) + ["s"] * 5
    section = deep(study_by_hand, planted, questions={"region": ("choice", region)}, groups=("region",))[2]["potential"]
    assert section.rows == ()
    assert [(note.code, note.about) for note in section.notes] == [("D138", "region")]


def test_an_outcome_that_only_questions_explain_has_no_gaps(study_by_hand, planted):
    n = len(planted["y1"])
    region = list(np.where(np.arange(n) % 2 == 0, "n", "s"))
    study = study_by_hand(
        {"y": ("satisfaction", {"y1": list(planted["y1"])})},
        scales={"y1": (0, 10)},
        questions={"region": ("choice", region)},
        groups=("region",),
        model={"y": ("region",)},
        replicates=100,
    )
    found = deepen_drivers(study, make_resampling(study))
    assert [found[name].rows for name in ("potential", "asymmetry", "necessity")] == [(), (), ()]


@pytest.mark.parametrize(("cut", "line"), [("median", None), (62.5, 62.5)])
def test_the_lines_of_the_map_follow_the_study_file(study_by_hand, planted, cut, line):
    rows = deep(study_by_hand, planted, cut=cut)[1].priorities
    performance = [row.performance for row in rows]
    assert rows[0].performance_line == pytest.approx(np.median(performance) if line is None else line)
    middle = np.median if cut == "median" else np.mean
    assert rows[0].importance_line == pytest.approx(middle([row.importance for row in rows]))
