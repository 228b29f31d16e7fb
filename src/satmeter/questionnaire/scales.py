"""The scales of the file: points or a range, and codes that stand for no answer."""

from __future__ import annotations

from typing import cast, get_args

from satmeter.questionnaire.draft import Draft, is_language_map, read_text
from satmeter.questionnaire.model import MissingCode, MissingReason, Point, Scale, Text
from satmeter.questionnaire.spec import About, Field, Fields, listed, parse_integer, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted

MAX_POINTS = 101

_SCALE = {
    "points": Field("map"),
    "range": Field("list"),
    "low": Field("any"),
    "high": Field("any"),
    "missing": Field("map"),
}
_REASONS = get_args(MissingReason)
_MISSING = {"label": Field("any", required=True), "reason": Field("string", choices=_REASONS)}


def read_scales(node: Node | None, draft: Draft) -> None:
    """Read the section `scales` into the draft."""
    if node is None:
        return
    draft.scale_names = {entry.key: entry.line for entry in node.entries}
    for entry in node.entries:
        scale = _read_scale(entry.key, entry.line, entry.value, draft)
        if scale:
            draft.scales[entry.key] = scale


def _read_scale(name: str, line: int, node: Node, draft: Draft) -> Scale | None:
    about = ("scale", name)
    fields = read_fields(node, _SCALE, draft.collector, about=about)
    if node.kind != "map":
        return None
    if ("points" in fields.lines) == ("range" in fields.lines):
        draft.collector.error("Q044", line, about=about, params={"choices": "points, range"})
        return None
    points = _range(fields, draft, about) if "range" in fields.lines else _points(fields, draft, about)
    missing = read_missing(fields.node("missing"), draft, about)
    if not points:
        return None
    refuse_clashes(missing, {str(p.code) for p in points}, fields, draft, about)
    return Scale(name, points, missing, is_range="range" in fields.lines, line=line)


def _points(fields: Fields, draft: Draft, about: About) -> tuple[Point, ...]:
    for key in ("low", "high"):
        if key in fields.lines:
            draft.collector.error("Q051", fields.line_of(key), about=about, got=key, params={"type": "points"})
    node = fields.node("points")
    if node is None:
        return ()
    points: dict[int, Point] = {}
    for entry in node.entries:
        code = parse_integer(entry.key.strip())
        label = read_text(entry.value, draft, about, "value_label")
        if code is None:
            draft.collector.error("Q042", entry.line, about=about, got=quoted(entry.key))
        elif code in points:
            draft.collector.error("Q012", entry.line, about=about, got=quoted(entry.key), params={"first": node.line})
        else:
            points[code] = Point(code, label)
    if len(node.entries) < 2:
        draft.collector.error("Q040", node.line, about=about, got=str(len(node.entries)))
        return ()
    return tuple(points[code] for code in sorted(points))


def _range(fields: Fields, draft: Draft, about: About) -> tuple[Point, ...]:
    low_label = read_text(fields.node("low"), draft, about, "value_label")
    high_label = read_text(fields.node("high"), draft, about, "value_label")
    node = fields.node("range")
    if node is None:
        return ()
    ends = [parse_integer(n.text.strip()) if n.kind == "scalar" else None for n in node.items]
    low, high = (ends[0], ends[1]) if len(ends) == 2 else (None, None)
    if low is None or high is None or not 1 <= high - low < MAX_POINTS:
        got = "[" + ", ".join(n.shown() for n in node.items[:4]) + "]"
        draft.collector.error("Q041", node.line, about=about, got=got, params={"limit": MAX_POINTS})
        return ()
    labels = {low: low_label, high: high_label}
    return tuple(Point(code, labels.get(code, Text())) for code in range(low, high + 1))


def read_missing(node: Node | None, draft: Draft, about: About) -> tuple[MissingCode, ...]:
    """Read missing codes: code → label, or code → {label, reason}; the reason is `dont_know` when none is given."""
    if node is None:
        return ()
    found = []
    for entry in node.entries:
        code = entry.key.strip()
        if not code:
            draft.collector.error("Q042", entry.line, about=about, got=quoted(entry.key))
            continue
        if entry.value.kind != "map" or is_language_map(entry.value, frozenset(_MISSING)):
            label, reason = read_text(entry.value, draft, about, "value_label"), "dont_know"
        else:
            fields = read_fields(entry.value, _MISSING, draft.collector, about=about)
            label = read_text(fields.node("label"), draft, about, "value_label")
            reason = fields.string("reason", "dont_know")
        found.append(MissingCode(code, label, cast(MissingReason, reason)))
    return tuple(found)


def refuse_clashes(
    missing: tuple[MissingCode, ...], codes: set[str], fields: Fields, draft: Draft, about: About
) -> None:
    """Complain of missing codes that are valid answers too."""
    node = fields.node("missing")
    for entry in node.entries if node else ():
        number = parse_integer(entry.key.strip())
        if entry.key.strip() in codes or (number is not None and str(number) in codes):
            draft.collector.error(
                "Q043", entry.line, about=about, got=quoted(entry.key), params={"choices": listed(sorted(codes))}
            )


def read_scale_name(fields: Fields, draft: Draft, about: About) -> str:
    """Read the key `scale`; complain when no such scale is declared."""
    name = fields.string("scale")
    if name and name not in draft.scale_names:
        draft.collector.error(
            "Q004",
            fields.line_of("scale"),
            about=about,
            got=quoted(name),
            suggestion=draft.collector.nearest(name, draft.scale_names),
            params={"choices": listed(draft.scale_names)},
        )
    return name
