"""The workbook: every number of results.json at full precision, one table a sheet, native charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from satmeter.report.edition import Edition
from satmeter.report.formats.xlsx_charts import chart_sheets
from satmeter.report.formats.xlsx_model import Sheet, distinct
from satmeter.report.formats.xlsx_pages import (
    columns_sheet,
    cover,
    definitions_sheet,
    notes_of,
    notes_sheet,
    options_sheet,
    questionnaire_sheet,
    study_sheet,
    symbols_sheet,
)
from satmeter.report.formats.xlsx_sections import section_names, section_sheet
from satmeter.report.formats.xlsx_write import write_workbook
from satmeter.report.material import Material
from satmeter.report.number_text import count

LONGEST_NAME = 31
"""Characters that Excel allows in the name of a sheet."""


def write_xlsx(material: Material) -> bytes:
    """Return the workbook; the same material gives the same bytes."""
    words, report = material.words, material.report
    return write_workbook(
        workbook_sheets(material.edition, report.title),
        language=words.language,
        title=report.title,
        comment=words.fill("page.made", {"version": material.version}),
        back=words["xlsx.back"],
        page=words["xlsx.page_of"],
        accent=material.colours.get("accent", ""),
    )


def workbook_sheets(edition: Edition, title: str) -> tuple[Sheet, ...]:
    """Return all sheets in their order, the cover first; a section without rows has none."""
    numbers = tuple(section_sheet(edition, name) for name in section_names(edition))
    charts = chart_sheets(edition) if edition.figures else ()
    texts = (definitions_sheet(edition), questionnaire_sheet(edition), options_sheet(edition), study_sheet(edition))
    notes = notes_sheet(edition)
    body = _named([notes, *charts, *numbers, *texts])
    filled = [sheet for sheet in (*body[:1], symbols_sheet(edition, body), *body[1:]) if sheet.rows]
    shown = (*filled, columns_sheet(edition, filled))
    with_lines = [_described(edition, sheet, has_notes=bool(notes.rows)) for sheet in shown]
    return (cover(edition, title, with_lines), *with_lines)


def _named(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return sheets with names of their own that Excel takes."""
    names = distinct((sheet.name for sheet in sheets), LONGEST_NAME)
    return tuple(replace(sheet, name=name) for sheet, name in zip(sheets, names, strict=True))


def _described(edition: Edition, sheet: Sheet, *, has_notes: bool) -> Sheet:
    """Return a sheet with lines on what it holds, and a link to the notes that concern it."""
    words = edition.words
    told = [words.plural("xlsx.one_table", len(sheet.rows), {"n": count(len(sheet.rows))})]
    told += [words["xlsx.chart_here"]] if sheet.chart else []
    told += [words["xlsx.highlight"]] if sheet.chart and sheet.chart.highlight is not None else []
    lines = [(words.paragraph(told), "")]
    if has_notes and (n := notes_of(edition, sheet.table)):
        lines.append((words.plural("xlsx.notes_here", n, {"n": count(n)}), words["xlsx_page.notes"]))
    return replace(sheet, lines=tuple(lines))
