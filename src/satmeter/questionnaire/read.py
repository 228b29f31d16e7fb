"""Name or path → `Questionnaire`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from satmeter.errors import Problem, QuestionnaireError
from satmeter.questionnaire.check import examine, examine_tree
from satmeter.questionnaire.digest import digest_of
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.yaml_text import parse_yaml


def read_questionnaire(name_or_path: str | Path) -> Questionnaire:
    """Read a questionnaire.

    Parameters
    ----------
    name_or_path
        A built-in name such as ``power-utility`` (no dot, no slash), or the path of a YAML file.

    Returns
    -------
    Questionnaire
        Checked and frozen, with the digest of its content.

    Raises
    ------
    QuestionnaireError
        With all errors of the file at once; warnings do not stop (see `check_questionnaire`).

    Examples
    --------
    >>> questionnaire = read_questionnaire("power-utility")
    >>> questionnaire.languages
    ('zh-CN', 'en')
    """
    return _sound(*examine(name_or_path))


def parse_questionnaire(text: str | bytes, *, name: str = "") -> Questionnaire:
    """Read a questionnaire from the text of its file, e.g. one that a store of answers keeps.

    Parameters
    ----------
    text
        YAML.
    name
        What messages call the file.

    Raises
    ------
    QuestionnaireError
        As `read_questionnaire` does.
    """
    return _sound(*examine_tree(parse_yaml(text, file=name), name))


def _sound(questionnaire: Questionnaire, problems: tuple[Problem, ...]) -> Questionnaire:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise QuestionnaireError(errors)
    return replace(questionnaire, digest=digest_of(questionnaire))
