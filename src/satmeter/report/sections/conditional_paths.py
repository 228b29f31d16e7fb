"""Effects that depend on a third variable: indirect effects by a moderator, and products in the path model."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Figure, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal
from satmeter.report.plots import Panel
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import columns, estimated, excludes_zero
from satmeter.report.sections.panels import panels_around_zero
from satmeter.report.sections.path_diagram import arrow_label

PLACES = ("low", "mean", "high")
TEN = 10.0

PRODUCT_SIZES = ((0.025, "large"), (0.010, "medium"), (0.005, "small"))
"""f² of a product from here (Kenny 2018); below the last it is very small."""


def moderated_mediation_parts(edition: Edition) -> tuple[Part, ...]:
    """Return, for every mediated step that a third variable may bear on, the indirect effects at its values."""
    rows = edition.results.rows("moderated_mediation")
    keys = dict.fromkeys(tuple(str(row[key]) for key in ("outcome", "mediator", "moderator", "stage")) for row in rows)
    return tuple(
        _mediated_part(
            edition, matching(rows, {"outcome": outcome, "mediator": mediator, "moderator": third, "stage": stage})
        )
        for outcome, mediator, third, stage in keys
    )


def _by_source(rows: Sequence[Row]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(str(row["source"]), {})[str(row["at"])] = row
    return found


def _mediated_part(edition: Edition, rows: Sequence[Row]) -> Part:
    words, label, first = edition.words, edition.results.label, rows[0]
    names = ("outcome", "mediator", "moderator")
    fields = {name: label(str(first[name])) for name in names} | {"level": edition.level}
    found = _by_source(rows)
    at = next(iter(found.values()))
    fields |= {place: decimal(at.get(place, {}).get("value"), 1) for place in PLACES}
    fields["step"] = words.fill(f"sentence.moderated_step_{first['stage']}", fields)
    told = words.fill("sentence.moderated_mediation", fields)
    return Part(
        words.fill("heading.moderated_mediation", fields),
        (told, words.paragraph(_index_sentences(edition, found, fields))),
        figure=_mediated_figure(edition, first, found, fields),
        tables=(_mediated_table(edition, found, fields),),
    )


def _index_sentences(edition: Edition, found: dict[str, dict[str, Row]], fields: dict[str, str]) -> list[str]:
    """Return for which sources the indirect effect rises or falls with the moderator, and for which it is open."""
    words, label = edition.words, edition.results.label
    told: dict[str, list[str]] = {"rises": [], "falls": [], "open": []}
    for source, at in found.items():
        index = at.get("index", {})
        if index.get("estimate") is None:
            continue
        if not excludes_zero(index):
            told["open"].append(label(source))
            continue
        ends = {place: estimated(at.get(place, {})) for place in ("low", "high")}
        sentence = words.fill("sentence.moderated_source", {"source": label(source)} | ends)
        told["rises" if index["estimate"] > 0 else "falls"].append(sentence)
    return [
        words.fill(f"sentence.moderated_{key}", fields | {"sources": words.join(names)})
        for key, names in told.items()
        if names
    ]


def _mediated_figure(
    edition: Edition, first: Row, found: dict[str, dict[str, Row]], fields: dict[str, str]
) -> Figure | None:
    words, label = edition.words, edition.results.label
    names = _place_names(edition, fields)
    panels = tuple(
        Panel(label(source), tuple(estimate(at[place], names[place]) for place in PLACES if place in at))
        for source, at in found.items()
    )
    name = "-".join(["conditional", *(str(first[key]) for key in ("outcome", "mediator", "moderator", "stage"))])
    caption = words.fill("caption.moderated_figure", fields)
    return panels_around_zero(edition, name, caption, words["axis.indirect"], panels)


def _place_names(edition: Edition, fields: dict[str, str]) -> dict[str, str]:
    """Return the three places with the moderator's values there: ``mean − 1 SD (47.6)``."""
    words = edition.words
    return {p: words[f"place.{p}"] + words["list.open"] + fields[p] + words["list.close"] for p in PLACES}


def _mediated_table(edition: Edition, found: dict[str, dict[str, Row]], fields: dict[str, str]) -> Table:
    words = edition.words
    heads = [*_place_names(edition, fields).values(), words["column.change_by_ten"], words["column.n"]]
    lines = tuple(
        (
            edition.results.label(source),
            *(estimated(at.get(place, {})) for place in PLACES),
            estimated(at.get("index", {}), 3, TEN),
            count(next(iter(at.values()))["n"]),
        )
        for source, at in found.items()
    )
    columns_ = (Column(words["column.source"]), *(Column(head, "right") for head in heads))
    return Table(words.fill("caption.moderated_mediation", fields), columns_, lines)


def path_moderation_part(edition: Edition) -> Part:
    """Return what the products in the path model say, and their table; nothing without rows."""
    words, label = edition.words, edition.results.label
    rows = edition.results.rows("path_moderation")
    notes = edition.results.notes("path_moderation")
    if not rows:
        return Part(words["heading.path_moderation"], notes) if notes else Part()
    cells = tuple(
        (
            arrow_label(edition, row),
            label(str(row["moderator"])),
            estimated(row),
            decimal(row.get("f2"), 3),
            decimal(row.get("r2_change"), 3),
            count(row["n"]),
        )
        for row in rows
    )
    heads = columns(edition, ("path", "moderator_label"), ("path_product", "f2", "product_r2_change", "n"))
    table = Table(edition.caption("path_moderation"), heads, cells)
    told = tuple(_product_sentence(edition, row) for row in rows)
    return Part(
        words["heading.path_moderation"],
        (words.paragraph([words["sentence.path_moderation"], *notes]),),
        told,
        tables=(table,),
    )


def _product_sentence(edition: Edition, row: Row) -> str:
    words = edition.words
    fields = {"path": arrow_label(edition, row), "moderator": edition.results.label(str(row["moderator"]))}
    fields |= {"value": estimated(row), "f2": decimal(row.get("f2"), 3)}
    if not excludes_zero(row):
        return words.fill("sentence.path_product_open", fields)
    size = next((name for limit, name in PRODUCT_SIZES if (row.get("f2") or 0.0) >= limit), "very_small")
    key = "path_product_more" if row["estimate"] > 0 else "path_product_less"
    return words.fill(f"sentence.{key}", fields | {"size": words[f"effect_size.{size}"]})
