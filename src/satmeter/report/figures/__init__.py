"""Figures: plain rows in, SVG out; matplotlib is loaded when the first figure is drawn."""

from satmeter.report.figures.draw import draw_svg

__all__ = ["draw_svg"]
