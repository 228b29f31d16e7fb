"""What is not there, drawn: responses lost step by step, and missing answers item by item."""

from __future__ import annotations

import itertools

from satmeter.report.context import Part
from satmeter.report.edition import Edition
from satmeter.report.group_plots import FunnelPlot, FunnelStep, MissingPlot, MissingRow
from satmeter.report.number_text import count, percent
from satmeter.report.results import matching


def funnel_parts(edition: Edition) -> tuple[Part, ...]:
    """Return the way from responses to respondents as a figure; nothing where no step took any."""
    words, rows = edition.words, edition.results.rows("disposition")
    numbers = [int(row.get("n") or 0) for row in rows]
    lost = [0, *(before - after for before, after in itertools.pairwise(numbers))]
    if not any(lost):
        return ()
    names = [words.name("step", str(row["step"])) for row in rows]
    steps = tuple(FunnelStep(name, n, gone) for name, n, gone in zip(names, numbers, lost, strict=True))
    told = [words.fill("losses.step", {"step": s.label, "n": count(s.n), "lost": count(s.lost)}) for s in steps]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return (Part(figure=edition.figure("funnel", words["losses.funnel"], alt, FunnelPlot(steps))),)


def missing_parts(edition: Edition) -> tuple[Part, ...]:
    """Return how often items were left without a rating: a sentence and a figure; nothing where none was."""
    words, results = edition.words, edition.results
    blocks: list[tuple[str, tuple[MissingRow, ...]]] = []
    ranked: list[MissingRow] = []
    for construct in dict.fromkeys(str(row["construct"]) for row in results.rows("items")):
        own = matching(results.rows("items"), {"construct": construct})
        known = [row for row in own if row.get("missing_share") is not None]
        items = tuple(MissingRow(str(r["item"]), float(r["missing_share"]), int(r.get("n") or 0)) for r in known)
        ranked += items
        if items:
            blocks.append((results.label(construct), items))
    worst = max(ranked, key=lambda item: item.share, default=None)
    if worst is None or not worst.share:
        return ()
    fields = {
        "mean": percent(sum(item.share for item in ranked) / len(ranked), 1),
        "n": count(len(ranked)),
        "item": f"{worst.label} {results.label(worst.label)}",
        "share": percent(worst.share, 1),
    }
    told = [
        words.fill(
            "sentence.panel",
            {"title": title, "values": words.join([f"{item.label} {percent(item.share, 1)}" for item in items])},
        )
        for title, items in blocks
    ]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    plot = MissingPlot(tuple(blocks), words["losses.axis"])
    figure = edition.figure("missing", words["losses.missing"], alt, plot)
    return (Part(words["losses.title"], (words.fill("losses.sentence", fields),), figure=figure),)
