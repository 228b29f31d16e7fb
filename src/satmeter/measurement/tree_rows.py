"""Rows of indicator trees and journeys."""

from __future__ import annotations

from dataclasses import dataclass, field

from satmeter.errors import Note


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One node of one tree, overall (`group_by` and `group` empty) or in one group, in the order of the study file.

    `estimate` is in points of 0–100, higher is better for every node: costs are entered as 100 less their score.
    `weight` is the node's in its parent as the study file has it, 1 for the root. `share` is its part in the root's
    value as used in this group: the product of the weights on the way, after those of missing leaves were shared out;
    None for a node without a value. `contribution` is share × estimate: those of the leaves add up to the root's
    estimate. `weakest` marks the lowest candidate, that is leaf (in a journey: child of the root); `certain` says that
    it is surely lower than every other candidate. `df` and `n`: of the respondents with an answer to any leaf below
    the node.
    """

    root: str
    node: str
    parent: str  # '' for the root
    kind: str  # of the root: index | journey
    level: int  # 0 for the root
    place: int  # 1, 2 … among the children of the parent
    leaf: bool
    weight: float
    group_by: str
    group: str
    estimate: float | None
    std_error: float | None
    conf_low: float | None
    conf_high: float | None
    df: float | None
    n: int
    share: float | None
    contribution: float | None
    weakest: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class Trees:
    """All trees of a study. `labels`: tree to its label by language."""

    rows: tuple[TreeRow, ...] = ()
    notes: tuple[Note, ...] = ()
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
