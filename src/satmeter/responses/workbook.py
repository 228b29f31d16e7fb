"""Spreadsheets (.xlsx): values of cells as text."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from satmeter.errors import Note, Problem, ResponsesError
from satmeter.responses.table import MAX_BYTES, Progress, Table, build_table, check_header

if TYPE_CHECKING:
    from openpyxl import Workbook

_STEP = 5_000
_BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
)


def read_workbook(
    file: str, data: bytes, *, matching: Callable[[list[str]], int], progress: Progress | None = None
) -> Table:
    """Read one sheet of an .xlsx workbook.

    Parameters
    ----------
    file
        Name, for messages.
    data
        The whole file.
    matching
        Number of columns of a header that are known; the sheet with the most is read, the first of equals.
    progress
        Called with the share that is read, 0 to 1 (a guess: a workbook does not tell its length).

    Returns
    -------
    Table
        Values as text: whole numbers without a decimal point, dates in ISO form, formulas as their stored result.

    Raises
    ------
    ResponsesError
        R003 empty, R004 header only, R006 no workbook, R007 too many columns, R008 a column named twice,
        R012 too large, R019 a formula without a stored result.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise ResponsesError(Problem("R012", file, params={"limit": MAX_BYTES // 1024**3}))
        book = _open(data, values=True)
        title = _choose_sheet(book, matching)
        rows, lines = _rows(book, title, progress)
        formulas = _formulas_without_value(data, title) if rows else []
    except _BROKEN as error:
        raise ResponsesError(Problem("R006", file)) from error
    if not rows:
        raise ResponsesError(Problem("R003", file))
    if formulas:
        params = {"cells": ", ".join(formulas)}
        raise ResponsesError(Problem("R019", file, about=("sheet", title), params=params))
    header = [name.strip() for name in rows[0]]
    while header and not header[-1]:
        header.pop()
    check_header(file, header, lines[0])
    notes = [Note("R102", file, {"sheet": title, "n": len(book.sheetnames)})] if len(book.sheetnames) > 1 else []
    padded = [row + [""] * (len(header) - len(row)) for row in rows[1:]]
    return build_table(file, header, lines[0], padded, lines[1:], notes)


def _open(data: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that do not concern us
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some exporters write a wrong extent
    return book


def _choose_sheet(book: Workbook, matching: Callable[[list[str]], int]) -> str:
    best, most = book.worksheets[0].title, -1
    for sheet in book.worksheets:
        header = next(
            (row for row in sheet.iter_rows(max_row=20, values_only=True) if any(v is not None for v in row)), ()
        )
        found = matching([as_text(value).strip() for value in header])
        if found > most:
            best, most = sheet.title, found
    return best


def _rows(book: Workbook, title: str, progress: Progress | None) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    for number, row in enumerate(book[title].iter_rows(values_only=True), start=1):
        cells = [as_text(value) for value in row]
        if not rows and not any(cell.strip() for cell in cells):
            continue
        rows.append(cells)
        lines.append(number)
        if progress and number % _STEP == 0:
            progress(number / (number + _STEP))
    return rows, lines


def _formulas_without_value(data: bytes, title: str) -> list[str]:
    """Return the first cells that hold a formula whose result was never stored, by a program or a library."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        if not any(b"<f" in archive.read(name) for name in sheets):
            return []
    found = []
    pairs = zip(_open(data, values=False)[title].iter_rows(), _open(data, values=True)[title].iter_rows(), strict=True)
    for formulas, values in pairs:
        for formula, value in zip(formulas, values, strict=True):
            if formula.data_type == "f" and value.value is None:
                found.append(f"{formula.coordinate}")
                if len(found) == 5:
                    return found
    return found


def as_text(value: object) -> str:
    """Return a cell's value as text.

    Examples
    --------
    >>> as_text(4.0), as_text(None), as_text(datetime.datetime(2026, 5, 1))
    ('4', '', '2026-05-01')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return str(value)
