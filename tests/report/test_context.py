"""The context: documented field by field, and ordered as the reader needs it."""

import dataclasses
import re
from pathlib import Path

from satmeter.report import context, report_context

ROOT = Path(__file__).parents[2]
CLASSES = [c for c in vars(context).values() if dataclasses.is_dataclass(c) and c.__module__ == context.__name__]


def test_docs_list_every_field_of_every_class():
    text = (ROOT / "docs" / "reports.md").read_text("utf-8")
    documented = {}
    for name, table in re.findall(r"\*\*(\w+)\*\*.*?\n\n\| field.*?\n\|[- |]+\n((?:\|.*\n)+)", text):
        documented[name] = re.findall(r"\| `(\w+)` \| `(.+?)` \|", table.replace("\\|", "|"))
    assert documented == {c.__name__: [(f.name, f.type) for f in dataclasses.fields(c)] for c in CLASSES}


def test_strengths_and_weaknesses_are_ordered_by_importance(document):
    head = report_context(document, language="en").headline
    assert [f.label for f in head.strengths] == ["Product value", "Staff value"]
    assert [f.label for f in head.weaknesses] == ["Service value", "Image value"]
    assert [f.certain for f in head.strengths] == [True, False]
    assert head.strengths[0].hedge == ""
    assert (
        head.strengths[1].hedge
        == "The score is settled; the importance is not: its interval crosses the dividing line."
    )
    assert head.weaknesses[0].example == "Lowest-rated item: “Getting things done is easy”, 3.8 on 1–5."


def test_never_more_than_three(document):
    for row in document["priorities"]["rows"]:
        row["quadrant"] = "improve"
    head = report_context(document, language="en").headline
    assert len(head.weaknesses) == 3
    assert head.strengths == ()
    assert head.no_strength == "No driver scores above the dividing line."


def test_a_cost_is_turned_round_and_says_so(document):
    document["priorities"]["rows"][0] |= {"driver": "time", "performance": 58.3}
    head = report_context(document, language="zh-CN").headline
    assert head.strengths[0].label == "时间成本（反转）"
    assert head.strengths[0].example == ""  # its items say the opposite of its turned score


def test_without_importance_the_scores_decide_and_the_report_says_so(document):
    document["priorities"] = {"rows": [], "notes": []}
    head = report_context(document, language="en").headline
    assert [f.label for f in head.strengths] == ["Product value", "Staff value"]
    assert [f.label for f in head.weaknesses] == ["Service value", "Image value"]
    assert head.ranking == "Ordered by score alone: importance could not be computed."


def test_cards_are_the_share_the_loyalty_and_one_nps(document):
    document["scores"]["rows"].append(dict(document["scores"]["rows"][0], measure="lo1", statistic="nps"))
    cards = report_context(document, language="zh-CN").headline.cards
    assert [(c.label, c.value) for c in cards] == [
        ("满意率（前两档占比）", "76.3%"),
        ("客户忠诚", "66.8"),
        ("净推荐值（NPS）", "21.3"),
    ]
    assert cards[0].interval == "[72.5%, 80.1%]"
    assert cards[0].definition == "满意率：最高两档占比。"
    assert cards[0].base == "480 人"


def test_the_index_falls_back_on_the_mean_score(document):
    document["scores"]["rows"] = [r for r in document["scores"]["rows"] if r["statistic"] != "index"]
    head = report_context(document, language="en").headline
    assert (head.index.value, head.index.interval) == ("74.2", "[72.4, 76.0]")


def test_group_tables_turn_when_groups_are_many(document):
    few = report_context(document, language="en").groups.parts[0].tables[0]
    assert [c.label for c in few.columns] == [
        "Measure",
        "North",
        "South",
        "New eastern coast district",
        "West (n < 30)",
    ]
    assert few.rows[0] == ("n", "200", "160", "100", "20")
    assert few.rows[1][:2] == ("Product value", "80.4 [77.6, 83.2]")
    rows = document["scores"]["rows"]
    rows += [row | {"group": f"g{i}"} for row in rows if row["group"] == "w" for i in range(3)]
    many = report_context(document, language="en").groups.parts[0].tables[0]
    assert [c.label for c in many.columns][:3] == ["Group", "n", "Product value"]
    assert [row[0] for row in many.rows][-1] == "g2 (n < 30)"


def test_regression_terms_in_words(document):
    rows = document["regression"]["rows"]
    rows.append(rows[1] | {"term": "region[s]", "p_value": 0.0004})
    table = report_context(document, language="en").drivers.parts[0].tables[1]
    assert table.rows[0][0] == "(intercept)"
    assert table.rows[-1][0] == "Where do you live? South"
    assert table.rows[-1][5] == "<0.001"
    assert table.columns[2].label == "SE (HC3)"


def test_scale_points_without_labels_are_one_line(document):
    tables = [t for part in report_context(document, language="en").wording.parts for t in part.tables]
    likely = next(t for t in tables if t.caption == "Scale 0–10")
    assert likely.rows == (("0", "Not at all likely"), ("1–9", "–"), ("10", "Extremely likely"))


def test_the_level_is_that_of_the_results(document):
    document["provenance"]["conf_level"] = 0.9
    context_ = report_context(document, language="en")
    assert "90% interval" in context_.headline.sentence
    assert "95%" not in str(context_.scores)


def test_without_scores_of_drivers_the_most_important_one_is_named(document):
    document["priorities"] = {"rows": [], "notes": []}
    for construct in document["questionnaire"]["constructs"]:
        construct["role"] = "satisfaction" if construct["id"] == "satisfaction" else "other"
    head = report_context(document, language="en").headline
    assert head.no_strength == "No driver can be named: none has a score of its own."
    assert head.ranking.startswith("Service value comes first with 36% [29%, 43%]")
