"""Simulated respondents who walk the form of a running server; a part of ``satmeter simulate``."""

from __future__ import annotations

from collections import Counter

import click

from satmeter.cli.progress import Steps
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.collection.walker import Simulated
from satmeter.collection.walking import Walked, quantile, walk_all
from satmeter.errors import CollectionError, Problem
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses import Simulation


def walk_form(
    url: str, questionnaire: Questionnaire, simulation: Simulation, *, at_once: int, seed: int, own_server: bool
) -> Walked:
    """Send all simulated respondents, with a progress bar, and tell what happened.

    Raises
    ------
    CollectionError
        C130 to C133 before anybody was sent.
    """
    simulated = simulated_of(questionnaire, simulation)
    steps = Steps("walk")
    try:
        with steps.step("walk") as progress:
            walked = walk_all(url, simulated, at_once=at_once, seed=seed, own_server=own_server, progress=progress)
    finally:
        steps.close()
    for line in _told(walked):
        click.echo(line)
    return walked


def simulated_of(questionnaire: Questionnaire, simulation: Simulation) -> list[Simulated]:
    """Return the respondents of a simulation."""
    names = questionnaire.variables
    return [
        Simulated(row["language"], {name: row[name] for name in names}, breaks_off=not row["submitted"])
        for row in simulation.frame.to_dict("records")
    ]


def check_walk(walked: Walked, *, store: str | None, pii_key: str | None) -> None:
    """Compare the store with what was given, where one is named.

    Raises
    ------
    CollectionError
        C134 respondents who could not go on, C135 answers that are not there; all that apply.
    """
    problems = _trouble(walked)
    if store is not None:
        with web_library():
            from satmeter.collection.walk_check import compare
            from satmeter.journal.opening import open_store
            from satmeter.journal.sealing import read_key
        with open_store(store, read_only=True) as opened:
            found = compare(opened, walked.walks, key=read_key(pii_key) if pii_key else None)
            shown = opened.shown
        counts = {"responses": found.responses, "answers": found.answers, "sealed": found.sealed}
        if not found.same:
            names = ", ".join(sorted({name for _, name in found.differing})) or "-"
            params: dict[str, str | int] = {"lost": len(found.lost), "differing": len(found.differing), "names": names}
            problems.append(Problem("C135", shown, params=params))
        else:
            click.echo(words("walk.verified").format(store=shown, **counts))
    if problems:
        raise CollectionError(problems)


def _told(walked: Walked) -> list[str]:
    rate = walked.answers / walked.seconds if walked.seconds else 0.0
    errors = sum(walked.trouble.values())
    post, page = ([1000 * quantile(times, share) for share in (0.5, 0.99)] for times in (walked.posts, walked.pages))
    return [
        words("walk.responses").format(
            n=len(walked.walks),
            complete=walked.endings("complete"),
            broke_off=walked.endings("broke_off"),
            turned_away=walked.endings("turned_away"),
        ),
        words("walk.answers").format(answers=walked.answers, seconds=walked.seconds, rate=rate),
        words("walk.posts").format(n=len(walked.posts), p50=post[0], p99=post[1]),
        words("walk.pages").format(n=len(walked.pages), p50=page[0], p99=page[1]),
        words("walk.errors").format(n=errors) + _kinds(walked.trouble, words("labels.colon")),
    ]


def _kinds(trouble: Counter[str], colon: str) -> str:
    return colon + ", ".join(f"{kind} {number}" for kind, number in trouble.most_common()) if trouble else ""


def _trouble(walked: Walked) -> list[Problem]:
    failed = Counter(walk.trouble for walk in walked.walks if walk.ending == "failed")
    if not failed:
        return []
    params: dict[str, str | int] = {"failed": sum(failed.values()), "n": len(walked.walks), "kinds": _kinds(failed, "")}
    return [Problem("C134", params=params)]
