"""``satmeter entry``: where two keyings of a sheet of paper differ, and how often every keyer was wrong."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter import journal
from satmeter.cli.command import Spelled, verb
from satmeter.cli.stored_questionnaire import newest_questionnaire
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.writing import check_writable


def _entry(store: str, output: str | None, pii_key: str | None) -> None:
    with web_library():
        from satmeter.collection.entry_report import difference_list, keyer_rates, read_sheets
        from satmeter.journal.sealing import read_key

    if output and output != "-":
        check_writable(Path(output).parent)
    key = read_key(pii_key) if pii_key else None
    with journal.open_store(store, create=False, read_only=True) as opened:
        sheets = read_sheets(opened, key)
    settled = sum(sheet.settled for sheet in sheets)
    once = sum(len(sheet.keyings) == 1 for sheet in sheets)
    counts = {"n": len(sheets), "settled": settled, "once": once, "open": len(sheets) - settled - once}
    click.echo(words("entry.counted").format(**counts), err=True)
    for rate in keyer_rates(sheets):
        low, high = rate.interval
        told = {"agent": rate.agent, "sheets": rate.sheets, "n": rate.n, "errors": rate.errors}
        shares = {"rate": f"{100 * rate.rate:.2f}%", "low": f"{100 * low:.2f}%", "high": f"{100 * high:.2f}%"}
        click.echo(words("entry.rate").format(**told, **shares), err=True)
    if output is None:
        return
    content = difference_list(sheets, newest_questionnaire(store))
    if output == "-":
        click.echo(content.decode("utf-8-sig"), nl=False)
        return
    Path(output).write_bytes(content)
    click.echo(output)


command = verb(
    "entry",
    click.Argument(["store"]),
    Spelled(["-o", "--output"], help=words("entry.output")),
    Spelled(["--pii-key"], help=words("entry.pii_key")),
)
command.callback = _entry
