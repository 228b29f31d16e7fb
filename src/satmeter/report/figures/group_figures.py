"""Figures of groups, answers and losses: the function that draws each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from satmeter.report.figures.group_heat import draw_group_heat
from satmeter.report.figures.losses import draw_funnel, draw_missing
from satmeter.report.figures.nps import draw_nps
from satmeter.report.figures.ranks import draw_ranks
from satmeter.report.group_plots import FunnelPlot, GroupHeatPlot, GroupPlot, MissingPlot, NpsPlot, RankPlot

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_group_figure(plot: GroupPlot) -> Figure:
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
