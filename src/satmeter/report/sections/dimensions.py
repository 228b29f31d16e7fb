"""How many dimensions stand behind the items, and which items go together when nobody says which should."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Figure, Part
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, decimal_beside
from satmeter.report.plots import HeatBlock, HeatPlot, HeatRow, ScreePlot
from satmeter.report.results import Row, matching

GOOD, FAIR = 0.80, 0.60
"""KMO from here counts as good and as just enough (Kaiser 1974)."""

MAX_ROWS, MAX_COLUMNS = 48, 12
"""A larger heat map could not be read; its numbers stand in the table of results."""


def dimensions_parts(edition: Edition) -> tuple[Part, ...]:
    """Return sampling adequacy, number of dimensions, scree and loadings; nothing where they were not had."""
    words, rows = edition.words, edition.results.rows("validity")
    adequacy = matching(rows, {"statistic": "kmo", "construct": ""})
    value = adequacy[0].get("estimate") if adequacy else None
    if value is None:
        return ()
    grade = "good" if value >= GOOD else "fair" if value >= FAIR else "poor"
    sentences = [words.fill(f"sentence.kmo_{grade}", {"kmo": decimal_beside(value, 2, least=[GOOD, FAIR])})]
    parallel, average = (_number(rows, f"n_factors_{name}") for name in ("parallel", "map"))
    constructs = {row["construct"] for row in matching(rows, {"statistic": "kmo"}) if row["construct"]}
    fields = {"parallel": parallel, "map": average, "constructs": count(len(constructs))}
    sentences.append(words.fill("sentence.dimensions", fields | {"n": count(adequacy[0].get("n"))}))
    first = Part(words["heading.dimensions"], (words.paragraph(sentences),), figure=_scree(edition, rows))
    return first, Part(figure=_explored(edition))


def _scree(edition: Edition, rows: Sequence[Row]) -> Figure | None:
    """Return the eigenvalues beside those of uncorrelated data."""
    words = edition.words
    pairs = [
        (float(row["eigenvalue"]), float(row["reference"]))
        for row in edition.results.rows("scree")
        if row.get("eigenvalue") is not None and row.get("reference") is not None
    ]
    found = matching(rows, {"statistic": "n_factors_parallel"})
    if len(pairs) < 2:
        return None
    values, reference = zip(*pairs, strict=True)
    plot = ScreePlot(
        tuple(values),
        tuple(reference),
        int((found[0].get("estimate") if found else None) or 0),
        words["axis.number"],
        words["axis.eigenvalue"],
        words["mark.data"],
        words["mark.uncorrelated"],
    )
    told = [f"{decimal(value, 2)} / {decimal(other, 2)}" for value, other in pairs]
    alt = words.tagged(words["caption.scree"], words.join(told)) + words["list.stop"]
    return edition.figure("scree", words["caption.scree"], alt, plot)


def _number(rows: Sequence[Row], statistic: str) -> str:
    found = matching(rows, {"statistic": statistic})
    return count(found[0].get("estimate") if found else None)


def _explored(edition: Edition) -> Figure | None:
    """Return the heat map of the exploratory loadings, items in the order of their constructs."""
    results = edition.results
    rows = matching(results.rows("loadings"), {"model": "efa"})
    factors = tuple(dict.fromkeys(str(row["construct"]) for row in rows))
    cells = {(str(row["item"]), str(row["construct"])): row.get("estimate") for row in rows}
    blocks = [
        HeatBlock(
            results.label(str(construct["id"])),
            tuple(
                HeatRow(str(item["id"]), tuple(cells.get((str(item["id"]), factor)) for factor in factors))
                for item in construct.get("items") or ()
                if (str(item["id"]), factors[0]) in cells
            ),
        )
        for construct in (results.constructs if factors else ())
    ]
    return heat_map(edition, "exploratory", HeatPlot(factors, tuple(block for block in blocks if block.rows)))


def heat_map(edition: Edition, name: str, plot: HeatPlot) -> Figure | None:
    """Return a figure of loadings with their numbers in words; None where it would be empty or too large to be read."""
    words = edition.words
    size = sum(len(block.rows) for block in plot.blocks)
    if not 0 < size <= MAX_ROWS or len(plot.columns) > MAX_COLUMNS:
        return None
    told = [
        words.fill(
            "sentence.panel",
            {
                "title": block.title,
                "values": words.join([f"{row.label} {_in_words(block, row)}" for row in block.rows]),
            },
        )
        for block in plot.blocks
    ]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    return edition.figure(name, edition.caption(name), alt, plot)


def _in_words(block: HeatBlock, row: HeatRow) -> str:
    """Return an item's loading on its own construct, or on all factors where it has none of its own."""
    values = row.values if block.own is None else (row.values[block.own],)
    return " / ".join(decimal(value, 2) for value in values)
