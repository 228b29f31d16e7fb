"""What a figure shows, as plain rows; how it is drawn stands in `satmeter.report.figures`."""

from __future__ import annotations

from dataclasses import dataclass

from satmeter.report.estimate import Estimate


@dataclass(frozen=True, slots=True)
class ScalePlot:
    """One number on the whole length of its scale: the index on the first screen."""

    estimate: Estimate
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Dots with intervals, one row an estimate, highest first; `highlight` is the label of the row to stress."""

    estimates: tuple[Estimate, ...]
    axis: str
    low: float
    high: float
    highlight: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One of several small dot plots that share rows and axis."""

    title: str
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class PanelPlot:
    """Small multiples: the same groups in every panel, bases written beside the group's name."""

    panels: tuple[Panel, ...]
    axis: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bars from zero with intervals, longest first; shares are 0–1."""

    estimates: tuple[Estimate, ...]
    axis: str


@dataclass(frozen=True, slots=True)
class QuadrantPoint:
    """One driver in the plane of performance (x, 0–100) and importance (y, share 0–1)."""

    label: str
    performance: Estimate
    importance: Estimate
    certain: bool


@dataclass(frozen=True, slots=True)
class QuadrantPlot:
    """Importance against performance, with the two dividing lines and the names of the four quadrants.

    `quadrants` in the order top left, top right, bottom left, bottom right.
    """

    points: tuple[QuadrantPoint, ...]
    performance_line: float
    importance_line: float
    x_axis: str
    y_axis: str
    quadrants: tuple[str, str, str, str]
    uncertain_word: str
    certain_word: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One item: its number in every column, and whether it goes as closely with another one as with its own."""

    label: str
    values: tuple[float | None, ...]
    stranger: bool = False


@dataclass(frozen=True, slots=True)
class HeatBlock:
    """The items of one construct, and which column is its own, if one is."""

    title: str
    rows: tuple[HeatRow, ...]
    own: int | None = None


@dataclass(frozen=True, slots=True)
class HeatPlot:
    """Loadings: a block of rows for every construct, a column for every factor."""

    columns: tuple[str, ...]
    blocks: tuple[HeatBlock, ...]


Plot = ScalePlot | DotPlot | PanelPlot | BarPlot | QuadrantPlot | HeatPlot
