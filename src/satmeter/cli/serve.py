"""``satmeter serve``: a questionnaire is fielded on the web."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.errors import message_language

if TYPE_CHECKING:
    from satmeter.collection.fielding import Ready, Wish
    from satmeter.collection.settings import Settings


def _serve(
    questionnaire: str,
    store: str | None,
    host: str,
    port: int,
    language: str | None,
    base_url: str | None,
    fieldwork: str | None,
    people: str | None,
    agents: str | None,
    pii_key: str | None,
    new_version: bool,
    monitor_password_file: str | None,
) -> None:
    with web_library():
        from satmeter.collection.application import application
        from satmeter.collection.fielding import Wish, make_ready, responses
        from satmeter.collection.server import serve

    wish = Wish(
        questionnaire=questionnaire,
        store=store or "",
        host=host,
        port=port,
        language=language or "",
        base_url=base_url or "",
        fieldwork=fieldwork or "",
        people=people or "",
        agents=agents or "",
        pii_key=pii_key or "",
        new_version=new_version,
    )
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    monitored = _monitored(monitor_password_file, wish) if monitor_password_file else None
    with make_ready(wish) as ready:
        running = application(monitored(ready.settings) if monitored else ready.settings)
        _tell(ready, *responses(ready.settings.store))
        if monitored:
            click.echo(words("serve.monitor_at").format(url=ready.settings.base_url or ready.address), err=True)
        serve(running, ready.taken)
        opened, submitted = responses(ready.settings.store)
        shown = ready.settings.store.shown
    click.echo(words("serve.ended").format(store=shown, opened=opened, submitted=submitted), err=True)


def _monitored(file: str, wish: Wish) -> Callable[[Settings], Settings]:
    """Read the password file and return what adds the monitor to the settings."""
    with web_library():
        from satmeter.collection.monitor_password import read_password_file
        from satmeter.collection.monitored import with_monitor

    password_hash = read_password_file(Path(file))
    return partial(with_monitor, password_hash=password_hash, store_url=wish.store, pii_key=wish.pii_key)


def _tell(ready: Ready, opened: int, submitted: int) -> None:
    """Say where the survey is, what is stored where, and what to look out for."""
    settings = ready.settings
    for warning in ready.warnings:
        click.echo(warning.text() + "\n", err=True)
    title = settings.questionnaire.title.get(message_language())
    click.echo(words("serve.listening").format(title=title, url=settings.base_url or ready.address), err=True)
    counts = {"opened": opened, "submitted": submitted}
    about = {"store": settings.store.shown, "id": settings.questionnaire.id, "version": settings.questionnaire.version}
    for path in settings.ways:
        click.echo(words(f"serve.{path}_at").format(url=f"{settings.base_url or ready.address}/{path}"), err=True)
    click.echo(words("serve.storing").format(**about, **counts), err=True)
    key = settings.sealing_key
    click.echo(words("serve.sealed_store").format(file=key.file) if key else words("serve.open_store"), err=True)
    if key and ready.key_made:
        click.echo(words("serve.key_made").format(file=key.file), err=True)
    click.echo(words("serve.stop"), err=True)


command = verb(
    "serve",
    click.Argument(["questionnaire"]),
    Spelled(["--store"], help=words("serve.store")),
    Spelled(["--host"], default="127.0.0.1", help=words("serve.host")),
    Spelled(["--port"], type=click.IntRange(0, 65535), default=8000, help=words("serve.port")),
    Spelled(["--language"], help=words("serve.language")),
    Spelled(["--base-url"], help=words("serve.base_url")),
    Spelled(["--fieldwork"], help=words("serve.fieldwork")),
    Spelled(["--people"], help=words("serve.people")),
    Spelled(["--agents"], help=words("serve.agents")),
    Spelled(["--pii-key"], help=words("serve.pii_key")),
    Spelled(["--monitor-password-file"], help=words("serve.monitor_password_file")),
    Spelled(["--new-version"], is_flag=True, help=words("serve.new_version")),
)
command.callback = _serve
