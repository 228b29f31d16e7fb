"""What the figures of waves, indicator trees and units show, as plain rows; a part of `satmeter.report.plots`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from satmeter.report.estimate import Estimate

Change = Literal["higher", "lower", "undecided", "break", ""]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One wave of a series, and how it lies to the wave before; `break` where the two may not be compared."""

    wave: str
    score: Estimate
    change: Change = ""


@dataclass(frozen=True, slots=True)
class TrendPanel:
    """One series: its title and a point a wave, oldest first."""

    title: str
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """Series over the same waves, one panel each, on one scale; a line joins what may be compared."""

    panels: tuple[TrendPanel, ...]
    waves: tuple[str, ...]
    axis: str
    low: float
    high: float
    change_word: str
    break_word: str


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One node of an indicator tree: its depth, its weight in its parent, its score, and whether it is the weakest."""

    label: str
    level: int
    weight: float | None
    score: Estimate
    weakest: bool = False


@dataclass(frozen=True, slots=True)
class TreePlot:
    """Nodes of an indicator tree from the root downwards, every branch in full before the next."""

    nodes: tuple[TreeNode, ...]
    axis: str
    low: float
    high: float
    weakest_word: str


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One unit: its score with its base, and whether it lies beyond the wide limits."""

    score: Estimate
    side: Literal["above", "below", ""] = ""


@dataclass(frozen=True, slots=True)
class ControlPlot:
    """Units by base and score, with the limits that chance alone sets around the common score.

    `spread` is the standard deviation of one answer: a limit lies `spread` × z / √n from `centre`, for every z of
    `limits` (normal quantile, its name).
    """

    points: tuple[ControlPoint, ...]
    centre: float
    spread: float
    limits: tuple[tuple[float, str], ...]
    x_axis: str


UnitPlot = TrendPlot | TreePlot | ControlPlot
