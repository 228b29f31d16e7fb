"""``satmeter qr``: codes of a survey, of its sites or of its invitees, and a sheet to print."""

from __future__ import annotations

import os
from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.errors import CollectionError, Problem
from satmeter.questionnaire import read_questionnaire
from satmeter.writing import write_set


def _qr(
    questionnaire: str,
    base_url: str | None,
    fieldwork: str | None,
    site: tuple[str, ...],
    links: str | None,
    language: tuple[str, ...],
    output: str,
) -> None:
    with web_library():
        from satmeter.collection.fieldwork_file import read_fieldwork
        from satmeter.collection.links import read_links
        from satmeter.collection.qr_codes import code_svg, invitee_codes, sheet_html, survey_codes
        from satmeter.collection.server import check_base_url

    definition = read_questionnaire(questionnaire)
    strange = [tag for tag in language if tag not in definition.languages]
    if strange:
        params = {"choices": ", ".join(definition.languages)}
        raise CollectionError([Problem("C008", questionnaire, got=tag, params=params) for tag in strange])
    plan = read_fieldwork(fieldwork, definition) if fieldwork else None
    if links:
        codes = invitee_codes(read_links(Path(links)))
    else:
        codes = survey_codes(check_base_url(base_url or ""), plan.sites if plan else (), site)
    files: dict[str, str | bytes] = {f"{code.name}.svg": code_svg(code.address) for code in codes}
    files["sheet.html"] = sheet_html(codes, definition, language, title=plan.title if plan else None)
    mask = os.umask(0o077) if links else None  # links of invitees are for nobody else to read
    try:
        write_set(Path(output), files)
    finally:
        if mask is not None:
            os.umask(mask)
    click.echo(words("qr.made").format(n=len(codes)), err=True)
    click.echo(Path(output) / "sheet.html")


command = verb(
    "qr",
    click.Argument(["questionnaire"]),
    Spelled(["--base-url"], help=words("qr.base_url")),
    Spelled(["--fieldwork"], help=words("qr.fieldwork")),
    Spelled(["--site"], multiple=True, help=words("qr.site")),
    Spelled(["--links"], help=words("qr.links")),
    Spelled(["--language"], multiple=True, help=words("qr.language")),
    Spelled(["-o", "--output"], default="qr", help=words("qr.output")),
)
command.callback = _qr
