"""One figure → one SVG or PNG file, the same bytes for the same rows."""

from __future__ import annotations

import io
import re
import warnings
from html import escape
from typing import TYPE_CHECKING, Literal

from satmeter.errors import Problem, ReportError
from satmeter.report.context import Figure
from satmeter.report.figures.bars import draw_bars
from satmeter.report.figures.dots import draw_dots, draw_scale
from satmeter.report.figures.group_figures import draw_group_figure
from satmeter.report.figures.heat import draw_heat
from satmeter.report.figures.measurement_model import draw_measurement
from satmeter.report.figures.panels import draw_panels
from satmeter.report.figures.path_model import draw_paths
from satmeter.report.figures.quadrant import draw_quadrant
from satmeter.report.figures.scree import draw_scree
from satmeter.report.figures.sheet import Sheet
from satmeter.report.figures.sheet_image import sheet_png
from satmeter.report.figures.stacks import draw_stacks
from satmeter.report.figures.style import settings
from satmeter.report.figures.unit_figures import draw_unit_figure
from satmeter.report.group_plots import FunnelPlot, GroupHeatPlot, MissingPlot, NpsPlot, RankPlot
from satmeter.report.plots import (
    BarPlot,
    DotPlot,
    HeatPlot,
    MeasurementPlot,
    PanelPlot,
    PathPlot,
    Plot,
    QuadrantPlot,
    ScalePlot,
    ScreePlot,
    StackPlot,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_MISSING = re.compile(r"Glyph (\d+)")


PIXELS_PER_INCH = 200


def draw_svg(figure: Figure) -> str:
    """Return a figure as a whole SVG document with title, description and role.

    Text is drawn as paths, so that the file needs no font. Colours are plain, for use outside a page.

    Raises
    ------
    ReportError
        T004, when a label holds characters that neither font can show.
    """
    return _described(_saved(figure, "svg").decode("utf-8"), figure)


def draw_png(figure: Figure) -> bytes:
    """Return a figure as a PNG image on white, 200 pixels an inch, for documents that take no SVG.

    Raises
    ------
    ReportError
        T004, when a label holds characters that neither font can show.
    """
    return _saved(figure, "png")


def _saved(figure: Figure, form: Literal["svg", "png"]) -> bytes:
    import matplotlib

    buffer = io.BytesIO()
    with matplotlib.rc_context(settings()), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        drawing = _draw(figure.plot)
        if isinstance(drawing, Sheet):
            buffer.write(drawing.svg().encode("utf-8") if form == "svg" else sheet_png(drawing, PIXELS_PER_INCH))
        elif form == "svg":
            drawing.savefig(buffer, format="svg", transparent=True, metadata=_METADATA)
        else:
            drawing.savefig(buffer, format="png", dpi=PIXELS_PER_INCH, facecolor="white", metadata={"Software": None})
    missing = set(drawing.missing) if isinstance(drawing, Sheet) else set()
    for warning in caught:
        if found := _MISSING.match(str(warning.message)):
            missing.add(chr(int(found[1])))
    if missing:
        codes = ", ".join(f"{c} (U+{ord(c):04X})" for c in sorted(missing))
        raise ReportError(Problem("T004", got=codes, about=("section", figure.name)))
    return buffer.getvalue()


def _draw(plot: Plot) -> Drawing | Sheet:
    match plot:
        case ScalePlot():
            return draw_scale(plot)
        case DotPlot():
            return draw_dots(plot)
        case PanelPlot():
            return draw_panels(plot)
        case BarPlot():
            return draw_bars(plot)
        case HeatPlot():
            return draw_heat(plot)
        case QuadrantPlot():
            return draw_quadrant(plot)
        case StackPlot():
            return draw_stacks(plot)
        case ScreePlot():
            return draw_scree(plot)
        case MeasurementPlot():
            return draw_measurement(plot)
        case PathPlot():
            return draw_paths(plot)
        case RankPlot() | GroupHeatPlot() | NpsPlot() | FunnelPlot() | MissingPlot():
            return draw_group_figure(plot)
        case _:
            return draw_unit_figure(plot)


def _described(svg: str, figure: Figure) -> str:
    """Return the SVG without prologue and metadata, its ids made its own, with title and description."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="', f'id="{figure.name}-', body)
    body = re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\g<1>{figure.name}-", body)
    view = re.search(r'viewBox="([^"]+)"', body)
    box = view[1] if view else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}" '
        f'role="img" aria-labelledby="{figure.name}-title {figure.name}-desc">\n'
        f'<title id="{figure.name}-title">{escape(figure.caption, quote=False)}</title>\n'
        f'<desc id="{figure.name}-desc">{escape(figure.alt, quote=False)}</desc>'
    )
    return re.sub(r"<svg[^>]*>", lambda _: head, body, count=1)
