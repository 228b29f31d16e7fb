"""Which items weaken their construct: most serious first, many of a kind in one sentence, and skew in the table."""

import re

import pytest

from satmeter.report import report_context
from satmeter.report.sections.item_findings import SEVERITY
from satmeter.report.wording import read_words


def items(document, language="en"):
    return report_context(document, language=language).items


def test_findings_come_first_by_severity(measured):
    part = items(measured).parts[0]
    assert part.title == "Which items weaken their construct?"
    assert part.paragraphs[0].startswith("6 of 18 items have findings, most serious first.")
    assert part.points[0] == "ti1 goes against the others."
    assert part.points[1].startswith(
        "4 items go almost as closely with another construct as with their own (the cross-loading is less than .10 "
        "below the own loading, or above it): pr1 0.70, pr2 0.71, pr3 0.72, se1 0.73. With that many"
    )
    assert part.points[2] == "st2: the ratings are very skewed."
    assert len(part.points) == 3


def test_in_chinese(measured):
    part = items(measured, "zh-CN").parts[0]
    assert part.title == "哪些题项削弱了所属构念？"
    assert part.paragraphs[0].startswith("18 个题项中有 6 个出现问题，按严重程度排列。")
    assert part.points[0] == "ti1 与其余题项方向相反。"
    assert "pr1 0.70、pr2 0.71、pr3 0.72、se1 0.73" in part.points[1]


def test_a_note_of_a_new_kind_is_not_lost(measured):
    measured["lint"]["notes"].append({"code": "M299", "about": "x", "en": "Something new.", "zh-CN": "新的发现。"})
    assert items(measured).parts[0].points[-1] == "Something new."


def test_shares_are_shown_as_percent(measured):
    measured["lint"] = {
        "rows": [{"construct": "staff", "item": f"i{j}", "finding": "ceiling", "value": 0.55} for j in range(4)],
        "notes": [],
    }
    assert "highest end: i0 55%, i1 55%, i2 55%, i3 55%." in items(measured).parts[0].points[0]


def test_no_finding_is_told_where_items_were_examined(measured):
    measured["lint"] = {"rows": [], "notes": []}
    assert items(measured).parts[0].paragraphs == (
        "No item weakens its construct or is too one-sided, by the limits of item analysis (18 items examined).",
    )
    measured["validity"] = {"rows": [], "notes": []}
    assert items(measured).parts[0].title == "How were the points chosen?"


def test_findings_distributions_table_in_this_order(measured):
    found = items(measured).parts
    assert [part.title for part in found if part.title] == [
        *("Which items weaken their construct?", "How were the points chosen?", "Statistics of the items")
    ]
    (table,) = found[-1].tables
    assert table.columns[-1].label == "Skew"
    assert {row[-1] for row in table.rows} == {"−0.46"}


def test_without_skew_there_is_no_column(document):
    (table,) = items(document).parts[-1].tables
    assert table.columns[-1].label == "Highest"
    assert len(table.rows[0]) == len(table.columns) == 12


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_finding_has_a_sentence_for_many_items(language):
    words = read_words(language)
    assert all("{items}" in words[f"lint_finding.{finding}"] for finding in SEVERITY)
    assert all(re.fullmatch(r"M2\d\d", code) for code in SEVERITY.values())
