"""The path model as a figure: constructs in layers, arrows with their direct effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from satmeter.report.context import Figure
from satmeter.report.edition import Edition
from satmeter.report.number_text import decimal
from satmeter.report.plots import Arrow, Node, PathPlot
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import estimated, excludes_zero

ARROW = " → "


def path_figure(edition: Edition, rows: Sequence[Row]) -> Figure | None:
    """Return the diagram of the model's direct effects; None without any.

    Parameters
    ----------
    edition
        Results and words.
    rows
        Rows of the section `paths`.
    """
    words, label = edition.words, edition.results.label
    direct = [row for row in matching(rows, {"effect": "direct"}) if row.get("estimate") is not None]
    if not direct:
        return None
    quality = matching(edition.results.rows("path_quality"), {"model": "pls", "statistic": "r2"})
    explained = {str(row["construct"]): f"R² {decimal(row.get('estimate'), 2)}" for row in quality}
    layers = tuple(
        tuple(Node(name, label(name), explained.get(name, "")) for name in layer)
        for layer in layers_of([(str(row["source"]), str(row["target"])) for row in direct])
    )
    arrows = tuple(
        Arrow(str(row["source"]), str(row["target"]), float(row["estimate"]), excludes_zero(row)) for row in direct
    )
    told = [
        words.fill("sentence.listed", {"label": arrow_label(edition, row), "value": estimated(row)}) for row in direct
    ]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    plot = PathPlot(layers, arrows, words["mark.leaves_zero"], words["mark.holds_zero"])
    return edition.figure("path-model", edition.caption("path_model"), alt, plot)


def arrow_label(edition: Edition, row: Row) -> str:
    """Return a path in words: ``Image → Satisfaction``."""
    return ARROW.join(edition.results.label(str(row[end])) for end in ("source", "target"))


def route_label(edition: Edition, row: Row) -> str:
    """Return a route in words, with all constructs on the way."""
    names = (str(row["source"]), *str(row["via"]).split(ARROW), str(row["target"]))
    return ARROW.join(edition.results.label(name) for name in names)


def layers_of(arrows: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the names in layers: every name one layer below the lowest of those that lead to it.

    Examples
    --------
    >>> layers_of([("image", "value"), ("image", "loyalty"), ("value", "loyalty"), ("price", "loyalty")])
    (('image', 'price'), ('value',), ('loyalty',))
    """
    names = tuple(dict.fromkeys(name for arrow in arrows for name in arrow))
    depth = dict.fromkeys(names, 0)
    for _ in names:  # a route has at most as many steps as there are names
        depth = {name: _below(name, arrows, depth) for name in names}
    return tuple(tuple(name for name in names if depth[name] == level) for level in sorted(set(depth.values())))


def _below(name: str, arrows: Sequence[tuple[str, str]], depth: Mapping[str, int]) -> int:
    return max((depth[source] + 1 for source, target in arrows if target == name), default=0)
