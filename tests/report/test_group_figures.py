"""Figures of ranks, groups, NPS and losses: what is drawn where, in every size, the same twice."""

import re
import xml.etree.ElementTree as ET

import pytest

from satmeter.report.context import Figure
from satmeter.report.estimate import Estimate
from satmeter.report.figures import draw_svg
from satmeter.report.figures.group_heat import draw_group_heat
from satmeter.report.figures.letters import EM
from satmeter.report.figures.losses import draw_funnel, draw_missing
from satmeter.report.figures.nps import draw_nps
from satmeter.report.figures.pieces import pieces
from satmeter.report.figures.ranks import draw_ranks
from satmeter.report.figures.sheet import Box, Dot, Lines, Polygon, Text
from satmeter.report.figures.style import MAIN, PAPER, STRESS
from satmeter.report.group_plots import (
    FunnelPlot,
    FunnelStep,
    GroupCell,
    GroupHeatPlot,
    GroupRow,
    MissingPlot,
    MissingRow,
    NpsPlot,
    NpsRow,
    RankPlot,
    RankRange,
)

LONG = "A unit with a name that is as long as sixty characters go, or"
SHARES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.05, 0.05, 0.1, 0.191, 0.2, 0.259)


def ranks(n):
    rows = [RankRange(Estimate(f"Unit {j}", 90.0 - j, n=25 + j), j, 1, n, j, min(n, j + 1), 1) for j in range(1, n + 1)]
    return RankPlot(tuple(rows), "rank", "alone", "together", n)


def heat(n_groups, names, n=200):
    cells = tuple(GroupCell(Estimate("x", 50.0 + j, n=n), ("above", "below", "")[j % 3]) for j in range(len(names)))
    rows = tuple(GroupRow(f"Group {i}", n, cells) for i in range(n_groups))
    return GroupHeatPlot(tuple(names), rows, 50, 62, "▲ above", "▼ below", "n < 30")


def texts(sheet):
    return [shape.text for shape in sheet.shapes if isinstance(shape, Text)]


def boxes(sheet):
    return [shape for shape in sheet.shapes if isinstance(shape, Box)]


NPS = NpsPlot((NpsRow("客户会推荐吗？", SHARES, Estimate("lo2", 21.3, 14.9, 27.7, 480)),), ("D", "P", "R"), "NPS")
FUNNEL = FunnelPlot((FunnelStep("Read", 500, 0), FunnelStep("Checked", 490, 10), FunnelStep("Used", 490, 0)))
MISSING = MissingPlot((("Staff", (MissingRow("st1", 0.0, 480), MissingRow("st2", 0.04, 461))),), "missing")
ALL = {"ranks": ranks(6), "heat": heat(4, ["Staff", LONG]), "nps": NPS, "funnel": FUNNEL, "missing": MISSING}


@pytest.mark.parametrize("name", ALL)
def test_the_same_rows_give_the_same_drawing_with_a_mark_a_number(name):
    figure = Figure(name, "A caption", "All numbers in words", ALL[name])
    svg = draw_svg(figure)
    assert svg == draw_svg(figure)
    root = ET.fromstring(svg)
    assert root.find("{http://www.w3.org/2000/svg}desc").text == "All numbers in words"
    marks = {"ranks": 6, "heat": 8, "nps": 11, "funnel": 3, "missing": 2}
    assert len(re.findall(rf'id="{name}-mark-', svg)) == marks[name]


def test_rank_intervals_are_where_the_numbers_say():
    sheet = draw_ranks(ranks(6))
    dots = [shape for shape in sheet.shapes if isinstance(shape, Dot)]
    at = {j + 1: dot.x for j, dot in enumerate(dots)}  # the unit of rank j has its dot at j
    thin = [shape for shape in sheet.shapes if isinstance(shape, Lines) and len(shape.ends) == 3][:6]
    assert [lines.ends[0][::2] for lines in thin] == [(at[1], at[6])] * 6
    thick = boxes(sheet)[:6]
    assert thick[0].left + thick[0].height / 2 == pytest.approx(at[1])
    assert thick[0].left + thick[0].width - thick[0].height / 2 == pytest.approx(at[2])
    assert thick[1].left + thick[1].height / 2 == pytest.approx(at[2])
    assert thick[0].height > 3 * thin[0].stroke.width
    assert "1–6 (2–3)" in texts(sheet)


def test_units_of_few_respondents_have_open_dots():
    dots = [shape for shape in draw_ranks(ranks(6)).shapes if isinstance(shape, Dot)]
    assert [dot.fill for dot in dots] == [PAPER] * 4 + [MAIN] * 2  # 26 to 29 respondents, then 30 and 31


@pytest.mark.parametrize(("n", "blocks"), [(2, 1), (6, 1), (7, 2), (12, 2), (13, 3)])
def test_many_constructs_stand_in_blocks(n, blocks):
    sheet = draw_group_heat(heat(20, [f"Construct {j}" for j in range(n)]))
    assert texts(sheet).count("Group 7") == blocks
    assert sum(text.startswith("Construct") for text in texts(sheet)) == n
    marked = [box for box in boxes(sheet) if box.name]
    assert len({box.name for box in marked}) == len(marked) == 20 * n


@pytest.mark.parametrize(
    "names", [["Staff"] * 12, [LONG] * 12, ["客户服务与投诉处理的及时性和有效性以及工作人员的态度"] * 7]
)
def test_cells_and_names_keep_inside_the_sheet(names):
    sheet = draw_group_heat(heat(3, names))
    for shape in sheet.shapes:
        if isinstance(shape, Text):
            assert shape.x >= -0.5, shape.text
            assert shape.x + shape.line.width / EM * shape.size <= 72 * sheet.width + 0.5, shape.text
        if isinstance(shape, Box):
            assert 0 <= shape.left <= shape.left + shape.width <= 72 * sheet.width
            assert 0 <= shape.bottom <= shape.bottom + shape.height <= 72 * sheet.height


def test_cells_write_scores_and_only_bases_that_differ():
    plot = heat(1, ["Staff", "Image"])
    low = GroupCell(Estimate("x", 61.26, n=12), "below")
    plot = GroupHeatPlot(plot.columns, (GroupRow("North", 200, (plot.rows[0].cells[0], low)),), 50, 62, "a", "b", "c")
    sheet = draw_group_heat(plot)
    assert [text for text in texts(sheet) if text[0].isdigit() or text.startswith("n=")] == [
        "50.0",
        "61.3",
        "n=12",
        "50",
        "62",
    ]
    assert "a   b   c" in texts(sheet)
    assert len([box for box in boxes(sheet) if box.stroke]) == 1  # the small base has a broken frame
    up, down = (shape.corners for shape in sheet.shapes if isinstance(shape, Polygon))
    assert up[2][1] > up[0][1]
    assert down[2][1] < down[0][1]


def test_a_missing_cell_stays_empty():
    plot = heat(1, ["Staff", "Image"])
    bare = GroupRow("North", 200, (plot.rows[0].cells[0], None))
    sheet = draw_group_heat(GroupHeatPlot(plot.columns, (bare,), 50, 62, "", "", ""))
    assert [box.name for box in boxes(sheet) if box.name] == ["mark-0"]


def test_a_stronger_shade_is_a_higher_score():
    sheet = draw_group_heat(heat(1, ["Staff", "Image", "Price"]))
    shades = [box.opacity for box in boxes(sheet) if box.name]
    assert shades == sorted(set(shades))


def test_brackets_and_columns_of_nps_show_the_shares():
    sheet = draw_nps(NPS)
    told = texts(sheet)
    assert [told[told.index(name) + 1] for name in ("D", "P", "R")] == ["0–6: 25.0%", "7–8: 29.1%", "9–10: 45.9%"]
    heights = [box.height for box in boxes(sheet)]
    assert [height / heights[-1] for height in heights] == pytest.approx([share / SHARES[-1] for share in SHARES])


def test_the_funnel_tells_who_was_lost():
    sheet = draw_funnel(FUNNEL)
    assert [text for text in texts(sheet) if text[0].isdigit()] == ["500", "490 (−10)", "490"]
    left = [box.width for box in boxes(sheet) if box.name]
    (lost,) = [box.width for box in boxes(sheet) if not box.name]
    assert left[1] / left[0] == pytest.approx(0.98)
    assert left[1] + lost == pytest.approx(left[0])


def test_the_mean_of_missing_answers_stands_among_its_items():
    sheet = draw_missing(MISSING)
    none, some = (shape.x for shape in sheet.shapes if isinstance(shape, Dot))
    (mean,) = [s.ends[0][0] for s in sheet.shapes if isinstance(s, Lines) and s.stroke.color == STRESS]
    assert mean == pytest.approx((none + some) / 2)
    assert "2.0%" in texts(sheet)


def test_tall_figures_are_cut_between_rows():
    parts = pieces(ranks(40), 3)
    assert [len(part.rows) for part in parts] == [14, 14, 12]
    assert all(part.n_units == 40 for part in parts)
    assert [len(part.rows) for part in pieces(heat(40, ["a", "b"]), 2)] == [20, 20]


def test_control_characters_in_names_are_left_out():
    sheet = draw_group_heat(heat(2, ["Sta\x00ff", "Image\x0b"]))
    assert {"Staff", "Image"} <= set(texts(sheet))
    assert sheet.missing == frozenset()
