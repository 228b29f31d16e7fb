"""How often every point of the scales was chosen, construct by construct."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.number_text import percent
from satmeter.report.plots import StackPlot, StackRow
from satmeter.report.results import Row, matching

MOST_POINTS = 11


def distribution_parts(edition: Edition) -> tuple[Part, ...]:
    """Return a figure for every construct and scale: items as bars that part at the middle of the scale.

    An item of which a point is hidden has no bar.
    """
    counted = edition.results.rows("distributions")
    hidden = {row["item"] for row in counted if row.get("share") is None}
    rows = [row for row in counted if row["item"] not in hidden]
    parts = []
    for construct in dict.fromkeys(str(row["construct"]) for row in rows):
        own = matching(rows, {"construct": construct})
        by_scale: dict[str, list[str]] = {}
        for item in dict.fromkeys(str(row["item"]) for row in own):
            by_scale.setdefault(str(edition.results.items.get(item, {}).get("scale") or ""), []).append(item)
        parts += [_part(edition, construct, scale, items, own) for scale, items in by_scale.items()]
    return tuple(part for part in parts if part.figure)


def _part(edition: Edition, construct: str, scale: str, items: Sequence[str], rows: Sequence[Row]) -> Part:
    words, label = edition.words, edition.results.label(construct)
    codes = [int(row["code"]) for row in matching(rows, {"item": items[0]})]
    if not 2 <= len(codes) <= MOST_POINTS:
        return Part()
    names = _points(edition, scale, codes)
    bars = tuple(_bar(edition, item, matching(rows, {"item": item})) for item in items)
    told = [
        words.fill(
            "sentence.panel",
            {
                "title": bar.label,
                "values": words.join([f"{n} {percent(s)}" for n, s in zip(names, bar.shares, strict=True)]),
            },
        )
        for bar in bars
    ]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    caption = edition.caption("distribution", "construct", label)
    name = f"distribution-{construct}-{scale}" if scale else f"distribution-{construct}"
    return Part(figure=edition.figure(name, caption, alt, StackPlot(names, bars)))


def _points(edition: Edition, scale: str, codes: Sequence[int]) -> tuple[str, ...]:
    """Return the names of the points; where a point has no label, its code."""
    labels = {
        int(point["code"]): edition.results.text(point.get("label"))
        for point in edition.results.scales.get(scale, {}).get("points") or ()
    }
    all_named = all(labels.get(code) for code in codes)
    return tuple(labels[code] if all_named else str(code) for code in codes)


def _bar(edition: Edition, item: str, rows: Sequence[Row]) -> StackRow:
    label = f"{item} {edition.results.label(item)}"
    if edition.results.items.get(item, {}).get("reverse"):
        label += edition.words["list.open"] + edition.words["mark.reverse"] + edition.words["list.close"]
    return StackRow(label, tuple(float(row["share"]) for row in rows), sum(int(row.get("n") or 0) for row in rows))
