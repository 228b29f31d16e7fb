"""``satmeter template``: a report template of one's own, made and tried."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from pathlib import Path

import click

from satmeter.builtin import builtin
from satmeter.cli.command import Spelled, verb
from satmeter.cli.words import words
from satmeter.errors import Problem, ReportError, message_language
from satmeter.record import read_results
from satmeter.report import build_report, check_formats
from satmeter.report.context import ReportContext
from satmeter.report.template import find_template
from satmeter.writing import write_set

FILES = {"template.toml": "template.{}.toml", "report.md.j2": "report.{}.md.j2"}
"""Files of a new template, and where they stand among the built-ins."""


def _template(action: str, folder: str, parent: str, results: str | None) -> None:
    if action == "new":
        _new(Path(folder), parent)
    else:
        _check(folder, results or "out/results.json")


def _new(folder: Path, parent: str) -> None:
    find_template(parent)
    if folder.exists():
        raise ReportError(Problem("T038", file=str(folder)))
    shelf, language = builtin("reports") / "shared" / "new", message_language()
    texts = {name: (shelf / source.format(language)).read_text("utf-8") for name, source in FILES.items()}
    write_set(folder, {name: text.replace("{parent}", parent) for name, text in texts.items()})
    for name in FILES:
        click.echo(folder / name)


def _tried() -> tuple[str, ...]:
    """Return the formats that a template can break: page, Word, and PDF where its library is installed."""
    try:
        check_formats(("pdf",))
    except ReportError:
        return ("html", "docx")
    return ("html", "docx", "pdf")


def _check(folder: str, results: str) -> None:
    document, name = read_results(Path(results)), str(Path(folder).absolute())
    problems: list[Problem] = []
    languages = tuple(document["study"]["languages"])
    for form, language in product(_tried(), languages):
        try:
            build_report(document, template=name, language=language, formats=(form,), figures=False)
        except ReportError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ReportError(problems)
    click.echo(words("template.good").format(name=folder, languages=", ".join(languages)))
    for field in fields(ReportContext):
        click.echo(f"  {field.name}: {field.type}")


command = verb(
    "template",
    click.Argument(["action"], type=click.Choice(["new", "check"])),
    click.Argument(["folder"]),
    Spelled(["--from", "parent"], default="satisfaction", help=words("template.from")),
    Spelled(["--results"], help=words("template.results")),
)
command.callback = _template
