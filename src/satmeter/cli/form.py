"""``satmeter form``: the questionnaire as a web page or paper sheet."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.errors import CollectionError, Problem
from satmeter.form import build_form
from satmeter.form.model import KINDS, FormKind
from satmeter.questionnaire import read_questionnaire
from satmeter.writing import check_writable, write_whole


def _form(questionnaire: str, to: FormKind, language: str | None, link: str | None, output: str | None) -> None:
    definition = read_questionnaire(questionnaire)
    if output != "-":
        check_writable(Path(output or ".").parent)
    address, picture = _printed_link(link, to) if link else ("", "")
    form = build_form(definition, language=language, to=to, link=address, picture=picture)
    if output == "-":
        click.echo(form.html)
        return
    suffix = "" if to == "html" else f".{to}.{form.language}"
    path = Path(output) if output else Path(f"{definition.id}{suffix}.html")
    write_whole(path, form.html)
    click.echo(path)


def _printed_link(link: str, to: FormKind) -> tuple[str, str]:
    """Return the address to be printed on a sheet and its QR code."""
    with web_library():
        from satmeter.collection.qr_codes import code_picture
        from satmeter.collection.server import check_base_url

    if to != "paper":
        raise CollectionError(Problem("C106", about=("option", "--link"), got=to))
    address = check_base_url(link) + "/"
    return address, code_picture(address)


command = verb(
    "form",
    click.Argument(["questionnaire"]),
    Spelled(["--to"], default="html", help=words("form.to"), type=click.Choice(KINDS)),
    Spelled(["--language"], help=words("form.language")),
    Spelled(["--link"], help=words("form.link")),
    Spelled(["-o", "--output"], help=words("form.output")),
)
command.callback = _form
