"""An indicator tree: its nodes as rows, indented by depth, with weight and score."""

from __future__ import annotations

from satmeter.report.figures.dots import (
    ROW,
    TICK_PAD,
    draw_rows,
    grid,
    name_axis,
    row_heights,
    row_positions,
    value_rows,
)
from satmeter.report.figures.sheet import POINTS, Plane, Sheet, Stroke, plane
from satmeter.report.figures.style import GRID, INK, MAIN, MUTED, SMALL, STRESS, text_width, wrapped
from satmeter.report.number_text import percent
from satmeter.report.sentences import points
from satmeter.report.unit_plots import TreeNode, TreePlot

STEP = 0.13
"""Inches by which a child stands to the right of its parent."""
LABEL_CELLS = 18
CELL = 0.071


def draw_tree(plot: TreePlot) -> Sheet:
    """Draw one row a node: its name with the weight in its parent, joined to the parent, and dot with interval."""
    nodes = plot.nodes
    labels = [wrapped(_label(node), max(10, LABEL_CELLS - round(node.level * STEP / CELL))) for node in nodes]
    values = [points(node.score) for node in nodes]
    heights = row_heights(labels)
    weakest = any(node.weakest for node in nodes)
    foot = 0.45 + (0.2 if weakest else 0.0)
    sheet = Sheet(sum(heights) * ROW + foot + 0.1)
    left = max(_inches(node, label) for node, label in zip(nodes, labels, strict=True)) + 0.24
    right = max(text_width(v) for v in values) * 0.066 + 0.12
    axis = plane(sheet, (left, foot, right, 0.1), (plot.low, plot.high), (-sum(heights) - 0.1, 0.1))
    grid(axis)
    positions = row_positions(heights)
    placed = [(j, y, node.score) for j, (y, node) in enumerate(zip(positions, nodes, strict=True))]
    draw_rows(axis, [row for row, node in zip(placed, nodes, strict=True) if not node.weakest], MAIN)
    draw_rows(axis, [row for row, node in zip(placed, nodes, strict=True) if node.weakest], STRESS, square=True)
    value_rows(axis, positions, values)
    _names(axis, plot.nodes, labels, positions)
    name_axis(axis, plot.axis)
    if weakest:
        sheet.text(POINTS * 0.1, 4, plot.weakest_word, SMALL - 0.5, STRESS, up="bottom")
    return sheet


def _label(node: TreeNode) -> str:
    return (
        node.label if node.weight is None else f"{node.label} {percent(node.weight, 0 if _whole(node.weight) else 1)}"
    )


def _whole(weight: float) -> bool:
    return abs(100 * weight - round(100 * weight)) < 1e-9


def _inches(node: TreeNode, label: str) -> float:
    return node.level * STEP + max(text_width(line) for line in label.split("\n")) * CELL


def _names(axis: Plane, nodes: tuple[TreeNode, ...], labels: list[str], positions: list[float]) -> None:
    """Write the names from the left, and join every node to its parent."""
    start = POINTS * 0.1
    parents: list[float] = []
    joins = []
    for node, label, at in zip(nodes, labels, positions, strict=True):
        y = axis.y(at)
        x = start + POINTS * STEP * node.level
        axis.sheet.text(x, y, label, SMALL, INK if node.level < 2 else MUTED)
        if node.level:
            stem = x - POINTS * STEP * 0.7
            joins += [(stem, parents[node.level - 1] - 6, stem, y), (stem, y, x - TICK_PAD, y)]
        parents = [*parents[: node.level], y]
    axis.sheet.lines(joins, Stroke(GRID, 1.0))
