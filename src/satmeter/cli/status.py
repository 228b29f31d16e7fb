"""``satmeter status``: what a store holds, and whether it is as it was written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from satmeter import journal
from satmeter.cli.command import verb
from satmeter.cli.words import words
from satmeter.errors import JournalError

if TYPE_CHECKING:
    from satmeter.journal.model import Chain
    from satmeter.journal.summary import CountRow, Summary


def _status(store: str, as_json: bool) -> int:
    from satmeter.collection.entry_tables import open_sheets
    from satmeter.journal.summary import summarise  # questionnaires are read for it
    from satmeter.journal.view import view

    with journal.open_store(store, create=False, read_only=True) as opened:
        chain = journal.verify_chain(opened)
        try:
            found = summarise(opened.survey, view(opened), chain)
        except JournalError:
            click.echo(chain_line(chain))
            raise
        with opened.connection() as connection:
            sheets = open_sheets(connection)
    if as_json:
        click.echo(json.dumps(found.to_dict() | {"open_sheets": sheets}, ensure_ascii=False, indent=1))
    else:
        _show(found, sheets)
    return int(not chain.intact)


def chain_line(chain: Chain) -> str:
    """Return whether the chain of events is as it was written, and its head."""
    if chain.intact:
        return words("status.intact").format(events=chain.events, head=chain.head)
    return words("status.broken").format(events=chain.events, head=chain.head, broken_at=chain.broken_at)


def _show(found: Summary, sheets: int) -> None:
    width = max(60, min(120, shutil.get_terminal_size((100, 24)).columns))
    keyed = [(words("status.open_sheets"), str(sheets))] if sheets else []
    _table(width, [found.survey, words("status.responses")], [*_totals(found), *keyed])
    counted = (words("status.opened"), words("status.submitted"))
    for key, rows in (("language", found.languages), ("mode", found.modes), ("day", found.days)):
        _table(width, [words(f"status.{key}"), *counted], _counted(rows))
    pages = ((str(row.page), str(row.reached), str(row.stopped)) for row in found.pages)
    _table(width, [words("status.page"), words("status.reached"), words("status.left")], pages)
    heads = [words(f"status.{key}") for key in ("version", "taken_up", "change", "digest")]
    definitions = (
        (
            row.version,
            row.taken_up[:16].replace("T", " "),
            words(f"status.{row.change}"),
            row.digest.removeprefix("sha256:")[:12],
            str(row.opened),
            str(row.submitted),
        )
        for row in found.definitions
    )
    _table(width, [*heads, *counted], definitions)
    click.echo(chain_line(found.chain))


def _totals(found: Summary) -> list[tuple[str, str]]:
    keys = ("opened", "submitted", "unfinished", "withdrawn", "screened_out", "erased")
    rows = [(words(f"status.{key}"), str(getattr(found, key))) for key in keys]
    if found.median_seconds is not None:
        rows.append((words("status.median"), words("status.minutes").format(f"{found.median_seconds / 60:.1f}")))
    return rows


def _counted(rows: Iterable[CountRow]) -> list[tuple[str, str, str]]:
    return [(row.label or "–", str(row.opened), str(row.submitted)) for row in rows]


def _table(width: int, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if place else "left")
    empty = True
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
        empty = False
    if not empty:
        Console(width=width).print(table)


command = verb(
    "status",
    click.Argument(["store"]),
    click.Option(["--json", "as_json"], is_flag=True, help=words("status.json")),
)
command.callback = _status
