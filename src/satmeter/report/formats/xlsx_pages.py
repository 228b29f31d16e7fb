"""Sheets around the numbers: contents, notes, symbols, what the columns mean, study, definitions, wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from satmeter.report.edition import Edition
from satmeter.report.estimate import SMALL_BASE
from satmeter.report.formats.xlsx_labels import code_label
from satmeter.report.formats.xlsx_model import NOT_APPLICABLE, Cell, Field, Sheet, symbols_of
from satmeter.report.formats.xlsx_sections import make_field, section_names, value_cell, word
from satmeter.report.number_text import count, true_minus
from satmeter.report.results import Row
from satmeter.report.sections.driver_names import term_label
from satmeter.report.sections.headline import headline
from satmeter.report.sections.method import banner, disclosed

_PROVENANCE = (
    "satmeter",
    "python",
    "libraries",
    "questionnaire_digest",
    "data_digest",
    "plan_digest",
    "retest_digest",
    "retest_source",
    "sample_digest",
    "sample_source",
)
_STUDY = (
    *("id", "version", "source", "rows_read", "n_read", "n", "weighted", "simulated", "n_eff", "deff", "design"),
    *("index_construct", "missing_rule", "min_answered", "groups", "controls", "languages"),
    *("sampling", "dates", "weighting_steps"),
)
_RUN = ("seed", "replicates", "conf_level")
_COUNTS = ("rows_read", "n_read", "n", "seed", "replicates")
_DIGEST = len("sha256:") + 12


def make_page(edition: Edition, table: str, keys: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Sheet:
    """Return a sheet of fixed columns, named and described by the words of its table."""
    words = edition.words
    name, holds = words[f"xlsx_page.{table}"], words[f"xlsx_page_holds.{table}"]
    fields = tuple(make_field(edition, table, key) for key in keys)
    return Sheet(table, name, words.tagged(name, holds), holds, fields, tuple(rows))


def cover(edition: Edition, title: str, sheets: Sequence[Sheet]) -> Sheet:
    """Return the first sheet: title, disclosure, index, provenance, and the contents with links."""
    words, provenance, study = edition.words, edition.results.provenance, edition.results.study
    fields = {
        "data": str(provenance.get("data_digest") or "–")[:_DIGEST],
        "plan": str(provenance.get("plan_digest") or "–")[:_DIGEST],
        "questionnaire": str(provenance.get("questionnaire_digest") or "–")[:_DIGEST],
        "seed": str(provenance.get("seed", "–")),
    }
    base = {"n": count(study.get("n")), "read": count(study.get("n_read"))}
    told = (
        banner(edition),
        words.fill("disclosure.base", base),
        *disclosed(edition),
        headline(edition).sentence,
        words.fill("xlsx.made", fields),
        words.fill("page.made", {"version": str(provenance.get("satmeter") or "")}),
        words["xlsx.empty"],
        words["xlsx.contents"],
    )
    rows = tuple((Cell(s.name, "link", s.name), Cell(s.holds), Cell(len(s.rows), "count")) for s in sheets)
    columns = tuple(make_field(edition, "contents", key) for key in ("sheet", "holds_what", "n_rows"))
    lines = tuple((text, "") for text in told if text)
    return Sheet("contents", words["xlsx_page.cover"], title, "", columns, rows, lines)


def notes_sheet(edition: Edition) -> Sheet:
    """Return all notes, each once a section: code, what it concerns, sentence."""
    words, results = edition.words, edition.results
    found: dict[tuple[str, str, str, str], None] = {}
    for section, note in _notes(edition):
        about, text = str(note.get("about") or ""), str(note.get(results.language) or note.get("en") or "")
        found[(section, str(note.get("code") or ""), about, true_minus(text))] = None
    rows = [
        (
            Cell(word(words, (f"xlsx_sheet.{section}", f"xlsx_page.{section}"), section)),
            Cell(code, "code"),
            Cell(
                words["list.separator"].join(term_label(edition, part) for part in about.split(", ")) or NOT_APPLICABLE
            ),
            Cell(text),
        )
        for section, code, about, text in found
    ]
    return make_page(edition, "notes", ("sheet", "note", "about", "sentence"), rows)


def _notes(edition: Edition) -> Iterator[tuple[str, Row]]:
    document = edition.results.document
    study = {"study": document["study"]}
    sections = {name: part for name, part in document.items() if isinstance(part, dict) and "rows" in part}
    order = (*section_names(edition), *sections)
    for name in dict.fromkeys(("study", *order)):
        for note in (study | sections)[name].get("notes") or ():
            yield name, note


def notes_of(edition: Edition, section: str) -> int:
    """Return how many notes concern a section."""
    notes = (edition.results.document.get(section) or {}).get("notes") or ()
    return len({(note.get("code"), note.get("about"), note.get("en")) for note in notes})


def symbols_sheet(edition: Edition, sheets: Sequence[Sheet]) -> Sheet:
    """Return the meaning of the symbols that occur."""
    results, words = edition.results, edition.words
    own = {results.symbols["suppressed"]: "c", results.symbols["low"]: "u"}
    limits = results.study.get("policy") or {}
    fields = {"n": count(max(SMALL_BASE, limits.get("flag_n") or 0)), "least": count(limits.get("min_n"))}
    rows = [
        (Cell(s, "code"), Cell(words.fill(f"xlsx_symbol.{own.get(s) or s.strip('[]')}", fields)))
        for s in sorted(symbols_of(sheets, own))
    ]
    return make_page(edition, "symbols", ("symbol", "meaning"), rows)


def columns_sheet(edition: Edition, sheets: Sequence[Sheet]) -> Sheet:
    """Return every column of every sheet with its machine name and meaning."""
    rows = [
        (Cell(s.name, "link", s.name), Cell(s.table, "code"), Cell(f.label), Cell(f.key, "code"), Cell(f.meaning))
        for s in sheets
        for f in s.fields
    ]
    return make_page(edition, "columns", ("sheet", "table", "column", "machine", "meaning"), rows)


def study_sheet(edition: Edition) -> Sheet:
    """Return bases, design, versions, digests and seed."""
    document, words = edition.results.document, edition.words
    instrument = document.get("questionnaire") or {}
    values: dict[str, Any] = {key: edition.results.study.get(key) for key in _STUDY}
    values |= {key: edition.results.provenance.get(key) for key in (*_PROVENANCE, *_RUN)}
    values |= {"questionnaire_source": instrument.get("source"), "licence": instrument.get("licence")}
    rows = [
        (Cell(words[f"xlsx_study.{key}"]), Cell(key, "code"), _study_cell(key, value))
        for key, value in values.items()
        if value is not None and value not in ("", [], {})
    ]
    return make_page(edition, "study", ("what", "machine", "value"), rows)


def _study_cell(key: str, value: Any) -> Cell:
    return value_cell(value, "count" if key in _COUNTS else "points" if isinstance(value, float) else "text")


def definitions_sheet(edition: Edition) -> Sheet:
    """Return the definition of every published figure, once."""
    results = edition.results
    found: dict[tuple[str, str, str], None] = {}
    for section, key in (("scores", "measure"), ("answers", "question")):
        for row in results.rows(section):
            if text := results.text(row.get("definition")):
                found[(str(row.get(key) or ""), str(row.get("statistic") or ""), text)] = None
    rows = [
        (
            Cell(results.label(measure) or NOT_APPLICABLE),
            Cell(measure or NOT_APPLICABLE, "code"),
            Cell(code_label(edition, "scores", "statistic", statistic)),
            Cell(statistic, "code"),
            Cell(text),
        )
        for measure, statistic, text in found
    ]
    page = make_page(edition, "definitions", ("measure", "measure", "statistic", "statistic", "definition"), rows)
    return _with_codes(edition, page)


def questionnaire_sheet(edition: Edition) -> Sheet:
    """Return items, questions and checks as they were asked."""
    results = edition.results
    rows = []
    for construct in results.constructs:
        for item in construct.get("items") or ():
            more = (str(item.get("scale") or ""), bool(item.get("reverse")))
            rows.append(_asked(edition, "item", item, construct, *more))
    rows += [_asked(edition, str(question.get("type") or ""), question) for question in results.questions]
    rows += [_asked(edition, "check", check, expect=check.get("expect")) for check in results.checks]
    keys = ("type", "item", "wording", "construct", "construct", "role", "mode", "scale", "reverse", "expect")
    return _with_codes(edition, make_page(edition, "questionnaire", keys, rows))


def _asked(
    edition: Edition,
    kind: str,
    entry: Mapping[str, Any],
    construct: Mapping[str, Any] | None = None,
    scale: str = "",
    reverse: bool | None = None,
    expect: Any = None,
) -> tuple[Cell, ...]:
    absent, owner = Cell(NOT_APPLICABLE), construct or {}
    role, mode = (str(owner.get(key) or "") for key in ("role", "mode"))
    return (
        Cell(code_label(edition, "questionnaire", "type", kind)),
        Cell(str(entry["id"]), "code"),
        Cell(edition.results.text(entry.get("text")) or NOT_APPLICABLE),
        Cell(edition.results.text(owner.get("label")) or NOT_APPLICABLE),
        Cell(str(owner.get("id") or NOT_APPLICABLE), "code"),
        Cell(code_label(edition, "questionnaire", "role", role) if role else NOT_APPLICABLE),
        Cell(code_label(edition, "questionnaire", "mode", mode) if mode else NOT_APPLICABLE),
        Cell(scale or NOT_APPLICABLE, "code"),
        absent if reverse is None else Cell(reverse, "flag"),
        absent if expect is None else value_cell(expect, "code"),
    )


def options_sheet(edition: Edition) -> Sheet:
    """Return options of questions and points of scales with their codes."""
    results = edition.results
    rows: list[tuple[Cell, ...]] = []
    for question in results.questions:
        rows += [_option(edition, question, option) for option in question.get("options") or ()]
    for scale in results.scales.values():
        rows += [_option(edition, scale, point) for part in ("points", "missing") for point in scale.get(part) or ()]
    return make_page(edition, "options", ("list", "code", "label", "reason"), rows)


def _option(edition: Edition, owner: Row, option: Row) -> tuple[Cell, ...]:
    reason = str(option.get("reason") or "")
    return (
        Cell(str(owner["id"]), "code"),
        value_cell(option.get("code", NOT_APPLICABLE), "code"),
        Cell(edition.results.text(option.get("label")) or NOT_APPLICABLE),
        Cell(code_label(edition, "options", "reason", reason) if reason else NOT_APPLICABLE),
    )


def _with_codes(edition: Edition, sheet: Sheet) -> Sheet:
    """Return a sheet in which the second column of a key is called its code."""
    fields: list[Field] = []
    for field in sheet.fields:
        twice = any(field.key == other.key for other in fields)
        label = edition.words.fill("xlsx.of_code", {"label": field.label}) if twice else field.label
        fields.append(Field(field.key, label, field.meaning))
    return Sheet(sheet.table, sheet.name, sheet.title, sheet.holds, tuple(fields), sheet.rows)
