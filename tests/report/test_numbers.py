"""The numbers behind every kind of figure, as tables."""

from typing import get_args

import pytest

from satmeter.report.context import Figure
from satmeter.report.estimate import Estimate
from satmeter.report.figures.numbers import figure_table
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
from satmeter.report.plots import (
    Arrow,
    BarPlot,
    DotPlot,
    HeatBlock,
    HeatPlot,
    HeatRow,
    Indicator,
    MeasurementPlot,
    Node,
    Panel,
    PanelPlot,
    PathPlot,
    Plot,
    QuadrantPlot,
    QuadrantPoint,
    ScalePlot,
    ScreePlot,
    StackPlot,
    StackRow,
)
from satmeter.report.unit_plots import (
    ControlPlot,
    ControlPoint,
    TreeNode,
    TreePlot,
    TrendPanel,
    TrendPlot,
    TrendPoint,
)
from satmeter.report.wording import read_words

SCORE = Estimate("Staff", 74.25, 72.08, 76.31, 1480)
BARE = Estimate("Price", 60.0)
SHARE = Estimate("Staff", 0.314, 0.241, 0.383, 480)
NAMES = ("high, low", "high, high", "low, low", "low, high")

CASES: list[tuple[Plot, list[str], list[list[str]]]] = [
    (
        ScalePlot(SCORE, 0, 100),
        ["What", "Estimate", "Interval from", "to", "n"],
        [["Staff", "74.2", "72.1", "76.3", "1,480"]],
    ),
    (
        DotPlot((SCORE, BARE), "points", 50, 90),
        ["What", "Estimate", "Interval from", "to", "n"],
        [["Staff", "74.2", "72.1", "76.3", "1,480"], ["Price", "60.0", "–", "–", "–"]],
    ),
    (DotPlot((BARE,), "points", 50, 90), ["What", "Estimate"], [["Price", "60.0"]]),
    (
        DotPlot((Estimate("Staff", 0.314, -0.041, 0.383),), "weight", -0.1, 0.9),
        ["What", "Estimate", "Interval from", "to"],
        [["Staff", "0.31", "−0.04", "0.38"]],
    ),
    (
        BarPlot((SHARE,), "share"),
        ["What", "Estimate", "Interval from", "to", "n"],
        [["Staff", "31%", "24%", "38%", "480"]],
    ),
    (
        PanelPlot((Panel("Index", (SCORE,)), Panel("Loyalty", (BARE,))), "points", 0, 100),
        ["Group", "Panel", "Estimate", "Interval from", "to", "n"],
        [["Staff", "Index", "74.2", "72.1", "76.3", "1,480"], ["Price", "Loyalty", "60.0", "–", "–", "–"]],
    ),
    (
        QuadrantPlot((QuadrantPoint("Staff", SCORE, SHARE, True),), 70, 0.2, "x", "y", NAMES, "open", "settled"),
        ["Driver", "Score", "Interval from", "to", "Importance", "Interval from", "to", "Settled"],
        [["Staff", "74.2", "72.1", "76.3", "31%", "24%", "38%", "settled"]],
    ),
    (
        QuadrantPlot(
            (QuadrantPoint("Staff", SCORE, SHARE, False),), 70, 0.2, "x", "y", NAMES, "open", "settled", "points"
        ),
        ["Driver", "Score", "Interval from", "to", "Importance", "Interval from", "to", "Settled"],
        [["Staff", "74.2", "72.1", "76.3", "0.31", "0.24", "0.38", "open"]],
    ),
    (
        HeatPlot(("1", "2"), (HeatBlock("Staff", (HeatRow("st1", (0.712, None)), HeatRow("st2", (-0.2, 0.4)))),)),
        ["Item", "Construct", "1", "2"],
        [["st1", "Staff", "0.71", "–"], ["st2", "Staff", "−0.20", "0.40"]],
    ),
    (
        StackPlot(("low", "high"), (StackRow("st1", (0.0, 1.0), 480), StackRow("st2", (0.126, 0.874), 1479))),
        ["Item", "low", "high", "n"],
        [["st1", "0.0%", "100.0%", "480"], ["st2", "12.6%", "87.4%", "1,479"]],
    ),
    (
        ScreePlot((4.2, 1.1), (1.5, 1.4), 1, "Number", "y", "these data", "by chance"),
        ["Number", "these data", "by chance", "Counts as a dimension"],
        [["1", "4.20", "1.50", "yes"], ["2", "1.10", "1.40", "no"]],
    ),
    (
        MeasurementPlot((("Staff", (Indicator("st1", Estimate("st1", 0.7, 0.6, 0.8)),)),)),
        ["Item", "Construct", "Loading", "Interval from", "to"],
        [["st1", "Staff", "0.70", "0.60", "0.80"]],
    ),
    (
        PathPlot(
            ((Node("a", "Image"),), (Node("b", "Loyalty", "R² 0.41"),)), (Arrow("a", "b", -0.3, False),), "c", "u"
        ),
        ["Source", "Leads to", "Effect", "Interval", "R² of its end"],
        [["Image", "Loyalty", "−0.30", "u", "R² 0.41"]],
    ),
    (
        RankPlot((RankRange(SCORE, 1, 1, 6, 2, 4, 1),), "rank", "own", "all", 9),
        ["Unit", "Estimate", "Interval from", "to", "for all units together", "for this unit alone", "n"],
        [["Staff", "74.2", "72.1", "76.3", "1–6", "2–4", "1,480"]],
    ),
    (
        GroupHeatPlot(
            ("Staff", "Price"),
            (GroupRow("North", 1480, (GroupCell(SCORE, "above"), None)), GroupRow("South", 9, (GroupCell(BARE),) * 2)),
            50,
            80,
            "▲ above",
            "▼ below",
            "",
        ),
        ["Group", "Construct", "Estimate", "n", "the rest"],
        [
            ["North", "Staff", "74.2", "1,480", "▲ above"],
            ["North", "Price", "–", "–", "–"],
            ["South", "Staff", "60.0", "–", "–"],
            ["South", "Price", "60.0", "–", "–"],
        ],
    ),
    (
        NpsPlot(
            (NpsRow("Would recommend", (0.02,) * 5 + (0.1, 0.1, 0.2, 0.2, 0.1, 0.2), BARE),), ("D", "P", "R"), "NPS"
        ),
        ["Item", *(str(code) for code in range(11)), "D 0–6", "P 7–8", "R 9–10", "NPS"],
        [
            [
                "Would recommend",
                *("2.0%" for _ in range(5)),
                *("10.0%", "10.0%", "20.0%", "20.0%", "10.0%", "20.0%", "30.0%", "40.0%", "30.0%", "60.0"),
            ]
        ],
    ),
    (
        FunnelPlot((FunnelStep("Read", 1990, 0), FunnelStep("Kept", 1480, 510))),
        ["Step", "n", "Taken by the step"],
        [["Read", "1,990", "0"], ["Kept", "1,480", "510"]],
    ),
    (
        TrendPlot(
            (
                TrendPanel(
                    "Staff",
                    (
                        TrendPoint("2025", Estimate("2025", 70.04, 68.0, 72.0, 460)),
                        TrendPoint("2026", Estimate("2026", 73.25, 71.0, 75.5, 480), "higher"),
                    ),
                ),
            ),
            ("2025", "2026"),
            "mean score",
            60,
            80,
            "sure",
            "broken",
        ),
        ["Measure", "Wave", "Estimate", "Interval from", "to", "To the wave before", "n"],
        [
            ["Staff", "2025", "70.0", "68.0", "72.0", "–", "460"],
            ["Staff", "2026", "73.2", "71.0", "75.5", "surely higher", "480"],
        ],
    ),
    (
        TreePlot(
            (
                TreeNode("All", 0, None, Estimate("All", 71.3, 69.3, 73.3, 480)),
                TreeNode("Staff", 1, 0.375, Estimate("Staff", 75.2, 73.2, 77.2, 470), weakest=True),
            ),
            "score",
            60,
            80,
            "weakest",
        ),
        ["Node", "Depth", "Weight in the node above", "Estimate", "Interval from", "to", "n"],
        [["All", "0", "–", "71.3", "69.3", "73.3", "480"], ["Staff", "1", "37.5%", "75.2", "73.2", "77.2", "470"]],
    ),
    (
        ControlPlot(
            (
                ControlPoint(Estimate("North", 77.42, 75.4, 79.4, 100), "above"),
                ControlPoint(Estimate("South", 74.0, None, None, 90)),
            ),
            74.2,
            10.0,
            ((1.96, "95%"),),
            "respondents",
        ),
        ["Unit", "Estimate", "Interval from", "to", "n", "Place"],
        [
            ["North", "77.4", "75.4", "79.4", "100", "above the outer limits"],
            ["South", "74.0", "–", "–", "90", "between the outer limits"],
        ],
    ),
    (
        MissingPlot((("Staff", (MissingRow("st1", 0.0, 480), MissingRow("st2", 0.0126, 474))),), "missing"),
        ["Item", "Construct", "Missing", "n"],
        [["st1", "Staff", "0.0%", "480"], ["st2", "Staff", "1.3%", "474"]],
    ),
]


@pytest.mark.parametrize(("plot", "heads", "rows"), CASES)
def test_the_table_holds_what_is_drawn(plot, heads, rows):
    table = figure_table(Figure("name", "A caption", "alt", plot), read_words("en"))
    assert table.caption == "A caption"
    assert [column.label for column in table.columns] == heads
    assert [list(row) for row in table.rows] == rows


def test_every_kind_of_figure_is_tried():
    assert {type(plot) for plot, _, _ in CASES} == set(get_args(Plot))
