"""What is said of ranks, differences, targets, net promoter scores and losses: values, words, and what is not said."""

import itertools
import re

import pytest

from satmeter.report import report_context
from satmeter.report.group_plots import FunnelPlot, GroupHeatPlot, MissingPlot, NpsPlot, RankPlot
from satmeter.report.sections.differences import by_weight

RANKS = [
    ("n", 76.2, 1, 1, 2, 1, 1, 1, 200),
    ("s", 73.2, 2, 1, 3, 2, 3, 1, 160),
    ("w", 72.9, 3, 2, 4, 2, 4, 2, 20),
    ("e", 68.2, 4, 3, 4, 3, 4, 2, 100),
]


def rank_rows():
    names = ("unit", "estimate", "rank", "rank_low", "rank_high", "marginal_low", "marginal_high", "tie_group", "n")
    rows = [dict(zip(names, values, strict=True)) for values in RANKS]
    more = {"group_by": "region", "measure": "satisfaction", "statistic": "mean_score", "std_error": 1.0}
    return [row | more | {"conf_low": row["estimate"] - 2, "conf_high": row["estimate"] + 2} for row in rows]


def difference(group, measure, value, verdict, *, other="", statistic="mean_score", **more):
    tested = {"std_error": 1.0, "conf_low": value - 2, "conf_high": value + 2, "t": value, "df": 100.0}
    row = {
        "measure": measure,
        "statistic": statistic,
        "group_by": "region",
        "group": group,
        "other": other,
        "method": "pair" if other else "rest",
        "estimate": value,
        "p_value": 0.002,
        "p_adjusted": 0.0082,
        "effect_size": value / 20,
        "n": 200,
        "n_other": 280,
        "verdict": verdict,
    }
    return row | tested | more


UNTESTED = {"std_error": None, "conf_low": None, "conf_high": None, "t": None, "p_value": None, "p_adjusted": None}


def comparison_rows():
    return [
        difference("n", "satisfaction", 6.25, "higher"),
        difference("n", "satisfaction", 6.25, "higher", statistic="index"),
        difference("e", "service", -12.0, "lower", n=100),
        difference("s", "service", 0.5, "undecided", p_adjusted=0.81),
        difference("w", "service", 9.0, "undecided", **UNTESTED),
        difference(
            "n", "satisfaction", 0.083, "higher", statistic="top2", effect_size=0.19, conf_low=0.063, conf_high=0.103
        ),
        difference("n", "pr1", 0.2, "higher", statistic="top2"),
        difference("n", "satisfaction", 8.0, "higher", other="e"),
        difference("s", "satisfaction", -4.0, "lower", other="n"),
        difference("s", "satisfaction", 5.0, "undecided", other="e"),
    ]


def target_rows():
    common = {"measure": "satisfaction", "statistic": "mean_score", "other": "73", "method": "target", "n_other": None}
    rows = []
    for by, group, gap, half, verdict in (
        ("", "", 1.2, 1.8, "undecided"),
        ("region", "n", 3.2, 2.0, "met"),
        ("region", "e", -4.8, 3.0, "not_met"),
        ("region", "w", 4.2, None, "undecided"),
    ):
        low, high = (None, None) if half is None else (gap - half, gap + half)
        row = {"group_by": by, "group": group, "estimate": gap, "conf_low": low, "conf_high": high, "verdict": verdict}
        rows.append(common | row | {"n": 100, "p_value": None, "p_adjusted": None, "effect_size": None})
    return rows


@pytest.fixture
def compared(document):
    document["study"]["adjust"] = "holm"
    document["comparisons"] = {"rows": [*comparison_rows(), *target_rows()], "notes": []}
    document["ranks"] = {"rows": rank_rows(), "notes": []}
    return document


def part_of(section, words):
    (found,) = [part for part in section.parts if words in part.title]
    return found


def test_ranks_are_ranges_with_what_is_settled(compared):
    part = part_of(report_context(compared, language="en").groups, "League table")
    assert part.title == "League table: Overall satisfaction by “Where do you live?”"
    assert "Surely above at least one other lie 2 of 4 units, surely below at least one lie 2." in part.paragraphs[0]
    assert "First place is open between 2 units: North and South." in part.paragraphs[0]
    assert "There are 2 tie groups" in part.paragraphs[0]
    assert "inside a tie group the order is not settled" in part.paragraphs[0]
    assert "West (n = 20)" in part.paragraphs[0]
    (table,) = part.tables
    assert table.rows[0] == ("North", "1–2 (1–1)", "76.2 [74.2, 78.2]", "200", "1")
    assert table.rows[2] == ("West (n < 30)", "2–4 (2–4)", "72.9 [70.9, 74.9]", "20", "2")
    plot = part.figure.plot
    assert isinstance(plot, RankPlot)
    assert [(row.rank, row.low, row.high, row.own_low, row.own_high) for row in plot.rows] == [r[2:7] for r in RANKS]
    assert "New eastern coast district 3–4 (3–4)" in part.figure.alt


def test_a_bare_rank_is_never_printed(compared):
    for language in ("en", "zh-CN"):
        groups = report_context(compared, language=language).groups
        part = next(p for p in groups.parts if p.figure and isinstance(p.figure.plot, RankPlot))
        (table,) = part.tables
        assert all(re.fullmatch(r"\d+–\d+ \(\d+–\d+\)", row[1]) for row in table.rows)
        assert not any(column.label in ("Rank", "名次") for column in table.columns)


def test_units_ranked_within_strata_have_a_table_each(compared):
    for row, stratum in zip(compared["ranks"]["rows"], "hhbb", strict=True):
        row |= {"within": "ctype", "stratum": stratum, "rank_low": 1, "rank_high": 2}
    compared["ranks"]["rows"][-1] |= dict.fromkeys(("rank", "estimate", "rank_low", "n")) | {"symbol": "[c]"}
    compared["study"]["policy"] = {"symbols": {"suppressed": "[c]", "low": "[u]"}}
    for language, title in (("en", "League table"), ("zh-CN", "排名表")):
        parts = [part for part in report_context(compared, language=language).groups.parts if title in part.title]
        assert len(parts) == 2
        assert [len(part.tables[0].rows) for part in parts] == [2, 1]
        assert [part.figure.name for part in parts] == ["ranks-region-satisfaction-1", "ranks-region-satisfaction-2"]
        assert "[c]" not in parts[0].paragraphs[0]
    assert parts[0].title == "排名表：按“您所在的区域”的总体满意度（“客户类型”为“居民”）"


def test_no_order_is_settled_where_no_unit_is_surely_above_another(compared):
    for row in compared["ranks"]["rows"]:
        row |= {"rank_low": 1, "rank_high": 4, "tie_group": 1}
    english, chinese = (report_context(compared, language=language).groups for language in ("en", "zh-CN"))
    told = part_of(english, "League table").paragraphs[0]
    assert told.startswith("None of the 4 units lies surely above another: their order is not settled")
    assert "All units belong to one tie group" in told
    assert "First place" not in told
    assert "高低次序尚不能确定" in part_of(chinese, "排名表").paragraphs[0]


def test_ranks_of_a_cost_begin_with_the_lowest(compared):
    for row in compared["ranks"]["rows"]:
        row["measure"] = "time"
    part = part_of(report_context(compared, language="en").groups, "League table")
    assert "Here a lower score is better" in part.paragraphs[0]


def test_sure_differences_come_first_by_effect_and_the_others_are_not_settled(compared):
    part = part_of(report_context(compared, language="en").groups, "above or below the rest")
    assert part.paragraphs == (
        "Of 4 comparisons of a group with all others, sure are 3, not settled 1. What is not settled "
        "shows neither a difference nor that there is none. The p-values are adjusted by Holm's method within each "
        "measure. One comparison could not be tested: fewer than ten respondents on a side, or no spread.",
    )
    assert part.points == (
        "▼ New eastern coast district, Service value: −12.0 [−14.0, −10.0] points against the rest (p = 0.008; "
        "d = −0.60, medium; n = 100 and 280).",
        "▲ North, Overall satisfaction: 6.2 [4.2, 8.2] points against the rest (p = 0.008; d = 0.31, small; "
        "n = 200 and 280).",
        "▲ North, Overall satisfaction: Top-two-box share: 8.3 [6.3, 10.3] percentage points against the "
        "rest (p = 0.008; h = 0.19, very small; n = 200 and 280).",
    )
    (table,) = part.tables
    assert table.rows[0][:5] == (
        "▼ New eastern coast district",
        "Service value",
        "−12.0 [−14.0, −10.0]",
        "0.008",
        "−0.60",
    )


@pytest.mark.parametrize(
    ("asked", "told"),
    [("bh", "Benjamini and Hochberg"), ("none", "not adjusted: about 0 would stand out"), ("", "adjusted within each")],
)
def test_the_adjustment_is_the_study_s(compared, asked, told):
    compared["study"]["adjust"] = asked
    part = part_of(report_context(compared, language="en").groups, "above or below the rest")
    assert told in part.paragraphs[0]


def test_letters_name_the_groups_that_are_surely_exceeded(compared):
    part = part_of(report_context(compared, language="en").groups, "differ from each other")
    letters, pairs = part.tables
    assert [column.label for column in letters.columns] == ["Group and its letter", "n", "Overall satisfaction"]
    assert [row[::2] for row in letters.rows] == [
        ("A · North", "76.2 B C"),
        ("B · South", "73.2"),
        ("C · New eastern coast district", "68.2"),
    ]
    assert [row[:2] for row in pairs.rows] == [("▲ North", "New eastern coast district"), ("▼ South", "North")]
    assert part.points[0].startswith("▲ North, Overall satisfaction: 8.0 [6.0, 10.0] points against New eastern coast")


def test_nothing_tested_is_said(compared):
    for row in compared["comparisons"]["rows"]:
        row |= UNTESTED | {"verdict": "undecided"}
    groups = report_context(compared, language="en").groups
    part = part_of(groups, "above or below the rest")
    assert part.paragraphs[0].startswith("Nothing could be tested here")
    assert part.points == ()
    assert part.tables == ()
    heat = next(p for p in groups.parts if p.figure and isinstance(p.figure.plot, GroupHeatPlot))
    assert heat.paragraphs[0].endswith("Whether a group lies above or below the rest was not tested.")


def test_large_effects_come_before_large_groups():
    rows = [
        difference("a", "x", 4.1, "higher", n=400),
        difference("b", "x", 17.0, "higher", n=20),
        difference("c", "x", -18.0, "lower", n=90),
        difference("d", "x", 19.0, "undecided", n=500),
    ]
    assert [row["group"] for row in by_weight(rows)] == ["c", "b", "a"]


def test_the_heat_map_holds_scores_bases_and_sides(compared):
    groups = report_context(compared, language="en").groups
    part = next(p for p in groups.parts if p.figure and p.figure.name == "heat-region")
    plot = part.figure.plot
    assert plot.columns[:2] == ("Product value", "Service value")
    assert "Time cost (cost)" in plot.columns
    scores = {(row.label, name): cell for row in plot.rows for name, cell in zip(plot.columns, row.cells, strict=True)}
    assert scores["New eastern coast district", "Service value"].side == "below"
    assert scores["North", "Overall satisfaction"].side == "above"
    assert scores["South", "Service value"].side == ""
    assert scores["West", "Service value"].score.is_small
    assert (plot.low, plot.high) == (35, 82)
    assert plot.small_word == "broken frame: n < 30"
    assert "Service value 63.1 ▼ surely below the rest" in part.figure.alt
    assert "▲ and ▼ mark the 2 of 4 scores" in part.paragraphs[0]


def test_targets_are_met_not_met_or_not_settled(compared):
    part = part_of(report_context(compared, language="en").scores, "Targets")
    assert part.points == (
        "○ Overall satisfaction: whether the target of 73 is met is not settled; the score is 74.2 [72.4, 76.0].",
        "Overall satisfaction by “Where do you live?”, target 73: 3 groups: met 1, not met 1, not settled 1. "
        "▼ Not met: New eastern coast district. ○ Not settled: West.",
    )
    (table,) = part.tables
    assert [row[-1] for row in table.rows] == ["○ not settled", "▲ met", "▼ not met", "○ not settled"]
    assert table.rows[1][4] == "3.2 [1.2, 5.2]"
    chinese = part_of(report_context(compared, language="zh-CN").scores, "目标")
    assert [row[-1] for row in chinese.tables[0].rows] == ["○ 尚不能确定", "▲ 达到", "▼ 未达到", "○ 尚不能确定"]


@pytest.mark.parametrize(
    ("verdict", "low", "told"),
    [
        ("met", 0.1, "▲ Overall satisfaction: the target of 73 is met"),
        ("not_met", -3.0, "▼ Overall satisfaction: the target of 73 is not met"),
        ("undecided", None, "○ Overall satisfaction: whether the target of 73 is met could not be tested."),
    ],
)
def test_every_verdict_has_words(compared, verdict, low, told):
    row = next(r for r in compared["comparisons"]["rows"] if r["method"] == "target" and not r["group_by"])
    row |= {"verdict": verdict, "conf_low": low}
    assert part_of(report_context(compared, language="en").scores, "Targets").points[0].startswith(told)


def test_nothing_is_told_where_nothing_was_compared(document):
    context = report_context(document, language="en")
    titles = [part.title for section in (context.scores, context.groups) for part in section.parts]
    assert not any("Targets" in title or "League" in title or "rest" in title for title in titles)


def nps_shares(document, shares):
    document["distributions"] = {
        "rows": [
            {"construct": "loyalty", "item": "lo2", "code": code, "n": round(480 * share), "share": share}
            for code, share in enumerate(shares)
        ],
        "notes": [],
    }
    return document


SHARES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.05, 0.05, 0.1, 0.191, 0.2, 0.259)


def test_nps_shows_the_answers_behind_it(document):
    part = part_of(report_context(nps_shares(document, SHARES), language="en").scores, "Net promoter score")
    assert part.points == (
        "“I would recommend it”: promoters 45.9%, passives 29.1%, detractors 25.0%; net promoter score "
        "21.3 [14.9, 27.7] (n = 480).",
    )
    plot = part.figure.plot
    assert isinstance(plot, NpsPlot)
    assert plot.rows[0].shares == SHARES
    assert plot.rows[0].parts == pytest.approx((0.25, 0.291, 0.459))


def test_an_interval_of_nps_that_holds_zero_is_not_settled(document):
    row = next(r for r in document["scores"]["rows"] if r["statistic"] == "nps")
    row |= {"estimate": 2.0, "conf_low": -3.0, "conf_high": 7.0}
    part = part_of(report_context(nps_shares(document, SHARES), language="en").scores, "Net promoter score")
    assert part.points[0].endswith("Whether promoters or detractors are more is not settled.")


def test_nps_without_all_its_points_is_not_drawn(document):
    document = nps_shares(document, SHARES)
    document["distributions"]["rows"].pop()
    assert not [p for p in report_context(document, language="en").scores.parts if "Net promoter" in p.title]


def test_mean_score_and_share_stand_side_by_side_in_their_own_columns(document):
    chinese = report_context(document, language="zh-CN").scores
    (table,) = part_of(chinese, "对照").tables
    assert [column.label for column in table.columns][1:3] == ["平均得分 0–100（95% 区间）", "前两档占比（95% 区间）"]
    assert table.rows == (("总体满意度", "74.2 [72.4, 76.0]", "76.3% [72.5%, 80.1%]", "480"),)


def test_losses_are_drawn_step_by_step_and_item_by_item(document):
    section = report_context(document, language="en").quality
    plots = [part.figure.plot for part in section.parts if part.figure]
    assert [type(plot) for plot in plots] == [FunnelPlot, MissingPlot]
    numbers = [row["n"] for row in document["disposition"]["rows"]]
    assert [step.n for step in plots[0].steps] == numbers
    assert [step.lost for step in plots[0].steps] == [0, *(a - b for a, b in itertools.pairwise(numbers))]
    assert plots[1].constructs[0][0] == "Product value"
    assert [item.share for item in plots[1].constructs[0][1]] == pytest.approx([0.012, 0.024, 0.036])
    assert any("most at pr3 The meter is accurate: 3.6%." in text for part in section.parts for text in part.paragraphs)


def test_where_nothing_is_lost_nothing_is_drawn(document):
    for row in document["disposition"]["rows"]:
        row["n"] = 480
    for row in document["items"]["rows"]:
        row["missing_share"] = 0.0
    assert [part.figure for part in report_context(document, language="en").quality.parts if part.figure] == []
