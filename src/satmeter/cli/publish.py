"""``satmeter publish``: a study turned into a folder that a stranger can check."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from satmeter.cli.analysis import STEPS, analyse
from satmeter.cli.command import Spelled, verb
from satmeter.cli.progress import Steps
from satmeter.cli.words import words
from satmeter.publication.folder import check_place, write_release
from satmeter.publication.release import make_release
from satmeter.publication.rendered import WORKBOOK, wishes_of
from satmeter.publication.wish import Seen, read_wish
from satmeter.report import check_formats
from satmeter.study import read_study


def _publish(study: str, output: str, replace: bool, simulated: bool, sign: str | None, timings: bool) -> None:
    folder = Path(output)
    check_place(folder, replace=replace)
    plan = read_study(study)
    wish = read_wish(plan)
    wishes = (*wishes_of(wish.reports), WORKBOOK)
    check_formats(tuple(dict.fromkeys(form for wished in wishes for form in wished.formats)))
    seen = Seen(wish)
    steps = Steps(*STEPS)
    try:
        document = analyse(plan, steps, arrange=seen.arrange, draw=seen.draw, seen=seen.keep)
        with steps.step("report") as progress:
            files = make_release(
                document,
                seen,
                simulated=simulated,
                key=Path(sign).expanduser() if sign else None,
                analyse=analyse_again,
                progress=progress,
            )
        with steps.step("write"):
            write_release(folder, files, replace=replace)
    finally:
        steps.close()
    click.echo(words("publish.done").format(n=len(files), size=f"{sum(map(len, files.values())) / 1e6:.1f}"), err=True)
    click.echo(folder)
    if timings:
        click.echo(steps.table(), err=True)


def analyse_again(path: Path) -> dict[str, Any]:
    """Analyse the study file of a release without a word on progress."""
    return analyse(read_study(path), Steps(*STEPS, patience=math.inf))


command = verb(
    "publish",
    click.Argument(["study"]),
    Spelled(["-o", "--output"], default="release", help=words("publish.output")),
    Spelled(["--replace"], is_flag=True, help=words("publish.replace")),
    Spelled(["--simulated"], is_flag=True, help=words("publish.simulated")),
    Spelled(["--sign"], help=words("publish.sign")),
    Spelled(["--timings"], is_flag=True, help=words("run.timings")),
)
command.callback = _publish
