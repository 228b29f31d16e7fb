"""``satmeter report``: the report again from results.json, without recomputing."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.editions import render_all
from satmeter.cli.words import words
from satmeter.errors import ReportError, UsageError
from satmeter.publication.folder import spare_release
from satmeter.record import read_results
from satmeter.report import FORMATS, check_formats
from satmeter.study.plan import ReportWish
from satmeter.writing import check_writable, write_set


def _report(
    results: str, template: str, to: tuple[str, ...], language: tuple[str, ...], output: str | None, figures: bool
) -> None:
    wish = ReportWish(template, language, to or ("html",))
    try:
        check_formats(wish.formats)
    except ReportError as error:
        raise UsageError(error.problems) from error
    path = Path(results)
    folder = Path(output) if output else path if path.is_dir() else path.parent
    document = read_results(path)
    check_writable(folder)
    spare_release(folder)
    wishes = [(wish, tag) for tag in language or tuple(document["study"]["languages"])]
    for files in render_all(document, wishes, figures=figures):
        write_set(folder, files)
        for name in list(files)[: len(wish.formats)]:
            click.echo(folder / name)


command = verb(
    "report",
    click.Argument(["results"]),
    Spelled(["--template"], default="satisfaction", help=words("report.template")),
    Spelled(["--to"], multiple=True, help=f"{words('report.to')} ({', '.join(FORMATS)})"),
    Spelled(["--language"], multiple=True, help=words("report.language")),
    Spelled(["-o", "--output"], help=words("report.output")),
    Spelled(["--figures/--no-figures"], default=True, help=words("run.figures")),
)
command.callback = _report
