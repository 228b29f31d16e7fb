"""What a slide holds, before it is drawn: one title that says the finding, one body, small print, speaker notes."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.report.context import Figure, Stat, Table
from satmeter.report.formats.pptx_charts import Chart
from satmeter.report.logo import Logo


@dataclass(frozen=True, slots=True)
class ChartBody:
    """A native chart and its text alternative; few rows take less than the `height` of the whole body, in points."""

    chart: Chart
    alt: str
    height: float


@dataclass(frozen=True, slots=True)
class MapBody:
    """A chart of numbered points and the table that names them."""

    chart: Chart
    alt: str
    key: Table


@dataclass(frozen=True, slots=True)
class TableBody:
    """A native table; `size` is that of its text in points."""

    table: Table
    widths: tuple[float, ...]
    size: float = 12.0


@dataclass(frozen=True, slots=True)
class PictureBody:
    """A drawing, where no native chart shows the same."""

    figure: Figure


@dataclass(frozen=True, slots=True)
class PointsBody:
    """Single sentences, one a bullet."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardsBody:
    """The index as a chart of one bar, and the figures beside it."""

    index: Stat
    chart: Chart | None
    alt: str
    cards: tuple[Stat, ...]


@dataclass(frozen=True, slots=True)
class CoverBody:
    """The first slide: the lines under the title, the banner that says that answers are simulated, the logo."""

    kicker: str
    disclosure: str
    banner: str
    logo: Logo | None = None


Body = ChartBody | MapBody | TableBody | PictureBody | PointsBody | CardsBody | CoverBody


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide.

    Attributes
    ----------
    section
        Name of the section, above the title.
    title
        The finding.
    body
        What it rests on.
    small
        Base and definition, under the body.
    notes
        What the speaker reads: paragraphs.
    """

    section: str
    title: str
    body: Body
    small: str = ""
    notes: tuple[str, ...] = ()
