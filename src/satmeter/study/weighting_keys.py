"""The key ``weighting`` of a study file: known margins of the population, and how far weights may go."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import cast

from satmeter.errors import Problem
from satmeter.questionnaire.spec import Collector, Field, parse_number, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.sampling_plan import Distance, Margin, Weighting

ABOUT = ("key", "weighting")
CROSS = "*"
SUM_SLACK = 0.005  # margins typed as rounded shares may miss their common sum by half a percent

_KEYS = {
    "rake": Field("map"),
    "poststratify": Field("map"),
    "margins": Field("string"),
    "distance": Field("string", choices=("raking", "linear", "logit")),
    "bounds": Field("list"),
    "trim": Field("list"),
    "nonresponse": Field("map"),  # read by fieldwork_keys
}
_HEADER = ("margin", "category", "value")


def read_weighting(node: Node | None, folder: Path, collector: Collector) -> Weighting | None:
    """Read the key; problems S050 to S053, S057 and S058 go to the collector.

    Parameters
    ----------
    node
        The key's map; None when it is absent.
    folder
        Where the study file lies; a margin table is looked for from there.
    collector
        Takes the problems.

    Returns
    -------
    Weighting or None
        None when the key is absent or names no margin.
    """
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _KEYS, collector, about=ABOUT)
    named = [key for key in ("rake", "poststratify", "margins") if fields.node(key)]
    if not named and fields.node("nonresponse"):
        return None
    if len(named) != 1:
        collector.error("S050", node.line, about=ABOUT, got=", ".join(named))
        return None
    key = named[0]
    place = fields.node(key)
    if place is None:
        return None
    if key == "margins":
        margins = _table(folder / place.text.strip(), place, collector)
    else:
        margins = tuple(m for entry in place.entries if (m := _margin(entry.key, entry.line, entry.value, collector)))
    if key == "poststratify" and len(margins) > 1:
        collector.error("S050", place.line, about=ABOUT, got=f"poststratify: {len(margins)}")
    _check_sums(margins, collector)
    distance = cast(Distance, fields.string("distance", "raking"))
    bounds, trim = (_pair(fields.node(name), name, collector) for name in ("bounds", "trim"))
    if distance == "logit" and bounds is None:
        collector.error("S057", fields.line_of("distance"), about=ABOUT, got="logit")
    return Weighting(margins, distance, bounds, trim) if margins else None


def _margin(name: str, line: int, node: Node, collector: Collector) -> Margin | None:
    if node.kind != "map" or not node.entries:
        collector.error("S052", line, about=ABOUT, got=f"{quoted(name)}: {node.shown()}")
        return None
    values: dict[str, float] = {}
    lines: dict[str, int] = {}
    for entry in node.entries:
        number = parse_number(entry.value.text.strip()) if entry.value.kind == "scalar" else None
        if number is None or number < 0:
            collector.error("S052", entry.line, about=ABOUT, got=f"{quoted(entry.key)}: {entry.value.shown()}")
        else:
            values[_crossed(entry.key)] = number
            lines[_crossed(entry.key)] = entry.line
    return Margin(_crossed(name), values, line, "", lines) if values and sum(values.values()) > 0 else None


def _crossed(name: str) -> str:
    """Return a name whose parts stand around ``*`` without blanks."""
    return CROSS.join(part.strip() for part in name.split(CROSS))


def _table(path: Path, node: Node, collector: Collector) -> tuple[Margin, ...]:
    """Read a table with the columns margin, category and value; its problems name its own lines."""
    try:
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError):
        collector.error("S058", node.line, about=ABOUT, got=node.shown())
        return ()
    head = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    if head[:3] != _HEADER:
        collector.error("S058", node.line, about=ABOUT, got=", ".join(head)[:200])
        return ()
    found: dict[str, dict[str, float]] = {}
    lines: dict[str, dict[str, int]] = {}
    problems = Collector(path.name)
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        value = parse_number(row[2].strip()) if len(row) > 2 else None
        margin, category = _crossed(row[0]), _crossed(row[1]) if len(row) > 1 else ""
        if value is None or value < 0 or not margin or category in found.get(margin, {}):
            problems.error("S052", number, about=ABOUT, got=", ".join(cell.strip() for cell in row)[:200])
            continue
        found.setdefault(margin, {})[category] = value
        lines.setdefault(margin, {})[category] = number
    collector.problems += problems.problems
    return tuple(
        Margin(name, values, min(lines[name].values()), path.name, lines[name])
        for name, values in found.items()
        if sum(values.values()) > 0
    )


def common_sum(margins: tuple[Margin, ...]) -> float:
    """Return what every margin must add up to: 1 where all are shares, else the first one's sum.

    Examples
    --------
    >>> common_sum((Margin("a", {"x": 0.33, "y": 0.67}), Margin("b", {"x": 0.502, "y": 0.5})))
    1.0
    """
    sums = [sum(margin.values.values()) for margin in margins]
    return 1.0 if max(sums) <= 1 + SUM_SLACK else sums[0]


def _check_sums(margins: tuple[Margin, ...], collector: Collector) -> None:
    """Complain about margins whose sums differ by more than rounded shares do."""
    for margin in margins:
        total, aim = sum(margin.values.values()), common_sum(margins)
        if abs(total - aim) > SUM_SLACK * aim:
            params = {"margin": margin.name, "expected": f"{aim:g}"}
            place = margin.file or collector.file
            collector.problems.append(Problem("S053", place, margin.line, ABOUT, f"{total:g}", params=params))


def _pair(node: Node | None, key: str, collector: Collector) -> tuple[float, float] | None:
    if node is None:
        return None
    numbers = [parse_number(item.text.strip()) if item.kind == "scalar" else None for item in node.items]
    low, high = (numbers[0], numbers[1]) if len(numbers) == 2 else (None, None)
    if low is None or high is None or not 0 <= low < 1 < high:
        collector.error("S057", node.line, about=ABOUT, got=f"{key}: {node.shown()}")
        return None
    return low, high
