"""A dividing line near the edge of the map does not run through the names of the quadrants."""

import pytest

from satmeter.report.estimate import Estimate
from satmeter.report.figures.quadrant import draw_quadrant
from satmeter.report.plots import QuadrantPlot, QuadrantPoint

NAMES = ("To improve", "Strengths", "Opportunities", "To maintain")


@pytest.mark.parametrize("line", [40.0, 61.0, 66.0, 75.0, 95.0])
def test_the_line_keeps_clear_of_the_names(line):
    places = ((60.0, 0.4), (66.0, 0.3), (72.0, 0.1))
    points = tuple(
        QuadrantPoint(f"d{x:.0f}", Estimate("", x, x - 2, x + 2, 300), Estimate("", y, y - 0.05, y + 0.05, 300), True)
        for x, y in places
    )
    figure = draw_quadrant(QuadrantPlot(points, line, 0.25, "x", "y", NAMES, "open", "settled"))
    (axes,) = figure.axes
    at = axes.transData.transform((line, 0.2))[0]
    named = {text.get_text(): text.get_window_extent() for text in axes.texts if text.get_text() in NAMES}
    assert named.keys() == set(NAMES)
    assert max(named[name].x1 for name in (NAMES[0], NAMES[2])) < at < min(named[n].x0 for n in (NAMES[1], NAMES[3]))
    low, high = axes.get_xlim()
    assert low <= min(58.0, line)
    assert high >= max(74.0, line)
