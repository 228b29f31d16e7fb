"""Strengths and weaknesses: settled ones first, told which interval is open, and none where nothing is known."""

import pytest

from satmeter.report import report_context


def head(document, language="en"):
    return report_context(document, language=language).headline


def place(document, driver, **values):
    next(r for r in document["priorities"]["rows"] if r["driver"] == driver).update(values)


def test_a_settled_low_score_comes_before_a_more_important_open_one(document):
    place(document, "service", performance=72.9, performance_low=71.0, performance_high=74.8)
    found = head(document, "zh-CN").weaknesses
    assert [f.label for f in found] == ["形象价值", "服务价值"]
    assert [f.certain for f in found] == [True, False]
    assert found[1].hedge == "仅为倾向：得分的区间跨过分界线。"


def test_an_open_score_is_left_out_where_three_are_settled(document):
    rows = document["priorities"]["rows"]
    for row, value in zip(rows, (60.0, 61.0, 62.0, 73.0), strict=True):
        row |= {"performance": value, "performance_low": value - 1, "performance_high": value + 1}
        row |= {"quadrant": "improve", "importance": 0.3}
    rows[3]["importance"] = 0.9
    assert [f.label for f in head(document).weaknesses] == ["Product value", "Service value", "Staff value"]


@pytest.mark.parametrize(
    ("importance", "score", "hedge"),
    [
        (
            (0.2, 0.3),
            (68.0, 70.0),
            "The score is settled; the importance is not: its interval crosses the dividing line.",
        ),
        ((0.3, 0.4), (68.0, 74.0), "Tendency only: the interval of the score crosses the dividing line."),
        (
            (0.2, 0.3),
            (68.0, 74.0),
            "Tendency only: the intervals of score and importance both cross their dividing lines.",
        ),
        ((0.3, 0.4), (68.0, 70.0), ""),
    ],
)
def test_the_hedge_names_the_interval_that_crosses(document, importance, score, hedge):
    low, high = importance
    place(document, "service", importance_low=low, importance_high=high)
    place(document, "service", performance_low=score[0], performance_high=score[1])
    found = next(f for f in head(document).weaknesses if f.label == "Service value")
    assert found.hedge == hedge
    assert found.certain is (hedge == "")
    assert ("most closely associated" in found.sentence) is (importance == (0.3, 0.4))


def test_the_table_of_places_tells_it_too(document):
    place(document, "staff", performance_low=70.0, certain=False)
    table = report_context(document, language="zh-CN").priorities.parts[0].tables[0]
    assert {row[0]: row[2] for row in table.rows} == {
        "产品价值": "是",
        "服务价值": "是",
        "人员价值": "得分、重要性均未定",
        "形象价值": "是",
    }


def test_below_thirty_respondents_nothing_is_named(document):
    document["study"]["n"] = 29
    found = head(document, "zh-CN")
    assert (found.strengths, found.weaknesses, found.ranking) == ((), (), "")
    assert found.no_strength == found.no_weakness == "受访者只有 29 人（不足 30 人），不足以指出优势与短板。"


@pytest.mark.parametrize(("effective", "told"), [(30.0, None), (29.6, "29.6"), (12.2, "12")])
def test_few_effective_respondents_name_nothing(document, effective, told):
    document["study"]["n_eff"] = effective
    found = head(document)
    if told is None:
        assert found.strengths
        return
    assert (found.strengths, found.weaknesses, found.ranking) == ((), (), "")
    assert found.no_strength.startswith(f"The weights leave an effective sample of {told} (fewer than 30)")


@pytest.mark.parametrize("with_places", [True, False])
def test_where_all_answer_alike_nothing_is_named(document, with_places):
    for row in document["priorities"]["rows"]:
        row |= {"performance": 75.0, "performance_low": None, "performance_high": None, "performance_line": 75.0}
    for row in document["scores"]["rows"]:
        row |= {"estimate": 75.0, "conf_low": None, "conf_high": None}
    if not with_places:
        document["priorities"]["rows"] = []
    found = head(document, "zh-CN")
    assert (found.strengths, found.weaknesses) == ((), ())
    assert found.no_strength == "各驱动因素得分相同，均为 75.0，没有优势与短板可言。"


def test_scores_without_intervals_are_not_called_strong(document):
    for row in document["priorities"]["rows"]:
        row |= {"performance_low": None, "performance_high": None}
    found = head(document)
    assert (found.strengths, found.weaknesses) == ((), ())
    assert "have no interval" in found.no_weakness


@pytest.mark.parametrize(
    ("line", "told"), [(None, "the mean score"), (75.0, "the target of 75."), (71.2, "the target of 71.2.")]
)
def test_the_line_is_called_what_it_is(document, line, told):
    rows = document["priorities"]["rows"]
    for row in rows:
        row["performance_line"] = line or sum(r["performance"] for r in rows) / len(rows)
    context = report_context(document, language="en")
    assert context.headline.ranking.endswith(f"The line is {told}" + ("" if line else " of the drivers."))
    words = context.priorities.parts[0].paragraphs[0]
    assert ("means over the drivers" in words) is (line is None)
    assert (f"target of {line or 0:g}; that of importance is the mean" in words) is (line is not None)


def test_a_median_is_called_a_median(document):
    rows = document["priorities"]["rows"]
    for row, score in zip(rows, (50.0, 60.0, 62.0, 90.0), strict=True):
        row |= {"performance": score, "performance_line": 61.0}
    assert (
        "The dividing lines are the medians over the drivers: score 61.0"
        in report_context(document, language="en").priorities.parts[0].paragraphs[0]
    )


def test_a_score_just_off_the_line_shows_that_it_is(document):
    place(document, "service", performance=69.98, performance_line=70.02, quadrant="improve")
    found = next(f for f in head(document).weaknesses if f.label == "Service value")
    assert found.sentence.startswith("Scores 69.98 [")
    assert "below the line of 70.02" in found.sentence


@pytest.mark.parametrize("with_places", [True, False])
def test_with_wide_intervals_nothing_is_named(document, with_places):
    for row in document["priorities"]["rows"]:
        row |= {"performance_low": row["performance"] - 16, "performance_high": row["performance"] + 16}
    for row in document["scores"]["rows"]:
        row |= {"conf_low": row["estimate"] - 16, "conf_high": row["estimate"] + 16}
    if not with_places:
        document["priorities"]["rows"] = []
    found = head(document)
    assert (found.strengths, found.weaknesses) == ((), ())
    assert "wider than 30 points" in found.no_strength


def test_a_driver_with_low_alpha_carries_a_warning(document):
    found = {f.label: f.caveat for f in (*head(document).strengths, *head(document).weaknesses)}
    assert found["Image value"] == "Reliability is too low (α = 0.55): read its items one by one."
    assert found["Service value"] == found["Product value"] == ""


def test_a_turned_item_says_so_beside_its_mean(document):
    rows = document["items"]["rows"]
    next(r for r in rows if r["item"] == "st2")["mean"] = 4.9
    found = next(f for f in head(document, "zh-CN").strengths if f.label == "人员价值")
    assert found.example == "评分最高的题项：“工作人员漠不关心（反向题，已转换）”，4.9（1–5 分制）。"


def test_by_score_alone_an_open_difference_is_hedged(document):
    document["priorities"]["rows"] = []
    for row in document["scores"]["rows"]:
        if row["measure"] == "staff":
            row |= {"conf_low": 70.0}
    found = head(document).strengths
    assert [(f.label, f.certain) for f in found] == [("Product value", True), ("Staff value", False)]
    assert found[1].hedge == "Tendency only: the interval of the score holds the mean of the drivers' scores."


def test_two_drivers_make_no_map(document):
    document["priorities"]["rows"] = document["priorities"]["rows"][:2]
    part = report_context(document, language="en").priorities.parts[0]
    assert part.figure is None
    assert part.paragraphs[0].startswith("There are fewer than three drivers, so no map is drawn")
    assert len(part.tables[0].rows) == 2
