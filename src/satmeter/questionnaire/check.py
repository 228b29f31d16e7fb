"""All problems of a questionnaire at once."""

from __future__ import annotations

import os
from pathlib import Path

from satmeter.builtin import builtin, builtin_names
from satmeter.errors import Problem, QuestionnaireError
from satmeter.questionnaire.build import build
from satmeter.questionnaire.check_logic import check_conditions, check_pipes
from satmeter.questionnaire.check_structure import check_labels, check_model, check_pages
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import listed, nearest
from satmeter.questionnaire.yaml_text import Node, parse_yaml, quoted, read_yaml


def check_questionnaire(name_or_path: str | Path) -> tuple[Problem, ...]:
    """Return every error and warning of a questionnaire, in line order; empty when all is well.

    Parameters
    ----------
    name_or_path
        A built-in name such as ``power-utility``, or the path of a YAML file.

    Examples
    --------
    >>> [problem.code for problem in check_questionnaire("no-such-questionnaire")]
    ['Q002']
    """
    try:
        return examine(name_or_path)[1]
    except QuestionnaireError as error:
        return error.problems


def examine(name_or_path: str | Path) -> tuple[Questionnaire, tuple[Problem, ...]]:
    """Read a questionnaire and return it, without digest, with its problems; trust it only when none is an error.

    Raises
    ------
    QuestionnaireError
        When the file cannot be read as YAML at all.
    """
    return examine_tree(load_questionnaire(name_or_path), str(name_or_path))


def examine_tree(root: Node, name: str) -> tuple[Questionnaire, tuple[Problem, ...]]:
    """Return the questionnaire of a tree that was read already, as `examine` does; `name` is for messages."""
    if root.get("responses") is not None and not any(root.get(key) for key in ("scales", "constructs", "questions")):
        raise QuestionnaireError(Problem("Q083", name, root.line))
    questionnaire, draft = build(root, name)
    for check in (check_pages, check_model, check_labels, check_conditions, check_pipes):
        check(draft)
    return questionnaire, draft.collector.ordered


def load_questionnaire(name_or_path: str | Path) -> Node:
    """Return the tree of a questionnaire, a built-in name or the path of a YAML file; Q002 for an unknown name."""
    name = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or "." in name or "/" in name or os.sep in name
    if is_path:
        return read_yaml(name_or_path)
    names = builtin_names("questionnaires")
    if name not in names:
        near = nearest(name, names)
        raise QuestionnaireError(
            Problem("Q002", got=quoted(name), suggestion=near, params={"choices": listed(names, 30)})
        )
    return parse_yaml((builtin("questionnaires") / f"{name}.yaml").read_bytes(), file=name)
