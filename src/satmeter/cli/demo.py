"""``satmeter demo``: a simulated study from questionnaire to report."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.analysis import STEPS, analyse, write_study
from satmeter.cli.command import Spelled, verb
from satmeter.cli.progress import Steps
from satmeter.cli.words import words
from satmeter.form import build_form
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate, write_simulation
from satmeter.study import read_study
from satmeter.writing import check_writable, write_whole

_INSTRUMENT = "power-utility"
_STUDY = """\
satmeter: 1
questionnaire: power-utility
responses: answers.csv
quality:
  duplicates: exclude
  straightlining: exclude
  attention: exclude
  speeders: {min_seconds: 60, then: exclude}
groups: [region, ctype]
uncertainty: {replicates: 1000, seed: 20261121, conf_level: 0.95}
"""


def _demo(output: str, n: int, seed: int) -> None:
    folder = Path(output)
    check_writable(folder)
    steps = Steps("form", "simulate", *STEPS)
    try:
        questionnaire = read_questionnaire(_INSTRUMENT)
        with steps.step("form"):
            write_whole(folder / "form.html", build_form(questionnaire).html)
        with steps.step("simulate"):
            simulation = simulate(questionnaire, n, seed=seed, careless=0.06, missing=0.02)
            write_simulation(simulation, folder / "answers.csv")
        write_whole(folder / "study.yaml", _STUDY)
        plan = read_study(folder / "study.yaml")
        document = analyse(plan, steps)
        reports = write_study(document, plan, folder / "out", steps, figures=True)
    finally:
        steps.close()
    for path in reports:
        click.echo(words("demo.open").format(path=path))


command = verb(
    "demo",
    Spelled(["-o", "--output"], default="satmeter-demo", help=words("demo.output")),
    Spelled(["-n"], default=600, type=click.IntRange(min=1), help=words("demo.n")),
    Spelled(["--seed"], default=20261121, type=int, help=words("demo.seed")),
)
command.callback = _demo
