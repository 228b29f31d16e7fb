"""``satmeter check``: all problems of a questionnaire or study file at once."""

from __future__ import annotations

from pathlib import Path

import click

from satmeter.builtin import builtin_names
from satmeter.cli.command import verb
from satmeter.cli.words import words
from satmeter.errors import Problem, SatmeterError
from satmeter.questionnaire import check_questionnaire, read_questionnaire
from satmeter.questionnaire.yaml_text import read_yaml


def _check(file: str) -> int:
    if file not in builtin_names("questionnaires") and _is_study(file):
        return _check_study(file)
    problems = check_questionnaire(file)
    _print(problems)
    if any(problem.severity == "error" for problem in problems):
        return 1
    questionnaire = read_questionnaire(file)
    if not problems:
        text = words("check.good").format(
            name=file,
            constructs=len(questionnaire.constructs),
            items=len(questionnaire.items),
            languages=", ".join(questionnaire.languages),
        )
        click.echo(text)
    return 0


def _is_study(file: str) -> bool:
    if not Path(file).is_file():
        return False
    try:
        keys = read_yaml(file).keys()
    except SatmeterError:
        return False
    return "responses" in keys or "questionnaire" in keys


def _check_study(file: str) -> int:
    from satmeter.study import read_study  # a questionnaire is checked without loading pandas

    try:
        plan = read_study(file)
    except SatmeterError as error:
        _print(error.problems)
        return 1
    problems = check_questionnaire(plan.questionnaire)
    _print(problems)
    if not problems:
        click.echo(words("check.good_study").format(name=file))
    return int(any(problem.severity == "error" for problem in problems))


def _print(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(problem.text() + "\n")
    if problems:
        errors = sum(problem.severity == "error" for problem in problems)
        click.echo(words("check.count").format(errors=errors, warnings=len(problems) - errors))


command = verb("check", click.Argument(["file"]))
command.callback = _check
