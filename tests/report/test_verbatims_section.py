"""The section on open answers: sentence, bars, tables, words, quotes, in both languages; answers are never markup."""

import io
import re

import openpyxl
import pytest

from satmeter.report import build_report, report_context

LABELS = {
    "price": ("价格", "Price"),
    "outage": ("停电", "Outages"),
    "other": ("其他", "Other"),
    "none": ("没有意见", "Nothing"),
}
EVIL = "<script>alert(1)</script> *贵* | [a](b) {ly1} $x$"


def row(theme, estimate, low, high, mentions, n=200, group_by="", group=""):
    label = dict(zip(("zh-CN", "en"), LABELS[theme], strict=True))
    place = {"question": "why", "theme": theme, "label": label, "group_by": group_by, "group": group}
    numbers = {
        "mentions": mentions,
        "estimate": estimate,
        "std_error": 0.03,
        "conf_low": low,
        "conf_high": high,
        "n": n,
    }
    return place | numbers


def quote(theme, respondent, text):
    return {"question": "why", "theme": theme, "respondent": respondent, "text": text}


@pytest.fixture
def said(document):
    rows = [
        row("price", 0.3125, 0.25, 0.38, 61),
        row("outage", 0.2875, 0.22, 0.35, 58),
        row("other", 0.41, 0.34, 0.48, 80),
        row("none", 0.0, 0.0, 0.02, 0),
        row("price", 0.5, 0.3, 0.7, 11, 22, "region", "n"),
        row("outage", 0.25, 0.1, 0.4, 5, 22, "region", "n"),
        row("price", 0.2, 0.1, 0.3, 20, 100, "region", "s"),
        row("outage", 0.1, 0.05, 0.2, 10, 100, "region", "s"),
    ]
    note = {"code": "S118", "about": "why", "en": "Much is left unsaid.", "zh-CN": "覆盖不足。"}
    quotes = [quote("price", "r7", "电费太贵了"), quote("outage", "#12", EVIL)]
    return document | {
        "verbatims": {"rows": rows, "notes": [note]},
        "quotes": {"rows": quotes, "notes": []},
    }


def test_the_sentence_says_what_is_settled(said):
    text = report_context(said, language="en").verbatims.parts[0].paragraphs[0]
    assert text.startswith(
        "Of 200 who answered, 31% [25%, 38%] spoke of “Price”. The intervals of Outages overlap with it"
    )
    assert "41% of the answers fit no theme." in text
    assert "nothing to say" not in text  # nobody says so
    said["verbatims"]["rows"][1] |= {"estimate": 0.1, "conf_low": 0.06, "conf_high": 0.15}
    clear = report_context(said, language="zh-CN").verbatims.parts[0].paragraphs[0]
    assert clear.startswith("200 人作答，提到“价格”的占 31% [25%, 38%]，多于其他任何主题。41% 的回答不符合任何主题。")


def test_the_figure_has_what_was_said_and_the_table_everything(said):
    part = report_context(said, language="en").verbatims.parts[0]
    drawn = part.figure.plot.estimates
    assert [(e.label, e.value, e.low, e.high, e.n) for e in drawn] == [
        ("Price", 0.3125, 0.25, 0.38, 200),
        ("Outages", 0.2875, 0.22, 0.35, 200),
        ("Other", 0.41, 0.34, 0.48, 200),
    ]
    assert part.tables[0].rows[0] == ("Price", "61", "31.2%", "[25.0%, 38.0%]", "200")
    assert part.tables[0].rows[3] == ("Nothing", "0", "0.0%", "[0.0%, 2.0%]", "200")
    assert [column.label for column in part.tables[1].columns] == ["Theme", "North (n < 30)", "South"]
    assert part.tables[1].rows == (
        ("n", "22", "100"),
        ("Price", "50% [30%, 70%]", "20% [10%, 30%]"),
        ("Outages", "25% [10%, 40%]", "10% [5%, 20%]"),
    )


def test_many_groups_stand_one_under_the_other(said):
    rows = said["verbatims"]["rows"]
    rows += [row("price", k / 10, 0.0, 1.0, k, 10, "region", f"g{k}") for k in range(1, 5)]
    rows += [row("outage", 0.5, 0.2, 0.8, 5, 10, "region", f"g{k}") for k in range(1, 5)]
    table = report_context(said, language="en").verbatims.parts[0].tables[1]
    assert [column.label for column in table.columns] == ["Group", "n", "Price", "Outages"]
    assert table.rows[0] == ("North (n < 30)", "22", "50% [30%, 70%]", "25% [10%, 40%]")
    assert table.rows[3] == ("g2 (n < 30)", "10", "20% [0%, 100%]", "50% [20%, 80%]")


def test_quotes_stand_with_theme_and_respondent(said):
    for language, first in (("en", "Price: “电费太贵了” (r7)"), ("zh-CN", "价格：“电费太贵了”（r7）")):
        section = report_context(said, language=language).verbatims
        assert section.parts[1].points == (first, section.parts[1].points[1])
        assert EVIL in section.parts[1].points[1]
        assert len(section.notes) == 1


def test_without_themes_words_are_a_start(document):
    words = [{"question": "why", "word": "停电", "n": 40}, {"question": "why", "word": "bill", "n": 12}]
    part = report_context(document | {"words": {"rows": words, "notes": []}}, language="en").verbatims.parts[0]
    assert part.tables[0].rows == (("停电", "40"), ("bill", "12"))
    assert part.figure is None
    assert "start for a code frame" in part.paragraphs[0]


def test_no_answer_becomes_markup(said):
    report = build_report(said, language="en", formats=("html", "md"))
    (item,) = re.findall(r"<li[^>]*>(Outages: .*?)</li>", report.html, re.DOTALL)
    assert "<" not in item.replace("<br", "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *贵* | [a](b) {ly1} $x$" in " ".join(item.split())
    assert 'id="verbatims"' in report.html


def test_a_study_that_did_not_ask_has_no_such_section(document):
    report = build_report(document, language="en", formats=("md",))
    assert "In their own words" not in report.file("md").decode()
    assert report_context(document, language="en").verbatims.parts == ()


@pytest.mark.parametrize(("language", "tabs"), [("en", ("Themes", "Quotes")), ("zh-CN", ("主题", "原话"))])
def test_the_workbook_has_every_number_and_quote(said, language, tabs):
    pytest.importorskip("xlsxwriter")
    report = build_report(said, language=language, formats=("xlsx",))
    book = openpyxl.load_workbook(io.BytesIO(report.file("xlsx")))
    cells = [[cell.value for cell in line] for line in book[tabs[0]].iter_rows()]
    (price,) = [line for line in cells if "price" in line and 61 in line]
    assert {LABELS["price"][language == "en"], 0.3125, 0.25, 0.38, 200} <= set(price)
    assert EVIL in [cell.value for line in book[tabs[1]].iter_rows() for cell in line]
    shown = {cell.number_format for line in book[tabs[0]].iter_rows() for cell in line if cell.value == 0.3125}
    assert all("%" in form for form in shown)
    assert shown


def test_a_slide_shows_the_themes_with_their_numbers(said):
    pptx = pytest.importorskip("pptx")
    report = build_report(said, language="en", formats=("pptx",))
    slides = list(pptx.Presentation(io.BytesIO(report.file("pptx"))).slides)
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    (themes,) = [chart for chart in charts if "Outages" in list(chart.plots[0].categories)]
    values = dict(zip(themes.plots[0].categories, themes.plots[0].series[0].values, strict=True))
    assert {"Price": 0.3125, "Outages": 0.2875, "Other": 0.41}.items() <= values.items()
