"""The path model in two groups: whether the constructs are composed alike, and which paths differ."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, interval, p_value
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, p_text
from satmeter.report.sections.path_diagram import arrow_label

LEVEL = 0.05


def group_parts(edition: Edition) -> tuple[Part, ...]:
    """Return one part for every pair of groups that was compared."""
    rows = edition.results.rows("path_groups")
    pairs = dict.fromkeys((str(row["group_by"]), str(row["group"]), str(row["other"])) for row in rows)
    return tuple(
        _part(edition, pair, matching(rows, dict(zip(("group_by", "group", "other"), pair, strict=True))))
        for pair in pairs
    )


def _part(edition: Edition, pair: tuple[str, str, str], rows: Sequence[Row]) -> Part:
    words, results = edition.words, edition.results
    question, first, other = pair
    names = {"first": results.option(question, first), "second": results.option(question, other)}
    fields = names | {"question": results.label(question)}
    composed, means = (matching(rows, {"statistic": name}) for name in ("composition", "mean"))
    paths = matching(rows, {"statistic": "path"})
    sentences = [
        _composition_sentence(edition, composed),
        _difference_sentence(edition, paths, names),
        _mean_sentence(edition, means),
    ]
    tables = (_path_table(edition, paths, fields), _construct_table(edition, rows, fields))
    title = words.fill("heading.path_groups", fields)
    return Part(title, (words.paragraph(sentences),), tables=tables)


def _composition_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    """Return whether the constructs are formed alike, without which their paths cannot be compared."""
    words = edition.words
    known = [row for row in rows if row.get("p_value") is not None]
    if not known:
        return ""
    failing = [edition.results.label(str(row["target"])) for row in known if row["p_value"] < LEVEL]
    if failing:
        return words.fill("sentence.composed_otherwise", {"constructs": words.join(failing)})
    least = p_value(min(row["p_value"] for row in known))
    return words.fill("sentence.composed_alike", {"p": least})


def _difference_sentence(edition: Edition, rows: Sequence[Row], names: dict[str, str]) -> str:
    words = edition.words
    known = [row for row in rows if row.get("p_adjusted") is not None]
    if not known:
        return ""
    told = [
        words.fill(
            "sentence.path_differs",
            names
            | {"path": arrow_label(edition, row), "p": p_text(row["p_adjusted"])}
            | {"value": decimal(row.get("first"), 2), "other": decimal(row.get("second"), 2)},
        )
        for row in known
        if row["p_adjusted"] < LEVEL
    ]
    if told:
        return words.fill("sentence.paths_differ", {"paths": words["list.semicolon"].join(told)})
    return words.fill("sentence.paths_alike", {"p": p_value(min(row["p_adjusted"] for row in known))})


def _mean_sentence(edition: Edition, rows: Sequence[Row]) -> str:
    words = edition.words
    failing = [
        edition.results.label(str(row["target"]))
        for row in rows
        if row.get("p_value") is not None and row["p_value"] < LEVEL
    ]
    return words.fill("sentence.means_differ", {"constructs": words.join(failing)}) if failing else ""


def _path_table(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    words = edition.words
    bases = {"first": rows[0]["n"], "second": rows[0]["n_other"]} if rows else {}
    heads = [words.fill("sentence.group_base", {"group": fields[side], "n": count(n)}) for side, n in bases.items()]
    heads += [words[f"column.{key}"] for key in ("difference", "chance_range", "p", "p_holm")]
    cells = tuple(
        (
            arrow_label(edition, row),
            *(decimal(row.get(key), 2) for key in ("first", "second", "estimate")),
            interval(row.get("low"), row.get("high"), 2) or ABSENT,
            p_value(row.get("p_value")),
            p_value(row.get("p_adjusted")),
        )
        for row in rows
    )
    head = (Column(words["column.path"]), *(Column(text, "right") for text in heads))
    return Table(words.fill("caption.path_groups", fields), head, cells)


def _construct_table(edition: Edition, rows: Sequence[Row], fields: dict[str, str]) -> Table:
    by_kind = {(str(row["statistic"]), str(row["target"])): row for row in rows if not row["source"]}
    cells = []
    for name in dict.fromkeys(target for _, target in by_kind):
        composed, mean, variance = (by_kind.get((kind, name), {}) for kind in ("composition", "mean", "variance"))
        cells.append(
            (
                edition.results.label(name),
                decimal(composed.get("estimate"), 3),
                decimal(composed.get("low"), 3),
                p_value(composed.get("p_value")),
                decimal(mean.get("estimate"), 2),
                p_value(mean.get("p_value")),
                decimal(variance.get("estimate"), 2),
                p_value(variance.get("p_value")),
            )
        )
    heads = ("composition", "composition_limit", "p", "mean_difference", "p", "variance_ratio", "p")
    head = columns(edition, ("construct",), heads)
    return Table(edition.words.fill("caption.composition", fields), head, tuple(cells))
