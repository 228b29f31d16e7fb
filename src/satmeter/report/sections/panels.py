"""Small multiples around zero: weights, log odds or effects of the same groups in several panels."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Figure
from satmeter.report.edition import Edition
from satmeter.report.plots import Panel, PanelPlot
from satmeter.report.sections.cells import figure_of

ROOM = 0.06
"""Part of the length of the axis that is added at its ends."""


def panels_around_zero(edition: Edition, name: str, caption: str, axis: str, panels: Sequence[Panel]) -> Figure | None:
    """Return the figure of several panels on one axis that holds zero; None where no panel has a number.

    Parameters
    ----------
    edition
        Results and words.
    name, caption, axis
        Of the figure; its description lists every number with its interval.
    panels
        With the same groups in every one.
    """
    words = edition.words
    ends = [v for panel in panels for e in panel.estimates for v in (e.value, e.low, e.high) if v is not None]
    if not ends:
        return None
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = ROOM * (high - low)
    told = [
        words.fill(
            "sentence.panel",
            {"title": p.title, "values": words.join([f"{e.label} {figure_of(e)}" for e in p.estimates])},
        )
        for p in panels
    ]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return edition.figure(name, caption, alt, PanelPlot(tuple(panels), axis, low - room, high + room, line=0.0))
