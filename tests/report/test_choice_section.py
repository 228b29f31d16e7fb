"""Multinomial regressions in the report: odds ratios with their step, what they are held against, and a hedge."""

from math import exp

import pytest

from satmeter.report import report_context
from satmeter.report.number_text import decimal

NOTE = {
    "code": "D202",
    "about": "region",
    "en": "Options of “Where do you live?” are compared with South.",
    "zh-CN": "“您在哪里？”的各选项均与南区对照。",
}


def row(term, option, b, half, p):
    values = {"estimate": b, "std_error": half / 1.96, "conf_low": b - half, "conf_high": b + half, "p_value": p}
    return {"outcome": "region", "term": f"{term}|{option}", "model": "multinomial", "n": 455} | values


ROWS = [
    row("(intercept)", "e", 0.4, 0.9, 0.4),
    row("product", "e", 0.021, 0.008, 0.001),
    row("ctype[b]", "e", 0.5, 0.7, 0.16),
    row("(intercept)", "w", -0.4, 0.9, 0.4),
    row("product", "w", -0.004, 0.009, 0.4),
    row("ctype[b]", "w", 0.9, 0.8, 0.03),
]


@pytest.fixture
def chosen(document):
    document["regression"]["rows"] += ROWS
    document["regression"]["notes"].append(NOTE)
    document["fit"]["rows"].append(
        {"outcome": "region", "statistic": "mcfadden_multinomial", "estimate": 0.0312, "n": 455}
    )
    return document


def part(document, language="en"):
    return report_context(document, language=language).drivers.parts[-1]


def test_it_says_what_the_options_are_held_against_and_how_ratios_are_counted(chosen):
    found = part(chosen)
    assert found.title == "What goes with the choice? Where do you live?"
    assert found.paragraphs[0].startswith(
        "A multinomial logistic regression holds every answer against “South” (n = 455)."
    )
    assert "per ten points of a construct" in found.paragraphs[0]
    assert "This is association." in found.paragraphs[0]


def test_ratios_that_leave_one_out_stand_beside_what_chance_would_do(chosen):
    told = part(chosen).paragraphs[1]
    assert told.startswith(
        "2 of 4 odds ratios have an interval that leaves 1 out, where chance alone would lead to about 0.2: "
        "Product value for “New eastern coast district” 1.23 [1.14, 1.34]; "
        "Customer type: Business for “West” 2.46 [1.11, 5.47]."
    )
    assert "McFadden's R² is 0.031" in told


def test_the_table_gives_every_ratio_and_the_coefficient_behind_it(chosen):
    (table,) = part(chosen).tables
    assert [c.label for c in table.columns] == ["Answer", "Term", "Odds ratio", "Log odds per point (SE)", "p", "n"]
    assert len(table.rows) == 4
    assert table.rows[0] == (
        "New eastern coast district",
        "Product value",
        "1.23 [1.14, 1.34]",
        "0.0210 (0.0041)",
        "0.001",
        "455",
    )
    assert table.rows[0][2].startswith(decimal(exp(10 * 0.021), 2))
    assert table.rows[3][2].startswith(decimal(exp(0.9), 2)), "an answer against the first one has no step of ten"


def test_the_figure_shows_constructs_with_the_bases_of_the_answers(chosen):
    figure = part(chosen, "zh-CN").figure
    (panel,) = figure.plot.panels
    assert panel.title == "产品价值"
    assert [(e.label, e.n) for e in panel.estimates] == [("东部沿海新区", 100), ("西区", 20)]
    assert panel.estimates[0].value == pytest.approx(0.21)
    assert figure.plot.line == 0.0
    assert "东部沿海新区 0.21 [0.13, 0.29]" in figure.alt


def test_without_a_clear_ratio_it_says_so(chosen):
    for one in chosen["regression"]["rows"]:
        if one["model"] == "multinomial":
            one |= {"conf_low": -1.0, "conf_high": 1.0}
    assert part(chosen).paragraphs[1].startswith("The intervals of all 4 odds ratios hold 1: nothing here goes")
    assert part(chosen, "zh-CN").paragraphs[1].startswith("全部 4 个优势比的区间都包含 1")


def test_the_note_that_names_the_reference_is_not_told_twice(chosen):
    assert NOTE["en"] not in report_context(chosen, language="en").drivers.notes


def test_nothing_without_rows(document):
    assert not any("choice" in p.title for p in report_context(document, language="en").drivers.parts)
