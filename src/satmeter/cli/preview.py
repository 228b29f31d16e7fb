"""``satmeter preview``: a questionnaire as respondents will see it. There is no option for a store."""

from __future__ import annotations

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words


def _preview(questionnaire: str, host: str, port: int, language: str | None, fieldwork: str | None) -> None:
    with web_library():
        from satmeter.collection.preview import Preview
        from satmeter.collection.server import address_of, listen, serve

    with listen(host, port) as taken:
        click.echo(words("preview.listening").format(url=address_of(taken)), err=True)
        serve(Preview(questionnaire, fieldwork=fieldwork or "", language=language or ""), taken)


command = verb(
    "preview",
    click.Argument(["questionnaire"]),
    Spelled(["--host"], default="127.0.0.1", help=words("serve.host")),
    Spelled(["--port"], type=click.IntRange(0, 65535), default=8000, help=words("serve.port")),
    Spelled(["--language"], help=words("serve.language")),
    Spelled(["--fieldwork"], help=words("serve.fieldwork")),
)
command.callback = _preview
