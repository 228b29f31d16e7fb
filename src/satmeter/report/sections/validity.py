"""Validity: whether the items of a construct go together and the constructs are told apart."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import ABSENT, count, decimal, percent_beside, percent_interval, with_interval
from satmeter.report.plots import HeatBlock, HeatPlot, HeatRow
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import figure_of
from satmeter.report.sections.confirmatory_tables import further_part
from satmeter.report.sections.differential import differential_parts
from satmeter.report.sections.dimensions import dimensions_parts, heat_map
from satmeter.report.sections.known_groups import criterion_part, known_groups_part
from satmeter.report.sections.marker import MARKER_NOTES, marker_part
from satmeter.report.sections.model_fit import PREFERENCE, confirmatory_part, invariance_parts
from satmeter.report.sections.separation import counted, ratio_text, separation
from satmeter.report.sections.validity_summary import summary_part
from satmeter.report.sentences import beside

TOLD = (PREFERENCE, *MARKER_NOTES, "M200", "M201", "M202")
"""Notes whose sentences stand in the parts that they belong to."""

ENOUGH = 0.5
"""Half of the variance: the convention for AVE, and for Harman's share."""


def validity_section(edition: Edition) -> Section:
    """Return a summary, verdict, doubtful pairs, heat map of the loadings, tables, and the models behind them."""
    words, rows = edition.words, edition.results.rows("validity")
    notes = tuple(
        note
        for section in ("validity", "loadings", "dif")
        for note in edition.results.notes(section, lambda code: code not in TOLD)
    )
    if not rows:
        return Section((words["sentence.no_validity"],), (), notes)
    pairs = _pairs(edition, rows)
    verdict = words.paragraph([_apart_sentence(edition, pairs), _average_sentence(edition, rows)])
    paragraphs = (verdict, words["sentence.validity_limits"], _single_factor_sentence(edition, rows))
    parts = (
        summary_part(edition),
        Part(words["heading.convergence"], tuple(p for p in paragraphs if p), _doubts(edition, pairs)),
        _loadings_part(edition),
        Part(tables=tuple(table for table in (_matrix(edition, rows), _pair_table(edition, rows)) if table)),
        confirmatory_part(edition),
        known_groups_part(edition),
        criterion_part(edition),
        marker_part(edition),
        *invariance_parts(edition),
        *differential_parts(edition),
        *dimensions_parts(edition),
        further_part(edition),
    )
    return Section((), parts, notes)


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the constructs in their order."""
    return tuple(str(row["construct"]) for row in matching(rows, {"statistic": "ave"}))


def _pairs(edition: Edition, rows: Sequence[Row]) -> tuple[Estimate, ...]:
    """Return HTMT of every pair under the two labels, highest first."""
    label = edition.results.label
    found = [
        estimate(
            row, edition.words.fill("sentence.pair", {"a": label(str(row["construct"])), "b": label(row["other"])})
        )
        for row in matching(rows, {"statistic": "htmt"})
    ]
    return tuple(sorted((e for e in found if e.value is not None), key=lambda e: -(e.value or 0.0)))


def _apart_sentence(edition: Edition, pairs: Sequence[Estimate]) -> str:
    words = edition.words
    if not pairs:
        return words["sentence.one_construct"]
    counts = counted(pairs)
    fields = {key: count(n) for key, n in counts.items()} | {"n": count(len(pairs))}
    fields |= {"pair": pairs[0].label, "value": ratio_text(pairs[0])}
    if counts["apart"] == len(pairs):
        return words.plural("sentence.told_apart_all", len(pairs), fields)
    fields["verdict"] = words[f"separation.{separation(pairs[0])}"]
    return words.plural("sentence.told_apart_some", len(pairs), fields)


def _doubts(edition: Edition, pairs: Sequence[Estimate]) -> tuple[str, ...]:
    """Return one sentence for each kind of pair that needs care, with the pairs named."""
    words = edition.words
    sentences = []
    for kind in ("same", "close", "open"):
        named = [
            words.fill("sentence.listed", {"label": p.label, "value": ratio_text(p)})
            for p in pairs
            if separation(p) == kind
        ]
        if named:
            sentences.append(words.fill(f"sentence.pairs_{kind}", {"pairs": words["list.semicolon"].join(named)}))
    return tuple(sentences)


def _average_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    words = edition.words
    averages = [estimate(r, edition.results.label(str(r["construct"]))) for r in matching(rows, {"statistic": "ave"})]
    values = [e.value for e in averages if e.value is not None]
    if not values:
        return ""
    short = [
        words.fill("sentence.listed", {"label": e.label, "value": beside(e, (ENOUGH,))})
        for e in averages
        if e.value is not None and e.value < ENOUGH
    ]
    if short:
        return words.fill("sentence.ave_short", {"constructs": words["list.semicolon"].join(short)})
    return words.fill("sentence.ave_enough", {"low": decimal(min(values), 2)})


def _single_factor_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    found = matching(rows, {"statistic": "single_factor_share"})
    if not found:
        return ""
    part = estimate(found[0], "")
    key = "high" if (part.value or 0.0) >= ENOUGH else "low"
    value = with_interval(percent_beside(part.value, ENOUGH), percent_interval(part.low, part.high))
    return edition.words.fill(f"sentence.single_factor_{key}", {"share": value})


def _loadings_part(edition: Edition) -> Part:
    """Return what the loadings say and their heat map."""
    words = edition.words
    rows = matching(edition.results.rows("loadings"), {"model": "structure"})
    names = tuple(dict.fromkeys(str(row["construct"]) for row in rows))
    cells = {(str(row["item"]), str(row["construct"])): row.get("estimate") for row in rows}
    owner = {str(item["id"]): str(c["id"]) for c in edition.results.constructs for item in c.get("items") or ()}
    items = tuple(dict.fromkeys(str(row["item"]) for row in rows))
    strangers = [item for item in items if _stranger(cells, item, owner.get(item, ""), names)]
    if len(names) < 2:
        return Part()
    fields = {"n": count(len(strangers)), "all": count(len(items)), "items": words.join(strangers)}
    sentence = (
        words.plural("sentence.strangers", len(strangers), fields) if strangers else words["sentence.no_strangers"]
    )
    blocks = tuple(
        HeatBlock(
            f"{j + 1} {edition.results.label(name)}",
            tuple(
                HeatRow(item, tuple(cells.get((item, other)) for other in names), item in strangers)
                for item in items
                if owner.get(item) == name
            ),
            own=j,
        )
        for j, name in enumerate(names)
    )
    plot = HeatPlot(tuple(str(j + 1) for j in range(len(names))), blocks)
    return Part(paragraphs=(sentence,), figure=heat_map(edition, "loadings", plot))


def _stranger(cells: dict[tuple[str, str], float | None], item: str, own: str, names: Sequence[str]) -> bool:
    """Tell whether an item goes at least as closely with another construct as with its own."""
    loading = cells.get((item, own))
    others = [abs(value) for name in names if name != own and (value := cells.get((item, name))) is not None]
    return loading is not None and bool(others) and max(others) >= abs(loading)


def _cell(rows: Sequence[Row], statistic: str, construct: str, other: str = "") -> Row:
    return next(iter(matching(rows, {"statistic": statistic, "construct": construct, "other": other})), {})


def _matrix(edition: Edition, rows: Sequence[Row]) -> Table | None:
    """Return AVE, and one square: √AVE on the diagonal, factor correlations below, HTMT above."""
    words, names = edition.words, _names(rows)
    if not names:
        return None
    heads = [words["column.n"], words["column.ave"]]
    heads += [str(j + 1) for j in range(len(names))] if len(names) > 1 else []
    lines = []
    for i, name in enumerate(names):
        average = _cell(rows, "ave", name)
        line = [f"{i + 1} {edition.results.label(name)}", count(average.get("n")), figure_of(estimate(average, ""))]
        if len(names) > 1:
            line += [_square_cell(rows, names, i, j) for j in range(len(names))]
        lines.append(tuple(line))
    columns = (Column(words["column.construct"]), *(Column(head, "right") for head in heads))
    return Table(edition.caption("validity_matrix" if len(names) > 1 else "validity_ave"), columns, tuple(lines))


def _square_cell(rows: Sequence[Row], names: Sequence[str], i: int, j: int) -> str:
    if i == j:
        average = _cell(rows, "ave", names[i]).get("estimate")
        return decimal(average**0.5 if average is not None else None, 2)
    first, second = sorted((i, j))
    statistic = "factor_correlation" if i > j else "htmt"
    return decimal(_cell(rows, statistic, names[first], names[second]).get("estimate"), 2)


def _pair_table(edition: Edition, rows: Sequence[Row]) -> Table | None:
    words, label = edition.words, edition.results.label
    pairs = sorted(matching(rows, {"statistic": "htmt"}), key=lambda row: -(row.get("estimate") or 0.0))
    if not pairs:
        return None
    heads = ("htmt", "htmt2", "factor_correlation", "fornell_larcker")
    columns = (Column(words["column.pair"]), *(Column(words[f"column.{head}"], "right") for head in heads))
    columns += (Column(words["column.n"], "right"),)
    lines = []
    for row in pairs:
        a, b = str(row["construct"]), str(row["other"])
        values = (figure_of(estimate(_cell(rows, statistic, a, b), "")) for statistic in heads)
        lines.append(
            (words.fill("sentence.pair", {"a": label(a), "b": label(b)}), *values, count(row.get("n")) or ABSENT)
        )
    return Table(edition.caption("validity_pairs"), columns, tuple(lines))
