"""``satmeter diff``: what changed between two questionnaires, and which series that breaks."""

from __future__ import annotations

import json

import click

from satmeter.cli.command import verb
from satmeter.cli.words import words
from satmeter.errors import Problem, QuestionnaireError, message_language
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.diff import QuestionnaireDiff, compare_questionnaires
from satmeter.questionnaire.diff_model import Change
from satmeter.questionnaire.diff_words import reason_of, sentence_of
from satmeter.questionnaire.model import Questionnaire


def _diff(old: str, new: str, as_json: bool) -> int:
    found = compare_questionnaires(*_both(old, new))
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_lines(found)))
    return int(found.breaks)


def _both(*names: str) -> list[Questionnaire]:
    """Read both; what is wrong with either is told together."""
    read: list[Questionnaire] = []
    problems: list[Problem] = []
    for name in names:
        try:
            read.append(read_questionnaire(name))
        except QuestionnaireError as error:
            problems += error.problems
    if problems:
        raise QuestionnaireError(problems)
    return read


def _lines(found: QuestionnaireDiff) -> list[str]:
    old, new = found.old, found.new
    lines = [f"{old.id} {old.version} → {new.id} {new.version}"]
    for breaks in (True, False):
        some = [change for change in found.changes if change.breaks == breaks]
        if some:
            lines += ["", words("diff.breaks" if breaks else "diff.harmless").format(n=len(some))]
            lines += [_line(change, new.file) for change in some]
    lines.append("")
    broken = ", ".join(found.broken())
    lines.append(words("diff.series").format(names=broken) if broken else words("diff.whole"))
    return lines


def _line(change: Change, file: str) -> str:
    language = message_language()
    place = f"  [{file}:{change.line}]" if change.line else ""
    colon = "\N{FULLWIDTH SEMICOLON}" if language == "zh-CN" else "; "
    return f"  {sentence_of(change, language)}{colon}{reason_of(change, language)}{place}"


command = verb(
    "diff",
    click.Argument(["old"]),
    click.Argument(["new"]),
    click.Option(["--json", "as_json"], is_flag=True, help=words("diff.json")),
)
command.callback = _diff
