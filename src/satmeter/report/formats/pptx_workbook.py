"""The workbook inside a chart: the same numbers as the chart, in full precision, ready to be edited."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xlsxwriter import Workbook

SHEET = "Sheet1"


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed from others, and what it comes to."""

    text: str
    value: float | str


Cell = str | float | int | Formula | None
Rows = Sequence[Sequence[Cell]]


class Exact(float):
    """A number that is written with all its digits, where XlsxWriter would round to sixteen."""

    __slots__ = ()

    def __format__(self, spec: str, /) -> str:
        """Return the shortest text that reads back as the same number."""
        return repr(float(self))


def workbook(rows: Rows) -> bytes:
    """Return a workbook of one sheet; the same rows give the same bytes."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1)})
    sheet = book.add_worksheet(SHEET)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, Formula):
                sheet.write_formula(i, j, f"={cell.text}", None, cell.value)
            elif isinstance(cell, str):
                sheet.write_string(i, j, cell)
            elif cell is not None:
                sheet.write_number(i, j, Exact(cell))
    sheet.set_column(0, 0, 40)
    book.close()
    return buffer.getvalue()


def column(index: int, first: int, last: int) -> str:
    """Return the reference to cells of one column; rows are counted from 1.

    Examples
    --------
    >>> column(1, 2, 9)
    'Sheet1!$B$2:$B$9'
    """
    letter = chr(ord("A") + index)
    return f"{SHEET}!${letter}${first}:${letter}${last}" if last != first else f"{SHEET}!${letter}${first}"
