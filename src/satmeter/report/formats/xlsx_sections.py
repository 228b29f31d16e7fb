"""Sections of results.json as sheets: every number, ids beside their labels, symbols where there is no number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE
from satmeter.report.formats.xlsx_labels import NAMES, code_label, is_code, name_label
from satmeter.report.formats.xlsx_model import (
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Cell,
    Field,
    Sheet,
    Style,
    distinct,
)
from satmeter.report.results import Row
from satmeter.report.score_kinds import RATINGS, SHARES
from satmeter.report.sections.method import rule_counts
from satmeter.report.wording import Words

NOT_A_COLUMN = ("definition", "symbol")
"""Texts that are the same for many rows, which stand on a sheet of their own, and what stands in the cells."""

_DEFINED_BESIDE = ("response",)
"""Sections in which every row has a definition of its own, which stands beside it."""

_BY_LANGUAGE = ("text", "definition")

_NAMED_BESIDE = {"verbatims": ("label",)}
"""Section to the columns of names by language; the name stands beside the id, in the language of the workbook."""

_KINDS = ("statistic", "coefficient", "method", "model", "type", "effect", "at", "step", "ceiling")
_WITHOUT_MARK = (
    *("words", "sample", "margins", "questions", "disposition", "quality", "distributions"),
    *("contacts", "nonresponse"),
)
_EXACT_INTEGERS = 2**53

_COUNTS = (
    *("n", "n_items", "asked", "number", "n_low", "n_high", "n_other", "folds", "found", "left_out", "marked"),
    *("mentions", "respondents", "n_pairs"),
)
_RANKS = ("rank", "rank_low", "rank_high", "marginal_low", "marginal_high", "tie_group", "stated_rank", "derived_rank")
_SHARES = (
    *("share", "weighted_share", "missing_share", "floor_share", "ceiling_share", "share_low", "share_high"),
    *("probability", "reproduced", "accuracy", "before", "after", "target"),
    *("rate", "propensity_low", "propensity_high"),
)
_SCORES = (
    *("performance", "performance_low", "performance_high", "performance_line", "level", "needed", "best_mean", "gap"),
    *("median", "low", "high", "n_eff", "df", "df2", "chi2", "chi2_change", "df_change", "contribution", "shift"),
)
_POINTS = ("deff", "vif", "skew", "kurtosis", "sd", "mean", "conf_level")
_IN_POINTS = {
    "scores": ("index", "mean_score", "nps"),
    "reliability": ("sem", "mean_change"),
    "validity": ("chi2", "chi2_scaled", "chi2_wlsmv", "bartlett", "efa_chi2", "aic", "bic", "efa_bic"),
    "path_quality": ("chi2", "chi2_scaled", "df", "iterations"),
}
_OF_NODES: Mapping[str, Style] = {"weight": "share", "level": "count", "place": "count"}
_ESTIMATES = (
    *("estimate", "std_error", "conf_low", "conf_high"),
    *("change", "change_std_error", "change_conf_low", "change_conf_high"),
)


def section_names(edition: Edition) -> tuple[str, ...]:
    """Return the sections that have rows, in the order of docs/results.md; sections that nobody knows come last."""
    document = edition.results.document
    filled = [name for name in document if _rows_of(document, name)]
    prefix = "xlsx_sheet."
    known = [key.removeprefix(prefix) for key in edition.words.table if key.startswith(prefix)]
    return (*(name for name in known if name in filled), *sorted(set(filled) - set(known)))


def _rows_of(document: Mapping[str, Any], name: str) -> Sequence[Row]:
    section = document.get(name)
    return section.get("rows") or () if isinstance(section, dict) else ()


@dataclass(frozen=True, eq=False)
class _Section:
    """Rows of a section, and what a cell must know of the others."""

    edition: Edition
    name: str
    rows: Sequence[Row]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All keys but those of texts that stand elsewhere; weighted shares and strata only where there are such."""
        defined = () if self.name in _DEFINED_BESIDE else NOT_A_COLUMN
        weighted = self.edition.results.study.get("weighted")
        same = () if weighted or self.name != "sample" else ("weighted_share",)
        together = ("within", "stratum") if not any(row.get("within") for row in self.rows) else ()
        left_out = (*defined, *_NAMED_BESIDE.get(self.name, ()), *same, *together)
        return tuple(key for key in dict.fromkeys(key for row in self.rows for key in row) if key not in left_out)

    @cached_property
    def labelled(self) -> frozenset[str]:
        """Keys of ids and codes, which get a column of labels beside them."""
        named = {key for key in self.keys if key in NAMES or is_code(self.name, key)}
        return frozenset(k for k in named if k == "code" or any(isinstance(row.get(k), str) for row in self.rows))

    @cached_property
    def had(self) -> frozenset[tuple[tuple[str, ...], str]]:
        """Kinds of rows with the figures that at least one row of the kind has."""
        return frozenset(
            (_kind(self.name, row), key) for row in self.rows for key in self.keys if row.get(key) is not None
        )


def section_sheet(edition: Edition, name: str) -> Sheet:
    """Return the sheet of a section. Of the quality rules it counts respondents; it lists none."""
    words = edition.words
    section = _Section(edition, name, _quality_rows(edition) if name == "quality" else edition.results.every_row(name))
    fields = [field for key in section.keys for field in _fields(section, key)]
    cells = [tuple(cell for key in section.keys for cell in _cells(section, key, row)) for row in section.rows]
    marks = [_mark(edition, name, row) for row in section.rows]
    if any(marks):
        fields.append(make_field(edition, name, "mark"))
        cells = [(*line, Cell(mark, "code")) for line, mark in zip(cells, marks, strict=True)]
    holds = word(words, (f"xlsx_sheet_holds.{name}",), name)
    labels = distinct(field.label for field in fields)
    named = tuple(Field(f.key, label, f.meaning) for f, label in zip(fields, labels, strict=True))
    tab = word(words, (f"xlsx_sheet.{name}",), name)
    return Sheet(name, tab, words.tagged(tab, holds), holds, named, tuple(cells))


def word(words: Words, keys: Sequence[str], name: str) -> str:
    """Return the first word that there is; for a name that only a later version knows, the name itself."""
    return next((words[key] for key in keys if key in words), name)


def make_field(edition: Edition, section: str, key: str) -> Field:
    """Return a column with its label and meaning; some keys mean something of their own in a section."""
    words = edition.words
    label = word(words, (f"xlsx_column_of.{section}.{key}", f"xlsx_column.{key}"), key)
    meant = word(words, (f"xlsx_meaning_of.{section}.{key}", f"xlsx_meaning.{key}"), key)
    return Field(key, label, meant)


def _fields(section: _Section, key: str) -> Iterator[Field]:
    """Yield the columns of a key: its label and, of ids and codes, the id beside it."""
    field = make_field(section.edition, section.name, key)
    yield field
    if key in section.labelled:
        yield Field(key, section.edition.words.fill("xlsx.of_code", {"label": field.label}), field.meaning)


def _cells(section: _Section, key: str, row: Row) -> Iterator[Cell]:
    value, labelled = row.get(key), key in section.labelled
    if key in _BY_LANGUAGE and isinstance(value, dict):
        value = section.edition.results.text(value)
    if key == "broken" and isinstance(value, list):
        words = section.edition.words
        value = words.join([words.name("trend.reason", str(reason)) for reason in value])
    style = "code" if labelled else number_style(section.name, key, row)
    if value is None or value == "":
        had = key == "estimate" or (_kind(section.name, row), key) in section.had
        symbol = NOT_AVAILABLE if value is None and had else NOT_APPLICABLE
        if value is None and row.get("symbol") == section.edition.results.symbols["suppressed"]:
            symbol = str(row["symbol"])
        if labelled:
            meant = name_label(section.edition, section.name, key, row) if value == "" and key in NAMES else ""
            yield Cell(meant or symbol)
        yield Cell(symbol, style)
        return
    if labelled and is_code(section.name, key):
        yield Cell(code_label(section.edition, section.name, key, str(value)))
    elif labelled:
        yield Cell(name_label(section.edition, section.name, key, row))
    yield value_cell(value, style)


def value_cell(value: Any, style: Style) -> Cell:
    """Return a value as a cell; numbers that a double cannot hold, lists and maps become text."""
    if isinstance(value, bool):
        return Cell(value, "flag")
    if isinstance(value, int):
        return Cell(value, style) if abs(value) <= _EXACT_INTEGERS else Cell(str(value), "code")
    if isinstance(value, float | str):
        return Cell(value, style)
    if isinstance(value, dict):
        return Cell(", ".join(f"{key} {part}" for key, part in value.items()), "text")
    return Cell(", ".join(str(part) for part in value), "text")


def number_style(section: str, key: str, row: Row) -> Style:
    """Return how a number of a section is shown."""
    if key in _ESTIMATES:
        return _estimate_style(section, row)
    if section == "path_importance" and key.startswith("importance"):
        return "decimal"
    if section in ("priorities", "stated") and key.startswith(("importance", "derived")) and key != "derived_rank":
        return "share"
    if section == "stated" and key.startswith("stated") and key != "stated_rank":
        return "score"
    if section == "tree" and key in _OF_NODES:
        return _OF_NODES[key]
    if section == "potential" and key == "mean":
        return "score"
    by_key: dict[Style, tuple[str, ...]] = {
        "count": (*_COUNTS, *_RANKS, "size", "code"),
        "share": _SHARES,
        "score": _SCORES,
        "points": _POINTS,
        "p": ("p_value", "p_adjusted", "p_change"),
    }
    return next((style for style, keys in by_key.items() if key in keys), "decimal")


def _estimate_style(section: str, row: Row) -> Style:
    statistic = str(row.get("statistic") or row.get("coefficient") or "")
    if section in ("verbatims", "response"):
        return "share"
    if section in ("scores", "comparisons", "ranks", "waves", "tree", "adjusted"):
        return "share" if statistic in SHARES else "points" if statistic in RATINGS else "score"
    if section == "answers":
        return "share" if statistic.startswith("share_") else "decimal"
    if statistic in ("influential_share", "reversed", "suppressor", "single_factor_share"):
        return "share"
    if statistic in ("n_factors_parallel", "n_factors_map"):
        return "count"
    return "score" if statistic in _IN_POINTS.get(section, ()) else "decimal"


def _kind(section: str, row: Row) -> tuple[str, ...]:
    """Return what makes rows of a section alike as to which figures they can have at all."""
    keys = (*_KINDS, "kind") if section == "dif" else _KINDS
    kinds = [str(row[key]) for key in keys if isinstance(row.get(key), str)]
    empty = [key for key, value in row.items() if value == ""]
    constant = ["constant"] if str(row.get("term") or "").startswith("(") else []
    return (*kinds, *empty, *constant)


def _mark(edition: Edition, section: str, row: Row) -> str:
    """Return the mark of a low base: below 30, or below what the policy of publication marks."""
    low = edition.results.symbols["low"]
    bases = [row[key] for key in ("n", "n_other") if row.get(key) is not None]
    small = section not in _WITHOUT_MARK and any(base < SMALL_BASE for base in bases)
    return low if small or row.get("symbol") == low else ""


def _quality_rows(edition: Edition) -> tuple[Row, ...]:
    """Return how many respondents every rule found, left out and only marked."""
    return tuple(
        {"rule": rule, "found": counted.found, "left_out": counted.left_out, "marked": counted.marked}
        for rule, counted in rule_counts(edition).items()
    )
