"""Indicator trees: values by hand, errors, missing leaves, the weakest, order."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from satmeter.measurement.scores import score_rows
from satmeter.measurement.trees import tree_rows
from satmeter.moments import make_resampling
from satmeter.study.composed_scores import Tree

N = 240
AREAS = ["n"] * 100 + ["s"] * 80 + ["w"] * 60


def ratings(seed, move=0.0, low=1, high=5):
    rng = np.random.default_rng(seed)
    return list(np.clip(np.round((low + high) / 2 + move + rng.normal(size=N) * (high - low) / 5), low, high))


def node(name, of, **options):
    return Tree(name, of, "made for a test", {"en": name}, **options)


def made(study_by_hand, *trees, hidden=None, **options):
    """Three constructs with two items each, one of them a cost; `hidden`: item to the areas that did not answer it."""
    constructs = {
        "service": ("driver", {"s1": ratings(1), "s2": ratings(2, 0.5)}),
        "price": ("cost", {"c1": ratings(3, -0.5), "c2": ratings(4)}),
        "staff": ("driver", {"t1": ratings(5, 0.8, 0, 10), "t2": ratings(6, 0.4, 0, 10)}),
    }
    for items in [items for _, items in constructs.values()]:
        for item, areas in (hidden or {}).items():
            if item in items:
                items[item] = [np.nan if a in areas else v for a, v in zip(AREAS, items[item], strict=True)]
    study = study_by_hand(
        constructs,
        scales={"t1": (0, 10), "t2": (0, 10)},
        questions={"area": ("choice", list(AREAS))},
        groups=("area",),
        **options,
    )
    return dataclasses.replace(study, plan=dataclasses.replace(study.plan, trees=trees))


def found_in(study, group=""):
    found = tree_rows(study, make_resampling(study))
    return {row.node: row for row in found.rows if row.group == group}, found


SIM = (
    node("sim", {"service": 0.5, "contact": 0.5}),
    node("contact", {"price": 0.5, "t1": 0.5}),
)


def test_a_tree_of_50_25_25_is_worked_out_by_hand(study_by_hand):
    study = made(study_by_hand, *SIM)
    rows, found = found_in(study, "s")
    here = np.array(AREAS) == "s"
    service, price = (study.construct_scores[c].to_numpy()[here].mean() for c in ("service", "price"))
    t1 = 10 * study.frame["t1"].to_numpy()[here].mean()
    assert rows["service"].estimate == pytest.approx(service, rel=1e-12)
    assert rows["price"].estimate == pytest.approx(100 - price, rel=1e-12)  # a cost, turned round
    assert rows["t1"].estimate == pytest.approx(t1, rel=1e-12)
    assert rows["contact"].estimate == pytest.approx((100 - price + t1) / 2, rel=1e-12)
    whole = 0.5 * service + 0.25 * (100 - price) + 0.25 * t1
    assert rows["sim"].estimate == pytest.approx(whole, rel=1e-12)
    assert [rows[n].share for n in ("sim", "service", "contact", "price", "t1")] == [1, 0.5, 0.5, 0.25, 0.25]
    leaves = [row for row in rows.values() if row.leaf]
    assert sum(row.contribution for row in leaves) == pytest.approx(whole, rel=1e-12)
    assert rows["contact"].contribution == pytest.approx(rows["price"].contribution + rows["t1"].contribution)
    assert [(r.node, r.parent, r.level, r.place) for r in rows.values()] == [
        ("sim", "", 0, 1),
        ("service", "sim", 1, 1),
        ("contact", "sim", 1, 2),
        ("price", "contact", 2, 1),
        ("t1", "contact", 2, 2),
    ]
    assert [note.code for note in found.notes] == ["M255"]
    assert found.notes[0].params == {"leaves": "price"}


def test_a_leaf_is_the_published_score_with_its_error(study_by_hand):
    study = made(study_by_hand, *SIM, weights=[1 + i % 3 for i in range(N)], cluster=[i // 4 for i in range(N)])
    resampling = make_resampling(study)
    scores = {(r.measure, r.group): r for r in score_rows(study, resampling)[0] if r.statistic == "mean_score"}
    for row in tree_rows(study, resampling).rows:
        if row.node in ("service", "price"):
            score = scores[row.node, row.group]
            turned = row.node == "price"
            low, high = (score.conf_high, score.conf_low) if turned else (score.conf_low, score.conf_high)
            sign, shift = (-1, 100) if turned else (1, 0)
            expected = (shift + sign * score.estimate, score.std_error, shift + sign * low, shift + sign * high)
            got = (row.estimate, row.std_error, row.conf_low, row.conf_high)
            assert got == pytest.approx(expected, rel=1e-9)
            assert (row.df, row.n) == (score.df, score.n)


def test_the_error_of_a_node_knows_that_the_same_people_answered_its_leaves(study_by_hand):
    study = made(study_by_hand, node("all", {"s1": 0.3, "s2": 0.7}), replicates=4000)
    rows, _ = found_in(study)
    together = 25 * (0.3 * (study.frame["s1"] - 1) + 0.7 * (study.frame["s2"] - 1))
    assert rows["all"].std_error == pytest.approx(together.std(ddof=1) / np.sqrt(N), rel=0.03)
    assert (rows["all"].n, rows["all"].df) == (N, N - 1)


def test_one_leaf_of_weight_1_is_the_leaf(study_by_hand):
    rows, _ = found_in(made(study_by_hand, node("all", {"staff": 1.0})), "w")
    whole, leaf = rows["all"], rows["staff"]
    for key in ("estimate", "std_error", "conf_low", "conf_high", "df", "n", "share", "contribution"):
        assert getattr(whole, key) == pytest.approx(getattr(leaf, key), rel=1e-12)
    assert not whole.weakest
    assert not leaf.weakest  # one candidate has nobody to be weaker than


def test_the_order_of_the_file_changes_no_value(study_by_hand):
    turned = (node("contact", {"t1": 0.5, "price": 0.5}), node("sim", {"contact": 0.5, "service": 0.5}))
    first, _ = found_in(made(study_by_hand, *SIM))
    second, _ = found_in(made(study_by_hand, *turned))
    assert list(second) == ["sim", "contact", "t1", "price", "service"]
    for name, row in first.items():
        keys = ("estimate", "std_error", "share", "weakest", "certain")
        assert [getattr(second[name], k) for k in keys] == pytest.approx([getattr(row, k) for k in keys], rel=1e-12)


def test_a_missing_leaf_is_shared_out_or_stops_its_node(study_by_hand):
    hidden = {"t1": ("w",)}
    study = made(study_by_hand, *SIM, hidden=hidden)
    rows, found = found_in(study, "w")
    assert (rows["t1"].estimate, rows["t1"].n, rows["t1"].share, rows["t1"].contribution) == (None, 0, None, None)
    assert rows["contact"].estimate == pytest.approx(rows["price"].estimate, rel=1e-12)
    assert rows["contact"].std_error == pytest.approx(rows["price"].std_error, rel=1e-12)
    assert (rows["price"].share, rows["price"].weight) == (0.5, 0.5)
    told = [note for note in found.notes if note.code == "M256"]
    assert [(n.about, n.params) for n in told] == [("contact", {"leaves": "t1", "groups": "area[w]"})]
    assert "t1" in told[0].text("zh-CN")

    strict = (SIM[0], dataclasses.replace(SIM[1], missing="stop"))
    rows, found = found_in(made(study_by_hand, *strict, hidden=hidden), "w")
    assert (rows["contact"].estimate, rows["contact"].std_error, rows["price"].share) == (None, None, 0)
    assert rows["price"].estimate is not None
    assert rows["sim"].estimate == pytest.approx(rows["service"].estimate, rel=1e-12)  # its own rule is rescale
    assert [(n.code, n.about) for n in found.notes] == [("M255", "sim"), ("M256", "sim"), ("M257", "contact")]

    rows, found = found_in(
        made(study_by_hand, *(dataclasses.replace(t, missing="stop") for t in SIM), hidden=hidden), "w"
    )
    assert (rows["sim"].estimate, rows["service"].share, rows["service"].contribution) == (None, None, None)
    assert [(n.code, n.about) for n in found.notes] == [("M255", "sim"), ("M257", "sim"), ("M257", "contact")]
    rows, _ = found_in(made(study_by_hand, *SIM, hidden=hidden), "n")
    assert rows["contact"].share == 0.5
    assert rows["t1"].share == 0.25


def test_a_leaf_that_nobody_answered_is_told_once(study_by_hand):
    hidden = {"t1": ("n", "s", "w")}
    _, found = found_in(made(study_by_hand, *SIM, hidden=hidden))
    assert [n.code for n in found.notes] == ["M255", "M243"]
    strict = (SIM[0], dataclasses.replace(SIM[1], missing="stop"))
    _, found = found_in(made(study_by_hand, *strict, hidden=hidden))
    assert [n.code for n in found.notes] == ["M255", "M243", "M244"]
    for note in found.notes:
        assert note.text("en") != note.text("zh-CN")


def test_the_weakest_leaf_is_marked_and_sure_only_when_it_is_below_every_other_one(study_by_hand):
    rows, _ = found_in(made(study_by_hand, node("all", {"s1": 0.5, "c1": 0.25, "t1": 0.25})))
    lowest = min((row for row in rows.values() if row.leaf), key=lambda row: row.estimate)
    assert [row.node for row in rows.values() if row.weakest] == [lowest.node]
    assert (lowest.node, lowest.certain) == ("s1", True)
    same = {"s1": 0.5, "s2": 0.5}
    study = made(study_by_hand, node("all", same))
    study.frame["s2"] = study.frame["s1"]
    rows, _ = found_in(study)
    assert [(r.node, r.certain) for r in rows.values() if r.weakest] == [("s1", False), ("s2", False)]
    shuffled = np.random.default_rng(1).permutation(study.frame["s1"].to_numpy())
    study.frame["s2"] = np.where(np.arange(N) == 5, 5, shuffled)
    rows, _ = found_in(study)
    assert [r.certain for r in rows.values() if r.weakest] == [False]


def test_a_journey_looks_for_the_weakest_among_its_touchpoints(study_by_hand):
    journey = (dataclasses.replace(SIM[0], kind="journey"), SIM[1])
    rows, _ = found_in(made(study_by_hand, *journey))
    assert {r.kind for r in rows.values()} == {"journey"}
    assert [r.node for r in rows.values() if r.weakest] == ["service"]
    assert rows["service"].estimate < rows["contact"].estimate


def test_answers_that_are_all_equal_have_no_error(study_by_hand):
    study = made(study_by_hand, node("all", {"s1": 0.5, "s2": 0.5}))
    study.frame[["s1", "s2"]] = 4.0
    rows, _ = found_in(study)
    assert (rows["all"].estimate, rows["all"].std_error, rows["all"].conf_low, rows["all"].df) == (75, None, None, None)


def test_without_trees_there_is_nothing(study_by_hand):
    assert tree_rows(made(study_by_hand), None) == type(tree_rows(made(study_by_hand), None))()
