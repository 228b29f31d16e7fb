"""Figures of waves, indicator trees and units: the function that draws each."""

from __future__ import annotations

from satmeter.report.figures.control import draw_control
from satmeter.report.figures.sheet import Sheet
from satmeter.report.figures.tree import draw_tree
from satmeter.report.figures.trend import draw_trend
from satmeter.report.unit_plots import ControlPlot, TreePlot, TrendPlot, UnitPlot


def draw_unit_figure(plot: UnitPlot) -> Sheet:
    """Draw any of these figures."""
    match plot:
        case TrendPlot():
            return draw_trend(plot)
        case TreePlot():
            return draw_tree(plot)
        case ControlPlot():
            return draw_control(plot)
