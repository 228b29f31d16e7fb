"""Differential item functioning of a study: planted and absent, groups and items left out, weights and design."""

import dataclasses

import numpy as np
import pytest

from satmeter.measurement.differential_functioning import differential_rows, flagged_items
from satmeter.measurement.validity_model import DifRow
from satmeter.numerics.differential_items import item_tests
from satmeter.numerics.matching import rest_matching
from satmeter.numerics.multiplicity import holm

NAN = float("nan")


def ratings(rng, group, *, shift=0.0, slope=0.0, impact=0.4, p=5):
    """Items of one trait; group 1 lies higher by `impact`, and answers the first item higher still by `shift`."""
    trait = rng.normal(size=len(group)) + impact * group
    rows = trait[:, None] * 0.75 + rng.normal(size=(len(group), p)) * 0.66
    rows[:, 0] += (shift + slope * trait) * group
    return np.clip(np.round(3.2 + rows), 1, 5)


def study_of(study_by_hand, rows, group, **options):
    names = [f"i{j}" for j in range(rows.shape[1])]
    return study_by_hand(
        {"c": ("driver", {name: list(rows[:, j]) for j, name in enumerate(names)})},
        questions={"g": ("choice", [None if code is None else f"g{code}" for code in group])},
        groups=("g",),
        replicates=5,
        **options,
    )


def half(n):
    return np.arange(n) % 2


def by_key(rows, kind="total"):
    return {row.item: row for row in rows if row.kind == kind}


def test_rows_are_those_of_the_numerics_with_holm_over_the_items(study_by_hand):
    group = half(500)
    rows = ratings(np.random.default_rng(1), group)
    found, notes = differential_rows(study_of(study_by_hand, rows, group))
    matching = rest_matching(rows, group)
    expected = item_tests(rows, matching.score, group, pull=matching.pull)
    assert notes == ()
    assert len(found) == 15
    for k, kind in enumerate(("total", "uniform", "nonuniform")):
        own = by_key(found, kind)
        adjusted = holm(expected.p_value[:, k])
        for j in range(5):
            row = own[f"i{j}"]
            assert row.statistic == pytest.approx(expected.statistic[j, k], rel=1e-6, abs=1e-8)
            assert row.p_value == pytest.approx(expected.p_value[j, k], rel=1e-6)
            assert row.p_adjusted == pytest.approx(adjusted[j], rel=1e-6)
            assert row.effect == pytest.approx(expected.r2_change[j, k], rel=1e-6, abs=1e-9)
            assert (row.group_by, row.construct, row.df, row.size, row.n) == ("g", "c", 2 if k == 0 else 1, "A", 500)
    assert flagged_items(found) == ()


def test_a_planted_item_is_found_and_taken_out_of_the_matching(study_by_hand):
    group = half(800)
    rows = ratings(np.random.default_rng(2), group, shift=0.7)
    found, (note,) = differential_rows(study_of(study_by_hand, rows, group))
    total, uniform, other = (by_key(found, kind) for kind in ("total", "uniform", "nonuniform"))
    assert total["i0"].p_adjusted < 1e-10
    assert total["i0"].size in "BC"
    assert uniform["i0"].p_adjusted < 1e-10
    assert other["i0"].p_adjusted > 0.01
    (flagged,) = flagged_items(found)
    assert flagged.item == "i0"
    assert (note.code, note.about) == ("M228", "g")
    assert note.params["items"].startswith("i0")
    assert "matched without i0" in note.text("en")
    assert "已从匹配得分中剔除" in note.text("zh-CN")
    anchors = np.array([f"i{j}" not in note.params["items"] for j in range(5)])
    matching = rest_matching(rows, group, anchors=anchors)
    expected = item_tests(rows, matching.score, group, pull=matching.pull)
    assert total["i3"].statistic == pytest.approx(expected.statistic[3, 0], rel=1e-6)


def test_a_slope_that_differs_is_not_uniform(study_by_hand):
    group = half(1500)
    rows = ratings(np.random.default_rng(3), group, slope=-0.7, impact=0.0)
    found, _ = differential_rows(study_of(study_by_hand, rows, group))
    assert by_key(found, "nonuniform")["i0"].p_adjusted < 1e-8
    assert by_key(found, "nonuniform")["i0"].size in "BC"


def test_at_most_half_of_the_items_are_taken_out_and_three_stay(study_by_hand):
    group = half(1000)
    rows = ratings(np.random.default_rng(4), group, shift=1.5, p=4)
    _, (note,) = differential_rows(study_of(study_by_hand, rows, group))
    assert note.params["items"] == "i0"  # one of four; the others look biased only because of it
    found, notes = differential_rows(study_of(study_by_hand, rows[:, :3], group))
    assert notes == ()  # three items: nothing can be taken out
    assert by_key(found)["i0"].p_adjusted < 1e-6


def test_small_groups_are_left_out_and_the_others_compared(study_by_hand):
    group = np.arange(400) % 2 + 0.0
    rows = ratings(np.random.default_rng(5), group)
    codes = [int(g) for g in group]
    codes[:49] = [2] * 49
    codes[60] = None
    found, (note,) = differential_rows(study_of(study_by_hand, rows, codes))
    assert by_key(found)["i0"].n == 350
    assert (note.code, note.about, note.params["groups"], note.params["needed"]) == ("M224", "g", "g2", 50)
    assert "needs 50 complete respondents" in note.text("en")
    assert "至少需要 50 位" in note.text("zh-CN")


def test_one_group_or_two_items_cannot_be_compared(study_by_hand):
    group = half(120)
    rows = ratings(np.random.default_rng(6), group)
    for study in (
        study_of(study_by_hand, rows, np.where(np.arange(120) < 49, 1, 0)),
        study_of(study_by_hand, rows[:, :2], group),
        dataclasses.replace(
            study_of(study_by_hand, rows, group), weights=np.where(group == 1, 0.0, 2.0), weighted=True
        ),
    ):
        found, (note,) = differential_rows(study)
        assert found == ()
        assert (note.code, note.about) == ("M225", "g")
    assert "no construct of at least three items" in note.text("en")
    assert "没有任何三题及以上的构念" in note.text("zh-CN")


def test_an_item_that_a_group_did_not_rate_is_left_out(study_by_hand):
    group = half(400)
    rows = ratings(np.random.default_rng(17), group)
    rows[group == 1, 2] = NAN
    found, (note,) = differential_rows(study_of(study_by_hand, rows, group))
    assert sorted(by_key(found)) == ["i0", "i1", "i3", "i4"]
    assert by_key(found)["i0"].n == 400
    assert (note.code, note.params["items"]) == ("M226", "i2")
    assert "fewer than 50 respondents of a group rated them" in note.text("en")
    assert "某组中评分者不足 50 位" in note.text("zh-CN")


def test_an_item_without_estimates_is_named(study_by_hand):
    group = half(300)
    rows = ratings(np.random.default_rng(8), group)
    rows[:, 1] = 3.0
    found, notes = differential_rows(study_of(study_by_hand, rows, group))
    assert "i1" not in by_key(found)
    note = notes[-1]
    assert (note.code, note.params["items"]) == ("M227", "i1")
    assert "the model has no estimates" in note.text("en")
    assert "没有估计值" in note.text("zh-CN")


def test_an_item_without_others_to_be_matched_on_is_named(study_by_hand):
    group = half(300)
    rows = ratings(np.random.default_rng(8), group)[:, :3]
    rows[:, 2] = 6 - rows[:, 1]  # against each other: the first item has nothing to be matched on
    _, notes = differential_rows(study_of(study_by_hand, rows, group))
    note = next(note for note in notes if note.code == "M235")
    assert "i0" in note.params["items"]
    assert "do not go together within the groups" in note.text("en")
    assert "在组内并不相关" in note.text("zh-CN")


def test_formative_constructs_and_studies_without_groups_are_not_tested(study_by_hand):
    group = half(200)
    rows = ratings(np.random.default_rng(9), group)
    found, (note,) = differential_rows(study_of(study_by_hand, rows, group, modes={"c": "formative"}))
    assert found == ()
    assert note.code == "M225"
    study = study_of(study_by_hand, rows, group)
    assert differential_rows(dataclasses.replace(study, groups={})) == ((), ())


def test_clusters_make_the_test_cautious(study_by_hand):
    """Every respondent four times in a cluster: four times the likelihood ratio, but nearly the same Wald test."""
    group = np.repeat([0, 1, 0, 1, 0], 40)
    rows = ratings(np.random.default_rng(10), group, shift=0.5, impact=0.0, p=4)
    single, _ = differential_rows(study_of(study_by_hand, rows, group))
    many = np.repeat(rows, 4, axis=0), np.repeat(group, 4)
    naive, _ = differential_rows(study_of(study_by_hand, *many))
    right, _ = differential_rows(study_of(study_by_hand, *many, cluster=list(np.repeat(np.arange(200), 4))))
    one, four, design = (by_key(found)["i0"] for found in (single, naive, right))
    assert four.statistic == pytest.approx(4 * one.statistic, rel=1e-6)
    assert design.statistic == pytest.approx(one.statistic, rel=0.15)
    assert design.effect == pytest.approx(one.effect, rel=1e-6)


def test_a_negligible_or_uncertain_effect_is_not_flagged():
    row = DifRow("g", "c", "i", "total", 9.0, 2, 0.01, 0.04, 0.05, "B", 200)
    flagged = {
        "kind": dataclasses.replace(row, kind="uniform"),
        "p": dataclasses.replace(row, p_adjusted=0.06),
        "effect": dataclasses.replace(row, effect=0.034),
        "unknown": dataclasses.replace(row, p_adjusted=None),
    }
    assert [name for name, one in flagged.items() if flagged_items((one,))] == []
    larger = dataclasses.replace(row, group_by="h", effect=0.08)
    assert flagged_items((row, larger, row)) == (larger,)


def test_items_of_many_points_are_no_categories(study_by_hand):
    group = half(300)
    rows = ratings(np.random.default_rng(3), group)
    rows[:, 4] = np.random.default_rng(4).normal(50, 20, 300)
    found, (note,) = differential_rows(study_of(study_by_hand, rows, group))
    assert {row.item for row in found} == {"i0", "i1", "i2", "i3"}
    assert (note.code, note.about, note.params["items"]) == ("M229", "g", "i4")
    assert "点" in note.text("zh-CN")
    every = study_of(study_by_hand, np.random.default_rng(5).normal(50, 20, (300, 3)), group)
    assert [n.code for n in differential_rows(every)[1]] == ["M229"]
