"""Name or path → `Questionnaire`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from satmeter.errors import QuestionnaireError
from satmeter.questionnaire.check import examine
from satmeter.questionnaire.digest import digest_of
from satmeter.questionnaire.model import Questionnaire


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
    questionnaire, problems = examine(name_or_path)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise QuestionnaireError(errors)
    return replace(questionnaire, digest=digest_of(questionnaire))
