"""What a workbook holds before XlsxWriter writes it: sheets of one table each, cells and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Style = Literal["text", "code", "link", "count", "score", "points", "decimal", "share", "p", "flag"]
"""How a cell is shown; numbers keep their full precision whatever the style."""

NOT_AVAILABLE, NOT_APPLICABLE, LOW_BASE = "[x]", "[z]", "[u]"
"""Symbols of the Government Statistical Service for cells without a number, and for figures on a low base."""


class Cell(NamedTuple):
    """A value and how it is shown; `link` names the sheet that it leads to."""

    value: str | int | float | bool
    style: Style = "text"
    link: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: key in results.json, label in the language of the workbook, what it means."""

    key: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart of a sheet's table: a bar a row, with error bars.

    Attributes
    ----------
    axis
        Title of the axis of values.
    percent
        Whether the values are shares (0–1) that are shown in percent; else scores of 0–100.
    highlight
        Row whose bar is stressed; None for none.
    """

    axis: str
    percent: bool
    highlight: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with one table.

    Attributes
    ----------
    table
        Name of the Excel table, which is the section of results.json where there is one.
    name
        Name on the tab, at most 31 characters.
    title, lines
        First cell, and lines below it, each a text with the name of the sheet it leads to, or nothing.
    holds
        What the sheet holds, for the contents.
    fields, rows
        The columns, and the cells of every row.
    chart
        What is drawn beside the table.
    """

    table: str
    name: str
    title: str
    holds: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[tuple[str, str], ...] = ()
    chart: Bars | None = None


def symbols_of(sheets: Iterable[Sheet], more: Iterable[str] = ()) -> frozenset[str]:
    """Return the symbols that stand in any cell; `more` are those of the policy of publication."""
    known = {NOT_AVAILABLE, NOT_APPLICABLE, LOW_BASE, *more}
    return frozenset(str(cell.value) for sheet in sheets for row in sheet.rows for cell in row if cell.value in known)


def distinct(names: Iterable[str], longest: int = 255) -> tuple[str, ...]:
    """Return names that differ in more than case, none longer than this; a number is put after one that came before.

    Examples
    --------
    >>> distinct(["Region", "region", "Age"]), distinct(["abcdef", "abcdeg"], 5)
    (('Region', 'region 2', 'Age'), ('abcde', 'abc 2'))
    """
    taken: dict[str, str] = {}
    for name in names:
        given, number = name[:longest].strip(), 1
        while given.casefold() in taken:
            number += 1
            given = f"{name[: longest - len(f' {number}')].strip()} {number}"
        taken[given.casefold()] = given
    return tuple(taken.values())
