"""The logo of a user's template: a small PNG or SVG that asks for nothing, and its size."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from satmeter.errors import Problem
from satmeter.report.template_loader import file_inside

MOST_BYTES = 300_000
MOST_PIXELS = 4000
_PNG = b"\x89PNG\r\n\x1a\n"
_ASKS = re.compile(rb"<!DOCTYPE|<!ENTITY|<script|<foreignObject|\son\w+\s*=|@import", re.IGNORECASE)
_LINK = re.compile(rb"""(?:href\s*=\s*["']|url\(\s*["']?)\s*(?!#|data:)""", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([\d.]+)\s*(?:px|pt|mm|cm|in)?\s*")


@dataclass(frozen=True, slots=True)
class Logo:
    """An image and the organisation that it stands for.

    Attributes
    ----------
    form
        ``png`` or ``svg``.
    content
        The file.
    png
        The same as a PNG, for Word and PowerPoint.
    aspect
        Width over height.
    organisation
        What a reader who does not see it is told.
    """

    form: str
    content: bytes
    png: bytes
    aspect: float
    organisation: str

    @property
    def address(self) -> str:
        """The image as an address that holds it."""
        kind = "image/svg+xml" if self.form == "svg" else "image/png"
        return f"data:{kind};base64,{base64.b64encode(self.content).decode('ascii')}"


def read_logo(folder: Path, name: str, organisation: str) -> Logo | list[Problem]:
    """Return the logo of a template's folder, or all that is wrong with it.

    An SVG needs a PNG of the same name beside it, for Word and PowerPoint show no drawings of that kind everywhere.
    T036 (not in the folder), T039 (too large or no image), T040 (asks for something), T041 (no name), T042 (no PNG).
    """
    found: list[Problem] = [] if organisation.strip() else [Problem("T041", file=str(folder), got=name)]
    content, problems = _content(folder, name)
    found += problems
    if found:
        return found
    form = "svg" if name.lower().endswith(".svg") else "png"
    if form == "png":
        return Logo(form, content, content, _png_aspect(content), organisation)
    beside = f"{name[:-4]}.png"
    if not (folder / beside).exists():
        return [Problem("T042", file=str(folder / name), got=beside)]
    png, problems = _content(folder, beside)
    return problems or Logo(form, content, png, _svg_aspect(content), organisation)


def _content(folder: Path, name: str) -> tuple[bytes, list[Problem]]:
    path = folder / name
    if not file_inside(folder, name):
        return b"", [Problem("T036", file=str(path))]
    content = path.read_bytes()
    if name.lower().endswith(".svg"):
        if _ASKS.search(content) or _LINK.search(content):
            return content, [Problem("T040", file=str(path))]
        good = _svg_aspect(content) > 0
    else:
        good = name.lower().endswith(".png") and _png_aspect(content) > 0
    if not good or len(content) > MOST_BYTES:
        params = {"most": str(MOST_BYTES // 1000), "pixels": str(MOST_PIXELS)}
        return content, [Problem("T039", file=str(path), got=f"{len(content) / 1000:.0f} kB", params=params)]
    return content, []


def _png_aspect(content: bytes) -> float:
    """Return width over height; 0 for what is no PNG, or one with more pixels than a logo needs."""
    if len(content) < 33 or content[:8] != _PNG or content[12:16] != b"IHDR" or not content.endswith(b"IEND\xaeB`\x82"):
        return 0.0
    wide, high = struct.unpack(">II", content[16:24])
    return float(wide / high) if 0 < wide <= MOST_PIXELS and 0 < high <= MOST_PIXELS else 0.0


def _svg_aspect(content: bytes) -> float:
    """Return width over height from the view box, else from width and height; 0 for what is no drawing."""
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (document types and entities have been refused)
    except ElementTree.ParseError:
        return 0.0
    if root.tag.rpartition("}")[2] != "svg":
        return 0.0
    box = [float(v) for v in re.findall(r"-?[\d.]+", root.get("viewBox") or "")]
    if len(box) != 4:
        sides = [_LENGTH.fullmatch(root.get(side) or "") for side in ("width", "height")]
        box = [0.0, 0.0, *(float(side[1]) if side else 0.0 for side in sides)]
    return box[2] / box[3] if box[2] > 0 and box[3] > 0 else 0.0
