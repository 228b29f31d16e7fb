"""The constructs of the file and their items."""

from __future__ import annotations

from typing import cast, get_args

from satmeter.questionnaire.draft import Draft, is_language_map, read_condition, read_text
from satmeter.questionnaire.model import Construct, Item, Mode, Role, Text
from satmeter.questionnaire.scales import read_scale_name
from satmeter.questionnaire.spec import Field, Fields, read_fields
from satmeter.questionnaire.yaml_text import Entry, Node

_CONSTRUCT = {
    "role": Field("string", required=True, choices=get_args(Role)),
    "mode": Field("string", choices=get_args(Mode)),
    "label": Field("any", required=True),
    "scale": Field("string"),
    "items": Field("map", required=True),
}
_ITEM = {
    "text": Field("any", required=True),
    "scale": Field("string"),
    "reverse": Field("boolean"),
    "required": Field("boolean"),
    "show_if": Field("string"),
}


def read_constructs(node: Node | None, draft: Draft) -> None:
    """Read the section `constructs` into the draft."""
    for entry in node.entries if node else ():
        draft.declare("construct", entry.key, entry.line)
        _read_construct(entry, draft)


def _read_construct(entry: Entry, draft: Draft) -> None:
    about = ("construct", entry.key)
    fields = read_fields(entry.value, _CONSTRUCT, draft.collector, about=about)
    label = read_text(fields.node("label"), draft, about)
    scale = read_scale_name(fields, draft, about)
    node = fields.node("items")
    names = tuple(item.key for item in node.entries) if node else ()
    if node is not None and not names:
        draft.collector.error("Q046", node.line, about=about)
    if len(names) == 1:
        draft.collector.warning("Q047", entry.line, about=about, got=names[0])
    for item in node.entries if node else ():
        draft.declare("item", item.key, item.line)
        draft.items.setdefault(item.key, _read_item(item, entry.key, scale, draft))
    draft.constructs[entry.key] = Construct(
        entry.key,
        cast(Role, fields.string("role", "other")),
        label,
        names,
        cast(Mode, fields.string("mode", "reflective")),
        entry.line,
    )


def _read_item(entry: Entry, construct: str, scale: str, draft: Draft) -> Item:
    about = ("item", entry.key)
    node = entry.value
    if node.kind != "map" or is_language_map(node, frozenset(_ITEM)):
        fields, text = Fields(entry.line), read_text(node, draft, about, "wording")
    else:
        fields = read_fields(node, _ITEM, draft.collector, about=about)
        text = read_text(fields.node("text"), draft, about, "wording")
    own = read_scale_name(fields, draft, about)
    if not own and not scale:
        draft.collector.error("Q045", entry.line, about=about)
    return Item(
        entry.key,
        construct,
        text if text.by_language else Text(),
        own or scale,
        bool(fields.boolean("reverse")),
        read_condition(fields, draft, about, owner=entry.key),
        fields.boolean("required"),
        entry.line,
    )
