"""Figures: plain rows in, SVG or PNG out; what draws, matplotlib too, is loaded when the first figure is drawn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from satmeter.report.context import Figure

_DRAWING = "satmeter.report.figures.draw"


class _Drawing(Protocol):
    def draw_svg(self, figure: Figure) -> str: ...

    def draw_png(self, figure: Figure) -> bytes: ...


def draw_svg(figure: Figure) -> str:
    """Return a figure as a whole SVG document, see `satmeter.report.figures.draw.draw_svg`."""
    return cast(_Drawing, import_module(_DRAWING)).draw_svg(figure)


def draw_png(figure: Figure) -> bytes:
    """Return a figure as a PNG image on white, see `satmeter.report.figures.draw.draw_png`."""
    return cast(_Drawing, import_module(_DRAWING)).draw_png(figure)
