"""The keys ``design`` and ``uncertainty`` of a study file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from satmeter.questionnaire.spec import Collector, Field, Fields, parse_number, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.plan import ReplicateMethod, Uncertainty
from satmeter.study.sampling_plan import Design, Population, ReplicateColumns, ReplicateType, SingleUnit

LEAST_REPLICATES = 100
LEAST_GROUPS = 10

_DESIGN = {
    "weight": Field("string"),
    "probability": Field("string"),
    "frequency": Field("string"),
    "strata": Field("string"),
    "cluster": Field("string"),
    "nested": Field("boolean"),
    "single_unit": Field("string", choices=("stop", "collapse", "certainty", "centre")),
    "population": Field("any"),
    "replicates": Field("map"),
}
_REPLICATES = {
    "columns": Field("strings", required=True),
    "type": Field("string", required=True, choices=("brr", "fay", "jk1", "jkn", "bootstrap", "other")),
    "scale": Field("number"),
    "rscales": Field("list"),
    "rho": Field("number"),
}
_UNCERTAINTY = {
    "replicates": Field("integer", high=100_000),
    "seed": Field("integer", low=0, high=2**53),
    "conf_level": Field("number", low=0.5, high=0.999),
    "method": Field("string", choices=("bootstrap", "jackknife", "groups")),
    "groups": Field("integer", high=2_000),
}


def read_design(node: Node | None, collector: Collector) -> Design:
    """Read ``design``; S081, S083, S084 and S135 go to the collector."""
    if node is None or node.is_null:
        return Design()
    fields = read_fields(node, _DESIGN, collector, about=("key", "design"))
    design = Design(
        weight=fields.string("weight") or None,
        probability=fields.string("probability") or None,
        frequency=fields.string("frequency") or None,
        strata=fields.string("strata") or None,
        cluster=fields.string("cluster") or None,
        nested=bool(fields.boolean("nested")),
        single_unit=cast(SingleUnit, fields.string("single_unit", "stop")),
        replicates=_replicates(fields.node("replicates"), collector),
    )
    if design.weight and design.probability:
        about = ("key", "design.probability")
        got = f"weight: {design.weight}, probability: {design.probability}"
        collector.error("S135", fields.line_of("probability"), about=about, got=got)
    population = _population(fields, design, collector)
    if population is not None and design.replicates is not None:
        _refuse_replicates(population.line, "replicates + population", collector)
    return replace(design, population=population)


def read_uncertainty(node: Node | None, design: Design, collector: Collector) -> Uncertainty:
    """Read ``uncertainty``; S019 for too few replicates or groups, S084 for a method beside replicate weights."""
    if node is None or node.is_null:
        return Uncertainty()
    about = ("key", "uncertainty")
    fields = read_fields(node, _UNCERTAINTY, collector, about=about)
    default = Uncertainty()
    counts = {"replicates": default.replicates, "groups": default.groups}
    for key, least in (("replicates", LEAST_REPLICATES), ("groups", LEAST_GROUPS)):
        number = fields.integer(key)
        if number is not None and number < least:
            collector.error("S019", fields.line_of(key), about=about, got=str(number), params={"low": least})
        counts[key] = counts[key] if number is None else number
    seed, level = fields.integer("seed"), fields.number("conf_level")
    method = cast(ReplicateMethod, fields.string("method", default.method))
    if design.replicates is not None and fields.string("method"):
        _refuse_replicates(fields.line_of("method"), f"replicates + uncertainty.method: {method}", collector)
    return Uncertainty(
        counts["replicates"],
        default.seed if seed is None else seed,
        default.conf_level if level is None else level,
        method,
        counts["groups"],
    )


def plain_design(content: dict[str, Any]) -> None:
    """Take out of a plan's content what older files could not say, where it says nothing, and lines.

    Parameters
    ----------
    content
        The plan as a mapping, changed in place; files without the newer keys keep their digests.
    """
    design, uncertainty, default = content["design"], content["uncertainty"], Uncertainty()
    for key in ("probability", "nested", "population", "replicates"):
        if not design[key]:
            del design[key]
        elif key in ("population", "replicates"):
            del design[key]["line"]
    for key in ("method", "groups"):
        if uncertainty[key] == getattr(default, key):
            del uncertainty[key]


def _refuse_replicates(line: int, got: str, collector: Collector) -> None:
    collector.error("S084", line, about=("key", "design.replicates"), got=got)


def _population(fields: Fields, design: Design, collector: Collector) -> Population | None:
    """Read a number, sizes by stratum (below the strata's column or not), or the name of a column."""
    node, line = fields.node("population"), fields.line_of("population")
    if node is None or node.is_null:
        return None
    about = ("key", "design.population")
    if node.kind == "scalar":
        text = node.text.strip()
        number = parse_number(text)
        if number is None and not text[:1].isdigit() and text[:1] not in "+-.":
            return Population(column=text, line=line)
        if number is None or number < 1:
            collector.error("S081", line, about=about, got=quoted(text))
            return None
        if design.strata is not None:
            params = {"strata": design.strata}
            collector.error("S083", line, about=about, got=quoted(text), params=params)
            return None
        return Population({"": number}, line=line)
    sizes = node
    if len(node.entries) == 1 and node.entries[0].value.kind == "map":
        name, sizes = node.entries[0].key, node.entries[0].value
        if name != design.strata:
            params = {"strata": design.strata or "–"}
            collector.error("S083", line, about=about, got=quoted(name), params=params)
            return None
    elif design.strata is None or not node.entries:
        collector.error("S083", line, about=about, got=node.shown(), params={"strata": design.strata or "–"})
        return None
    return _sizes(sizes, line, collector)


def _sizes(node: Node, line: int, collector: Collector) -> Population | None:
    found: dict[str, float] = {}
    for entry in node.entries:
        number = parse_number(entry.value.text.strip()) if entry.value.kind == "scalar" else None
        if number is None or number < 1:
            got = f"{quoted(entry.key)}: {entry.value.shown()}"
            collector.error("S081", entry.line, about=("key", "design.population"), got=got)
        else:
            found[entry.key.strip()] = number
    return Population(found, line=line) if len(found) == len(node.entries) else None


def _replicates(node: Node | None, collector: Collector) -> ReplicateColumns | None:
    """Read replicate weights; what does not belong to their type is S084."""
    if node is None or node.is_null:
        return None
    before = len(collector.problems)
    fields = read_fields(node, _REPLICATES, collector, about=("key", "design.replicates"))
    kind, rho, scale = fields.string("type"), fields.number("rho"), fields.number("scale")
    rscales = _numbers(fields.node("rscales"), collector)
    wrong = [
        ("rho", rho is not None and not 0 <= rho < 1),
        (f"type: {kind}, rho", (kind == "fay") != (rho is not None)),
        ("scale", scale is not None and scale <= 0),
        (f"type: {kind}, scale", kind in ("brr", "fay") and (scale is not None or bool(rscales))),
        (f"type: {kind}", kind == "other" and scale is None and not rscales),
    ]
    for got, is_wrong in wrong if kind else ():
        if is_wrong:
            _refuse_replicates(node.line, got, collector)
            break
    if len(collector.problems) > before or not kind:
        return None
    names = tuple(item.text.strip() for item in fields.strings("columns"))
    return ReplicateColumns(names, cast(ReplicateType, kind), scale, rscales, rho, node.line)


def _numbers(node: Node | None, collector: Collector) -> tuple[float, ...]:
    if node is None:
        return ()
    numbers = [parse_number(item.text.strip()) if item.kind == "scalar" else None for item in node.items]
    found = tuple(number for number in numbers if number is not None and number >= 0)
    if len(found) < len(numbers):
        _refuse_replicates(node.line, f"rscales: {node.shown()}", collector)
    return found
