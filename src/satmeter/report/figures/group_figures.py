"""Figures of groups, answers and losses: the function that draws each."""

from __future__ import annotations

from satmeter.report.figures.group_heat import draw_group_heat
from satmeter.report.figures.losses import draw_funnel, draw_missing
from satmeter.report.figures.nps import draw_nps
from satmeter.report.figures.ranks import draw_ranks
from satmeter.report.figures.sheet import Sheet
from satmeter.report.group_plots import FunnelPlot, GroupHeatPlot, GroupPlot, MissingPlot, NpsPlot, RankPlot


def draw_group_figure(plot: GroupPlot) -> Sheet:
    """Draw any of these figures."""
    match plot:
        case RankPlot():
            return draw_ranks(plot)
        case GroupHeatPlot():
            return draw_group_heat(plot)
        case NpsPlot():
            return draw_nps(plot)
        case FunnelPlot():
            return draw_funnel(plot)
        case MissingPlot():
            return draw_missing(plot)
