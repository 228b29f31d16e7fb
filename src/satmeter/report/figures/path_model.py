"""Path diagram: constructs in layers, arrows with their coefficients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from satmeter.report.figures.style import (
    INK,
    MAIN,
    MUTED,
    OPEN,
    PAPER,
    SMALL,
    STRESS,
    WIDTH,
    add_axes,
    new_figure,
    text_width,
    wrapped,
)
from satmeter.report.number_text import decimal
from satmeter.report.plots import Arrow, Node, PathPlot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]
Box = tuple[float, float, float, float]

ABREAST = 3
"""Nodes side by side; more of one layer stand in two columns at the sides, so that arrows run between them."""

SIDE_GAP = 0.14

BOX = 1.2
LINE = 0.165
MARGIN = 0.04
ROW_GAP = 0.62
LABEL_CELLS = 17
COLUMNS = (
    (0.5, 0.24, 0.76),
    (0.5, 0.76, 0.24),
    (0.24, 0.76),
    (0.24, 0.5, 0.76),
    (0.5, 0.24),
    (0.24, 0.76, 0.5),
    (0.5, 0.5, 0.24, 0.76),
)
"""Where rows of one stand in turn; the turn with the fewest arrows behind boxes is taken."""

BENDS = (0.0, 0.12, -0.12, 0.25, -0.25, 0.4, -0.4, 0.5, -0.5, 0.6, -0.6, 0.7, -0.7)


def draw_paths(plot: PathPlot) -> Figure:
    """Draw predecessors above outcomes; arrows whose interval holds zero are dashed, negative ones stressed."""
    rows = _rows(plot)
    heights = [max(_box_height(node) for node in row) for row in rows]
    sides = frozenset(node.name for layer in plot.layers if len(layer) > ABREAST for node in layer)
    gaps = [SIDE_GAP if {row[0].name, after[0].name} <= sides else ROW_GAP for row, after in pairwise(rows)]
    total = sum(heights) + sum(gaps)
    figure = new_figure(total + 2 * MARGIN + 0.42)
    axes = add_axes(figure, 0.02, 0.38, 0.02, 0.04)
    width = WIDTH - 0.04
    axes.set_xlim(0, width)
    axes.set_ylim(-total - MARGIN, MARGIN)
    axes.axis("off")
    boxes = {node.name: _box_height(node) for row in rows for node in row}
    placed = [_centres(rows, heights, gaps, sides, width, columns) for columns in COLUMNS]
    centres = min(placed, key=lambda found: (_crossings(plot.arrows, found, boxes, sides), _length(plot.arrows, found)))
    taken = _taken(centres, boxes)
    for arrow in sorted(plot.arrows, key=lambda a: a.certain):
        _arrow(axes, arrow, _ends(arrow, centres, boxes, sides), taken)
    for row in rows:
        for node in row:
            _node(axes, node, centres[node.name])
    _legend(figure, plot)
    return figure


def _rows(plot: PathPlot) -> list[tuple[Node, ...]]:
    """Return a row a layer; of more than `ABREAST` nodes pairs, those with arrows to far layers last."""
    depth = {node.name: number for number, layer in enumerate(plot.layers) for node in layer}
    reach = dict.fromkeys(depth, 0)
    for arrow in plot.arrows:
        reach[arrow.source] = max(reach[arrow.source], depth[arrow.target] - depth[arrow.source])
    rows: list[tuple[Node, ...]] = []
    for layer in plot.layers:
        if len(layer) <= ABREAST:
            rows.append(tuple(layer))
            continue
        ordered = sorted(layer, key=lambda node: reach[node.name])
        rows += [tuple(ordered[j : j + 2]) for j in range(0, len(ordered), 2)]
    return rows


def _box_height(node: Node) -> float:
    lines = wrapped(node.label, LABEL_CELLS).count("\n") + 1 + bool(node.value)
    return lines * LINE + 0.14


def _taken(centres: dict[str, Point], heights: dict[str, float]) -> list[Box]:
    return [
        (x - BOX / 2, y - heights[name] / 2, x + BOX / 2, y + heights[name] / 2) for name, (x, y) in centres.items()
    ]


def _crossings(
    arrows: Sequence[Arrow], centres: dict[str, Point], heights: dict[str, float], sides: frozenset[str]
) -> int:
    """Return how much of the arrows lies behind boxes."""
    taken = _taken(centres, heights)
    hits = 0
    for arrow in arrows:
        start, end = _ends(arrow, centres, heights, sides)
        hits += _hits(start, end, _bend(start, end, taken), taken)
    return hits


def _centres(
    rows: Sequence[Sequence[Node]],
    heights: Sequence[float],
    gaps: Sequence[float],
    sides: frozenset[str],
    width: float,
    columns: Sequence[float],
) -> dict[str, Point]:
    """Return where every node stands; a row of one is moved to alternating columns so that long arrows pass it."""
    centres: dict[str, Point] = {}
    top, lone = 0.0, 0
    for row, height, gap in zip(rows, heights, (*gaps, 0.0), strict=True):
        for j, node in enumerate(row):
            x = width * (j + 0.5) / len(row)
            if node.name in sides:
                x = abs(j * width - BOX / 2 - MARGIN)
            elif len(row) == 1 and len(rows) > 2:
                x = width * columns[lone % len(columns)]
                lone += 1
            centres[node.name] = (x, -top - height / 2)
        top += height + gap
    return centres


def _node(axes: Axes, node: Node, centre: Point) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y = centre
    height = _box_height(node)
    patch = FancyBboxPatch(
        (x - BOX / 2, y - height / 2),
        BOX,
        height,
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=PAPER,
        edgecolor=INK,
        linewidth=1.1,
        zorder=3,
    )
    axes.add_patch(patch)
    label = wrapped(node.label, LABEL_CELLS)
    shift = LINE / 2 if node.value else 0.0
    axes.text(x, y + shift, label, ha="center", va="center", color=INK, fontsize=SMALL - 0.5, zorder=4)
    if node.value:
        low = y - height / 2 + 0.07
        axes.text(x, low, node.value, ha="center", va="bottom", color=MUTED, fontsize=SMALL - 1.5, zorder=4)


def _arrow(axes: Axes, arrow: Arrow, ends: tuple[Point, Point], taken: list[Box]) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.patheffects import withStroke

    start, end = ends
    colour = (MAIN if arrow.value >= 0 else STRESS) if arrow.certain else OPEN
    bend = _bend(start, end, taken)
    patch = FancyArrowPatch(
        start,
        end,
        connectionstyle=f"arc3,rad={bend}",
        arrowstyle="-|>",
        mutation_scale=9,
        color=colour,
        linewidth=0.7 + 2.4 * min(abs(arrow.value), 1.0),
        linestyle="solid" if arrow.certain else (0, (3, 2)),
        shrinkA=0,
        shrinkB=0,
        zorder=2,
    )
    axes.add_patch(patch)
    text = decimal(arrow.value, 2)
    x, y = _label_place(start, end, bend, text, taken)
    axes.text(
        x,
        y,
        text,
        ha="center",
        va="center",
        color=INK if arrow.certain else MUTED,
        fontsize=SMALL - 0.5,
        zorder=5,
        path_effects=[withStroke(linewidth=3, foreground=PAPER)],
    )


def _length(arrows: Sequence[Arrow], centres: dict[str, Point]) -> float:
    return sum(math.dist(centres[arrow.source], centres[arrow.target]) for arrow in arrows)


def _ends(
    arrow: Arrow, centres: dict[str, Point], heights: dict[str, float], sides: frozenset[str]
) -> tuple[Point, Point]:
    """Return where an arrow begins and ends: at a side node in the middle of its inner edge."""
    source, target = centres[arrow.source], centres[arrow.target]
    start = _inner(source) if arrow.source in sides else _edge(source, target, heights[arrow.source])
    end = _inner(target) if arrow.target in sides else _edge(target, start, heights[arrow.target])
    return start, end


def _inner(centre: Point) -> Point:
    return centre[0] + (BOX / 2 if centre[0] < WIDTH / 2 else -BOX / 2), centre[1]


def _edge(centre: Point, towards: Point, height: float) -> Point:
    """Return where the line from a box's centre leaves the box."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    reach = min(BOX / 2 / abs(dx) if dx else math.inf, height / 2 / abs(dy) if dy else math.inf)
    return centre[0] + dx * reach, centre[1] + dy * reach


def _on_curve(start: Point, end: Point, bend: float, t: float) -> Point:
    """Return a point of matplotlib's arc3 curve, a quadratic Bézier."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = ((start[0] + end[0]) / 2 + bend * dy, (start[1] + end[1]) / 2 - bend * dx)
    weights = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
    xs, ys = zip(start, middle, end, strict=True)
    return (
        sum(w * x for w, x in zip(weights, xs, strict=True)),
        sum(w * y for w, y in zip(weights, ys, strict=True)),
    )


def _bend(start: Point, end: Point, taken: Sequence[Box]) -> float:
    """Return the smallest bend with which an arrow passes all boxes but its own."""
    found: list[tuple[int, float, float]] = []
    for bend in BENDS:
        found.append((_hits(start, end, bend, taken), abs(bend), bend))
    return min(found)[2]


def _hits(start: Point, end: Point, bend: float, taken: Sequence[Box]) -> int:
    """Return how many of the points along an arrow lie behind a box, or (counted twice) outside the figure."""
    points = [_on_curve(start, end, bend, t / 24) for t in range(2, 23)]
    outside = sum(not 0.04 <= x <= WIDTH - 0.08 for x, _ in points)
    return 2 * outside + sum(_inside(point, box) for point in points for box in taken)


def _inside(point: Point, box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def _label_place(start: Point, end: Point, bend: float, text: str, taken: list[Box]) -> Point:
    """Return a free place on the arrow for its number, and take it."""
    half_width, half_height = text_width(text) * 0.034 + 0.03, 0.085
    boxes = []
    for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8):
        x, y = _on_curve(start, end, bend, t)
        box = (x - half_width, y - half_height, x + half_width, y + half_height)
        overlaps = sum(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken)
        boxes.append((overlaps, abs(t - 0.5), box))
    best = min(boxes)[2]
    taken.append(best)
    return (best[0] + best[2]) / 2, (best[1] + best[3]) / 2


def _legend(figure: Figure, plot: PathPlot) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=MAIN, linewidth=1.8, label=plot.certain_word),
        Line2D([], [], color=OPEN, linewidth=1.2, linestyle=(0, (3, 2)), label=plot.uncertain_word),
    ]
    figure.legend(handles=marks, loc="lower center", ncols=2, frameon=False, fontsize=SMALL, labelcolor=INK)
