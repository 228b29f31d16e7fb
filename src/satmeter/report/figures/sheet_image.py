"""A sheet as a PNG image, painted by matplotlib's renderer."""

from __future__ import annotations

import io
from typing import Any, cast

from satmeter.report.figures.letters import EM, curves
from satmeter.report.figures.sheet import POINTS, Box, Dot, Lines, Polygon, Sheet, Stroke, Text


def sheet_png(sheet: Sheet, pixels_per_inch: int) -> bytes:
    """Return a sheet as an image on white."""
    from matplotlib.backends.backend_agg import RendererAgg
    from PIL import Image

    wide, high = (round(side * pixels_per_inch) for side in (sheet.width, sheet.height))
    renderer = cast(Any, RendererAgg)(wide, high, pixels_per_inch)  # matplotlib gives it no types
    painter = _Painter(renderer, pixels_per_inch / POINTS)
    painter.box(Box(0, 0, sheet.width * POINTS, sheet.height * POINTS, "white"))
    for shape in sheet.shapes:
        match shape:
            case Lines():
                painter.lines(shape)
            case Box():
                painter.box(shape)
            case Polygon():
                painter.polygon(shape)
            case Dot():
                painter.dot(shape)
            case Text():
                painter.text(shape)
    buffer = io.BytesIO()
    Image.fromarray(painter.pixels()).save(buffer, "png", dpi=(pixels_per_inch, pixels_per_inch))
    return buffer.getvalue()


class _Painter:
    """Paints shapes whose lengths are points."""

    def __init__(self, renderer: Any, scale: float) -> None:
        from matplotlib.transforms import Affine2D

        self._renderer = renderer
        self._to_pixels = Affine2D().scale(scale)

    def pixels(self) -> Any:
        import numpy as np

        return np.asarray(self._renderer.buffer_rgba())[:, :, :3].copy()

    def lines(self, lines: Lines) -> None:
        from matplotlib.path import Path

        corners = [point for x0, y0, x1, y1 in lines.ends for point in ((x0, y0), (x1, y1))]
        path = Path(corners, [Path.MOVETO, Path.LINETO] * len(lines.ends))
        self._renderer.draw_path(self._pen(lines.stroke), path, self._to_pixels, None)

    def box(self, box: Box) -> None:
        from matplotlib.path import Path

        left, bottom, right, top = box.left, box.bottom, box.left + box.width, box.bottom + box.height
        if r := box.radius:
            corners = [(left + r, bottom), (right - r, bottom), (right, bottom), (right, bottom + r), (right, top - r)]
            corners += [(right, top), (right - r, top), (left + r, top), (left, top), (left, top - r)]
            corners += [(left, bottom + r), (left, bottom), (left + r, bottom)]
            side = [Path.LINETO, Path.CURVE3, Path.CURVE3]
            path = Path(corners, [Path.MOVETO, *side, *side, *side, *side])
        else:
            path = Path([(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)], closed=True)
        self._renderer.draw_path(self._pen(box.stroke), path, self._to_pixels, self._colour(box.fill, box.opacity))

    def polygon(self, polygon: Polygon) -> None:
        from matplotlib.path import Path

        path = Path([*polygon.corners, polygon.corners[0]], closed=True)
        pen = self._pen(polygon.stroke)
        pen.set_snap(False)
        self._renderer.draw_path(pen, path, self._to_pixels, self._colour(polygon.stroke.color))

    def dot(self, dot: Dot) -> None:
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        if dot.square:
            half = dot.size / 2
            square = Box(dot.x - half, dot.y - half, dot.size, dot.size, dot.fill, stroke=dot.stroke)
            self.box(square)
            return
        place = Affine2D().scale(dot.size / 2).translate(dot.x, dot.y) + self._to_pixels
        pen = self._pen(dot.stroke)
        pen.set_snap(False)
        self._renderer.draw_path(pen, Path.unit_circle(), place, self._colour(dot.fill))

    def text(self, text: Text) -> None:
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        corners, codes = curves(text.text)
        if len(codes):
            place = Affine2D().scale(text.size / EM).translate(text.x, text.y) + self._to_pixels
            pen = self._pen(None)
            pen.set_snap(False)
            self._renderer.draw_path(pen, Path(corners, codes), place, self._colour(text.color))

    def _pen(self, stroke: Stroke | None) -> Any:
        pen = self._renderer.new_gc()
        if stroke is None:
            pen.set_linewidth(0.0)
            return pen
        pen.set_foreground(stroke.color)
        pen.set_linewidth(stroke.width)
        pen.set_capstyle("round" if stroke.round else "butt")
        pen.set_joinstyle("round")
        if stroke.dashes:
            pen.set_dashes(0, stroke.dashes)
        return pen

    def _colour(self, fill: str, opacity: float = 1.0) -> Any:
        from matplotlib.colors import to_rgba

        return to_rgba(fill, opacity) if fill else None
