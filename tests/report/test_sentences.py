"""Sentences say what the numbers say, and hedge when the interval does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satmeter.report import sentences
from satmeter.report.estimate import Estimate, known
from satmeter.report.sentences import RuleCount
from satmeter.report.wording import read_words

EN, ZH = read_words("en"), read_words("zh-CN")


def est(label, value, half=None, n=480):
    if half is None:
        return Estimate(label, value, None, None, n)
    return Estimate(label, value, value - half, value + half, n)


def test_index_with_interval():
    index = Estimate("Index", 74.24, 72.11, 76.31, 480)
    assert sentences.index_sentence(EN, index, 0.95) == (
        "The index is 74.2 of 100; the 95% interval runs from 72.1 to 76.3."
    )
    assert sentences.index_sentence(ZH, index, 0.9) == "指数为 74.2 分（满分 100），90% 区间为 72.1 至 76.3。"


def test_wide_index_hedges():
    text = sentences.index_sentence(EN, est("Index", 60.0, 12.0, 18), 0.95)
    assert text.endswith("The interval is wide: the index is known only to about ±12 points.")
    assert "±12 分" in sentences.index_sentence(ZH, est("Index", 60.0, 12.0, 18), 0.95)


def test_index_without_interval_and_without_value():
    assert sentences.index_sentence(EN, est("Index", 50.0, n=1), 0.95) == (
        "The index is 50.0 of 100. No interval can be given."
    )
    assert sentences.index_sentence(ZH, est("Index", None), 0.95) == "这些答案无法算出指数。"


def test_base_of_one_and_of_many():
    assert sentences.base(EN, 1) == "1 respondent only, too few for a firm statement"
    assert sentences.base(EN, 29) == "29 respondents only, too few for a firm statement"
    assert sentences.base(EN, 1681) == "1,681 respondents"
    assert sentences.base(ZH, 30) == "30 人"


def test_extremes_clear_overlapping_equal_single_none():
    a, b, c = est("A", 80.0, 1.0), est("B", 70.0, 1.0), est("C", 71.0, 1.0)
    assert sentences.extremes_sentence(EN, (b, a, c)) == (
        "Highest is A with 80.0 [79.0, 81.0], lowest B with 70.0 [69.0, 71.0]; their intervals do not overlap."
    )
    assert "the order is not settled" in sentences.extremes_sentence(EN, (b, c))
    assert "次序尚不能确定" in sentences.extremes_sentence(ZH, (est("甲", 70.0), est("乙", 60.0)))
    assert sentences.extremes_sentence(EN, (est("A", 70.01, 1.0), est("B", 70.0, 1.0))) == (
        "All stand level, at 70.0 [69.0, 71.0]."
    )
    assert sentences.extremes_sentence(EN, (est("A", 70.0, 1.0),)) == "A scores 70.0 [69.0, 71.0]."
    assert sentences.extremes_sentence(EN, (est("A", None),)) == ""


def test_small_groups_are_named_with_their_base():
    groups = (est("North", 70.0, 2.0, 200), est("West", 70.0, 9.0, 29), est("East", 70.0, 9.0, 30))
    assert "West (n = 29)" in sentences.small_groups_sentence(EN, groups)
    assert sentences.small_groups_sentence(EN, groups).startswith("This group has fewer than 30")
    assert "East" not in sentences.small_groups_sentence(EN, groups)
    assert sentences.small_groups_sentence(ZH, groups[:1]) == ""


@pytest.mark.parametrize(
    ("alpha", "grade"),
    [(0.8, "good"), (0.79, "acceptable"), (0.7, "acceptable"), (0.65, "questionable"), (0.59, "too low")],
)
def test_alpha_verdicts(alpha, grade):
    assert f": {grade}, α = " in sentences.alpha_verdict(EN, "Service", est("Service", alpha, 0.001), 4)


def test_alpha_negative_is_shown_and_not_clipped():
    text = sentences.alpha_verdict(EN, "Staff", est("Staff", -0.31, 0.1), 3)
    assert "α = −0.31 [−0.41, −0.21]" in text
    assert "reverse-keyed" in text


def test_alpha_hedges_when_the_lower_end_is_another_grade():
    text = sentences.alpha_verdict(ZH, "服务价值", est("服务价值", 0.72, 0.05), 4)
    assert text == "服务价值：信度可接受，α = 0.72 [0.67, 0.77]，4 个题项可合成一个得分。若取区间下限，则属“存疑”。"


def test_alpha_of_one_item_and_without_value():
    assert "cannot be estimated" in sentences.alpha_verdict(EN, "Complaints", est("Complaints", None), 1)
    assert "no α could be computed" in sentences.alpha_verdict(EN, "Value", est("Value", None), 2)


def test_importance_order_settled_open_single_none():
    a, b, c = est("A", 0.6, 0.05), est("B", 0.3, 0.05), est("C", 0.56, 0.05)
    assert "A is most closely associated with Loyalty: it carries 60% [55%, 65%]" in (
        sentences.importance_sentence(EN, "Loyalty", (b, a))
    )
    text = sentences.importance_sentence(EN, "Loyalty", (b, a, c))
    assert "overlaps with that of C: the order is not settled" in text
    assert sentences.importance_sentence(EN, "Loyalty", (a,)) == "A is the only driver in the model of Loyalty."
    assert sentences.importance_sentence(ZH, "忠诚", ()) == "无法计算对“忠诚”的重要性。"


def test_explained_share():
    assert sentences.explained_sentence(EN, "Loyalty", Estimate("R²", 0.617, 0.55, 0.68, 470)) == (
        "Together the drivers account for 62% [55%, 68%] of the differences between respondents in Loyalty (R²)."
    )
    assert sentences.explained_sentence(EN, "Loyalty", est("R²", None)) == ""


def test_quadrants_settled_open_and_all_open():
    certain = {"strength": ["A", "B", "C"], "improve": [], "opportunity": ["D"], "maintain": []}
    assert sentences.quadrant_sentence(EN, certain, []) == "Settled places: Strengths: A, B and C; Opportunities: D."
    assert "E is drawn in grey" in sentences.quadrant_sentence(EN, certain, ["E"])
    assert "E and F are drawn in grey" in sentences.quadrant_sentence(EN, certain, ["E", "F"])
    assert sentences.quadrant_sentence(ZH, {"strength": []}, ["E"]) == (
        "没有一个驱动因素的位置可以确定：每个都有区间跨过分界线。"
    )
    assert sentences.quadrant_sentence(EN, {}, []) == ""


def test_kept():
    assert sentences.kept_sentence(EN, 480, 500) == "480 of 500 responses were used; 20 were left out."
    assert sentences.kept_sentence(EN, 1, 1) == "The 1 response that was read was used."
    assert sentences.kept_sentence(EN, 1681, 1681, 72) == (
        "72 rows were read; with their frequencies they stand for 1,681 respondents. All 1,681 responses were used."
    )
    assert sentences.kept_sentence(ZH, 480, 500, 500) == sentences.kept_sentence(ZH, 480, 500)
    assert sentences.kept_sentence(ZH, 0, 12) == "回收 12 份，采用 0 份，剔除 12 份。"


def test_flags():
    counts = {"attention": RuleCount(20, 18, 0), "straightlining": RuleCount(12, 0, 12)}
    assert sentences.flagged_sentence(EN, counts) == (
        "Marked, and not left out for it: straightlining (the same answer all down a grid), 12."
    )
    assert sentences.flagged_sentence(ZH, counts) == "只标记、不据此剔除：直线作答（整组题选同一答案）12 人。"
    assert sentences.flagged_sentence(ZH, {"attention": RuleCount(20, 18, 0)}) == ""
    assert sentences.flagged_sentence(ZH, {}) == "质量规则未发现问题。"


def test_what_was_left_out_is_told_by_step_and_adds_up():
    steps = {"attention": 27, "speeders": 6, "straightlining": 3, "too_many_missing": 0}
    assert sentences.kept_sentence(ZH, 564, 600, 600, steps) == (
        "回收 600 份，采用 564 份，剔除 36 份："
        "未通过注意力检测 27 份；作答过快 6 份；直线作答（整组题选同一答案）3 份。"
    )
    assert sentences.kept_sentence(EN, 9, 10, None, {"speeders": 1}) == (
        "9 of 10 responses were used; 1 was left out: 1 too fast."
    )
    assert sentences.kept_sentence(EN, 480, 500, None, {"attention": 3}) == (
        "480 of 500 responses were used; 20 were left out."
    )


def test_groups_are_compared_on_a_named_measure():
    groups = (est("城区", 66.9, 1.0), est("农村", 68.4, 1.0))
    assert sentences.extremes_sentence(ZH, groups, "总体满意度") == (
        "“总体满意度”得分最高的是“农村”，68.4 [67.4, 69.4]；最低的是“城区”，66.9 [65.9, 67.9]；"
        "但两者区间重叠，高低次序尚不能确定。"
    )
    assert sentences.extremes_sentence(EN, groups[:1], "Overall") == (
        "“Overall”: only “城区” has a score, 66.9 [65.9, 67.9]."
    )


def test_no_space_after_a_wide_mark():
    assert ZH.fill("sentence.listed", {"label": "时间成本（反转）", "value": "57.7"}) == "时间成本（反转）57.7"
    assert EN.fill("sentence.listed", {"label": "甲）", "value": "5"}) == "甲） 5"


def test_alpha_range():
    assert sentences.alpha_range_sentence(EN, [0.71, 0.884, 0.8]) == (
        "Cronbach's α of the constructs lies between 0.71 and 0.88."
    )
    assert sentences.alpha_range_sentence(EN, [0.801, 0.8]) == "Cronbach's α is 0.80."
    assert sentences.alpha_range_sentence(EN, []) == ""


def test_findings_speak_of_association_and_never_of_effect():
    performance, importance = est("Service", 69.1, 1.8), est("Service", 0.36, 0.07)
    for words in (EN, ZH):
        for quadrant in ("strength", "improve", "opportunity", "maintain"):
            text = sentences.finding_sentence(words, quadrant, "满意", performance, importance, 73.25)
            assert "69.1 [67.3, 70.9]" in text
            assert "36% [29%, 43%]" in text
            assert "associated" in text or "关联" in text
    everything = "".join([*EN.table.values(), *ZH.table.values()])
    for claim in ("raising", "would increase", "提升", "将使", "导致"):
        assert claim not in everything


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=6))
def test_known_is_sorted_and_complete(values):
    found = known(tuple(est(str(i), v) for i, v in enumerate(values)))
    assert [e.value for e in found] == sorted((v for v in values if v is not None), reverse=True)


@given(st.floats(0, 100), st.floats(0, 30), st.floats(0, 100), st.floats(0, 30))
def test_extremes_are_called_clear_only_when_the_intervals_are_apart(a, ha, b, hb):
    one, other = est("A", a, ha), est("B", b, hb)
    text = sentences.extremes_sentence(EN, (one, other))
    apart = one.high < other.low or other.high < one.low
    assert ("do not overlap" in text) <= apart
