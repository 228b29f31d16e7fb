"""Keyed sheets in their database: every keying as it was typed, and what was decided where two differ.

They stand beside the journal. A sheet becomes a response of the journal when its two keyings agree or every difference
is decided; until then the journal knows nothing of it. Keyings stay afterwards, for the error rates of keyers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    inspect,
    select,
    true,
)

from satmeter.collection.sample_tables import TABLES

SHEET = Table(
    "entry_sheet",
    TABLES,
    Column("number", String, primary_key=True),  # as written on the sheet
    Column("response", String, nullable=False, unique=True),
    Column("language", String, nullable=False),
    Column("settled", Boolean, nullable=False),  # in the journal
)
KEYING = Table(
    "entry_keying",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("sheet", ForeignKey("entry_sheet.number"), nullable=False),
    Column("place", Integer, nullable=False),  # 1 or 2
    Column("agent", String, nullable=False),
    Column("at", String, nullable=False),
    Column("definition", String, nullable=False),
    Column("cells", JSON, nullable=False),  # variable → cell, sealed where it may identify a person
    Column("illegible", JSON, nullable=False),  # variables that cannot be read
    UniqueConstraint("sheet", "place"),
)
DECISION = Table(
    "entry_decision",
    TABLES,
    Column("sheet", ForeignKey("entry_sheet.number"), primary_key=True),
    Column("variable", String, primary_key=True),
    Column("agent", String, nullable=False),
    Column("at", String, nullable=False),
    Column("cell", JSON, nullable=False),  # {"cell": …}, sealed where it may identify a person
    Column("illegible", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Keying:
    """One keying of one sheet; `cells` as they are stored."""

    place: int
    agent: str
    at: str
    definition: str
    cells: Mapping[str, Any]
    illegible: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyedSheet:
    """One sheet.

    Attributes
    ----------
    number
        As written on the sheet.
    response
        Under which it stands in the journal once it is settled.
    keyings
        One or two, in their order.
    decisions
        Variable to cell and whether it is illegible, where the keyings differed and a lead has decided.
    decided_by
        Variable to lead.
    """

    number: str
    response: str
    language: str
    settled: bool
    keyings: tuple[Keying, ...]
    decisions: Mapping[str, tuple[Any, bool]]
    decided_by: Mapping[str, str]


def keyed_sheets(connection: Connection, number: str | None = None) -> tuple[KeyedSheet, ...]:
    """Return all sheets by number, or the one of a number; none where no sheet was ever keyed."""
    if not inspect(connection).has_table(SHEET.name):
        return ()
    sheets, keyings = select(SHEET).order_by(SHEET.c.number), select(KEYING).order_by(KEYING.c.sheet, KEYING.c.place)
    decisions = select(DECISION)
    if number is not None:
        sheets, keyings = sheets.where(SHEET.c.number == number), keyings.where(KEYING.c.sheet == number)
        decisions = decisions.where(DECISION.c.sheet == number)
    typed: dict[str, list[Keying]] = {}
    for row in connection.execute(keyings):
        made = Keying(row.place, row.agent, row.at, row.definition, row.cells, frozenset(row.illegible))
        typed.setdefault(row.sheet, []).append(made)
    decided: dict[str, dict[str, tuple[Any, bool]]] = {}
    leads: dict[str, dict[str, str]] = {}
    for row in connection.execute(decisions):
        decided.setdefault(row.sheet, {})[row.variable] = (row.cell["cell"], row.illegible)
        leads.setdefault(row.sheet, {})[row.variable] = row.agent
    return tuple(
        KeyedSheet(
            row.number,
            row.response,
            row.language,
            row.settled,
            tuple(typed.get(row.number, ())),
            decided.get(row.number, {}),
            leads.get(row.number, {}),
        )
        for row in connection.execute(sheets)
    )


def open_sheets(connection: Connection) -> int:
    """Return how many sheets were keyed and are not in the journal yet."""
    if not inspect(connection).has_table(SHEET.name):
        return 0
    waiting = select(func.count()).select_from(SHEET).where(SHEET.c.settled.is_(False))
    return connection.execute(waiting).scalar_one()


def forget_sheet(connection: Connection, response: str) -> None:
    """Delete what was keyed of the sheet of a response; run within the writer's transaction."""
    own = select(SHEET.c.number).where(SHEET.c.response == response)
    _forget(connection, DECISION.c.sheet.in_(own), KEYING.c.sheet.in_(own))


def forget_sheets(connection: Connection) -> None:
    """Delete what was keyed of all sheets, also of those that are no response yet; within the writer's transaction."""
    _forget(connection, true(), true())


def _forget(connection: Connection, decisions: ColumnElement[bool], keyings: ColumnElement[bool]) -> None:
    if inspect(connection).has_table(SHEET.name):
        connection.execute(delete(DECISION).where(decisions))
        connection.execute(delete(KEYING).where(keyings))
