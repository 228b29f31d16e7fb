"""``satmeter invite``: a sample is imported, and every unit gets its link."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.writing import check_writable


def _invite(
    sample: str,
    questionnaire: str,
    store: str | None,
    people: str | None,
    base_url: str,
    output: str,
    valid_until: str | None,
    pii_key: str | None,
    strata: tuple[str, ...],
    contact: tuple[str, ...],
    replace: tuple[str, ...],
    rebind: bool,
) -> None:
    with web_library():
        from satmeter.collection.inviting import InvitationWish, invite_sample

    check_writable(Path(output).parent)
    wish = InvitationWish(
        sample=Path(sample),
        questionnaire=questionnaire,
        base_url=base_url,
        output=Path(output),
        store=store or "",
        people=people or "",
        valid_until=valid_until or "",
        pii_key=pii_key or "",
        strata=strata,
        contacts=contact,
        replace=replace,
        rebind=rebind,
    )
    found = invite_sample(wish, today=datetime.date.today())
    for note in found.notes:
        click.echo(note.text(), err=True)
    for warning in found.key.warnings if found.key else ():
        click.echo(warning.text(), err=True)
    if found.key and found.key_made:
        click.echo(words("invite.key_made").format(file=found.key.file), err=True)
    told = found.invited
    counts = {"links": len(told.links), "new": told.new, "replaced": told.replaced, "known": told.known}
    click.echo(words("invite.made").format(**counts), err=True)
    if rebind:
        click.echo(words("invite.rebound").format(n=told.rebound), err=True)
    if told.links:
        click.echo(output)


command = verb(
    "invite",
    click.Argument(["sample"]),
    Spelled(["-q", "--questionnaire"], required=True, help=words("invite.questionnaire")),
    Spelled(["--store"], help=words("invite.store")),
    Spelled(["--people"], help=words("invite.people")),
    Spelled(["--base-url"], required=True, help=words("invite.base_url")),
    Spelled(["-o", "--output"], required=True, help=words("invite.output")),
    Spelled(["--valid-until"], help=words("invite.valid_until")),
    Spelled(["--pii-key"], help=words("invite.pii_key")),
    Spelled(["--strata"], multiple=True, help=words("invite.strata")),
    Spelled(["--contact"], multiple=True, help=words("invite.contact")),
    Spelled(["--replace"], multiple=True, help=words("invite.replace")),
    Spelled(["--rebind"], is_flag=True, help=words("invite.rebind")),
)
command.callback = _invite
