"""The parts `validity`, `retest` and `differences` of the study file."""

from __future__ import annotations

from pathlib import Path

from satmeter.questionnaire.spec import Collector, Field, Fields, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node
from satmeter.study.plan import KnownGroups, Retest, ValidityPlan
from satmeter.study.response_paths import read_columns, read_response_paths

_VALIDITY = {"known_groups": Field("list"), "criterion": Field("map"), "marker": Field("strings")}
_KNOWN_GROUPS = {key: Field("string", required=True) for key in ("construct", "by", "higher", "lower")}
_RETEST = {"responses": Field("strings", required=True), "columns": Field("map")}


def read_validity(node: Node | None, collector: Collector) -> ValidityPlan:
    """Read `validity`; the problems of `read_fields` go to the collector."""
    if node is None:
        return ValidityPlan()
    fields = read_fields(node, _VALIDITY, collector, about=("key", "validity"))
    known = fields.node("known_groups")
    criterion = fields.node("criterion")
    return ValidityPlan(
        known_groups=tuple(_known_groups(item, collector) for item in (known.items if known else ())),
        criterion=_criteria(criterion, collector),
        marker=tuple(item.text.strip() for item in fields.strings("marker")),
    )


def read_retest(node: Node | None, folder: Path, collector: Collector) -> Retest | None:
    """Read `retest`: the second file of answers; paths are relative to the study file."""
    if node is None:
        return None
    fields = read_fields(node, _RETEST, collector, about=("key", "retest"))
    if not fields.strings("responses"):
        return None
    paths = read_response_paths(fields, folder, collector, key="retest.responses")
    return Retest(paths, read_columns(fields.node("columns"), collector))


def read_pairs(node: Node | None, key: str, collector: Collector) -> tuple[tuple[str, str], ...]:
    """Read a list of pairs of names; S034 for what is no pair of two different names."""
    if node is None:
        return ()
    if node.kind != "list":
        wrong_kind(node, "list", collector, about=("key", key))
        return ()
    pairs = []
    for item in node.items:
        names = [part.text.strip() for part in item.items if part.kind == "scalar"] if item.kind == "list" else []
        if len(names) == 2 and names[0] != names[1]:
            pairs.append((names[0], names[1]))
        else:
            collector.error("S034", item.line, about=("key", key), got=item.shown())
    return tuple(pairs)


def _known_groups(node: Node, collector: Collector) -> KnownGroups:
    fields: Fields = read_fields(node, _KNOWN_GROUPS, collector, about=("key", "validity.known_groups"))
    return KnownGroups(*(fields.string(key) for key in ("construct", "by", "higher", "lower")))


def _criteria(node: Node | None, collector: Collector) -> tuple[tuple[str, str], ...]:
    """Read construct to one criterion or a list of them."""
    pairs: list[tuple[str, str]] = []
    for entry in node.entries if node else ():
        for item in entry.value.items if entry.value.kind == "list" else (entry.value,):
            if item.kind == "scalar" and not item.is_null:
                pairs.append((entry.key, item.text.strip()))
            else:
                wrong_kind(item, "scalar", collector, about=("key", "validity.criterion"), key=entry.key)
    return tuple(pairs)
