"""What a figure shows, as plain rows; how it is drawn stands in `satmeter.report.figures`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from satmeter.report.estimate import Estimate
from satmeter.report.group_plots import FunnelPlot, GroupHeatPlot, MissingPlot, NpsPlot, RankPlot
from satmeter.report.unit_plots import ControlPlot, TreePlot, TrendPlot


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
    """Small multiples: the same groups in every panel, bases beside their names, and a `line` to compare with."""

    panels: tuple[Panel, ...]
    axis: str
    low: float
    high: float
    line: float | None = None


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bars from zero with intervals, longest first; shares are 0–1."""

    estimates: tuple[Estimate, ...]
    axis: str


@dataclass(frozen=True, slots=True)
class QuadrantPoint:
    """One driver in the plane of performance (x, 0–100) and importance (y, share 0–1 or points of the outcome)."""

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
    importance_unit: Literal["share", "points"] = "share"


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


@dataclass(frozen=True, slots=True)
class StackRow:
    """One item: the share (0–1) of every point of its scale, lowest first, and its base."""

    label: str
    shares: tuple[float, ...]
    n: int


@dataclass(frozen=True, slots=True)
class StackPlot:
    """Items of one scale as stacked bars that part at the middle of the scale: low points left, high points right.

    `points` names the points of the scale, lowest first.
    """

    points: tuple[str, ...]
    rows: tuple[StackRow, ...]


@dataclass(frozen=True, slots=True)
class ScreePlot:
    """Eigenvalues by number, and those of uncorrelated data; the factors before the lines cross are counted."""

    values: tuple[float, ...]
    reference: tuple[float, ...]
    counted: int
    x_axis: str
    y_axis: str
    value_word: str
    reference_word: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One item of a measurement model and its standardised loading."""

    label: str
    loading: Estimate


@dataclass(frozen=True, slots=True)
class MeasurementPlot:
    """Constructs with their items: title and indicators of every construct."""

    constructs: tuple[tuple[str, tuple[Indicator, ...]], ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One construct of a path diagram; `value` is written below its name."""

    name: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One path: names of its nodes, coefficient, and whether its interval leaves zero out."""

    source: str
    target: str
    value: float
    certain: bool


@dataclass(frozen=True, slots=True)
class PathPlot:
    """A path model: nodes in layers from predecessors to outcomes, and arrows between them."""

    layers: tuple[tuple[Node, ...], ...]
    arrows: tuple[Arrow, ...]
    certain_word: str
    uncertain_word: str


Plot = (
    ScalePlot
    | DotPlot
    | PanelPlot
    | BarPlot
    | QuadrantPlot
    | HeatPlot
    | StackPlot
    | ScreePlot
    | MeasurementPlot
    | PathPlot
    | RankPlot
    | GroupHeatPlot
    | NpsPlot
    | FunnelPlot
    | MissingPlot
    | TrendPlot
    | TreePlot
    | ControlPlot
)
