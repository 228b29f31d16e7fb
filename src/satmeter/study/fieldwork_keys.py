"""The keys ``fieldwork`` and ``weighting.nonresponse`` of a study file: the sample, and who is missing from it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from satmeter.questionnaire.spec import (
    Collector,
    Field,
    Fields,
    listed,
    nearest,
    parse_integer,
    parse_number,
    read_fields,
)
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.responses.files import ENDINGS
from satmeter.study.sampling_plan import Fieldwork, Nonresponse

ABOUT = ("key", "fieldwork")
ABOUT_NONRESPONSE = ("key", "weighting.nonresponse")
GROUPS = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
"""AAPOR's groups of final dispositions; NE are the cases that are known not to be eligible."""

MOST_CLASSES = 50
_FIELDWORK = {
    "sample": Field("string", required=True),
    "key": Field("string", required=True),
    "disposition": Field("string", required=True),
    "codes": Field("map"),
    "e": Field("string"),
    "weight": Field("string"),
}
_NONRESPONSE = {"by": Field("strings", required=True), "classes": Field("string")}


def read_fieldwork_key(node: Node | None, folder: Path, collector: Collector) -> Fieldwork | None:
    """Read ``fieldwork``; problems S002, S095, S096 and R002 go to the collector.

    Parameters
    ----------
    node
        The key's map; None when it is absent.
    folder
        Where the study file lies; the sample file is looked for from there.
    collector
        Takes the problems.

    Returns
    -------
    Fieldwork or None
        None when the key is absent, or names no sample file, key or disposition.
    """
    if node is None or node.is_null:
        return None
    fields = read_fields(node, _FIELDWORK, collector, about=ABOUT)
    codes = _codes(fields, collector)
    e: float | Literal["cases"] | None = None
    if text := fields.string("e"):
        share = parse_number(text)
        if text == "cases":
            e = "cases"
        elif share is None or not 0 <= share <= 1:
            _neither("e", text, "0 – 1", "cases", fields, collector)
        else:
            e = share
    sample, key, disposition = (fields.string(name) for name in ("sample", "key", "disposition"))
    if not (sample and key and disposition):
        return None
    _check_file(folder / sample, sample, fields, collector)
    weight = fields.string("weight") or None
    return Fieldwork(folder / sample, key, disposition, codes, e, weight, node.line)


def read_nonresponse(node: Node | None, fieldwork: Fieldwork | None, collector: Collector) -> Nonresponse | None:
    """Read ``weighting.nonresponse`` out of the map ``weighting``; S096 and S097 go to the collector.

    Parameters
    ----------
    node
        The map ``weighting``; None when it is absent.
    fieldwork
        The sample file, without which there is nothing to adjust to (S097).
    collector
        Takes the problems.
    """
    own = node.get("nonresponse") if node is not None else None
    if own is None or own.is_null:
        return None
    fields = read_fields(own, _NONRESPONSE, collector, about=ABOUT_NONRESPONSE)
    if fieldwork is None:
        collector.error("S097", own.line, about=ABOUT_NONRESPONSE)
    classes: int | Literal["cells"] = 5
    if text := fields.string("classes"):
        number = parse_integer(text)
        if text == "cells":
            classes = "cells"
        elif number is None or not 2 <= number <= MOST_CLASSES:
            _neither("classes", text, f"2 – {MOST_CLASSES}", "cells", fields, collector)
        else:
            classes = number
    by = tuple(dict.fromkeys(item.text.strip() for item in fields.strings("by")))
    if fields.node("by") is not None and not by:
        collector.error("Q017", fields.line_of("by"), about=ABOUT_NONRESPONSE, params={"key": "by"})
    return Nonresponse(by, classes, own.line) if by else None


def _codes(fields: Fields, collector: Collector) -> dict[str, str]:
    """Return label to group; without ``codes`` the labels are the groups themselves."""
    node = fields.node("codes")
    if node is None:
        return {group: group for group in GROUPS}
    codes = {}
    for entry in node.entries:
        group = entry.value.text.strip() if entry.value.kind == "scalar" else ""
        if group in GROUPS:
            codes[entry.key.strip()] = group
        else:
            got = f"{quoted(entry.key)}: {entry.value.shown()}"
            near = nearest(group, GROUPS)
            params = {"choices": listed(GROUPS)}
            collector.error(
                "S095", entry.line, about=("key", "fieldwork.codes"), got=got, suggestion=near, params=params
            )
    return codes


def _check_file(path: Path, name: str, fields: Fields, collector: Collector) -> None:
    about, line = ("key", "fieldwork.sample"), fields.line_of("sample")
    if path.suffix.lower() not in ENDINGS:
        collector.error("R002", line, about=about, got=quoted(name), params={"choices": ", ".join(ENDINGS)})
    elif not path.is_file():
        names = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
        collector.error("S002", line, about=about, got=quoted(name), suggestion=nearest(path.name, names))


def _neither(key: str, text: str, interval: str, word: str, fields: Fields, collector: Collector) -> None:
    """Complain about what is neither a number of an interval nor the one word that may stand there."""
    params = {"key": key, "interval": interval, "word": word}
    collector.error("S096", fields.line_of(key), about=ABOUT, got=quoted(text), params=params)
