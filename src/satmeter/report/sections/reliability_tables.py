"""Tables of reliability: the coefficients that are read first, the further ones, and differences of two scores."""

from __future__ import annotations

from collections.abc import Sequence

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, interval, with_interval
from satmeter.report.results import Row, estimate, matching
from satmeter.report.sections.cells import figure_of
from satmeter.report.sections.retest import RETEST

MAIN = ("alpha", "omega_total", "rho_c", "omega_hierarchical", "alpha_ordinal", "omega_ordinal", "sem")
"""Read first; the others stand in a table of their own."""

WITH_INTERVAL = ("alpha", "omega_total")
"""More columns with intervals would not fit on a sheet of paper."""

LONE = ("alpha_std",)
"""All that a core run adds to the main ones; it needs no table of its own."""

DIFFERENCE = "difference_reliability"


def reliability_tables(edition: Edition) -> tuple[Table, ...]:
    """Return the table of the main coefficients and that of the further ones; only those that there are."""
    rows = edition.results.rows("reliability")
    found = tuple(dict.fromkeys(str(row["coefficient"]) for row in rows))
    further = tuple(name for name in found if name not in (*MAIN, *RETEST, DIFFERENCE))
    main = tuple(name for name in MAIN if name in found)
    if further == LONE:
        main, further = (*main, *further), ()
    tables = (_table(edition, rows, "reliability", main), _table(edition, rows, "reliability_further", further))
    return tuple(table for table in tables if table)


def _table(edition: Edition, rows: Sequence[Row], caption: str, coefficients: Sequence[str]) -> Table | None:
    """Return a line for every construct that has one of these coefficients."""
    words = edition.words
    rows = [row for row in rows if row["coefficient"] in coefficients]
    heads = ("n_items", "n") if caption == "reliability" else ("n",)
    columns = (
        Column(words["column.construct"]),
        *(Column(words[f"column.{head}"], "right") for head in heads),
        *(Column(words.name("coefficient", name), "right") for name in coefficients),
    )
    cells = tuple(
        _cells(edition, matching(rows, {"construct": construct}), heads, coefficients)
        for construct in dict.fromkeys(str(row["construct"]) for row in rows)
    )
    return Table(edition.caption(caption), columns, cells) if cells else None


def _cells(edition: Edition, rows: Sequence[Row], heads: Sequence[str], coefficients: Sequence[str]) -> tuple[str, ...]:
    """Return one construct's line: its coefficients side by side."""
    values = []
    for name in coefficients:
        row = next(iter(matching(rows, {"coefficient": name})), {})
        ends = interval(row.get("conf_low"), row.get("conf_high"), 2) if name in WITH_INTERVAL else ""
        values.append(with_interval(decimal(row.get("estimate"), 1 if name == "sem" else 2), ends))
    first = rows[0]
    return (_whose(edition, str(first["construct"])), *(count(first.get(head)) for head in heads), *values)


def _whose(edition: Edition, construct: str) -> str:
    """Return the label of a construct, of a difference ``a-b`` of two, or the words for all items together."""
    label = edition.results.label
    known = {str(c["id"]) for c in edition.results.constructs}
    if not construct:
        return edition.words["column.all_items"]
    cuts = [j for j, character in enumerate(construct) if character == "-"]
    pair = next(((construct[:j], construct[j + 1 :]) for j in cuts if {construct[:j], construct[j + 1 :]} <= known), ())
    return " − ".join(label(name) for name in pair) if pair and construct not in known else label(construct)


def difference_part(edition: Edition) -> Part:
    """Return how reliable the differences of two scores are; nothing where none was asked for."""
    words = edition.words
    rows = matching(edition.results.rows("reliability"), {"coefficient": DIFFERENCE})
    if not rows:
        return Part()
    columns = (
        Column(words["column.difference"]),
        Column(words["column.n_items"], "right"),
        Column(words["column.n"], "right"),
        Column(words.name("coefficient", DIFFERENCE), "right"),
    )
    cells = []
    for row in rows:
        e = estimate(row, _whose(edition, str(row["construct"])))
        value = figure_of(e)
        cells.append((e.label, count(row.get("n_items")), count(row.get("n")), value))
    table = Table(edition.caption("differences"), columns, tuple(cells))
    return Part(words["heading.differences"], (words["sentence.differences"],), tables=(table,))
