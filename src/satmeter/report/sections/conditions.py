"""Beside the quadrants: low and high scores taken apart, necessary conditions, gaps to the best group."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import ABSENT, count, decimal, p_value, percent
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, estimated, ranged
from satmeter.report.sections.driver_names import placed_label

KINDS = ("basic", "performance", "excitement")
LEVEL = 0.05
MEDIUM = 0.1
"""Size of an empty corner from which it is called a medium effect (Dul 2016)."""

HIGH_OUTCOME = 80.0
"""Points of the outcome that the sentence about bottlenecks is about."""


def condition_parts(edition: Edition, outcome: str) -> tuple[Part, ...]:
    """Return what stands after the quadrants of one outcome; nothing where there are no rows.

    Parameters
    ----------
    edition
        Results and words.
    outcome
        The construct that is explained.
    """
    parts = (_asymmetry_part(edition, outcome), _necessity_part(edition, outcome), _potential_part(edition, outcome))
    return tuple(part for part in parts if part.tables)


def _asymmetry_part(edition: Edition, outcome: str) -> Part:
    words, label = edition.words, edition.results.label
    rows = matching(edition.results.rows("asymmetry"), {"outcome": outcome})
    if not rows:
        return Part()
    sentences = []
    for kind in KINDS:
        if names := [placed_label(edition, str(row["driver"])) for row in rows if row["kind"] == kind]:
            sentences.append(words.fill(f"sentence.asymmetry_{kind}", {"drivers": words.join(names)}))
    if names := [placed_label(edition, str(row["driver"])) for row in rows if row["kind"] == "undecided"]:
        key = "asymmetry_undecided" if sentences else "asymmetry_all_undecided"
        sentences.append(words.fill(f"sentence.{key}", {"drivers": words.join(names)}))
    cells = tuple(
        (
            placed_label(edition, str(row["driver"])),
            words[f"asymmetry.{row['kind']}"],
            *(_ends(row, name, 1) for name in ("penalty", "reward")),
            ABSENT if row.get("index_low") is None else _ends(row, "index", 2),
            *(count(row[key]) for key in ("n_low", "n_high", "n")),
        )
        for row in rows
    )
    heads = ("penalty", "reward", "asymmetry_index", "n_low", "n_high", "n")
    caption = edition.caption("asymmetry", "outcome", label(outcome))
    table = Table(caption, columns(edition, ("driver", "kind_hint"), heads), cells)
    title = words.fill("heading.asymmetry", {"outcome": label(outcome)})
    return Part(title, (words.paragraph(sentences),), tables=(table,))


def _ends(row: Row, name: str, digits: int) -> str:
    return ranged(row.get(name), row.get(f"{name}_low"), row.get(f"{name}_high"), digits)


def _necessity_part(edition: Edition, outcome: str) -> Part:
    words, label = edition.words, edition.results.label
    rows = matching(edition.results.rows("necessity"), {"outcome": outcome})
    if not rows:
        return Part()
    steps = {str(row["driver"]): row for row in rows if row["ceiling"] == "ce_fdh"}
    lines = {str(row["driver"]): row for row in rows if row["ceiling"] == "cr_fdh"}
    cells = tuple(
        (
            placed_label(edition, driver),
            decimal(row.get("estimate"), 2),
            p_value(row.get("p_value")),
            decimal(lines.get(driver, {}).get("estimate"), 2),
            p_value(lines.get(driver, {}).get("p_value")),
            percent(lines.get(driver, {}).get("accuracy"), 1),
            count(row["n"]),
        )
        for driver, row in steps.items()
    )
    caption = edition.caption("necessity", "outcome", label(outcome))
    heads = ("ceiling_steps", "p", "ceiling_line", "p", "accuracy", "n")
    tables = [Table(caption, columns(edition, ("driver",), heads), cells)]
    levels = matching(edition.results.rows("bottlenecks"), {"outcome": outcome})
    if levels:
        tables.append(_bottleneck_table(edition, outcome, levels))
    title = words.fill("heading.necessity", {"outcome": label(outcome)})
    return Part(title, (_necessity_sentence(edition, outcome, steps, levels),), tables=tuple(tables))


def _necessity_sentence(edition: Edition, outcome: str, steps: dict[str, Row], levels: Sequence[Row]) -> str:
    """Return which corners are empty beyond chance, and below which scores a high outcome did not occur."""
    words = edition.words
    needed = {str(row["driver"]): row.get("needed") for row in levels if row["level"] == HIGH_OUTCOME}
    empty = [
        driver
        for driver, row in steps.items()
        if (row.get("estimate") or 0.0) >= MEDIUM and row.get("p_value") is not None and row["p_value"] < LEVEL
    ]
    if not empty:
        return words["sentence.necessity_none"]
    sentences = [
        words.fill("sentence.necessity", {"drivers": words.join([placed_label(edition, driver) for driver in empty])})
    ]
    below = [
        words.fill("sentence.below", {"driver": placed_label(edition, driver), "score": decimal(needed[driver], 0)})
        for driver in empty
        if needed.get(driver) is not None
    ]
    if below:
        fields = {"outcome": edition.results.label(outcome), "level": decimal(HIGH_OUTCOME, 0)}
        sentences.append(words.fill("sentence.bottleneck", fields | {"below": words["list.semicolon"].join(below)}))
    return words.paragraph(sentences)


def _bottleneck_table(edition: Edition, outcome: str, rows: Sequence[Row]) -> Table:
    """Return drivers by levels of the outcome; a level that nobody reached stands apart from one without a need."""
    words = edition.words
    levels = sorted({float(row["level"]) for row in rows})
    heads = [words.fill("column.reaching", {"level": decimal(level, 0)}) for level in levels]
    lines = []
    for driver in dict.fromkeys(str(row["driver"]) for row in rows):
        own = {float(row["level"]): row for row in matching(rows, {"driver": driver})}
        cells = (_needed(edition, own.get(level)) for level in levels)
        lines.append((placed_label(edition, driver), *cells))
    caption = edition.caption("bottlenecks", "outcome", edition.results.label(outcome))
    return Table(caption, (Column(words["column.driver"]), *(Column(head, "right") for head in heads)), tuple(lines))


def _needed(edition: Edition, row: Row | None) -> str:
    if row is None:
        return ABSENT
    if not row["attained"]:
        return edition.words["mark.not_reached"]
    return edition.words["mark.not_needed"] if row.get("needed") is None else decimal(row["needed"], 0)


def _potential_part(edition: Edition, outcome: str) -> Part:
    words, label = edition.words, edition.results.label
    rows = matching(edition.results.rows("potential"), {"outcome": outcome})
    questions = tuple(dict.fromkeys(str(row["group_by"]) for row in rows))
    tables = tuple(
        _potential_table(edition, outcome, question, matching(rows, {"group_by": question})) for question in questions
    )
    sentences = [
        _potential_sentence(edition, outcome, question, matching(rows, {"group_by": question}))
        for question in questions
    ]
    title = words.fill("heading.potential", {"outcome": label(outcome)})
    return Part(title, (words.paragraph(sentences),), tables=tables)


def _potential_sentence(edition: Edition, outcome: str, question: str, rows: Sequence[Row]) -> str:
    """Return the gap that goes with most points of the outcome, if its interval keeps off zero."""
    words, results = edition.words, edition.results
    fields = {"outcome": results.label(outcome), "question": results.label(question)}
    sure = [row for row in rows if (row.get("conf_low") or 0.0) > 0]
    if not sure:
        return words.fill("sentence.potential_open", fields)
    row = max(sure, key=lambda r: r["estimate"])
    fields |= {"driver": placed_label(edition, str(row["driver"])), "points": estimated(row, 1)}
    fields |= {"best": results.option(question, str(row["best"])), "gap": decimal(row["gap"], 1)}
    return words.fill("sentence.potential", fields)


def _potential_table(edition: Edition, outcome: str, question: str, rows: Sequence[Row]) -> Table:
    words, results = edition.words, edition.results
    cells = tuple(
        (
            placed_label(edition, str(row["driver"])),
            results.option(question, str(row["best"])),
            *(decimal(row.get(key), 1) for key in ("mean", "best_mean", "gap")),
            estimated(row, 1),
            count(row["n"]),
        )
        for row in sorted(rows, key=lambda r: -(r.get("estimate") or 0.0))
    )
    fields = {"outcome": results.label(outcome), "question": results.label(question), "level": edition.level}
    heads = ("performance", "best_mean", "gap", "gap_points", "n")
    return Table(words.fill("caption.potential", fields), columns(edition, ("driver", "best_group"), heads), cells)
