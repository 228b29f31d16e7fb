"""A plot that is too tall for a page as several plots, cut where nothing is torn apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from satmeter.report.estimate import Estimate
from satmeter.report.figures.panels import panels_abreast
from satmeter.report.group_plots import GroupHeatPlot, NpsPlot, RankPlot
from satmeter.report.plots import DotPlot, HeatPlot, MeasurementPlot, PanelPlot, Plot

_T = TypeVar("_T")


def pieces(plot: Plot, wanted: int) -> tuple[Plot, ...]:
    """Return a plot in at most so many pieces, between panels, blocks, constructs or rows; others are not cut.

    Parameters
    ----------
    plot
        What is to be drawn.
    wanted
        Number of pieces, one or more. Panels stay in their rows.
    """
    match plot:
        case PanelPlot():
            return tuple(replace(plot, panels=part) for part in _parts(plot.panels, wanted, panels_abreast(plot)))
        case HeatPlot():
            return tuple(replace(plot, blocks=part) for part in _parts(plot.blocks, wanted))
        case RankPlot():
            return tuple(replace(plot, rows=part) for part in _parts(plot.rows, wanted))
        case GroupHeatPlot():
            return tuple(replace(plot, rows=part) for part in _parts(plot.rows, wanted))
        case NpsPlot():
            return tuple(replace(plot, rows=part) for part in _parts(plot.rows, wanted))
        case MeasurementPlot():
            return tuple(replace(plot, constructs=part) for part in _parts(plot.constructs, wanted))
        case _:
            return (plot,)


def by_rows(plot: Plot, wanted: int) -> tuple[Plot, ...]:
    """Return a plot of dots in at most so many, each with a part of the rows; others are not cut. Axes stay.

    A part of which nothing is published is left out, as such rows are from a plot.
    """
    if not isinstance(plot, DotPlot | PanelPlot):
        return (plot,)
    rows = len(plot.estimates if isinstance(plot, DotPlot) else plot.panels[0].estimates)
    size = -(-rows // wanted)
    parts: list[Plot] = []
    for start in range(0, rows, size):
        here = slice(start, start + size)
        if isinstance(plot, DotPlot):
            parts.append(replace(plot, estimates=plot.estimates[here]))
        else:
            panels = tuple(replace(panel, estimates=panel.estimates[here]) for panel in plot.panels)
            parts.append(replace(plot, panels=panels))
    return tuple(part for part in parts if any(not e.hidden for e in _estimates(part))) or (plot,)


def _estimates(plot: Plot) -> tuple[Estimate, ...]:
    match plot:
        case DotPlot():
            return plot.estimates
        case PanelPlot():
            return tuple(e for panel in plot.panels for e in panel.estimates)
        case _:
            return ()


def _parts(entries: Sequence[_T], wanted: int, together: int = 1) -> list[tuple[_T, ...]]:
    rows = -(-len(entries) // together)
    size = together * -(-rows // wanted)
    return [tuple(entries[i : i + size]) for i in range(0, len(entries), size)] or [()]
