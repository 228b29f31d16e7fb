"""Figures of ranks, groups, NPS and losses: what is drawn where, in every size, the same twice."""

import re
import xml.etree.ElementTree as ET

import pytest

from satmeter.report.context import Figure
from satmeter.report.estimate import Estimate
from satmeter.report.figures import draw_svg
from satmeter.report.figures.group_heat import draw_group_heat
from satmeter.report.figures.losses import draw_funnel, draw_missing
from satmeter.report.figures.nps import draw_nps
from satmeter.report.figures.pieces import pieces
from satmeter.report.figures.ranks import draw_ranks
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


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts] + [t.get_text() for t in figure.texts]


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
    axes = draw_ranks(ranks(6)).axes[0]
    thin, _, thick = axes.collections[:3]
    assert [[x for x, _ in path.vertices] for path in thin.get_paths()] == [[1, 6]] * 6
    assert [[x for x, _ in path.vertices] for path in thick.get_paths()][:2] == [[1, 2], [2, 3]]
    assert [line.get_xdata()[0] for line in axes.lines] == [1, 2, 3, 4, 5, 6]
    assert thick.get_linewidth()[0] > 3 * thin.get_linewidth()[0]
    assert axes.texts[1].get_text() == "1–6 (2–3)"


def test_units_of_few_respondents_have_open_dots():
    colours = [line.get_markerfacecolor() for line in draw_ranks(ranks(6)).axes[0].lines]
    assert len(set(colours[:4])) == len(set(colours[4:])) == 1
    assert colours[0] != colours[5]


@pytest.mark.parametrize(("n", "blocks"), [(2, 1), (6, 1), (7, 2), (12, 2), (13, 3)])
def test_many_constructs_stand_in_blocks(n, blocks):
    figure = draw_group_heat(heat(20, [f"Construct {j}" for j in range(n)]))
    assert len(figure.axes) == blocks + 1  # and the legend
    assert sum(len(axes.get_xticks()) for axes in figure.axes[:blocks]) == n


def test_cells_write_scores_and_only_bases_that_differ():
    plot = heat(1, ["Staff", "Image"])
    low = GroupCell(Estimate("x", 61.26, n=12), "below")
    plot = GroupHeatPlot(plot.columns, (GroupRow("North", 200, (plot.rows[0].cells[0], low)),), 50, 62, "a", "b", "c")
    told = texts(draw_group_heat(plot))
    assert told[:3] == ["50.0", "61.3", "n=12"]
    assert "a   b   c" in told


def test_a_missing_cell_stays_empty():
    plot = heat(1, ["Staff", "Image"])
    bare = GroupRow("North", 200, (plot.rows[0].cells[0], None))
    assert [t for t in texts(draw_group_heat(GroupHeatPlot(plot.columns, (bare,), 50, 62, "", "", ""))) if t][:2] == [
        "50.0",
        "50 – 62",
    ]


def test_a_stronger_shade_is_a_higher_score():
    axes = draw_group_heat(heat(1, ["Staff", "Image", "Price"])).axes[0]
    shades = [colour[3] for colour in axes.collections[1].get_facecolor()]
    assert shades == sorted(shades)
    assert len(set(shades)) == 3


def test_brackets_of_nps_add_up():
    told = texts(draw_nps(NPS))
    assert [text.split("\n") for text in told if "\n" in text][:3] == [
        ["D", "0–6: 25.0%"],
        ["P", "7–8: 29.1%"],
        ["R", "9–10: 45.9%"],
    ]
    bars = draw_nps(NPS).axes[0].patches
    assert [bar.get_height() for bar in bars] == pytest.approx(SHARES)


def test_the_funnel_tells_who_was_lost():
    assert texts(draw_funnel(FUNNEL)) == ["500", "490 (−10)", "490"]


def test_the_mean_of_missing_answers_stands_among_its_items():
    axes = draw_missing(MISSING).axes[0]
    assert [line.get_xdata()[0] for line in axes.lines] == [0.0, 0.04]
    assert axes.collections[1].get_paths()[0].vertices[0][0] == pytest.approx(0.02)


def test_tall_figures_are_cut_between_rows():
    parts = pieces(ranks(40), 3)
    assert [len(part.rows) for part in parts] == [14, 14, 12]
    assert all(part.n_units == 40 for part in parts)
    assert [len(part.rows) for part in pieces(heat(40, ["a", "b"]), 2)] == [20, 20]
