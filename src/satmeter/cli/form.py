"""``satmeter form``: the questionnaire as a web page or paper sheet."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.words import words
from satmeter.form import build_form
from satmeter.form.model import KINDS, FormKind
from satmeter.questionnaire import read_questionnaire
from satmeter.writing import check_writable, write_whole


def _form(questionnaire: str, to: FormKind, language: str | None, output: str | None) -> None:
    definition = read_questionnaire(questionnaire)
    if output != "-":
        check_writable(Path(output or ".").parent)
    form = build_form(definition, language=language, to=to)
    if output == "-":
        click.echo(form.html)
        return
    suffix = "" if to == "html" else f".{to}.{form.language}"
    path = Path(output) if output else Path(f"{definition.id}{suffix}.html")
    write_whole(path, form.html)
    click.echo(path)


command = verb(
    "form",
    click.Argument(["questionnaire"]),
    Spelled(["--to"], default="html", help=words("form.to"), type=click.Choice(KINDS)),
    Spelled(["--language"], help=words("form.language")),
    Spelled(["-o", "--output"], help=words("form.output")),
)
command.callback = _form
