"""``satmeter questionnaires``: the built-in instruments."""

from __future__ import annotations

import unicodedata

import click

from satmeter.builtin import builtin_names
from satmeter.cli.command import verb
from satmeter.errors import message_language
from satmeter.questionnaire import read_questionnaire


def _show() -> None:
    language = message_language()
    for name in builtin_names("questionnaires"):
        questionnaire = read_questionnaire(name)
        title = questionnaire.title.get(language)
        size = f"{len(questionnaire.constructs)}×{len(questionnaire.items)}"
        click.echo(f"{_padded(name, 18)}  {_padded(title, 36)}  {size:>6}  {' '.join(questionnaire.languages)}")


def _padded(text: str, width: int) -> str:
    shown = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - shown)


command = verb("questionnaires")
command.callback = _show
