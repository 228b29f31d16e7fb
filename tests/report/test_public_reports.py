"""Reports for the public: symbols in place of figures, groups left out and named, no interval where nobody drew."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import openpyxl
import pytest

from satmeter.errors import Note
from satmeter.publication.suppress_blank import STRUCTURE
from satmeter.report import build_report
from satmeter.report.context import Figure
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.figures.draw import draw_svg
from satmeter.report.figures.pieces import by_rows, pieces
from satmeter.report.interval_words import words_without_intervals
from satmeter.report.plots import DotPlot, Panel, PanelPlot
from satmeter.report.results import Results, hidden_symbol
from satmeter.report.sections.cells import left_out
from satmeter.report.sections.scores import groups_section
from satmeter.report.wording import read_words


def hidden_group(document, group_by, group):
    """Return a document in which one group is not published."""
    made = dict(document)
    for name in ("scores", "sample", "waves", "tree", "adjusted", "answers", "verbatims"):
        rows = [dict(row) for row in document.get(name, {"rows": []})["rows"]]
        for row in rows:
            row["symbol"] = ""
            own = row.get("group_by", row.get("question")), row.get("group", row.get("unit", row.get("option")))
            if own == (group_by, group):
                numbers = [k for k, value in row.items() if isinstance(value, int | float) and k not in STRUCTURE]
                row |= dict.fromkeys(numbers) | {"symbol": "[c]"}
        made[name] = {"rows": rows, "notes": document.get(name, {}).get("notes", [])}
    return made


def without_error(row):
    return {key: None if key.endswith(("_low", "_high", "std_error")) else value for key, value in row.items()}


@pytest.fixture
def public(document):
    row = next(row for row in document["scores"]["rows"] if row["group_by"])
    return hidden_group(document, row["group_by"], row["group"]), row["group_by"], row["group"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_hidden_group_stands_with_its_symbol(public, language):
    made, group_by, group = public
    results = Results(made, language)
    label = results.option(group_by, group)
    text = build_report(made, language=language, formats=("md",), figures=False).file("md").decode()
    assert text.count(r"\[c\]") > 10
    told = read_words(language)["suppressed.left_out"].partition("{")[0]
    sentence = next(line for line in text.splitlines() if told in line)
    assert label in sentence
    assert "n = 0" not in text
    assert "None" not in text
    lines = [line for line in text.splitlines() if line.startswith(f"| {label} ")]
    assert lines
    assert all(r"\[c\]" in line for line in lines if "|" in line)


def test_a_construct_that_no_group_may_show_has_no_panel(document):
    """A question that nobody was asked; reports that cut a figure into pages would draw a page of nothing."""
    question = next(row["group_by"] for row in document["scores"]["rows"] if row["group_by"])
    shown = groups_section(Edition(Results(document, "en"), read_words("en")))
    name = f"groups-{question}"
    (drawn,) = [part.figure for part in shown.parts if part.figure and part.figure.name == name]
    measures = [row["measure"] for row in document["scores"]["rows"] if row["statistic"] == "mean_score"]
    labels = {Results(document, "en").label(measure): measure for measure in measures}
    one = labels[drawn.plot.panels[-1].title]
    for hidden, left in (({one}, len(drawn.plot.panels) - 1), (set(measures), 0)):
        rows = [
            dict(row) | ({"estimate": None, "n": 0, "symbol": "[c]"} if row["measure"] in hidden else {"symbol": ""})
            for row in document["scores"]["rows"]
        ]
        made = document | {"scores": document["scores"] | {"rows": rows}}
        parts = groups_section(Edition(Results(made, "en"), read_words("en"))).parts
        figures = [part.figure for part in parts if part.figure and part.figure.name == name]
        assert [len(figure.plot.panels) for figure in figures] == ([left] if left else [])
        for figure in figures:
            for plot in pieces(figure.plot, 99):
                assert "<svg" in draw_svg(replace(figure, plot=plot))


def test_a_run_of_rows_that_nobody_may_see_makes_no_page():
    secret, shown = (Estimate("North", None, symbol="[c]"),) * 3, (Estimate("South", 61.0, 58.0, 64.0, 200),) * 3
    for cut in by_rows(PanelPlot((Panel("Service", secret + shown),), "Points", 40, 90), 2):
        assert "<svg" in draw_svg(Figure("groups", "Groups", "Groups.", cut))
        assert [panel.estimates for panel in cut.panels] == [shown]
    for cut in by_rows(DotPlot(secret + shown, "Points", 40, 90), 2):
        assert "<svg" in draw_svg(Figure("scores", "Scores", "Scores.", cut))
        assert cut.estimates == shown


@pytest.mark.parametrize("form", ["md", "docx", "pptx"])
def test_waves_trees_and_answers_have_the_symbol_too(tracked, form):
    (group_by, group), *_ = {(r["group_by"], r["group"]) for r in tracked["tree"]["rows"] if r["group_by"]}
    made = hidden_group(tracked, group_by, group)
    content = build_report(made, language="en", formats=(form,), figures=form == "docx").file(form)
    if form == "md":
        text = content.decode()
        label = Results(made, "en").option(group_by, group)
        lines = [line for line in text.splitlines() if line.startswith(f"| {label} ")]
        assert lines
        assert all(r"\[c\]" in line and "| 0 |" not in line for line in lines)


def test_the_workbook_has_the_symbol_and_its_meaning(public):
    made, _, _ = public
    content = build_report(made, language="en", formats=("xlsx",), figures=False).file("xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    assert any(row.count("[c]") > 4 for row in cells["Scores"])
    (meaning,) = [row[1] for row in cells["Symbols"] if row[0] == "[c]"]
    assert meaning.startswith("Confidential")


def test_a_sample_that_nobody_drew_is_reported_without_intervals(document):
    made = dict(document)
    note = Note("P117")
    told = {"code": "P117", "about": "", "en": note.text("en"), "zh-CN": note.text("zh-CN")}
    made["study"] = dict(document["study"]) | {"sampling": "nonprobability", "notes": [told]}
    for name, part in document.items():
        if isinstance(part, dict) and isinstance(part.get("rows"), list):
            rows = [] if name in ("ranks", "comparisons") else [without_error(row) for row in part["rows"]]
            made[name] = {"rows": rows, "notes": part.get("notes", [])}
    for language, no_error in (("en", "no margin of error"), ("zh-CN", "不给出抽样误差范围")):
        text = build_report(made, language=language, formats=("md",), figures=False).file("md").decode()
        assert no_error in text
        assert not re.search(r"95% (interval|区间)|intervals overlap|区间重叠", text)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_caption_or_heading_announces_an_interval(language):
    words = words_without_intervals(read_words(language))
    interval = re.compile(r"\{level\}\s*(interval|置信区间|区间)")
    kept = {key for key, text in words.table.items() if interval.search(text)}
    assert kept <= {"method.interval_simple", "sentence.index"} | {k for k in kept if k.startswith("replication.")}
    assert words["caption.scores"] == {"en": "Scores", "zh-CN": "各项得分"}[language]
    assert words["column.estimate_interval"] == {"en": "Estimate", "zh-CN": "估计值"}[language]


def test_a_group_that_is_hidden_on_some_measures_only_is_left_out_in_part(document):
    edition = Edition(Results(document, "en"), read_words("en"))
    some = [Estimate("North", 70.0, n=40), Estimate("North", None, symbol="[c]"), Estimate("South", None, symbol="[c]")]
    assert left_out(edition, some) == (
        "Left out, because the figures are not published ([c]): North (in part) and South."
    )
    assert left_out(edition, some[:1]) == ""
    assert hidden_symbol({"estimate": None, "n": 40, "symbol": "[c]"}) == ""
