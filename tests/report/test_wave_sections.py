"""Sections of waves, indicator trees, adjusted scores and single questions: what is told, and what is not."""

import io

import pytest

from satmeter.report import FORMATS, build_report, report_context
from satmeter.report.figures import draw_svg
from satmeter.report.figures.numbers import figure_table
from satmeter.report.sections.answers import number_text
from satmeter.report.unit_plots import ControlPlot, TreePlot, TrendPlot
from satmeter.report.wording import read_words

WAVES = ("2024", "2025", "2026")


def cells(table, first):
    return next(row for row in table.rows if row[0] == first)


def test_without_their_rows_the_sections_are_left_out(document):
    report = report_context(document, language="en")
    for section in (report.trend, report.trees, report.adjusted, report.answers):
        assert section.parts == section.paragraphs == ()


def test_the_index_is_told_with_its_change_and_how_sure_it_is(tracked):
    lead = report_context(tracked, language="en").trend.paragraphs[0]
    assert lead == (
        "▲ Overall satisfaction stands at 74.2 [72.2, 76.2] in 2026. That is 3.2 [0.4, 6.0] points more than in 2025; "
        "the change is sure (p = 0.024)."
    )
    assert "比 2025 期高 3.2 [0.4, 6.0] 分，上升确定" in report_context(tracked, language="zh-CN").trend.paragraphs[0]


@pytest.mark.parametrize(
    ("verdict", "p", "sentence"),
    [
        ("lower", 0.01, "the fall is sure"),
        ("undecided", 0.4, "not settled"),
        ("undecided", None, "could not be tested"),
        ("break", None, "may not be compared"),
    ],
)
def test_a_change_is_never_told_as_more_than_it_is(tracked, verdict, p, sentence):
    row = next(r for r in tracked["waves"]["rows"] if r["wave"] == "2026" and r["role"] == "previous")
    row |= {"verdict": verdict, "p_value": p, "p_adjusted": p}
    lead = report_context(tracked, language="en").trend.paragraphs[0]
    assert sentence in lead
    assert lead[0] == {"lower": "▼", "undecided": "○", "break": "≠"}[verdict]


def test_a_broken_series_has_its_reasons_and_no_change(tracked):
    part = report_context(tracked, language="en").trend.parts[1]
    row = cells(part.tables[0], "Staff value")
    assert row == ("Staff value", "75.2 [73.2, 77.2]", "–", "–", "480", "460", "≠ not comparable: wording and scale")
    assert part.paragraphs == ("All 2 changes are sure. One figure may not be compared, because its series ends here.",)


def test_baseline_and_groups_have_parts_of_their_own(tracked):
    parts = report_context(tracked, language="en").trend.parts
    assert [part.title for part in parts] == [
        "All waves",
        "2026 against the wave before, 2025",
        "2026 against the baseline, 2024",
        "By “Where do you live?”: 2026 against 2025",
        "What was changed between the waves",
    ]
    assert cells(parts[3].tables[0], "Overall satisfaction: North")[2] == "5.3 [1.2, 9.4]"
    assert parts[4].points == (
        "≠ 2025 → 2026: The wording of st2 was changed.",
        "2025 → 2026: The order of the pages was changed. Comparable.",
    )


def test_all_changes_of_groups_are_counted_though_the_table_leaves_open_ones_out(tracked):
    rows = tracked["waves"]["rows"]
    rows += [row | {"measure": "service", "verdict": "undecided"} for row in rows if row["group_by"]]
    part = report_context(tracked, language="en").trend.parts[3]
    assert part.paragraphs[0].startswith("Sure changes: 1 of 4.")
    assert [row[0] for row in part.tables[0].rows] == ["Overall satisfaction: North", "Overall satisfaction: West"]


def test_the_figure_joins_what_may_be_compared(tracked):
    figure = report_context(tracked, language="en").trend.parts[0].figure
    assert isinstance(figure.plot, TrendPlot)
    assert figure.plot.waves == WAVES
    changes = {panel.title: [point.change for point in panel.points] for panel in figure.plot.panels}
    assert changes == {
        "Overall satisfaction": ["", "undecided", "higher"],
        "Service value": ["", "undecided", "lower"],
        "Staff value": ["", "undecided", "break"],
    }
    table = figure_table(figure, read_words("en"))
    assert table.rows[8] == ("Staff value", "2026", "75.2", "73.2", "77.2", "series ends", "480")
    assert draw_svg(figure) == draw_svg(figure)
    assert 'id="trend-mark-8"' in draw_svg(figure)


def test_a_tree_has_its_weights_its_weakest_part_and_their_source(tracked):
    section = report_context(tracked, language="en").trees
    told = section.parts[0].paragraphs[0]
    assert told.startswith("Overall index stands at 71.3 [69.3, 73.3] points of 100. The weakest part is Time cost")
    assert told.endswith("Source of the weights: expert panel, 2026")
    rows = section.parts[0].tables[0].rows
    assert rows[2] == ("– – Service value", "62.5%", "37.5%", "69.1 [67.1, 71.1]", "25.9", "480")
    assert rows[4][0] == "– Time cost (turned round)"
    plot = section.parts[0].figure.plot
    assert isinstance(plot, TreePlot)
    assert [(node.level, node.weight, node.weakest) for node in plot.nodes][4] == (1, 0.15, True)
    groups = section.parts[1].tables[0].rows
    assert groups[1][:3] == ("West (n < 30)", "20", "70.3 [69.3, 73.3]")
    assert groups[1][-1] == "○ Time cost (turned round)"


def test_raw_and_adjusted_stand_side_by_side_with_the_coefficients(tracked):
    scores, model = report_context(tracked, language="en").adjusted.parts
    assert scores.paragraphs == ("The adjustment moves New eastern coast district most: by 2.1 points.",)
    assert cells(scores.tables[0], "North") == ("North", "200", "76.2 [73.8, 78.6]", "74.8 [72.4, 77.2]", "−1.4")
    assert model.tables[0].rows == (("Customer type: Business", "−4.31 [−7.05, −1.57]", "0.002", "480"),)
    assert model.points == ("No sign that what goes with “Customer type” differs between units (p = 0.490).",)


def test_an_effect_that_differs_between_units_is_said(tracked):
    tracked["case_mix_checks"]["rows"][0] |= {"p_value": 0.004, "p_adjusted": 0.004}
    point = report_context(tracked, language="zh-CN").adjusted.parts[1].points[0]
    assert point.startswith("▼ 与“")
    assert "并不相同（p = 0.004）" in point


def test_shares_of_cases_and_of_answers(tracked):
    part = report_context(tracked, language="en").answers.parts[0]
    assert part.tables[0].rows[0] == ("Business hall", "84.0% [80.0%, 88.0%]", "42.0% [38.0%, 46.0%]", "200")
    assert part.tables[1].rows[-1] == ("n", "100", "100")
    assert part.paragraphs[0].startswith("Most chose Business hall: 84% [80%, 88%]")
    assert "do not settle whether it is ahead of App" in part.paragraphs[0]


def test_numbers_and_ratios(tracked):
    numbers, ratios = report_context(tracked, language="en").answers.parts[1:]
    row = ("1,210 [1,150, 1,270]", "800 – 1,900", "1,520 [1,460, 1,580]", "1,310 [1,250, 1,370]", "200")
    assert numbers.tables[0].rows == (("Yearly bill (yuan)", *row),)
    assert ratios.tables[0].rows[0][:4] == ("per_visit", "All respondents", "12.35 [11.25, 13.45]", "200")
    assert number_text(-12345.6) == "−12,346"


def ranked(document, n_units, score):
    row = {"group_by": "region", "measure": "satisfaction", "statistic": "mean_score", "std_error": 1.0, "n": 100}
    more = dict.fromkeys(("rank_low", "marginal_low", "tie_group", "rank"), 1)
    rows = [
        row | more | {"unit": f"u{j}", "estimate": score(j), "conf_low": 70.0, "conf_high": 80.0}
        for j in range(1, n_units + 1)
    ]
    rows = [r | {"rank_high": n_units, "marginal_high": n_units} for r in rows]
    return document | {"ranks": {"rows": rows, "notes": []}}


def funnels(document):
    section = report_context(document, language="en").groups
    return [part for part in section.parts if part.figure and isinstance(part.figure.plot, ControlPlot)]


def test_a_funnel_plot_names_the_units_beyond_its_outer_limits(document):
    """One answer spreads by 10 (standard error 1 of 100), so the limit of a unit of 100 lies 3.09 from 74.2."""
    scores = {1: 77.2, 2: 77.4, 3: 71.0}
    (part,) = funnels(ranked(document, 6, lambda j: scores.get(j, 74.0)))
    plot = part.figure.plot
    assert plot.spread == pytest.approx(10.0)
    assert plot.centre == 74.2
    assert [point.side for point in plot.points] == ["", "above", "below", "", "", ""]
    assert part.paragraphs[0].startswith("Beyond the outer limits: u2 and u3.")
    assert figure_table(part.figure, read_words("en")).rows[1][-1] == "above the outer limits"
    assert draw_svg(part.figure).count("<g id=") == 6


def test_few_units_have_no_funnel_plot(document):
    assert funnels(ranked(document, 5, lambda j: 74.0)) == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_all_of_it_stands_in_every_format(tracked, language):
    report = build_report(tracked, language=language, formats=FORMATS, figures=False)
    assert [form for form, file in report.files if len(file) > 500] == list(FORMATS)
    text = report.file("md").decode("utf-8")
    words = read_words(language)
    for heading in ("trend", "trees", "adjusted", "given"):
        assert f"## {words[f'heading.{heading}']}" in text


def test_the_report_of_a_wave_without_an_earlier_one_says_so(document):
    text = build_report(document, template="wave", language="en", formats=("md",), figures=False).file("md").decode()
    assert "There is no earlier wave in these results" in text


def test_a_slide_of_changes_says_which_waves_it_compares(tracked):
    pptx = pytest.importorskip("pptx")
    file = build_report(tracked, template="wave", language="en", formats=("pptx",), figures=False).file("pptx")
    titles = [slide.shapes.title.text for slide in pptx.Presentation(io.BytesIO(file)).slides if slide.shapes.title]
    assert "2026 against the wave before, 2025: All 2 changes are sure" in titles
    assert "2026 against the baseline, 2024: All 2 changes are sure" in titles
