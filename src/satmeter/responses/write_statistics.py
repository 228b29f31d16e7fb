"""Answers written for SPSS (.sav) and Stata (.dta): numbers with labels, missing codes declared as missing."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from satmeter.errors import Note, Problem, ResponsesError
from satmeter.responses.data_dictionary import describe
from satmeter.responses.data_set import DataSet
from satmeter.responses.label_room import cut_labels, cut_text
from satmeter.responses.statistics_fields import Field, fields_of

Format = Literal["SPSS", "Stata"]


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a format has room for; None for no limit that anybody reaches."""

    variable_label: Callable[[str], str]
    value_label: Callable[[str], str]
    text: int | None


_LIMITS = {
    "SPSS": _Limits(lambda text: cut_text(text, octets=256), lambda text: cut_text(text, octets=120), 32_767),
    "Stata": _Limits(lambda text: cut_text(text, letters=80), lambda text: cut_text(text, octets=32_000), None),
}


def statistics_file(data: DataSet, *, to: Format, language: str) -> tuple[bytes, tuple[Note, ...]]:
    """Return the answers as a file of SPSS or Stata.

    Parameters
    ----------
    data
        From `read_data_set`.
    to
        Scale points, numbers and options whose codes are numbers keep them; other options are numbered from 1 in the
        order of the questionnaire. A multiple question becomes one variable an option, 1 chosen and 0 not, named
        ``question_option``. Missing codes are user-missing: under their number for SPSS, as ``.a``, ``.b`` … for
        Stata. Cells without an answer are system-missing.
    language
        Of variable labels and value labels.

    Returns
    -------
    bytes, notes
        R124 labels that were cut, R125 columns under another name, R126 texts that were cut, R127 missing codes that
        could not be declared.

    Raises
    ------
    ResponsesError
        R033 when the library is not installed.
    """
    if find_spec("pyreadstat") is None:
        raise ResponsesError(Problem("R033"))
    fields, renamed = fields_of(data, describe(data.questionnaire, data.columns, language), language)
    limits = _LIMITS[to]
    labels = {field.name: limits.variable_label(field.label) for field in fields}
    cut = [field.name for field in fields if labels[field.name] != field.label]
    values: _ValueLabels = {}
    for field in fields:
        found = cut_labels(field, limits.value_label)
        if found.labels:
            values[field.name] = _letters(field, found.labels) if to == "Stata" else dict(found.labels)
        cut += [f"{field.name}[{code}]" for code in found.cut]
    frame, short = _frame(fields, to, limits.text)
    title = f"{data.questionnaire.id} {data.questionnaire.version}"[:60]
    write = _write_spss if to == "SPSS" else _write_stata
    with tempfile.TemporaryDirectory(prefix="satmeter-") as folder:
        path = Path(folder) / "answers"
        crowded = write(frame, str(path), title, fields, labels, values)
        content = path.read_bytes()
    notes = (("R124", cut), ("R125", renamed), ("R126", short), ("R127", crowded))
    return content, tuple(_note(code, names, to) for code, names in notes if names)


def _write_spss(
    frame: pd.DataFrame, path: str, title: str, fields: list[Field], labels: dict[str, str], values: _ValueLabels
) -> list[str]:
    import pyreadstat

    ranges, crowded = _ranges(fields)
    pyreadstat.write_sav(
        frame,
        path,
        file_label=title,
        column_labels=dict(labels),
        variable_value_labels=values,
        missing_ranges=ranges,
        variable_measure={field.name: field.measure for field in fields},
        variable_format={field.name: f"F8.{field.decimals}" for field in fields if field.decimals is not None},
    )
    return crowded


def _write_stata(
    frame: pd.DataFrame, path: str, title: str, fields: list[Field], labels: dict[str, str], values: _ValueLabels
) -> list[str]:
    import pyreadstat

    pyreadstat.write_dta(
        frame,
        path,
        file_label=title,
        column_labels=dict(labels),
        variable_value_labels=values,
        missing_user_values={f.name: list(_LETTERS[: len(f.missing)]) for f in fields if f.missing},
    )
    return []


_ValueLabels = dict[str, dict[Any, str]]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHOWN = 30


def _note(code: str, names: list[str], to: Format) -> Note:
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return Note(code, "", {"n": len(names), "names": shown, "format": to})


def _letters(field: Field, labels: dict[float, str]) -> dict[Any, str]:
    """Return value labels with Stata's letters in the place of missing codes."""
    letters = dict(zip(field.missing, _LETTERS, strict=False))
    return {letters.get(code, int(code)): label for code, label in labels.items()}


def _frame(fields: list[Field], to: Format, longest: int | None) -> tuple[pd.DataFrame, list[str]]:
    columns: dict[str, pd.Series] = {}
    short: list[str] = []
    for field in fields:
        cells: list[Any] = list(field.cells)
        if field.kind == "text" and longest is not None:
            kept = [_bytes_cut(cell, longest) for cell in cells]
            short += [field.name] if kept != cells else []
            cells = kept
        if to == "Stata" and field.missing:
            letters = dict(zip(field.missing, _LETTERS, strict=False))
            cells = [letters.get(cell, cell) for cell in cells]
        kind = "float64" if field.kind == "number" and not (to == "Stata" and field.missing) else "object"
        columns[field.name] = pd.Series(cells, dtype=kind)
    return pd.DataFrame(columns), short


def _bytes_cut(text: str, longest: int) -> str:
    return text.encode()[:longest].decode(errors="ignore")


def _ranges(fields: list[Field]) -> tuple[dict[str, list[Any]], list[str]]:
    """Return what SPSS takes as user-missing: three single codes, or a range without valid codes and one more."""
    ranges: dict[str, list[Any]] = {}
    crowded = []
    for field in fields:
        codes = sorted(field.missing)
        valid = {code for code in field.value_labels if code not in field.missing}
        valid |= {cell for cell in field.cells if isinstance(cell, float) and cell not in field.missing}
        if 0 < len(codes) <= 3:
            ranges[field.name] = codes
        elif codes:
            found = _range(codes, valid)
            ranges[field.name] = found or list(field.missing[:3])
            crowded += [] if found else [field.name]
    return ranges, crowded


def _range(codes: list[float], valid: set[float]) -> list[Any]:
    for first, last, single in ((0, -1, []), (0, -2, codes[-1:]), (1, -1, codes[:1])):
        low, high = codes[first], codes[last]
        if not any(low <= code <= high for code in valid):
            return [{"lo": low, "hi": high}, *single]
    return []
