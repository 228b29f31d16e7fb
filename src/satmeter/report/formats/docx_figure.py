"""A figure in a Word report: an image in line with the text, with the sentence that says the same in words."""

from __future__ import annotations

import math
import struct
from dataclasses import replace

from satmeter.report.context import Figure
from satmeter.report.figures import draw_png
from satmeter.report.figures.draw import PIXELS_PER_INCH
from satmeter.report.figures.pieces import by_rows, pieces
from satmeter.report.formats.docx_text import attribute

EMU_PER_INCH = 914_400
MOST_WIDE, MOST_HIGH = 6.53, 8.3
"""Inches that a figure may take on an upright page, above its caption."""
HALF_PAGE = 4.25
"""Inches up to which a figure leaves room for another, and for what stands above it."""
SMALLEST = 0.7
"""Figures that would have to be smaller than this to take half a page are cut into pieces, if they can be."""
PIECE_WIDE = 3.2
"""Inches of a piece: two stand side by side."""


def inches(png: bytes) -> tuple[float, float]:
    """Return the width and height at which an image was drawn."""
    wide, high = struct.unpack(">II", png[16:24])
    return wide / PIXELS_PER_INCH, high / PIXELS_PER_INCH


def cut(svg: str) -> int:
    """Return into how many pieces a figure is cut so that it can be read and leaves no page half empty."""
    wide, high = (float(side) / 72 for side in svg.split('viewBox="', 1)[1].split('"', 1)[0].split()[2:])
    if high * SMALLEST <= HALF_PAGE:
        return 1
    return max(2, math.ceil(high * PIECE_WIDE / wide / MOST_HIGH))


def drawn_pieces(figure: Figure, wanted: int) -> list[bytes]:
    """Return a figure drawn in about so many pieces, none where it stays whole; panels of many groups are cut too."""
    plots = pieces(figure.plot, wanted)
    if wanted == 1 or (len(plots) == 1 and len(by_rows(figure.plot, 2)) == 1):
        return []
    found: list[bytes] = []
    for plot in plots:
        png = draw_png(replace(figure, plot=plot))
        wide, high = inches(png)
        more = by_rows(plot, math.ceil(high * PIECE_WIDE / wide / MOST_HIGH))
        found += [png] if len(more) == 1 else [draw_png(replace(figure, plot=part)) for part in more]
    return found if len(found) > 1 else []


def printed(png: bytes, *, most_wide: float = MOST_WIDE) -> tuple[int, int]:
    """Return width and height on paper in English metric units: as drawn, or smaller where two fit a page."""
    wide, high = inches(png)
    scale = min(1.0, most_wide / wide, MOST_HIGH / high)
    if SMALLEST * high <= HALF_PAGE:
        scale = min(scale, HALF_PAGE / high)
    return round(wide * scale * EMU_PER_INCH), round(high * scale * EMU_PER_INCH)


def image_xml(number: int, relationship: str, size: tuple[int, int], *, name: str, alt: str) -> str:
    """Return a run with an image.

    Parameters
    ----------
    number
        Its number, its own in the whole document.
    relationship
        That of the file in the package.
    size
        What `printed` says.
    name, alt
        What it is called, and what it shows.
    """
    x, y = size
    extent = f'cx="{x}" cy="{y}"'
    title = attribute(name)
    picture = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{number}" name={title} descr={attribute(alt)}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{picture}"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name={title}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
