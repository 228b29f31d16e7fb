"""Scores by hand, their definitions in words, and what is said when a score cannot be had."""

from dataclasses import replace

import numpy as np
import pytest

from satmeter.measurement import index_construct, measure
from satmeter.measurement.definitions import mean_score_definition
from satmeter.moments import make_resampling
from satmeter.study.plan import Comparisons, Missing, ScoreOptions

NAN = float("nan")
SATISFACTION = {"s1": [1, 5, 4, 3, 5, 4], "s2": [2, 5, 5, 3, 4, NAN]}
RECOMMEND = [0, 10, 9, 6, 8, 10]


@pytest.fixture
def study(study_by_hand):
    return study_by_hand(
        {
            "service": ("driver", {"d1": [2, 4, 3, 3, 5, 1]}),
            "satisfaction": ("satisfaction", SATISFACTION),
            "loyalty": ("loyalty", {"rec": RECOMMEND}),
        },
        scales={"rec": (0, 10)},
        questions={"region": ("choice", ["n", "n", "s", "s", "s", None])},
        groups=("region",),
    )


def scores(study):
    return measure(study, make_resampling(study)).scores


def one(rows, measure_name, statistic, group=""):
    (row,) = [r for r in rows if (r.measure, r.statistic, r.group) == (measure_name, statistic, group)]
    return row


def codes(study):
    return [(n.code, n.about) for n in measure(study, make_resampling(study)).score_notes]


def test_mean_score_is_the_mean_of_the_respondents_scores(study):
    row = one(scores(study), "satisfaction", "mean_score")
    assert row.estimate == pytest.approx(np.mean([12.5, 100, 87.5, 50, 87.5, 75]))
    assert (row.n, row.df, row.group_by) == (6, 5.0, "")


def test_index_is_the_mean_score_of_its_construct(study):
    rows = scores(study)
    index, mean = one(rows, "satisfaction", "index"), one(rows, "satisfaction", "mean_score")
    assert index_construct(study) == "satisfaction"
    for name in ("estimate", "std_error", "conf_low", "conf_high", "df", "n", "n_eff", "deff"):
        assert getattr(index, name) == getattr(mean, name)


def test_top_two_boxes(study):
    rows = scores(study)
    assert one(rows, "s1", "top2").estimate == pytest.approx(4 / 6)
    assert one(rows, "s2", "top2").estimate == pytest.approx(3 / 5)
    assert one(rows, "satisfaction", "top2").estimate == pytest.approx((4 / 6 + 3 / 5) / 2)
    assert one(rows, "rec", "top2").estimate == pytest.approx(3 / 6)
    assert not [r for r in rows if r.statistic == "top2" and r.measure in ("service", "d1")]


def test_nps_and_mean_rating(study):
    rows = scores(study)
    assert one(rows, "rec", "nps").estimate == pytest.approx(100 * (3 - 2) / 6)
    assert one(rows, "rec", "mean_rating").estimate == pytest.approx(np.mean(RECOMMEND))
    assert one(rows, "d1", "mean_rating").estimate == pytest.approx(3.0)


def test_groups_stand_in_the_order_of_the_options(study):
    rows = [r for r in scores(study) if (r.measure, r.statistic) == ("d1", "mean_rating")]
    assert [(r.group_by, r.group, r.n) for r in rows] == [("", "", 6), ("region", "n", 2), ("region", "s", 3)]
    assert rows[1].estimate == pytest.approx(3.0)
    assert rows[2].estimate == pytest.approx(11 / 3)
    assert {("M120", "region[n]"), ("M120", "region[s]"), ("M127", "region")} <= set(codes(study))


def test_weights_enter_every_score(study_by_hand):
    weights = [1, 2, 1, 2, 1, 2]
    study = study_by_hand(
        {"satisfaction": ("satisfaction", SATISFACTION), "loyalty": ("loyalty", {"rec": RECOMMEND})},
        scales={"rec": (0, 10)},
        weights=weights,
    )
    rows = scores(study)
    w = np.array(weights, float)
    assert one(rows, "s1", "top2").estimate == pytest.approx((2 + 1 + 1 + 2) / 9)
    assert one(rows, "rec", "nps").estimate == pytest.approx(100 * ((2 + 1 + 2) - (1 + 2)) / 9)
    assert one(rows, "s1", "mean_rating").n_eff == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert one(rows, "s1", "mean_rating").deff != 1.0
    assert "加权" in one(rows, "rec", "nps").definition["zh-CN"]
    assert "weighted" in one(rows, "rec", "nps").definition["en"]


def test_definitions_tell_mean_score_from_top_box(study):
    rows = scores(study)
    mean = one(rows, "satisfaction", "mean_score").definition
    top = one(rows, "satisfaction", "top2").definition
    item = one(rows, "s1", "top2").definition
    assert mean["zh-CN"].startswith("满意度（平均得分）")
    assert mean["zh-CN"].endswith("不是满意率。")
    assert top["zh-CN"].startswith("满意率（前两档占比）")
    assert top["zh-CN"].endswith("不是满意度（平均得分）。")
    assert "4（point 4（中文））或 5（point 5（中文））者" in item["zh-CN"]
    assert "chose 4 (point 4) or 5 (point 5) on the scale 1–5" in item["en"]
    assert "(scale 1–5: 4, 5)" in top["en"]
    assert "（1–5 量表为 4、5）" in top["zh-CN"]
    assert "满意率" not in one(rows, "loyalty", "top2").definition["zh-CN"]
    assert "at least 50% of the items" in mean["en"]
    assert "未加权" in mean["zh-CN"]
    assert "equal to the mean score of “satisfaction”" in one(rows, "satisfaction", "index").definition["en"]
    assert "的平均得分" in one(rows, "satisfaction", "index").definition["zh-CN"]
    assert "9–10" in one(rows, "rec", "nps").definition["zh-CN"]


def test_reversed_items_say_so_and_keep_no_label(study_by_hand):
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"s1": [1, 4, 5, 2]})}, reverse=("s1",), missing_rule="complete"
    )
    rows = scores(study)
    assert "4 or 5 (after reversing the reverse-keyed item)" in one(rows, "s1", "top2").definition["en"]
    assert "4 或 5（反向题，转换后）者" in one(rows, "s1", "top2").definition["zh-CN"]
    assert "反向题已转换" in one(rows, "s1", "mean_rating").definition["zh-CN"]
    assert "all items must be answered" in one(rows, "satisfaction", "mean_score").definition["en"]


@pytest.mark.parametrize(
    ("role", "item", "scale", "expected"),
    [
        ("loyalty", "rec", (0, 10), True),
        ("other", "rec", (0, 10), False),
        ("other", "my_NPS", (0, 10), True),
        ("loyalty", "rec", (1, 10), False),
        ("loyalty", "rec", (1, 11), False),
    ],
)
def test_which_items_give_a_net_promoter_score(study_by_hand, role, item, scale, expected):
    study = study_by_hand({"c": (role, {item: [3, 4, 9, 10]})}, scales={item: scale})
    assert [r.measure for r in scores(study) if r.statistic == "nps"] == ([item] if expected else [])


def test_named_items_give_the_score_alone(study_by_hand):
    study = study_by_hand(
        {"c": ("loyalty", {"stay": [3, 4, 9], "nps": [1, 9, 10]})}, scales={"stay": (0, 10), "nps": (0, 10)}
    )
    assert [r.measure for r in scores(study) if r.statistic == "nps"] == ["nps"]


def test_item_named_nps_on_another_scale_is_noted(study_by_hand):
    study = study_by_hand({"c": ("loyalty", {"nps": [3, 4, 9, 10]})}, scales={"nps": (1, 10)})
    assert ("M124", "nps") in codes(study)


def test_short_scale_has_no_top_two(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", {"s": [1, 2, 3, 3]})}, scales={"s": (1, 3)})
    assert ("M125", "s") in codes(study)
    assert not [r for r in scores(study) if r.statistic == "top2"]


def test_without_or_with_two_satisfaction_constructs(study_by_hand):
    none = study_by_hand({"c": ("driver", {"a": [1, 2, 4]})})
    two = study_by_hand({"c": ("satisfaction", {"a": [1, 2, 4]}), "d": ("satisfaction", {"b": [1, 5, 4]})})
    assert index_construct(none) is None
    assert ("M123", "") in codes(none)
    assert ("M126", "c") in codes(two)
    assert [r.measure for r in scores(two) if r.statistic == "index"] == ["c"]


def test_group_of_one_has_no_uncertainty(study_by_hand):
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"s": [1, 2, 4, 5]})},
        questions={"g": ("choice", ["a", "b", "b", "b"])},
        groups=("g",),
    )
    rows = [r for r in scores(study) if r.group == "a"]
    assert ("M121", "g[a]") in codes(study)
    assert len(rows) == 5
    assert {(r.n, r.std_error, r.conf_low, r.conf_high) for r in rows} == {(1, None, None, None)}
    assert one(rows, "s", "mean_rating", "a").estimate == 1.0


def test_group_without_a_standard_error_is_named(study_by_hand):
    """Group a lies within cluster 1, group b has equal answers to s: both lack an error, and a note says so."""
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"s": [1, 2, 4, 3, 3, 3], "t": [2, 2, 3, 1, 5, 4]})},
        questions={"g": ("choice", ["a", "a", "a", "b", "b", "b"])},
        groups=("g",),
        cluster=[1, 1, 1, 2, 3, 3],
    )
    notes = {
        n.about: n.params["figures"] for n in measure(study, make_resampling(study)).score_notes if n.code == "M128"
    }
    assert notes == {
        "g[a]": "satisfaction (mean_score, index, top2), s (top2, mean_rating), t (top2, mean_rating)",
        "g[b]": "s (top2, mean_rating)",
    }
    assert one(scores(study), "t", "mean_rating", "a").std_error is None
    assert one(scores(study), "t", "mean_rating", "b").std_error > 0


def test_definition_of_a_score_of_items_on_different_scales(study_by_hand):
    ratings = {"s": [1, 2, 4, 5, 3], "t": [0, 4, 7, 10, 6]}
    same = study_by_hand({"satisfaction": ("satisfaction", {"s": ratings["s"]})})
    mixed = study_by_hand({"satisfaction": ("satisfaction", ratings)}, scales={"t": (0, 10)}, reverse=("t",))
    found = one(scores(mixed), "satisfaction", "mean_score")
    parts = np.array([25 * (np.array(ratings["s"]) - 1), 10 * np.array(ratings["t"])])
    assert found.estimate == pytest.approx(parts.mean())
    assert (
        "the mean over the answered items of 100 × (rating − lowest point) / (highest point − lowest point) of the "
        "item's own scale, reverse-keyed items reversed first; at least 50% of the items must be answered"
    ) in found.definition["en"]
    assert "个人得分为所答题项得分的平均值，每题得分为 100 ×（评分 − 该题量表最低值）" in found.definition["zh-CN"]
    assert "，反向题先行转换；至少须回答 50% 的题项" in found.definition["zh-CN"]
    for statistic in ("index", "top2"):
        assert "reverse-keyed items reversed first" in one(scores(mixed), "satisfaction", statistic).definition["en"]
    words = one(scores(same), "satisfaction", "mean_score").definition
    assert "is 100 × (mean rating of the answered items − lowest point)" in words["en"]
    assert "个人得分为 100 ×（所答题项的平均评分 − 量表最低值）" in words["zh-CN"]


@pytest.mark.parametrize(
    ("least", "en", "zh"),
    [
        (0.0, "at least one item", "至少须回答 1 个题项"),
        (0.625, "at least 62.5% of the items", "至少须回答 62.5% 的题项"),
    ],
)
def test_definition_says_exactly_how_much_must_be_answered(study, least, en, zh):
    construct = study.questionnaire.constructs["satisfaction"]
    words = mean_score_definition(construct, study.questionnaire, Missing(min_answered=least), weighted=False)
    assert f"{en} must be answered;" in words["en"]
    assert f"；{zh}；" in words["zh-CN"]


def test_equal_answers_are_noted(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", {"s": [4, 4, 4, 4, 4]})})
    (note,) = [n for n in measure(study, make_resampling(study)).score_notes if n.code == "M122"]
    assert note.params["figures"] == "satisfaction (mean_score, index, top2), s (top2, mean_rating)"
    row = one(scores(study), "s", "mean_rating")
    assert (row.estimate, row.std_error, row.conf_low) == (4.0, None, None)


def test_construct_that_nobody_answered_keeps_an_empty_row(study_by_hand):
    study = study_by_hand({"satisfaction": ("satisfaction", {"s": [NAN] * 4}), "c": ("driver", {"a": [1, 2, 3, 4]})})
    row = one(scores(study), "satisfaction", "mean_score")
    assert (row.estimate, row.std_error, row.conf_low, row.n, row.n_eff) == (None, None, None, 0, None)
    assert not [r for r in scores(study) if r.statistic in ("index", "top2")]


def test_number_of_a_group_that_lacks_an_item(study_by_hand):
    """An item that nobody of a group answered takes the group's share away, not its number of respondents."""
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"a": [1, 2, 4, 5], "b": [NAN, NAN, 3, 4]})},
        questions={"g": ("choice", ["x", "x", "y", "y"])},
        groups=("g",),
    )
    row = one(scores(study), "satisfaction", "top2", "x")
    assert (row.estimate, row.n) == (None, 2)


def wanting(study, options, **more):
    return replace(study, plan=replace(study.plan, scores=options, **more))


def test_one_two_and_three_boxes(study):
    wanted = wanting(study, ScoreOptions(boxes=(1, 2, 3)))
    rows = scores(wanted)
    assert one(rows, "s1", "top1").estimate == pytest.approx(2 / 6)
    assert one(rows, "s1", "top2").estimate == pytest.approx(4 / 6)
    assert one(rows, "s1", "top3").estimate == pytest.approx(5 / 6)
    assert one(rows, "satisfaction", "top3").estimate == pytest.approx((5 / 6 + 4 / 5) / 2)
    assert one(rows, "rec", "top1").estimate == pytest.approx(2 / 6)
    top1, top3 = (one(rows, "satisfaction", f"top{k}").definition for k in (1, 3))
    assert top1["zh-CN"].startswith("前一档占比")
    assert "的最高一档评分占比（1–5 量表为 5）" in top1["zh-CN"]
    assert top1["zh-CN"].endswith("不是满意度（平均得分），也不是满意率（前两档占比）。")
    assert top1["en"].startswith("Top-box share: the mean over the 2 items")
    assert "in the highest point (scale 1–5: 5)" in top1["en"]
    assert "in the three highest points (scale 1–5: 3, 4, 5)" in top3["en"]
    item = one(rows, "s1", "top3").definition
    assert "3（point 3（中文））、4（point 4（中文））或 5（point 5（中文））者" in item["zh-CN"]
    assert "chose 3 (point 3), 4 (point 4) or 5 (point 5) on" in item["en"]


def test_boxes_that_are_not_wanted_are_not_there(study):
    assert {r.statistic for r in scores(wanting(study, ScoreOptions(boxes=(3,)))) if r.statistic[:3] == "top"} == {
        "top3"
    }


def test_a_share_leaves_two_points_below_it(study_by_hand):
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"s": [1, 2, 3, 3], "t": [4, 2, 3, 1], "u": [1, 5, 3, 3]})},
        scales={"s": (1, 3), "t": (1, 4)},
    )
    wanted = wanting(study, ScoreOptions(boxes=(1, 2, 3)))
    assert {(c, a) for c, a in codes(wanted) if c in ("M125", "M250")} == {("M125", "s"), ("M250", "s"), ("M250", "t")}
    assert [r.measure for r in scores(wanted) if r.statistic == "top3"] == ["satisfaction", "u"]
    assert one(scores(wanted), "s", "top1").estimate == 0.5


def test_csat_is_the_share_of_the_two_highest_of_five(study):
    wanted = wanting(study, ScoreOptions(csat=("d1",)))
    row = one(scores(wanted), "d1", "csat")
    assert "d1：CSAT（五档中最高两档的占比） 0.333（" in measure(wanted, make_resampling(wanted)).summary("zh-CN")
    assert row.estimate == pytest.approx(2 / 6)
    assert row.definition["zh-CN"].startswith("CSAT（五档中最高两档的占比）")
    assert row.definition["zh-CN"].endswith("是占比，不是满意度（平均得分）。")
    assert "chose 4 (point 4) or 5 (point 5) on the scale 1–5" in row.definition["en"]


def test_effort_in_three_variants(study_by_hand):
    ratings = [1, 3, 4, 5, 7, 7, 6, 2, NAN, 4]
    study = study_by_hand(
        {"ease": ("other", {"e1": ratings}), "driver": ("driver", {"e2": ratings})}, scales={"e1": (1, 7), "e2": (1, 7)}
    )
    rows = scores(wanting(study, ScoreOptions(ces={"e1": ("mean", "share", "net"), "e2": ("net",)})))
    assert one(rows, "e1", "ces_mean").estimate == pytest.approx(39 / 9)
    assert one(rows, "e1", "ces_share").estimate == pytest.approx(4 / 9)
    assert one(rows, "e1", "ces_net").estimate == pytest.approx(100 * (4 - 3) / 9)
    assert one(rows, "e2", "ces_net").n == 9
    assert [r.statistic for r in rows if r.measure == "e2"] == ["ces_net", "mean_rating"]
    mean, share, net = (one(rows, "e1", f"ces_{v}").definition for v in ("mean", "share", "net"))
    assert mean["zh-CN"].startswith("CES（均值式）")
    assert share["zh-CN"].startswith("CES（占比式）")
    assert net["zh-CN"].startswith("CES（净值式）")
    assert "the highest point is 7 (point 7)" in mean["en"]
    assert share["en"].endswith("not comparable with CES as mean or net.")
    assert "per cent rating 5–7 minus per cent rating 1–3" in net["en"]


def test_the_net_effort_score_has_the_multinomial_variance(study_by_hand):
    ratings = np.repeat([6.0, 4.0, 2.0], [90, 60, 50])
    study = study_by_hand({"ease": ("other", {"e1": ratings})}, scales={"e1": (1, 7)}, replicates=3000)
    row = one(scores(wanting(study, ScoreOptions(ces={"e1": ("net",)}))), "e1", "ces_net")
    easy, hard = 90 / 200, 50 / 200
    assert row.std_error == pytest.approx(100 * ((easy + hard - (easy - hard) ** 2) / 199) ** 0.5, rel=0.05)


def test_new_scores_are_compared_too(study_by_hand):
    rng = np.random.default_rng(2)
    study = study_by_hand(
        {"satisfaction": ("satisfaction", {"s": rng.integers(1, 6, 60), "e": rng.integers(1, 8, 60)})},
        scales={"e": (1, 7)},
        questions={"g": ("choice", ["a", "b"] * 30)},
        groups=("g",),
    )
    options = ScoreOptions(boxes=(1, 3), csat=("s",), ces={"e": ("mean", "share", "net")})
    wanted = wanting(study, options, comparisons=Comparisons())
    rows = measure(wanted, make_resampling(wanted)).comparisons
    compared = {(r.measure, r.statistic) for r in rows}
    assert {("s", "top1"), ("satisfaction", "top3"), ("s", "csat"), ("e", "ces_mean"), ("e", "ces_net")} <= compared
    (share,) = [r for r in rows if (r.statistic, r.group) == ("ces_share", "a")]
    found = {r.group: r.estimate for r in scores(wanted) if r.statistic == "ces_share"}
    assert share.estimate == pytest.approx(found["a"] - found["b"])
