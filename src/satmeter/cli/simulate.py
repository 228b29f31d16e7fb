"""``satmeter simulate``: answers whose truth is known."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.words import words
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate, write_simulation
from satmeter.writing import check_writable


def _simulate(questionnaire: str, n: int, seed: int, careless: float, missing: float, output: str) -> None:
    check_writable(Path(output).parent)
    simulation = simulate(read_questionnaire(questionnaire), n, seed=seed, careless=careless, missing=missing)
    for path in write_simulation(simulation, Path(output)):
        click.echo(path)


command = verb(
    "simulate",
    click.Argument(["questionnaire"]),
    Spelled(["-n"], default=500, type=int, help=words("simulate.n")),
    Spelled(["--seed"], default=1, type=int, help=words("simulate.seed")),
    Spelled(["--careless"], default=0.05, type=float, help=words("simulate.careless")),
    Spelled(["--missing"], default=0.02, type=float, help=words("simulate.missing")),
    Spelled(["-o", "--output"], default="answers.csv", help=words("simulate.output")),
)
command.callback = _simulate
