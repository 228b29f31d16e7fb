"""The parts `model`, `drivers` and `paths` of the study file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

from satmeter.questionnaire.spec import Collector, Field, Fields, parse_number, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node
from satmeter.study.analysis_keys import read_pairs
from satmeter.study.driver_plan import Cut, DriverDepth, DriverOptions, PathOptions, PathScheme

_DRIVERS = {
    "outcome": Field("strings"),
    "controls": Field("strings"),
    "depth": Field("string", choices=("core", "full")),
    "items": Field("map"),
    "segments": Field("strings"),
    "moderations": Field("map"),
    "stated": Field("map"),
    "multinomial": Field("map"),
    "cut": Field("string"),
}
_PATHS = {
    "scheme": Field("string", choices=("path", "factorial", "centroid")),
    "consistent": Field("boolean"),
    "higher_order": Field("map"),
    "model": Field("map"),
    "groups": Field("strings"),
    "folds": Field("integer", low=2, high=100),
    "moderations": Field("map"),
}
_HIGHER_ORDER = {"of": Field("strings", required=True), "label": Field("any")}
UNDETERMINED = "und"
"""The language tag of a text that does not say its language."""
_CUTS = ("mean", "median")


@dataclass(frozen=True, slots=True)
class DriverKeys:
    """The part `drivers`, read."""

    outcomes: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    options: DriverOptions = field(default_factory=DriverOptions)


def read_drivers(node: Node | None, collector: Collector) -> DriverKeys:
    """Read `drivers`; the collector takes the problems of `read_fields`, and S036 for a wrong `cut`."""
    if node is None:
        return DriverKeys()
    fields = read_fields(node, _DRIVERS, collector, about=("key", "drivers"))
    options = DriverOptions(
        depth=cast(DriverDepth, fields.string("depth", "core")),
        items=_names(fields.node("items"), "drivers.items", collector),
        segments=_texts(fields, "segments"),
        moderations=_moderations(fields, "drivers", collector),
        stated=_names(fields.node("stated"), "drivers.stated", collector),
        cut=_cut(fields, collector),
        multinomial=read_model(fields.node("multinomial"), collector),
    )
    return DriverKeys(_texts(fields, "outcome"), _texts(fields, "controls"), options)


def read_path_options(node: Node | None, collector: Collector) -> PathOptions:
    """Read `paths`; the problems of `read_fields` go to the collector."""
    default = PathOptions()
    if node is None:
        return default
    fields = read_fields(node, _PATHS, collector, about=("key", "paths"))
    folds = fields.integer("folds")
    return PathOptions(
        scheme=cast(PathScheme, fields.string("scheme", default.scheme)),
        consistent=bool(fields.boolean("consistent")),
        higher_order=read_model(_parts(fields.node("higher_order"), collector), collector),
        model=read_model(fields.node("model"), collector),
        groups=_texts(fields, "groups"),
        folds=default.folds if folds is None else folds,
        moderations=_moderations(fields, "paths", collector),
        labels=_labels(fields.node("higher_order"), collector),
    )


def _parts(node: Node | None, collector: Collector) -> Node | None:
    """Return a map of higher-order constructs to their parts; the parts of the long form stand under `of`."""
    if node is None:
        return None
    entries = []
    for entry in node.entries:
        value: Node | None = entry.value
        if entry.value.kind == "map":
            about = ("key", f"paths.higher_order.{entry.key}")
            value = read_fields(entry.value, _HIGHER_ORDER, collector, about=about).node("of")
        if value is not None:
            entries.append(replace(entry, value=value))
    return replace(node, entries=tuple(entries))


def _labels(node: Node | None, collector: Collector) -> dict[str, dict[str, str]]:
    """Read the labels of higher-order constructs: a text, or a map of languages to texts."""
    labels: dict[str, dict[str, str]] = {}
    for entry in node.entries if node else ():
        label = entry.value.get("label") if entry.value.kind == "map" else None
        if label is None or label.is_null:
            continue
        key = f"paths.higher_order.{entry.key}.label"
        if label.kind == "scalar":
            labels[entry.key] = {UNDETERMINED: label.text.strip()}
        elif label.kind == "map":
            labels[entry.key] = _names(label, key, collector)
        else:
            wrong_kind(label, "map", collector, about=("key", key))
    return labels


def read_model(node: Node | None, collector: Collector) -> dict[str, tuple[str, ...]]:
    """Read a map of names to lists of names; one name counts as a list of one."""
    model: dict[str, tuple[str, ...]] = {}
    for entry in node.entries if node else ():
        items = entry.value.items if entry.value.kind == "list" else (entry.value,)
        for item in items:
            if item.kind != "scalar" or item.is_null:
                wrong_kind(item, "scalar", collector, about=("model", entry.key))
        model[entry.key] = tuple(item.text.strip() for item in items if item.kind == "scalar" and not item.is_null)
    return model


def _moderations(fields: Fields, key: str, collector: Collector) -> dict[str, tuple[tuple[str, str], ...]]:
    node = fields.node("moderations")
    return {
        entry.key: read_pairs(entry.value, f"{key}.moderations.{entry.key}", collector)
        for entry in (node.entries if node else ())
    }


def _names(node: Node | None, key: str, collector: Collector) -> dict[str, str]:
    names: dict[str, str] = {}
    for entry in node.entries if node else ():
        if entry.value.kind == "scalar" and not entry.value.is_null:
            names[entry.key] = entry.value.text.strip()
        else:
            wrong_kind(entry.value, "scalar", collector, about=("key", key), key=entry.key)
    return names


def _cut(fields: Fields, collector: Collector) -> Cut:
    text = fields.string("cut", "mean")
    if text in _CUTS:
        return cast(Cut, text)
    value = parse_number(text)
    if value is not None and 0 <= value <= 100:
        return value
    collector.error("S036", fields.line_of("cut"), about=("key", "drivers.cut"), got=text[:80])
    return "mean"


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(node.text.strip() for node in fields.strings(key))
