"""``satmeter run``: analyse a study and write everything."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.analysis import STEPS, analyse, data_notes, write_study
from satmeter.cli.command import Spelled, verb
from satmeter.cli.progress import Steps
from satmeter.cli.words import words
from satmeter.publication.folder import spare_release
from satmeter.report import check_formats
from satmeter.study import read_study
from satmeter.writing import check_writable


def _run(study: str, output: str, figures: bool, timings: bool) -> None:
    steps = Steps(*STEPS)
    try:
        plan = read_study(study)
        check_writable(Path(output))
        spare_release(Path(output))
        check_formats(tuple(dict.fromkeys(form for wish in plan.reports for form in wish.formats)))
        document = analyse(plan, steps)
        reports = write_study(document, plan, Path(output), steps, figures=figures)
    finally:
        steps.close()
    for line in data_notes(document):
        click.echo(line, err=True)
    kept = words("run.kept").format(n=document["study"]["n"], n_read=document["study"]["n_read"])
    click.echo(kept, err=True)
    for path in [*reports, Path(output) / "results.json"]:
        click.echo(path)
    if timings:
        click.echo(steps.table(), err=True)


command = verb(
    "run",
    click.Argument(["study"]),
    Spelled(["-o", "--output"], default="out", help=words("run.output")),
    Spelled(["--figures/--no-figures"], default=True, help=words("run.figures")),
    Spelled(["--timings"], is_flag=True, help=words("run.timings")),
)
command.callback = _run
