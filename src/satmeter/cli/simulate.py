"""``satmeter simulate``: answers whose truth is known, into a file or through the form of a running server."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.words import words
from satmeter.errors import CollectionError, Problem
from satmeter.questionnaire import read_questionnaire
from satmeter.responses import simulate, write_simulation
from satmeter.writing import check_writable

_AT_ONCE = 50


def _simulate(
    questionnaire: str,
    n: int,
    seed: int,
    careless: float,
    missing: float,
    output: str,
    walk: str | None,
    respondents: int | None,
    verify: str | None,
    pii_key: str | None,
    own_server: bool,
) -> None:
    if walk is not None:
        _walk(questionnaire, n, seed, careless, missing, walk, respondents or _AT_ONCE, verify, pii_key, own_server)
        return
    options = {"--respondents": respondents, "--verify": verify, "--pii-key": pii_key, "--own-server": own_server}
    if any(options.values()):
        raise CollectionError([Problem("C136", got=name) for name, value in options.items() if value])
    check_writable(Path(output).parent)
    simulation = simulate(read_questionnaire(questionnaire), n, seed=seed, careless=careless, missing=missing)
    for path in write_simulation(simulation, Path(output)):
        click.echo(path)


def _walk(
    questionnaire: str,
    n: int,
    seed: int,
    careless: float,
    missing: float,
    url: str,
    at_once: int,
    verify: str | None,
    pii_key: str | None,
    own_server: bool,
) -> None:
    from satmeter.cli.walk import check_walk, walk_form

    definition = read_questionnaire(questionnaire)
    simulation = simulate(definition, n, seed=seed, careless=careless, missing=missing)
    walked = walk_form(url, definition, simulation, at_once=at_once, seed=seed, own_server=own_server)
    check_walk(walked, store=verify, pii_key=pii_key)


command = verb(
    "simulate",
    click.Argument(["questionnaire"]),
    Spelled(["-n"], default=500, type=int, help=words("simulate.n")),
    Spelled(["--seed"], default=1, type=int, help=words("simulate.seed")),
    Spelled(["--careless"], default=0.05, type=float, help=words("simulate.careless")),
    Spelled(["--missing"], default=0.02, type=float, help=words("simulate.missing")),
    Spelled(["-o", "--output"], default="answers.csv", help=words("simulate.output")),
    Spelled(["--walk"], help=words("walk.url")),
    Spelled(["--respondents"], type=click.IntRange(1, 500), help=words("walk.respondents")),
    Spelled(["--verify"], help=words("walk.verify")),
    Spelled(["--pii-key"], help=words("walk.pii_key")),
    Spelled(["--own-server"], is_flag=True, help=words("walk.own_server")),
)
command.callback = _simulate
