"""Delimited text for spreadsheets: no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one.

    Examples
    --------
    >>> guarded("=1+1"), guarded("A-7"), guarded("")
    ("'=1+1", 'A-7', '')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    r"""Return a table as CSV with a byte-order mark, for spreadsheets of Chinese offices; every cell is guarded.

    Examples
    --------
    >>> csv_bytes(["id"], [["@x"]]).decode("utf-8-sig")
    "id\r\n'@x\r\n"
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
