"""The columns of a data set as variables of SPSS and Stata: short names, numbers, value labels, missing codes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from satmeter.questionnaire.draft import PARADATA, RESERVED
from satmeter.responses.data_dictionary import CHOSEN, LEFT, Column, Measure
from satmeter.responses.data_set import JOINT, SKIPPED, DataSet

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,8}", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", re.ASCII)
_DATE = re.compile(r"(19|2[0-9])\d\d-\d\d-\d\d", re.ASCII)
_TEXTS = frozenset({"respondent", "language", "digest", "order", "mode", "agent", "site", "started", "submitted"})
_MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Field:
    """One variable of a statistics program.

    Attributes
    ----------
    cells
        Numbers (NaN for none), texts, or dates (None for none).
    value_labels
        Number to label, missing codes among them.
    missing
        Numbers that stand for no answer.
    codes
        Number to the questionnaire's own code.
    decimals
        Digits after the point to show; None for texts and dates.
    """

    name: str
    label: str
    kind: Literal["number", "text", "date"]
    cells: Sequence[float | str | datetime.date | None]
    value_labels: dict[float, str] = field(default_factory=dict)
    missing: tuple[float, ...] = ()
    codes: dict[float, str] = field(default_factory=dict)
    measure: Measure = "nominal"
    decimals: int | None = None


def fields_of(data: DataSet, columns: Sequence[Column], language: str) -> tuple[list[Field], list[str]]:
    """Return the variables, and the columns that had to be called otherwise, as ``old → new``.

    Parameters
    ----------
    columns
        What the columns of `data` mean.
    language
        Of the labels of chosen and not chosen options.
    """
    taken = {column.name.casefold() for column in columns if column.kind != "other"}
    fields: list[Field] = []
    renamed = []
    for column in columns:
        cells = data.columns[column.name]
        if column.kind == "multiple":
            fields += _options(column, cells, taken, language)
        elif column.kind == "other":
            name = _free_name(column.name, taken)
            renamed += [f"{column.name} → {name}"] if name != column.name else []
            fields.append(_other(name, column, cells))
        else:
            fields.append(_answers(column, cells))
    return fields, renamed


def _free_name(name: str, taken: set[str]) -> str:
    """Return a name that both programs allow and that no other column has, and take it."""
    forbidden = RESERVED - PARADATA
    found, number = name, 0
    while not _NAME.fullmatch(found) or found.casefold() in taken or found.casefold() in forbidden:
        number += 1
        found = f"column_{number}"
    taken.add(found.casefold())
    return found


def _answers(column: Column, cells: Sequence[str]) -> Field:
    if column.kind == "text":
        return Field(column.name, column.label, "text", [_said(cell) for cell in cells])
    if column.kind == "date":
        return _dates(column, cells)
    numbers = _numbers(column, cells)
    values = [numbers.get(cell, _number(cell)) for cell in cells]
    labels = {numbers[code]: label for code, label in (*column.values, *column.missing)}
    return Field(
        column.name,
        column.label,
        "number",
        values,
        labels,
        tuple(numbers[code] for code, _ in column.missing),
        {number: code for code, number in numbers.items()},
        column.measure,
        _decimals(cells) if column.kind == "number" else 0,
    )


def _dates(column: Column, cells: Sequence[str]) -> Field:
    said = [_said(cell) for cell in cells]
    if all(not cell or _DATE.fullmatch(cell) for cell in said):
        days = [datetime.date.fromisoformat(cell) if cell else None for cell in said]
        return Field(column.name, column.label, "date", days, measure="scale")
    return Field(column.name, column.label, "text", said)


def _numbers(column: Column, cells: Sequence[str]) -> dict[str, float]:
    """Return the number of every code: its own, or for options a place from 1, for missing codes one that is free."""
    codes = [code for code, _ in column.values]
    if all(_INTEGER.fullmatch(code) for code in codes):
        found = {code: float(code) for code in codes}
    else:
        found = {code: float(place) for place, code in enumerate(codes, start=1)}
    missing = [code for code, _ in column.missing]
    own = {code: float(code) for code in missing if _INTEGER.fullmatch(code) and float(code) not in found.values()}
    said = {_number(cell) for cell in cells if cell not in found and cell not in missing and _DECIMAL.fullmatch(cell)}
    lowest = min([0.0, *found.values(), *own.values(), *said])
    for code in missing:
        if code not in own:
            lowest = float(int(lowest) - 1)
            own[code] = lowest
    return found | own


def _options(column: Column, cells: Sequence[str], taken: set[str], language: str) -> list[Field]:
    """Return one variable for every option of a multiple question."""
    codes = [code for code, _ in column.values]
    numbers = _numbers(Column(column.name, "options", "", (("0", ""), ("1", "")), column.missing), ())
    missing = {code: numbers[code] for code, _ in column.missing}
    labels = {0.0: LEFT.get(language), 1.0: CHOSEN.get(language)}
    labels |= {missing[code]: label for code, label in column.missing}
    chosen = [None if cell in ("", SKIPPED) or cell in missing else frozenset(cell.split(JOINT)) for cell in cells]
    fields = []
    for place, (code, label) in enumerate(column.values, start=1):
        name = f"{column.name}_{code}"
        if not _NAME.fullmatch(name) or name.casefold() in taken or codes.count(code) > 1:
            name = _free_name(f"{column.name}_{place}", taken)
        taken.add(name.casefold())
        values = [
            missing.get(cell, float("nan")) if some is None else float(code in some)
            for cell, some in zip(cells, chosen, strict=True)
        ]
        names = {0.0: "0", 1.0: "1"} | {number: text for text, number in missing.items()}
        wording = f"{column.label}（{label}）" if language.startswith("zh") else f"{column.label} ({label})"
        fields.append(
            Field(name, wording, "number", values, dict(labels), tuple(missing.values()), names, "nominal", 0)
        )
    return fields


def _other(name: str, column: Column, cells: Sequence[str]) -> Field:
    label = column.label or (column.name if name != column.name else "")
    if column.name not in _TEXTS and any(cells) and all(not cell or _is_plain(cell) for cell in cells):
        return Field(
            name, label, "number", [_number(cell) for cell in cells], measure="scale", decimals=_decimals(cells)
        )
    return Field(name, label, "text", list(cells))


def _is_plain(cell: str) -> bool:
    """Tell whether a number comes back as it was written."""
    if not _DECIMAL.fullmatch(cell):
        return False
    number = float(cell)
    return (repr(int(number)) if number.is_integer() else repr(number)) == cell


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _decimals(cells: Sequence[str]) -> int:
    found = max((len(cell.partition(".")[2]) for cell in cells if _DECIMAL.fullmatch(cell)), default=0)
    return min(found, _MOST_DECIMALS)


def _said(cell: str) -> str:
    return "" if cell == SKIPPED else cell
