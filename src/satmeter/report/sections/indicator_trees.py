"""Indicator trees and journeys: what the index is made of, with stated weights, and where it is weakest."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.estimate import Estimate
from satmeter.report.number_text import ABSENT, decimal, percent
from satmeter.report.results import Row, estimate, hidden_symbol, matching
from satmeter.report.sections.cells import based, estimated
from satmeter.report.sentences import points
from satmeter.report.unit_plots import TreeNode, TreePlot


def trees_section(edition: Edition) -> Section:
    """Return one part a tree, then its values by group; empty without trees."""
    rows = edition.results.rows("tree")
    if not rows:
        return Section()
    parts: list[Part] = []
    for root in dict.fromkeys(str(row["root"]) for row in rows):
        own = matching(rows, {"root": root})
        parts.append(_part(edition, root, matching(own, {"group_by": ""})))
        for question in dict.fromkeys(str(row["group_by"]) for row in own if row["group_by"]):
            parts.append(_by_group(edition, root, question, matching(own, {"group_by": question})))
    return Section((edition.words["tree.reading"],), tuple(parts), edition.results.notes("tree"))


def _part(edition: Edition, root: str, rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    fields = {"tree": results.label(root), "level": edition.level}
    told = [_value(edition, rows), _weakest(edition, rows), _source(edition, root)]
    return Part(
        words.fill("tree.title", fields),
        (words.paragraph(told),),
        figure=_figure(edition, root, rows),
        tables=(_table(edition, words.fill("tree.table", fields), rows),),
    )


def _value(edition: Edition, rows: Sequence[Row]) -> str:
    top = estimate(rows[0], edition.results.label(str(rows[0]["node"])))
    fields = {"tree": top.label, "value": points(top)}
    return edition.words.fill("tree.absent" if top.value is None else "tree.value", fields)


def _weakest(edition: Edition, rows: Sequence[Row]) -> str:
    """Return which leaf, or step of a journey, is lowest, and whether that is settled."""
    lowest = next((row for row in rows if row["weakest"]), None)
    if lowest is None:
        return ""
    found = estimate(lowest, edition.results.label(str(lowest["node"])))
    fields = {"node": found.label, "value": points(found), "share": percent(lowest.get("share"), 1)}
    kind = "step" if rows[0].get("kind") == "journey" else "leaf"
    return edition.words.fill(f"tree.weakest_{kind}_{'sure' if lowest['certain'] else 'open'}", fields)


def _source(edition: Edition, root: str) -> str:
    told: Row = next((tree for tree in edition.results.study.get("trees") or () if tree["id"] == root), {})
    stated = told.get("weights_from") or ""
    source = stated if isinstance(stated, str) else edition.results.text(stated)
    return edition.words.fill("tree.weights_from", {"source": source}) if source else ""


def _figure(edition: Edition, root: str, rows: Sequence[Row]) -> Figure | None:
    words = edition.words
    nodes = tuple(
        TreeNode(
            _name(edition, row),
            int(row["level"]),
            None if not row["level"] else float(row["weight"]),
            estimate(row, _name(edition, row)),
            bool(row["weakest"] and row["certain"]),
        )
        for row in rows
    )
    ends = [end for node in nodes for end in (node.score.value, node.score.low, node.score.high) if end is not None]
    if not ends:
        return None
    low, high = max(0.0, 10 * (min(ends) // 10)), min(100.0, -(-max(ends) // 10) * 10)
    told = [words.fill("sentence.listed", {"label": n.label, "value": points(n.score)}) for n in nodes]
    alt = words["list.semicolon"].join(told) + words["list.stop"]
    caption = words.fill("tree.caption", {"tree": edition.results.label(root), "level": edition.level})
    weakest = words["tree.weakest_mark"]
    return edition.figure(f"tree-{root}", caption, alt, TreePlot(nodes, words["tree.axis"], low, high, weakest))


def _name(edition: Edition, row: Row) -> str:
    """Return the name of a node; that of a cost says that it is turned round."""
    label = edition.results.label(str(row["node"]))
    return edition.words.fill("tree.turned", {"cost": label}) if _is_cost(edition, row) else label


def _is_cost(edition: Edition, row: Row) -> bool:
    results, node = edition.results, str(row["node"])
    own = next((c for c in results.constructs if node in {str(i["id"]) for i in c.get("items") or ()}), None)
    return bool(row["leaf"]) and "cost" in (results.role(node), str((own or {}).get("role", "")))


def _table(edition: Edition, caption: str, rows: Sequence[Row]) -> Table:
    words = edition.words
    heads = (
        words["tree.weight"],
        words["tree.share"],
        words.fill("column.estimate_interval", {"level": edition.level}),
        words["tree.contribution"],
        words["column.n"],
    )
    cells = tuple(
        (
            words["tree.indent"] * int(row["level"]) + _name(edition, row),
            percent(row.get("weight"), 1) if row["level"] else ABSENT,
            hidden_symbol(row) or percent(row.get("share"), 1),
            estimated(row, 1),
            hidden_symbol(row) or decimal(row.get("contribution"), 1),
            based(row),
        )
        for row in rows
    )
    return Table(caption, (Column(words["tree.node"]), *(Column(head, "right") for head in heads)), cells)


def _by_group(edition: Edition, root: str, question: str, rows: Sequence[Row]) -> Part:
    """Return the root and its children in every group, and what is lowest in each."""
    words, results = edition.words, edition.results
    fields = {"tree": results.label(root), "question": results.label(question), "level": edition.level}
    shown = list(dict.fromkeys((str(row["node"]), int(row["level"])) for row in rows if row["level"] < 2))
    names = {str(row["node"]): _name(edition, row) for row in rows}
    lines = []
    for group in dict.fromkeys(str(row["group"]) for row in rows):
        own = matching(rows, {"group": group})
        top = estimate(own[0], results.option(question, group))
        lowest = next((row for row in own if row["weakest"]), None)
        cells = []
        for node, level in shown:
            found = [row for row in own if row["node"] == node and row["level"] == level]
            cells.append(estimated(found[0], 1) if found else ABSENT)
        lines.append((_group(edition, top), based(own[0]), *cells, _lowest(edition, lowest)))
    columns = (
        Column(words["column.group"]),
        Column(words["column.n"], "right"),
        *(Column(names[node], "right") for node, _ in shown),
        Column(words["tree.lowest"]),
    )
    table = Table(words.fill("tree.table_groups", fields), columns, tuple(lines))
    return Part(words.fill("tree.title_groups", fields), tables=(table,))


def _group(edition: Edition, top: Estimate) -> str:
    words = edition.words
    return top.label + (words["list.open"] + words["mark.small"] + words["list.close"] if top.is_small else "")


def _lowest(edition: Edition, row: Row | None) -> str:
    """Return the lowest leaf of a group; a mark says whether that is settled."""
    if row is None:
        return ABSENT
    name = _name(edition, row)
    return f"▼ {name}" if row["certain"] else f"○ {name}"
