"""Results as tables for spreadsheets: one CSV a section."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from satmeter.record.files import SECTIONS
from satmeter.writing import write_whole

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe is put before a dangerous beginning.

    Examples
    --------
    >>> guarded("=1+1"), guarded("图像")
    ("'=1+1", '图像')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def table_files(document: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the tables of a results document.

    Parameters
    ----------
    document
        From ``results_document`` or ``read_results``.

    Returns
    -------
    dict
        File name (``scores.csv`` …) to content, for every section with rows. UTF-8 with a byte order mark, so
        that Excel shows Chinese; numbers at full precision, nothing where a number does not exist; words by
        language stand in one column a language (``definition.en``). Texts and headers that would be taken for
        formulas are guarded.
    """
    files = {}
    for name in SECTIONS:
        rows = [_flat(row) for row in document.get(name, {"rows": ()})["rows"]]
        if rows:
            files[f"{name}.csv"] = _table(rows).encode("utf-8-sig")
    return files


def write_tables(document: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write the tables into ``tables/`` of a folder, each whole or not at all.

    Parameters
    ----------
    document
        From ``results_document`` or ``read_results``.
    folder
        The folder of the results.

    Returns
    -------
    tuple of Path
        The files, in the order of the sections.
    """
    paths = []
    for name, content in table_files(document).items():
        path = Path(folder) / "tables" / name
        write_whole(path, content)
        paths.append(path)
    return tuple(paths)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{part}": inner for part, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _table(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([[_cell(row.get(column)) for column in columns] for row in rows])
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else guarded(str(value))
