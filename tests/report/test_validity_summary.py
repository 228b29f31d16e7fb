"""The methodologist's summary: a verdict in words for every question that was examined, in both languages."""

import pytest

from satmeter.report import report_context


def summary(document, language="en"):
    return report_context(document, language=language).validity.parts[0]


def test_every_question_has_a_line(measured):
    part = summary(measured)
    assert part.title == "At a glance, for the methodologist"
    assert part.points == (
        "[problem] Reliability: α from 0.55 to 0.88; below 0.70 for 2 of 7 constructs: Image value and Staff value. "
        "The interval holds 0.70 for Time cost and Service value.",
        "[with care, not settled] Items going together: AVE from 0.41 to 0.71; below 0.50 for 1 of 7 constructs: "
        "Staff value. The interval holds 0.50 for Service value.",
        "[problem, not settled] Telling constructs apart: 18 of 21 pairs told apart, 1 not settled, 1 barely, "
        "1 not told apart; highest HTMT 0.93 (Product value – Service value).",
        "[with care] Confirmatory model: CFI 0.94, RMSEA 0.057, SRMR 0.05 (robust).",
        "[problem] Known groups: 3 expectations examined: 1 as expected, 1 undecided, 1 against them.",
        "[with care] Invariance across groups: means may be compared with caution (“Customer type”).",
        "[problem] Single items across groups: 1 of 4 items work differently: st3.",
        "[in order] Common method: one component carries 38% of the variance (Harman); after taking off the marker, "
        "2 of 3 correlations between constructs still differ from 0.",
    )


def test_in_chinese(measured):
    points = summary(measured, "zh-CN").points
    assert points[0] == (
        "【有问题】信度：α 为 0.55 至 0.88；7 个构念中有 2 个低于 0.70：形象价值和人员价值。"
        "区间包含 0.70 的有时间成本和服务价值。"
    )
    assert points[3] == "【须留意】验证性模型：CFI 0.94，RMSEA 0.057，SRMR 0.05（稳健）。"
    assert points[4] == "【有问题】已知组别：检验 3 项预期：符合 1 项，未定 1 项，相反 1 项。"
    assert points[5] == "【须留意】跨组测量一致：均值可谨慎比较（“客户类型”）。"
    assert points[7] == (
        "【合格】共同方法偏差：单一成分占方差的 38%（Harman）；扣除标记变量后，3 个构念间相关中仍有 2 个区间不含 0。"
    )


def set_all(document, section, statistic, value, half=0.0):
    key = "coefficient" if section == "reliability" else "statistic"
    for row in document[section]["rows"]:
        if row[key] == statistic:
            row |= {"estimate": value, "conf_low": value - half, "conf_high": value + half}


@pytest.mark.parametrize(
    ("section", "statistic", "place", "values"),
    [
        ("reliability", "alpha", 0, ((0.70, "in order"), (0.69, "with care"), (0.60, "with care"), (0.59, "problem"))),
        ("validity", "ave", 1, ((0.50, "in order"), (0.49, "with care"), (0.40, "with care"), (0.39, "problem"))),
        ("validity", "htmt", 2, ((0.84, "in order"), (0.85, "with care"), (0.89, "with care"), (0.90, "problem"))),
        ("validity", "single_factor_share", 7, ((0.49, "in order"), (0.50, "with care"))),
    ],
)
def test_the_lights_change_at_the_limits(measured, section, statistic, place, values):
    for value, light in values:
        set_all(measured, section, statistic, value)
        assert summary(measured).points[place].startswith(f"[{light}]"), value


def test_a_figure_just_below_the_limit_shows_that_it_is(measured):
    set_all(measured, "validity", "ave", 0.497)
    assert "AVE from 0.497 to 0.497; below 0.50 for 7 of 7" in summary(measured).points[1]


@pytest.mark.parametrize(
    ("section", "statistic", "place", "value", "half", "light"),
    [
        ("reliability", "alpha", 0, 0.72, 0.01, "in order"),
        ("reliability", "alpha", 0, 0.72, 0.03, "in order, not settled"),
        ("reliability", "alpha", 0, 0.58, 0.01, "problem"),
        ("reliability", "alpha", 0, 0.58, 0.03, "problem, not settled"),
        ("validity", "ave", 1, 0.45, 0.04, "with care"),
        ("validity", "ave", 1, 0.45, 0.06, "with care, not settled"),
        ("validity", "htmt", 2, 0.84, 0.05, "in order"),
        ("validity", "htmt", 2, 0.84, 0.07, "with care, not settled"),
        ("validity", "htmt", 2, 0.87, 0.01, "with care"),
        ("validity", "htmt", 2, 0.87, 0.03, "with care, not settled"),
        ("validity", "htmt", 2, 0.95, 0.04, "problem"),
        ("validity", "htmt", 2, 0.95, 0.06, "problem, not settled"),
        ("validity", "single_factor_share", 7, 0.48, 0.01, "in order"),
        ("validity", "single_factor_share", 7, 0.48, 0.03, "in order, not settled"),
    ],
)
def test_a_verdict_that_the_interval_leaves_open_says_so(measured, section, statistic, place, value, half, light):
    set_all(measured, section, statistic, value, half)
    assert summary(measured).points[place].startswith(f"[{light}] ")


@pytest.mark.parametrize(("high", "light"), [(0.06, "in order"), (0.061, "in order, not settled")])
def test_the_interval_of_rmsea_counts(measured, high, light):
    for statistic, value in (("cfi_robust", 0.96), ("srmr", 0.05), ("rmsea_robust", 0.05)):
        set_all(measured, "validity", statistic, value)
    next(r for r in measured["validity"]["rows"] if r["statistic"] == "rmsea_robust")["conf_high"] = high
    assert summary(measured).points[3].startswith(f"[{light}] ")


def test_copied_items_are_no_good_sign(measured):
    set_all(measured, "reliability", "alpha", 1.0)
    assert summary(measured, "zh-CN").points[0].startswith("【须留意】信度：7 个构念的 α 为 1.00 至 1.00。α 为 1.00")


def test_correlations_that_the_marker_takes_away_ask_for_care(measured):
    measured["validity"]["notes"].append({"code": "M208", "about": "image", "en": "No longer.", "zh-CN": "不再。"})
    assert summary(measured).points[7].startswith("[with care] Common method:")


def test_both_places_tell_constructs_apart_by_one_rule(measured):
    set_all(measured, "validity", "htmt", 0.84, 0.07)
    glance, told = report_context(measured, language="en").validity.parts[:2]
    assert "0 of 21 pairs told apart, 21 not settled" in glance.points[2]
    assert (
        "its interval below 0.90): 0; not settled (below 0.85, but the interval reaches 0.90): 21;"
        in told.paragraphs[0]
    )
    assert told.points[0].startswith("Not settled (below 0.85, but with an interval that reaches 0.90): ")


def test_the_worst_of_several_questions_counts(measured):
    row = measured["invariance"]["rows"][0]
    measured["invariance"]["rows"] = [
        row | {"group_by": "ctype", "verdict": "scalar_holds"},
        row | {"group_by": "region", "verdict": "metric_only"},
    ]
    assert summary(measured).points[5] == (
        "[problem] Invariance across groups: means may be compared (“Customer type”); associations may be compared, "
        "means may not (“Where do you live?”)."
    )


def test_only_what_was_examined_is_told(document):
    assert len(summary(document).points) == 6
    document["invariance"] = {"rows": [], "notes": []}
    document["reliability"] = {"rows": [], "notes": []}
    topics = [point.split("]")[1].split(":")[0].strip() for point in summary(document).points]
    assert topics == [
        "Items going together",
        "Telling constructs apart",
        "Confirmatory model",
        "Common method",
    ]


def test_items_alike_in_all_groups(measured):
    measured["dif"]["rows"] = [row | {"size": "A"} for row in measured["dif"]["rows"]]
    assert summary(measured).points[6] == "[in order] Single items across groups: no item of 4 works differently."
