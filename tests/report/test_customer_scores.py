"""Top boxes, CSAT and CES wherever scores are shown, in both languages."""

import io

import openpyxl
import pytest

from satmeter.report import build_report, report_context

MEANING = {"zh-CN": "占比，不是满意度。", "en": "A share, not the mean score."}
FIGURES = (
    ("satisfaction", "top1", 0.21),
    ("satisfaction", "top3", 0.91),
    ("sa1", "top3", 0.9),
    ("sa1", "csat", 0.484),
    ("sa2", "ces_mean", 5.374),
    ("sa2", "ces_share", 0.727),
    ("sa2", "ces_net", 63.14),
)


def row(measure, statistic, value, **place):
    half = 0.04 if value <= 1 else 0.14 if value < 10 else 6.5
    numbers = {"estimate": value, "std_error": half / 2, "conf_low": value - half, "conf_high": value + half}
    base = {"group_by": "", "group": "", "definition": MEANING, "df": 479.0, "n": 480, "n_eff": 480.0, "deff": 1.0}
    return {"measure": measure, "statistic": statistic} | base | numbers | place


def difference(measure, statistic, value):
    half = 0.05 if abs(value) <= 1 else 4.0
    numbers = {"estimate": value, "std_error": half / 2, "conf_low": value - half, "conf_high": value + half}
    test = {"t": 4.0, "df": 400.0, "p_value": 0.001, "p_adjusted": 0.001, "effect_size": 0.3, "verdict": "higher"}
    place = {"group_by": "region", "group": "n", "other": "", "method": "rest", "n": 200, "n_other": 280}
    return {"measure": measure, "statistic": statistic} | place | numbers | test


@pytest.fixture
def richer(document):
    rows = [row(*figure) for figure in FIGURES]
    rows += [row(*figure, group_by="region", group="n", n=200) for figure in FIGURES]
    compared = [
        difference("satisfaction", "top1", 0.12),
        difference("sa1", "top3", 0.3),
        difference("sa1", "csat", 0.1),
    ]
    compared += [difference("sa2", "ces_mean", 0.46), difference("sa2", "ces_net", 12.0)]
    scores = {"rows": [*document["scores"]["rows"], *rows], "notes": []}
    return document | {"scores": scores, "comparisons": {"rows": compared, "notes": []}}


def tables(section):
    return [table for part in section.parts for table in part.tables]


def test_the_table_of_scores_names_them(richer):
    for language, names in (
        ("en", ("Top-box share", "Top-three-box share", "CSAT (top two of five)", "CES (mean)")),
        ("zh-CN", ("前一档占比", "前三档占比", "CSAT（五档中最高两档的占比）", "CES（均值式）")),
    ):
        lines = tables(report_context(richer, language=language).scores)[0].rows
        found = {line[1]: line for line in lines}
        assert [found[name][2] for name in names] == ["21.0%", "91.0%", "48.4%", "5.37"]
    assert found["CES（占比式，5–7 分）"][2:4] == ("72.7%", "[68.7%, 76.7%]")
    assert found["CES（净值式）"][2:4] == ("63.1", "[56.6, 69.6]")
    assert [line[2] for line in lines].count("90.0%") == 0  # top boxes of single items stand in the results


def test_csat_and_ces_stand_with_their_meaning(richer, document):
    part = next(p for p in report_context(richer, language="en").scores.parts if p.title == "CSAT and CES")
    (table,) = part.tables
    assert [line[1:3] for line in table.rows] == [
        ("CSAT (top two of five)", "48.4% [44.4%, 52.4%]"),
        ("CES (mean)", "5.37 [5.23, 5.51]"),
        ("CES (share of 5–7)", "72.7% [68.7%, 76.7%]"),
        ("CES (net share)", "63.1 [56.6, 69.6]"),
    ]
    assert {line[-1] for line in table.rows} == {MEANING["en"]}
    assert not [p for p in report_context(document, language="en").scores.parts if p.title == "CSAT and CES"]


def test_the_first_screen_has_a_card_of_each(richer):
    cards = {card.label: card.value for card in report_context(richer, language="zh-CN").headline.cards}
    assert cards["CSAT（五档中最高两档的占比）"] == "48.4%"
    assert cards["CES（均值式，1–7）"] == "5.37"
    assert "CES（净值式）" not in cards  # one variant is enough on the first screen


def test_differences_are_told_in_their_units(richer):
    told = " ".join(
        text for part in report_context(richer, language="en").groups.parts for text in (*part.paragraphs, *part.points)
    )
    assert "Overall satisfaction: Top-box share: 12.0 [7.0, 17.0] percentage points" in told
    assert "h = 0.30" in told
    assert "10.0 [5.0, 15.0] percentage points" in told
    assert "0.46 [0.41, 0.51] scale points" in told
    assert "12.0 [8.0, 16.0] points of CES" in told
    assert "30.0 [25.0" not in told


def test_the_workbook_shows_shares_as_shares(richer):
    report = build_report(richer, language="zh-CN", formats=("xlsx",), figures=False)
    book = openpyxl.load_workbook(io.BytesIO(report.file("xlsx")))
    found = {}
    for line in book["得分"].iter_rows():
        texts = [cell.value for cell in line]
        for statistic in ("top1", "csat", "ces_mean", "ces_net"):
            if statistic in texts:
                number = next(cell for cell in line if isinstance(cell.value, float))
                found[statistic] = (number.value, "%" in number.number_format, texts[texts.index(statistic) - 1])
    assert found["top1"] == (0.21, True, "前一档占比")
    assert found["csat"] == (0.484, True, "CSAT（五档中最高两档的占比）")
    assert found["ces_mean"][:2] == (5.374, False)
    assert found["ces_net"][1] is False


def test_single_questions_have_a_sheet(tracked):
    report = build_report(tracked, language="zh-CN", formats=("xlsx",), figures=False)
    book = openpyxl.load_workbook(io.BytesIO(report.file("xlsx")))
    lines = list(book["单题结果"].iter_rows())
    assert any({"中位数", 1210.0} <= {cell.value for cell in line} for line in lines)
    formats = {cell.number_format for line in lines for cell in line if cell.value in (0.84, 0.42)}
    assert formats
    assert all("%" in text for text in formats)
    meanings = [[cell.value for cell in line] for line in book["定义"].iter_rows()]
    assert any({"spend", "median", "中位数"} <= set(line) for line in meanings)
