"""``satmeter report``: the report again from results.json, without recomputing."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.analysis import FORMATS, check_format, render
from satmeter.cli.command import Spelled, verb
from satmeter.cli.words import words
from satmeter.record import read_results
from satmeter.writing import write_set


def _report(results: str, template: str, to: str, language: tuple[str, ...], output: str | None, figures: bool) -> None:
    check_format(to)
    document = read_results(Path(results))
    folder = Path(output) if output else Path(results).parent
    for tag in language or tuple(document["study"]["languages"]):
        files = render(document, template=template, language=tag, figures=figures)
        write_set(folder, files)
        click.echo(folder / next(iter(files)))


command = verb(
    "report",
    click.Argument(["results"]),
    Spelled(["--template"], default="satisfaction", help=words("report.template")),
    Spelled(["--to"], default="html", help=f"{words('report.to')} ({', '.join(FORMATS)})"),
    Spelled(["--language"], multiple=True, help=words("report.language")),
    Spelled(["-o", "--output"], help=words("report.output")),
    Spelled(["--figures/--no-figures"], default=True, help=words("run.figures")),
)
command.callback = _report
