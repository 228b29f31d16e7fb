"""Tables of the confirmatory models: loadings side by side, factor correlations in one square, further figures."""

from __future__ import annotations

from satmeter.report.context import Column, Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, interval, p_value, with_interval
from satmeter.report.results import Row, estimate, matching

FURTHER = (
    "aic",
    "bic",
    "bartlett",
    "n_factors_parallel",
    "n_factors_map",
    "efa_chi2",
    "efa_rmsea",
    "efa_tli",
    "efa_bic",
    "efa_rmsr",
)
"""Figures of a whole model that no sentence tells."""

DIGITS = {"aic": 1, "bic": 1, "bartlett": 1, "n_factors_parallel": 0, "n_factors_map": 0, "efa_chi2": 1, "efa_bic": 1}


def ordinal_loadings(edition: Edition) -> tuple[Table, ...]:
    """Return the loadings of the model of ordered answers beside those of maximum likelihood; nothing without it."""
    words, results = edition.words, edition.results
    rows = results.rows("loadings")
    plain = {(row["construct"], row["item"]): row for row in matching(rows, {"model": "cfa"})}
    ordinal = matching(rows, {"model": "cfa_ordinal"})
    if not ordinal:
        return ()
    columns: tuple[Column, ...] = (Column(words["column.item"]), Column(words["column.construct"]))
    columns += tuple(Column(words[f"loading_model.{model}"], "right") for model in ("cfa", "cfa_ordinal"))
    columns += (Column(words["column.n"], "right"),)
    lines = tuple(
        (
            str(row["item"]),
            results.label(str(row["construct"])),
            _loading(plain.get((row["construct"], row["item"]), {})),
            _loading(row),
            count(row.get("n")),
        )
        for row in ordinal
    )
    return (Table(edition.caption("ordinal_loadings"), columns, lines),)


def _loading(row: Row) -> str:
    e = estimate(row, "")
    return with_interval(decimal(e.value, 2), interval(e.low, e.high, 2))


def factor_square(edition: Edition) -> tuple[Table, ...]:
    """Return the factor correlations: by maximum likelihood below the diagonal, of ordered answers above it."""
    words, label, rows = edition.words, edition.results.label, edition.results.rows("validity")
    cells = {
        (statistic, frozenset((str(row["construct"]), str(row["other"])))): row.get("estimate")
        for statistic in ("cfa_correlation", "cfa_ordinal_correlation")
        for row in matching(rows, {"statistic": statistic})
    }
    average = {str(row["construct"]): row.get("estimate") for row in matching(rows, {"statistic": "ave_cfa"})}
    found = {name for _, pair in cells for name in pair}
    names = [str(c["id"]) for c in edition.results.constructs if str(c["id"]) in found]
    if len(names) < 2:
        return ()
    columns: tuple[Column, ...] = (Column(words["column.construct"]), Column(words["column.ave"], "right"))
    columns += tuple(Column(str(j + 1), "right") for j in range(len(names)))
    lines = []
    for i, name in enumerate(names):
        line = [
            "" if i == j else decimal(cells.get((_side(i, j), frozenset((name, other)))), 2)
            for j, other in enumerate(names)
        ]
        lines.append((f"{i + 1} {label(name)}", decimal(average.get(name), 2), *line))
    return (Table(edition.caption("factor_square"), columns, tuple(lines)),)


def _side(i: int, j: int) -> str:
    return "cfa_correlation" if i > j else "cfa_ordinal_correlation"


def further_part(edition: Edition) -> Part:
    """Return the figures of the models that stand nowhere else; nothing where there are none."""
    words = edition.words
    rows = {str(row["statistic"]): row for row in edition.results.rows("validity") if not row.get("construct")}
    columns: tuple[Column, ...] = (Column(words["column.statistic"]),)
    columns += tuple(Column(words[f"column.{head}"], "right") for head in ("estimate", "df", "p", "n"))
    lines = tuple(
        (
            words.name("statistic", name),
            decimal(rows[name].get("estimate"), DIGITS.get(name, 3)),
            count(rows[name].get("df")),
            p_value(rows[name].get("p_value")),
            count(rows[name].get("n")),
        )
        for name in FURTHER
        if name in rows
    )
    return Part(tables=(Table(edition.caption("further_figures"), columns, lines),)) if lines else Part()
