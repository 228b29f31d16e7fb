"""The key ``publication`` of a study file: what is disclosed with the results, and how they may be published."""

from __future__ import annotations

from dataclasses import dataclass, field

from satmeter.questionnaire.spec import Collector, Field, Fields, read_fields
from satmeter.questionnaire.yaml_text import Node

ABOUT = ("key", "publication")
DISCLOSED = ("sponsor", "conductor", "population", "frame", "mode", "dates")
_LATER = ("policy", "min_n", "flag_n")
_KEYS = {key: Field("string") for key in DISCLOSED} | {key: Field("any") for key in _LATER}


@dataclass(frozen=True, slots=True)
class PublicationKeys:
    """What the key says.

    Attributes
    ----------
    disclosure
        What the researcher typed, by item.
    """

    disclosure: dict[str, str] = field(default_factory=dict)


def read_publication(node: Node | None, collector: Collector) -> PublicationKeys:
    """Read the key; problems go to the collector."""
    fields = read_fields(node, _KEYS, collector, about=ABOUT) if node else Fields(0)
    for key in _LATER:
        if fields.node(key):
            collector.error("S001", fields.line_of(key), about=("key", f"publication.{key}"))
    return PublicationKeys({key: fields.string(key) for key in DISCLOSED if fields.string(key)})
