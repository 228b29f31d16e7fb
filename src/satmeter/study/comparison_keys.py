"""The keys ``comparisons`` and ``ranks`` of a study file."""

from __future__ import annotations

from typing import cast

from satmeter.questionnaire.spec import Collector, Field, parse_number, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.plan import Adjustment, Against, Comparisons, Ranks

_AGAINST = ("rest", "pairs")
_COMPARISONS = {
    "against": Field("strings"),
    "adjust": Field("string", choices=("none", "holm", "bh")),
    "targets": Field("map"),
}
_RANKS = {"units": Field("strings", required=True), "measures": Field("strings"), "within": Field("string")}


def read_comparisons(node: Node | None, collector: Collector) -> Comparisons | None:
    """Read ``comparisons``; S060 for what groups cannot be held against, S061 for a target that is none."""
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _COMPARISONS, collector, about=("key", "comparisons"))
    against = []
    for item in fields.strings("against"):
        if (name := item.text.strip()) in _AGAINST:
            against.append(cast(Against, name))
        else:
            collector.error("S060", item.line, about=("key", "comparisons.against"), got=quoted(name))
    targets: dict[str, float] = {}
    place = fields.node("targets")
    for entry in place.entries if place else ():
        number = parse_number(entry.value.text.strip()) if entry.value.kind == "scalar" else None
        if number is None or not 0 <= number <= 100:
            got = f"{quoted(entry.key)}: {entry.value.shown()}"
            collector.error("S061", entry.line, about=("key", "comparisons.targets"), got=got)
        else:
            targets[entry.key] = number
    adjust = cast(Adjustment, fields.string("adjust", "holm"))
    return Comparisons(tuple(against) or ("rest",), adjust, targets)


def read_ranks(node: Node | None, collector: Collector) -> Ranks | None:
    """Read ``ranks``."""
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _RANKS, collector, about=("key", "ranks"))
    units, measures = (tuple(item.text.strip() for item in fields.strings(key)) for key in ("units", "measures"))
    return Ranks(units, measures, fields.string("within")) if units else None
