"""Figures: plain rows in, SVG or PNG out; matplotlib is loaded when the first figure is drawn."""

from satmeter.report.figures.draw import draw_png, draw_svg

__all__ = ["draw_png", "draw_svg"]
