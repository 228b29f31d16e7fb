"""A questionnaire that is changed while it is fielded: what goes on, what is told, what is refused."""

from __future__ import annotations

from pathlib import Path

from satmeter.builtin import builtin, builtin_names
from satmeter.errors import CollectionError, Problem, QuestionnaireError
from satmeter.journal.model import Definition
from satmeter.journal.store import Store
from satmeter.questionnaire.diff import QuestionnaireDiff, compare_questionnaires
from satmeter.questionnaire.diff_kind import kind_of_change
from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.read import parse_questionnaire

_TOLD = 6


def questionnaire_text(name_or_path: str | Path) -> str:
    """Return the YAML text of a questionnaire that was read: of a built-in name, or of a path.

    Examples
    --------
    >>> "id: power-utility" in questionnaire_text("power-utility")
    True
    """
    name = str(name_or_path)
    if name in builtin_names("questionnaires"):
        return (builtin("questionnaires") / f"{name}.yaml").read_bytes().decode("utf-8-sig")
    return Path(name).read_bytes().decode("utf-8-sig")


def open_edition(
    store: Store, questionnaire: Questionnaire, text: str, *, new_version: bool = False
) -> tuple[Problem, ...]:
    """Make a definition the one under which new responses are opened.

    A change against the one before goes on when it is cosmetic, goes on and is told when respondents are asked
    something else, and is refused when codes mean something else, unless a new version is wanted and the questionnaire
    has another `version`. Responses stay with the definition under which they were opened.

    Parameters
    ----------
    store
        Where the definition is kept.
    questionnaire, text
        The definition and the YAML text from which it was read.
    new_version
        Whether a change of codes is meant.

    Returns
    -------
    tuple of Problem
        Warnings: C012, the wording was changed; C013, codes were changed and a new version begins.

    Raises
    ------
    CollectionError
        C006 codes were changed, C007 and the version has been used, C014 the definition before cannot be read.
    """
    before = store.definitions()
    if not before:
        store.define(text, questionnaire.digest, questionnaire.version, "first")
        return ()
    last = before[-1]
    if last.digest == questionnaire.digest:
        return ()
    old = _stored(last)
    found = compare_questionnaires(old, questionnaire)
    kind = kind_of_change(found)
    if kind == "coding" and not new_version:
        raise CollectionError(_told("C006", found, last.version))
    if kind == "coding" and questionnaire.version in {definition.version for definition in before}:
        raise CollectionError(_told("C007", found, last.version))
    store.define(text, questionnaire.digest, questionnaire.version, kind)
    if kind == "cosmetic":
        return ()
    return (_told("C012" if kind == "wording" else "C013", found, last.version, warning=True),)


def stored_questionnaires(store: Store) -> dict[str, Questionnaire]:
    """Return the questionnaires under which responses were opened, by their digests.

    Raises
    ------
    CollectionError
        C014 for one that cannot be read.
    """
    return {definition.digest: _stored(definition) for definition in store.definitions()}


def _stored(definition: Definition) -> Questionnaire:
    try:
        return parse_questionnaire(definition.text)
    except QuestionnaireError as error:
        codes = ", ".join(dict.fromkeys(problem.code for problem in error.problems))
        params = {"old": definition.version, "codes": codes}
        raise CollectionError(Problem("C014", params=params)) from error


def _told(code: str, found: QuestionnaireDiff, version: str, *, warning: bool = False) -> Problem:
    names = dict.fromkeys(change.about[1] or change.kind for change in found.changes)
    shown = ", ".join(list(names)[:_TOLD]) + (" \u2026" if len(names) > _TOLD else "")
    return Problem(
        code,
        found.new.file,
        got=shown,
        params={"old": version, "new": found.new.version},
        severity="warning" if warning else "error",
    )
