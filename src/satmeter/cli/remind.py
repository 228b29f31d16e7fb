"""``satmeter remind``: who has not answered, and what became of every sampled unit."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.writing import check_writable

if TYPE_CHECKING:
    from satmeter.collection.fieldwork_file import NoReply


def _remind(
    store: str,
    output: str | None,
    pii_key: str | None,
    cases: str | None,
    record: str | None,
    no_reply: NoReply,
    purge: str | None,
) -> None:
    with web_library():
        from satmeter.collection.reminding import ReminderWish, remind

    for file in (output, cases):
        if file and file != "-":
            check_writable(Path(file).parent)
    wish = ReminderWish(
        store=store,
        pii_key=pii_key or "",
        cases=bool(cases),
        record=Path(record) if record else None,
        no_reply=no_reply,
        purge=purge or "",
    )
    found = remind(wish, now=datetime.datetime.now().astimezone())
    if record:
        click.echo(words("remind.recorded").format(n=found.recorded), err=True)
    if purge:
        click.echo(words("remind.purged").format(n=found.purged), err=True)
    if cases:
        _write(Path(cases), found.cases)
        counts = ", ".join(f"{group} {n}" for group, n in found.counts.items())
        click.echo(words("remind.counted").format(counts=counts), err=True)
    click.echo(words("remind.listed").format(n=found.listed), err=True)
    if output == "-":
        click.echo(found.reminders.decode("utf-8-sig"), nl=False)
    elif output:
        _write(Path(output), found.reminders)
        click.echo(output)


def _write(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read."""
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)


command = verb(
    "remind",
    click.Argument(["store"]),
    Spelled(["-o", "--output"], help=words("remind.output")),
    Spelled(["--pii-key"], help=words("remind.pii_key")),
    Spelled(["--cases"], help=words("remind.cases")),
    Spelled(["--record"], help=words("remind.record")),
    Spelled(["--no-reply"], type=click.Choice(["UO", "NC"]), default="UO", help=words("remind.no_reply")),
    Spelled(["--purge"], help=words("remind.purge")),
)
command.callback = _remind
