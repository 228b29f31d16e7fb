"""The numbers behind the figures of waves, indicator trees and units."""

from __future__ import annotations

from satmeter.report.context import Column
from satmeter.report.figures.number_cells import Body, base, cells, ends, one_digit, right
from satmeter.report.number_text import ABSENT, percent
from satmeter.report.unit_plots import ControlPlot, TreePlot, TrendPlot, UnitPlot
from satmeter.report.wording import Words


def unit_body(plot: UnitPlot, words: Words) -> Body:
    """Return headings of text, columns of numbers and rows of a figure."""
    match plot:
        case TrendPlot():
            return _trend(plot, words)
        case TreePlot():
            return _tree(plot, words)
        case ControlPlot():
            return _control(plot, words)


def _trend(plot: TrendPlot, words: Words) -> Body:
    rows = [
        [
            panel.title,
            point.wave,
            *cells(point.score, one_digit),
            words[f"trend.change_{point.change}"] if point.change else ABSENT,
            base(point.score),
        ]
        for panel in plot.panels
        for point in panel.points
    ]
    columns = [*right(words["column.estimate"], *ends(words)), Column(words["trend.to_before"])]
    return [words["column.measure"], words["trend.wave"]], [*columns, *right(words["column.n"])], rows


def _tree(plot: TreePlot, words: Words) -> Body:
    rows = [
        [
            node.label,
            str(node.level),
            ABSENT if node.weight is None else percent(node.weight, 1),
            *cells(node.score, one_digit),
            base(node.score),
        ]
        for node in plot.nodes
    ]
    columns = right(
        words["tree.level"], words["tree.weight"], words["column.estimate"], *ends(words), words["column.n"]
    )
    return [words["tree.node"]], columns, rows


def _control(plot: ControlPlot, words: Words) -> Body:
    sides = {"above": words["control.above"], "below": words["control.below"], "": words["control.inside"]}
    rows = [[p.score.label, *cells(p.score, one_digit), base(p.score), sides[p.side]] for p in plot.points]
    columns = [*right(words["column.estimate"], *ends(words), words["column.n"]), Column(words["control.place"])]
    return [words["ranks.unit"]], columns, rows
