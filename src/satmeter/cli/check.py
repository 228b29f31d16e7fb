"""``satmeter check``: all problems of a questionnaire or study file at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from satmeter import journal
from satmeter.builtin import builtin_names
from satmeter.cli.command import verb
from satmeter.cli.words import words
from satmeter.errors import JournalError, Problem, QuestionnaireError, SatmeterError
from satmeter.questionnaire import check_questionnaire, read_questionnaire
from satmeter.questionnaire.check import examine
from satmeter.questionnaire.yaml_text import read_yaml

if TYPE_CHECKING:
    from satmeter.study import Plan


def _check(file: str) -> int:
    if file not in builtin_names("questionnaires") and _is_study(file):
        return _check_study(file)
    try:
        questionnaire, problems = examine(file)
    except QuestionnaireError as error:
        _print(error.problems)
        return 1
    _print(problems)
    if not problems:
        text = words("check.good").format(
            name=file,
            constructs=len(questionnaire.constructs),
            items=len(questionnaire.items),
            languages=", ".join(questionnaire.languages),
        )
        click.echo(text)
    return _exit_code(problems)


def _exit_code(problems: tuple[Problem, ...]) -> int:
    return int(any(problem.severity == "error" for problem in problems))


def _is_study(file: str) -> bool:
    if not Path(file).is_file():
        return False
    try:
        node = read_yaml(file)
    except SatmeterError:
        return False
    return any(entry.key in ("responses", "questionnaire") for entry in node.entries)


def _check_study(file: str) -> int:
    from satmeter.study import read_study  # a questionnaire is checked without loading pandas

    try:
        plan = read_study(file)
    except SatmeterError as error:
        _print(error.problems)
        return 1
    problems = (*check_questionnaire(plan.questionnaire), *_store_problems(plan))
    _print(problems)
    if not problems:
        click.echo(words("check.good_study").format(name=file))
    return _exit_code(problems)


def _store_problems(plan: Plan) -> list[Problem]:
    """Return why stores of a study cannot be read: nothing there, no store, another survey's, another satmeter's."""
    problems: list[Problem] = []
    for url in [path for path in plan.responses if isinstance(path, str)]:
        try:
            survey = read_questionnaire(plan.questionnaire).id
            journal.open_store(url, survey=survey, create=False, read_only=True).close()
        except JournalError as error:
            problems += error.problems
    return problems


def _print(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(problem.text() + "\n")
    if problems:
        errors = sum(problem.severity == "error" for problem in problems)
        click.echo(words("check.count").format(errors=errors, warnings=len(problems) - errors))


command = verb("check", click.Argument(["file"]))
command.callback = _check
