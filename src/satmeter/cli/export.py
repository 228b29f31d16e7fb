"""``satmeter export``: answers written with their meaning."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.stored_questionnaire import newest_questionnaire
from satmeter.cli.words import words
from satmeter.errors import Problem, ResponsesError, UsageError
from satmeter.journal.sealing import read_key
from satmeter.questionnaire import read_questionnaire
from satmeter.responses.data_set import read_data_set
from satmeter.responses.export import check_export, exported
from satmeter.responses.store_url import store_url
from satmeter.writing import check_writable, write_whole


def _export(
    store: str, questionnaire: str | None, output: str, language: str | None, with_pii: bool, pii_key: str | None
) -> None:
    url = store_url(store)
    if questionnaire is None and url is None:
        raise UsageError(Problem("U003", params={"command": "satmeter export", "choices": "-q"}))
    if url is not None and with_pii != (pii_key is not None):
        raise ResponsesError(Problem("R035"))
    definition = read_questionnaire(questionnaire) if questionnaire else newest_questionnaire(url or "")
    path = Path(output)
    check_export(path, definition, language, source=None if url else Path(store))
    check_writable(path.parent)
    key = Path(pii_key) if pii_key else None
    for warning in read_key(key).warnings if key else ():
        click.echo(warning.text(), err=True)
    data = read_data_set(url or store, definition, with_pii=with_pii, pii_key=key)
    content, notes = exported(data, path.suffix.lower(), language=language or definition.language)
    write_whole(path, content, private=with_pii)
    for note in (*data.responses.notes, *data.notes, *notes):
        click.echo(f"{note.code}: {note.text()}", err=True)
    click.echo(words("export.written").format(n=data.n, columns=len(data.columns)), err=True)
    click.echo(path)


command = verb(
    "export",
    click.Argument(["store"]),
    Spelled(["-q", "--questionnaire"], help=words("export.questionnaire")),
    Spelled(["-o", "--output"], default="answers.csv", help=words("export.output")),
    Spelled(["--language"], help=words("export.language")),
    Spelled(["--with-pii"], is_flag=True, help=words("export.with_pii")),
    Spelled(["--pii-key"], help=words("export.pii_key")),
)
command.callback = _export
