"""Validity from outside: groups that are known to differ, and criteria that a score should go with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, p_value
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import figure_of

_PAIR = re.compile(r"(?P<question>[^\[\]]+)\[(?P<higher>[^\]]*)\]>\[(?P<lower>[^\]]*)\]")

CRITERIA = ("criterion", "criterion_rank", "criterion_disattenuated")

SIZES = ((0.8, "large"), (0.5, "medium"), (0.2, "small"))
"""Cohen's d from here (Cohen 1988); below the last it is very small."""


def known_groups_part(edition: Edition) -> Part:
    """Return, for every pair of groups, whether they differ as expected; nothing where none was named."""
    words = edition.words
    rows = matching(edition.results.rows("validity"), {"statistic": "known_groups"})
    if not rows:
        return Part()
    points = tuple(_sentence(edition, row) for row in rows)
    heads = ("construct", "expected_higher", "expected_lower", "d", "p", "n", "known_verdict")
    columns = tuple(Column(words[f"column.{head}"], "right" if head in ("d", "p", "n") else "left") for head in heads)
    lines = tuple(_line(edition, row) for row in rows)
    table = Table(edition.caption("known_groups"), columns, lines)
    return Part(words["heading.known_groups"], (words["sentence.known_groups"],), points, tables=(table,))


def verdict(row: Row) -> str:
    """Return whether the interval of a difference lies above 0, below it, or holds it."""
    if (row.get("conf_low") or 0.0) > 0:
        return "supported"
    return "contradicted" if (row.get("conf_high") or 0.0) < 0 else "undecided"


def _fields(edition: Edition, row: Row) -> dict[str, str]:
    found = _PAIR.fullmatch(str(row["other"]))
    names = found.groupdict() if found else {"question": str(row["other"]), "higher": "", "lower": ""}
    question, option = names["question"], edition.results.option
    labels = {key: option(question, names[key]) for key in ("higher", "lower")}
    return labels | {"question": edition.results.label(question), "d": figure_of(estimate(row, ""))}


def _sentence(edition: Edition, row: Row) -> str:
    words = edition.words
    size = next((name for limit, name in SIZES if abs(row.get("estimate") or 0.0) >= limit), "very_small")
    fields = _fields(edition, row) | {"construct": edition.results.label(str(row["construct"]))}
    fields |= {"n": count(row.get("n")), "size": words[f"effect_size.{size}"]}
    return words.fill(f"sentence.known_{verdict(row)}", fields)


def _line(edition: Edition, row: Row) -> tuple[str, ...]:
    words, fields = edition.words, _fields(edition, row)
    return (
        edition.results.label(str(row["construct"])),
        words.tagged(fields["question"], fields["higher"]),
        fields["lower"],
        fields["d"],
        p_value(row.get("p_value")),
        count(row.get("n")),
        words[f"mark.{verdict(row)}"],
    )


def criterion_part(edition: Edition) -> Part:
    """Return how closely scores go with their criteria; nothing where none was named."""
    words, results = edition.words, edition.results
    rows = results.rows("validity")
    plain = matching(rows, {"statistic": "criterion"})
    if not plain:
        return Part()
    points = tuple(_criterion_sentence(edition, row) for row in plain)
    columns: tuple[Column, ...] = (Column(words["column.construct"]), Column(words["column.criterion"]))
    columns += tuple(Column(words.name("statistic", name), "right") for name in CRITERIA)
    columns += (Column(words["column.n"], "right"),)
    lines = tuple(
        (
            results.label(str(row["construct"])),
            results.label(str(row["other"])),
            *(figure_of(estimate(_same(rows, row, name), "")) for name in CRITERIA),
            count(row.get("n")),
        )
        for row in plain
    )
    table = Table(edition.caption("criterion"), columns, lines)
    return Part(words["heading.criterion"], (words["sentence.criterion"],), points, tables=(table,))


def _same(rows: Sequence[Row], row: Row, statistic: str) -> Row:
    wanted = {"statistic": statistic, "construct": str(row["construct"]), "other": str(row["other"])}
    return next(iter(matching(rows, wanted)), {})


def _criterion_sentence(edition: Edition, row: Row) -> str:
    label, found = edition.results.label, verdict(row)
    key = {"supported": "with", "contradicted": "against"}.get(found, "open")
    fields = {"construct": label(str(row["construct"])), "criterion": label(str(row["other"]))}
    return edition.words.fill(f"sentence.criterion_{key}", fields | {"r": figure_of(estimate(row, ""))})
